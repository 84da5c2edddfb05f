// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// authBasic is the value of token_auth_method that puts the client's secret into
// the Authorization header (RFC 6749, section 2.3.1; the names are RFC 7591's).
const (
	authBasic = "client_secret_basic"
	authPost  = "client_secret_post"
)

func cdfBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "How to reach a project of Cognite Data Fusion. Each value that is not set comes from the environment; without the block the environment alone decides. " +
			"The variables are those of Cognite's own tools.",
		Attributes: map[string]schema.Attribute{
			"cluster": schema.StringAttribute{
				MarkdownDescription: "The cluster of the project, for example `westeurope-1`: its URL is then `https://westeurope-1.cognitedata.com`. Environment: `CDF_CLUSTER`.",
				Optional:            true,
			},
			"base_url": schema.StringAttribute{
				MarkdownDescription: "The URL of the cluster, for example `https://company.plink.westeurope-1.cognitedata.com` for a private link. It wins over `cluster`. Environment: `CDF_URL`.",
				Optional:            true,
			},
			"organization_url": schema.StringAttribute{
				MarkdownDescription: "The URL of the API of organizations, which answers `iam_cdf_principals`. It takes only tokens that Cognite itself has issued. " +
					"Default: `https://auth.cognite.com`. Environment: `CDF_ORGANIZATION_URL`.",
				Optional: true,
			},
			"project": schema.StringAttribute{
				MarkdownDescription: "The project's URL name, for example `acme`. Environment: `CDF_PROJECT`.",
				Optional:            true,
			},
			"token": schema.StringAttribute{
				MarkdownDescription: "An access token, instead of client credentials: those of the environment are then left alone. It is used as long as it is valid and never renewed. Environment: `CDF_TOKEN`.",
				Optional:            true, Sensitive: true,
			},
			"client_id": schema.StringAttribute{
				MarkdownDescription: "The client id of the service principal that Terraform logs in as. Environment: `IDP_CLIENT_ID`.",
				Optional:            true,
			},
			"client_secret": schema.StringAttribute{
				MarkdownDescription: "The secret of the client. Environment: `IDP_CLIENT_SECRET`.",
				Optional:            true, Sensitive: true,
			},
			"token_url": schema.StringAttribute{
				MarkdownDescription: "Where the identity provider gives tokens, for example `https://auth.cognite.com/oauth2/token`. Environment: `IDP_TOKEN_URL`.",
				Optional:            true,
			},
			"tenant_id": schema.StringAttribute{
				MarkdownDescription: "The tenant in Microsoft Entra ID: it stands for its `token_url` and for the scope of the cluster, `https://CLUSTER.cognitedata.com/.default`. Environment: `IDP_TENANT_ID`.",
				Optional:            true,
			},
			"scopes": schema.ListAttribute{
				MarkdownDescription: "The scopes to ask the identity provider for, for example `[\"https://westeurope-1.cognitedata.com/.default\"]`. Environment: `IDP_SCOPES`, separated by commas.",
				Optional:            true, ElementType: types.StringType,
			},
			"audience": schema.StringAttribute{
				MarkdownDescription: "The audience to ask the identity provider for, as Auth0 wants it. Environment: `IDP_AUDIENCE`.",
				Optional:            true,
			},
			"token_auth_method": schema.StringAttribute{
				MarkdownDescription: "How the client shows its secret to the identity provider: `" + authPost + "` in the body of the request, `" + authBasic + "` in its header. Default: `" + authPost + "`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOf(authPost, authBasic)},
			},
			"ca_file":              caFileAttribute(),
			"allow_plaintext_http": allowPlaintextAttribute(),
		},
	}
}

// validateCDF refuses what can be seen to be wrong without the environment.
func validateCDF(block types.Object) (diags diag.Diagnostics) {
	if block.IsNull() || block.IsUnknown() {
		return nil
	}
	at := path.Root("cdf")
	// What is unknown may turn out to be null.
	isSet := func(name string) bool { return entity.Known(block.Attributes()[name]) }
	if isSet("token") && (isSet("client_id") || isSet("client_secret")) {
		diags.AddAttributeError(at.AtName("token"), "Two kinds of CDF credentials", "Set either token or client_id and client_secret in the provider's cdf block.")
	}
	diags.Append(validateURL(block, at, "base_url", "The base URL of CDF is a URL such as https://westeurope-1.cognitedata.com.")...)
	diags.Append(validateURL(block, at, "token_url", "The token URL is a URL such as https://auth.cognite.com/oauth2/token.")...)
	diags.Append(validateURL(block, at, "organization_url", "The organization URL is a URL such as https://auth.cognite.com.")...)
	return diags
}

// connectCDF prepares the connection to CDF; it is opened on first use.
func (p *iam) connectCDF(c configuration) *entity.Connection[*snapshot.CDF] {
	arguments := []string{
		"cluster", "base_url", "organization_url", "project", "token", "client_id", "client_secret",
		"token_url", "tenant_id", "scopes", "audience", "token_auth_method", "ca_file", "allow_plaintext_http",
	}
	return connect(c, "cdf", c.CDF, arguments, func() (*snapshot.CDF, error) { return p.openCDF(c) })
}

func (p *iam) openCDF(c configuration) (*snapshot.CDF, error) {
	options, err := p.httpOptions(c, c.CDF)
	if err != nil {
		return nil, err
	}
	config := cdfapi.ConfigFromEnvironment(cdfapi.Config{
		Cluster:         text(c.CDF, "cluster"),
		BaseURL:         text(c.CDF, "base_url"),
		OrganizationURL: text(c.CDF, "organization_url"),
		Project:         text(c.CDF, "project"),
		Token:           text(c.CDF, "token"),
		ClientID:        text(c.CDF, "client_id"),
		ClientSecret:    text(c.CDF, "client_secret"),
		TokenURL:        text(c.CDF, "token_url"),
		TenantID:        text(c.CDF, "tenant_id"),
		Scopes:          texts(c.CDF, "scopes"),
		Audience:        text(c.CDF, "audience"),
		BasicAuth:       text(c.CDF, "token_auth_method") == authBasic,
		HTTP:            options,
	}, cdfapi.Environment{Getenv: p.getenv})
	if err := checkCompleteCDF(config); err != nil {
		return nil, err
	}
	client, err := cdfapi.New(config)
	if err != nil {
		return nil, nameSettings(err)
	}
	return snapshot.NewCDF(client), nil
}

// cdfArguments are the arguments that stand for the variables of the environment.
var cdfArguments = map[string]string{
	cdfapi.EnvCluster: "cluster", cdfapi.EnvBaseURL: "base_url", cdfapi.EnvOrganizationURL: "organization_url", cdfapi.EnvProject: "project",
	cdfapi.EnvToken: "token", cdfapi.EnvClientID: "client_id", cdfapi.EnvClientSecret: "client_secret", cdfapi.EnvTokenURL: "token_url",
	cdfapi.EnvTenantID: "tenant_id", cdfapi.EnvScopes: "scopes", cdfapi.EnvAudience: "audience",
}

// nameSettings adds to an error about the configuration where its settings are.
func nameSettings(err error) error {
	problem, ok := errors.AsType[*cdfapi.ConfigError](err)
	if !ok || len(problem.Variables) == 0 {
		return err
	}
	arguments := make([]string, len(problem.Variables))
	for i, variable := range problem.Variables {
		arguments[i] = cdfArguments[variable]
	}
	variables := "the environment variable "
	if len(arguments) > 1 {
		variables = "the environment variables "
	}
	return fmt.Errorf("%w. See %s in the provider's cdf block, or %s", err, listed(arguments), variables+listed(problem.Variables))
}

// listed writes names as a text has them.
func listed(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// texts are the elements of an argument of a block that is a list of strings.
func texts(block types.Object, name string) []string {
	list, ok := block.Attributes()[name].(types.List)
	if !ok {
		return nil
	}
	var elements []string
	for _, element := range list.Elements() {
		if s, ok := element.(types.String); ok && !s.IsNull() {
			elements = append(elements, s.ValueString())
		}
	}
	return elements
}

// checkCompleteCDF names all that is missing, and where it can be set.
func checkCompleteCDF(config cdfapi.Config) error {
	var missing []string
	if config.BaseURL == "" && config.Cluster == "" {
		missing = append(missing, "no cluster is set: set cluster or base_url in the provider's cdf block, or the environment variable "+cdfapi.EnvCluster+" or "+cdfapi.EnvBaseURL)
	}
	if config.Project == "" {
		missing = append(missing, missingCDF("project", "project", cdfapi.EnvProject))
	}
	if config.Token == "" {
		missing = append(missing, missingLogin(config)...)
	}
	return missingSettings(missing)
}

func missingCDF(what, argument, variable string) string {
	return fmt.Sprintf("no %s is set: set %s in the provider's cdf block or the environment variable %s", what, argument, variable)
}

// missingLogin names what client credentials lack.
func missingLogin(config cdfapi.Config) (missing []string) {
	hasNoURL := config.TokenURL == "" && config.TenantID == ""
	switch {
	case config.ClientID == "" && config.ClientSecret == "":
		url := ""
		if hasNoURL {
			url = ", and token_url or tenant_id"
		}
		return []string{"no credentials are set: set client_id and client_secret" + url + " (or token) in the provider's cdf block, " +
			"or the environment variables " + cdfapi.EnvClientID + " and " + cdfapi.EnvClientSecret +
			strings.NewReplacer("token_url", cdfapi.EnvTokenURL, "tenant_id", cdfapi.EnvTenantID).Replace(url) + " (or " + cdfapi.EnvToken + ")"}
	case config.ClientID == "":
		missing = append(missing, missingCDF("client id for the client secret", "client_id", cdfapi.EnvClientID))
	case config.ClientSecret == "":
		missing = append(missing, missingCDF("client secret for the client id", "client_secret", cdfapi.EnvClientSecret))
	}
	if hasNoURL {
		missing = append(missing, "no token URL is set for the client credentials: set token_url (or, for Microsoft Entra ID, tenant_id) in the provider's cdf block, "+
			"or the environment variable "+cdfapi.EnvTokenURL+" or "+cdfapi.EnvTenantID)
	}
	return missing
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func lakefsBlock() schema.Block {
	return schema.SingleNestedBlock{
		MarkdownDescription: "How to reach lakeFS. Each value that is not set comes from the environment, then from lakectl's own file " +
			"(`LAKECTL_CONFIG_FILE`, by default `~/.lakectl.yaml`), which is read only when this block is there. Without the block the environment alone decides.",
		Attributes: map[string]schema.Attribute{
			"endpoint": schema.StringAttribute{
				MarkdownDescription: "The server's URL, for example `https://lakefs.example.com`, with or without `/api/v1`. Environment: `LAKECTL_SERVER_ENDPOINT_URL`.",
				Optional:            true,
			},
			"access_key_id": schema.StringAttribute{
				MarkdownDescription: "The caller's access key id. Environment: `LAKECTL_CREDENTIALS_ACCESS_KEY_ID`.",
				Optional:            true,
			},
			"secret_access_key": schema.StringAttribute{
				MarkdownDescription: "The caller's secret access key. Environment: `LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY`.",
				Optional:            true, Sensitive: true,
			},
			"token": schema.StringAttribute{
				MarkdownDescription: "A login token, instead of the key pair: key pairs of the environment and of lakectl's own file are then left alone.",
				Optional:            true, Sensitive: true,
			},
			"ca_file":              caFileAttribute(),
			"allow_plaintext_http": allowPlaintextAttribute(),
			"extra_condition_operators": schema.SetAttribute{
				MarkdownDescription: "Condition operators that this server knows besides `IpAddress`, `NotIpAddress`, `StringLike` and `StringNotLike`. " +
					"lakeFS denies every request of a user whose policies hold an operator it does not know, so others are an error.",
				Optional: true, ElementType: types.StringType,
			},
		},
	}
}

// validateLakeFS refuses what can be seen to be wrong without the environment.
func validateLakeFS(block types.Object) (diags diag.Diagnostics) {
	if block.IsNull() || block.IsUnknown() {
		return nil
	}
	at := path.Root("lakefs")
	isSet := func(name string) bool { return !block.Attributes()[name].IsNull() }
	if isSet("token") && (isSet("access_key_id") || isSet("secret_access_key")) {
		diags.AddAttributeError(at.AtName("token"), "Two kinds of lakeFS credentials", "Set either token or access_key_id and secret_access_key in the provider's lakefs block.")
	}
	diags.Append(validateURL(block, at, "endpoint", "The endpoint of lakeFS is a URL such as https://lakefs.example.com.")...)
	return diags
}

// admitOperators tells the policy resource which condition operators the
// configuration admits. It is called when the provider block is validated
// too: then resources are validated without Configure having been called.
func (p *iam) admitOperators(block types.Object) {
	if block.IsUnknown() {
		p.operators.AdmitAll()
		return
	}
	if set, ok := block.Attributes()["extra_condition_operators"].(types.Set); ok {
		if set.IsUnknown() || slices.ContainsFunc(set.Elements(), attr.Value.IsUnknown) {
			p.operators.AdmitAll()
			return
		}
		for _, element := range set.Elements() {
			if name, ok := element.(types.String); ok {
				p.operators.Admit(name.ValueString())
			}
		}
	}
}

// connectLakeFS prepares the connection to lakeFS; it is opened on first use.
func (p *iam) connectLakeFS(c configuration) *entity.Connection[*snapshot.LakeFS] {
	arguments := []string{"endpoint", "access_key_id", "secret_access_key", "token", "ca_file", "allow_plaintext_http"}
	return connect(c, "lakefs", c.LakeFS, arguments, func() (*snapshot.LakeFS, error) { return p.openLakeFS(c) })
}

func (p *iam) openLakeFS(c configuration) (*snapshot.LakeFS, error) {
	options, err := p.httpOptions(c, c.LakeFS)
	if err != nil {
		return nil, err
	}
	config, err := lakefsapi.ConfigFromEnvironment(lakefsapi.Config{
		Endpoint:        text(c.LakeFS, "endpoint"),
		AccessKeyID:     text(c.LakeFS, "access_key_id"),
		SecretAccessKey: text(c.LakeFS, "secret_access_key"),
		Token:           text(c.LakeFS, "token"),
		HTTP:            options,
	}, lakefsapi.Environment{Getenv: p.getenv, HomeDir: p.homeDir(), ReadFile: !c.LakeFS.IsNull()})
	if err != nil {
		return nil, fmt.Errorf("lakeFS: %w", err)
	}
	if err := checkComplete(config, !c.LakeFS.IsNull()); err != nil {
		return nil, err
	}
	client, err := lakefsapi.New(config)
	if err != nil {
		return nil, err
	}
	return snapshot.NewLakeFS(client), nil
}

// homeDir is the home directory that the environment names, as os.UserHomeDir
// finds it; without one there is no default file.
func (p *iam) homeDir() string {
	if runtime.GOOS == "windows" {
		return p.getenv("USERPROFILE")
	}
	return p.getenv("HOME")
}

// checkComplete names all that is missing, and every place where it was looked for.
func checkComplete(config lakefsapi.Config, fileRead bool) error {
	var missing []string
	if config.Endpoint == "" {
		missing = append(missing, "no endpoint is set: set endpoint in the provider's lakefs block or the environment variable "+lakefsapi.EnvEndpoint)
	}
	switch {
	case config.Token != "":
	case config.AccessKeyID == "" && config.SecretAccessKey == "":
		missing = append(missing, "no credentials are set: set access_key_id and secret_access_key (or token) in the provider's lakefs block, "+
			"or the environment variables "+lakefsapi.EnvAccessKeyID+" and "+lakefsapi.EnvSecretAccessKey)
	case config.AccessKeyID == "":
		missing = append(missing, "no access key id is set for the secret access key: "+places("access_key_id", lakefsapi.EnvAccessKeyID, fileRead))
	case config.SecretAccessKey == "":
		missing = append(missing, "no secret access key is set for the access key id: "+places("secret_access_key", lakefsapi.EnvSecretAccessKey, fileRead))
	}
	return missingSettings(missing)
}

// places says where a half of the key pair can be set.
func places(argument, variable string, fileRead bool) string {
	if !fileRead {
		return fmt.Sprintf("set %s in the provider's lakefs block or the environment variable %s "+
			"(lakectl's own file is read only when the lakefs block is there)", argument, variable)
	}
	return fmt.Sprintf("set %[1]s in the provider's lakefs block, the environment variable %[2]s, "+
		"or credentials.%[1]s in lakectl's own file (%[3]s, by default ~/.lakectl.yaml)", argument, variable, lakefsapi.EnvConfigFile)
}

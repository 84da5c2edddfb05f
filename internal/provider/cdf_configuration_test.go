// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const (
	theCategory = "iam_cdf_security_category.test"
	cdfProject  = "data \"iam_cdf_project\" \"this\" {}\n"
)

func categoryConfig(name string) string {
	return fmt.Sprintf("resource \"iam_cdf_security_category\" \"test\" {\n  name = %q\n}\n", name)
}

// cdfWith is a cdf block of a complete configuration, with other or more arguments;
// null leaves one out.
func cdfWith(arguments map[string]string) string {
	all := map[string]string{
		"cluster": `"westeurope-1"`, "project": `"acme"`,
		"client_id": `"etl"`, "client_secret": `"hush"`, "token_url": `"https://auth.cognite.com/oauth2/token"`,
	}
	maps.Copy(all, arguments)
	var block strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&block, "    %s = %s\n", name, all[name])
	}
	return "  cdf {\n" + block.String() + "  }"
}

// onlyToken are the arguments for a token instead of client credentials.
func onlyToken(token string) map[string]string {
	return map[string]string{"client_id": "null", "client_secret": "null", "token_url": "null", "token": token}
}

// wrongCDFConfigurations are provider blocks and environments, and the error each
// gets.
var wrongCDFConfigurations = map[string]struct {
	environment map[string]string
	provider    string
	want        string
}{
	"nothing": {want: `Several settings are missing:
  - no cluster is set: set cluster or base_url in the provider's cdf block, or the environment variable CDF_CLUSTER or CDF_URL
  - no project is set: set project in the provider's cdf block or the environment variable CDF_PROJECT
  - no credentials are set: set client_id and client_secret, and token_url or tenant_id \(or token\) in the provider's cdf block, ` +
		`or the environment variables IDP_CLIENT_ID and IDP_CLIENT_SECRET, and IDP_TOKEN_URL or IDP_TENANT_ID \(or CDF_TOKEN\)\.$`},
	"empty": {provider: "cdf {}", want: `Several settings are missing:\n  - no cluster is set.*\n  - no project is set.*\n  - no credentials are set`},
	"no cluster": {
		provider: cdfWith(map[string]string{"cluster": "null"}),
		want:     `No cluster is set: set cluster or base_url in the provider's cdf block, or the environment variable CDF_CLUSTER or CDF_URL`,
	},
	"no project": {
		provider: cdfWith(map[string]string{"project": "null"}),
		want:     `No project is set: set project in the provider's cdf block or the environment variable CDF_PROJECT`,
	},
	"no credentials": {
		provider: cdfWith(map[string]string{"client_id": "null", "client_secret": "null"}),
		want: `No credentials are set: set client_id and client_secret \(or token\) in the provider's cdf block, ` +
			`or the environment variables IDP_CLIENT_ID and IDP_CLIENT_SECRET \(or CDF_TOKEN\)`,
	},
	"no credentials and no URL for them": {
		environment: map[string]string{cdfapi.EnvCluster: "westeurope-1", cdfapi.EnvProject: "acme"},
		want:        `No credentials are set: set client_id and client_secret, and token_url or tenant_id \(or token\) in the provider's cdf block`,
	},
	"half a pair": {
		provider: cdfWith(map[string]string{"client_secret": "null"}),
		want:     `No client secret for the client id is set: set client_secret in the provider's cdf block or the environment variable IDP_CLIENT_SECRET`,
	},
	"the other half": {
		provider: cdfWith(map[string]string{"client_id": "null"}),
		want:     `No client id for the client secret is set: set client_id in the provider's cdf block or the environment variable IDP_CLIENT_ID`,
	},
	"half a pair in the environment": {
		environment: map[string]string{cdfapi.EnvCluster: "westeurope-1", cdfapi.EnvProject: "acme", cdfapi.EnvClientSecret: "hush"},
		want:        `Several settings are missing:\n  - no client id for the client secret is set.*\n  - no token URL is set`,
	},
	"no token URL": {
		provider: cdfWith(map[string]string{"token_url": "null"}),
		want: `No token URL is set for the client credentials: set token_url \(or, for Microsoft Entra ID, tenant_id\) in the provider's cdf block, ` +
			`or the environment variable IDP_TOKEN_URL or IDP_TENANT_ID`,
	},
	"token and pair":        {provider: cdfWith(map[string]string{"token": `"hush-too"`}), want: `^Two kinds of CDF credentials: Set either token or client_id and client_secret in the provider's cdf block`},
	"token and half a pair": {provider: cdfWith(map[string]string{"token": `"hush-too"`, "client_secret": "null"}), want: `^Two kinds of CDF credentials`},
	"token with a newline":  {provider: cdfWith(onlyToken(`"hush\n"`)), want: `The CDF token holds a character that cannot be in a header.*See token in the provider's cdf block, or the environment variable CDF_TOKEN\.$`},

	"cluster that is a URL": {provider: cdfWith(map[string]string{"cluster": `"https://westeurope-1.cognitedata.com"`}), want: `The CDF cluster must be a name such as westeurope-1, unlike a base URL\. See cluster in the provider's cdf block, or the environment variable CDF_CLUSTER`},
	"no URL":                {provider: cdfWith(map[string]string{"base_url": `"westeurope-1.cognitedata.com"`}), want: `^Not a URL: The base URL of CDF is a URL such as`},
	"no token URL at all":   {provider: cdfWith(map[string]string{"token_url": `"auth.cognite.com:hush"`}), want: `^Not a URL: The token URL is a URL such as`},
	"no organization URL":   {provider: cdfWith(map[string]string{"organization_url": `"hush@auth"`}), want: `^Not a URL: The organization URL is a URL such as`},
	"password in a URL":     {provider: cdfWith(map[string]string{"base_url": `"https://user:hush@cdf.example.com"`}), want: `The base URL of CDF: the URL must not hold a user name or password\. See base_url in the provider's cdf block, or the environment variable CDF_URL`},
	"plain http":            {provider: cdfWith(map[string]string{"base_url": `"http://cdf.example.com"`}), want: `The base URL of CDF: .*unencrypted to cdf\.example\.com.*allow_plaintext_http\. See base_url`},
	"plain http to log in":  {provider: cdfWith(map[string]string{"token_url": `"http://idp.example.com/token"`}), want: `The token URL: .*unencrypted to idp\.example\.com.*allow_plaintext_http\. See token_url in the provider's cdf block, or the environment variable IDP_TOKEN_URL`},
	"plain http to the organization": {
		provider: cdfWith(map[string]string{"organization_url": `"http://org.example.com"`}),
		want:     `The URL of organizations: .*unencrypted to org\.example\.com.*allow_plaintext_http\. See organization_url in the provider's cdf block, or the environment variable CDF_ORGANIZATION_URL`,
	},
	"tenant that is none": {provider: cdfWith(map[string]string{"token_url": "null", "tenant_id": `"a/b"`}), want: `The tenant must be the id or the domain of a tenant of Microsoft Entra\. See tenant_id in the provider's cdf block, or the environment variable IDP_TENANT_ID`},
	"tenant without cluster": {
		provider: cdfWith(map[string]string{"token_url": "null", "tenant_id": `"acme.com"`, "cluster": "null", "base_url": `"https://cdf.example.com"`}),
		want: `No scopes are set, and the base URL does not tell the cluster.*See scopes and cluster in the provider's cdf block, ` +
			`or the environment variables IDP_SCOPES and CDF_CLUSTER`,
	},
	"auth method":              {provider: cdfWith(map[string]string{"token_auth_method": `"basic"`}), want: `token_auth_method.*"client_secret_post" "client_secret_basic"`},
	"no such certificate file": {provider: cdfWith(map[string]string{"ca_file": `"/nonexistent/ca.pem"`}), want: `/nonexistent/ca\.pem`},
}

// Every way to configure CDF wrongly is an error of the plan that says what to set
// and where, and shows no secret.
func TestAccProvider_wrongCDFConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range wrongCDFConfigurations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers, said := acctest.Listen(acctest.ProvidersWith(environment(test.environment)))
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps: []resource.TestStep{{
					Config:   "provider \"iam\" {\n" + test.provider + "\n}\n" + categoryConfig("a"),
					PlanOnly: true, ExpectError: regexp.MustCompile(`Error:`),
				}},
			})
			said.ExpectErrors(t, test.want)
			for _, text := range said.Errors() {
				if strings.Contains(text, "hush") {
					t.Errorf("the message shows the secret: %s", text)
				}
			}
		})
	}
}

// What is right is not refused; nothing is asked of a server.
func TestAccProvider_rightCDFConfiguration(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]string{
		"complete":     cdfWith(nil),
		"token":        cdfWith(onlyToken(`"hush"`)),
		"private link": cdfWith(map[string]string{"cluster": "null", "base_url": `"https://x.plink.westeurope-1.cognitedata.com/"`}),
		"tenant":       cdfWith(map[string]string{"token_url": "null", "tenant_id": `"acme.com"`}),
		"more":         cdfWith(map[string]string{"scopes": `["a", "b"]`, "audience": `"https://acme"`, "token_auth_method": `"client_secret_basic"`}),
		"plain http":   cdfWith(map[string]string{"base_url": `"http://cdf.example.com"`, "allow_plaintext_http": "true"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProvidersWith(environment(nil)),
				Steps:                    []resource.TestStep{{Config: "provider \"iam\" {\n" + block + "\n}\n" + categoryConfig("a"), PlanOnly: true, ExpectNonEmptyPlan: true}},
			})
		})
	}
}

// Each value falls back by itself, and explicit credentials keep those of the other
// kind in the environment out.
func TestAccProvider_cdfValuesFromSeveralPlaces(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	token, err := project.Local.CDFToken(project.Local.ClientID())
	if err != nil {
		t.Fatal(err)
	}
	variables := project.Environment()
	without := func(names ...string) map[string]string {
		rest := maps.Clone(variables)
		for _, name := range names {
			delete(rest, name)
		}
		return rest
	}
	withAll := func(others map[string]string) map[string]string {
		more := maps.Clone(variables)
		maps.Copy(more, others)
		return more
	}
	with := func(name, value string) map[string]string { return withAll(map[string]string{name: value}) }
	for name, test := range map[string]struct {
		environment map[string]string
		block       string
		fails       *regexp.Regexp
	}{
		"environment alone":            {variables, "", nil},
		"secret in the environment":    {without(cdfapi.EnvClientID), fmt.Sprintf("client_id = %q", variables[cdfapi.EnvClientID]), nil},
		"id in the environment":        {without(cdfapi.EnvClientSecret), fmt.Sprintf("client_secret = %q", variables[cdfapi.EnvClientSecret]), nil},
		"project in the block":         {without(cdfapi.EnvProject), `project = "local"`, nil},
		"another project in the block": {with(cdfapi.EnvProject, "elsewhere"), `project = "local"`, nil},
		"URL in the block":             {without(cdfapi.EnvBaseURL), fmt.Sprintf("base_url = %q", variables[cdfapi.EnvBaseURL]), nil},
		"URL wins over cluster":        {with(cdfapi.EnvCluster, "nowhere"), "", nil},
		"URL in the block wins":        {with(cdfapi.EnvCluster, "nowhere"), fmt.Sprintf("base_url = %q", variables[cdfapi.EnvBaseURL]), nil},
		// The pair in the block is used, and is wrong.
		"token in the environment":          {with(cdfapi.EnvToken, token), "client_id = \"x\"\nclient_secret = \"y\"", regexp.MustCompile(`CDF\s+rejected\s+the\s+credentials`)},
		"token and pair in the environment": {with(cdfapi.EnvToken, token), "", nil},
		"token beside a wrong pair":         {withAll(map[string]string{cdfapi.EnvToken: token, cdfapi.EnvClientSecret: "wrong"}), "", nil},
		"token in the block":                {with(cdfapi.EnvClientSecret, "wrong"), fmt.Sprintf("token = %q", token), nil},
		"secret in the header":              {variables, `token_auth_method = "client_secret_basic"`, nil},
		"scopes and audience, as they come": {with(cdfapi.EnvScopes, "a,b"), `audience = "https://acme"`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProvidersWith(environment(test.environment)),
				Steps: []resource.TestStep{{
					Config:            "provider \"iam\" {\n  cdf {\n" + test.block + "\n  }\n}\n" + cdfProject,
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.iam_cdf_project.this", tfjsonpath.New("name"), knownvalue.StringExact("local"))},
					ExpectError:       test.fails,
				}},
			})
		})
	}
}

// While the URL is unknown, what can be planned is planned, what exists is kept, and
// a data source says what it waits for.
func TestAccProvider_unknownCDFURL(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	config := func(version, rest string) string {
		return fmt.Sprintf(`
resource "terraform_data" "server" {
  input            = %q
  triggers_replace = %q
}
provider "iam" {
  cdf {
    base_url = terraform_data.server.output
  }
}
`, project.Environment()[cdfapi.EnvBaseURL], version) + categoryConfig("late") +
			"resource \"iam_cdf_group\" \"test\" {\n  name = \"late\"\n}\n" + rest
	}
	both := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(theCategory, action), plancheck.ExpectResourceAction("iam_cdf_group.test", action),
		}}
	}
	providers, said := acctest.Listen(project.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: config("1", ""), ConfigPlanChecks: both(plancheck.ResourceActionCreate),
				Check: func(*terraform.State) error { said.ExpectWarnings(t); return nil },
			},
			{Config: config("2", ""), ConfigPlanChecks: both(plancheck.ResourceActionNoop)},
			{
				Config:      config("3", cdfProject),
				ExpectError: regexp.MustCompile(`provider\s+argument\s+cdf\.base_url\s+is\s+known\s+only\s+after\s+apply`),
			},
		},
	})
	said.ExpectWarnings(t,
		`^Not refreshed: CDF cannot be reached yet: iam_cdf_security_category "late" \(id \d+\) is kept as it was last seen: .*cdf\.base_url`,
		`^Not refreshed: CDF cannot be reached yet: iam_cdf_group "late" \(id \d+\) is kept as it was last seen: .*cdf\.base_url`)
}

// harmless are arguments that a connection does not need.
var harmless = map[string]bool{"lakefs.extra_condition_operators": true}

// Every argument of the provider may be known only after apply: a plan of what does
// not need the platform goes through, anything else names the argument.
func TestUnknownArguments(t *testing.T) {
	t.Parallel()
	lookups := map[string]string{"lakefs": "iam_lakefs_current_user", "cdf": "iam_cdf_project"}
	kind, ok := schemas(t).Provider.ValueType().(tftypes.Object)
	if !ok {
		t.Fatal("the provider's configuration is no object")
	}
	variables := bothPlatforms(t)
	for platform, lookup := range lookups {
		block, ok := kind.AttributeTypes[platform].(tftypes.Object)
		if !ok {
			t.Fatalf("%s is no block", platform)
		}
		for argument := range block.AttributeTypes {
			name := platform + "." + argument
			if harmless[name] {
				continue
			}
			wantWaiting(t, configureWith(t, variables, kind, within(kind, platform, argument)), lookup, name)
		}
		for _, argument := range []string{"max_retries", "request_timeout", "requests_per_second"} {
			wantWaiting(t, configureWith(t, variables, kind, unknownIn(kind, argument)), lookup, argument)
		}
	}
	scopes := within(kind, "cdf", "")
	block, _ := kind.AttributeTypes["cdf"].(tftypes.Object)
	texts := tftypes.List{ElementType: tftypes.String}
	arguments := unknownIn(block, "")
	arguments["scopes"] = tftypes.NewValue(texts, []tftypes.Value{tftypes.NewValue(tftypes.String, "a"), tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
	scopes["cdf"] = tftypes.NewValue(block, arguments)
	wantWaiting(t, configureWith(t, variables, kind, scopes), lookups["cdf"], "cdf.scopes")
}

// configureWith configures a provider in an environment that has everything.
func configureWith(t *testing.T, variables map[string]string, kind tftypes.Object, config map[string]tftypes.Value) tfprotov6.ProviderServer {
	t.Helper()
	server, err := acctest.ProvidersWith(environment(variables))["iam"]()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: encode(t, kind, tftypes.NewValue(kind, config))})
	if err != nil || len(answer.Diagnostics) > 0 {
		t.Fatalf("configuring with %v: %v, %v", config, answer.Diagnostics, err)
	}
	return server
}

// within is a configuration of one block, all of which is null but one argument.
func within(kind tftypes.Object, platform, argument string) map[string]tftypes.Value {
	config := unknownIn(kind, "")
	if block, ok := kind.AttributeTypes[platform].(tftypes.Object); ok {
		config[platform] = tftypes.NewValue(block, unknownIn(block, argument))
	}
	return config
}

// unknownIn are attributes that are all null but one.
func unknownIn(kind tftypes.Object, name string) map[string]tftypes.Value {
	values := map[string]tftypes.Value{}
	for attribute, of := range kind.AttributeTypes {
		values[attribute] = tftypes.NewValue(of, nil)
		if attribute == name {
			values[attribute] = tftypes.NewValue(of, tftypes.UnknownValue)
		}
	}
	return values
}

// wantWaiting fails unless a data source says that it waits for an argument.
func wantWaiting(t *testing.T, server tfprotov6.ProviderServer, lookup, argument string) {
	t.Helper()
	kind, ok := schemas(t).DataSourceSchemas[lookup].ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", lookup)
	}
	answer, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: lookup, Config: encode(t, kind, tftypes.NewValue(kind, unknownIn(kind, ""))),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := entity.Sentence((&entity.UnknownArgumentError{Argument: argument}).Error())
	if len(answer.Diagnostics) != 1 || !strings.Contains(answer.Diagnostics[0].Detail, want) {
		t.Errorf("%s, while %s is unknown, said %v, want that it is", lookup, argument, answer.Diagnostics)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	theUser     = "iam_lakefs_user.test"
	currentUser = "data \"iam_lakefs_current_user\" \"me\" {}\n"
)

func userConfig(id string) string {
	return fmt.Sprintf("resource \"iam_lakefs_user\" \"test\" {\n  id = %q\n}\n", id)
}

// environment makes a getenv of given variables, and nothing else.
func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

const someEndpoint = `endpoint = "https://lakefs.example.com"`

// wrongConfigurations are provider blocks and environments, and the error each gets.
var wrongConfigurations = map[string]struct {
	environment map[string]string
	provider    string
	want        string
}{
	"nothing": {want: `Several settings are missing:
  - no endpoint is set: set endpoint in the provider's lakefs block or the environment variable LAKECTL_SERVER_ENDPOINT_URL
  - no credentials are set: set access_key_id and secret_access_key \(or token\) in the provider's lakefs block`},
	"no endpoint": {
		provider: "lakefs {\ntoken = \"hush\"\n}",
		want:     `No endpoint is set: set endpoint in the provider's lakefs block or the environment variable LAKECTL_SERVER_ENDPOINT_URL`,
	},
	"no credentials": {
		provider: "lakefs {\n" + someEndpoint + "\n}",
		want:     `No credentials are set: set access_key_id and secret_access_key \(or token\) in the provider's lakefs block, or the environment variables LAKECTL_CREDENTIALS_ACCESS_KEY_ID and LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY`,
	},
	"half a pair": {
		provider: "lakefs {\n" + someEndpoint + "\naccess_key_id = \"AKIAJEXAMPLE\"\n}",
		want: `No secret access key is set for the access key id: set secret_access_key in the provider's lakefs block, the environment variable LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY, ` +
			`or credentials\.secret_access_key in lakectl's own file \(LAKECTL_CONFIG_FILE, by default ~/\.lakectl\.yaml\)`,
	},
	"the other half": {
		provider: "lakefs {\n" + someEndpoint + "\nsecret_access_key = \"hush\"\n}",
		want: `No access key id is set for the secret access key: set access_key_id in the provider's lakefs block, the environment variable LAKECTL_CREDENTIALS_ACCESS_KEY_ID, ` +
			`or credentials\.access_key_id in lakectl's own file`,
	},
	"half a pair in the environment": {
		environment: map[string]string{lakefsapi.EnvEndpoint: "https://lakefs.example.com", lakefsapi.EnvAccessKeyID: "AKIAJEXAMPLE"},
		want: `No secret access key is set for the access key id: set secret_access_key in the provider's lakefs block or the environment variable LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY ` +
			`\(lakectl's own file is read only when the lakefs block is there\)`,
	},
	"token and half a pair": {
		environment: map[string]string{lakefsapi.EnvSecretAccessKey: "hush"},
		provider:    "lakefs {\n" + someEndpoint + "\ntoken = \"t\"\naccess_key_id = \"AKIAJEXAMPLE\"\n}",
		want:        `Two kinds of lakeFS credentials`,
	},
	"token and pair": {
		provider: "lakefs {\n" + someEndpoint + "\ntoken = \"t\"\naccess_key_id = \"AKIAJEXAMPLE\"\nsecret_access_key = \"hush\"\n}",
		want:     `Two kinds of lakeFS credentials`,
	},
	"no URL": {
		provider: "lakefs {\nendpoint = \"lakefs.example.com\"\n}",
		want:     `Not a URL`,
	},
	"plain http": {
		provider: "lakefs {\nendpoint = \"http://lakefs.example.com\"\ntoken = \"t\"\n}",
		want:     `unencrypted to lakefs\.example\.com.*allow_plaintext_http`,
	},
	"no such lakectl file": {
		environment: map[string]string{lakefsapi.EnvConfigFile: "/nonexistent/lakectl.yaml"},
		provider:    "lakefs {}",
		want:        `reading lakectl's configuration file`,
	},
	"no such certificate file": {
		provider: "lakefs {\n" + someEndpoint + "\ntoken = \"t\"\nca_file = \"/nonexistent/ca.pem\"\n}",
		want:     `/nonexistent/ca\.pem`,
	},
	"timeout":          {provider: `request_timeout = "soon"`, want: `Not a duration: request_timeout is "soon"\. Write a positive duration`},
	"negative timeout": {provider: `request_timeout = "-1s"`, want: `request_timeout is "-1s"`},
	"negative retries": {provider: `max_retries = -1`, want: `^Not a number of retries: max_retries is -1\. Write a whole number from 0 to 100$`},
	"half a retry":     {provider: `max_retries = 1.5`, want: `^Not a number of retries: max_retries is 1\.5\. Write a whole number from 0 to 100$`},
	"many retries":     {provider: `max_retries = 101`, want: `^Not a number of retries: max_retries is 101\.`},
	"negative rate":    {provider: `requests_per_second = -1`, want: `requests_per_second`},
}

// Every way to configure lakeFS wrongly is an error of the plan that says what to
// set and where.
func TestAccProvider_wrongConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range wrongConfigurations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providers, said := acctest.Listen(acctest.ProvidersWith(environment(test.environment)))
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps: []resource.TestStep{{
					Config:   "provider \"iam\" {\n" + test.provider + "\n}\n" + userConfig("etl"),
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

// A misspelt argument of a block is an error; in a nested attribute Terraform
// would drop it without a word.
func TestAccProvider_misspelt(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{
		"lakefs": `
provider "iam" {
  lakefs {
    endpont = "https://lakefs.example.com"
  }
}` + "\n" + currentUser,
		"cdf": `
provider "iam" {
  cdf {
    projct = "acme"
  }
}` + "\n" + cdfProject,
		"statement": `
resource "iam_lakefs_policy" "test" {
  id = "p"
  statement {
    effect     = "allow"
    actions    = ["fs:ReadObject"]
    resources  = ["*"]
    conditions = {}
  }
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.StartLakeFS(t).Providers(),
				Steps: []resource.TestStep{{
					Config: config, PlanOnly: true,
					ExpectError: regexp.MustCompile(`An argument named "(endpont|projct|conditions)" is not expected here`),
				}},
			})
		})
	}
}

// http:// to another host goes through when it is asked for.
func TestAccProvider_plaintextAllowed(t *testing.T) {
	t.Parallel()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(nil)),
		Steps: []resource.TestStep{{
			// The checks of access would ask the server, which is not there.
			Config: "provider \"iam\" {\n  preflight = \"off\"\n  lockout_guard = \"off\"\n" +
				"  lakefs {\n    endpoint = \"http://lakefs.example.com\"\n    token = \"t\"\n    allow_plaintext_http = true\n  }\n}\n" + userConfig("etl"),
			PlanOnly: true, ExpectNonEmptyPlan: true,
		}},
	})
}

func TestAccProvider_token(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	session, err := lakefs.Client.Login(t.Context(), lakefsapi.LoginInformation{
		AccessKeyID: lakefs.Local.AccessKeyID(), SecretAccessKey: lakefs.Local.SecretAccessKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	resource.UnitTest(t, resource.TestCase{
		// The token in the block keeps the key pair of the environment out.
		ProtoV6ProviderFactories: lakefs.ProvidersAs("AKIAJNOTTOBEUSEDATALL", "x"),
		Steps: []resource.TestStep{{
			Config:            fmt.Sprintf("provider \"iam\" {\n  lakefs {\n    token = %q\n  }\n}\n", session.Token) + currentUser,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.iam_lakefs_current_user.me", tfjsonpath.New("id"), knownvalue.StringExact("admin"))},
		}},
	})
}

// Each value falls back by itself: the key id stands in the configuration, its
// secret in the environment of the pipeline.
func TestAccProvider_valuesFromSeveralPlaces(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	variables := lakefs.Environment()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(map[string]string{
			lakefsapi.EnvEndpoint:        variables[lakefsapi.EnvEndpoint],
			lakefsapi.EnvSecretAccessKey: variables[lakefsapi.EnvSecretAccessKey],
		})),
		Steps: []resource.TestStep{{
			Config:   fmt.Sprintf("provider \"iam\" {\n  lakefs {\n    access_key_id = %q\n  }\n}\n", variables[lakefsapi.EnvAccessKeyID]) + currentUser,
			PlanOnly: true,
		}},
	})
}

// While the endpoint is unknown, what can be planned is planned, what exists is
// kept, and a data source says what it waits for.
func TestAccProvider_unknownEndpoint(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("late")
	config := func(version, rest string) string {
		return fmt.Sprintf(`
resource "terraform_data" "server" {
  input            = %q
  triggers_replace = %q
}
provider "iam" {
  lakefs {
    endpoint = terraform_data.server.output
  }
}
`, lakefs.Endpoint(), version) + userConfig(id) + rest
	}
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: config("1", ""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionCreate),
				}},
				Check: func(*terraform.State) error { said.ExpectWarnings(t); return nil },
			},
			{
				Config: config("2", ""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionNoop),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("id"), knownvalue.StringExact(id)),
				},
			},
			{
				Config:      config("3", currentUser),
				ExpectError: regexp.MustCompile(`provider\s+argument\s+lakefs\.endpoint\s+is\s+known\s+only\s+after\s+apply`),
			},
		},
	})
	said.ExpectWarnings(t, `^Not refreshed: lakeFS cannot be reached yet: iam_lakefs_user "`+id+`" is kept as it was last seen: .*lakefs\.endpoint`)
}

// lakectl's own file is read only when the block is there.
func TestAccProvider_lakectlFile(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	home := t.TempDir()
	file := fmt.Sprintf("server:\n  endpoint_url: %s/api/v1\ncredentials:\n  access_key_id: %s\n  secret_access_key: %s\n",
		lakefs.Endpoint(), lakefs.Environment()[lakefsapi.EnvAccessKeyID], lakefs.Environment()[lakefsapi.EnvSecretAccessKey])
	for _, name := range []string{".lakectl.yaml", "other.yaml"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const block = "provider \"iam\" {\n  lakefs {}\n}\n"
	for name, test := range map[string]struct {
		environment map[string]string
		config      string
		fails       *regexp.Regexp
	}{
		"block":         {map[string]string{"HOME": home, "USERPROFILE": home}, block + currentUser, nil},
		"block, named":  {map[string]string{lakefsapi.EnvConfigFile: filepath.Join(home, "other.yaml")}, block + currentUser, nil},
		"without block": {map[string]string{"HOME": home, "USERPROFILE": home}, currentUser, regexp.MustCompile(`no\s+endpoint\s+is\s+set`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.ProvidersWith(environment(test.environment)),
				Steps:                    []resource.TestStep{{Config: test.config, PlanOnly: true, ExpectError: test.fails}},
			})
		})
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// analyst is what the caller of these tests may do.
var analyst = []lakefsapi.Statement{
	{Effect: "allow", Action: []string{"auth:Read*"}, Resource: "arn:lakefs:auth:::*"},
	{Effect: "allow", Action: []string{"fs:Read*"}, Resource: "arn:lakefs:fs:::repository/main*"},
	{Effect: "deny", Action: []string{"fs:ReadObject"}, Resource: "arn:lakefs:fs:::repository/main/object/salaries/*"},
	{Effect: "allow", Action: []string{"fs:ListObjects"}, Resource: "arn:lakefs:fs:::repository/main", Condition: map[string]map[string][]string{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}}},
}

const (
	missingAddress   = "data.iam_lakefs_missing_permissions.test"
	effectiveAddress = "data.iam_lakefs_effective_permissions.test"
)

func lookedFor(arguments string) string {
	return "data \"iam_lakefs_missing_permissions\" \"test\" {\n" + arguments + "\n}\n"
}

func wanted(actions, resources string) string {
	return fmt.Sprintf("  permission {\n    actions   = [%s]\n    resources = [%s]\n  }\n", actions, resources)
}

// expectMissing checks the results: each missing permission as "action resource".
func expectMissing(permissions ...string) []statecheck.StateCheck {
	typed, encoded := []knownvalue.Check{}, []string{}
	for _, permission := range permissions {
		action, resource, _ := strings.Cut(permission, " ")
		typed = append(typed, knownvalue.ObjectExact(map[string]knownvalue.Check{"action": knownvalue.StringExact(action), "resource": knownvalue.StringExact(resource)}))
		encoded = append(encoded, fmt.Sprintf(`{"effect":"allow","action":[%q],"resource":%q}`, action, resource))
	}
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("missing"), knownvalue.ListExact(typed)),
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("missing_json"), knownvalue.StringExact("["+strings.Join(encoded, ",")+"]")),
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("satisfied"), knownvalue.Bool(len(permissions) == 0)),
	}
}

func TestAccLakefsMissingPermissions_ofTheCaller(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers := lakefs.ProvidersAs(lakefs.Caller(t, "analyst", analyst...))
	const inMain = `"arn:lakefs:fs:::repository/main"`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: lookedFor(wanted(`"fs:ReadRepository", "fs:ReadBranch"`, inMain)), ConfigStateChecks: expectMissing()},
			// A condition allows nothing for certain, a deny cuts a part, and the rest was never allowed.
			{
				Config: lookedFor(wanted(`"fs:ListObjects", "fs:ReadObject", "fs:ReadTag"`, inMain+`, "arn:lakefs:fs:::repository/main/object/*"`)),
				ConfigStateChecks: expectMissing("fs:ListObjects arn:lakefs:fs:::repository/main", "fs:ListObjects arn:lakefs:fs:::repository/main/object/*",
					"fs:ReadObject arn:lakefs:fs:::repository/main/object/*"),
			},
			// What is missing is what would grant it.
			{Config: lookedFor(wanted(`"fs:*Commit"`, inMain)), ConfigStateChecks: expectMissing("fs:CreateCommit arn:lakefs:fs:::repository/main")},
			{Config: lookedFor(`desired_json = jsonencode([{ effect = "allow", action = ["fs:CreateCommit"], resource = "arn:lakefs:fs:::repository/main" }])`), ConfigStateChecks: expectMissing("fs:CreateCommit arn:lakefs:fs:::repository/main")},
			{
				Config: lookedFor("fail_on_missing = true\n" + wanted(`"fs:CreateCommit", "fs:ListObjects"`, inMain)), PlanOnly: true,
				ExpectError: regexp.MustCompile(`(?s)Error: Missing permissions.*The\s+caller\s+"[^"]*analyst[^"]*"\s+lacks\s+2\s+of\s+the\s+desired\s+permissions:\s+- fs:CreateCommit\s+on\s+arn:lakefs:fs:::repository/main\s+` +
					`- fs:ListObjects\s+on\s+arn:lakefs:fs:::repository/main:\s+it\s+is\s+allowed\s+only\s+if\s+IpAddress\s+SourceIp\s+in\s+10\.0\.0\.0/8\s+Add\s+this\s+to\s+a\s+policy\s+of\s+the\s+user:\s+statement\s+\{\s+effect\s+= "allow"\s+` +
					`actions\s+= \["fs:CreateCommit", "fs:ListObjects"\]\s+resources = \["arn:lakefs:fs:::repository/main"\]\s+\}\s+The\s+same\s+in\s+the\s+shape\s+of\s+the\s+API:\s+\[\{"effect":"allow"`),
			},
			{Config: lookedFor("fail_on_missing = true\n" + wanted(`"fs:ReadTag"`, inMain)), ConfigStateChecks: expectMissing()},
		},
	})
}

func TestAccLakefsMissingPermissions_ofOthers(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	lakefs.Caller(t, "analyst", analyst...)
	user := "user_id = " + fmt.Sprintf("%q\n", lakefs.Name("analyst"))
	const given = `existing_json = jsonencode([{ effect = "allow", action = ["auth:ReadUser"], resource = "arn:lakefs:auth:::user/$${user}" }])` + "\n"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: lookedFor(user + wanted(`"fs:ReadTag", "fs:DeleteTag"`, `"arn:lakefs:fs:::repository/main"`)), ConfigStateChecks: expectMissing("fs:DeleteTag arn:lakefs:fs:::repository/main")},
			{Config: lookedFor(given + "user_id = \"ann\"\n" + wanted(`"auth:ReadUser"`, `"arn:lakefs:auth:::user/ann"`)), ConfigStateChecks: expectMissing()},
			{Config: lookedFor(given + wanted(`"auth:ReadUser"`, `"arn:lakefs:auth:::user/ann"`)), ConfigStateChecks: expectMissing("auth:ReadUser arn:lakefs:auth:::user/ann")},
			{Config: lookedFor("existing_json = \"[]\"\n" + wanted(`"fs:New"`, `"*"`)), ConfigStateChecks: expectMissing("fs:New *")},
			{Config: lookedFor("user_id = \"nobody\"\n" + wanted(`"fs:ReadTag"`, `"*"`)), ExpectError: regexp.MustCompile(`(?s)Could not read lakeFS missing permissions.*nobody`)},
		},
	})
}

func TestAccLakefsMissingPermissions_invalid(t *testing.T) {
	t.Parallel()
	tag := wanted(`"fs:ReadTag"`, `"*"`)
	steps := []resource.TestStep{}
	for arguments, message := range map[string]string{
		"":                          `Nothing desired`,
		"permission = []":           `Nothing desired`,
		tag + `desired_json = "[]"`: `Desired permissions in two forms`,
		`desired_json = "[]"`:       `(?s)Not a list of statements.*It\s+desires\s+nothing`,
		`desired_json = "x"`:        `(?s)Not a list of statements.*desired_json`,
		tag + `existing_json = jsonencode([{ effect = "allow" }])`:                                                       `(?s)Not a list of statements.*existing_json:.*statement\[0\]`,
		tag + `existing_json = jsonencode({ statement = [{ effect = "allow", action = ["ReadTag"], resource = "*" }] })`: `(?s)Not a list of statements.*existing_json:\s+statement\[0\]\.action\[0\]:\s+the\s+action\s+"ReadTag".*"fs:ReadTag"`,
		tag + `existing_json = jsonencode([{ effect = "allow", action = ["fs:New"], resource = "arn:aws:fs:::a" }])`:     `(?s)existing_json:\s+statement\[0\]\.resource:\s+the\s+resource`,
		`desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTag"], resource = "arn:aws:fs:::a" }])`:        `(?s)desired_json:\s+statement\[0\]\.resource:\s+The\s+resource`,
		wanted(`"fs:Raed*"`, `"*"`): `(?s)permission 1:.*"fs:Raed\*"\s+matches\s+none.*Did\s+you\s+mean\s+"fs:Read`,
		`desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTag", "fs:Raed*"], resource = "*" }])`:                                                   `(?s)desired_json:\s+statement\[0\]\.action\[1\]:\s+The\s+desired\s+action\s+"fs:Raed\*"\s+matches\s+none`,
		`desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTag"], resource = "arn:lakefs:fs::1:a" }])`:                                              `(?s)desired_json:\s+statement\[0\]\.resource:.*account`,
		`desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTag"], resource = "*" }, { effect = "deny", action = ["fs:ReadTag"], resource = "*" }])`: `(?s)desired_json:\s+statement\[1\]\.effect:.*deny`,
		`desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTag"], resource = "*", condition = { IpAddress = { SourceIp = ["::1"] } } }])`:           `(?s)desired_json:\s+statement\[0\]\.condition:`,
		wanted(`"ReadTag"`, `"*"`):       `(?s)permission 1:.*fs:ReadTag`,
		wanted(`"fs:ReadTag"`, `"main"`): `(?s)permission 1:.*main`,
		wanted(``, `"*"`):                `(?s)Missing actions.*permission\s+1:`,
		tag + `user_id = "a/b"`:          `(?s)a/b`,
		"permission {\n  actions = [\"fs:ReadTag\"]\n  resource = \"*\"\n}": `(?s)resource`,
	} {
		steps = append(steps, resource.TestStep{Config: lookedFor(arguments), PlanOnly: true, ExpectError: regexp.MustCompile(message)})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.ProvidersWith(func(string) string { return "" }), Steps: steps})
}

// What a statement denies no other grants: the error does not say to add one, but what has to change.
func TestAccLakefsMissingPermissions_denied(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.ProvidersAs(lakefs.Caller(t, "analyst", analyst...)))
	const inMain = "arn:lakefs:fs:::repository/main/object/"
	assert := func(actions string) resource.TestStep {
		return resource.TestStep{
			Config: lookedFor("fail_on_missing = true\n" + wanted(actions, `"`+inMain+`*"`)), PlanOnly: true,
			ExpectError: regexp.MustCompile(`Missing permissions`),
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{assert(`"fs:ReadObject", "fs:WriteObject"`), assert(`"fs:ReadObject"`)},
	})
	lacks := func(count int, rest string) string {
		return `^Missing permissions: ` + regexp.QuoteMeta(fmt.Sprintf("The caller %q lacks %d of the desired permissions:\n\n"+
			"  - fs:ReadObject on %[3]s*: a statement denies fs:ReadObject on %[3]ssalaries/*\n%s\n"+
			"No statement that allows is enough for 1 of them: first change what denies them, or may deny them, as the list says.",
			lakefs.Name("analyst"), count, inMain, rest)) + `$`
	}
	said.ExpectErrors(t, lacks(1, ""), lacks(2, "  - fs:WriteObject on "+inMain+"*\n\nAdd this to a policy of the user:\n\n"+
		"  statement {\n    effect    = \"allow\"\n    actions   = [\"fs:WriteObject\"]\n    resources = [\""+inMain+"*\"]\n  }\n\n"+
		"The same in the shape of the API:\n\n  [{\"effect\":\"allow\",\"action\":[\"fs:WriteObject\"],\"resource\":\""+inMain+"*\"}]\n"))
}

// What older servers stored is compared as the server reads it: an empty element matches nothing,
// and because of a list that is none everything is denied.
func TestAccLakefsMissingPermissions_stored(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		resources [2]string
		want      []string
	}{
		{[2]string{`["","arn:lakefs:fs:::repository/main"]`, "arn:lakefs:fs:::repository/other"}, nil},
		{[2]string{`[no list]`, "*"}, []string{"fs:ReadTag arn:lakefs:fs:::repository/main"}},
	} {
		t.Run(test.resources[0], func(t *testing.T) {
			t.Parallel()
			stored := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !strings.HasSuffix(r.URL.Path, "/policies") {
						next.ServeHTTP(w, r)
						return
					}
					w.Header().Set("Content-Type", "application/json")
					_, _ = fmt.Fprintf(w, `{"pagination":{"has_more":false,"next_offset":"","results":1,"max_per_page":1000},"results":[{"id":"p","creation_date":1,"statement":[`+
						`{"effect":"allow","action":["fs:*"],"resource":%q},{"effect":"allow","action":["fs:*"],"resource":%q}]}]}`, test.resources[0], test.resources[1])
				})
			}
			config := lookedFor("user_id = \"ann\"\n" + wanted(`"fs:ReadTag"`, `"arn:lakefs:fs:::repository/main"`))
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.StartLocalLakeFS(t, localserver.Options{Middleware: stored}).Providers(),
				Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: expectMissing(test.want...)}},
			})
		})
	}
}

// A name that is not known here is compared as it is, and told, in either form.
func TestAccLakefsMissingPermissions_unknownNames(t *testing.T) {
	t.Parallel()
	providers, said := acctest.Listen(acctest.ProvidersWith(func(string) string { return "" }))
	const existing = `existing_json = jsonencode([{ effect = "allow", action = ["fs:New", "fs:Old*"], resource = "*" }, { effect = "deny", action = ["fs:New"], resource = "arn:lakefs:fs::1:a" }])` + "\n"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: lookedFor(existing + wanted(`"fs:New", "fs:ReadObjekt"`, `"*"`)), ConfigStateChecks: expectMissing("fs:ReadObjekt *")},
			{
				Config:            lookedFor(existing + `desired_json = jsonencode([{ effect = "allow", action = ["fs:ReadTga"], resource = "*" }])`),
				ConfigStateChecks: expectMissing("fs:ReadTga *"),
			},
		},
	})
	said.ExpectWarnings(t, `existing_json: statement\[1\]\.resource: .* account`, `"fs:New"`, `"fs:ReadObjekt".*Did you mean "fs:ReadObject"`, `statement\[0\]\.action\[0\]: The desired action "fs:ReadTga".*Did you mean "fs:ReadTag"`)
}

// Unknown inputs put the read off to the apply, where a grant of the same apply counts.
func TestAccLakefsMissingPermissions_afterGrant(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("granted")
	config := fmt.Sprintf(`
resource "iam_lakefs_user" "test" {
  id = %[1]q
}
resource "iam_lakefs_policy" "test" {
  id = %[1]q
  statement {
    effect    = "allow"
    actions   = ["fs:ReadTag"]
    resources = ["*"]
  }
}
resource "iam_lakefs_policy_attachment" "test" {
  policy_id = iam_lakefs_policy.test.id
  user_id   = iam_lakefs_user.test.id
}
resource "terraform_data" "user" {
  input = iam_lakefs_policy_attachment.test.user_id
}
`, id) + lookedFor("user_id = terraform_data.user.output\nfail_on_missing = true\n"+wanted(`"fs:ReadTag"`, `"arn:lakefs:fs:::repository/main"`))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:            config,
			ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue(missingAddress, tfjsonpath.New("satisfied"))}},
			ConfigStateChecks: expectMissing(),
		}},
	})
}

func TestAccLakefsEffectivePermissions(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	key, secret := lakefs.Caller(t, "analyst", analyst...)
	id := lakefs.Name("analyst")
	is := func(attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(effectiveAddress, tfjsonpath.New(attribute), check)
	}
	const config = "data \"iam_lakefs_effective_permissions\" \"test\" {%s}\n"
	checks := []statecheck.StateCheck{
		is("user_id", knownvalue.StringExact(id)),
		is("groups", knownvalue.ListExact([]knownvalue.Check{})),
		is("policies", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(id)})})),
		is("statement", knownvalue.ListSizeExact(len(analyst))),
		is("permissions", knownvalue.MapPartial(map[string]knownvalue.Check{
			"fs:ReadTag on arn:lakefs:fs:::repository/main*":                                        knownvalue.StringExact("allow"),
			"fs:ReadObject on arn:lakefs:fs:::repository/main/object/salaries/*":                    knownvalue.StringExact("deny"),
			"fs:ListObjects on arn:lakefs:fs:::repository/main if IpAddress SourceIp in 10.0.0.0/8": knownvalue.StringExact("allow"),
		})),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.ProvidersAs(key, secret),
		Steps:                    []resource.TestStep{{Config: fmt.Sprintf(config, ""), ConfigStateChecks: checks}},
	})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: fmt.Sprintf(config, "\n  user_id = \""+id+"\"\n"), ConfigStateChecks: checks},
			{Config: fmt.Sprintf(config, ""), ConfigStateChecks: []statecheck.StateCheck{is("groups", knownvalue.ListSizeExact(1))}},
			{Config: fmt.Sprintf(config, "\n  user_id = \"nobody\"\n"), ExpectError: regexp.MustCompile(`(?s)Could not read lakeFS effective permissions.*nobody`)},
		},
	})
}

// The id of the user takes the place of ${user}.
func TestAccLakefsEffectivePermissions_userVariable(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	key, secret := lakefs.Caller(t, "own", lakefsapi.Statement{Effect: "allow", Action: []string{"auth:ReadUser"}, Resource: "arn:lakefs:auth:::user/${user}"})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.ProvidersAs(key, secret),
		Steps: []resource.TestStep{{
			Config: "data \"iam_lakefs_effective_permissions\" \"test\" {}\n",
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(effectiveAddress, tfjsonpath.New("permissions"), knownvalue.MapExact(map[string]knownvalue.Check{
				"auth:ReadUser on arn:lakefs:auth:::user/" + lakefs.Name("own"): knownvalue.StringExact("allow"),
			}))},
		}},
	})
}

// Who may not read its own rights is told what that needs; a server without access control
// is named as one.
func TestAccLakefsPermissionsDataSources_refused(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{
		"effective": "data \"iam_lakefs_effective_permissions\" \"test\" {}\n",
		"missing":   lookedFor(wanted(`"fs:ReadTag"`, `"*"`)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
			key, secret := lakefs.Caller(t, "dark")
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.ProvidersAs(key, secret),
				Steps:                    []resource.TestStep{{Config: config, ExpectError: regexp.MustCompile(`(?s)needs\s+auth:ReadUser\s+on\s+arn:lakefs:auth:::user/`)}},
			})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "none"}).Providers(),
				Steps:                    []resource.TestStep{{Config: config, ExpectError: regexp.MustCompile(`(?s)without\s+role-based\s+access\s+control`)}},
			})
			broken := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/policies") {
						http.Error(w, `{"message":"broken"}`, http.StatusInternalServerError)
						return
					}
					next.ServeHTTP(w, r)
				})
			}
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.StartLocalLakeFS(t, localserver.Options{Middleware: broken}).Providers(),
				Steps:                    []resource.TestStep{{Config: config, ExpectError: regexp.MustCompile(`(?s)500\s+Internal\s+Server\s+Error`)}},
			})
		})
	}
}

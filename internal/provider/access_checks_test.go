// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// asCaller is the environment of a caller that may do what the statements say, and read
// its own rights.
func asCaller(t *testing.T, server *acctest.LakeFS, statements ...lakefsapi.Statement) map[string]string {
	t.Helper()
	own := lakefsapi.Statement{Effect: "allow", Action: []string{"auth:ReadUser"}, Resource: "arn:lakefs:auth:::user/${user}"}
	key, secret := server.Caller(t, "caller", append(statements, own)...)
	variables := maps.Clone(server.Environment())
	variables[lakefsapi.EnvAccessKeyID], variables[lakefsapi.EnvSecretAccessKey] = key, secret
	return variables
}

// with returns the variables and one more.
func with(variables map[string]string, name, value string) map[string]string {
	variables = maps.Clone(variables)
	variables[name] = value
	return variables
}

// The argument decides what a check does, else the variable, and else it warns. An error
// comes before anything is changed.
func TestAccPreflight_mode(t *testing.T) {
	t.Parallel()
	const lacks = `Missing permission auth:CreateUser`
	for name, test := range map[string]struct {
		variable, argument string
		refused            bool
	}{
		"by default":                       {"", "", false},
		"enforced by the argument":         {"", "enforce", true},
		"enforced by the variable":         {"enforce", "", true},
		"the argument wins":                {"enforce", "off", false},
		"the argument wins, the other way": {"off", "enforce", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalLakeFS(t, localserver.Options{})
			variables := with(asCaller(t, server), "IAM_PREFLIGHT", test.variable)
			providers, said := acctest.Listen(acctest.ProvidersWith(environment(variables)))
			config := userConfig("new")
			if test.argument != "" {
				config = fmt.Sprintf("provider \"iam\" {\n  preflight = %q\n}\n", test.argument) + config
			}
			step := resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true}
			if test.refused {
				step.ExpectNonEmptyPlan, step.ExpectError = false, regexp.MustCompile(lacks)
			}
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: providers, Steps: []resource.TestStep{step}})
			switch {
			case test.refused:
				said.ExpectErrors(t, "^"+lacks)
				said.ExpectWarnings(t)
			case test.argument == "off":
				said.ExpectWarnings(t)
			default:
				said.ExpectWarnings(t, `(?s)^`+lacks+`: iam_lakefs_user "new": to create it, the caller needs auth:CreateUser on arn:lakefs:auth:::user/new, which it does not have\. `+
					`Grant it to the caller:\n\n  statement \{\n    effect    = "allow"\n    actions   = \["auth:CreateUser"\]\n    resources = \["arn:lakefs:auth:::user/new"\]\n  \}`)
			}
		})
	}
}

func TestAccPreflight_wrongVariable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"IAM_PREFLIGHT", "IAM_LOCKOUT_GUARD"} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.ProvidersWith(environment(map[string]string{name: "always"})),
			Steps: []resource.TestStep{{
				Config: userConfig("new"), PlanOnly: true,
				ExpectError: regexp.MustCompile(`The environment variable ` + name + ` is "always"\. Set it to one of\s+warn,\s+enforce,\s+off`),
			}},
		})
	}
}

// What is known only after apply is not lacking. The apply, where it is known, is checked
// before anything is written.
func TestAccPreflight_unknown(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	variables := with(asCaller(t, server, lakefsapi.Statement{Effect: "allow", Action: []string{"auth:*"}, Resource: "arn:lakefs:auth:::user/later"}), "IAM_PREFLIGHT", "enforce")
	config := func(id string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"id\" {\n  input = %q\n}\nresource \"iam_lakefs_user\" \"test\" {\n  id = terraform_data.id.output\n}\n", id)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(variables)),
		Steps: []resource.TestStep{
			{Config: config("forbidden"), PlanOnly: true, ExpectNonEmptyPlan: true},
			{Config: config("forbidden"), ExpectError: regexp.MustCompile(`Error: Missing permission auth:CreateUser`)},
			{Config: config("later")},
		},
	})
}

// Without access control nothing is lacking, and nobody is locked out.
func TestAccChecks_withoutAccessControl(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "none"})
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: userConfig("new"), PlanOnly: true, ExpectNonEmptyPlan: true}},
	})
	said.ExpectWarnings(t)
}

// Who may not read its own rights is told once that they are not checked, whatever the
// checks are to do.
func TestAccChecks_unreadableRights(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	key, secret := server.Caller(t, "dark")
	variables := with(with(server.Environment(), lakefsapi.EnvAccessKeyID, key), lakefsapi.EnvSecretAccessKey, secret)
	providers, said := acctest.Listen(acctest.ProvidersWith(environment(with(variables, "IAM_PREFLIGHT", "enforce"))))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config:   userConfig("new") + strings.Replace(userConfig("another"), `"test"`, `"another"`, 1),
			PlanOnly: true, ExpectNonEmptyPlan: true,
		}},
	})
	warnings := said.Warnings()
	if len(warnings) == 0 {
		t.Fatal("nothing was said")
	}
	for _, warning := range warnings { // the framework plans several times, each in its own process
		if !strings.HasPrefix(warning, "The caller's rights on lakeFS cannot be read: Whether the caller may apply this plan") || !strings.Contains(warning, "auth:ReadUser") {
			t.Errorf("unexpected warning: %s", warning)
		}
	}
}

// A plan that locks its caller out is refused before anything is changed.
func TestAccLockoutGuard_enforced(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	variables := with(asCaller(t, server), "IAM_LOCKOUT_GUARD", "enforce")
	_, err := server.Client.CreatePolicy(t.Context(), lakefsapi.Policy{ID: "Own", Statement: []lakefsapi.Statement{{Effect: "allow", Action: []string{"auth:*"}, Resource: "*"}}})
	if err == nil {
		err = server.Client.AttachPolicyToUser(t.Context(), server.Name("caller"), "Own")
	}
	if err != nil {
		t.Fatal(err)
	}
	config := func(action string) string {
		return fmt.Sprintf("resource \"iam_lakefs_policy\" \"test\" {\n  id = \"Own\"\n  statement {\n    effect = \"allow\"\n    actions = [%q]\n    resources = [\"*\"]\n  }\n}\n", action)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(variables)),
		Steps: []resource.TestStep{
			{Config: config("auth:*") + "import {\n  to = iam_lakefs_policy.test\n  id = \"Own\"\n}\n"},
			{
				Config: config("auth:List*"),
				ExpectError: regexp.MustCompile(`(?s)This change locks its caller out.*applied alone.*auth:UpdatePolicy\s+on\s+arn:lakefs:auth:::policy/Own.*` +
					`through\s+the\s+policy\s+"Own",\s+which\s+is\s+attached\s+to\s+it`),
			},
			{Config: config("auth:*"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			// The end of the test takes the policy away, which would lock out, too.
			{Config: "removed {\n  from = iam_lakefs_policy.test\n  lifecycle {\n    destroy = false\n  }\n}\n"},
		},
	})
}

// A replacement that no argument forces is checked as a delete and a create: Terraform shows
// a provider the create only.
func TestAccLockoutGuard_replacedAnyhow(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	variables := with(asCaller(t, server), "IAM_LOCKOUT_GUARD", "enforce")
	caller, key := server.Name("caller"), variables[lakefsapi.EnvAccessKeyID]
	group, err := server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "admins"})
	if err == nil {
		_, err = server.Client.CreatePolicy(t.Context(), lakefsapi.Policy{ID: "Everything", Statement: []lakefsapi.Statement{{Effect: "allow", Action: []string{"auth:*"}, Resource: "*"}}})
	}
	for _, err := range []error{err, server.Client.AttachPolicyToGroup(t.Context(), group.ID, "Everything"), server.Client.AddGroupMembership(t.Context(), group.ID, caller)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	rotation := func(trigger string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"rotation\" {\n  input = %q\n}\n", trigger)
	}
	config := func(trigger string) string {
		return rotation(trigger) + fmt.Sprintf("resource \"iam_lakefs_credentials\" \"own\" {\n  user_id = %q\n  lifecycle {\n    replace_triggered_by = [terraform_data.rotation]\n  }\n}\n"+
			"resource \"iam_lakefs_group_membership\" \"own\" {\n  group_id = %q\n  user_id  = %q\n}\n", caller, group.ID, caller)
	}
	imports := fmt.Sprintf("import {\n  to = iam_lakefs_credentials.own\n  id = \"%s/%s\"\n}\nimport {\n  to = iam_lakefs_group_membership.own\n  id = \"%s/%s\"\n}\n", caller, key, group.ID, caller)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(variables)),
		Steps: []resource.TestStep{
			// Under OpenTofu, replace_triggered_by counts the creation of the trigger, too.
			{Config: rotation("first")},
			{Config: config("first") + imports},
			{Config: config("first"), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
			{
				Config:      config("second"),
				ExpectError: regexp.MustCompile(`(?s)This change locks its caller out.*iam_lakefs_credentials.*the\s+access\s+key\s+` + key + `.*auth:CreateCredentials`),
			},
			{
				Config: config("first"), Taint: []string{"iam_lakefs_group_membership.own"},
				ExpectError: regexp.MustCompile(`(?s)This change locks its caller out.*iam_lakefs_group_membership.*auth:AddGroupMember.*its\s+membership\s+in\s+the\s+group\s+"admins"`),
			},
			{Config: "removed {\n  from = iam_lakefs_credentials.own\n  lifecycle {\n    destroy = false\n  }\n}\nremoved {\n  from = iam_lakefs_group_membership.own\n  lifecycle {\n    destroy = false\n  }\n}\n"},
		},
	})
}

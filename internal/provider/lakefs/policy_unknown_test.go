// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// later gives a value that is known only after apply.
func later(value string) string {
	return fmt.Sprintf("resource \"terraform_data\" \"later\" {\n  input = %s\n}\n", value)
}

// theStatement is the path of the first statement.
var theStatement = tfjsonpath.New("statement").AtSliceIndex(0)

// Policies of which one argument is known only after apply: what that is, a body
// that uses it as terraform_data.later.output, and the path that is unknown.
var unknownArguments = map[string]struct {
	value, body string
	unknown     tfjsonpath.Path
}{
	"id":       {"", allow("fs:ReadObject", "*"), tfjsonpath.New("id")},
	"document": {`jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })`, "document = terraform_data.later.output", tfjsonpath.New("document")},
	"effect":   {`"deny"`, with("effect", "terraform_data.later.output"), theStatement.AtMapKey("effect")},
	"all actions": {
		`["fs:ReadObject", "fs:WriteObject"]`, with("actions", "terraform_data.later.output"), theStatement.AtMapKey("actions"),
	},
	"one action":    {`"fs:WriteObject"`, with("actions", `["fs:ReadObject", terraform_data.later.output]`), theStatement.AtMapKey("actions").AtSliceIndex(1)},
	"all resources": {`["*"]`, with("resources", "terraform_data.later.output"), theStatement.AtMapKey("resources")},
	"part of a resource": {
		`"main"`, with("resources", `["arn:lakefs:fs:::repository/${terraform_data.later.output}/*"]`), theStatement.AtMapKey("resources").AtSliceIndex(0),
	},
	"the condition": {
		`{ IpAddress = { SourceIp = ["10.0.0.1"] } }`, with("condition", "terraform_data.later.output"), theStatement.AtMapKey("condition"),
	},
	"the fields of an operator": {
		`{ SourceIp = ["10.0.0.1"] }`, with("condition", "{ IpAddress = terraform_data.later.output }"),
		theStatement.AtMapKey("condition").AtMapKey("IpAddress"),
	},
	"one value of a condition": {
		`"10.0.0.1"`, with("condition", `{ IpAddress = { SourceIp = ["10.0.0.0/8", terraform_data.later.output] } }`),
		theStatement.AtMapKey("condition").AtMapKey("IpAddress").AtMapKey("SourceIp").AtSliceIndex(1),
	},
	"the values of a dynamic block": {
		`"main"`,
		`dynamic "statement" {
		   for_each = { main = "arn:lakefs:fs:::repository/${terraform_data.later.output}" }
		   content {
		     effect    = "allow"
		     actions   = ["fs:*"]
		     resources = [statement.value]
		   }
		 }`,
		theStatement.AtMapKey("resources").AtSliceIndex(0),
	},
}

// Every argument of a policy may be known only after apply.
func TestAccLakefsPolicy_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	var (
		config  strings.Builder
		unknown []plancheck.PlanCheck
		known   []statecheck.StateCheck
	)
	for i, name := range slices.Sorted(maps.Keys(unknownArguments)) {
		test, label := unknownArguments[name], fmt.Sprintf("test%d", i)
		id := fmt.Sprintf("%q", lakefs.Name(label))
		if name == "id" {
			test.value, id = id, "terraform_data.later.output"
		}
		part := fmt.Sprintf("# %s\n%sresource \"iam_lakefs_policy\" \"later\" {\n  id = %s\n%s\n}\n", name, later(test.value), id, test.body)
		config.WriteString(strings.NewReplacer("terraform_data.later", "terraform_data."+label, `"later"`, `"`+label+`"`).Replace(part))
		unknown = append(unknown, plancheck.ExpectUnknownValue("iam_lakefs_policy."+label, test.unknown))
		known = append(known, statecheck.ExpectKnownValue("iam_lakefs_policy."+label, test.unknown, knownvalue.NotNull()))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: config.String(),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply:             unknown,
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: known,
		}},
	})
}

// What is wrong in a value that was unknown at plan stops the apply before
// anything is written.
func TestAccLakefsPolicy_unknownAndWrong(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Later")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             policyIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:      later(`"10.0.0.0/33"`) + policyConfig(id, with("condition", `{ IpAddress = { SourceIp = [terraform_data.later.output] } }`)),
				ExpectError: says("Invalid IP address in condition", id, `"10.0.0.0/33"`),
			},
			{
				Config:      later(`"{}"`) + policyConfig(id, "document = terraform_data.later.output"),
				ExpectError: says("Not a policy document", "statement"),
			},
		},
	})
}

// Terraform shows a dynamic block whose for_each is unknown as one statement of
// unknown arguments and then fails on any other number of statements.
func TestAccLakefsPolicy_unknownNumberOfStatements(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Number")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: later(`["a", "b"]`) + policyConfig(id, `
  dynamic "statement" {
    for_each = terraform_data.later.output
    content {
      effect    = "allow"
      actions   = ["fs:ReadObject"]
      resources = ["arn:lakefs:fs:::repository/${statement.value}"]
    }
  }`),
				ExpectError: says("Number of statements known only after apply", id, "Make for_each known at plan", "document = jsonencode("),
			},
			{
				// The way out that the error shows.
				Config: later(`["a", "b"]`) + policyConfig(id, `
  document = jsonencode({ statement = [for name in terraform_data.later.output : {
    effect   = "allow"
    action   = ["fs:ReadObject"]
    resource = "arn:lakefs:fs:::repository/${name}"
  }] })`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}

// Policies that are spelled otherwise than before, with a part that is known only
// after apply and turns out to be what it was.
var respelled = map[string]struct{ before, after string }{
	"reordered": {
		allow("fs:ReadObject", "*") + allow("fs:WriteObject", "arn:lakefs:fs:::repository/main"),
		allow("fs:WriteObject", "arn:lakefs:fs:::repository/${terraform_data.later.output}") + allow("fs:ReadObject", "*"),
	},
	"split": {
		"  statement {\n    effect = \"allow\"\n    actions = [\"fs:ReadObject\", \"fs:WriteObject\"]\n    resources = [\"arn:lakefs:fs:::repository/main\"]\n  }\n",
		allow("fs:WriteObject", "arn:lakefs:fs:::repository/${terraform_data.later.output}") + allow("fs:ReadObject", "arn:lakefs:fs:::repository/${terraform_data.later.output}"),
	},
	"in the other form": {
		allow("fs:ReadObject", "arn:lakefs:fs:::repository/main"),
		`document = jsonencode({ statement = [{ effect = "allow", action = ["fs:ReadObject"], resource = "arn:lakefs:fs:::repository/${terraform_data.later.output}" }] })`,
	},
}

// The apply is held to the spelling that the plan has shown. OpenTofu 1.12 does
// not let a provider see that it applies: there the apply fails once, and the
// next finds nothing to do. 1.11 does, and Terraform.
func TestAccLakefsPolicy_unknownAndRespelled(t *testing.T) {
	t.Parallel()
	for name, test := range respelled {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			id := lakefs.Name("Respelled")
			after := resource.TestStep{Config: later(`"main"`) + policyConfig(id, test.after)}
			again := after
			again.ConfigPlanChecks = emptyPlanAfterApply()
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps:                    []resource.TestStep{{Config: policyConfig(id, test.before)}, after, again},
				ErrorCheck: func(err error) error {
					if acctest.OpenTofu() && says("inconsistent final plan").MatchString(err.Error()) {
						return nil
					}
					return err
				},
			})
		})
	}
}

// Where the unknown part comes from a resource of this provider, its change shows
// every CLI's apply for what it is.
func TestAccLakefsPolicy_respelledAfterChange(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{}) // the group keeps its id
	name := lakefs.Name("Respelled")
	config := func(description, statements string) string {
		return groupConfig(name, fmt.Sprintf("description = %q", description)) + policyConfig(name, statements)
	}
	read, write := allow("auth:ReadGroup", "arn:lakefs:auth:::group/${iam_lakefs_group.test.id}"), allow("fs:WriteObject", "*")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config("one", read+write)},
			{
				Config: config("two", write+read),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(thePolicy, plancheck.ResourceActionUpdate)},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
			},
		},
	})
}

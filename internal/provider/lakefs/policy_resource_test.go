// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const thePolicy = "iam_lakefs_policy.test"

// Two statements as blocks, as the JSON of a document, and as the API holds them.
const (
	twoBlocks = `
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject", "fs:List*"]
    resources = ["arn:lakefs:fs:::repository/main/*", "arn:lakefs:fs:::repository/dev/*"]
  }
  statement {
    effect    = "deny"
    actions   = ["fs:DeleteObject"]
    resources = ["*"]
    condition = { NotIpAddress = { SourceIp = ["10.0.0.0/8", "192.168.0.0/16"] } }
  }`
	twoJSON = `{
  "statement": [
    {
      "effect": "allow",
      "action": ["fs:List*", "fs:ReadObject"],
      "resource": "[\"arn:lakefs:fs:::repository/dev/*\",\"arn:lakefs:fs:::repository/main/*\"]"
    },
    {
      "effect": "deny",
      "action": ["fs:DeleteObject"],
      "resource": "*",
      "condition": {"NotIpAddress": {"SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}}
    }
  ]
}`
	twoDocument = "  document = <<-EOT\n" + twoJSON + "\n  EOT"
)

var twoOnServer = []lakefsapi.Statement{
	{Effect: "allow", Action: []string{"fs:List*", "fs:ReadObject"}, Resource: `["arn:lakefs:fs:::repository/dev/*","arn:lakefs:fs:::repository/main/*"]`},
	{
		Effect: "deny", Action: []string{"fs:DeleteObject"}, Resource: "*",
		Condition: map[string]map[string][]string{"NotIpAddress": {"SourceIp": {"10.0.0.0/8", "192.168.0.0/16"}}},
	},
}

// policyConfig configures the policy of a test; the body is its blocks or its
// document.
func policyConfig(id, body string) string {
	return fmt.Sprintf("resource \"iam_lakefs_policy\" \"test\" {\n  id = %q\n%s\n}\n", id, body)
}

// allow is one statement block.
func allow(action, resource string) string {
	return fmt.Sprintf("  statement {\n    effect    = \"allow\"\n    actions   = [%q]\n    resources = [%q]\n  }\n", action, resource)
}

// with is one statement block with one argument of its own.
func with(argument, expression string) string {
	arguments := map[string]string{"effect": `"allow"`, "actions": `["fs:ReadObject"]`, "resources": `["*"]`, "condition": "null"}
	arguments[argument] = expression
	return fmt.Sprintf("  statement {\n    effect = %s\n    actions = %s\n    resources = %s\n    condition = %s\n  }\n",
		arguments["effect"], arguments["actions"], arguments["resources"], arguments["condition"])
}

// statementIs is one element of `statement` in state or plan.
func statementIs(effect string, actions, resources []string, condition knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"effect": knownvalue.StringExact(effect), "actions": setOf(actions), "resources": setOf(resources), "condition": condition,
	})
}

func setOf(texts []string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(texts))
	for i, text := range texts {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.SetExact(checks)
}

// allowIs is what allow gives in state.
func allowIs(action, resource string) knownvalue.Check {
	return statementIs("allow", []string{action}, []string{resource}, knownvalue.Null())
}

func policyIs(attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(thePolicy, tfjsonpath.New(attribute), value)
}

func TestAccLakefsPolicy_basic(t *testing.T) {
	t.Parallel()
	for form, body := range map[string]string{"blocks": twoBlocks, "document": twoDocument} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			id := lakefs.Name("Two" + form)
			blocks, document := knownvalue.ListExact([]knownvalue.Check{
				statementIs("allow", []string{"fs:ReadObject", "fs:List*"}, []string{"arn:lakefs:fs:::repository/main/*", "arn:lakefs:fs:::repository/dev/*"}, knownvalue.Null()),
				statementIs("deny", []string{"fs:DeleteObject"}, []string{"*"}, knownvalue.MapExact(map[string]knownvalue.Check{
					"NotIpAddress": knownvalue.MapExact(map[string]knownvalue.Check{"SourceIp": setOf([]string{"10.0.0.0/8", "192.168.0.0/16"})}),
				})),
			}), knownvalue.StringExact("")
			if form == "document" {
				blocks, document = knownvalue.ListExact(nil), knownvalue.StringExact(twoJSON+"\n")
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				CheckDestroy:             policyIsGone(t, lakefs, id),
				Steps: []resource.TestStep{{
					Config: policyConfig(id, body),
					ConfigStateChecks: []statecheck.StateCheck{
						policyIs("id", knownvalue.StringExact(id)),
						policyIs("creation_date", rfc3339),
						policyIs("statement", blocks),
						policyIs("document", document),
					},
					ConfigPlanChecks: emptyPlanAfterApply(),
					Check:            func(*terraform.State) error { return serverHas(t, lakefs, id, twoOnServer) },
				}},
			})
		})
	}
}

func TestAccLakefsPolicy_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	id := lakefs.Name("Update")
	newest := lakefs.Name("Renamed")
	kept := allow("fs:ReadObject", "arn:lakefs:fs:::repository/main/*")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             policyIsGone(t, lakefs, newest),
		Steps: []resource.TestStep{
			{Config: policyConfig(id, kept+allow("fs:WriteObject", "*"))},
			{
				Config: policyConfig(id, kept+allow("fs:DeleteObject", "*")),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate,
					plancheck.ExpectUnknownValue(thePolicy, tfjsonpath.New("creation_date")),
					plancheck.ExpectKnownValue(thePolicy, tfjsonpath.New("id"), knownvalue.StringExact(id)),
					// The document stays as it was, so the plan shows the statements alone.
					plancheck.ExpectKnownValue(thePolicy, tfjsonpath.New("document"), knownvalue.StringExact("")),
					plancheck.ExpectKnownValue(thePolicy, tfjsonpath.New("statement"), knownvalue.ListExact([]knownvalue.Check{
						allowIs("fs:ReadObject", "arn:lakefs:fs:::repository/main/*"), allowIs("fs:DeleteObject", "*"),
					})),
				),
				ConfigStateChecks: []statecheck.StateCheck{policyIs("creation_date", rfc3339)},
				Check: func(*terraform.State) error {
					return serverHas(t, lakefs, id, []lakefsapi.Statement{
						{Effect: "allow", Action: []string{"fs:ReadObject"}, Resource: "arn:lakefs:fs:::repository/main/*"},
						{Effect: "allow", Action: []string{"fs:DeleteObject"}, Resource: "*"},
					})
				},
			},
			{
				// Another form and another meaning at once.
				Config:           policyConfig(id, twoDocument),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate),
				Check:            func(*terraform.State) error { return serverHas(t, lakefs, id, twoOnServer) },
			},
			{
				Config:           policyConfig(newest, twoDocument),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionReplace),
			},
		},
	})
	said.ExpectWarnings(t, `^Replacing a lakeFS policy detaches it everywhere: The policy "`+id+`"`)
}

func TestAccLakefsPolicy_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Gone")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: policyConfig(id, twoBlocks)},
			{
				PreConfig:        func() { must(t, lakefs.Client.DeletePolicy(t.Context(), id)) },
				Config:           policyConfig(id, twoBlocks),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionCreate),
			},
			{
				// Gone when it is to be destroyed: that is done, not an error.
				PreConfig: func() { must(t, lakefs.Client.DeletePolicy(t.Context(), id)) },
				Config:    policyConfig(id, twoBlocks), Destroy: true,
			},
		},
	})
}

func TestAccLakefsPolicy_import(t *testing.T) {
	t.Parallel()
	for form, body := range map[string]string{"blocks": twoBlocks, "document": twoDocument} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			id := lakefs.Name("Import me " + form)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{
					{Config: policyConfig(id, body)},
					{
						Config: policyConfig(id, body), ResourceName: thePolicy,
						ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id,
					},
					{
						ResourceName: thePolicy, ImportState: true, ImportStateId: id + "/more",
						ExpectError: says("is not an import id of this type", "Write id", `"ReadMain"`),
					},
					{
						ResourceName: thePolicy, ImportState: true, ImportStateId: lakefs.Name("absent"),
						ExpectError: says("Cannot import non-existent remote object"),
					},
				},
			})
		})
	}
}

// An import has no configuration at hand, so it spells the policy as blocks.
func TestAccLakefsPolicy_importCommand(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("ImportCommand")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				PreConfig: func() {
					_, err := lakefs.Client.CreatePolicy(t.Context(), lakefsapi.Policy{ID: id, Statement: twoOnServer})
					must(t, err)
				},
				Config: policyConfig(id, twoBlocks), ResourceName: thePolicy,
				ImportState: true, ImportStateId: id, ImportStatePersist: true,
			},
			{Config: policyConfig(id, twoDocument), ConfigPlanChecks: nothingPlanned()},
			{Config: policyConfig(id, twoBlocks), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

func TestAccLakefsPolicy_exists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Taken")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			PreConfig: func() {
				_, err := lakefs.Client.CreatePolicy(t.Context(), lakefsapi.Policy{ID: id, Statement: twoOnServer})
				must(t, err)
			},
			Config:      policyConfig(id, twoBlocks),
			ExpectError: says("policy", id, "exists already", "import {", "to = iam_lakefs_policy.NAME", `id = "`+id+`"`, "}"),
		}},
	})
	must(t, serverHas(t, lakefs, id, twoOnServer))
	must(t, lakefs.Client.DeletePolicy(t.Context(), id))
}

func TestAccLakefsPolicy_drift(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Drift")
	write := func(statements ...lakefsapi.Statement) func() {
		return func() {
			_, err := lakefs.Client.UpdatePolicy(t.Context(), id, lakefsapi.Policy{ID: id, Statement: statements})
			must(t, err)
		}
	}
	for form, body := range map[string]string{"blocks": twoBlocks, "document": twoDocument} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: lakefs.Providers(),
			Steps: []resource.TestStep{
				{Config: policyConfig(id, body)},
				{
					// Another order, a duplicate, a statement split in two.
					PreConfig: write(twoOnServer[1],
						lakefsapi.Statement{Effect: "allow", Action: []string{"fs:ReadObject", "fs:List*", "fs:List*"}, Resource: "arn:lakefs:fs:::repository/main/*"},
						lakefsapi.Statement{Effect: "allow", Action: []string{"fs:List*", "fs:ReadObject"}, Resource: "arn:lakefs:fs:::repository/dev/*"}),
					Config: policyConfig(id, body), ConfigPlanChecks: nothingPlanned(),
				},
				{
					PreConfig: write(twoOnServer[0]),
					Config:    policyConfig(id, body), ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate),
					Check: func(*terraform.State) error { return serverHas(t, lakefs, id, twoOnServer) },
				},
				{
					// The same statements for other addresses.
					PreConfig: write(twoOnServer[0], lakefsapi.Statement{
						Effect: "deny", Action: []string{"fs:DeleteObject"}, Resource: "*",
						Condition: map[string]map[string][]string{"NotIpAddress": {"SourceIp": {"0.0.0.0/0"}}},
					}),
					Config: policyConfig(id, body), ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionUpdate),
				},
			},
		})
		if t.Failed() {
			t.Fatalf("with a policy written as %s", form)
		}
	}
}

// policyIsGone checks that destroying the configuration removed the policy.
func policyIsGone(t *testing.T, lakefs *acctest.LakeFS, id string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		_, err := lakefs.Client.GetPolicy(t.Context(), id)
		if !lakefsapi.IsNotFound(err) {
			return fmt.Errorf("the policy %q is still there, or cannot be read: %w", id, err)
		}
		return nil
	}
}

// serverHas compares the statements that the server holds, to the letter.
func serverHas(t *testing.T, lakefs *acctest.LakeFS, id string, want []lakefsapi.Statement) error {
	t.Helper()
	policy, err := lakefs.Client.GetPolicy(t.Context(), id)
	if err != nil {
		return err
	}
	if diff := cmp.Diff(want, policy.Statement); diff != "" {
		return fmt.Errorf("statements of %q on the server (-want +got):\n%s", id, diff)
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"regexp"
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

const theGroup = "iam_lakefs_group.test"

func groupConfig(name, arguments string) string {
	return fmt.Sprintf("resource \"iam_lakefs_group\" \"test\" {\n  name = %q\n  %s\n}\n", name, arguments)
}

// groupIDs are both ways of lakeFS to give a group its id.
var groupIDs = map[string]localserver.Options{
	"id is the name": {},
	"id is chosen":   {GroupIDs: "generated"},
}

func TestAccLakefsGroup_basic(t *testing.T) {
	t.Parallel()
	for title, options := range groupIDs {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, options)
			providers, said := acctest.Listen(lakefs.Providers())
			name := lakefs.Name("analysts")
			id := regexp.QuoteMeta(name)
			if options.GroupIDs == "generated" {
				id = `[0-9a-f-]{36}`
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             groupIsGone(t, lakefs, name),
				Steps: []resource.TestStep{{
					Config: groupConfig(name, `description = "Reads all."`),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("id"), knownvalue.StringRegexp(regexp.MustCompile("^"+id+"$"))),
						statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("name"), knownvalue.StringExact(name)),
						statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("description"), knownvalue.StringExact("Reads all.")),
						statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("creation_date"), rfc3339),
					},
					ConfigPlanChecks: emptyPlanAfterApply(),
				}},
			})
			said.ExpectWarnings(t)
		})
	}
}

func TestAccLakefsGroup_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	name, renamed := lakefs.Name("update"), lakefs.Name("renamed")
	replaced := planned(theGroup, plancheck.ResourceActionReplace, plancheck.ExpectUnknownValue(theGroup, tfjsonpath.New("id")))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             resource.ComposeTestCheckFunc(groupIsGone(t, lakefs, name), groupIsGone(t, lakefs, renamed)),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, "")},
			// No description and an empty one are the same.
			{Config: groupConfig(name, `description = ""`), ConfigPlanChecks: nothingPlanned()},
			{
				Config: groupConfig(name, `description = "Reads."`), ConfigPlanChecks: replaced,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("description"), knownvalue.StringExact("Reads."))},
			},
			{Config: groupConfig(renamed, `description = "Reads."`), ConfigPlanChecks: replaced},
		},
	})
	said.ExpectWarnings(t) // nothing is tied to the group
}

func TestAccLakefsGroup_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("disappears")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             groupIsGone(t, lakefs, name),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, "")},
			{
				PreConfig:        func() { must(t, lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name))) },
				Config:           groupConfig(name, ""),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionCreate),
			},
		},
	})
}

func TestAccLakefsGroup_import(t *testing.T) {
	t.Parallel()
	for title, options := range groupIDs {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, options)
			name := lakefs.Name("import")
			byID := func(*terraform.State) (string, error) { return groupIDOf(t, lakefs, name), nil }
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{
					{Config: groupConfig(name, `description = "Reads."`)},
					{ResourceName: theGroup, ImportState: true, ImportStateIdFunc: byID, ImportStateVerify: true},
					{ResourceName: theGroup, ImportState: true, ImportStateId: name, ImportStateVerify: true},
					{ResourceName: theGroup, ImportState: true, ImportStateId: name, ImportStateKind: resource.ImportBlockWithID},
				},
			})
		})
	}
}

func TestAccLakefsGroup_refused(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config:      groupConfig("50%", ""),
				PlanOnly:    true,
				ExpectError: regexp.MustCompile(`The\s+group\s+id\s+"50%"\s+contains\s+"/"\s+or\s+"%"`),
			},
			{
				Config: groupConfig("a", ""), ResourceName: theGroup, ImportState: true, ImportStateId: "groups/a",
				ExpectError: regexp.MustCompile(`is\s+not\s+an\s+import\s+id\s+of\s+this\s+type\.\s+Write\s+id,\s+for\s+example\s+"analysts";\s+or\s+name`),
			},
			{
				Config: groupConfig("a", ""), ResourceName: theGroup, ImportState: true, ImportStateId: lakefs.Name("nobody"),
				ExpectError: regexp.MustCompile(`(?i)no\s+group\s+has\s+the\s+id(.|\n)*there\s+is\s+no\s+group\s+of\s+the\s+name`),
			},
		},
	})
}

func TestAccLakefsGroup_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("unknown")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             groupIsGone(t, lakefs, name),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
resource "terraform_data" "input" {
  input = { name = %q, description = "Known late." }
}
resource "iam_lakefs_group" "test" {
  name        = terraform_data.input.output.name
  description = terraform_data.input.output.description
}`, name),
			ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionCreate,
				plancheck.ExpectUnknownValue(theGroup, tfjsonpath.New("name")),
				plancheck.ExpectUnknownValue(theGroup, tfjsonpath.New("description"))),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("name"), knownvalue.StringExact(name)),
				statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("description"), knownvalue.StringExact("Known late.")),
			},
		}},
	})
}

// A group made anew out of band, with another description, is replaced where it
// kept its id and created where the server chose a new one.
func TestAccLakefsGroup_drift(t *testing.T) {
	t.Parallel()
	for title, action := range map[string]plancheck.ResourceActionType{
		"id is the name": plancheck.ResourceActionReplace,
		"id is chosen":   plancheck.ResourceActionCreate,
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, groupIDs[title])
			name := lakefs.Name("drift")
			step := resource.TestStep{
				PreConfig: func() {
					must(t, lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name)))
					_, err := lakefs.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: name, Description: "Another."})
					must(t, err)
				},
				Config: groupConfig(name, `description = "Reads."`), ConfigPlanChecks: planned(theGroup, action),
			}
			if action == plancheck.ResourceActionCreate {
				step.ExpectError = regexp.MustCompile(`exists\s+already`)
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps:                    []resource.TestStep{{Config: groupConfig(name, `description = "Reads."`)}, step},
			})
		})
	}
}

func TestAccLakefsGroup_exists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("exists")
	_, err := lakefs.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: name})
	must(t, err)
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupIsGone(t, lakefs, name),
		Steps: []resource.TestStep{
			{
				Config:      groupConfig(name, ""),
				ExpectError: regexp.MustCompile(`exists\s+already\.\s+An\s+object\s+that\s+exists\s+is\s+never\s+taken\s+over`),
			},
			{
				// The block that the error prints works.
				Config:           groupConfig(name, "") + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theGroup, name),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionNoop),
			},
		},
	})
	said.ExpectErrors(t, regexp.QuoteMeta("import {\n    to = iam_lakefs_group.NAME\n    id = \""+name+"\"\n  }"))
}

// lakeFS up to 0.97 keeps no descriptions: said once, no difference ever after.
func TestAccLakefsGroup_noDescriptions(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97"})
	providers, said := acctest.Listen(lakefs.Providers())
	name := lakefs.Name("old")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupIsGone(t, lakefs, name),
		Steps: []resource.TestStep{
			{
				Config:           groupConfig(name, `description = "Reads."`),
				ConfigPlanChecks: emptyPlanAfterApply(),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("name"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("description"), knownvalue.StringExact("Reads.")),
				},
			},
		},
	})
	said.ExpectWarnings(t, `^This lakeFS keeps no group descriptions: .*"tfacc-old"`)
}

const groupWithEdges = `
resource "iam_lakefs_group" "test" {
  name        = %[1]q
  description = %[2]q
}
resource "iam_lakefs_user" "test" {
  id = %[1]q
}
resource "iam_lakefs_policy" "test" {
  id = %[1]q
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["*"]
  }
}
resource "iam_lakefs_group_membership" "test" {
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.test.id
}
resource "iam_lakefs_policy_attachment" "test" {
  group_id  = iam_lakefs_group.test.id
  policy_id = iam_lakefs_policy.test.id
}
`

// Replacing a group takes its edges with it: those of the configuration are made
// anew in the same apply, and a warning counts them all.
func TestAccLakefsGroup_replacesEdges(t *testing.T) {
	t.Parallel()
	for title, options := range groupIDs {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, options)
			providers, said := acctest.Listen(lakefs.Providers())
			name, other := lakefs.Name("edges"), lakefs.Name("other")
			makeUser(t, lakefs, other)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             groupIsGone(t, lakefs, name),
				Steps: []resource.TestStep{
					{Config: fmt.Sprintf(groupWithEdges, name, "old")},
					{
						PreConfig: func() {
							must(t, lakefs.Client.AddGroupMembership(t.Context(), groupIDOf(t, lakefs, name), other))
						},
						Config: fmt.Sprintf(groupWithEdges, name, "new"),
						ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionReplace,
							plancheck.ExpectResourceAction("iam_lakefs_group_membership.test", plancheck.ResourceActionReplace),
							plancheck.ExpectResourceAction("iam_lakefs_policy_attachment.test", plancheck.ResourceActionReplace),
							plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionNoop)),
						Check: groupHas(t, lakefs, name, 1, 1),
					},
				},
			})
			said.ExpectWarnings(t, `^Replacing a lakeFS group removes .*has 2 members and 1 attached policy\.`,
				// What the configuration holds has been removed before; the other member goes with the group.
				`^Deleting a lakeFS group removed .* is deleted, and with it went 1 member\.`)
		})
	}
}

// groupHas checks how many members and policies the server lists for a group.
func groupHas(t *testing.T, lakefs *acctest.LakeFS, name string, members, policies int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		id, listed, attached := groupIDOf(t, lakefs, name), 0, 0
		for _, err := range lakefs.Client.ListGroupMembers(t.Context(), id, lakefsapi.ListOptions{}) {
			must(t, err)
			listed++
		}
		for _, err := range lakefs.Client.ListGroupPolicies(t.Context(), id, lakefsapi.ListOptions{}) {
			must(t, err)
			attached++
		}
		if listed != members || attached != policies {
			return fmt.Errorf("the group %q has %d members and %d policies, want %d and %d", id, listed, attached, members, policies)
		}
		return nil
	}
}

// groupIsGone checks that destroying the configuration removed the group.
func groupIsGone(t *testing.T, lakefs *acctest.LakeFS, name string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		_, found, err := groupNamed(t.Context(), lakefs, name)
		if err == nil && found {
			err = fmt.Errorf("the group %q is still there", name)
		}
		return err
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const theMembership = "iam_lakefs_group_membership.test"

// endsConfig configures a user, a group and a policy of one name, for edges
// between them.
func endsConfig(name string) string {
	return fmt.Sprintf(`
resource "iam_lakefs_user" "test" {
  id = %[1]q
}
resource "iam_lakefs_group" "test" {
  name = %[1]q
}
resource "iam_lakefs_policy" "test" {
  id = %[1]q
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["*"]
  }
}
`, name)
}

// membershipConfig configures a membership between what endsConfig configures.
const membershipConfig = `
resource "iam_lakefs_group_membership" "test" {
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.test.id
}
`

func TestAccLakefsGroupMembership_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("member")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: endsConfig(name) + membershipConfig,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theMembership, tfjsonpath.New("user_id"), knownvalue.StringExact(name)),
					statecheck.CompareValuePairs(theMembership, tfjsonpath.New("group_id"), theGroup, tfjsonpath.New("id"), compare.ValuesSame()),
				},
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check:            membersAre(t, lakefs, name, name),
			},
			{
				// The membership alone is destroyed: its ends stay.
				Config:           endsConfig(name),
				ConfigPlanChecks: planned(theMembership, plancheck.ResourceActionDestroy),
				Check:            membersAre(t, lakefs, name),
			},
		},
	})
}

func TestAccLakefsGroupMembership_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name, other := lakefs.Name("member"), lakefs.Name("other")
	more := fmt.Sprintf("resource \"iam_lakefs_user\" \"other\" {\n  id = %q\n}\n", other)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: endsConfig(name) + more + membershipConfig},
			{
				Config: endsConfig(name) + more + `
resource "iam_lakefs_group_membership" "test" {
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.other.id
}
`,
				ConfigPlanChecks: planned(theMembership, plancheck.ResourceActionReplace),
				Check:            membersAre(t, lakefs, name, other),
			},
		},
	})
}

func TestAccLakefsGroupMembership_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("member")
	config := endsConfig(name) + membershipConfig
	again := resource.TestStep{
		Config: config, ConfigPlanChecks: planned(theMembership, plancheck.ResourceActionCreate),
		Check: membersAre(t, lakefs, name, name),
	}
	without := func(remove func() error) resource.TestStep {
		step := again
		step.PreConfig = func() { must(t, remove()) }
		return step
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			without(func() error {
				return lakefs.Client.DeleteGroupMembership(t.Context(), groupIDOf(t, lakefs, name), name)
			}),
			without(func() error { return lakefs.Client.DeleteUser(t.Context(), name) }),
			without(func() error { return lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name)) }),
		},
	})
}

func TestAccLakefsGroupMembership_import(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("import me? #1 ü")
	byID := func(*terraform.State) (string, error) { return groupIDOf(t, lakefs, name) + "/" + name, nil }
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: endsConfig(name) + membershipConfig},
			{
				ResourceName: theMembership, ImportState: true, ImportStateIdFunc: byID,
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "user_id",
			},
			{
				Config: endsConfig(name) + membershipConfig, ResourceName: theMembership,
				ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: byID,
			},
			{
				ResourceName: theMembership, ImportState: true, ImportStateId: name,
				ExpectError: says("is not an import id of this type", `Write group_id/user_id, for example "analysts/etl"`),
			},
			{
				ResourceName: theMembership, ImportState: true, ImportStateId: "nobody/none",
				ExpectError: says("Cannot import non-existent remote object"),
			},
		},
	})
}

func TestAccLakefsGroupMembership_exists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("member")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: endsConfig(name)},
			{
				PreConfig: func() {
					must(t, lakefs.Client.AddGroupMembership(t.Context(), groupIDOf(t, lakefs, name), name))
				},
				Config:      endsConfig(name) + membershipConfig,
				ExpectError: says("exists already", "import {", "to = iam_lakefs_group_membership.NAME", `id = "`, "/"+name+`"`, "}"),
			},
		},
	})
}

// Two resources for one membership would undo each other.
func TestAccLakefsGroupMembership_twice(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("member")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: endsConfig(name) + `
resource "iam_lakefs_group_membership" "test" {
  count    = 2
  group_id = iam_lakefs_group.test.id
  user_id  = iam_lakefs_user.test.id
}
`,
			ExpectError: says("Another resource of this configuration manages the group membership", name, "Keep one of the two"),
		}},
	})
}

func TestAccLakefsGroupMembership_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("member")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: endsConfig(name) + later("{ group = iam_lakefs_group.test.id, user = iam_lakefs_user.test.id }") + `
resource "iam_lakefs_group_membership" "test" {
  group_id = terraform_data.later.output.group
  user_id  = terraform_data.later.output.user
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue(theMembership, tfjsonpath.New("group_id")),
					plancheck.ExpectUnknownValue(theMembership, tfjsonpath.New("user_id")),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			Check: membersAre(t, lakefs, name, name),
		}},
	})
}

// A group with more members than a page of the server holds. A provider that
// reads one page plans those beyond it anew, for ever.
func TestAccLakefsGroupMembership_moreThanAPage(t *testing.T) {
	t.Parallel()
	const members = 150
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("crowd")
	for i := range members {
		id := fmt.Sprintf("%s%d", name, i)
		makeUser(t, lakefs, id)
		t.Cleanup(func() { must(t, lakefs.Client.DeleteUser(context.Background(), id)) })
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: fmt.Sprintf(`
resource "iam_lakefs_group" "test" {
  name = %[1]q
}
resource "iam_lakefs_group_membership" "test" {
  count    = %[2]d
  group_id = iam_lakefs_group.test.id
  user_id  = "%[1]s${count.index}"
}
`, name, members),
			ConfigPlanChecks: emptyPlanAfterApply(),
			Check: func(*terraform.State) error {
				if got, err := listMembers(t, lakefs, name); err != nil || len(got) != members {
					return fmt.Errorf("%d members, want %d; error: %w", len(got), members, err)
				}
				return nil
			},
		}},
	})
}

// listMembers returns the ids of the members of a group.
func listMembers(t *testing.T, lakefs *acctest.LakeFS, group string) (ids []string, err error) {
	t.Helper()
	for user, err := range lakefs.Client.ListGroupMembers(t.Context(), groupIDOf(t, lakefs, group), lakefsapi.ListOptions{}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, user.ID)
	}
	return ids, nil
}

// membersAre checks which members the server lists for a group.
func membersAre(t *testing.T, lakefs *acctest.LakeFS, group string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := listMembers(t, lakefs, group)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			return fmt.Errorf("members of %q (-want +got):\n%s\nerror: %w", group, diff, err)
		}
		return nil
	}
}

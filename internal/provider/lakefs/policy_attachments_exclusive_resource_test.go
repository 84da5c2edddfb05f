// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// The attachments of what endsConfig configures: all policies of its user, and of its group.
const (
	allOnUser  = "iam_lakefs_policy_attachments_exclusive.user"
	allOnGroup = "iam_lakefs_policy_attachments_exclusive.group"
)

// setupPolicies are policies that the setup of lakeFS makes.
var setupPolicies = []string{"AuthManageOwnCredentials", "FSFullAccess", "FSReadAll"}

// exclusivePolicies configures the policies of the user and of the group.
func exclusivePolicies(name string, ids ...string) string {
	// Its own policy by reference, so that it is made first.
	list := "[" + strings.ReplaceAll(quoted(ids), strconv.Quote(name), "iam_lakefs_policy.test.id") + "]"
	return endsConfig(name) + exclusivePoliciesOf("user", list) + exclusivePoliciesOf("group", list)
}

func exclusivePoliciesOf(principal, list string) string {
	return fmt.Sprintf("resource \"iam_lakefs_policy_attachments_exclusive\" %[1]q {\n  %[1]s_id = iam_lakefs_%[1]s.test.id\n  policy_ids = %[2]s\n}\n", principal, list)
}

// bothHave checks what the server lists for the user and the group.
func bothHave(t *testing.T, lakefs *acctest.LakeFS, name string, ids ...string) resource.TestCheckFunc {
	t.Helper()
	return resource.ComposeTestCheckFunc(userPoliciesAre(t, lakefs, name, ids...), groupPoliciesAre(t, lakefs, name, ids...))
}

// attachBoth attaches policies out of band.
func attachBoth(t *testing.T, lakefs *acctest.LakeFS, name string, ids ...string) {
	t.Helper()
	for _, id := range ids {
		must(t, lakefs.Client.AttachPolicyToUser(t.Context(), name, id))
		must(t, lakefs.Client.AttachPolicyToGroup(t.Context(), groupIDOf(t, lakefs, name), id))
	}
}

func exclusiveLists(ids ...string) []statecheck.StateCheck {
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(allOnUser, tfjsonpath.New("policy_ids"), exactList(ids)),
		statecheck.ExpectKnownValue(allOnGroup, tfjsonpath.New("policy_ids"), exactList(ids)),
	}
}

// bothPlanned asks for one action on both.
func bothPlanned(action plancheck.ResourceActionType, checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return planned(allOnUser, action, append(checks, plancheck.ExpectResourceAction(allOnGroup, action))...)
}

func TestAccLakefsPolicyAttachmentsExclusive_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("exclusive")
	providers, said := acctest.Listen(lakefs.Providers())
	warned := func(patterns ...string) resource.TestCheckFunc {
		return func(*terraform.State) error {
			said.ExpectWarnings(t, patterns...)
			return nil
		}
	}
	const stays = `^Destroying an exclusive resource removes nothing: iam_lakefs_policy_attachments_exclusive ".*" is no longer managed\. What the %s ".*" has stays as it is: FSReadAll, FSFullAccess\. To remove that, too, apply policy_ids = \[\] before\.$`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: exclusivePolicies(name, "FSReadAll", "FSFullAccess"),
				ConfigStateChecks: append(exclusiveLists("FSReadAll", "FSFullAccess"),
					statecheck.ExpectKnownValue(allOnUser, tfjsonpath.New("user_id"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(allOnUser, tfjsonpath.New("group_id"), knownvalue.Null()),
					statecheck.CompareValuePairs(allOnGroup, tfjsonpath.New("group_id"), theGroup, tfjsonpath.New("id"), compare.ValuesSame())),
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check:            resource.ComposeTestCheckFunc(bothHave(t, lakefs, name, "FSFullAccess", "FSReadAll"), warned()),
			},
			{
				// Destroying them detaches nothing, and says so.
				Config:           endsConfig(name),
				ConfigPlanChecks: bothPlanned(plancheck.ResourceActionDestroy),
				Check: resource.ComposeTestCheckFunc(bothHave(t, lakefs, name, "FSFullAccess", "FSReadAll"),
					warned(fmt.Sprintf(stays, "user"), fmt.Sprintf(stays, "group"))),
			},
		},
	})
}

// Policies that are attached when the resource is made are named, and detached.
func TestAccLakefsPolicyAttachmentsExclusive_takesOver(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("taken")
	providers, said := acctest.Listen(lakefs.Providers())
	const removes = `^A new exclusive resource removes what it does not list: .*: the %s ".*" has more than policy_ids lists\. What will be removed: AuthManageOwnCredentials, FSReadAll\.`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: endsConfig(name)},
			{PreConfig: func() { attachBoth(t, lakefs, name, setupPolicies...) }, Config: exclusivePolicies(name, "FSFullAccess", name), PlanOnly: true, ExpectNonEmptyPlan: true},
			{
				PreConfig: func() {
					said.ExpectWarnings(t, fmt.Sprintf(removes, "user"), fmt.Sprintf(removes, "group"))
				},
				Config:            exclusivePolicies(name, "FSFullAccess", name),
				ConfigStateChecks: exclusiveLists("FSFullAccess", name),
				ConfigPlanChecks:  emptyPlanAfterApply(),
				Check:             bothHave(t, lakefs, name, "FSFullAccess", name),
			},
		},
	})
}

func TestAccLakefsPolicyAttachmentsExclusive_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("updated")
	step := func(action plancheck.ResourceActionType, ids ...string) resource.TestStep {
		return resource.TestStep{
			Config: exclusivePolicies(name, ids...), ConfigPlanChecks: bothPlanned(action),
			ConfigStateChecks: exclusiveLists(ids...), Check: bothHave(t, lakefs, name, ids...),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			step(plancheck.ResourceActionCreate, "FSFullAccess"), step(plancheck.ResourceActionUpdate, "FSReadAll", name), step(plancheck.ResourceActionUpdate),
			{Config: exclusivePolicies(name, "FSReadAll", "FSReadAll"), ExpectError: says("An id is written twice", `The policy "FSReadAll" is in policy_ids more than once`)},
			{Config: endsConfig(name) + "resource \"iam_lakefs_policy_attachments_exclusive\" \"none\" {\n  policy_ids = []\n}\n", ExpectError: says("Nothing to attach the policies to")},
			{Config: endsConfig(name) + "resource \"iam_lakefs_policy_attachments_exclusive\" \"both\" {\n  user_id = \"a\"\n  group_id = \"b\"\n  policy_ids = []\n}\n", ExpectError: says("Exclusive policy attachments have one principal")},
			{
				// Another principal: the old one keeps what it has.
				Config:           endsConfig(name) + strings.Replace(exclusivePoliciesOf("group", `["FSReadAll"]`), `"group" {`, `"user" {`, 1),
				ConfigPlanChecks: planned(allOnUser, plancheck.ResourceActionReplace),
				Check:            groupPoliciesAre(t, lakefs, name, "FSReadAll"),
			},
		},
	})
}

// Another order is no change.
func TestAccLakefsPolicyAttachmentsExclusive_order(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("ordered")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: exclusivePolicies(name, "FSFullAccess", name, "FSReadAll")},
			{Config: exclusivePolicies(name, "FSReadAll", "FSFullAccess", name), ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: exclusiveLists("FSFullAccess", name, "FSReadAll")},
		},
	})
}

func TestAccLakefsPolicyAttachmentsExclusive_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("vanished")
	again := func(remove func() error, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			PreConfig: func() { must(t, remove()) }, Config: exclusivePolicies(name, "FSReadAll"),
			ConfigPlanChecks: bothPlanned(action), Check: bothHave(t, lakefs, name, "FSReadAll"),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: exclusivePolicies(name, "FSReadAll")},
			again(func() error {
				must(t, lakefs.Client.DeleteUser(t.Context(), name))
				return lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name))
			}, plancheck.ResourceActionCreate),
		},
	})
}

func TestAccLakefsPolicyAttachmentsExclusive_outOfBandRemoval(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("removed")
	config := exclusivePolicies(name, "FSFullAccess", "FSReadAll")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					must(t, lakefs.Client.DetachPolicyFromUser(t.Context(), name, "FSReadAll"))
					must(t, lakefs.Client.DetachPolicyFromGroup(t.Context(), groupIDOf(t, lakefs, name), "FSReadAll"))
				},
				Config: config, ConfigPlanChecks: bothPlanned(plancheck.ResourceActionUpdate), Check: bothHave(t, lakefs, name, "FSFullAccess", "FSReadAll"),
			},
		},
	})
}

// A policy that somebody attaches is in the diff of the plan.
func TestAccLakefsPolicyAttachmentsExclusive_outOfBandAddition(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("added")
	config := exclusivePolicies(name, "FSReadAll")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() { attachBoth(t, lakefs, name, "FSFullAccess") },
				Config:    config, Check: bothHave(t, lakefs, name, "FSReadAll"),
				ConfigPlanChecks: bothPlanned(plancheck.ResourceActionUpdate,
					before(allOnUser, "policy_ids", "FSReadAll", "FSFullAccess"), before(allOnGroup, "policy_ids", "FSReadAll", "FSFullAccess")),
			},
		},
	})
}

func TestAccLakefsPolicyAttachmentsExclusive_import(t *testing.T) {
	t.Parallel()
	for principal, address := range map[string]string{"user": allOnUser, "group": allOnGroup} {
		t.Run(principal, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			name := lakefs.Name("imported? #1 ü " + principal)
			config := endsConfig(name) + exclusivePoliciesOf(principal, `["FSFullAccess", "FSReadAll"]`)
			byID := func(*terraform.State) (string, error) {
				if principal == "group" {
					return "group/" + groupIDOf(t, lakefs, name), nil
				}
				return "user/" + name, nil
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{
					{Config: config},
					{ResourceName: address, ImportState: true, ImportStateIdFunc: byID, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: principal + "_id"},
					{Config: config, ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: byID},
					{ResourceName: address, ImportState: true, ImportStateId: name, ExpectError: says("is not an import id of this type", `Write group/group_id, for example "group/analysts"; or user/user_id, for example "user/etl"`)},
					{ResourceName: address, ImportState: true, ImportStateId: principal + "/none", ExpectError: says("Cannot import non-existent remote object")},
				},
			})
		})
	}
}

func TestAccLakefsPolicyAttachmentsExclusive_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("unknown")
	config := func(list, arguments string) string {
		return endsConfig(name) + later("{ group = iam_lakefs_group.test.id, list = "+list+" }") +
			"resource \"iam_lakefs_policy_attachments_exclusive\" \"group\" {\n  group_id = terraform_data.later.output.group\n  policy_ids = " + arguments + "\n}\n"
	}
	const whole, part = "terraform_data.later.output.list", `["FSReadAll", terraform_data.later.output.list[0]]`
	isUnknown := plancheck.ExpectUnknownValue(allOnGroup, tfjsonpath.New("policy_ids"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config:           config(`["FSReadAll", "FSFullAccess"]`, whole),
				ConfigPlanChecks: planned(allOnGroup, plancheck.ResourceActionCreate, isUnknown, plancheck.ExpectUnknownValue(allOnGroup, tfjsonpath.New("group_id"))),
				Check:            groupPoliciesAre(t, lakefs, name, "FSFullAccess", "FSReadAll"),
			},
			{
				Config: config(`["AuthManageOwnCredentials"]`, part), ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(allOnGroup, tfjsonpath.New("policy_ids"), exactList([]string{"FSReadAll", "AuthManageOwnCredentials"})),
				},
				Check: groupPoliciesAre(t, lakefs, name, "AuthManageOwnCredentials", "FSReadAll"),
			},
		},
	})
}

// One policy that cannot be attached stops the change: nothing is detached.
func TestAccLakefsPolicyAttachmentsExclusive_partial(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("partial")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: exclusivePolicies(name, "FSReadAll")},
			{
				Config:      exclusivePolicies(name, "FSFullAccess", name+"-none"),
				ExpectError: says("Could not update lakeFS exclusive policy attachments", `the policy "`+name+`-none" was not added (1 of 2 were)`),
			},
			{
				Config: exclusivePolicies(name, "FSFullAccess"), Check: bothHave(t, lakefs, name, "FSFullAccess"),
				ConfigPlanChecks: bothPlanned(plancheck.ResourceActionUpdate, before(allOnUser, "policy_ids", "FSReadAll", "FSFullAccess")),
			},
		},
	})
}

// With a resource of one attachment beside it, one of the two is refused.
func TestAccLakefsPolicyAttachmentsExclusive_conflict(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("conflict")
	single := "resource \"iam_lakefs_policy_attachment\" \"test\" {\n  user_id = iam_lakefs_user.test.id\n  policy_id = \"FSFullAccess\"\n  depends_on = [" + allOnUser + "]\n}\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config:      endsConfig(name) + exclusivePoliciesOf("user", `["FSReadAll"]`) + single,
				ExpectError: says("Could not create lakeFS policy attachment", `Another resource of this configuration manages the policies of "user/`+name, "Keep one of the two"),
			},
			{Config: endsConfig(name), Check: userPoliciesAre(t, lakefs, name, "FSReadAll")},
		},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"iter"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
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
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// The two attachments between what endsConfig configures.
const (
	onUser  = "iam_lakefs_policy_attachment.user"
	onGroup = "iam_lakefs_policy_attachment.group"

	attachmentsConfig = `
resource "iam_lakefs_policy_attachment" "user" {
  policy_id = iam_lakefs_policy.test.id
  user_id   = iam_lakefs_user.test.id
}
resource "iam_lakefs_policy_attachment" "group" {
  policy_id = iam_lakefs_policy.test.id
  group_id  = iam_lakefs_group.test.id
}
`
)

func TestAccLakefsPolicyAttachment_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("attached")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: endsConfig(name) + attachmentsConfig,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(onUser, tfjsonpath.New("policy_id"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(onUser, tfjsonpath.New("user_id"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(onUser, tfjsonpath.New("group_id"), knownvalue.Null()),
					statecheck.ExpectKnownValue(onGroup, tfjsonpath.New("policy_id"), knownvalue.StringExact(name)),
					statecheck.ExpectKnownValue(onGroup, tfjsonpath.New("user_id"), knownvalue.Null()),
					statecheck.CompareValuePairs(onGroup, tfjsonpath.New("group_id"), theGroup, tfjsonpath.New("id"), compare.ValuesSame()),
				},
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check:            resource.ComposeTestCheckFunc(userPoliciesAre(t, lakefs, name, name), groupPoliciesAre(t, lakefs, name, name)),
			},
			{
				// The attachments alone are destroyed: their ends stay.
				Config: endsConfig(name),
				Check:  resource.ComposeTestCheckFunc(userPoliciesAre(t, lakefs, name), groupPoliciesAre(t, lakefs, name)),
			},
		},
	})
}

// An attachment that moves from a user to a group is replaced.
func TestAccLakefsPolicyAttachment_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("attached")
	to := func(principal string) string {
		return endsConfig(name) + "resource \"iam_lakefs_policy_attachment\" \"user\" {\n  policy_id = iam_lakefs_policy.test.id\n  " + principal + "\n}\n"
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: to("user_id = iam_lakefs_user.test.id")},
			{
				Config:           to("group_id = iam_lakefs_group.test.id"),
				ConfigPlanChecks: planned(onUser, plancheck.ResourceActionReplace),
				Check:            resource.ComposeTestCheckFunc(userPoliciesAre(t, lakefs, name), groupPoliciesAre(t, lakefs, name, name)),
			},
		},
	})
}

func TestAccLakefsPolicyAttachment_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("attached")
	config := endsConfig(name) + attachmentsConfig
	without := func(remove func() error, gone ...string) resource.TestStep {
		var checks []plancheck.PlanCheck
		for _, address := range gone {
			checks = append(checks, plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate))
		}
		return resource.TestStep{
			PreConfig: func() { must(t, remove()) }, Config: config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks, PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			without(func() error {
				must(t, lakefs.Client.DetachPolicyFromUser(t.Context(), name, name))
				return lakefs.Client.DetachPolicyFromGroup(t.Context(), groupIDOf(t, lakefs, name), name)
			}, onUser, onGroup),
			without(func() error { return lakefs.Client.DeletePolicy(t.Context(), name) }, onUser, onGroup, thePolicy),
			without(func() error {
				must(t, lakefs.Client.DeleteUser(t.Context(), name))
				return lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name))
			}, onUser, onGroup, theUser, theGroup),
		},
	})
}

// When a policy is to be detached from something that vanished a moment ago, it
// is detached.
func TestAccLakefsEdges_destroyWithoutEnds(t *testing.T) {
	t.Parallel()
	var before atomic.Pointer[func()]
	first := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodDelete {
				if run := before.Swap(nil); run != nil {
					(*run)()
				}
			}
			next.ServeHTTP(w, r)
		})
	}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: first, GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")})
	name := lakefs.Name("vanishing")
	vanish := func() {
		must(t, lakefs.Client.DeleteUser(t.Context(), name))
		must(t, lakefs.Client.DeletePolicy(t.Context(), name))
		must(t, lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, lakefs, name)))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: endsConfig(name) + membershipConfig + attachmentsConfig},
			{
				PreConfig: func() { before.Store(&vanish) },
				Config:    endsConfig(name), ExpectNonEmptyPlan: true, // the ends are gone
			},
		},
	})
}

func TestAccLakefsPolicyAttachment_import(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("import me? #1 ü")
	config := endsConfig(name) + attachmentsConfig
	steps := []resource.TestStep{{Config: config}}
	for address, id := range map[string]resource.ImportStateIdFunc{
		onUser:  func(*terraform.State) (string, error) { return "user/" + name + "/" + name, nil },
		onGroup: func(*terraform.State) (string, error) { return "group/" + groupIDOf(t, lakefs, name) + "/" + name, nil },
	} {
		steps = append(steps,
			resource.TestStep{
				ResourceName: address, ImportState: true, ImportStateIdFunc: id,
				ImportStateCheck: func(imported []*terraform.InstanceState) error {
					if len(imported) != 1 || imported[0].Attributes["policy_id"] != name {
						return fmt.Errorf("imported %v", imported)
					}
					return nil
				},
			},
			resource.TestStep{
				Config: config, ResourceName: address, ImportState: true,
				ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: id,
			})
	}
	for _, wrong := range []string{name, "group/" + name, "role/a/b", "user//b"} {
		steps = append(steps, resource.TestStep{
			ResourceName: onUser, ImportState: true, ImportStateId: wrong,
			ExpectError: says("is not an import id of this type", `"group/analysts/ReadMain"`, `"user/etl/ReadMain"`),
		})
	}
	steps = append(steps, resource.TestStep{
		ResourceName: onUser, ImportState: true, ImportStateId: "user/nobody/none",
		ExpectError: says("Cannot import non-existent remote object"),
	})
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: lakefs.Providers(), Steps: steps})
}

func TestAccLakefsPolicyAttachment_exists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	name := lakefs.Name("attached")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: endsConfig(name)},
			{
				PreConfig: func() {
					must(t, lakefs.Client.AttachPolicyToUser(t.Context(), name, name))
					must(t, lakefs.Client.AttachPolicyToGroup(t.Context(), groupIDOf(t, lakefs, name), name))
				},
				Config:      endsConfig(name) + attachmentsConfig,
				ExpectError: says("exists already"),
			},
		},
	})
	const block = `(?s)exists already.*import \{\n    to = iam_lakefs_policy_attachment.NAME\n    id = `
	said.ExpectErrors(t, block+`"user/`+name+"/"+name+`"`, block+`"group/[^/"]+/`+name+`"`)
}

func TestAccLakefsPolicyAttachment_twice(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("attached")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      endsConfig(name) + strings.Replace(attachmentsConfig, `"user" {`, "\"user\" {\n  count = 2", 1),
			ExpectError: says("Another resource of this configuration manages the policy attachment", "user/"+name, "Keep one of the two"),
		}},
	})
}

func TestAccLakefsPolicyAttachment_onePrincipal(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	for arguments, words := range map[string]string{
		"":                                    "Set exactly one of user_id and group_id",
		"user_id = \"a\"\n  group_id = \"a\"": "Both user_id and group_id are set. Set exactly one",
		"user_id = \"a/b\"":                   `The user id "a/b" contains "/" or "%"`,
		"group_id = \"..\"":                   `The group id ".." is "." or ".."`,
	} {
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: lakefs.Providers(),
			Steps: []resource.TestStep{{
				Config:   "resource \"iam_lakefs_policy_attachment\" \"test\" {\n  policy_id = \"FSReadAll\"\n  " + arguments + "\n}\n",
				PlanOnly: true, ExpectError: says(words),
			}},
		})
	}
}

func TestAccLakefsPolicyAttachment_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("attached")
	unknown := func(address string, names ...string) (checks []plancheck.PlanCheck) {
		for _, attribute := range names {
			checks = append(checks, plancheck.ExpectUnknownValue(address, tfjsonpath.New(attribute)))
		}
		return checks
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: endsConfig(name) + later("{ group = iam_lakefs_group.test.id, user = iam_lakefs_user.test.id, policy = iam_lakefs_policy.test.id }") + `
resource "iam_lakefs_policy_attachment" "user" {
  policy_id = terraform_data.later.output.policy
  user_id   = terraform_data.later.output.user
}
resource "iam_lakefs_policy_attachment" "group" {
  policy_id = terraform_data.later.output.policy
  group_id  = terraform_data.later.output.group
}
`,
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply:             append(unknown(onUser, "policy_id", "user_id"), unknown(onGroup, "policy_id", "group_id")...),
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
			},
		},
	})
}

// Which principal there is may be known only after apply; two are refused then.
func TestAccLakefsPolicyAttachment_unknownPrincipals(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: later(`"nobody"`) + `
resource "iam_lakefs_policy_attachment" "user" {
  policy_id = "FSReadAll"
  user_id   = terraform_data.later.output
  group_id  = terraform_data.later.output
}
`,
			ExpectError: says("Both user_id and group_id are set"),
		}},
	})
}

// userPoliciesAre checks which policies the server lists for a user.
func userPoliciesAre(t *testing.T, lakefs *acctest.LakeFS, user string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		return policiesAre(lakefs.Client.ListUserPolicies(t.Context(), user, false, lakefsapi.ListOptions{}), want)
	}
}

// groupPoliciesAre checks which policies the server lists for a group.
func groupPoliciesAre(t *testing.T, lakefs *acctest.LakeFS, group string, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		return policiesAre(lakefs.Client.ListGroupPolicies(t.Context(), groupIDOf(t, lakefs, group), lakefsapi.ListOptions{}), want)
	}
}

func policiesAre(listed iter.Seq2[lakefsapi.Policy, error], want []string) error {
	var got []string
	for policy, err := range listed {
		if err != nil {
			return err
		}
		got = append(got, policy.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("attached policies (-want +got):\n%s", diff)
	}
	return nil
}

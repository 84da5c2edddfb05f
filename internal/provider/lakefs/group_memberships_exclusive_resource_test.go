// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
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
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const theMembers = "iam_lakefs_group_memberships_exclusive.test"

// crew is users of one prefix, and a group of that name.
type crew struct {
	lakefs *acctest.LakeFS
	name   string
	ids    []string
}

// newCrew makes the users "a" to "d", whose ids begin with a name of this test.
func newCrew(t *testing.T, lakefs *acctest.LakeFS, name string) crew {
	t.Helper()
	c := crew{lakefs: lakefs, name: lakefs.Name(name)}
	for _, letter := range []string{"a", "b", "c", "d"} {
		id := c.name + "-" + letter
		makeUser(t, lakefs, id)
		t.Cleanup(func() { must(t, lakefs.Client.DeleteUser(context.Background(), id)) })
		c.ids = append(c.ids, id)
	}
	return c
}

// users are the ids of those whose letters are given.
func (c crew) users(letters string) []string {
	ids := []string{}
	for _, letter := range letters {
		ids = append(ids, c.name+"-"+string(letter))
	}
	return ids
}

func (c crew) group() string {
	return fmt.Sprintf("resource \"iam_lakefs_group\" \"test\" {\n  name = %q\n}\n", c.name)
}

// members configures the group and who its members are.
func (c crew) members(letters string) string {
	return c.group() + c.exclusive(fmt.Sprintf("[%s]", quoted(c.users(letters))))
}

func (c crew) exclusive(list string) string {
	return "resource \"iam_lakefs_group_memberships_exclusive\" \"test\" {\n  group_id = iam_lakefs_group.test.id\n  user_ids = " + list + "\n}\n"
}

// exclusiveMembers checks the list in state, in its order.
func (c crew) exclusiveMembers(letters string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(theMembers, tfjsonpath.New("user_ids"), exactList(c.users(letters)))
}

func (c crew) membersAre(t *testing.T, letters string) resource.TestCheckFunc {
	t.Helper()
	if len(letters) == 0 {
		return membersAre(t, c.lakefs, c.name)
	}
	return membersAre(t, c.lakefs, c.name, c.users(letters)...)
}

func (c crew) add(t *testing.T, letters string) func() {
	t.Helper()
	return func() {
		for _, id := range c.users(letters) {
			must(t, c.lakefs.Client.AddGroupMembership(t.Context(), groupIDOf(t, c.lakefs, c.name), id))
		}
	}
}

func quoted(ids []string) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = fmt.Sprintf("%q", id)
	}
	return strings.Join(texts, ", ")
}

func exactList(ids []string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(ids))
	for i, id := range ids {
		checks[i] = knownvalue.StringExact(id)
	}
	return knownvalue.ListExact(checks)
}

func TestAccLakefsGroupMembershipsExclusive_basic(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "exclusive")
	left := `(?s)^Destroying an exclusive resource removes nothing: iam_lakefs_group_memberships_exclusive ".*" is no longer managed\. What the group ".*" has stays as it is: ` + c.users("b")[0] + ", " + c.users("a")[0]
	providers, said := acctest.Listen(c.lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: c.members("ba"),
				ConfigStateChecks: []statecheck.StateCheck{
					c.exclusiveMembers("ba"),
					statecheck.CompareValuePairs(theMembers, tfjsonpath.New("group_id"), theGroup, tfjsonpath.New("id"), compare.ValuesSame()),
				},
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check:            resource.ComposeTestCheckFunc(c.membersAre(t, "ab"), func(*terraform.State) error { said.ExpectWarnings(t); return nil }),
			},
			{
				// Destroying it removes no member, and says so.
				Config:           c.group(),
				ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionDestroy),
				Check: resource.ComposeTestCheckFunc(c.membersAre(t, "ab"), func(*terraform.State) error {
					said.ExpectWarnings(t, left)
					return nil
				}),
			},
		},
	})
}

// Members that are there when the resource is made are named, and removed.
func TestAccLakefsGroupMembershipsExclusive_takesOver(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "taken")
	providers, said := acctest.Listen(c.lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: c.group()},
			{PreConfig: c.add(t, "acd"), Config: c.members("ab"), PlanOnly: true, ExpectNonEmptyPlan: true},
			{
				PreConfig: func() {
					said.ExpectWarnings(t, `^A new exclusive resource removes what it does not list: iam_lakefs_group_memberships_exclusive ".*": the group ".*" has more than user_ids lists\. What will be removed: `+strings.Join(c.users("cd"), ", ")+`\. Add`)
					said.Forget()
				},
				Config:            c.members("ab"),
				ConfigStateChecks: []statecheck.StateCheck{c.exclusiveMembers("ab")},
				ConfigPlanChecks:  emptyPlanAfterApply(),
				Check:             c.membersAre(t, "ab"),
			},
		},
	})
	if got := said.Warnings(); !slices.ContainsFunc(got, func(text string) bool {
		return strings.HasPrefix(text, "A new exclusive resource removed what it does not list: ") && strings.HasSuffix(text, "removed "+strings.Join(c.users("cd"), ", ")+".")
	}) {
		t.Errorf("the apply does not say what it has removed: %q", got)
	}
}

func TestAccLakefsGroupMembershipsExclusive_update(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "updated")
	step := func(letters string, action plancheck.ResourceActionType) resource.TestStep {
		return resource.TestStep{
			Config:            c.members(letters),
			ConfigPlanChecks:  planned(theMembers, action),
			ConfigStateChecks: []statecheck.StateCheck{c.exclusiveMembers(letters)},
			Check:             c.membersAre(t, letters),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			step("ab", plancheck.ResourceActionCreate), step("bcd", plancheck.ResourceActionUpdate), step("", plancheck.ResourceActionUpdate),
			{Config: c.members("aa"), ExpectError: says("An id is written twice", "is in user_ids more than once")},
			{Config: c.group() + c.exclusive("[null]"), ExpectError: says("An id is null", "The element 0 of user_ids is null")},
			{Config: c.group() + c.exclusive(`["."]`), ExpectError: says("Id that cannot be addressed", `The user id "."`)},
			step("a", plancheck.ResourceActionUpdate),
		},
	})
}

// Another order is no change; where Terraform shows more than a change, a warning says what it
// is.
func TestAccLakefsGroupMembershipsExclusive_order(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "ordered")
	providers, said := acctest.Listen(c.lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: c.members("abc")},
			{Config: c.members("cab"), ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: []statecheck.StateCheck{c.exclusiveMembers("abc")}},
			{
				PreConfig: func() { said.ExpectWarnings(t); said.Forget() },
				Config:    c.members("dca"), ConfigStateChecks: []statecheck.StateCheck{c.exclusiveMembers("dca")}, Check: c.membersAre(t, "acd"),
			},
			{PreConfig: func() {
				said.ExpectWarnings(t, "^What a change of a list removes: .* What is changed: added "+c.users("d")[0]+"; removed "+c.users("b")[0]+`\.`)
			}, Config: c.group()},
		},
	})
}

func TestAccLakefsGroupMembershipsExclusive_disappears(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "vanished")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.members("ab")},
			{
				PreConfig: func() {
					must(t, c.lakefs.Client.DeleteGroup(t.Context(), groupIDOf(t, c.lakefs, c.name)))
				},
				Config: c.members("ab"), ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionCreate), Check: c.membersAre(t, "ab"),
			},
		},
	})
}

func TestAccLakefsGroupMembershipsExclusive_outOfBandRemoval(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "removed")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.members("ab")},
			{
				PreConfig: func() {
					for _, id := range c.users("ab") {
						must(t, c.lakefs.Client.DeleteGroupMembership(t.Context(), groupIDOf(t, c.lakefs, c.name), id))
					}
				},
				Config: c.members("ab"), ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate), Check: c.membersAre(t, "ab"),
			},
		},
	})
}

// A member that somebody adds is in the diff of the plan, behind those of the configuration.
func TestAccLakefsGroupMembershipsExclusive_outOfBandAddition(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "added")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.members("db")},
			{PreConfig: c.add(t, "ac"), RefreshState: true, ExpectNonEmptyPlan: true},
			{
				Config:            c.members("db"),
				ConfigPlanChecks:  planned(theMembers, plancheck.ResourceActionUpdate, plancheck.ExpectKnownValue(theMembers, tfjsonpath.New("user_ids"), exactList(c.users("db"))), before(theMembers, "user_ids", c.users("dbac")...)),
				ConfigStateChecks: []statecheck.StateCheck{c.exclusiveMembers("db")},
				Check:             c.membersAre(t, "bd"),
			},
		},
	})
}

func TestAccLakefsGroupMembershipsExclusive_import(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "imported? #1 ü")
	byID := func(*terraform.State) (string, error) { return groupIDOf(t, c.lakefs, c.name), nil }
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.members("ab")},
			{
				ResourceName: theMembers, ImportState: true, ImportStateIdFunc: byID,
				ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "group_id",
			},
			{
				Config: c.members("ba"), ResourceName: theMembers,
				ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateIdFunc: byID,
			},
			{ResourceName: theMembers, ImportState: true, ImportStateId: "a/b", ExpectError: says("is not an import id of this type", `Write group_id, for example "analysts"`)},
			{ResourceName: theMembers, ImportState: true, ImportStateId: "none", ExpectError: says("Cannot import non-existent remote object")},
		},
	})
}

// The list, or ids in it, may be known only after apply, and turn out to be what is there.
func TestAccLakefsGroupMembershipsExclusive_unknown(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "unknown")
	providers, said := acctest.Listen(c.lakefs.Providers())
	list := func(letters string) string { return later("["+quoted(c.users(letters))+"]") + c.group() }
	whole := c.exclusive("terraform_data.later.output")
	one := c.exclusive(fmt.Sprintf("[%q, terraform_data.later.output[0]]", c.users("a")[0]))
	isUnknown := plancheck.ExpectUnknownValue(theMembers, tfjsonpath.New("user_ids"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: list("ab") + whole, ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionCreate, isUnknown), Check: c.membersAre(t, "ab")},
			{Config: list("bc") + whole, ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate, isUnknown), Check: c.membersAre(t, "bc")},
			{Config: list("cb") + whole, ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate, isUnknown), Check: c.membersAre(t, "bc")},
			{
				PreConfig: func() { said.Forget() },
				Config:    list("d") + one,
				ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate,
					plancheck.ExpectUnknownValue(theMembers, tfjsonpath.New("user_ids").AtSliceIndex(1))),
				Check: c.membersAre(t, "ad"),
			},
			{
				PreConfig: func() {
					said.ExpectWarnings(t, "^An exclusive resource may remove what it does not list: .* will be removed unless it is in that part: ")
				},
				Config: list("a") + one, ExpectError: says("An id is written twice"),
			},
		},
	})
}

// One id that cannot be added stops the change: the error names it, nothing is removed, and
// the next plan goes on from what is true.
func TestAccLakefsGroupMembershipsExclusive_partial(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "partial")
	nobody := c.name + "-nobody"
	broken := c.group() + c.exclusive(fmt.Sprintf("[%s, %q]", quoted(c.users("bc")), nobody))
	missing := says("Could not update lakeFS exclusive group memberships", `the user "`+nobody+`" was not added (1 of 2 were)`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.group() + c.exclusive(fmt.Sprintf("[%q]", nobody)), ExpectError: says("Could not create lakeFS exclusive group memberships", nobody, "So the group or the user does not exist")},
			{Config: c.members("ab"), ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionCreate)},
			{Config: broken, ExpectError: missing},
			{RefreshState: true, ExpectNonEmptyPlan: true, Check: c.membersAre(t, "abc")},
			{
				Config:           c.members("bc"),
				ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate, before(theMembers, "user_ids", c.users("abc")...)),
				Check:            c.membersAre(t, "bc"),
			},
		},
	})
}

// A member that cannot be removed is named.
func TestAccLakefsGroupMembershipsExclusive_cannotRemove(t *testing.T) {
	t.Parallel()
	broken := &outage{strikes: func(r *http.Request) bool { return r.Method == http.MethodDelete }}
	c := newCrew(t, acctest.StartLocalLakeFS(t, localserver.Options{Middleware: broken.wrap, GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")}), "stuck")
	variables := c.lakefs.Environment()
	providers := acctest.ProvidersWith(func(name string) string { return variables[name] })
	config := "provider \"iam\" {\n  max_retries = 0\n}\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: config + c.members("ab")},
			{
				PreConfig: func() { broken.on.Store(true) }, Config: config + c.members("bc"),
				ExpectError: says("Could not update lakeFS exclusive group memberships", `the user "`+c.users("a")[0]+`" was not removed (0 of 1 were)`, "out of order"),
			},
			{
				PreConfig: func() { broken.on.Store(false) }, Config: config + c.members("bc"),
				ConfigPlanChecks: planned(theMembers, plancheck.ResourceActionUpdate, before(theMembers, "user_ids", c.users("abc")...)),
				Check:            c.membersAre(t, "bc"),
			},
		},
	})
}

// With a resource of one membership beside it, one of the two is refused.
func TestAccLakefsGroupMembershipsExclusive_conflict(t *testing.T) {
	t.Parallel()
	c := newCrew(t, acctest.StartLakeFS(t), "conflict")
	single := func(dependsOn, letter string) string {
		return fmt.Sprintf("resource \"iam_lakefs_group_membership\" \"test\" {\n  group_id = iam_lakefs_group.test.id\n  user_id = %q\n  depends_on = [%s]\n}\n", c.users(letter)[0], dependsOn)
	}
	list := "[" + quoted(c.users("ab")) + "]"
	after := strings.Replace(c.exclusive(list), "\n}", "\n  depends_on = [iam_lakefs_group_membership.test]\n}", 1)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: c.lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: c.members("ab") + single(theMembers, "c"), ExpectError: says("Could not create lakeFS group membership", "Another resource of this configuration manages the members of the group", "Keep one of the two")},
			{Config: c.group(), Destroy: true},
			{Config: c.group() + after + single("", "c"), ExpectError: says("Could not create lakeFS exclusive group memberships", "Another resource of this configuration manages the group membership", "Keep one of the two")},
			{Config: c.group(), Destroy: true},
			{
				Config:      c.members("ab") + strings.Replace(c.exclusive(list), `"test" {`, `"other" {`, 1),
				ExpectError: says("Another resource of this configuration manages the members of the group"),
			},
			{Config: c.group()},
		},
	})
}

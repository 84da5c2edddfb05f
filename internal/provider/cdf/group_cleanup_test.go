// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file tests updates of groups that make the new group and cannot delete the
// old one.

// changes is a check of a plan: exactly these attributes of an object change, and
// superseded_ids from these ids to none.
type changes struct {
	address    string
	attributes []string
	superseded func() []int64
	// unknown says that superseded_ids shall be known only after apply: without a
	// refresh the state does not show which they are.
	unknown bool
}

// CheckPlan implements plancheck.PlanCheck.
func (c changes) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		if change.Address == c.address {
			resp.Error = c.check(change.Change.Before, change.Change.After, change.Change.AfterUnknown)
			return
		}
	}
	resp.Error = fmt.Errorf("the plan does not have %s", c.address)
}

func (c changes) check(before, after, unknown any) error {
	from, isObject := before.(map[string]any)
	to, staysObject := after.(map[string]any)
	later, _ := unknown.(map[string]any)
	if !isObject || !staysObject {
		return fmt.Errorf("%s is %v before and %v after, want an update", c.address, before, after)
	}
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(from)) {
		if later[name] == true || !reflect.DeepEqual(from[name], to[name]) {
			changed = append(changed, name)
		}
	}
	if diff := cmp.Diff(c.attributes, changed); diff != "" {
		return fmt.Errorf("attributes of %s that change (-want +got):\n%s", c.address, diff)
	}
	want := []string{}
	for _, id := range c.superseded() {
		want = append(want, fmt.Sprint(id))
	}
	if c.unknown {
		want = nil
	}
	if shown := texts(from["superseded_ids"]); !slices.Equal(want, shown) || len(texts(to["superseded_ids"])) > 0 || later["superseded_ids"] == true != c.unknown {
		return fmt.Errorf("superseded_ids are planned from %v to %v, want from %v to none", shown, to["superseded_ids"], want)
	}
	return nil
}

func texts(list any) (texts []string) {
	elements, _ := list.([]any)
	for _, element := range elements {
		texts = append(texts, fmt.Sprint(element))
	}
	slices.Sort(texts)
	return texts
}

// onlyCleanUp asks that nothing is planned but to delete what a group has replaced.
func onlyCleanUp(superseded func() []int64, checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	checks = append(checks, changes{address: theGroup, attributes: []string{"superseded_ids"}, superseded: superseded})
	return planned(theGroup, plancheck.ResourceActionUpdate, checks...)
}

// dependantKnows asks that the id of the group is known while the clean-up is planned.
var dependantKnows = plancheck.ExpectKnownValue("terraform_data.dependant", tfjsonpath.New("input"), knownvalue.NotNull())

// stillThere is how the error of a delete reads.
func stillThere(name string) []string {
	return []string{"Could not update CDF group", name, "is in place, but the group", "which it replaces, could not be deleted: it still grants what it did, and the next apply deletes it"}
}

// withDependant adds an object that knows the id of the group.
func withDependant(config string) string {
	return config + "resource \"terraform_data\" \"dependant\" {\n  input = iam_cdf_group.test.id\n}\n"
}

// The old group of an update cannot be deleted: the apply fails, state has the new
// group, and the next apply deletes the old one and does nothing else.
func TestAccCDFGroup_deleteFails(t *testing.T) {
	t.Parallel()
	for title, happen := range map[string]happening{
		"refused": answered(false, http.StatusForbidden), "broken": answered(false, http.StatusInternalServerError), "connection cut": lost(false),
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			providers, said := acctest.Listen(w.Providers())
			name := w.Name("cleanup")
			changed := withDependant(groupConfig(name, anotherGrant))
			var old, made int64
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				CheckDestroy:             groupsAre(t, w.CDF, name, 0),
				Steps: []resource.TestStep{
					{
						Config: withDependant(groupConfig(name, readAll)),
						Check:  func(*terraform.State) error { old = theOne(t, w.CDF, name); return nil },
					},
					{
						PreConfig:   func() { w.breaks(deleteGroup, -1, happen) },
						Config:      changed,
						ExpectError: says(stillThere(name)...),
					},
					{
						PreConfig: func() {
							ids := groupIDs(t, w.CDF, name)
							if len(ids) != 2 || ids[0] != old {
								t.Errorf("the server has the groups %v, want %d and a new one", ids, old)
							}
							made = ids[len(ids)-1]
							w.heals()
							w.writes()
						},
						Config:            changed,
						ConfigPlanChecks:  onlyCleanUp(func() []int64 { return []int64{old} }, dependantKnows),
						ConfigStateChecks: []statecheck.StateCheck{nothingLeft()},
						Check: resource.ComposeTestCheckFunc(w.wantWrites(deleteGroup), idIs(t, w, name), func(*terraform.State) error {
							if left := theOne(t, w.CDF, name); left != made {
								return fmt.Errorf("the group %d is left, want the new one, %d", left, made)
							}
							return nil
						}),
					},
				},
			})
			said.ExpectWarnings(t, newGroupWarning)
		})
	}
}

// Several groups can be left behind.
func TestAccCDFGroup_deleteFailsTwice(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	name := w.Name("cleanup")
	var ids []int64
	changed := func(arguments string) string { return withDependant(groupConfig(name, arguments)) }
	both := func() []int64 { return ids[:2] }
	fails := resource.TestStep{Config: changed(anotherGrant), ExpectError: says(stillThere(name)...)}
	again := fails
	again.Config = changed(readAll + anotherGrant)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             groupsAre(t, w.CDF, name, 0),
		Steps: []resource.TestStep{
			{
				Config: changed(readAll),
				Check: func(*terraform.State) error {
					w.breaks(deleteGroup, -1, answered(false, http.StatusInternalServerError))
					return nil
				},
			},
			fails, again,
			{
				// The clean-up fails once more, and is still planned.
				PreConfig:   func() { ids = groupIDs(t, w.CDF, name) },
				Config:      changed(readAll + anotherGrant),
				ExpectError: says(stillThere(name)...),
			},
			{
				PreConfig:         func() { w.heals(); w.writes() },
				Config:            changed(readAll + anotherGrant),
				ConfigPlanChecks:  onlyCleanUp(both),
				ConfigStateChecks: []statecheck.StateCheck{nothingLeft()},
				Check:             resource.ComposeTestCheckFunc(w.wantWrites(deleteGroup, deleteGroup), idIs(t, w, name)),
			},
		},
	})
	if len(ids) != 3 {
		t.Errorf("the server had the groups %v, want 3", ids)
	}
}

// Of several that are to be deleted, those are remembered that are left; a change
// takes them along.
func TestAccCDFGroup_deleteFailsInPart(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	name := w.Name("cleanup")
	fails := answered(false, http.StatusInternalServerError)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             groupsAre(t, w.CDF, name, 0),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{PreConfig: func() { w.breaks(deleteGroup, -1, fails) }, Config: groupConfig(name, anotherGrant), ExpectError: says(stillThere(name)...)},
			{
				// Of the two, the first is deleted and the second not.
				PreConfig:   func() { w.breaksInTurn(deleteGroup, following(func() {}), fails) },
				Config:      groupConfig(name, ""),
				ExpectError: says(stillThere(name)...),
			},
			{
				PreConfig: func() {
					if left := groupIDs(t, w.CDF, name); len(left) != 2 {
						t.Errorf("the server has the groups %v, want 2", left)
					}
				},
				Config:           groupConfig(name, ""),
				ConfigPlanChecks: onlyCleanUp(func() []int64 { return groupIDs(t, w.CDF, name)[:1] }),
				Check:            idIs(t, w, name),
			},
		},
	})
}

// Without a refresh the state does not show what is left, but it is known.
func TestAccCDFGroup_deleteFailsWithoutRefresh(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	name := w.Name("cleanup")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		AdditionalCLIOptions:     &resource.AdditionalCLIOptions{Plan: resource.PlanOptions{NoRefresh: true}},
		CheckDestroy:             groupsAre(t, w.CDF, name, 0),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{
				PreConfig: func() { w.breaks(deleteGroup, 1, answered(false, http.StatusInternalServerError)) },
				Config:    groupConfig(name, anotherGrant), ExpectError: says(stillThere(name)...),
			},
			{
				Config: groupConfig(name, anotherGrant),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionUpdate, changes{
					address: theGroup, attributes: []string{"superseded_ids"}, superseded: func() []int64 { return nil }, unknown: true,
				}),
				Check: idIs(t, w, name),
			},
		},
	})
}

// Destroying a group deletes those that it has replaced, too, and forgets none of
// them when that fails.
func TestAccCDFGroup_destroyWithCleanUp(t *testing.T) {
	t.Parallel()
	fails := answered(false, http.StatusInternalServerError)
	for title, turns := range map[string][]happening{
		"the first fails":  {fails},
		"the second fails": {following(func() {}), fails},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			name := w.Name("destroy")
			steps := []resource.TestStep{
				{Config: groupConfig(name, readAll)},
				{PreConfig: func() { w.breaks(deleteGroup, -1, fails) }, Config: groupConfig(name, anotherGrant), ExpectError: says(stillThere(name)...)},
			}
			steps = append(steps, resource.TestStep{
				PreConfig: func() { w.breaksInTurn(deleteGroup, turns...) },
				Config:    groupConfig(name, anotherGrant), Destroy: true, ExpectError: says("Could not delete CDF group", name, "500"),
			})
			steps = append(steps, resource.TestStep{PreConfig: w.heals, Config: groupConfig(name, anotherGrant), Destroy: true})
			resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: w.Providers(), Steps: steps})
			must(t, groupsAre(t, w.CDF, name, 0)(nil))
		})
	}
}

// What is to be deleted may have been deleted elsewhere.
func TestAccCDFGroup_cleanUpOfGone(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	name := w.Name("gone")
	var old int64
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{
				PreConfig: func() {
					old = theOne(t, w.CDF, name)
					w.breaks(deleteGroup, -1, answered(false, http.StatusInternalServerError))
				},
				Config: groupConfig(name, anotherGrant), ExpectError: says(stillThere(name)...),
			},
			{
				PreConfig: func() {
					w.heals()
					must(t, w.Client.DeleteGroups(t.Context(), old))
				},
				Config:            groupConfig(name, anotherGrant),
				ConfigPlanChecks:  onlyCleanUp(func() []int64 { return []int64{old} }),
				ConfigStateChecks: []statecheck.StateCheck{nothingLeft()},
			},
		},
	})
}

// When the group itself is gone, what it has replaced can be named only.
func TestAccCDFGroup_goneWithCleanUp(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	providers, said := acctest.Listen(w.Providers())
	name := w.Name("gone")
	var old int64
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{
				PreConfig: func() { w.breaks(deleteGroup, -1, answered(false, http.StatusInternalServerError)) },
				Config:    groupConfig(name, anotherGrant), ExpectError: says(stillThere(name)...),
			},
			{
				PreConfig: func() {
					w.heals()
					ids := groupIDs(t, w.CDF, name)
					old = ids[0]
					must(t, w.Client.DeleteGroups(t.Context(), ids[1]))
					said.Forget()
				},
				Config:           groupConfig(name, anotherGrant),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionCreate),
			},
		},
	})
	said.ExpectWarnings(t, fmt.Sprintf(`^CDF groups that nobody deletes: The group "%s" \(id \d+\) is gone, and with it what was known of the groups that it has replaced and that could not be deleted: id %d\.`, name, old))
	must(t, w.Client.DeleteGroups(context.WithoutCancel(t.Context()), old))
}

// A namesake of the content that a group gets by an update is none of ours: it is
// left alone, and named.
func TestAccCDFGroup_updateBesideTwin(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	providers, said := acctest.Listen(w.Providers())
	name := w.Name("twin")
	var twin int64
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: groupConfig(name, anotherGrant)},
			{
				PreConfig: func() { twin = makeGroup(t, w.CDF, name, assets) },
				Config:    groupConfig(name, readAll),
				Check: func(*terraform.State) error {
					if ids := groupIDs(t, w.CDF, name); len(ids) != 2 || ids[0] != twin {
						return errors.New("the twin is gone, or the old group is left")
					}
					return nil
				},
			},
		},
	})
	said.ExpectWarnings(t, newGroupWarning, fmt.Sprintf(`^CDF groups of the same name and content: .*id %d\. They were left alone`, twin))
}

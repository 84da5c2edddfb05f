// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

const theGroup = "iam_cdf_group.test"

// groupConfig configures the group; arguments may be nested blocks.
func groupConfig(name, arguments string) string {
	return fmt.Sprintf("resource \"iam_cdf_group\" \"test\" {\n  name = %q\n%s\n}\n", name, arguments)
}

// grant is a capability block.
func grant(acl, actions, scope string) string {
	return fmt.Sprintf("  capability {\n    acl     = %q\n    actions = [%s]\n    scope {\n      %s\n    }\n  }\n", acl, actions, scope)
}

// readAll grants to read assets, anotherGrant something else.
var (
	readAll      = grant("assetsAcl", `"READ"`, "all = true")
	anotherGrant = grant("eventsAcl", `"READ", "WRITE"`, "data_set_ids = [1, 2]")
)

// assets is what readAll is on the wire.
const assets = `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`

// groupIs checks an attribute of the group in state.
func groupIs(name string, check knownvalue.Check) statecheck.StateCheck {
	return attribute(theGroup, name, check)
}

// nothingLeft checks that no group is still to be deleted.
func nothingLeft() statecheck.StateCheck {
	return groupIs("superseded_ids", knownvalue.SetExact(nil))
}

// allowed checks the permissions of the group.
func allowed(lines ...string) knownvalue.Check {
	checks := map[string]knownvalue.Check{}
	for _, line := range lines {
		checks[line] = knownvalue.StringExact("allow")
	}
	return knownvalue.MapExact(checks)
}

// newGroupWarning is what is said of every change of a group.
const newGroupWarning = `^A changed CDF group is a new group: CDF cannot change the group "[^"]+" \(id \d+\): a new group with a new id takes its place.*at most 1500 groups, counting deleted ones; those that CDF lists now are \d+, and deleted ones that it no longer lists come on top\.$`

func TestAccCDFGroup_basic(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name := project.Name("readers")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupsAre(t, project, name, 0),
		Steps: []resource.TestStep{{
			Config: groupConfig(name, `
  source_id = "b7c9a5a4"
  metadata  = { team = "wells" }
`+readAll+grant("rawAcl", `"READ"`, `tables = { db1 = ["t1", "t2"], db2 = [] }`)+grant("timeSeriesAcl", `"READ"`, "ids = [1, 2]")),
			ConfigStateChecks: []statecheck.StateCheck{
				groupIs("id", knownvalue.NotNull()),
				groupIs("name", knownvalue.StringExact(name)),
				groupIs("source_id", knownvalue.StringExact("b7c9a5a4")),
				groupIs("members", knownvalue.ListExact(nil)),
				groupIs("all_user_accounts", knownvalue.Bool(false)),
				groupIs("capability", knownvalue.ListSizeExact(3)),
				groupIs("capabilities_json", knownvalue.StringExact("")),
				groupIs("metadata", knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("wells")})),
				groupIs("attributes_json", knownvalue.StringExact("")),
				groupIs("permissions", allowed("assetsAcl:READ in all", "rawAcl:READ in table db1/t1", "rawAcl:READ in table db1/t2",
					"rawAcl:READ in database db2", "timeSeriesAcl:READ in id 1", "timeSeriesAcl:READ in id 2")),
				nothingLeft(),
			},
			ConfigPlanChecks: emptyPlanAfterApply(),
			Check:            func(*terraform.State) error { return onServer(t, project, name, "b7c9a5a4", nil) },
		}},
	})
	said.ExpectWarnings(t)
}

// onServer checks who belongs to the one group of a name.
func onServer(t *testing.T, project *acctest.CDF, name, sourceID string, members *cdfapi.Members) error {
	groups, err := groupsNamed(t.Context(), project, name)
	if err != nil || len(groups) != 1 {
		return errors.Join(err, fmt.Errorf("the server has %d groups of the name %q, want 1", len(groups), name))
	}
	got, want := cdfapi.Members{}, cdfapi.Members{}
	if groups[0].Members != nil {
		got = *groups[0].Members
	}
	if members != nil {
		want = *members
	}
	if groups[0].SourceID != sourceID || got.AllUserAccounts != want.AllUserAccounts || !slices.Equal(got.IDs, want.IDs) {
		return fmt.Errorf("the group has the source id %q and the members %v, want %q and %v", groups[0].SourceID, got, sourceID, want)
	}
	return nil
}

// What belongs to the group is one of three things; each is sent as such.
func TestAccCDFGroup_members(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{}) // members are not checked
	name := project.Name("members")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		CheckDestroy:             groupsAre(t, project, name, 0),
		Steps: []resource.TestStep{
			{
				Config:            groupConfig(name, `members = ["user-bo", "user-anna"]`),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("members", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("user-bo"), knownvalue.StringExact("user-anna")}))},
				Check: func(*terraform.State) error {
					return onServer(t, project, name, "", &cdfapi.Members{IDs: []string{"user-bo", "user-anna"}})
				},
			},
			{
				Config:           groupConfig(name, "all_user_accounts = true"),
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check: func(*terraform.State) error {
					return onServer(t, project, name, "", &cdfapi.Members{AllUserAccounts: true})
				},
			},
			{
				Config: groupConfig(name, ""), ConfigPlanChecks: emptyPlanAfterApply(),
				Check: func(*terraform.State) error { return onServer(t, project, name, "", nil) },
			},
		},
	})
}

// A change makes a new group and deletes the old one, and never another of its name.
func TestAccCDFGroup_update(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name, renamed := project.Name("update"), project.Name("renamed")
	namesake := makeGroup(t, project, name, assets)
	newID := planned(theGroup, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(theGroup, tfjsonpath.New("id")),
		plancheck.ExpectKnownValue(theGroup, tfjsonpath.New("superseded_ids"), knownvalue.SetExact(nil)))
	ids := statecheck.CompareValue(compare.ValuesDiffer())
	otherID := func() statecheck.StateCheck { return ids.AddStateValue(theGroup, tfjsonpath.New("id")) }
	only := func(*terraform.State) error {
		if ids := append(groupIDs(t, project, name), groupIDs(t, project, renamed)...); len(ids) != 2 || ids[0] != namesake {
			return fmt.Errorf("the server has the groups %v, want %d and another one", ids, namesake)
		}
		return nil
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: groupConfig(name, anotherGrant), ConfigStateChecks: []statecheck.StateCheck{otherID()}, Check: only},
			{
				Config:            groupConfig(name, anotherGrant+`metadata = { team = "wells" }`),
				ConfigPlanChecks:  newID,
				ConfigStateChecks: []statecheck.StateCheck{otherID(), nothingLeft()}, Check: only,
			},
			{
				Config: groupConfig(renamed, anotherGrant), ConfigPlanChecks: newID,
				ConfigStateChecks: []statecheck.StateCheck{otherID(), groupIs("name", knownvalue.StringExact(renamed))}, Check: only,
			},
		},
	})
	said.ExpectWarnings(t, newGroupWarning, newGroupWarning)
}

// A group that is deleted elsewhere is made anew, also where CDF goes on listing it.
func TestAccCDFGroup_disappears(t *testing.T) {
	t.Parallel()
	for title, listed := range map[string]bool{"not listed any more": false, "listed as deleted": true} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			project := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{ListDeletedGroups: listed}})
			name := project.Name("disappears")
			config := groupConfig(name, readAll)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: project.Providers(),
				CheckDestroy:             groupsAre(t, project, name, 0),
				Steps: []resource.TestStep{
					{Config: config},
					{
						PreConfig:        func() { must(t, project.Client.DeleteGroups(t.Context(), theOne(t, project, name))) },
						Config:           config,
						ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionCreate),
					},
				},
			})
		})
	}
}

// A group that somebody has made anew is not the one that was known. It is named, since
// it may grant what the configuration does not say.
func TestAccCDFGroup_madeAnewElsewhere(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("anew")
	providers, said := acctest.Listen(project.Providers())
	var anew int64
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{
				PreConfig: func() {
					must(t, project.Client.DeleteGroups(t.Context(), theOne(t, project, name)))
					anew = makeGroup(t, project, name, `[{"rawAcl":{"actions":["READ"],"scope":{"all":{}}}}]`)
				},
				Config: groupConfig(name, readAll), PlanOnly: true, ExpectNonEmptyPlan: true,
			},
		},
	})
	said.ExpectWarnings(t, fmt.Sprintf(`(?s)^CDF groups of the name of one that is gone: The group "%s" \(id \d+\) is gone, but others have its name: id %d\. .*terraform state rm.*id = "%[2]d"`, name, anew))
}

func TestAccCDFGroup_import(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{}) // members are not checked
	name := project.Name("teams/wells: readers")
	byID := func(*terraform.State) (string, error) { return strconv.FormatInt(theOne(t, project, name), 10), nil }
	config := groupConfig(name, "members = [\"user-anna\"]\nmetadata = { team = \"wells\" }\nattributes_json = jsonencode({ token = { appIds = [\"app\"] } })\n"+readAll+anotherGrant)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{ResourceName: theGroup, ImportState: true, ImportStateIdFunc: byID, ImportStateVerify: true},
			{ResourceName: theGroup, ImportState: true, ImportStateId: name, ImportStateVerify: true},
			{ResourceName: theGroup, ImportState: true, ImportStateId: name, ImportStateKind: resource.ImportBlockWithID},
		},
	})
}

// A name may look like an id. It is taken for one first.
func TestAccCDFGroup_importOfDigits(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	config, checks := "", []plancheck.PlanCheck{}
	for i, name := range []string{"2026", "007", "+5", "12345678901234567890"} {
		makeGroup(t, project, name, assets)
		address := fmt.Sprintf("iam_cdf_group.g%d", i)
		config += fmt.Sprintf("resource \"iam_cdf_group\" \"g%d\" {\n  name = %q\n%s}\nimport {\n  to = %s\n  id = %q\n}\n", i, name, readAll, address, name)
		checks = append(checks, plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps:                    []resource.TestStep{{Config: config, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks}}},
	})
}

// nothingButImport asks that the import changes nothing.
func nothingButImport() resource.ConfigPlanChecks {
	return planned(theGroup, plancheck.ResourceActionNoop)
}

func TestAccCDFGroup_importRefused(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("twice")
	ids := []int64{makeGroup(t, project, name, assets), makeGroup(t, project, name, assets)}
	refused := func(id string, parts ...string) resource.TestStep {
		return resource.TestStep{Config: groupConfig("a", ""), ResourceName: theGroup, ImportState: true, ImportStateId: id, ExpectError: says(parts...)}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			refused(name, "Several groups have the name", name, fmt.Sprintf("use one of the ids %d, %d", ids[0], ids[1])),
			refused(project.Name("nobody"), "There is no group of the name", "nobody"),
			refused("17", "No group has the id 17: there is no group of the name \"17\""),
		},
	})
}

// A group of the same name and content that is there already is not taken over. The
// import block that the error prints works.
func TestAccCDFGroup_exists(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name := project.Name("exists")
	id := makeGroup(t, project, name, `[{"assetsAcl":{"scope":{"all":{}},"actions":["READ","READ"]}}]`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupsAre(t, project, name, 0),
		Steps: []resource.TestStep{
			{
				Config:      groupConfig(name, readAll),
				ExpectError: says("exists already, with the same content", "An object that exists is never taken over silently"),
			},
			{
				Config:           groupConfig(name, readAll) + fmt.Sprintf("import {\n  to = %s\n  id = \"%d\"\n}\n", theGroup, id),
				ConfigPlanChecks: nothingButImport(),
			},
		},
	})
	said.ExpectErrors(t, regexp.QuoteMeta(fmt.Sprintf("import {\n    to = iam_cdf_group.NAME\n    id = \"%d\"\n  }", id)))
}

// Two resources of one name and other content are two groups. Of the same content
// they are an error: nobody could tell them apart when an answer is lost.
func TestAccCDFGroup_severalOfOneName(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("several")
	config := func(datasets string) string {
		return fmt.Sprintf("resource \"iam_cdf_group\" \"test\" {\n  count = 4\n  name = %q\n%s\n}\n", name, grant("assetsAcl", `"READ"`, "data_set_ids = ["+datasets+"]"))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		CheckDestroy:             groupsAre(t, project, name, 0),
		Steps: []resource.TestStep{
			{Config: config("1"), ExpectError: says("Another resource of this configuration manages", name, "Keep one of the two")},
			{Config: config("10 + count.index"), Check: groupsAre(t, project, name, 4), ConfigPlanChecks: emptyPlanAfterApply()},
		},
	})
}

// The plan of a change lists what is granted and what is revoked.
func TestAccCDFGroup_permissions(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("permissions")
	tables := func(tables string) string {
		return groupConfig(name, readAll+grant("rawAcl", `"READ"`, "tables = { db1 = ["+tables+"] }"))
	}
	before := allowed("assetsAcl:READ in all", "rawAcl:READ in table db1/t1")
	after := allowed("assetsAcl:READ in all", "rawAcl:READ in table db1/t1", "rawAcl:READ in table db1/t2")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{
				Config:            tables(`"t1"`),
				ConfigPlanChecks:  planned(theGroup, plancheck.ResourceActionCreate, plancheck.ExpectKnownValue(theGroup, tfjsonpath.New("permissions"), before)),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("permissions", before)},
			},
			{
				Config: tables(`"t1", "t2"`),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(theGroup, tfjsonpath.New("permissions"), after)),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("permissions", after)},
			},
			{
				// What another capability covers is left out.
				Config: groupConfig(name, readAll+grant("assetsAcl", `"READ"`, "data_set_ids = [1]")+grant("rawAcl", `"READ"`, `tables = { db1 = ["t1"] }`)+grant("rawAcl", `"READ"`, `tables = { db1 = [] }`)),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(theGroup, tfjsonpath.New("permissions"), allowed("assetsAcl:READ in all", "rawAcl:READ in database db1"))),
			},
		},
	})
}

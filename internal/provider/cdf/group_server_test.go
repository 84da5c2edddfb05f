// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
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
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// This file tests groups of projects that hold or answer other than the usual, and
// callers that see a part of them.

// plant stores a group that the API might not take.
func plant(t *testing.T, project *acctest.CDF, group string) (id int64) {
	t.Helper()
	id, err := project.Local.AddCDFGroup(json.RawMessage(group))
	must(t, err)
	return id
}

// imports is an import block.
func imports(id int64) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = \"%d\"\n}\n", theGroup, id)
}

// serverHas checks members of the one group of a name, as the server answers them.
func serverHas(t *testing.T, project *acctest.CDF, name string, want map[string]string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		groups, err := groupsNamed(t.Context(), project, name)
		if err != nil || len(groups) != 1 {
			return errors.Join(err, fmt.Errorf("%d groups have the name %q, want 1", len(groups), name))
		}
		got := map[string]string{}
		for member := range want {
			switch member {
			case "capabilities":
				got[member] = string(groups[0].Capabilities)
			case "attributes":
				got[member] = string(groups[0].Attributes)
			default:
				got[member] = string(groups[0].Extra[member])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("the group on the server (-want +got):\n%s", diff)
		}
		return nil
	}
}

// What the configuration does not say survives a change, which is a new group.
func TestAccCDFGroup_survives(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	id := plant(t, project, `{"name": "rich", "capabilities": [], "owner": {"id": 9007199254740993}, "attributes": {"token": {"appIds": ["a"]}, "new": 1.50}}`)
	kept := map[string]string{"owner": `{"id":9007199254740993}`, "attributes": `{"token":{"appIds":["a"]},"new":1.50}`}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{
				Config:            groupConfig("rich", "") + imports(id),
				ConfigPlanChecks:  nothingButImport(),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("attributes_json", knownvalue.StringExact(kept["attributes"]))},
			},
			{
				Config:            groupConfig("rich", readAll),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("attributes_json", knownvalue.StringExact(kept["attributes"]))},
				Check:             serverHas(t, project, "rich", kept),
				ConfigPlanChecks:  emptyPlanAfterApply(),
			},
			{
				Config: groupConfig("rich", readAll+`attributes_json = jsonencode({ token = { appIds = ["b"] } })`),
				Check:  serverHas(t, project, "rich", map[string]string{"owner": kept["owner"], "attributes": `{"token":{"appIds":["b"]}}`}),
			},
		},
	})
}

// Names that the catalogue does not know come back as they were sent.
func TestAccCDFGroup_unknownNames(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	const wire = `[{"newAcl":{"actions":["INVENT"],"scope":{"all":{}}}},` +
		`{"assetsAcl":{"actions":["READ","INVENT"],"scope":{"newScope":{"deep":[1.50,{"x":null}]}}}}]`
	const more = `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{"new":1}},"version":2},"projectUrlNames":{"urlNames":["other"]}}]`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{
				Config: groupConfig("new", grant("newAcl", `"INVENT"`, "all = true")+
					grant("assetsAcl", `"READ", "INVENT"`, `json = "{\"newScope\": {\"deep\": [1.50, {\"x\": null}]}}"`)),
				Check:             serverHas(t, project, "new", map[string]string{"capabilities": wire}),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("permissions", knownvalue.MapSizeExact(3))},
				ConfigPlanChecks:  emptyPlanAfterApply(),
			},
			{Config: groupConfig("new", "capabilities_json = <<-EOT\n"+wire+"\nEOT"), ConfigPlanChecks: nothingPlanned()},
			{
				Config:           groupConfig("new", "capabilities_json = <<-EOT\n"+more+"\nEOT"),
				Check:            serverHas(t, project, "new", map[string]string{"capabilities": more}),
				ConfigPlanChecks: emptyPlanAfterApply(),
			},
			{
				// What blocks cannot hold is imported as JSON.
				ResourceName: theGroup, ImportState: true, ImportStateId: "new", ImportStateVerify: true, ImportStateVerifyIgnore: []string{"capabilities_json"},
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					if got := states[0].Attributes["capabilities_json"]; got != more {
						return fmt.Errorf("capabilities_json is %s, want %s", got, more)
					}
					return nil
				},
			},
		},
	})
}

// CDF says of each capability that it holds in its own project. That is no news.
func TestAccCDFGroup_ownProject(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	name := w.Name("own")
	limited := rewritten(func(body string) string {
		return strings.ReplaceAll(body, `{"assetsAcl":`, `{"projectUrlNames": {"urlNames": ["local"]}, "assetsAcl":`)
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{PreConfig: func() { w.breaks(listGroups, -1, limited) }, Config: groupConfig(name, readAll), ConfigPlanChecks: emptyPlanAfterApply()},
			{ResourceName: theGroup, ImportState: true, ImportStateId: name, ImportStateVerify: true},
		},
	})
}

// Where the identity provider backs the cluster, CDF may answer both a source id
// and members.
func TestAccCDFGroup_bothSourceIDAndMembers(t *testing.T) {
	t.Parallel()
	t.Run("imported", func(t *testing.T) {
		t.Parallel()
		project := acctest.StartLocalCDF(t, localserver.Options{})
		id := plant(t, project, `{"name": "both", "sourceId": "abc", "members": ["user-anna"], "capabilities": []}`)
		resource.UnitTest(t, resource.TestCase{
			ProtoV6ProviderFactories: project.Providers(),
			Steps: []resource.TestStep{{
				Config:            groupConfig("both", `source_id = "abc"`) + imports(id),
				ConfigPlanChecks:  nothingButImport(),
				ConfigStateChecks: []statecheck.StateCheck{groupIs("members", knownvalue.ListExact(nil))},
			}},
		})
	})
	for title, test := range map[string]struct{ arguments, answered, with string }{
		"source id kept": {`source_id = "abc"`, `"sourceId":"abc"`, `"sourceId":"abc","members":["user-anna"]`},
		"members kept":   {`members = ["user-anna"]`, `"members":["user-anna"]`, `"members":["user-anna"],"x-sourceId":""`},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			name := w.Name("both")
			both := rewritten(func(body string) string {
				body = strings.ReplaceAll(body, test.answered, test.with)
				if strings.Contains(test.with, "x-sourceId") {
					body = strings.ReplaceAll(body, `"sourceId":""`, `"sourceId":"of-the-identity-provider"`)
				}
				return body
			})
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				Steps: []resource.TestStep{{
					PreConfig: func() { w.breaks(listGroups, -1, both) },
					Config:    groupConfig(name, test.arguments), ConfigPlanChecks: emptyPlanAfterApply(),
				}},
			})
		})
	}
}

// A group with capabilities that make no sense is shown as far as that goes, and
// made anew when it is to have others.
func TestAccCDFGroup_unreadableCapabilities(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(project.Providers())
	const odd = `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{}}}]`
	id := plant(t, project, `{"name": "odd", "capabilities": `+odd+`}`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				ResourceName: theGroup, Config: groupConfig("odd", readAll), ImportState: true, ImportStateId: "odd",
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					got := states[0].Attributes
					if got["capabilities_json"] != odd || got["capability.#"] != "0" || got["permissions.assetsAcl:READ in all"] != "allow" {
						return fmt.Errorf("the state is %v", got)
					}
					return nil
				},
			},
			{
				Config:           groupConfig("odd", readAll) + imports(id),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(theGroup, tfjsonpath.New("id"))),
				Check:            serverHas(t, project, "odd", map[string]string{"capabilities": assets}),
			},
		},
	})
	said.ExpectWarnings(t, newGroupWarning,
		fmt.Sprintf(`^CDF group with capabilities that cannot be read: The group "odd" \(id %d\): \[1\]\.assetsAcl\.scope: no scope.*What cannot be read is not among its permissions\.$`, id))
}

// A caller that may not list all groups sees its own. What it does not see may
// exist, so nothing is dropped from the state.
func TestAccCDFGroup_hidden(t *testing.T) {
	t.Parallel()
	for title, capabilities := range map[string]string{
		"without LIST":    `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}}]`,
		"listing its own": `[{"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}}]`,
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			id, secret := w.Caller(t, "caller", capabilities)
			name := w.Name("hidden")
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             groupsAre(t, w.CDF, name, 0),
				Steps: []resource.TestStep{
					{Config: groupConfig(name, readAll)},
					{
						PreConfig: func() { w.as(id, secret) },
						Config:    groupConfig(name, readAll), PlanOnly: true,
						ExpectError: says("Could not read CDF group", name, "is not among those that the caller can see, and the caller may not list all",
							"The state is left as it is. The operation needs groupsAcl:LIST in all. Add this to a group of the caller:"),
					},
					{PreConfig: func() { w.as(w.Local.ClientID(), w.Local.ClientSecret()) }, Config: groupConfig(name, readAll), ConfigPlanChecks: nothingPlanned()},
				},
			})
		})
	}
}

// A caller without LIST sees the groups that it is in. It does not change them: there
// may be others like them.
func TestAccCDFGroup_ownGroups(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	id, secret := w.Caller(t, "caller", `[{"groupsAcl":{"actions":["CREATE","DELETE"],"scope":{"all":{}}}}]`)
	providers, said := acctest.Listen(w.Providers())
	name := w.Name("own")
	members := fmt.Sprintf("members = [%q]\n", id)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             groupsAre(t, w.CDF, name, 0),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, members+readAll)},
			{PreConfig: func() { w.as(id, secret) }, Config: groupConfig(name, members+readAll), ConfigPlanChecks: nothingPlanned()},
			{
				Config:      groupConfig(name, members+anotherGrant),
				ExpectError: says("Could not update CDF group", name, "was not created, since the caller could neither see", "The operation needs groupsAcl:LIST in all"),
			},
			{
				ResourceName: theGroup, ImportState: true, ImportStateId: name,
				ExpectError: says("Could not import CDF group", name, "has the name", "there may be others that it cannot see; use an id", "The operation needs groupsAcl:LIST in all"),
			},
			{ResourceName: theGroup, ImportState: true, ImportStateVerify: true},
			{Config: groupConfig(name, members+readAll), ConfigPlanChecks: nothingPlanned()},
		},
	})
	// How much of the limit is used cannot be read.
	said.ExpectWarnings(t, `^Missing permission groupsAcl:LIST: iam_cdf_group "tfacc-own": to update it`, `^A changed CDF group is a new group: .*A project holds at most 1500 groups, counting deleted ones\.$`)
}

// Deleted groups count against the limit of a project.
func TestAccCDFGroup_limitOfProject(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{GroupLimit: 2}}) // that of the administrators is one
	name := project.Name("limit")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll)},
			{Config: groupConfig(name, anotherGrant), ExpectError: says("Could not update CDF group", name, "reached its limit of 2 groups, deleted ones included")},
			{Config: groupConfig(name, readAll), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

// Capabilities are a list because sets of objects take time that grows with the
// square of their number, in Terraform itself.
func TestAccCDFGroup_manyCapabilities(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{{
			Config: groupConfig(project.Name("many"), `
  dynamic "capability" {
    for_each = range(1, 61)
    content {
      acl     = "assetsAcl"
      actions = ["READ", "WRITE"]
      scope {
        data_set_ids = [capability.value]
      }
    }
  }`),
			ConfigPlanChecks: emptyPlanAfterApply(),
			ConfigStateChecks: []statecheck.StateCheck{
				groupIs("capability", knownvalue.ListSizeExact(60)),
				groupIs("permissions", knownvalue.MapSizeExact(120)),
			},
		}},
	})
}

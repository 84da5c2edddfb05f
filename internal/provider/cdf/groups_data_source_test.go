// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestAccCDFGroupsDataSource_basic(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{ListDeletedGroups: true}})
	gone, err := server.Client.CreateGroup(t.Context(), cdfapi.GroupWrite{Name: "gone"})
	must(t, err)
	must(t, server.Client.DeleteGroups(t.Context(), gone.ID))
	readSteps(t, server, `
resource "iam_cdf_group" "readers" {
  name    = "readers"
  members = ["user-bo", "user-anna"]
  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope {
      tables = { db1 = ["t1"], db2 = [] }
    }
  }
  metadata        = { team = "wells" }
  attributes_json = jsonencode({ token = { appIds = ["app"] } })
}
resource "iam_cdf_group" "everybody" {
  name              = "everybody"
  all_user_accounts = true
}
data "iam_cdf_groups" "test" {
  depends_on = [iam_cdf_group.readers, iam_cdf_group.everybody]
}
data "iam_cdf_groups" "named" {
  name       = "readers"
  depends_on = [iam_cdf_group.readers]
}
data "iam_cdf_groups" "own" {
  all        = false
  depends_on = [iam_cdf_group.readers]
}
`,
		// The two are made at the same time, in any order.
		readHas("groups", "groups", knownvalue.ListSizeExact(3)),
		attribute("data.iam_cdf_groups.own", "groups", itemsAre("name", "administrators")),
		attribute("data.iam_cdf_groups.own", "groups", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"source_id": knownvalue.StringExact("administrators"), "members": knownvalue.ListExact(nil), "all_user_accounts": knownvalue.Bool(false),
			"metadata": knownvalue.MapExact(nil), "attributes_json": knownvalue.StringExact(""), "capability": knownvalue.ListSizeExact(5),
		})})),
		attribute("data.iam_cdf_groups.named", "groups", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"id":                knownvalue.NotNull(),
			"name":              knownvalue.StringExact("readers"),
			"source_id":         knownvalue.StringExact(""),
			"members":           knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("user-anna"), knownvalue.StringExact("user-bo")}),
			"all_user_accounts": knownvalue.Bool(false),
			"metadata":          knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("wells")}),
			"capability": knownvalue.ListExact([]knownvalue.Check{typedCapability("rawAcl", "tables", knownvalue.MapExact(map[string]knownvalue.Check{
				"db1": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("t1")}), "db2": knownvalue.ListExact(nil),
			}), "READ")}),
			"capabilities_json": knownvalue.StringExact(`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]},"db2":{"tables":[]}}}}}}]`),
			"attributes_json":   knownvalue.StringExact(`{"token":{"appIds":["app"]}}`),
			"permissions":       permissionsAre("rawAcl:READ in database db2", "rawAcl:READ in table db1/t1"),
		})})),
	)
}

// Groups of one name are all there: names are not unique.
func TestAccCDFGroupsDataSource_namesakes(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	for range 2 {
		_, err := server.Client.CreateGroup(t.Context(), cdfapi.GroupWrite{Name: "twin"})
		must(t, err)
	}
	readSteps(t, server, read("groups", `name = "twin"`), readHas("groups", "groups", itemsAre("name", "twin", "twin")))
}

// oddGroups are groups as the service may answer them though it takes none of them
// so: without capabilities, with both sourceId and members, limited to its own and
// to another project, with an unknown kind of capability, and with one that has no
// meaning.
const oddGroups = `{"items": [
  {"id": 1, "name": "bare"},
  {"id": 2, "name": "both", "sourceId": "s", "members": ["b", "a"], "capabilities": [], "metadata": {}, "attributes": {}},
  {"id": 3, "name": "everybody", "sourceId": "", "members": "allUserAccounts", "capabilities": null, "isDeleted": false, "deletedTime": -1},
  {"id": 4, "name": "limited", "capabilities": [
    {"eventsAcl": {"actions": ["READ"], "scope": {"all": {}}}, "projectUrlNames": {"urlNames": ["local"]}},
    {"assetsAcl": {"actions": ["READ"], "scope": {"all": {}}}, "projectUrlNames": {"urlNames": ["other"]}}
  ]},
  {"id": 5, "name": "new", "capabilities": [{"newAcl": {"actions": ["SEE"], "scope": {"newScope": {"depth": 1}}}}]},
  {"id": 6, "name": "broken", "capabilities": [
    {"eventsAcl": {"actions": ["READ"], "scope": {"all": {}}}}, {"eventsAcl": {"actions": ["READ"]}}
  ]},
  {"id": 7, "name": "deleted", "isDeleted": true, "deletedTime": 1730204346000}
]}`

func TestAccCDFGroupsDataSource_oddAnswers(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/projects/local/groups", http.StatusOK, oddGroups))
	providers, said := acctest.Listen(server.Providers())
	partial := func(attributes map[string]knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectPartial(attributes)
	}
	none, nothing := knownvalue.ListExact(nil), knownvalue.StringExact("[]")
	events := `{"eventsAcl":{"actions":["READ"],"scope":{"all":{}}}}`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: read("groups", "all = true"),
			ConfigStateChecks: []statecheck.StateCheck{readHas("groups", "groups", knownvalue.ListExact([]knownvalue.Check{
				partial(map[string]knownvalue.Check{
					"name": knownvalue.StringExact("bare"), "source_id": knownvalue.StringExact(""), "members": none, "metadata": knownvalue.MapExact(nil),
					"capability": none, "capabilities_json": nothing, "permissions": knownvalue.MapExact(nil),
				}),
				partial(map[string]knownvalue.Check{
					"source_id": knownvalue.StringExact("s"), "members": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("a"), knownvalue.StringExact("b")}),
					"attributes_json": knownvalue.StringExact(""),
				}),
				partial(map[string]knownvalue.Check{"all_user_accounts": knownvalue.Bool(true), "members": none, "capabilities_json": nothing}),
				partial(map[string]knownvalue.Check{
					"capability": knownvalue.ListSizeExact(1), // what is limited to projects has no typed form
					"capabilities_json": knownvalue.StringExact(`[` + events +
						`,{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["other"]}}]`),
				}),
				partial(map[string]knownvalue.Check{
					"capability": knownvalue.ListExact([]knownvalue.Check{
						typedCapability("newAcl", "json", knownvalue.StringExact(`{"newScope":{"depth":1}}`), "SEE"),
					}),
				}),
				partial(map[string]knownvalue.Check{
					"capability":        knownvalue.ListSizeExact(1),
					"capabilities_json": knownvalue.StringExact(`[` + events + `,{"eventsAcl":{"actions":["READ"]}}]`),
					"permissions":       permissionsAre("eventsAcl:READ in all"),
				}),
			}))},
		}},
	})
	said.ExpectWarnings(t, `^Capability without meaning: The group "broken" \(id 6\): \[1\]\.eventsAcl`)
}

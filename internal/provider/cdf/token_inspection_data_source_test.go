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
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// typedCapability is a capability as blocks hold it, with one argument of its scope.
func typedCapability(acl, argument string, value knownvalue.Check, actions ...string) knownvalue.Check {
	texts := make([]knownvalue.Check, len(actions))
	for i, action := range actions {
		texts[i] = knownvalue.StringExact(action)
	}
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"acl":     knownvalue.StringExact(acl),
		"actions": knownvalue.ListExact(texts),
		"scope":   knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{argument: value})}),
	})
}

// permissionsAre checks a map of permissions, exactly.
func permissionsAre(lines ...string) knownvalue.Check {
	all := map[string]knownvalue.Check{}
	for _, line := range lines {
		all[line] = knownvalue.StringExact("allow")
	}
	return knownvalue.MapExact(all)
}

func TestAccCDFTokenInspection_basic(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	id, secret := server.Caller(t, "inspector", `[
		{"groupsAcl": {"actions": ["LIST"], "scope": {"all": {}}}},
		{"projectsAcl": {"actions": ["LIST", "READ"], "scope": {"all": {}}}},
		{"timeSeriesAcl": {"actions": ["READ"], "scope": {"datasetScope": {"ids": [9007199254740993]}}}}
	]`)
	own, err := server.Client.ListGroups(t.Context(), true)
	must(t, err)
	group := own[len(own)-1]
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.ProvidersAs(id, secret),
		Steps: []resource.TestStep{{
			Config: read("token_inspection", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				readHas("token_inspection", "subject", knownvalue.StringExact(id)),
				readHas("token_inspection", "project", knownvalue.Null()),
				readHas("token_inspection", "projects", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"project": knownvalue.StringExact("local"),
					"groups":  knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(group.ID)}),
					"capability": knownvalue.ListExact([]knownvalue.Check{
						typedCapability("groupsAcl", "all", knownvalue.Bool(true), "LIST"),
						typedCapability("projectsAcl", "all", knownvalue.Bool(true), "LIST", "READ"),
						typedCapability("timeSeriesAcl", "data_set_ids", knownvalue.ListSizeExact(1), "READ"),
					}),
					"capabilities_json": knownvalue.StringExact(`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}},` +
						`{"projectsAcl":{"actions":["LIST","READ"],"scope":{"all":{}}}},` +
						`{"timeSeriesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[9007199254740993]}}}}]`),
					"permissions": permissionsAre("groupsAcl:LIST in all", "projectsAcl:LIST in all", "projectsAcl:READ in all",
						"timeSeriesAcl:READ in data set 9007199254740993"),
				})})),
				readHas("token_inspection", "capabilities_json", knownvalue.StringExact(
					`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["local"]}},`+
						`{"projectScope":{"projects":["local"]},"projectsAcl":{"actions":["LIST","READ"],"scope":{"all":{}}}},`+
						`{"projectScope":{"projects":["local"]},"timeSeriesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[9007199254740993]}}}}]`)),
			},
		}},
	})
}

// severalProjects is what a token of several projects is answered: some of its
// capabilities hold in all, one has no meaning, one is of an unknown kind.
const severalProjects = `{
  "subject": "somebody",
  "projects": [{"projectUrlName": "wells", "groups": [7, 3]}, {"projectUrlName": "acme", "groups": []}],
  "capabilities": [
    {"groupsAcl": {"actions": ["LIST"], "scope": {"all": {}}}, "projectScope": {"allProjects": {}}},
    {"assetsAcl": {"actions": ["READ"], "scope": {"all": {}}}, "projectScope": {"projects": ["wells"]}},
    {"eventsAcl": {"actions": ["READ"], "scope": {}}, "projectScope": {"allProjects": {}}},
    {"newAcl": {"version": 2, "actions": ["SEE"], "scope": {"newScope": {"depth": 1}}}, "projectScope": {"projects": ["acme", "wells"]}}
  ]
}`

func TestAccCDFTokenInspection_projects(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/token/inspect", http.StatusOK, severalProjects))
	providers, said := acctest.Listen(server.Providers())
	const unknown = `{"newAcl":{"actions":["SEE"],"scope":{"newScope":{"depth":1}},"version":2}}`
	acme := knownvalue.ObjectExact(map[string]knownvalue.Check{
		"project":           knownvalue.StringExact("acme"),
		"groups":            knownvalue.ListExact(nil),
		"capability":        knownvalue.ListExact([]knownvalue.Check{typedCapability("groupsAcl", "all", knownvalue.Bool(true), "LIST")}),
		"capabilities_json": knownvalue.StringExact(`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}},` + unknown + `]`),
		"permissions":       knownvalue.MapPartial(map[string]knownvalue.Check{"groupsAcl:LIST in all": knownvalue.StringExact("allow")}),
	})
	wells := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"project":    knownvalue.StringExact("wells"),
		"groups":     knownvalue.ListExact([]knownvalue.Check{knownvalue.Int64Exact(3), knownvalue.Int64Exact(7)}),
		"capability": knownvalue.ListSizeExact(2),
		"permissions": knownvalue.MapPartial(map[string]knownvalue.Check{
			"assetsAcl:READ in all": knownvalue.StringExact("allow"), "groupsAcl:LIST in all": knownvalue.StringExact("allow"),
		}),
	})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config: read("token_inspection", "") + "data \"iam_cdf_token_inspection\" \"acme\" {\n  project = \"acme\"\n}\n",
				ConfigStateChecks: []statecheck.StateCheck{
					readHas("token_inspection", "projects", knownvalue.ListExact([]knownvalue.Check{acme, wells})),
					attribute("data.iam_cdf_token_inspection.acme", "projects", knownvalue.ListExact([]knownvalue.Check{acme})),
				},
			},
			{
				Config: read("token_inspection", `project = "other"`), PlanOnly: true,
				ExpectError: says(`with project "other"`, `The token is not valid for the project "other"; the projects that it is valid for: "acme", "wells".`),
			},
		},
	})
	said.ExpectWarnings(t, `^Capability without meaning: The token of "somebody": \[2\]\.eventsAcl\.scope: .*grant`)
}

// A token may be valid for no project.
func TestAccCDFTokenInspection_nothing(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/token/inspect", http.StatusOK, `{"subject":"somebody","projects":[],"capabilities":[]}`))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		Steps: []resource.TestStep{
			{
				Config: read("token_inspection", ""),
				ConfigStateChecks: []statecheck.StateCheck{
					readHas("token_inspection", "projects", knownvalue.ListExact(nil)),
					readHas("token_inspection", "capabilities_json", knownvalue.StringExact("[]")),
				},
			},
			{
				Config: read("token_inspection", `project = "acme"`), PlanOnly: true,
				ExpectError: says(`the projects that it is valid for: none.`),
			},
		},
	})
}

// What cannot be read at all is an error, not a token without rights.
func TestAccCDFTokenInspection_unreadable(t *testing.T) {
	t.Parallel()
	for body, words := range map[string]string{
		`{"subject":"somebody","projects":[]}`: "capabilities",
		`{"subject":"somebody","projects":[{"projectUrlName":"acme","groups":[]}],` +
			`"capabilities":[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":"acme"}}]}`: `[0].projectScope: the member "projects" must be a list of strings`,
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, answering("/api/v1/token/inspect", http.StatusOK, body))
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: server.Providers(),
				Steps:                    []resource.TestStep{{Config: read("token_inspection", ""), PlanOnly: true, ExpectError: says("Could not read CDF token inspection", words)}},
			})
		})
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// inJSON gives capabilities in the API's shape, written as HCL.
func inJSON(capabilities string) string {
	return "capabilities_json = jsonencode([" + capabilities + "])"
}

// pair is the arguments of a group before and after.
type pair struct{ before, after string }

// Groups that say the same.
var sameMeaning = map[string]pair{
	"capabilities in another order": {readAll + anotherGrant, anotherGrant + readAll},
	"actions and ids in another order": {
		grant("assetsAcl", `"READ", "WRITE"`, "data_set_ids = [1, 2]"), grant("assetsAcl", `"WRITE", "READ"`, "data_set_ids = [2, 1]"),
	},
	"a capability split by its actions": {
		grant("assetsAcl", `"READ", "WRITE"`, "all = true"), grant("assetsAcl", `"WRITE"`, "all = true") + readAll,
	},
	"a capability split by its ids": {
		grant("assetsAcl", `"READ"`, "data_set_ids = [1, 2]"),
		grant("assetsAcl", `"READ"`, "data_set_ids = [1]") + grant("assetsAcl", `"READ"`, "data_set_ids = [2]"),
	},
	"capabilities merged": {readAll + grant("assetsAcl", `"WRITE"`, "all = true"), grant("assetsAcl", `"READ", "WRITE"`, "all = true")},
	"duplicates":          {readAll, grant("assetsAcl", `"READ", "READ"`, "all = true") + readAll},
	"covered":             {readAll, readAll + grant("assetsAcl", `"READ"`, "data_set_ids = [3]")},
	"tables of RAW in another order": {
		grant("rawAcl", `"READ"`, `tables = { a = ["t", "u"], b = [] }`), grant("rawAcl", `"READ"`, `tables = { b = [], a = ["u", "t"] }`),
	},
	"a table beside its database": {
		grant("rawAcl", `"READ"`, `tables = { a = [] }`), grant("rawAcl", `"READ"`, `tables = { a = [] }`) + grant("rawAcl", `"READ"`, `tables = { a = ["t"] }`),
	},
	"blocks, then JSON": {readAll + anotherGrant, inJSON(`
	  { eventsAcl = { actions = ["READ", "WRITE"], scope = { datasetScope = { ids = [2, 1] } } } },
	  { assetsAcl = { scope = { all = {} }, actions = ["READ"] } }`)},
	"JSON, then blocks": {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }`), readAll},
	"blocks, then dynamic blocks": {
		grant("assetsAcl", `"READ"`, "data_set_ids = [1]") + grant("assetsAcl", `"READ"`, "data_set_ids = [2]"),
		"dynamic \"capability\" {\n for_each = [2, 1]\n content {\n acl = \"assetsAcl\"\n actions = [\"READ\"]\n scope { data_set_ids = [capability.value] }\n }\n}",
	},
	// Terraform expands blocks of an attribute itself, with the iterators of both.
	"blocks, then dynamic blocks in dynamic blocks": {
		grant("assetsAcl", `"READ"`, "data_set_ids = [1]") + grant("eventsAcl", `"READ"`, "data_set_ids = [2, 3]"),
		"dynamic \"capability\" {\n for_each = { assetsAcl = [1], eventsAcl = [3, 2] }\n content {\n acl = capability.key\n actions = [\"READ\"]\n" +
			" dynamic \"scope\" {\n for_each = { for id in capability.value : capability.key => id... }\n content { data_set_ids = [for id in capability.value : id if contains(scope.value, id)] }\n }\n }\n}",
	},
	"both forms of RAW tables": {
		inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { a = { tables = ["t"] }, b = {} } } } } }`),
		inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { a = ["t"], b = [] } } } } }`),
	},
	"ids as texts": {
		inJSON(`{ assetsAcl = { actions = ["READ"], scope = { datasetScope = { ids = [1, 2] } } } }`),
		inJSON(`{ assetsAcl = { actions = ["READ"], scope = { datasetScope = { ids = ["2", "1"] } } } }`),
	},
	"ids as texts in blocks": {grant("assetsAcl", `"READ"`, "data_set_ids = [1, 2]"), grant("assetsAcl", `"READ"`, `data_set_ids = ["1", "2"]`)},
	"JSON laid out otherwise": {
		inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }`),
		"capabilities_json = <<-EOT\n [ {\"assetsAcl\": {\n \"scope\": {\"all\": {}}, \"actions\": [\"READ\"]}} ]\nEOT",
	},
	"a known scope in JSON":         {grant("timeSeriesAcl", `"READ"`, "ids = [1]"), grant("timeSeriesAcl", `"READ"`, `json = jsonencode({ idscope = { ids = ["1"] } })`)},
	"members in another order":      {`members = ["user-anna", "user-bo"]`, `members = ["user-bo", "user-anna", "user-bo"]`},
	"no members":                    {"members = []", ""},
	"no members any more":           {"", "members = []"},
	"no source id":                  {"", `source_id = ""`},
	"no source id any more":         {`source_id = ""`, "source_id = null"},
	"not all accounts":              {"", "all_user_accounts = false"},
	"no metadata":                   {"", "metadata = {}"},
	"metadata in another order":     {`metadata = { a = "1", b = "2" }`, `metadata = { b = "2", a = "1" }`},
	"no capabilities, in JSON":      {"", "capabilities_json = \"[]\""},
	"no capabilities, as nothing":   {"capabilities_json = \"[]\"", "capabilities_json = \"\""},
	"attributes laid out otherwise": {`attributes_json = jsonencode({ token = { appIds = ["a"] }, b = 1 })`, "attributes_json = \"{ \\\"b\\\": 1, \\\"token\\\": {\\\"appIds\\\": [ \\\"a\\\" ]} }\""},
	"attributes not told any more":  {`attributes_json = jsonencode({ token = { appIds = ["a"] } })`, ""},
	"no attributes":                 {"", `attributes_json = "{}"`},
}

// Groups that say another thing.
var otherMeaning = map[string]pair{
	"another ACL":            {readAll, grant("eventsAcl", `"READ"`, "all = true")},
	"another action":         {readAll, grant("assetsAcl", `"WRITE"`, "all = true")},
	"another scope":          {readAll, grant("assetsAcl", `"READ"`, "data_set_ids = [1]")},
	"one id less":            {grant("assetsAcl", `"READ"`, "data_set_ids = [1, 2]"), grant("assetsAcl", `"READ"`, "data_set_ids = [1]")},
	"one capability less":    {readAll + anotherGrant, readAll},
	"no capability any more": {readAll, ""},
	"ids crossed": {
		grant("assetsAcl", `"READ"`, "data_set_ids = [1]") + grant("assetsAcl", `"WRITE"`, "data_set_ids = [2]"),
		grant("assetsAcl", `"READ"`, "data_set_ids = [2]") + grant("assetsAcl", `"WRITE"`, "data_set_ids = [1]"),
	},
	"limited to a project": {
		inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }`),
		inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } }, projectUrlNames = { urlNames = ["other"] } }`),
	},
	"a table more":       {grant("rawAcl", `"READ"`, `tables = { a = ["t"] }`), grant("rawAcl", `"READ"`, `tables = { a = ["t", "u"] }`)},
	"the whole database": {grant("rawAcl", `"READ"`, `tables = { a = ["t"] }`), grant("rawAcl", `"READ"`, `tables = { a = [] }`)},
	"a member more":      {`members = ["user-anna"]`, `members = ["user-anna", "user-bo"]`},
	"another source id":  {`source_id = "a"`, `source_id = "b"`},
	"all accounts":       {`members = ["user-anna"]`, "all_user_accounts = true"},
	"other metadata":     {`metadata = { a = "1" }`, `metadata = { a = "2" }`},
	"other attributes":   {`attributes_json = jsonencode({ token = { appIds = ["a"] } })`, `attributes_json = jsonencode({ token = { appIds = ["b"] } })`},
}

// groups configures one group for each row; before and after tell which of a pair.
func groups(project *acctest.CDF, pairs map[string]pair, arguments func(pair) string) (config string, addresses []string) {
	var text strings.Builder
	for i, name := range slices.Sorted(maps.Keys(pairs)) {
		fmt.Fprintf(&text, "# %s\nresource \"iam_cdf_group\" \"g%d\" {\n  name = %q\n%s\n}\n", name, i, project.Name(fmt.Sprintf("group-%02d", i)), arguments(pairs[name]))
		addresses = append(addresses, fmt.Sprintf("iam_cdf_group.g%d", i))
	}
	return text.String(), addresses
}

func before(p pair) string { return p.before }

func after(p pair) string { return p.after }

// sameIDs checks that the ids of groups stay, otherIDs that they do not.
func compareIDs(addresses []string, comparer compare.ValueComparer) func() []statecheck.StateCheck {
	comparisons := map[string]interface {
		AddStateValue(string, tfjsonpath.Path) statecheck.StateCheck
	}{}
	for _, address := range addresses {
		comparisons[address] = statecheck.CompareValue(comparer)
	}
	return func() (checks []statecheck.StateCheck) {
		for _, address := range addresses {
			checks = append(checks, comparisons[address].AddStateValue(address, tfjsonpath.New("id")))
		}
		return checks
	}
}

// Nothing is planned where the meaning is the same, also on a server that answers
// otherwise than it was told.
func TestAccCDFGroup_reorder(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{TextIDs: true, ReverseMembers: true, ListDeletedGroups: true}})
	providers, said := acctest.Listen(project.Providers())
	first, addresses := groups(project, sameMeaning, before)
	second, _ := groups(project, sameMeaning, after)
	ids := compareIDs(addresses, compare.ValuesSame())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: first, ConfigPlanChecks: emptyPlanAfterApply(), ConfigStateChecks: ids()},
			{Config: second, ConfigPlanChecks: nothingPlanned(), ConfigStateChecks: ids()},
		},
	})
	said.ExpectWarnings(t)
}

func TestAccCDFGroup_updateOfMeaning(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{}) // members are not checked
	first, addresses := groups(project, otherMeaning, before)
	second, _ := groups(project, otherMeaning, after)
	updates := []plancheck.PlanCheck{}
	for _, address := range addresses {
		updates = append(updates, plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")))
	}
	ids := compareIDs(addresses, compare.ValuesDiffer())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: first, ConfigStateChecks: ids()},
			{
				Config: second, ConfigStateChecks: ids(),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: updates, PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
		},
	})
}

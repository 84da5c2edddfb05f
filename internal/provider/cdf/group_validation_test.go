// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// finding is the arguments of a group, and what the provider says of it at plan,
// beside the name of the group.
type finding struct{ arguments, pattern string }

// expectAtPlan plans the arguments of groups, all in one configuration, and wants
// the provider to say one thing of each: its pattern, and the group's name.
func expectAtPlan(t *testing.T, rows map[string]finding, severity string) {
	t.Helper()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	pairs, patterns := map[string]pair{}, []string{}
	for i, title := range slices.Sorted(maps.Keys(rows)) {
		pairs[title] = pair{before: rows[title].arguments}
		patterns = append(patterns, fmt.Sprintf(`(?s)Group "%s".*(?:%s)`, regexp.QuoteMeta(project.Name(fmt.Sprintf("group-%02d", i))), rows[title].pattern))
	}
	config, _ := groups(project, pairs, before)
	config += "resource \"terraform_data\" \"unknown\" {}\n" // its id is known only after apply
	step := resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true}
	if severity == "error" {
		step.ExpectError = regexp.MustCompile("Error: ")
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: providers, Steps: []resource.TestStep{step}})
	if severity == "error" {
		said.ExpectErrors(t, patterns...)
		said.ExpectWarnings(t)
	} else {
		said.ExpectErrors(t)
		said.ExpectWarnings(t, patterns...)
	}
}

// scoped is a capability with a scope of its own.
func scoped(scope string) string { return grant("assetsAcl", `"READ"`, scope) }

// asAttribute gives one capability in the syntax of an attribute, with which
// Terraform wants every argument of a scope to be there.
func asAttribute(scope string) string {
	return "capability = [{\n acl = \"assetsAcl\"\n actions = [\"READ\"]\n scope = " + scope + "\n}]"
}

func TestAccCDFGroup_refusedAtPlan(t *testing.T) {
	t.Parallel()
	expectAtPlan(t, map[string]finding{
		"no ACL":               {"capability {\n actions = [\"READ\"]\n scope { all = true }\n}", `capability 1: acl is required`},
		"empty ACL":            {readAll + grant("", `"READ"`, "all = true"), `capability 2: acl is required`},
		"no actions":           {"capability {\n acl = \"assetsAcl\"\n scope { all = true }\n}", `actions needs at least one element`},
		"empty actions":        {grant("assetsAcl", "", "all = true"), `actions needs at least one element`},
		"null action":          {grant("assetsAcl", `"READ", null`, "all = true"), `a value in actions is null`},
		"no scope":             {"capability {\n acl = \"assetsAcl\"\n actions = [\"READ\"]\n}", `exactly one scope block, here are 0`},
		"two scopes":           {"capability {\n acl = \"assetsAcl\"\n actions = [\"READ\"]\n scope { all = true }\n scope { data_set_ids = [1] }\n}", `exactly one scope block, here are 2`},
		"empty scope":          {scoped(""), `a scope sets exactly one of its arguments`},
		"two in one scope":     {scoped("all = true\n data_set_ids = [1]"), `here are all and data_set_ids`},
		"off":                  {scoped("all = false"), `all is false, which leaves the capability without a scope`},
		"current user off":     {grant("groupsAcl", `"LIST"`, "current_user = false"), `current_user is false`},
		"null id":              {scoped("data_set_ids = [1, null]"), `a value in data_set_ids is null`},
		"half an id":           {scoped("data_set_ids = [1.5]"), `1\.5 is in data_set_ids, but an id is a whole number of at most 64 bits`},
		"20 digits":            {scoped("data_set_ids = [12345678901234567890]"), `12345678901234567890 is in data_set_ids`},
		"very large":           {scoped("data_set_ids = [1e300]"), `1e\+300 is in data_set_ids`},
		"id 0":                 {scoped("data_set_ids = [1, 0]"), `0 is in data_set_ids, but an id is positive`},
		"negative id":          {grant("timeSeriesAcl", `"READ"`, "ids = [-1]"), `-1 is in ids, but an id is positive`},
		"id 0, as JSON":        {scoped(`json = jsonencode({ datasetScope = { ids = [0] } })`), `scope\.datasetScope\.ids\[0\]: 0 is not an id`},
		"empty action":         {grant("assetsAcl", `"READ", ""`, "all = true"), `a value in actions is empty\. Remove it, or give it a value`},
		"empty space":          {grant("dataModelsAcl", `"READ"`, `space_ids = ["a", ""]`), `a value in space_ids is empty`},
		"empty agent":          {grant("agentsAcl", `"READ"`, `agent_external_ids = [""]`), `a value in agent_external_ids is empty`},
		"empty beside unknown": {grant("dataModelsAcl", `"READ"`, `space_ids = [terraform_data.unknown.id, ""]`), `a value in space_ids is empty`},
		"id beside unknown":    {scoped("data_set_ids = [0]\n all = terraform_data.unknown.id == \"\" ? true : null"), `0 is in data_set_ids`},
		"empty in dynamic":     {"dynamic \"capability\" {\n for_each = [\"\", terraform_data.unknown.id]\n content {\n acl = \"dataModelsAcl\"\n actions = [\"READ\"]\n scope { space_ids = [capability.value] }\n }\n}", `capability 1: a value in space_ids is empty`},
		"null text":            {grant("sapWritebackAcl", `"READ"`, "instances = [null]"), `a value in instances is null`},
		"null database":        {grant("rawAcl", `"READ"`, "tables = { a = null }"), `the tables of the database "a" are null. Write \[\] for the whole`},
		"null table":           {grant("rawAcl", `"READ"`, `tables = { a = ["t", null] }`), `a value in the tables of a is null`},
		"empty database":       {grant("rawAcl", `"READ"`, `tables = { "" = [] }`), `the name of a database in tables is empty\. Name it, or write all = true`},
		"empty table":          {grant("rawAcl", `"READ"`, `tables = { a = ["t", ""] }`), `a value in the tables of a is empty\. Write "a" = \[\] for the whole database`},
		"scope, null tables":   {grant("rawAcl", `"READ"`, `json = jsonencode({ tableScope = { dbsToTables = { a = null } } })`), `scope\.tableScope\.dbsToTables\.a: null would grant the whole database: write \[\]`},
		"scope, no JSON":       {scoped(`json = "nonsense"`), `json is not a scope as the API has it: It is not valid JSON`},
		"scope, empty JSON":    {scoped(`json = ""`), `It is not valid JSON`},
		"scope, empty object":  {scoped(`json = "{}"`), `scope: no scope`},
		"scope of two":         {scoped(`json = jsonencode({ all = {}, datasetScope = { ids = [1] } })`), `scope: several scopes`},
		"scope, wrong id":      {scoped(`json = jsonencode({ datasetScope = { ids = ["x"] } })`), `scope\.datasetScope\.ids\[0\]: "x" is not an integer`},
		"null capability":      {"capability = [null]", `capability 1: it is null`},
		"null scope":           {asAttribute("[null]"), `capability 1: the scope is null`},

		"two ways":                 {"source_id = \"a\"\nmembers = [\"user-anna\"]", `only one of source_id, members and all_user_accounts, here are source_id and members`},
		"three ways":               {"source_id = \"a\"\nmembers = [\"user-anna\"]\nall_user_accounts = true", `here are source_id and members and all_user_accounts`},
		"101 members":              {"members = [for i in range(101) : tostring(i)]", `at most 100 members, here are 101. Use source_id`},
		"null member":              {`members = ["user-anna", null]`, `a value in members is null`},
		"empty member":             {`members = ["", "user-anna"]`, `a value in members is empty`},
		"empty key":                {`metadata = { "" = "x" }`, `a key of the metadata is empty`},
		"empty key beside unknown": {`metadata = { "" = terraform_data.unknown.id }`, `a key of the metadata is empty`},
		"17 pairs":                 {"metadata = { for i in range(17) : i => \"\" }", `at most 16 pairs of metadata, here are 17`},
		"long key":                 {`metadata = { "` + strings.Repeat("ö", 17) + `" = "" }`, `has 34 bytes, but at most 32 are allowed`},
		"long value":               {`metadata = { a = "` + strings.Repeat("x", 513) + `" }`, `the value of "a" has 513 bytes, but at most 512 are allowed`},
		"all too long":             {`metadata = { for i in range(9) : i => "` + strings.Repeat("x", 500) + `" }`, `at most 4096 bytes in all, here are 4509`},
		"null metadata":            {"metadata = { a = null }", `the value of "a" is null`},
		"attributes":               {`attributes_json = "[]"`, `attributes_json is a JSON object`},
		"no attributes":            {`attributes_json = "nonsense"`, `attributes_json is a JSON object`},
		"null, as JSON":            {`attributes_json = "null"`, `attributes_json is a JSON object`},

		"attribute twice":      {`attributes_json = "{\"token\":{\"appIds\":[],\"appIds\":[\"a\"]}}"`, `attributes_json: token\.appIds: the member is there more than once\.$`},
		"both forms":           {readAll + inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }`), `it has both capability blocks and capabilities_json`},
		"JSON, no list":        {`capabilities_json = "{}"`, `must be a list|must be an array|not an object`},
		"JSON, no scope":       {inJSON(`{ assetsAcl = { actions = ["READ"] } }`), `\[0\]\.assetsAcl: .*"scope" is missing`},
		"JSON, second":         {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }, { eventsAcl = { actions = ["READ"], scope = { datasetScope = { ids = ["my-data-set"] } } } }`), `\[1\]\.eventsAcl\.scope\.datasetScope\.ids\[0\]: "my-data-set" is not an integer .*If "my-data-set" is a name, .* provider::iam::cdf_capabilities\(value, ids\) puts ids in the place of names`},
		"JSON, two ACLs":       {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } }, eventsAcl = { actions = ["READ"], scope = { all = {} } } }`), `\[0\]: no or several ACLs`},
		"JSON, null tables":    {inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = null } } } } }`), `\[0\]\.rawAcl\.scope\.tableScope\.dbsToTables\.wells: null would grant the whole database: write \[\]`},
		"JSON, null in tables": {inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = { tables = null } } } } } }`), `dbsToTables\.wells\.tables: null would grant`},
		"JSON, no databases":   {inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = null } } } }`), `dbsToTables: must be an object, not null`},
		"JSON, empty table":    {inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { wells = [""] } } } } }`), `dbsToTables\.wells\[0\]: must not be empty: write \[\]`},
		"JSON, empty database": {inJSON(`{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { "" = [] } } } } }`), `dbsToTables\[""\]: the name of a database must not be empty`},
		"JSON, two faults":     {inJSON(`{}, { assetsAcl = {} }`), `\[0\].*\[1\]`},
	}, "error")
}

// What the catalogue does not know may be newer than it: it is told, and passed on.
func TestAccCDFGroup_warnedAtPlan(t *testing.T) {
	t.Parallel()
	expectAtPlan(t, map[string]finding{
		"unknown ACL":                   {grant("asetsAcl", `"READ"`, "all = true"), `capability 1: .*"asetsAcl".*Did you mean "assetsAcl"\?`},
		"unknown action":                {grant("assetsAcl", `"REED"`, "all = true"), `"REED".*Did you mean "READ"\?`},
		"scope of another ACL":          {scoped("space_ids = [\"s\"]"), `assetsAcl is not known to take space_ids as its scope\. Those of assetsAcl are all, data_set_ids`},
		"scope of another ACL, as JSON": {scoped(`json = jsonencode({ spaceIdScope = { spaceIds = ["s"] } })`), `assetsAcl is not known to take spaceIdScope as its scope\. Those of assetsAcl are all, datasetScope`},
		"JSON, scope of another ACL":    {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { spaceIdScope = { spaceIds = ["s"] } } } }`), `\[0\]\.assetsAcl\.scope\.spaceIdScope: .* take spaceIdScope as its scope`},
		"ACL without its ending":        {grant("timeSeries", `"READ"`, "all = true"), `Did you mean "timeSeriesAcl"\?`},
		"new ACL":                       {grant("newAcl", `"READ"`, "all = true"), `"newAcl" is not among those known here\. It is passed on as it is, since the service may be newer\.$`},
		"unknown scope":                 {scoped(`json = jsonencode({ dataSetScope = { ids = [1] } })`), `"dataSetScope".*Did you mean "datasetScope"\?`},
		"nothing":                       {scoped("data_set_ids = []"), `grants nothing`},
		"legacy ACL":                    {grant("modelHostingAcl", `"READ"`, "all = true"), `modelHostingAcl is of the past`},
		"JSON, unknown ACL":             {inJSON(`{ asetsAcl = { actions = ["READ"], scope = { all = {} } } }`), `\[0\]\.asetsAcl: .*Did you mean "assetsAcl"\?`},
		"JSON, unknown sibling":         {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} } }, projectUrlName = {} }`), `\[0\]\.projectUrlName: .*Did you mean "projectUrlNames"\?`},
		"JSON, unknown member":          {inJSON(`{ assetsAcl = { actions = ["READ"], scope = { all = {} }, version = 2 } }`), `\[0\]\.assetsAcl\.version`},
	}, "warning")
}

// Members that are not known to be unknown yet are no mistake: they may be null.
func TestAccCDFGroup_limits(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{}) // members are not checked
	providers, said := acctest.Listen(project.Providers())
	name := project.Name("limits")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			// As much as CDF takes.
			Config: groupConfig(name, `
  members  = [for i in range(100) : tostring(i)]
  metadata = merge({ for i in range(7) : format("%032d", i) => "`+strings.Repeat("x", 512)+`" }, { a = "`+strings.Repeat("x", 272)+`", b = "" }, { for i in range(7) : "e${i}" => "" })
`+scoped("data_set_ids = [1, 9223372036854775807]")),
			ConfigStateChecks: []statecheck.StateCheck{
				groupIs("members", knownvalue.ListSizeExact(100)),
				groupIs("metadata", knownvalue.MapSizeExact(16)),
				statecheck.ExpectKnownValue(theGroup, theScope.AtMapKey("data_set_ids").AtSliceIndex(1), knownvalue.Int64Exact(9223372036854775807)),
				statecheck.ExpectKnownValue(theGroup, tfjsonpath.New("permissions").AtMapKey("assetsAcl:READ in data set 9223372036854775807"), knownvalue.StringExact("allow")),
			},
			ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
	said.ExpectWarnings(t)
}

// A misspelt argument of a block is an error of Terraform itself: that is why
// capabilities are blocks.
func TestAccCDFGroup_misspelt(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	steps := []resource.TestStep{}
	for argument, misspelt := range map[string]string{"acl ": "alc ", "actions": "action", "scope {": "scopes {", "all = true": "al = true"} {
		steps = append(steps, resource.TestStep{
			Config: groupConfig("a", strings.Replace(readAll, argument, misspelt, 1)), PlanOnly: true,
			ExpectError: regexp.MustCompile(`An argument named "(alc|action|al)" is not expected here|Blocks of type "scopes" are not expected here`),
		})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: project.Providers(), Steps: steps})
}

// A name of nothing but white space could not be told from none.
func TestAccCDFGroup_noName(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	steps := []resource.TestStep{}
	for _, name := range []string{"", " ", "\t\n"} {
		steps = append(steps, resource.TestStep{Config: groupConfig(name, readAll), PlanOnly: true, ExpectError: says("Missing name", "a group has a name, which is more than white space")})
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: project.Providers(), Steps: steps})
}

// A dynamic block of scope for each case is a way to choose one: while a for_each is not known,
// as a variable is not at validate, each of them stands there once.
func TestAccCDFGroup_scopeForEachCase(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	config := `
variable "grants" {
  default = { assetsAcl = [1, 2], eventsAcl = null }
}
` + groupConfig(project.Name("cases"), `
  dynamic "capability" {
    for_each = var.grants
    content {
      acl     = capability.key
      actions = ["READ"]
      dynamic "scope" {
        for_each = capability.value == null ? [] : [capability.value]
        content { data_set_ids = scope.value }
      }
      dynamic "scope" {
        for_each = capability.value == null ? [1] : []
        content { all = true }
      }
    }
  }
`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{groupIs("permissions", knownvalue.MapExact(map[string]knownvalue.Check{
				"assetsAcl:READ in data set 1": knownvalue.StringExact("allow"),
				"assetsAcl:READ in data set 2": knownvalue.StringExact("allow"),
				"eventsAcl:READ in all":        knownvalue.StringExact("allow"),
			}))},
			ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// desiredCapabilities are those that the tests look for.
const desiredCapabilities = `
  capability {
    acl     = "groupsAcl"
    actions = ["LIST"]
    scope { all = true }
  }
  capability {
    acl     = "rawAcl"
    actions = ["WRITE", "READ"]
    scope { tables = { db2 = [], db1 = ["t2", "t1"] } }
  }
`

// analystsCapabilities are what the caller of the tests holds.
const analystsCapabilities = `[
  {"projectsAcl":{"actions":["LIST","READ"],"scope":{"all":{}}}},
  {"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}},
  {"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{},"db2":["t1"]}}}}}
]`

// lookedFor wraps arguments of the data source into a configuration.
func lookedFor(arguments string) string {
	return "data \"iam_cdf_missing_capabilities\" \"test\" {\n" + arguments + "\n}\n"
}

const missingAddress = "data.iam_cdf_missing_capabilities.test"

// expectMissing checks the results: the JSON form tells all, the typed form its own.
func expectMissing(json string, typed ...knownvalue.Check) []statecheck.StateCheck {
	if typed == nil {
		typed = []knownvalue.Check{}
	}
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("missing_json"), knownvalue.StringExact(json)),
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("satisfied"), knownvalue.Bool(json == "[]")),
		statecheck.ExpectKnownValue(missingAddress, tfjsonpath.New("missing"), knownvalue.ListExact(typed)),
	}
}

// typedMissing is one missing capability as a block would hold it.
func typedMissing(acl, action, argument string, value knownvalue.Check) knownvalue.Check {
	return knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"acl":     knownvalue.StringExact(acl),
		"actions": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact(action)}),
		"scope":   knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{argument: value})}),
	})
}

func table(database string, tables ...string) knownvalue.Check {
	names := make([]knownvalue.Check, len(tables))
	for i, name := range tables {
		names[i] = knownvalue.StringExact(name)
	}
	return knownvalue.MapExact(map[string]knownvalue.Check{database: knownvalue.ListExact(names)})
}

func TestAccCDFMissingCapabilities_ofTheCaller(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	id, secret := cdf.Caller(t, "analyst", analystsCapabilities)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: cdf.ProvidersAs(id, secret),
		Steps: []resource.TestStep{
			{
				Config: lookedFor(desiredCapabilities),
				ConfigStateChecks: expectMissing(
					`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db2":{"tables":[]}}}}}},`+
						`{"rawAcl":{"actions":["WRITE"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]}}}}}},`+
						`{"rawAcl":{"actions":["WRITE"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t2"]}}}}}},`+
						`{"rawAcl":{"actions":["WRITE"],"scope":{"tableScope":{"dbsToTables":{"db2":{"tables":[]}}}}}}]`,
					typedMissing("rawAcl", "READ", "tables", table("db2")),
					typedMissing("rawAcl", "WRITE", "tables", table("db1", "t1")),
					typedMissing("rawAcl", "WRITE", "tables", table("db1", "t2")),
					typedMissing("rawAcl", "WRITE", "tables", table("db2")),
				),
			},
			{
				// The whole database db1 is held, not its tables by themselves.
				Config: lookedFor(`
  desired_json            = jsonencode([{ rawAcl = { actions = ["READ"], scope = { tableScope = { dbsToTables = { db1 = ["t1"] } } } } }])
  ignore_allscope_meaning = true`),
				ConfigStateChecks: expectMissing(
					`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]}}}}}}]`,
					typedMissing("rawAcl", "READ", "tables", table("db1", "t1")),
				),
			},
			{
				Config: lookedFor(`
  project      = "another"
  desired_json = jsonencode([{ groupsAcl = { actions = ["LIST"], scope = { all = {} } } }])`),
				ConfigStateChecks: expectMissing(
					`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`,
					typedMissing("groupsAcl", "LIST", "all", knownvalue.Bool(true)),
				),
			},
			{
				Config:            lookedFor("fail_on_missing = true\ndesired_json = jsonencode([{ groupsAcl = { actions = [\"LIST\"], scope = { all = {} } } }])"),
				ConfigStateChecks: expectMissing("[]"),
			},
			{
				Config: lookedFor("fail_on_missing = true\n" + desiredCapabilities),
				ExpectError: regexp.MustCompile(`(?s)Error: Missing capabilities.*The caller\s+"client-tfacc-analyst"\s+lacks\s+4\s+of\s+the\s+desired\s+capabilities\s+in\s+the\s+project\s+"local"` +
					`.*- rawAcl:READ in database db2\n.*- rawAcl:WRITE in table db1/t2\n.*- rawAcl:WRITE in database db2\n` +
					`.*capability \{.*acl     = "rawAcl".*\[\{"rawAcl":`),
			},
		},
	})
}

// What the error says to add is enough, also where nothing covers anything but itself.
func TestAccCDFMissingCapabilities_suggestion(t *testing.T) {
	t.Parallel()
	const plainly = `
  fail_on_missing         = true
  ignore_allscope_meaning = true
  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope { tables = { db1 = [] } }
  }
  capability {
    acl     = "rawAcl"
    actions = ["READ"]
    scope { tables = { db1 = ["t1"] } }
  }
`
	existing := func(json string) string { return "existing_json = <<-JSON\n" + json + "\nJSON\n" }
	const suggested = `[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":[]}}}}}},{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]}}}}}}]`
	providers, said := acctest.Listen(acctest.ProvidersWith(func(string) string { return "" }))
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: lookedFor(existing("[]") + plainly), ExpectError: regexp.MustCompile("Missing capabilities")},
			{Config: lookedFor(existing(suggested) + plainly), ConfigStateChecks: expectMissing("[]")},
		},
	})
	said.ExpectErrors(t, `(?s)scope \{ tables = \{ db1 = \[\] \} \}.*scope \{ tables = \{ db1 = \["t1"\] \} \}.*`+regexp.QuoteMeta(suggested)+`$`)
}

// A token that is not valid in a project lacks everything there: the reason is told,
// not only what follows from it.
func TestAccCDFMissingCapabilities_notValidInTheProject(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	id, secret := cdf.Caller(t, "analyst", analystsCapabilities)
	providers, said := acctest.Listen(cdf.ProvidersAs(id, secret))
	elsewhere := `project = "nosuch"
  desired_json = jsonencode([{ groupsAcl = { actions = ["LIST"], scope = { all = {} } } }])
`
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config:            lookedFor(elsewhere),
				ConfigStateChecks: expectMissing(`[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`, typedMissing("groupsAcl", "LIST", "all", knownvalue.Bool(true))),
			},
			{Config: lookedFor(elsewhere + "fail_on_missing = true"), ExpectError: says("Token not valid in the project")},
		},
	})
	said.ExpectWarnings(t, `^Token not valid in the project: data\.iam_cdf_missing_capabilities: The token is not valid for the project "nosuch"; the projects that it is valid for: "`)
	said.ExpectErrors(t, `(?s)^Token not valid in the project: The token is not valid for the project "nosuch"; .* So everything is missing there\.\n\nThe caller .* lacks 1 .*- groupsAcl:LIST in all`)
}

// Somebody who is given two lists needs no account, and the provider no configuration.
func TestAccCDFMissingCapabilities_ofAList(t *testing.T) {
	t.Parallel()
	existing := func(json string) string { return "existing_json = <<-JSON\n" + json + "\nJSON\n" }
	nowhere := acctest.ProvidersWith(func(string) string { return "" })
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: nowhere,
		Steps: []resource.TestStep{
			{
				Config:            lookedFor(existing(analystsCapabilities) + `desired_json = jsonencode([{ projectsAcl = { actions = ["READ"], scope = { all = {} } } }])`),
				ConfigStateChecks: expectMissing("[]"),
			},
			{
				// Numbers and texts are the same id, beyond what a float holds as well.
				Config: lookedFor(existing(`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["9007199254740993",7]}}}}]`) + `
  capability {
    acl     = "assetsAcl"
    actions = ["READ"]
    scope { data_set_ids = [9007199254740993, 9007199254740992] }
  }`),
				ConfigStateChecks: expectMissing(`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[9007199254740992]}}}}]`,
					typedMissing("assetsAcl", "READ", "data_set_ids", knownvalue.ListSizeExact(1))),
			},
			{
				Config:      lookedFor(existing(`[{"assetsAcl":{"actions":["READ"]}}]`) + desiredCapabilities),
				ExpectError: regexp.MustCompile(`Not a list of capabilities[\s\S]*\[0\]\.assetsAcl: the member "scope" is\s+missing`),
			},
			{
				// What a token holds in a project, told without the project.
				Config:      lookedFor(existing(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["acme"]}}]`) + desiredCapabilities),
				ExpectError: regexp.MustCompile(`Could not read CDF missing capabilities[\s\S]*no\s+cluster\s+is\s+set`),
			},
			{
				Config: lookedFor(existing(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["acme"]}}]`) + `
  project      = "acme"
  desired_json = jsonencode([{ assetsAcl = { actions = ["READ", "WRITE"], scope = { datasetScope = { ids = [1] } } } }])`),
				ConfigStateChecks: expectMissing(`[{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[1]}}}}]`,
					typedMissing("assetsAcl", "WRITE", "data_set_ids", knownvalue.ListSizeExact(1))),
			},
			{
				// An unknown scope is missing unless the very same is held.
				Config: lookedFor(existing(`[{"newAcl":{"actions":["READ"],"scope":{"newScope":{"b":1,"a":[2]}}}}]`) + `
  capability {
    acl     = "newAcl"
    actions = ["READ", "WRITE"]
    scope { json = jsonencode({ newScope = { a = [2], b = 1 } }) }
  }`),
				ConfigStateChecks: expectMissing(`[{"newAcl":{"actions":["WRITE"],"scope":{"newScope":{"a":[2],"b":1}}}}]`,
					typedMissing("newAcl", "WRITE", "json", knownvalue.StringExact(`{"newScope":{"a":[2],"b":1}}`))),
			},
		},
	})
}

func TestAccCDFMissingCapabilities_refusals(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	steps := []resource.TestStep{}
	for arguments, pattern := range map[string]string{
		"":                  `Nothing desired`,
		`desired_json = ""`: `Nothing desired[\s\S]*desired_json\s+is\s+empty`,
		`desired_json = "[]"` + desiredCapabilities:                          `Desired capabilities in two forms`,
		`desired_json = "{}"`:                                                `Not a list of capabilities`,
		`desired_json = jsonencode([{ assetsAcl = { action = ["READ"] } }])`: `\[0\]\.assetsAcl`,
		`capability {
  acl     = "assetsAcl"
  actions = ["READ"]
  scopes { all = true }
}`: `Blocks of type "scopes" are not expected here|Unsupported block type`,
		`capability {
  acl     = "assetsAcl"
  actions = []
  scope { all = true }
}`: `Missing actions`,
	} {
		steps = append(steps, resource.TestStep{Config: lookedFor(arguments), ExpectError: regexp.MustCompile(pattern)})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: cdf.Providers(), Steps: steps})
}

func TestAccCDFMissingCapabilities_notPermitted(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	id, secret := cdf.Caller(t, "nobody", "[]")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: cdf.ProvidersAs(id, secret),
		Steps: []resource.TestStep{{
			Config:      lookedFor(desiredCapabilities),
			ExpectError: regexp.MustCompile(`(?s)not\s+permitted.*groupsAcl:LIST in all and\s+projectsAcl:LIST in all.*capability \{`),
		}},
	})
}

// Names that the catalogue does not know are never taken for granted, and told.
func TestAccCDFMissingCapabilities_unknownNames(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	providers, said := acctest.Listen(cdf.Providers())
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: lookedFor(`
  existing_json = jsonencode([{ assetsAcl = { actions = ["READ"], scope = { galaxyScope = { ids = [1] } } } }])
  desired_json  = jsonencode([{ asetsAcl = { actions = ["READ"], scope = { all = {} } } }, { assetsAcl = { actions = ["read"], scope = { all = {} } } }])`),
			ConfigStateChecks: expectMissing(
				`[{"asetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["read"],"scope":{"all":{}}}}]`,
				typedMissing("asetsAcl", "READ", "all", knownvalue.Bool(true)),
				typedMissing("assetsAcl", "read", "all", knownvalue.Bool(true)),
			),
		}},
	})
	said.ExpectWarnings(t, `asetsAcl.*Did you mean "assetsAcl"`, `"read".*Did you mean "READ"`, `existing\[0\].*galaxyScope`)
}

// What is known only after apply is compared then.
func TestAccCDFMissingCapabilities_unknownInputs(t *testing.T) {
	t.Parallel()
	cdf := acctest.StartCDF(t)
	config := func(action string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"later\" { input = %q }\n", action) + lookedFor(`
  existing_json   = jsonencode([{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }])
  fail_on_missing = true
  capability {
    acl     = "assetsAcl"
    actions = [terraform_data.later.output]
    scope { all = true }
  }`)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: cdf.Providers(),
		Steps: []resource.TestStep{
			{Config: config("READ"), ConfigStateChecks: expectMissing("[]")},
			{Config: config("WRITE"), ExpectError: regexp.MustCompile(`- assetsAcl:WRITE in all`)},
		},
	})
}

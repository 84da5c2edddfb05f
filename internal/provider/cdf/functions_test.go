// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// functions runs steps with a provider that is not configured: functions need none.
func functions(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)},
		ProtoV6ProviderFactories: acctest.ProvidersWith(func(string) string { return "" }),
		Steps:                    steps,
	})
}

// expectOutput runs an expression, whose value as JSON must be the wanted one.
func expectOutput(expression, want string) resource.TestStep {
	return resource.TestStep{
		Config: "output \"result\" {\n  value = jsonencode(" + expression + ")\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("result", knownvalue.StringExact(want)),
		},
	}
}

func expectFailure(expression, pattern string) resource.TestStep {
	return resource.TestStep{Config: "output \"result\" {\n  value = " + expression + "\n}\n", ExpectError: regexp.MustCompile(pattern)}
}

func TestAccCDFCapabilitiesFunction(t *testing.T) {
	t.Parallel()
	const ids = `{
    data_sets           = { ds_timeseries = 9007199254740993 }
    security_categories = { confidential = "5" }
  }`
	functions(t,
		// As a Toolkit file has it, names and all.
		expectOutput(`provider::iam::cdf_capabilities(yamldecode(<<-YAML
    - timeSeriesAcl: { actions: [READ, WRITE], scope: { datasetScope: { ids: [ds_timeseries, 42, "43"] } } }
    - securityCategoriesAcl: { actions: [MEMBEROF], scope: { idscope: { ids: [confidential] } } }
    - rawAcl: { actions: [READ], scope: { tableScope: { dbsToTables: { db1: [t1], db2: {}, db3: { tables: [] } } } } }
    - newAcl: { actions: [NEW], scope: { newScope: { deep: [{ a: 1.5, b: null, c: true }] } } }
  YAML
  ), `+ids+`)`,
			`[{"timeSeriesAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[9007199254740993,42,43]}}}},`+
				`{"securityCategoriesAcl":{"actions":["MEMBEROF"],"scope":{"idscope":{"ids":[5]}}}},`+
				`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1"]},"db2":{"tables":[]},"db3":{"tables":[]}}}}}},`+
				`{"newAcl":{"actions":["NEW"],"scope":{"newScope":{"deep":[{"a":1.5,"b":null,"c":true}]}}}}]`),
		// Converted values are lists, sets and maps instead of tuples and objects.
		expectOutput(`provider::iam::cdf_capabilities(tolist([tomap({ assetsAcl = { actions = toset(["READ"]), scope = tomap({ all = {} }) } })]), tomap({}))`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		expectOutput(`provider::iam::cdf_capabilities([], {})`, `[]`),
		expectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scope = { datasetScope = { ids = ["ds_timeserie"] } } } }], `+ids+`)`,
			`Invalid value for "value" parameter:\s+\[0\]\.filesAcl\.scope\.datasetScope\.ids\[0\]:[\s\S]*Did you mean\s+"ds_timeseries"`),
		expectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scope = { all = {} } }, extra = 1 }], {})`, `(?s)"value" parameter.*extra`),
		expectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scopes = { all = {} } } }], {})`, `(?s)"value" parameter.*\[0\]\.filesAcl`),
		expectFailure(`provider::iam::cdf_capabilities({ filesAcl = {} }, {})`, `(?s)"value" parameter.*list`),
		expectFailure(`provider::iam::cdf_capabilities([], { datasets = {} })`, `(?s)"ids" parameter: datasets is no kind`),
		expectFailure(`provider::iam::cdf_capabilities([], { data_sets = { a = 1.5 } })`, `(?s)"ids" parameter.*data_sets\["a"\]: "1.5" is no id`),
		expectFailure(`provider::iam::cdf_capabilities([], ["a"])`, `(?s)"ids" parameter: write \{\}`),
	)
}

func TestAccCDFMissingCapabilitiesFunction(t *testing.T) {
	t.Parallel()
	const call = "provider::iam::cdf_missing_capabilities"
	const assets = `[{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }]`
	const inProject = `[{ assetsAcl = { actions = ["READ"], scope = { all = {} } }, projectScope = { projects = ["acme"] } }]`
	functions(t,
		expectOutput(call+`(`+assets+`, [{ assetsAcl = { actions = ["READ", "WRITE"], scope = { datasetScope = { ids = ["10", 9] } } } }], {})`,
			`[{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[9]}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[10]}}}}]`),
		expectOutput(call+`(`+assets+`, [{ assetsAcl = { actions = ["READ"], scope = { datasetScope = { ids = [1] } } } }], { ignore_allscope_meaning = true })`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}}]`),
		expectOutput(call+`(`+inProject+`, `+assets+`, { project = "acme" })`, `[]`),
		expectOutput(call+`(`+inProject+`, `+assets+`, { project = "other" })`, `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		expectFailure(call+`(`+inProject+`, `+assets+`, {})`, `(?s)"existing" parameter.*project`),
		expectFailure(call+`([], [{ assetsAcl = { actions = ["READ"], scope = { all = {}, datasetScope = { ids = [1] } } } }], {})`, `(?s)"desired" parameter.*\[0\]\.assetsAcl\.scope`),
		expectFailure(call+`([], [], { projects = "acme" })`, `(?s)"options" parameter: write \{\}`),
		expectFailure(call+`([], [], "acme")`, `(?s)"options" parameter: write \{\}`),
	)
}

// An unknown value anywhere makes the result unknown, and the apply completes it.
func TestAccCDFFunctions_unknownInputs(t *testing.T) {
	t.Parallel()
	functions(t, resource.TestStep{
		Config: `
resource "terraform_data" "id" { input = 7 }
output "result" {
  value = jsonencode(provider::iam::cdf_missing_capabilities([], provider::iam::cdf_capabilities(
    [{ filesAcl = { actions = ["READ"], scope = { datasetScope = { ids = ["ds"] } } } }], { data_sets = { ds = terraform_data.id.output } }), {}))
}`,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("result")}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("result", knownvalue.StringExact(`[{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[7]}}}}]`)),
		},
	})
}

// recorded is one comparison that the Cognite Python SDK has answered.
type recorded struct {
	Name                  string          `json:"name"`
	Existing              json.RawMessage `json:"existing"`
	Desired               json.RawMessage `json:"desired"`
	Project               string          `json:"project"`
	ClientProject         string          `json:"client_project"`
	IgnoreAllScopeMeaning bool            `json:"ignore_allscope_meaning"`
	Expect                json.RawMessage `json:"expect"`
}

// recordedAnswers reads those whose answer is a list.
func recordedAnswers(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	for _, name := range []string{"cdf-compare.jsonl", "cdf-compare-sdk.jsonl"} {
		file, err := os.Open(filepath.Join("..", "..", "cdfcapability", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row recorded
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			if len(row.Expect) > 0 && row.Expect[0] == '[' {
				all = append(all, row)
			}
		}
		if err := cmp.Or(lines.Err(), file.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 500 {
		t.Fatalf("only %d recorded answers", len(all))
	}
	return all
}

// Every recorded answer comes out of the function as well, through Terraform's own
// types.
func TestAccCDFMissingCapabilitiesFunction_recordedAnswers(t *testing.T) {
	t.Parallel()
	rows := recordedAnswers(t)
	type call struct {
		Existing json.RawMessage `json:"existing"`
		Desired  json.RawMessage `json:"desired"`
		Options  map[string]any  `json:"options"`
	}
	calls := make([]call, len(rows))
	for i, row := range rows {
		options := map[string]any{"ignore_allscope_meaning": row.IgnoreAllScopeMeaning}
		if project := cmp.Or(row.Project, row.ClientProject); project != "" {
			options["project"] = project
		}
		calls[i] = call{row.Existing, row.Desired, options}
	}
	encoded, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "calls.json")
	if err := os.WriteFile(path, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	functions(t, resource.TestStep{
		Config: fmt.Sprintf("output \"result\" {\n  value = jsonencode([for c in jsondecode(file(%q)) : provider::iam::cdf_missing_capabilities(c.existing, c.desired, c.options)])\n}\n", path),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValueAtPath("result", tfjsonpath.Path{}, knownvalue.StringFunc(func(result string) error {
				return compareAnswers(rows, result)
			})),
		},
	})
}

func compareAnswers(rows []recorded, result string) error {
	var got []any
	if err := json.Unmarshal([]byte(result), &got); err != nil {
		return err
	}
	for i, row := range rows {
		var want any
		if err := json.Unmarshal(row.Expect, &want); err != nil {
			return err
		}
		if diff := gocmp.Diff(want, got[i]); diff != "" {
			return fmt.Errorf("%s (-want +got):\n%s", row.Name, diff)
		}
	}
	return nil
}

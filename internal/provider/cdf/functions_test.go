// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

func TestAccCDFCapabilitiesFunction(t *testing.T) {
	t.Parallel()
	const ids = `{
    data_sets           = { ds_timeseries = 9007199254740993 }
    security_categories = { confidential = "5" }
  }`
	acctest.TestFunctions(t,
		// As a Toolkit file has it, names and all.
		acctest.ExpectOutput(`provider::iam::cdf_capabilities(yamldecode(<<-YAML
    - timeSeriesAcl: { actions: [READ, WRITE], scope: { datasetScope: { ids: [ds_timeseries, 42, 43] } } }
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
		acctest.ExpectOutput(`provider::iam::cdf_capabilities(tolist([tomap({ assetsAcl = { actions = toset(["READ"]), scope = tomap({ all = {} }) } })]), tomap({}))`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		acctest.ExpectOutput(`provider::iam::cdf_capabilities([], {})`, `[]`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scope = { datasetScope = { ids = ["ds_timeserie"] } } } }], `+ids+`)`,
			`Invalid value for "value" parameter:\s+\[0\]\.filesAcl\.scope\.datasetScope\.ids\[0\]:[\s\S]*of\s+which\s+"ds_timeseries"\s+is\s+the\s+nearest\.\n`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scope = { all = {} } }, extra = 1 }], {})`, `(?s)"value" parameter.*extra`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([{ filesAcl = { actions = ["READ"], scopes = { all = {} } } }], {})`, `(?s)"value" parameter.*\[0\]\.filesAcl`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities({ filesAcl = {} }, {})`, `(?s)"value" parameter.*list`),
		// A line of YAML that was left empty is no whole database.
		acctest.ExpectFailure("provider::iam::cdf_capabilities(yamldecode(\"- rawAcl: { actions: [READ], scope: { tableScope: { dbsToTables: { wells: } } } }\"), {})",
			`(?s)"value" parameter.*dbsToTables\.wells:\s+null\s+would\s+grant\s+the\s+whole\s+database`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([], { datasets = {} })`, `(?s)"ids" parameter: "datasets" is no kind`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([], { data_sets = { a = null } })`, `(?s)"ids" parameter:\s+data_sets\["a"\]\s+is\s+null:\s+give\s+it\s+an\s+id`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([], { data_sets = { a = 1.5 } })`, `(?s)"ids" parameter.*data_sets\["a"\]: "1.5" is no id`),
		acctest.ExpectFailure(`provider::iam::cdf_capabilities([], ["a"])`, `(?s)"ids" parameter: write \{\}`),
	)
}

func TestAccCDFMissingCapabilitiesFunction(t *testing.T) {
	t.Parallel()
	const call = "provider::iam::cdf_missing_capabilities"
	const assets = `[{ assetsAcl = { actions = ["READ"], scope = { all = {} } } }]`
	const inProject = `[{ assetsAcl = { actions = ["READ"], scope = { all = {} } }, projectScope = { projects = ["acme"] } }]`
	acctest.TestFunctions(t,
		acctest.ExpectOutput(call+`(`+assets+`, [{ assetsAcl = { actions = ["READ", "WRITE"], scope = { datasetScope = { ids = ["10", 9] } } } }], {})`,
			`[{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[9]}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[10]}}}}]`),
		acctest.ExpectOutput(call+`(`+assets+`, [{ assetsAcl = { actions = ["READ"], scope = { datasetScope = { ids = [1] } } } }], { ignore_allscope_meaning = true })`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}}]`),
		acctest.ExpectOutput(call+`(`+inProject+`, `+assets+`, { project = "acme" })`, `[]`),
		acctest.ExpectOutput(call+`(`+inProject+`, `+assets+`, { project = "other" })`, `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		acctest.ExpectFailure(call+`(`+inProject+`, `+assets+`, {})`, `(?s)"existing" parameter.*say\s+with\s+the\s+option\s+project\s+which\s+one\s+is\s+meant\.\n`),
		acctest.ExpectFailure(call+`([], [{ assetsAcl = { actions = ["READ"], scope = { all = {}, datasetScope = { ids = [1] } } } }], {})`, `(?s)"desired" parameter.*\[0\]\.assetsAcl\.scope`),
		acctest.ExpectFailure(call+`([], [], { projects = "acme" })`, `(?s)"options" parameter: write \{\}`),
		acctest.ExpectFailure(call+`([], [], "acme")`, `(?s)"options" parameter: write \{\}`),
	)
}

// An unknown value anywhere makes the result unknown, and the apply completes it.
func TestAccCDFFunctions_unknownInputs(t *testing.T) {
	t.Parallel()
	acctest.TestFunctions(t, resource.TestStep{
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
	Name                  string `json:"name"`
	Existing              any    `json:"existing"`
	Desired               any    `json:"desired"`
	Project               string `json:"project"`
	ClientProject         string `json:"client_project"`
	IgnoreAllScopeMeaning bool   `json:"ignore_allscope_meaning"`
	Expect                any    `json:"expect"`
}

// recordedAnswers reads those whose answer is a list.
func recordedAnswers(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	for _, name := range []string{"cdf-compare.jsonl", "cdf-compare-sdk.jsonl"} {
		file, err := os.Open(filepath.Join("..", "..", "cdfcapability", "testdata", name))
		must(t, err)
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var row recorded
			decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
			decoder.UseNumber()
			must(t, decoder.Decode(&row))
			if _, isList := row.Expect.([]any); isList {
				all = append(all, row)
			}
		}
		must(t, errors.Join(lines.Err(), file.Close()))
	}
	if len(all) < 500 {
		t.Fatalf("only %d recorded answers", len(all))
	}
	return all
}

// Every recorded answer comes out of the function as well, through Terraform's own
// types: it is called as Terraform calls it, over the plugin protocol.
func TestMissingCapabilitiesFunctionGivesRecordedAnswers(t *testing.T) {
	t.Parallel()
	server, err := acctest.ProvidersWith(func(string) string { return "" })["iam"]()
	must(t, err)
	for _, row := range recordedAnswers(t) {
		t.Run(row.Name, func(t *testing.T) {
			t.Parallel()
			options := map[string]any{"ignore_allscope_meaning": row.IgnoreAllScopeMeaning}
			if project := cmp.Or(row.Project, row.ClientProject); project != "" {
				options["project"] = project
			}
			answer, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
				Name:      "cdf_missing_capabilities",
				Arguments: []*tfprotov6.DynamicValue{acctest.Literal(t, row.Existing), acctest.Literal(t, row.Desired), acctest.Literal(t, options)},
			})
			must(t, err)
			if answer.Error != nil {
				t.Fatal(answer.Error.Text)
			}
			result, err := answer.Result.Unmarshal(tftypes.DynamicPseudoType)
			must(t, err)
			if diff := gocmp.Diff(acctest.LiteralValue(t, row.Expect), result); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Terraform puts the text of a function's error into a sentence and ends that itself. What
// is refused is not kept.
func TestFunctionErrorsFitIntoASentence(t *testing.T) {
	t.Parallel()
	server, err := acctest.ProvidersWith(func(string) string { return "" })["iam"]()
	must(t, err)
	const capabilities, missing = "cdf_capabilities", "cdf_missing_capabilities"
	object := func(text string) any {
		var value any
		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		decoder.UseNumber()
		must(t, decoder.Decode(&value))
		return value
	}
	for _, call := range []struct{ function, arguments, want string }{
		{capabilities, `[{}, {}]`, `must be a list, not an object`},
		{capabilities, `[[{"assetsAcl":{"actions":["READ"],"scopes":{}}}], {}]`, `the member "scope" is missing`},
		{capabilities, `[[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}},"version":1}}], {}]`, `[0].assetsAcl.version: the API is not known to have the member "version" here`},
		{capabilities, `[[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlName":1}], {}]`, `the nearest that it has is "projectUrlNames"`},
		{capabilities, `[[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["a"]}}}}], {"data_sets":{"ab1":1}}]`, `given as data_sets`},
		{capabilities, `[[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["abc"]}}}}], {"data_sets":{"abd":1}}]`, `of which "abd" is the nearest`},
		{capabilities, `[[], {"data_sets":{"a":1.5}}]`, `whole number of at most 64 bits`},
		{capabilities, `[[], {"datasets":{}}]`, `There are assets`},
		{capabilities, `[[], []]`, `write {}`},
		{missing, `[[{"assetsAcl":{}}], [], {}]`, `is missing`},
		{missing, `[[], [1], {}]`, `must be an object`},
		{missing, `[[], [], {"projects":"p"}]`, `and nothing else`},
		{missing, `[[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["p"]}}], [], {}]`, `existing[0].projectScope: the capability holds in certain projects only: say with the option project`},
	} {
		arguments, _ := object(call.arguments).([]any)
		values := make([]*tfprotov6.DynamicValue, len(arguments))
		for i, argument := range arguments {
			values[i] = acctest.Literal(t, argument)
		}
		answer, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: call.function, Arguments: values})
		must(t, err)
		if answer.Error == nil || !strings.Contains(answer.Error.Text, call.want) {
			t.Errorf("%s(%s): %v, want an error with %q", call.function, call.arguments, answer.Error, call.want)
			continue
		}
		if text := answer.Error.Text; strings.ContainsAny(text[len(text)-1:], ".?!") || strings.Contains(text, "kept as it is") {
			t.Errorf("%s(%s): %q", call.function, call.arguments, text)
		}
	}
}

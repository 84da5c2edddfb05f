// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScopeKinds(t *testing.T) {
	t.Parallel()
	kinds := ScopeKinds()
	if len(kinds) != 18 {
		t.Errorf("%d kinds of scope, want 18", len(kinds))
	}
	if !slices.IsSortedFunc(kinds, func(a, b ScopeKind) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the scopes are not sorted")
	}
	for _, kind := range kinds {
		got, ok := LookUpScope(kind.Name)
		if diff := cmp.Diff(kind, got); !ok || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", kind.Name, ok, diff)
		}
		if (kind.Parameter == "") != (kind.Values == NoValues) {
			t.Errorf("%s: parameter %q for %v", kind.Name, kind.Parameter, kind.Values)
		}
	}
	if kind, ok := LookUpScope("dataSetScope"); ok {
		t.Errorf("found %v", kind)
	}
}

// The snake_case forms are those of the parameters.
func TestScopeTableIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, row := range scopeTable {
		var snake strings.Builder
		for _, r := range row.Parameter {
			if r >= 'A' && r <= 'Z' {
				snake.WriteString("_" + strings.ToLower(string(r)))
			} else {
				snake.WriteRune(r)
			}
		}
		if want := snake.String(); row.snake != want && (row.snake != "" || want != row.Parameter) {
			t.Errorf("%s: %q is not %q in snake_case", row.Name, row.snake, row.Parameter)
		}
		if row.argument != "" && row.noun == "" || row.Values != NoValues && (row.noun == "") != (row.nouns == "") {
			t.Errorf("%s: words are missing", row.Name)
		}
	}
}

func TestArgument(t *testing.T) {
	t.Parallel()
	tests := []struct{ scope, argument string }{
		{"all", "all"},
		{"currentuserscope", "current_user"},
		{"datasetScope", "data_set_ids"},
		{"idScope", "ids"},
		{"idscope", "ids"},
		{"extractionPipelineScope", "extraction_pipeline_ids"},
		{"assetRootIdScope", "asset_root_ids"},
		{"partition", "partition_ids"},
		{"tableScope", "tables"},
		{"spaceIdScope", "space_ids"},
		{"instancesScope", "instances"},
		{"usersScope", "usernames"},
		{"experimentscope", "experiments"},
		{"appScope", "apps"},
		{"appExternalIdScope", "app_external_ids"},
		{"agentExternalIdScope", "agent_external_ids"},
		{"spaceScope", "json"},
		{"dataModelScope", "json"},
		{"galaxyScope", "json"},
		{"", "json"},
	}
	for _, test := range tests {
		if got := Argument(test.scope); got != test.argument {
			t.Errorf("Argument(%q) = %q, want %q", test.scope, got, test.argument)
		}
	}
}

func TestScopeNameFor(t *testing.T) {
	t.Parallel()
	tests := []struct{ argument, acl, scope string }{
		{"ids", "timeSeriesAcl", "idscope"},
		{"ids", "securityCategoriesAcl", "idscope"},
		{"ids", "datasetsAcl", "idScope"},
		{"ids", "extractionPipelinesAcl", "idScope"},
		{"ids", "locationFiltersAcl", "idScope"},
		{"ids", "assetsAcl", "idScope"},
		{"ids", "quantumAcl", "idScope"},
		{"data_set_ids", "quantumAcl", "datasetScope"},
		{"all", "", "all"},
		{"json", "assetsAcl", ""},
		{"", "assetsAcl", ""},
		{"datasetScope", "assetsAcl", ""},
	}
	for _, test := range tests {
		got, ok := ScopeNameFor(test.argument, test.acl)
		if got != test.scope || ok != (test.scope != "") {
			t.Errorf("ScopeNameFor(%q, %q) = %q, %v, want %q", test.argument, test.acl, got, ok, test.scope)
		}
	}
	for _, kind := range ScopeKinds() {
		if argument := Argument(kind.Name); argument != "json" && argument != "ids" {
			if back, ok := ScopeNameFor(argument, ""); !ok || back != kind.Name {
				t.Errorf("%s became %s and then %q", kind.Name, argument, back)
			}
		}
	}
}

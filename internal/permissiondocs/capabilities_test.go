// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// cells splits the rows of a table below its head.
func cells(t *testing.T, table string) [][]string {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	if len(lines) < 3 || !strings.HasPrefix(lines[1], "|---") {
		t.Fatalf("not a table with rows:\n%s", table)
	}
	rows := make([][]string, 0, len(lines)-2)
	for _, line := range lines[2:] {
		rows = append(rows, strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | "))
	}
	return rows
}

// Every scope of the API is in the table, with its argument and with the ACLs of the
// catalogue that take it.
func TestScopeTable(t *testing.T) {
	t.Parallel()
	table := scopeTable()
	rows := map[string][]string{}
	for _, row := range cells(t, table) {
		rows[row[2]] = row
	}
	for _, kind := range cdfcapability.ScopeKinds() {
		if !strings.Contains(table, "`"+kind.Name+"`") || !strings.Contains(table, "`"+cdfcapability.Argument(kind.Name)+"`") {
			t.Errorf("the scope %s is not in the table", kind.Name)
		}
	}
	for scope, want := range map[string][]string{
		"`all`":                  {"`all`", "`true`", "`all`", "all but `experimentAcl`"},
		"`currentuserscope`":     {"`current_user`", "`true`", "`currentuserscope`", "`groupsAcl`, `subscribeSignalsAcl`"},
		"`idScope` or `idscope`": {"`ids`", "list of ids", "`idScope` or `idscope`", "`datasetsAcl`, `extractionPipelinesAcl`, `locationFiltersAcl`, `securityCategoriesAcl`, `timeSeriesAcl`"},
		"`spaceIdScope`":         {"`space_ids`", "list of texts", "`spaceIdScope`", "`dataModelInstancesAcl`, `dataModelsAcl`, `streamRecordsAcl`"},
		"`tableScope`":           {"`tables`", "map from database to list of tables", "`tableScope`", "`rawAcl`"},
		"`dataModelScope`":       {"`json`", "`jsonencode({ dataModelScope = { externalIds = [...] } })`", "`dataModelScope`", "`dataModelsAcl`"},
	} {
		if diff := cmp.Diff(want, rows[scope]); diff != "" {
			t.Errorf("the row of %s (-want +got):\n%s", scope, diff)
		}
	}
}

// Every ACL that is not of the past has its row, with what the catalogue says of it.
func TestACLTable(t *testing.T) {
	t.Parallel()
	rows := map[string][]string{}
	for _, row := range cells(t, aclTable()) {
		rows[row[0]] = row
	}
	for _, acl := range cdfcapability.ACLs() {
		row, shown := rows["`"+acl.Name+"`"]
		if shown == acl.Legacy {
			t.Errorf("%s, of the past %t, is shown %t", acl.Name, acl.Legacy, shown)
		}
		if shown && row[1] != codes(acl.Actions) {
			t.Errorf("%s has the actions %s, want %s", acl.Name, row[1], codes(acl.Actions))
		}
	}
	want := []string{"`timeSeriesAcl`", "`READ`, `WRITE`", "`all`, `data_set_ids`, `ids`, `asset_root_ids`"}
	if diff := cmp.Diff(want, rows["`timeSeriesAcl`"]); diff != "" {
		t.Errorf("the row of timeSeriesAcl (-want +got):\n%s", diff)
	}
}

func TestMostOrThese(t *testing.T) {
	t.Parallel()
	all := make([]string, 0, len(acls()))
	for _, acl := range acls() {
		all = append(all, acl.Name)
	}
	for name, test := range map[string]struct {
		names []string
		want  string
	}{
		"all":  {all, "all"},
		"most": {all[2:], "all but `" + all[0] + "`, `" + all[1] + "`"},
		"few":  {all[:2], "`" + all[0] + "`, `" + all[1] + "`"},
	} {
		if got := mostOrThese(test.names); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

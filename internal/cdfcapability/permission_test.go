// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPermissionString(t *testing.T) {
	t.Parallel()
	tests := map[string]Permission{
		"assetsAcl:READ in all":                                  {ACL: "assetsAcl", Action: "READ", Scope: "all"},
		"groupsAcl:LIST in current user":                         {ACL: "groupsAcl", Action: "LIST", Scope: "currentuserscope"},
		"assetsAcl:READ in data set 12":                          {ACL: "assetsAcl", Action: "READ", Scope: "datasetScope", ID: 12},
		"timeSeriesAcl:READ in id 12":                            {ACL: "timeSeriesAcl", Action: "READ", Scope: "idscope", ID: 12},
		"datasetsAcl:OWNER in id -1":                             {ACL: "datasetsAcl", Action: "OWNER", Scope: "idScope", ID: -1},
		"timeSeriesAcl:READ in idScope 12":                       {ACL: "timeSeriesAcl", Action: "READ", Scope: "idScope", ID: 12},
		"quantumAcl:READ in idscope 12":                          {ACL: "quantumAcl", Action: "READ", Scope: "idscope", ID: 12},
		"extractionRunsAcl:READ in extraction pipeline 3":        {ACL: "extractionRunsAcl", Action: "READ", Scope: "extractionPipelineScope", ID: 3},
		"timeSeriesAcl:READ in asset root 5":                     {ACL: "timeSeriesAcl", Action: "READ", Scope: "assetRootIdScope", ID: 5},
		"seismicAcl:READ in partition 2":                         {ACL: "seismicAcl", Action: "READ", Scope: "partition", ID: 2},
		"rawAcl:READ in table db1/t1":                            {ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "db1", Table: "t1"},
		`rawAcl:READ in table "db/1"/"t 1"`:                      {ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "db/1", Table: "t 1"},
		"rawAcl:READ in database db1":                            {ACL: "rawAcl", Action: "READ", Scope: "tableScope", Text: "db1"},
		"assetsAcl:READ in tableScope database db1":              {ACL: "assetsAcl", Action: "READ", Scope: "tableScope", Text: "db1"},
		"assetsAcl:READ in tableScope table db1/t1":              {ACL: "assetsAcl", Action: "READ", Scope: "tableScope", Text: "db1", Table: "t1"},
		"dataModelsAcl:READ in space foo":                        {ACL: "dataModelsAcl", Action: "READ", Scope: "spaceIdScope", Text: "foo"},
		"dataModelsAcl:READ in dataModelScope foo":               {ACL: "dataModelsAcl", Action: "READ", Scope: "dataModelScope", Text: "foo"},
		"dataModelsAcl:READ in space Ærø":                        {ACL: "dataModelsAcl", Action: "READ", Scope: "spaceIdScope", Text: "Ærø"},
		`dataModelsAcl:READ in space ""`:                         {ACL: "dataModelsAcl", Action: "READ", Scope: "spaceIdScope"},
		`dataModelsAcl:READ in space "a b"`:                      {ACL: "dataModelsAcl", Action: "READ", Scope: "spaceIdScope", Text: "a b"},
		`dataModelsAcl:READ in space "\"a\""`:                    {ACL: "dataModelsAcl", Action: "READ", Scope: "spaceIdScope", Text: `"a"`},
		"sapWritebackAcl:WRITE in instance x":                    {ACL: "sapWritebackAcl", Action: "WRITE", Scope: "instancesScope", Text: "x"},
		"postgresGatewayAcl:READ in user bob":                    {ACL: "postgresGatewayAcl", Action: "READ", Scope: "usersScope", Text: "bob"},
		"experimentAcl:USE in experiment e":                      {ACL: "experimentAcl", Action: "USE", Scope: "experimentscope", Text: "e"},
		"appConfigAcl:READ in app SEARCH":                        {ACL: "appConfigAcl", Action: "READ", Scope: "appScope", Text: "SEARCH"},
		"appHostingAcl:RUN in app external id a:b.c":             {ACL: "appHostingAcl", Action: "RUN", Scope: "appExternalIdScope", Text: "a:b.c"},
		"agentsAcl:RUN in agent external id a-b_c":               {ACL: "agentsAcl", Action: "RUN", Scope: "agentExternalIdScope", Text: "a-b_c"},
		`assetsAcl:READ in galaxyScope {"a":1}`:                  {ACL: "assetsAcl", Action: "READ", Scope: "galaxyScope", Text: `{"a":1}`},
		`"a:b":"c d" in "all or nothing" {}`:                     {ACL: "a:b", Action: "c d", Scope: "all or nothing", Text: `{}`},
		"quantumAcl:READ in all":                                 {ACL: "quantumAcl", Action: "READ", Scope: "all"},
		"quantumAcl:READ in currentuserscope":                    {ACL: "quantumAcl", Action: "READ", Scope: "currentuserscope"},
		"modelHostingAcl:READ in all":                            {ACL: "modelHostingAcl", Action: "READ", Scope: "all"},
		"templateGroupsAcl:READ in data set 9223372036854775807": {ACL: "templateGroupsAcl", Action: "READ", Scope: "datasetScope", ID: 9223372036854775807},
	}
	for want, p := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			if got := p.String(); got != want {
				t.Errorf("%s", got)
			}
			// The entry that grants it grants nothing else.
			if diff := cmp.Diff([]Permission{p}, Flatten([]Capability{p.Capability()})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// drawPermission draws a permission with texts that try to look like something else.
func drawPermission(t *rapid.T) Permission {
	odd := rapid.SampledFrom([]string{"", "a", "A", "a:b", "a b", `"a"`, `"`, "a/b", "/", "in", "all", " in all", "table a/b", "é", "e\u0301", "\n", "\xff", "\xfe", "{}"})
	p := Permission{
		ACL:    rapid.SampledFrom([]string{"assetsAcl", "rawAcl", "timeSeriesAcl", "a", "a:b", `"a"`}).Draw(t, "ACL"),
		Action: rapid.SampledFrom([]string{"READ", "b", "b:c", "READ in all"}).Draw(t, "action"),
		Scope:  rapid.SampledFrom([]string{"all", "currentuserscope", "idScope", "idscope", "tableScope", "usersScope", "spaceScope", "table", "x y", "id"}).Draw(t, "scope"),
	}
	switch kind, ok := LookUpScope(p.Scope); {
	case !ok:
		p.Text = rapid.SampledFrom([]string{`{}`, `{"a":"in all"}`, `{"a":1}`}).Draw(t, "JSON")
	case kind.Values == Numbers:
		p.ID = rapid.Int64Range(-2, 2).Draw(t, "id")
	case kind.Values == Texts:
		p.Text = odd.Draw(t, "text")
	case kind.Values == Tables:
		p.Text = odd.Draw(t, "database")
		p.Table = odd.Draw(t, "table")
	}
	return p
}

// Two permissions have the same text only when they are the same.
func TestPermissionStringTellsApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		byText := map[string]Permission{}
		for range 50 {
			p := drawPermission(t)
			if other, there := byText[p.String()]; there && other != p {
				t.Fatalf("%s is both %#v and %#v", p, p, other)
			}
			byText[p.String()] = p
		}
	})
}

func TestCompare(t *testing.T) {
	t.Parallel()
	sorted := []Permission{
		{ACL: "aAcl", Action: "B", Scope: "all"},
		{ACL: "aAcl", Action: "a", Scope: "all"},
		{ACL: "aAcl", Action: "a", Scope: "datasetScope", ID: -1},
		{ACL: "aAcl", Action: "a", Scope: "datasetScope", ID: 9},
		{ACL: "aAcl", Action: "a", Scope: "datasetScope", ID: 10},
		{ACL: "aAcl", Action: "a", Scope: "spaceIdScope", Text: "10"},
		{ACL: "aAcl", Action: "a", Scope: "spaceIdScope", Text: "9"},
		{ACL: "aAcl", Action: "a", Scope: "spaceIdScope", Text: "z"},
		{ACL: "aAcl", Action: "a", Scope: "spaceIdScope", Text: "Æ"},
		{ACL: "aAcl", Action: "a", Scope: "tableScope", Text: "db"},
		{ACL: "aAcl", Action: "a", Scope: "tableScope", Text: "db", Table: "t"},
		{ACL: "bAcl"},
	}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := Compare(a, b), min(1, max(-1, i-j)); got != want {
				t.Errorf("Compare(%s, %s) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestFlatten(t *testing.T) {
	t.Parallel()
	got := Flatten(parse(t, `[
		{"rawAcl":{"actions":["WRITE","READ","READ"],"scope":{"tableScope":{"dbsToTables":{"b":[],"a":["t2","t1",""]}}}}},
		{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[10,9,"10"]}}},"projectUrlNames":{"urlNames":["x"]}},
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},
		{"modelHostingAcl":{"actions":["READ"],"scope":{"all":{}}}},
		{"assetsAcl":{"actions":[],"scope":{"all":{}}}},
		{"eventsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[]}}}},
		{"eventsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"b":[],"a":1.0}}}},
		{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["b","a"]}}}}]`))
	var texts []string
	for _, p := range got {
		texts = append(texts, p.String())
	}
	want := []string{
		"assetsAcl:READ in all", "assetsAcl:READ in data set 9", "assetsAcl:READ in data set 10",
		"dataModelsAcl:READ in space a", "dataModelsAcl:READ in space b",
		`eventsAcl:READ in galaxyScope {"a":1,"b":[]}`,
		"modelHostingAcl:READ in all",
		"rawAcl:READ in database a", "rawAcl:READ in table a/t1", "rawAcl:READ in table a/t2", "rawAcl:READ in database b",
		"rawAcl:WRITE in database a", "rawAcl:WRITE in table a/t1", "rawAcl:WRITE in table a/t2", "rawAcl:WRITE in database b",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What Reduce drops is covered by what it keeps, and what it keeps by nothing else.
func TestReduce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := Flatten(lists().Draw(t, "list"))
		shuffled := rapid.Permutation(slices.Concat(list, list)).Draw(t, "shuffled")
		reduced := Reduce(shuffled)
		if !slices.IsSortedFunc(reduced, Compare) {
			t.Fatal("not sorted")
		}
		for _, p := range list {
			others := slices.DeleteFunc(slices.Clone(list), func(o Permission) bool { return o == p })
			needed := !slices.ContainsFunc(others, func(o Permission) bool { return includes(o, p) })
			if needed != slices.Contains(reduced, p) {
				t.Fatalf("%s: needed %v", p, needed)
			}
		}
		if len(slices.Compact(slices.Clone(reduced))) != len(reduced) {
			t.Fatal("something is there twice")
		}
	})
}

func TestReduceLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	permissions := []Permission{{ACL: "b", Action: "READ", Scope: "all"}, {ACL: "a", Action: "READ", Scope: "datasetScope", ID: 1}, {ACL: "a", Action: "READ", Scope: "all"}}
	before := slices.Clone(permissions)
	want := []Permission{permissions[2], permissions[0]}
	if diff := cmp.Diff(want, Reduce(permissions)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, permissions); diff != "" {
		t.Errorf("input (-before +after):\n%s", diff)
	}
}

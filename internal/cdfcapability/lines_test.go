// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPermissionLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		list string
		want []string
	}{
		"nothing": {`[{"assetsAcl":{"actions":[],"scope":{"all":{}}}}]`, nil},
		"plain": {
			`[{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"all":{}}}},{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":["t1"],"db2":[]}}}}}]`,
			[]string{"assetsAcl:READ in all", "assetsAcl:WRITE in all", "rawAcl:READ in database db2", "rawAcl:READ in table db1/t1"},
		},
		"covered": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[1]}}}}]`,
			[]string{"assetsAcl:READ in all", "assetsAcl:WRITE in data set 1"},
		},
		"in projects": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["b","a b","b"]}},{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}}]`,
			[]string{`assetsAcl:READ in all for projects "a b", b`, "assetsAcl:READ in data set 1"},
		},
		"in no project":        {`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":[]}}]`, []string{"assetsAcl:READ in all for no project"}},
		"in projects of null":  {`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":[null]}}]`, []string{`assetsAcl:READ in all with {"beside":{"projectUrlNames":{"urlNames":[null]}}}`}},
		"in projects and more": {`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["a"],"x":1.0}}]`, []string{`assetsAcl:READ in all with {"beside":{"projectUrlNames":{"urlNames":["a"],"x":1}}}`}},
		"in projects of a token": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["b","a"]}}]`,
			[]string{`assetsAcl:READ in all with {"beside":{"projectScope":{"projects":["a","b"]}}}`},
		},
		"with unknown members": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1],"a":1},"bScope":{}},"c":[ ]},"projectUrlNames":{"urlNames":["a"]},"d":{"f":1,"e":2}}]`,
			[]string{`assetsAcl:READ in data set 1 with {"acl":{"c":[]},"beside":{"d":{"e":2,"f":1},"projectUrlNames":{"urlNames":["a"]}},"scope":{"a":1},"scopes":{"bScope":{}}}`},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := PermissionLines(parse(t, test.list))
			if diff := cmp.Diff(test.want, slices.Sorted(maps.Keys(lines))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for line, effect := range lines {
				if effect != "allow" {
					t.Errorf("%s = %s", line, effect)
				}
			}
		})
	}
}

// manyValues gives more permissions than are shown one by one, of each kind.
func manyValues(shift int64) []Capability {
	ids := make([]int64, 0, maxLines)
	texts := make([]string, 0, maxLines)
	for i := range int64(maxLines) {
		ids = append(ids, i+shift)
		texts = append(texts, fmt.Sprint(i+shift))
	}
	return []Capability{
		{ACL: "assetsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "datasetScope", IDs: ids}},
		{ACL: "eventsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "idScope", IDs: ids}},
		{ACL: "filesAcl", Actions: []string{"READ"}, Scope: Scope{Name: "all"}},
		{ACL: "labelsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "datasetScope", IDs: []int64{7}}},
		{ACL: "quantumAcl", Actions: []string{"X Y"}, Scope: Scope{Name: "xScope", Raw: []byte(`{"a":1}`)}},
		{ACL: "quantumAcl", Actions: []string{"X Y"}, Scope: Scope{Name: "xScope", Raw: []byte(`{"a":2}`)}},
		{ACL: "rawAcl", Actions: []string{"READ"}, Scope: Scope{Name: "tableScope", Tables: map[string][]string{"db": texts, "dc": {}}}},
	}
}

func TestPermissionLinesOfVeryMany(t *testing.T) {
	t.Parallel()
	fingerprint := regexp.MustCompile(`\([0-9a-f]{16}\)`)
	var got []string
	lines := PermissionLines(manyValues(0))
	for line := range lines {
		got = append(got, fingerprint.ReplaceAllString(line, "(#)"))
	}
	slices.Sort(got)
	want := []string{
		"assetsAcl:READ in 2000 data sets (#)",
		"eventsAcl:READ in 2000 values of idScope (#)",
		"filesAcl:READ in all",
		"labelsAcl:READ in data set 7",
		`quantumAcl:"X Y" in 2 values of xScope (#)`,
		"rawAcl:READ in 2001 tables and databases (#)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again := manyValues(0)
	slices.Reverse(again)
	slices.Reverse(again[len(again)-1].Scope.IDs)
	if diff := cmp.Diff(lines, PermissionLines(again)); diff != "" {
		t.Errorf("in another order (-want +got):\n%s", diff)
	}
	changed := 0
	for line := range PermissionLines(manyValues(1)) {
		if _, same := lines[line]; !same {
			changed++
		}
	}
	if changed != 3 {
		t.Errorf("%d lines changed, want 3", changed)
	}
}

func TestPermissionLinesUpToTheLimit(t *testing.T) {
	t.Parallel()
	list := manyValues(0)[:1]
	if lines := PermissionLines(list); len(lines) != maxLines {
		t.Errorf("%d lines, want %d", len(lines), maxLines)
	}
	list[0].Scope.IDs = append(list[0].Scope.IDs, -1)
	lines := slices.Collect(maps.Keys(PermissionLines(list)))
	if len(lines) != 1 || !strings.HasPrefix(lines[0], "assetsAcl:READ in 2001 data sets (") {
		t.Errorf("%v", lines)
	}
}

// Lists are equal when they grant the same, and then have the same lines.
func TestEqual(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := lists().Draw(t, "a")
		b := rapid.OneOf(lists(), rapid.Permutation(a), rapid.Just(Merge(a)), rapid.Just(withoutSiblings(a))).Draw(t, "b")
		universe := universeOf(a, b)
		want := cmp.Equal(grants(a, universe), grants(b, universe))
		if got := Equal(a, b); got != want {
			t.Fatalf("Equal is %v, want %v", got, want)
		}
		if got := maps.Equal(PermissionLines(a), PermissionLines(b)); got != want {
			t.Fatalf("the same lines: %v, want %v", got, want)
		}
	})
}

func TestEqualInMeaning(t *testing.T) {
	t.Parallel()
	entry := func(members string) string {
		return `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}` + members + `}]`
	}
	tests := []struct {
		name, a, b string
		want       bool
	}{
		{"numbers in unknown members", entry(`,"x":{"a":1.0,"b":[1e2]}`), entry(`,"x":{"b":[100],"a":1}`), true},
		{"order in unknown lists", entry(`,"x":[1,2]`), entry(`,"x":[2,1]`), false},
		{"order of projects", entry(`,"projectUrlNames":{"urlNames":["a","b"]}`), entry(`,"projectUrlNames":{"urlNames":["b","a","a"]}`), true},
		{"other projects", entry(`,"projectUrlNames":{"urlNames":["a"]}`), entry(`,"projectUrlNames":{"urlNames":["b"]}`), false},
		{"in all projects", entry(`,"projectScope":{"allProjects":{}}`), entry(``), false},
		{"nothing granted, with members or without", `[{"assetsAcl":{"actions":[],"scope":{"all":{}}},"x":1}]`, `[]`, true},
		{"different legacy ACLs", `[{"genericsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`, `[]`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := Equal(parse(t, test.a), parse(t, test.b)); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

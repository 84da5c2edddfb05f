// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// parse reads a list that is known to be right.
func parse(t testing.TB, text string) []Capability {
	t.Helper()
	list, err := ParseList([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// encode writes a list that is known to be right.
func encode(t testing.TB, list []Capability) string {
	t.Helper()
	text, err := EncodeList(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMerge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		list, want string
	}{
		"nothing":         {`[]`, `[]`},
		"empty actions":   {`[{"assetsAcl":{"actions":[],"scope":{"all":{}}}}]`, `[]`},
		"empty scope":     {`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[]}}}}]`, `[]`},
		"twice the same":  {`[{"assetsAcl":{"actions":["READ","READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`, `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`},
		"actions":         {`[{"assetsAcl":{"actions":["WRITE"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`, `[{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"all":{}}}}]`},
		"values":          {`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[10,2]}}}},{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["9"]}}}}]`, `[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[2,9,10]}}}}]`},
		"covered by all":  {`[{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[1]}}}},{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`, `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[1]}}}}]`},
		"different scope": {`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"idScope":{"ids":[1]}}}},{"timeSeriesAcl":{"actions":["READ"],"scope":{"idscope":{"ids":[1]}}}}]`, `[{"timeSeriesAcl":{"actions":["READ"],"scope":{"idScope":{"ids":[1]}}}},{"timeSeriesAcl":{"actions":["READ"],"scope":{"idscope":{"ids":[1]}}}}]`},
		"a class each": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,2]}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[2]}}}}]`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[2]}}}}]`,
		},
		"an action each": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"a":[],"ab":[]}}}}},{"rawAcl":{"actions":["WRITE"],"scope":{"tableScope":{"dbsToTables":{"b":[],"ab":[]}}}}}]`,
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"a":{"tables":[]},"ab":{"tables":[]}}}}}},{"rawAcl":{"actions":["WRITE"],"scope":{"tableScope":{"dbsToTables":{"ab":{"tables":[]},"b":{"tables":[]}}}}}}]`,
		},
		"tables": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":["t2","t1"],"db2":["t"]}}}}},{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":["t3"],"db2":null}}}}}]`,
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db1":{"tables":["t1","t2","t3"]},"db2":{"tables":[]}}}}}}]`,
		},
		// Three entries if what WRITE of c covers anyway had to go.
		"kept though covered": {
			`[{"dataModelInstancesAcl":{"actions":["READ","WRITE_PROPERTIES"],"scope":{"spaceIdScope":{"spaceIds":["b","c"]}}}},{"dataModelInstancesAcl":{"actions":["WRITE"],"scope":{"spaceIdScope":{"spaceIds":["a","c"]}}}}]`,
			`[{"dataModelInstancesAcl":{"actions":["READ","WRITE_PROPERTIES"],"scope":{"spaceIdScope":{"spaceIds":["b","c"]}}}},{"dataModelInstancesAcl":{"actions":["WRITE"],"scope":{"spaceIdScope":{"spaceIds":["a","c"]}}}}]`,
		},
		"unknown scopes": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"b":1.0,"a":[]}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"galaxyScope":{"a":[],"b":1}}}},{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"a":[]}}}}]`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"a":[]}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"galaxyScope":{"a":[],"b":1}}}}]`,
		},
		"siblings": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["b","a"]}},{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["a","b","a"]}}]`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["a","b"]}}]`,
		},
		"unknown members": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1],"x": {"b":1,"a":2}},"futureScope":{}},"y":[ ]},"z":1},{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[2],"x":{"a":2,"b":1}},"futureScope":{}},"y":[]},"z":1.0}]`,
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,2],"x":{"a":2,"b":1}},"futureScope":{}},"y":[]},"z":1}]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, encode(t, Merge(parse(t, test.list)))); diff != "" {
				t.Errorf("merged (-want +got):\n%s", diff)
			}
		})
	}
}

// Of more actions than are searched through, what is alike is joined all the same.
func TestMergeOfManyActions(t *testing.T) {
	t.Parallel()
	list := parse(t, `[
		{"quantumAcl":{"actions":["A","B","C","D"],"scope":{"datasetScope":{"ids":[1]}}}},
		{"quantumAcl":{"actions":["E","F","G"],"scope":{"datasetScope":{"ids":[1,2]}}}},
		{"quantumAcl":{"actions":["G","F","E"],"scope":{"datasetScope":{"ids":[2,3]}}}},
		{"quantumAcl":{"actions":["D","C","B","A"],"scope":{"datasetScope":{"ids":[2,3]}}}},
		{"quantumAcl":{"actions":["H"],"scope":{"all":{}}}},
		{"quantumAcl":{"actions":["H","A"],"scope":{"datasetScope":{"ids":[1,2]}}}},
		{"rawAcl":{"actions":["A","B","C","D","E","F","G"],"scope":{"tableScope":{"dbsToTables":{"db":["t"]}}}}},
		{"rawAcl":{"actions":["A","B","C","D","E","F","G"],"scope":{"tableScope":{"dbsToTables":{"db":["u"], "dc": ["t"]}}}}}]`)
	want := `[{"quantumAcl":{"actions":["H"],"scope":{"all":{}}}},` +
		`{"quantumAcl":{"actions":["A"],"scope":{"datasetScope":{"ids":[1,2]}}}},` +
		`{"quantumAcl":{"actions":["A","B","C","D","E","F","G"],"scope":{"datasetScope":{"ids":[1,2,3]}}}},` +
		`{"rawAcl":{"actions":["A","B","C","D","E","F","G"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":["t","u"]},"dc":{"tables":["t"]}}}}}}]`
	if diff := cmp.Diff(want, encode(t, Merge(list))); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
}

// A merged list grants the same, is not longer, is the shortest, and is its own merged list.
func TestMergeKeepsTheMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := lists().Draw(t, "list")
		merged := Merge(list)
		universe := universeOf(list, merged)
		if diff := cmp.Diff(grants(list, universe), grants(merged, universe)); diff != "" {
			t.Fatalf("granted before and after (-want +got):\n%s", diff)
		}
		if !Equal(list, merged) {
			t.Fatal("not equal to what it was merged from")
		}
		if len(merged) > len(list) {
			t.Fatalf("%d entries are longer than %d", len(merged), len(list))
		}
		again := slices.Clone(merged)
		slices.Reverse(again)
		if again = Merge(again); len(again) > len(merged) {
			t.Fatalf("merged again: %d entries instead of %d", len(again), len(merged))
		}
	})
}

// However a list is split and ordered, it merges to the same.
func TestMergeIsCanonical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := slices.DeleteFunc(lists().Draw(t, "list"), func(c Capability) bool { return c.ACL == "quantumAcl" })
		var split []Capability
		for _, c := range list {
			for _, p := range Flatten([]Capability{c}) {
				one := p.Capability()
				one.Siblings = c.Siblings
				split = append(split, one)
			}
		}
		split = rapid.Permutation(split).Draw(t, "split")
		if diff := cmp.Diff(Merge(list), Merge(split)); diff != "" {
			t.Fatalf("merged (-whole +split):\n%s", diff)
		}
	})
}

// The search against trying all families of sets, the smaller ones first.
func TestSmallestBasis(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const actions = 4
		classes := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) class {
			need := actionSet(rapid.Uint8Range(1, 1<<actions-1).Draw(t, "need"))
			return class{need: need, allowed: need | actionSet(rapid.Uint8Range(0, 1<<actions-1).Draw(t, "more"))}
		}), 1, 8, rapid.ID[class]).Draw(t, "classes")
		basis := smallestBasis(classes, actions)
		if !serves(basis, classes) {
			t.Fatalf("%04b does not serve %04b", basis, classes)
		}
		fewest := actions
		for family := range 1 << (1<<actions - 1) {
			size := bits.OnesCount(uint(family))
			if size < fewest && serves(familySets(family), classes) {
				fewest = size
			}
		}
		if want := fewest; len(basis) != want {
			t.Fatalf("%04b has %d sets, %d suffice for %04b", basis, len(basis), want, classes)
		}
		sets, assigned := assignSets(classes, basis)
		if len(sets) != len(basis) || slices.Contains(sets, 0) {
			t.Fatalf("%04b became %04b", basis, sets)
		}
		for _, c := range classes {
			given := actionSet(0)
			for _, i := range assigned[c] {
				given |= sets[i]
			}
			if !c.need.within(given) || !given.within(c.allowed) {
				t.Fatalf("%04b are given %04b", c, given)
			}
		}
	})
}

func familySets(family int) []actionSet {
	var sets []actionSet
	for bit := range bits.Len(uint(family)) {
		if family&(1<<bit) != 0 {
			sets = append(sets, actionSet(bit+1))
		}
	}
	return sets
}

func serves(basis []actionSet, classes []class) bool {
	return !slices.ContainsFunc(classes, func(c class) bool {
		given := actionSet(0)
		for _, set := range basis {
			if set.within(c.allowed) {
				given |= set
			}
		}
		return !c.need.within(given)
	})
}

// The hardest relations that six actions allow must not take long.
func BenchmarkSmallestBasis(b *testing.B) {
	// A linear congruence is random enough for relations of all sorts.
	state := uint32(1)
	random := func() actionSet {
		state = 1664525*state + 1013904223
		return actionSet(state >> 26)
	}
	var relations [][]class
	for range 20 {
		var classes []class
		for range 12 {
			need, more, mask := max(1, random()), random(), random()
			classes = append(classes, class{need: need, allowed: need | more&mask})
		}
		relations = append(relations, classes)
	}
	for need := 1; need < 6; need++ {
		var classes []class
		for set := actionSet(1); set < 64; set++ {
			if bits.OnesCount8(uint8(set)) == need {
				classes = append(classes, class{need: set, allowed: set})
			}
		}
		relations = append(relations, classes)
	}
	for b.Loop() {
		for _, classes := range relations {
			smallestBasis(classes, 6)
		}
	}
}

func TestMergeDoesNotTouchItsInput(t *testing.T) {
	t.Parallel()
	text := `[{"assetsAcl":{"actions":["WRITE","READ"],"scope":{"datasetScope":{"ids":[3,1]}}},"x":{"b":1,"a":2}},{"spaceAcl":{"actions":["B","A","C","D","E","F","G"],"scope":{"usersScope":{"usernames":["b","a"]}}}}]`
	list := parse(t, text)
	merged := Merge(list)
	for i := range merged {
		slices.Reverse(merged[i].Actions)
		slices.Reverse(merged[i].Scope.IDs)
	}
	if diff := cmp.Diff(text, encode(t, list)); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
	if !strings.Contains(encode(t, Merge(list)), `"ids":[1,3]`) {
		t.Error("not merged")
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seeds gives lists to begin with: recorded ones, and one of every odd form.
func seeds(f *testing.F) [][]byte {
	f.Helper()
	lists := [][]byte{
		[]byte(`[]`),
		[]byte(`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbs_to_tables":{"a":["t",""],"b":null,"c":{"tables":[]}}}}},"projectScope":{"projects":["p"]}}]`),
		[]byte(`[{"assetsAcl":{"b":[1.50],"actions":["X"],"scope":{"galaxyScope":{"z":1},"datasetScope":{"ids":["1_0",1e1,"\u0031"],"c":null}}},"a":1}]`),
		[]byte(`[{"quantumAcl":{"actions":["A","B","C","D","E","F","G"],"scope":{"galaxyScope":{"ids":[1,true,"${x}\ud83d\ude00",{"a":{}}]}}}}]`),
		[]byte(`[{"postgresGatewayAcl":{"actions":["READ"],"scope":{"usersScope":{"usernames":["a",12]}}}},{}]`),
	}
	files, err := filepath.Glob("testdata/cdf-compare-sdk.jsonl")
	if err != nil || len(files) == 0 {
		f.Fatalf("no recorded lists: %v", err)
	}
	for _, row := range readComparisons(f, files[0]) {
		lists = append(lists, row.Existing, row.Desired)
	}
	return lists
}

// FuzzParseList reads anything. What can be read is written and read to the same, and means
// the same merged, as blocks and as lines.
func FuzzParseList(f *testing.F) {
	for _, list := range seeds(f) {
		f.Add(list)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lenient, _, lenientErr := ParseServerList(text)
		list, err := ParseList(text)
		if err != nil {
			if list != nil || err.Error() == "" {
				t.Fatalf("%v beside an error %q", list, err)
			}
			HCL(lenient)
			return
		}
		if lenientErr != nil || !cmp.Equal(list, lenient) {
			t.Fatalf("a server's list is read as %v, %v", lenient, lenientErr)
		}
		written := encode(t, list)
		if !json.Valid([]byte(written)) {
			t.Fatalf("no JSON: %s", written)
		}
		again, err := ParseList([]byte(written))
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if diff := cmp.Diff(list, again); diff != "" {
			t.Fatalf("written and read (-before +after):\n%s", diff)
		}
		if granted, err := ParseGrants(text); err == nil && !cmp.Equal(list, granted) {
			t.Fatalf("to grant, the list is read as %v", granted)
		}
		merged := Merge(list)
		if !Equal(list, merged) || len(merged) > len(list) {
			t.Fatalf("merged to %s", encode(t, merged))
		}
		if !maps.Equal(PermissionLines(list), PermissionLines(merged)) {
			t.Fatal("merged, the lines are others")
		}
		Validate(list)
		UnknownMembers(list)
		HCL(list)
	})
}

// FuzzMissing compares any lists by the definition of what is missing.
func FuzzMissing(f *testing.F) {
	lists := seeds(f)
	for i, list := range lists {
		f.Add(list, lists[(i+1)%len(lists)], lists[(i+2)%len(lists)], i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, a, b, c []byte, plain bool) {
		const readable = 2000
		if len(a) > readable || len(b) > readable || len(c) > readable {
			return
		}
		var lists [3][]Capability
		for i, text := range [][]byte{a, b, c} {
			list, _, err := ParseServerList(text)
			if err != nil {
				return
			}
			lists[i] = withoutSiblings(list)
		}
		checkDefinition(t, lists[0], lists[1], plain)
		checkMonotone(t, lists[0], lists[1], lists[2], plain)
		reduced := entriesOf(Reduce(Flatten(lists[0])))
		checkDefinition(t, slices.Concat(reduced, lists[2]), lists[1], plain)
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAddition(t *testing.T) {
	t.Parallel()
	const overlapping = `[
		{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":[],"dc":["t","u"]}}}}},
		{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":["t"]}}}}},
		{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[2,1]}}}},
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`
	tests := map[string]struct {
		missing string
		options Options
		want    string
	}{
		"merged": {
			overlapping, Options{},
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["WRITE"],"scope":{"datasetScope":{"ids":[1,2]}}}},` +
				`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":[]},"dc":{"tables":["t","u"]}}}}}}]`,
		},
		"nothing left out": {
			overlapping, Options{IgnoreAllScopeMeaning: true},
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[1,2]}}}},` +
				`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":[]}}}}}},` +
				`{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":["t"]},"dc":{"tables":["t","u"]}}}}}}]`,
		},
		"a whole database that covers nothing": {
			`[{"newAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":[]}}}}},{"newAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":["t"]}}}}}]`, Options{},
			`[{"newAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":[]}}}}}},{"newAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":["t"]}}}}}}]`,
		},
		"unknown scopes": {
			`[{"assetsAcl":{"actions":["WRITE"],"scope":{"galaxyScope":{"b":1}}}},{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"b":1}}}},{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"a":1}}}}]`, Options{IgnoreAllScopeMeaning: true},
			`[{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"a":1}}}},{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"galaxyScope":{"b":1}}}}]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, encode(t, Addition(parse(t, test.missing), test.options))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Who adds what is said lacks nothing any more, and may write it.
func TestAdditionIsEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		held, desired := withoutSiblings(lists().Draw(t, "held")), lists().Draw(t, "desired")
		options := Options{IgnoreAllScopeMeaning: rapid.Bool().Draw(t, "plain")}
		missing, _, err := Missing(held, desired, options)
		if err != nil {
			t.Fatal(err)
		}
		addition := Addition(missing, options)
		text, err := EncodeList(addition)
		if err != nil {
			t.Fatal(err)
		}
		if written, err := ParseGrants(text); err != nil || !Equal(written, addition) {
			t.Fatalf("%s cannot be written: %v", text, err)
		}
		if left, _, err := Missing(slices.Concat(held, addition), desired, options); err != nil || len(left) > 0 {
			t.Fatalf("with %s, %v is missing still (%v)", text, left, err)
		}
	})
}

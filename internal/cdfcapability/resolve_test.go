// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// toolkitIDs are the ids that the names in the tests stand for.
var toolkitIDs = map[string]map[string]int64{
	cdfcapability.KindAssets:              {"root": 1},
	cdfcapability.KindDataSets:            {"ds_timeseries": 2, "7": 70},
	cdfcapability.KindExtractionPipelines: {"ep": 3},
	cdfcapability.KindLocationFilters:     {"lf": 4},
	cdfcapability.KindSecurityCategories:  {"confidential": 5},
	cdfcapability.KindTimeSeries:          {"ts": 9007199254740993},
}

func TestResolveNames(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ list, want string }{
		"data sets of any ACL": {
			`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["ds_timeseries",10]}}}}]`,
			`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[2,10]}}}}]`,
		},
		"a name that looks like a number": {
			`[{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["7",8]}}}}]`,
			`[{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[70,8]}}}}]`,
		},
		"objects of the ACL itself": {
			`[{"datasetsAcl":{"scope":{"idScope":{"ids":["ds_timeseries"]}}}},{"extractionPipelinesAcl":{"scope":{"idScope":{"ids":["ep"]}}}},` +
				`{"locationFiltersAcl":{"scope":{"idScope":{"ids":["lf"]}}}},{"securityCategoriesAcl":{"scope":{"idscope":{"ids":["confidential"]}}}},` +
				`{"timeSeriesAcl":{"scope":{"idscope":{"ids":["ts"]}}}}]`,
			`[{"datasetsAcl":{"scope":{"idScope":{"ids":[2]}}}},{"extractionPipelinesAcl":{"scope":{"idScope":{"ids":[3]}}}},` +
				`{"locationFiltersAcl":{"scope":{"idScope":{"ids":[4]}}}},{"securityCategoriesAcl":{"scope":{"idscope":{"ids":[5]}}}},` +
				`{"timeSeriesAcl":{"scope":{"idscope":{"ids":[9007199254740993]}}}}]`,
		},
		"other kinds of scopes": {
			`[{"timeSeriesAcl":{"scope":{"assetRootIdScope":{"rootIds":["root"]}}}},{"extractionRunsAcl":{"scope":{"extractionPipelineScope":{"ids":["ep"]}}}}]`,
			`[{"timeSeriesAcl":{"scope":{"assetRootIdScope":{"rootIds":[1]}}}},{"extractionRunsAcl":{"scope":{"extractionPipelineScope":{"ids":[3]}}}}]`,
		},
		"texts that are no names": {
			`[{"dataModelsAcl":{"scope":{"spaceIdScope":{"spaceIds":["root"]}}}},{"newAcl":{"scope":{"idScope":{"ids":["x"]}}}}]`,
			`[{"dataModelsAcl":{"scope":{"spaceIdScope":{"spaceIds":["root"]}}}},{"newAcl":{"scope":{"idScope":{"ids":["x"]}}}}]`,
		},
		"no list of capabilities": {`{"a":1}`, `{"a":1}`},
		"odd shapes":              {`[1,{"a":1},{"datasetsAcl":{"scope":{"idScope":[]}}},{"filesAcl":{"scope":{"datasetScope":{"ids":"x"}}}}]`, `[1,{"a":1},{"datasetsAcl":{"scope":{"idScope":[]}}},{"filesAcl":{"scope":{"datasetScope":{"ids":"x"}}}}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := cdfcapability.ResolveNames([]byte(test.list), toolkitIDs)
			if err != nil {
				t.Fatalf("ResolveNames: %v", err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("ResolveNames (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResolveNamesReportsWhatHasNoID(t *testing.T) {
	t.Parallel()
	_, err := cdfcapability.ResolveNames([]byte(`[
		{"filesAcl":{"actions":["READ"],"scope":{"all":{}}}},
		{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,"ds_timeserie"]}}}},
		{"securityCategoriesAcl":{"actions":["MEMBEROF"],"scope":{"idscope":{"ids":["secret"]}}}}]`), toolkitIDs)
	want := `[1].filesAcl.scope.datasetScope.ids[1]: there is no id for the name "ds_timeserie" among those given as data_sets, of which "ds_timeseries" is the nearest` + "\n" +
		`[2].securityCategoriesAcl.scope.idscope.ids[0]: there is no id for the name "secret" among those given as security_categories`
	if err == nil || err.Error() != want {
		t.Errorf("got the error\n%v\nwant\n%s", err, want)
	}
}

// A text of digits is an id only where it can be no name, and only in its own spelling.
func TestResolveNamesOfDigits(t *testing.T) {
	t.Parallel()
	list := func(id string) []byte {
		return []byte(`[{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["` + id + `"]}}}}]`)
	}
	if got, err := cdfcapability.ResolveNames(list("2024"), nil); err != nil || string(got) != string(list("2024")) {
		t.Errorf("without ids: %s, %v", got, err)
	}
	if got, err := cdfcapability.ResolveNames(list("007"), nil); err == nil {
		t.Errorf("007 without ids: %s", got)
	}
	if got, err := cdfcapability.ResolveNames(list("2024"), toolkitIDs); err == nil {
		t.Errorf("2024 beside ids: %s", got)
	}
}

func TestNameKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range cdfcapability.NameKinds() {
		if len(toolkitIDs[kind]) == 0 {
			t.Errorf("no test resolves names of the kind %s", kind)
		}
	}
}

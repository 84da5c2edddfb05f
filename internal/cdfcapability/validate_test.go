// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const newerService = "It is passed on as it is, since the service may be newer."

func TestValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		list string
		want []Finding
	}{
		"right": {`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}},"x":1}]`, nil},
		"unknown ACL": {
			`[{"AssetsAcl":{"actions":["X"],"scope":{"datasetScope":{"ids":[1]}}}},{"x y":{"actions":["X"],"scope":{"idScope":{"ids":[1]}}}}]`,
			[]Finding{
				{Path: "[0].AssetsAcl", Summary: "Unknown ACL", Detail: `The ACL "AssetsAcl" is not among those known here. ` + newerService + ` Did you mean "assetsAcl"?`},
				{Path: `[1]["x y"]`, Summary: "Unknown ACL", Detail: `The ACL "x y" is not among those known here. ` + newerService},
			},
		},
		"unknown actions": {
			`[{"projectsAcl":{"actions":["READ","WRITE","DELET"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["read"],"scope":{"all":{}}}}]`,
			[]Finding{
				{Path: "[0].projectsAcl.actions[1]", Summary: "Unknown action", Detail: `The action "WRITE" is not among those of projectsAcl known here, which are READ, CREATE, LIST, UPDATE, DELETE. ` + newerService},
				{Path: "[0].projectsAcl.actions[2]", Summary: "Unknown action", Detail: `The action "DELET" is not among those of projectsAcl known here, which are READ, CREATE, LIST, UPDATE, DELETE. ` + newerService + ` Did you mean "DELETE"?`},
				{Path: "[1].assetsAcl.actions[0]", Summary: "Unknown action", Detail: `The action "read" is not among those of assetsAcl known here, which are READ, WRITE. ` + newerService + ` Did you mean "READ"?`},
			},
		},
		"scope of another ACL": {
			`[{"securityCategoriesAcl":{"actions":["LIST"],"scope":{"idScope":{"ids":[1]}}}},{"streamsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["a"]}}}}]`,
			[]Finding{
				{Path: "[0].securityCategoriesAcl.scope.idScope", Summary: "Scope not taken by the ACL", Detail: `The ACL securityCategoriesAcl is not known to take idScope as its scope. Those of securityCategoriesAcl are all, idscope. ` + newerService + ` Did you mean "idscope"?`},
				{Path: "[1].streamsAcl.scope.spaceIdScope", Summary: "Scope not taken by the ACL", Detail: `The ACL streamsAcl is not known to take spaceIdScope as its scope. Those of streamsAcl are all. ` + newerService},
			},
		},
		"unknown scopes": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"dataSetScope":{"ids":[1]}}}},{"xAcl":{"actions":["READ"],"scope":{"currentUserScope":{}}}}]`,
			[]Finding{
				{Path: "[0].assetsAcl.scope.dataSetScope", Summary: "Unknown scope", Detail: `The scope "dataSetScope" is not among those known here. Those of assetsAcl are all, datasetScope. ` + newerService + ` Did you mean "datasetScope"?`},
				{Path: "[1].xAcl", Summary: "Unknown ACL", Detail: `The ACL "xAcl" is not among those known here. ` + newerService},
				{Path: "[1].xAcl.scope.currentUserScope", Summary: "Unknown scope", Detail: `The scope "currentUserScope" is not among those known here. ` + newerService + ` Did you mean "currentuserscope"?`},
			},
		},
		"legacy": {
			`[{"templateGroupsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`,
			[]Finding{{Path: "[0].templateGroupsAcl", Summary: "Legacy ACL", Detail: "The ACL templateGroupsAcl is of the past: comparisons of capabilities leave it out. Remove it where it is no longer needed."}},
		},
		"without effect": {
			`[{"assetsAcl":{"actions":[],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[]}}}},{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{}}}}},{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":[]}}}}]`,
			withoutEffect("[0].assetsAcl", "[1].assetsAcl", "[2].rawAcl", "[3].dataModelsAcl"),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Validate(parse(t, test.list))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Of a block, the arguments of its scope are told rather than the scopes of the API.
func TestValidateBlock(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		list, argument string
		want           []Finding
	}{
		"right": {`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}}]`, "data_set_ids", nil},
		"scope of another ACL": {
			`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["a"]}}}}]`, "space_ids",
			[]Finding{{Path: "scope[0].space_ids", Summary: "Scope not taken by the ACL", Detail: "The ACL timeSeriesAcl is not known to take space_ids as its scope. Those of timeSeriesAcl are all, data_set_ids, ids, asset_root_ids. " + newerService}},
		},
		"scope as the API has it": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"dataSetScope":{"ids":[1]}}}}]`, "json",
			[]Finding{{Path: "scope[0].json", Summary: "Unknown scope", Detail: `The scope "dataSetScope" is not among those known here. Those of assetsAcl are all, datasetScope. ` + newerService + ` Did you mean "datasetScope"?`}},
		},
		"unknown ACL": {
			`[{"timeSeries":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1]}}}}]`, "data_set_ids",
			[]Finding{{Path: "acl", Summary: "Unknown ACL", Detail: `The ACL "timeSeries" is not among those known here. ` + newerService + ` Did you mean "timeSeriesAcl"?`}},
		},
		"unknown action": {
			`[{"assetsAcl":{"actions":["READ","read"],"scope":{"all":{}}}}]`, "all",
			[]Finding{{Path: "actions[1]", Summary: "Unknown action", Detail: `The action "read" is not among those of assetsAcl known here, which are READ, WRITE. ` + newerService + ` Did you mean "READ"?`}},
		},
		"without effect": {`[{"assetsAcl":{"actions":[],"scope":{"all":{}}}}]`, "all", withoutEffect("acl")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, ValidateBlock(parse(t, test.list)[0], test.argument)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func withoutEffect(paths ...string) []Finding {
	var findings []Finding
	for _, path := range paths {
		findings = append(findings, Finding{
			Path: path, Summary: "Capability without effect",
			Detail: "The capability has no actions, or its scope lists nothing, so it grants nothing. Add what is meant, or remove the capability.",
		})
	}
	return findings
}

// Each finding is told at its place, up to a number that people can read.
func TestValidateTellsOfTheFirst(t *testing.T) {
	t.Parallel()
	entry := Capability{ACL: "xAcl", Actions: []string{"READ"}, Scope: Scope{Name: "all"}}
	if findings := Validate(slices.Repeat([]Capability{entry}, maxProblems)); len(findings) != maxProblems || findings[1].Path != "[1].xAcl" {
		t.Errorf("%d findings", len(findings))
	}
	findings := Validate(slices.Repeat([]Capability{entry}, maxProblems+1))
	if len(findings) != maxProblems+1 || findings[maxProblems].Summary != "Further findings" {
		t.Errorf("%d findings, the last of which is %v", len(findings), findings[len(findings)-1])
	}
}

func TestUnknownMembers(t *testing.T) {
	t.Parallel()
	list := parse(t, `[
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{},"projectScope":{}},
		{"assetsAcl":{"actions":["READ"],"scope":{"dataSetScope":{},"datasetScope":{"ids":[],"id":1}},"action":1},"projectUrlName":1,"a b":1},
		{"xAcl":{"actions":["READ"],"scope":{"yScope":{"z":1}}}},
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{"ids":[1]}}}}]`)
	const kept = "is not known here. It is kept as it is, since the service may be newer."
	want := []Finding{
		{Path: `[1]["a b"]`, Summary: "Unknown member", Detail: `The member "a b" ` + kept},
		{Path: "[1].projectUrlName", Summary: "Unknown member", Detail: `The member "projectUrlName" ` + kept + ` Did you mean "projectUrlNames"?`},
		{Path: "[1].assetsAcl.action", Summary: "Unknown member", Detail: `The member "action" ` + kept + ` Did you mean "actions"?`},
		{Path: "[1].assetsAcl.scope.datasetScope.id", Summary: "Unknown member", Detail: `The member "id" ` + kept},
		{Path: "[1].assetsAcl.scope.dataSetScope", Summary: "Unknown member", Detail: `The member "dataSetScope" ` + kept + ` Did you mean "datasetScope"?`},
		{Path: "[3].assetsAcl.scope.all.ids", Summary: "Unknown member", Detail: `The member "ids" ` + kept},
	}
	if diff := cmp.Diff(want, UnknownMembers(list)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const refused = `the API is not known to have the member `
	wantRefused := []string{
		`[1]["a b"]: ` + refused + `"a b" here`,
		`[1].projectUrlName: ` + refused + `"projectUrlName" here; the nearest that it has is "projectUrlNames"`,
		`[1].assetsAcl.action: ` + refused + `"action" here; the nearest that it has is "actions"`,
		`[1].assetsAcl.scope.datasetScope.id: ` + refused + `"id" here`,
		`[1].assetsAcl.scope.dataSetScope: ` + refused + `"dataSetScope" here; the nearest that it has is "datasetScope"`,
		`[3].assetsAcl.scope.all.ids: ` + refused + `"ids" here`,
	}
	err := RefuseUnknownMembers(list)
	if err == nil {
		t.Fatal("nothing is refused")
	}
	if diff := cmp.Diff(strings.Join(wantRefused, "\n"), err.Error()); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if err := RefuseUnknownMembers(list[:1]); err != nil {
		t.Error(err)
	}
}

func TestNearestACL(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"assetsAcl": "assetsAcl", "ASSETSACL": "assetsAcl", "assetAcl": "assetsAcl", "asestsAcl": "assetsAcl",
		"timeseriesAcl": "timeSeriesAcl", "dataSetsAcl": "datasetsAcl", "": "", "x": "", "Acl": "", "acl": "",
		"entityMatchingAcl": "entitymatchingAcl", "quantumAcl": "", strings.Repeat("a", longestWord+1): "",
		// The ending may be missing, and is no likeness by itself.
		"timeSeries": "timeSeriesAcl", "timeSerie": "timeSeriesAcl", "raw": "rawAcl", "RAWACL": "rawAcl",
		"newAcl": "", "new": "", "rewAcl": "rawAcl", "assetsAlc": "assetsAcl", "assetsAc": "assetsAcl", "newAlc": "",
	}
	for word, want := range tests {
		if got, ok := nearestACL(word); got != want || ok != (want != "") {
			t.Errorf("nearestACL(%q) = %q, %v, want %q", word, got, ok, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to string
		want     int
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abd", "abc", 1},
		{"ab", "abc", 1},
		{"abcd", "abc", 1},
		{"bac", "abc", 1},
		{"ca", "abc", 3},
		{"éa", "aé", 1},
		{"kitten", "sitting", 3},
		{"*", "abc", 3},
	}
	for _, test := range tests {
		if got := mistakes(test.from, test.to); got != test.want {
			t.Errorf("mistakes(%q, %q) = %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMissing(t *testing.T) {
	t.Parallel()
	// entry gives an entry with one scope.
	entry := func(acl, actions, scope string) string {
		return `{"` + acl + `":{"actions":["` + strings.ReplaceAll(actions, " ", `","`) + `"],"scope":{` + scope + `}}}`
	}
	const all = `"all":{}`
	tests := map[string]struct {
		existing, desired string
		plain             bool
		want              []string
	}{
		"nothing held": {``, entry("assetsAcl", "WRITE READ", all), false, []string{"assetsAcl:READ in all", "assetsAcl:WRITE in all"}},
		"nothing desired": {
			entry("assetsAcl", "READ", all), ``, false, nil,
		},
		"all covers ids": {
			entry("assetsAcl", "READ", all), entry("assetsAcl", "READ WRITE", `"datasetScope":{"ids":["10",9,9]}`), false,
			[]string{"assetsAcl:WRITE in data set 9", "assetsAcl:WRITE in data set 10"},
		},
		"all covers nothing when its meaning is ignored": {
			entry("assetsAcl", "READ", all), entry("assetsAcl", "READ", `"datasetScope":{"ids":[10,9]},"x":{}`), true,
			[]string{"assetsAcl:READ in data set 9", "assetsAcl:READ in data set 10"},
		},
		"ids do not make all": {
			entry("eventsAcl", "WRITE", `"datasetScope":{"ids":[1,2]}`), entry("eventsAcl", "WRITE", all), false, []string{"eventsAcl:WRITE in all"},
		},
		"one action does not include another": {
			entry("datasetsAcl", "OWNER WRITE", all), entry("datasetsAcl", "READ", all), false, []string{"datasetsAcl:READ in all"},
		},
		"current user": {
			entry("groupsAcl", "READ", `"currentuserscope":{}`), entry("groupsAcl", "READ LIST", `"currentuserscope":{}`) + `,` + entry("groupsAcl", "READ", all), false,
			[]string{"groupsAcl:LIST in current user", "groupsAcl:READ in all"},
		},
		"whole database": {
			entry("rawAcl", "READ", `"tableScope":{"dbsToTables":{"db1":{}}}`), entry("rawAcl", "READ WRITE", `"tableScope":{"dbsToTables":{"db1":["t"],"db2":["t"]}}`), false,
			[]string{"rawAcl:READ in table db2/t", "rawAcl:WRITE in table db1/t", "rawAcl:WRITE in table db2/t"},
		},
		"whole database when its meaning is ignored": {
			entry("rawAcl", "READ", `"tableScope":{"dbsToTables":{"db1":{}}}`), entry("rawAcl", "READ", `"tableScope":{"dbsToTables":{"db1":["t"]}}`), true, []string{"rawAcl:READ in table db1/t"},
		},
		"whole database of another ACL": {
			entry("xAcl", "READ", `"tableScope":{"dbsToTables":{"db1":{}}}`), entry("xAcl", "READ", `"tableScope":{"dbsToTables":{"db1":["t"]}}`), false, []string{"xAcl:READ in tableScope table db1/t"},
		},
		"tables do not make a database": {
			entry("rawAcl", "READ", `"tableScope":{"dbsToTables":{"db1":["t"]}}`), entry("rawAcl", "READ", `"tableScope":{"dbsToTables":{"db1":{"tables":[]}}}`), false, []string{"rawAcl:READ in database db1"},
		},
		"writing includes properties": {
			entry("dataModelInstancesAcl", "WRITE", `"spaceIdScope":{"spaceIds":["a"]}`),
			entry("dataModelInstancesAcl", "WRITE_PROPERTIES", `"spaceIdScope":{"spaceIds":["a","b"]}`) + `,` + entry("dataModelInstancesAcl", "WRITE_PROPERTIES", `"spaceScope":{"externalIds":["a","b"]}`), false,
			[]string{"dataModelInstancesAcl:WRITE_PROPERTIES in space b", "dataModelInstancesAcl:WRITE_PROPERTIES in spaceScope b"},
		},
		"writing includes properties everywhere": {
			entry("dataModelInstancesAcl", "WRITE", all), entry("dataModelInstancesAcl", "WRITE_PROPERTIES", `"spaceIdScope":{"spaceIds":["a"]}`) + `,` + entry("dataModelInstancesAcl", "WRITE_PROPERTIES", all), false, nil,
		},
		"writing includes nothing when that is ignored": {
			entry("dataModelInstancesAcl", "WRITE", all), entry("dataModelInstancesAcl", "WRITE_PROPERTIES", all), true, []string{"dataModelInstancesAcl:WRITE_PROPERTIES in all"},
		},
		"writing in the scope of the past includes nothing": {
			entry("dataModelInstancesAcl", "WRITE", `"spaceScope":{"externalIds":["a"]}`), entry("dataModelInstancesAcl", "WRITE_PROPERTIES", `"spaceScope":{"externalIds":["a"]}`), false,
			[]string{"dataModelInstancesAcl:WRITE_PROPERTIES in spaceScope a"},
		},
		"writing of another ACL includes nothing": {
			entry("dataModelsAcl", "WRITE", all), entry("dataModelsAcl", "WRITE_PROPERTIES", all), false, []string{"dataModelsAcl:WRITE_PROPERTIES in all"},
		},
		"idScope is not idscope": {
			entry("timeSeriesAcl", "READ", `"idScope":{"ids":[1]}`), entry("timeSeriesAcl", "READ", `"idscope":{"ids":[1]}`), false, []string{"timeSeriesAcl:READ in id 1"},
		},
		"legacy on both sides": {
			entry("modelHostingAcl", "READ", all), entry("modelHostingAcl", "WRITE", all) + `,` + entry("genericsAcl", "READ", all), false, nil,
		},
		"unknown ACL": {
			entry("quantumAcl", "READ", all), entry("quantumAcl", "READ ENTANGLE", `"datasetScope":{"ids":[1]}`), false, []string{"quantumAcl:ENTANGLE in datasetScope 1"},
		},
		"unknown scope": {
			entry("assetsAcl", "READ", `"galaxyScope":{"b":[1.0],"a":2}`),
			entry("assetsAcl", "READ WRITE", `"galaxyScope":{"a":2,"b":[1]}`) + `,` + entry("assetsAcl", "READ", `"galaxyScope":{"a":2}`) + `,` + entry("assetsAcl", "READ", `"datasetScope":{"ids":[1]}`), false,
			[]string{"assetsAcl:READ in data set 1", `assetsAcl:READ in galaxyScope {"a":2}`, `assetsAcl:WRITE in galaxyScope {"a":2,"b":[1]}`},
		},
		"unknown scope under all": {
			entry("assetsAcl", "READ", all), entry("assetsAcl", "READ", `"galaxyScope":{}`), false, nil,
		},
		"empty lists": {
			entry("assetsAcl", "READ", `"datasetScope":{"ids":[]}`), `{"assetsAcl":{"actions":[],"scope":{"all":{}}}},` + entry("assetsAcl", "READ", `"datasetScope":{"ids":[]}`), false, nil,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			missing, _, err := Missing(parse(t, "["+test.existing+"]"), parse(t, "["+test.desired+"]"), Options{IgnoreAllScopeMeaning: test.plain})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, lineEach(t, missing)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// lineEach gives a line for each entry, which must grant exactly one permission.
func lineEach(t testing.TB, list []Capability) []string {
	t.Helper()
	var lines []string
	for _, c := range list {
		permissions := Flatten([]Capability{c})
		if len(permissions) != 1 {
			t.Fatalf("%v grants %v", c, permissions)
		}
		lines = append(lines, permissions[0].String())
	}
	return lines
}

// Members beside the ACL are not looked at, but for the projects of a token.
func TestMissingInAProject(t *testing.T) {
	t.Parallel()
	existing := parse(t, `[
		{"labelsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["other"]}},
		{"labelsAcl":{"actions":["WRITE"],"scope":{"all":{}}},"projectScope":{"projects":["p"]}},
		{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{}}},"projectScope":{"projects":["other"]}},
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["other"]},"projectScope":{"allProjects":{}}}]`)
	desired := parse(t, `[
		{"labelsAcl":{"actions":["READ","WRITE"],"scope":{"all":{}}},"projectScope":"not looked at"},
		{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"extra":1}]`)
	missing, findings, err := Missing(existing, desired, Options{Project: "p"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parse(t, `[{"labelsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`), missing); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(findings) > 0 {
		t.Errorf("findings about another project: %v", findings)
	}
}

func TestMissingTellsOfUnknownNames(t *testing.T) {
	t.Parallel()
	existing := parse(t, `[
		{"assetsAcl":{"actions":["X"],"scope":{"dataSetScope":{"ids":[1]}}}},
		{"assetsAcl":{"actions":["READ"],"scope":{"dataSetScope":{"ids":[2]}}}},
		{"quantumAcl":{"actions":["READ"],"scope":{"all":{}}}}]`)
	desired := parse(t, `[
		{"assetAcl":{"actions":["READ"],"scope":{"all":{}}}},
		{"assetAcl":{"actions":["WRITE"],"scope":{"all":{}}}},
		{"eventsAcl":{"actions":["READ","read"],"scope":{"all":{}}}},
		{"eventsAcl":{"actions":["read"],"scope":{"galaxyScope":{}}}},
		{"timeSeriesAcl":{"actions":["READ"],"scope":{"idScope":{"ids":[1]}}}},
		{"genericsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`)
	_, findings, err := Missing(existing, desired, Options{})
	if err != nil {
		t.Fatal(err)
	}
	const newer = "It is passed on as it is, since the service may be newer."
	want := []Finding{
		{Path: "existing[0].assetsAcl.scope.dataSetScope", Summary: "Unknown scope in existing capabilities", Detail: `The scope "dataSetScope" of assetsAcl is not among those known here, so the capability counts for exactly the same scope only. Did you mean "datasetScope"?`},
		{Path: "desired[0].assetAcl", Summary: "Unknown ACL", Detail: `The ACL "assetAcl" is not among those known here. ` + newer + ` Did you mean "assetsAcl"?`},
		{Path: "desired[2].eventsAcl.actions[1]", Summary: "Unknown action", Detail: `The action "read" is not among those of eventsAcl known here, which are READ, WRITE. ` + newer + ` Did you mean "READ"?`},
		{Path: "desired[3].eventsAcl.scope.galaxyScope", Summary: "Unknown scope", Detail: `The scope "galaxyScope" is not among those known here. Those of eventsAcl are all, datasetScope. ` + newer},
		{Path: "desired[4].timeSeriesAcl.scope.idScope", Summary: "Scope not taken by the ACL", Detail: `The ACL timeSeriesAcl is not known to take idScope as its scope. Those of timeSeriesAcl are all, datasetScope, idscope, assetRootIdScope. ` + newer + ` Did you mean "idscope"?`},
		{Path: "desired[5].genericsAcl", Summary: "Legacy ACL", Detail: `The ACL genericsAcl is of the past: comparisons of capabilities leave it out. Remove it where it is no longer needed.`},
	}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestMissingTellsOfFewNamesOnly(t *testing.T) {
	t.Parallel()
	var desired []Capability
	for i := range 3 * maxProblems {
		desired = append(desired, Capability{ACL: fmt.Sprintf("x%dAcl", i), Actions: []string{"READ"}, Scope: Scope{Name: "all"}})
	}
	missing, findings, err := Missing(nil, desired, Options{})
	if err != nil || len(missing) != len(desired) {
		t.Errorf("%d missing, %v", len(missing), err)
	}
	want := Finding{Summary: "Further findings", Detail: "There are more than these 100 findings about capabilities."}
	if len(findings) != maxProblems+1 || findings[maxProblems] != want {
		t.Errorf("%d findings, the last of which is %v", len(findings), findings[len(findings)-1])
	}
}

// What is missing is the plain definition: what is desired and nothing held covers, in
// canonical order, one permission each.
func TestMissingIsItsDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		existing, desired := lists().Draw(t, "existing"), lists().Draw(t, "desired")
		plain := rapid.Bool().Draw(t, "plain")
		checkDefinition(t, existing, desired, plain)
	})
}

// failer is what a test and a property test have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkDefinition(t failer, existing, desired []Capability, plain bool) {
	t.Helper()
	missing, _, err := Missing(existing, desired, Options{IgnoreAllScopeMeaning: plain})
	if err != nil {
		t.Fatalf("%v", err)
	}
	held := Flatten(existing)
	var want []Permission
	for _, p := range Flatten(desired) {
		covered := plain && slices.Contains(held, p) || !plain && covers(held, p)
		if !covered && !isLegacy(p.ACL) {
			want = append(want, p)
		}
	}
	var got []Permission
	for _, c := range missing {
		got = append(got, Flatten([]Capability{c})...)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != len(missing) {
		t.Fatalf("%d entries (-want +got):\n%s", len(missing), diff)
	}
}

// Who holds more lacks no more, and who wants more lacks no less.
func TestMissingIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		existing, desired, more := lists().Draw(t, "existing"), lists().Draw(t, "desired"), lists().Draw(t, "more")
		checkMonotone(t, existing, desired, more, rapid.Bool().Draw(t, "plain"))
	})
}

func checkMonotone(t failer, existing, desired, more []Capability, plain bool) {
	t.Helper()
	missingOf := func(existing, desired []Capability) []Permission {
		missing, _, err := Missing(existing, desired, Options{IgnoreAllScopeMeaning: plain})
		if err != nil {
			t.Fatalf("%v", err)
		}
		return Flatten(missing)
	}
	lacking := missingOf(existing, desired)
	for _, p := range missingOf(slices.Concat(existing, more), desired) {
		if !slices.Contains(lacking, p) {
			t.Fatalf("%s is missing only when more is held", p)
		}
	}
	wanted := missingOf(existing, slices.Concat(desired, more))
	for _, p := range lacking {
		if !slices.Contains(wanted, p) {
			t.Fatalf("%s is missing only when less is desired", p)
		}
	}
	if rest := missingOf(desired, desired); len(rest) > 0 {
		t.Fatalf("%v is missing of itself", rest)
	}
	if rest := missingOf(slices.Concat(existing, entriesOf(lacking)), desired); len(rest) > 0 {
		t.Fatalf("%v is missing after granting what was missing", rest)
	}
}

func entriesOf(permissions []Permission) []Capability {
	var list []Capability
	for _, p := range permissions {
		list = append(list, p.Capability())
	}
	return list
}

// Entries of a result may be changed without changing others.
func TestMissingEntriesAreApart(t *testing.T) {
	t.Parallel()
	missing, _, err := Missing(nil, parse(t, `[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,2]}}}}]`), Options{})
	if err != nil {
		t.Fatal(err)
	}
	missing[0].Actions = append(missing[0].Actions, "WRITE")
	missing[0].Scope.IDs = append(missing[0].Scope.IDs, 7)
	missing[0].Actions[0], missing[0].Scope.IDs[0] = "X", 8
	if diff := cmp.Diff([]string{"assetsAcl:READ in data set 2"}, lineEach(t, missing[1:])); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// inScope gives a list whose second entry has this scope.
func inScope(scope string) string {
	return `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{` + scope + `}}}]`
}

func TestParseList(t *testing.T) {
	t.Parallel()
	raw := func(text string) json.RawMessage { return json.RawMessage(text) }
	tests := map[string]struct {
		text string
		want []Capability
	}{
		"none":            {` [ ] `, []Capability{}},
		"byte order mark": {"\ufeff[]", []Capability{}},
		"all": {
			` [ { "assetsAcl" : { "actions" : [ "READ" , "WRITE" ] , "scope" : { "all" : { } } } } ] `,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"READ", "WRITE"}, Scope: Scope{Name: "all"}}},
		},
		"scope first, no actions": {
			`[{"groupsAcl":{"scope":{"currentuserscope":{}},"actions":[]}}]`,
			[]Capability{{ACL: "groupsAcl", Actions: []string{}, Scope: Scope{Name: "currentuserscope"}}},
		},
		"escapes in names": {
			`[{"\u0061ssetsAcl":{"actio\u006es":["R\u00c9AD"],"scope":{"\u0061ll":{}}}}]`,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"RÉAD"}, Scope: Scope{Name: "all"}}},
		},
		"ids": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,"10"," 1 ","007","1_0",10.0,1e1,100E-1,-3,"-3","+3",9223372036854775807,"9223372036854775807",-9223372036854775808,0,-0,"\u0031", 0.0e99999999]}}}}]`,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"READ"}, Scope: Scope{
				Name: "datasetScope", IDs: []int64{1, 10, 1, 7, 10, 10, 10, 10, -3, -3, 3, 9223372036854775807, 9223372036854775807, -9223372036854775808, 0, 0, 1, 0},
			}}},
		},
		"no ids": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[]}}}}]`,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "datasetScope", IDs: []int64{}}}},
		},
		"texts": {
			`[{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["a","Ærø","\ud83d\ude00","<&>"]}}}}]`,
			[]Capability{{ACL: "dataModelsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "spaceIdScope", Texts: []string{"a", "Ærø", "😀", "<&>"}}}},
		},
		"numbers as texts": {
			`[{"postgresGatewayAcl":{"actions":["READ"],"scope":{"usersScope":{"usernames":["a",12,-1,123456789012345678901234567890]}}}},
			  {"appHostingAcl":{"actions":["READ"],"scope":{"appExternalIdScope":{"externalIds":[7]}}}}]`,
			[]Capability{
				{ACL: "postgresGatewayAcl", Actions: []string{"READ"}, Scope: Scope{Name: "usersScope", Texts: []string{"a", "12", "-1", "123456789012345678901234567890"}}},
				{ACL: "appHostingAcl", Actions: []string{"READ"}, Scope: Scope{Name: "appExternalIdScope", Texts: []string{"7"}}},
			},
		},
		"tables": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"a":["t1","t2"],"b":{"tables":["t"]},"c":[],"d":{},"e":{"tables":[]},"f":null,"g":{"tables":null}}}}}}]`,
			[]Capability{{ACL: "rawAcl", Actions: []string{"READ"}, Scope: Scope{Name: "tableScope", Tables: map[string][]string{
				"a": {"t1", "t2"}, "b": {"t"}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {},
			}}}},
		},
		"no tables": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{}}}}}]`,
			[]Capability{{ACL: "rawAcl", Actions: []string{"READ"}, Scope: Scope{Name: "tableScope", Tables: map[string][]string{}}}},
		},
		"snake_case": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbs_to_tables":{"a":[]}}}}},{"timeSeriesAcl":{"actions":["READ"],"scope":{"assetRootIdScope":{"root_ids":[1]}}}}]`,
			[]Capability{
				{ACL: "rawAcl", Actions: []string{"READ"}, Scope: Scope{Name: "tableScope", Tables: map[string][]string{"a": {}}}},
				{ACL: "timeSeriesAcl", Actions: []string{"READ"}, Scope: Scope{Name: "assetRootIdScope", IDs: []int64{1}}},
			},
		},
		"unknown ACL beside known members": {
			`[{"projectUrlNames":{"urlNames":["a"]},"quantumAcl":{"actions":["ENTANGLE"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]`,
			[]Capability{{
				ACL: "quantumAcl", Actions: []string{"ENTANGLE"}, Scope: Scope{Name: "all"},
				Siblings: map[string]json.RawMessage{"projectUrlNames": raw(`{"urlNames":["a"]}`), "projectScope": raw(`{"allProjects":{}}`)},
			}},
		},
		"unknown members everywhere": {
			`[{"a": 1, "assetsAcl":{"b":[ 1.50 ],"actions":["X"],"scope":{"galaxyScope":{"z": 1},"datasetScope":{"ids":[1],"c":{"d" : null}}}}}]`,
			[]Capability{{
				ACL: "assetsAcl", Actions: []string{"X"},
				Scope: Scope{
					Name: "datasetScope", IDs: []int64{1},
					Extra:  map[string]json.RawMessage{"c": raw(`{"d":null}`)},
					Beside: map[string]json.RawMessage{"galaxyScope": raw(`{"z":1}`)},
				},
				Siblings: map[string]json.RawMessage{"a": raw(`1`)},
				Extra:    map[string]json.RawMessage{"b": raw(`[1.50]`)},
			}},
		},
		"unknown scope": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{ "ids" : [1, true, "x\"}", {"a":{}}] }}}}]`,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "galaxyScope", Raw: raw(`{"ids":[1,true,"x\"}",{"a":{}}]}`)}}},
		},
		"all with a member": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{"ids":[1]}}}}]`,
			[]Capability{{ACL: "assetsAcl", Actions: []string{"READ"}, Scope: Scope{Name: "all", Extra: map[string]json.RawMessage{"ids": raw(`[1]`)}}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseList([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseListRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2)
	many := `"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,`
	tests := []struct{ name, text, want string }{
		{"nothing", ``, `the document: not valid JSON: line 1, column 1: unexpected end of JSON input`},
		{"bad syntax", "[\n  {\"é\": x}]", `the document: not valid JSON: line 2, column 9: invalid character 'x' looking for beginning of value`},
		{"not UTF-8", "[\"\xff\"]", `the document: not valid UTF-8: line 1, column 3`},
		{"half of a character", `["\ud83d"]`, `the document: line 1, column 3: \ud83d is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`},
		{"an object", `{}`, `the document: must be a list, not an object`},
		{"null", `null`, `the document: must be a list, not null`},
		{"entry a number", `[1]`, `[0]: must be an object, not a number`},
		{"entry empty", `[{}]`, `[0]: no ACL: one member must be named after an ACL such as "agentsAcl"`},
		{"only known siblings", `[{"projectScope":{}}]`, `[0]: no ACL: one member must be named after an ACL such as "agentsAcl"`},
		{"two ACLs", `[{"eventsAcl":{"actions":[],"scope":{"all":{}}},"assetsAcl":{"actions":[],"scope":{"all":{}}}}]`, `[0]: no or several ACLs: one member must be an ACL, these are there: "assetsAcl", "eventsAcl"`},
		{"two unknown ACLs", `[{"x":{},"y":{}}]`, `[0]: no or several ACLs: one member must be an ACL, these are there: "x", "y"`},
		{"many unknown ACLs", `[{` + many + `"a":1}]`, `[0]: no or several ACLs: one member must be an ACL, these are there: "a", "b", "c", "d", "e", …`},
		{"ACL twice", `[{"assetsAcl":{"actions":[],"scope":{"all":{}}},"assetsAcl":{}}]`, `[0].assetsAcl: the member is there more than once`},
		{"repeated after many", `[{` + many + `"b":1}]`, `[0].b: the member is there more than once`},
		{"repeated among many", `[{` + many + `"l":1,"l":1}]`, `[0].l: the member is there more than once`},
		{"repeated by an escape", `[{"a b":{},"\u0061 b":{}}]`, `[0]["a b"]: the member is there more than once`},
		{"ACL a list", `[{"assetsAcl":[]}]`, `[0].assetsAcl: must be an object, not a list`},
		{"unknown ACL a string", `[{"x":"y"}]`, `[0].x: must be an object, not a string`},
		{"no actions", `[{"assetsAcl":{"scope":{"all":{}}}}]`, `[0].assetsAcl: the member "actions" is missing`},
		{"no scope", `[{"assetsAcl":{"actions":["READ"]}}]`, `[0].assetsAcl: the member "scope" is missing`},
		{"actions a string", `[{"assetsAcl":{"actions":"READ","scope":{"all":{}}}}]`, `[0].assetsAcl.actions: must be a list, not a string`},
		{"action a boolean", `[{"assetsAcl":{"actions":["READ",true],"scope":{"all":{}}}}]`, `[0].assetsAcl.actions[1]: must be a string, not a boolean`},
		{"action a number", `[{"assetsAcl":{"actions":[1],"scope":{"all":{}}}}]`, `[0].assetsAcl.actions[0]: must be a string, not a number`},
		{"scope null", `[{"assetsAcl":{"actions":["READ"],"scope":null}}]`, `[0].assetsAcl.scope: must be an object, not null`},
		{"scope empty", inScope(``), `[1].assetsAcl.scope: no scope: one member must be named after a scope such as "all"`},
		{"two scopes", inScope(`"datasetScope":{"ids":[1]},"all":{}`), `[1].assetsAcl.scope: several scopes, one is allowed; these are there: "all", "datasetScope"`},
		{"two scopes and more", inScope(`"all":{},"x":{},"idScope":{"ids":[]}`), `[1].assetsAcl.scope: several scopes, one is allowed; these are there: "all", "idScope", "x"`},
		{"two unknown scopes", inScope(`"x":{},"y":{}`), `[1].assetsAcl.scope: several scopes, one is allowed; these are there: "x", "y"`},
		{"scope twice", inScope(`"all":{},"all":{}`), `[1].assetsAcl.scope.all: the member is there more than once`},
		{"all true", inScope(`"all":true`), `[1].assetsAcl.scope.all: must be an object, not a boolean`},
		{"unknown scope no object", inScope(`"galaxyScope":[1]`), `[1].assetsAcl.scope.galaxyScope: must be an object, not a list`},
		{"unknown scope too deep", inScope(`"galaxyScope":{"a":` + deep + `}`), `[1].assetsAcl.scope.galaxyScope.a` + strings.Repeat("[0]", maxDepth) + `: nested deeper than 100 levels`},
		{"repeated within", inScope(`"galaxyScope":{"a":[1,{"b":1,"b":1}]}`), `[1].assetsAcl.scope.galaxyScope.a[1].b: the member is there more than once`},
		{"repeated beside", inScope(`"all":{},"x":{"a":1,"a":1}`), `[1].assetsAcl.scope.x.a: the member is there more than once`},
		{"repeated in a known scope", inScope(`"all":{"x":{"a":1,"a":1}}`), `[1].assetsAcl.scope.all.x.a: the member is there more than once`},
		{"repeated in a sibling", `[{"assetsAcl":{"actions":[],"scope":{"all":{}}},"x":{"a":1,"a":1}}]`, `[0].x.a: the member is there more than once`},
		{"repeated beside actions", `[{"assetsAcl":{"actions":[],"scope":{"all":{}},"x":{"a":1,"a":1}}}]`, `[0].assetsAcl.x.a: the member is there more than once`},
		{"parameter missing", inScope(`"datasetScope":{}`), `[1].assetsAcl.scope.datasetScope: the member "ids" is missing`},
		{"parameter twice", inScope(`"spaceIdScope":{"spaceIds":[],"space_ids":[]}`), `[1].assetsAcl.scope.spaceIdScope: "spaceIds" and "space_ids" are the same member`},
		{"parameter of another scope", inScope(`"datasetScope":{"rootIds":[1]}`), `[1].assetsAcl.scope.datasetScope: the member "ids" is missing`},
		{"ids null", inScope(`"datasetScope":{"ids":null}`), `[1].assetsAcl.scope.datasetScope.ids: must be a list, not null`},
		{"id no number", inScope(`"datasetScope":{"ids":["abc"]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: "abc" is not an integer of 64 bits, as ids are`},
		{"id a fraction", inScope(`"datasetScope":{"ids":[1,1.5]}`), `[1].assetsAcl.scope.datasetScope.ids[1]: 1.5 is not an integer of 64 bits, as ids are`},
		{"id a fraction in a text", inScope(`"datasetScope":{"ids":["1.0"]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: "1.0" is not an integer of 64 bits, as ids are`},
		{"id too large", inScope(`"datasetScope":{"ids":[9223372036854775808]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: 9223372036854775808 is not an integer of 64 bits, as ids are`},
		{"id too large in a text", inScope(`"datasetScope":{"ids":["-9223372036854775809"]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: "-9223372036854775809" is not an integer of 64 bits, as ids are`},
		{"id huge", inScope(`"datasetScope":{"ids":[1e999999999999]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: 1e999999999999 is not an integer of 64 bits, as ids are`},
		{"id empty", inScope(`"datasetScope":{"ids":[""]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: "" is not an integer of 64 bits, as ids are`},
		{"id a boolean", inScope(`"datasetScope":{"ids":[true]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: must be an integer, not a boolean`},
		{"id an object", inScope(`"datasetScope":{"ids":[{"id":1}]}`), `[1].assetsAcl.scope.datasetScope.ids[0]: must be an integer, not an object`},
		{"text a number", inScope(`"spaceIdScope":{"spaceIds":[1]}`), `[1].assetsAcl.scope.spaceIdScope.spaceIds[0]: must be a string, not a number`},
		{"user a fraction", inScope(`"usersScope":{"usernames":[1.0]}`), `[1].assetsAcl.scope.usersScope.usernames[0]: must be a string, not a number`},
		{"user null", inScope(`"usersScope":{"usernames":[null]}`), `[1].assetsAcl.scope.usersScope.usernames[0]: must be a string, not null`},
		{"tables a list", inScope(`"tableScope":{"dbsToTables":["db"]}`), `[1].assetsAcl.scope.tableScope.dbsToTables: must be an object, not a list`},
		{"database a string", inScope(`"tableScope":{"dbsToTables":{"db":"t"}}`), `[1].assetsAcl.scope.tableScope.dbsToTables.db: must be a list, not a string`},
		{"database twice", inScope(`"tableScope":{"dbsToTables":{"d b":[],"d b":[]}}`), `[1].assetsAcl.scope.tableScope.dbsToTables["d b"]: the member is there more than once`},
		{"table a number", inScope(`"tableScope":{"dbsToTables":{"db":[1]}}`), `[1].assetsAcl.scope.tableScope.dbsToTables.db[0]: must be a string, not a number`},
		{"table in an object a number", inScope(`"tableScope":{"dbsToTables":{"db":{"tables":[1]}}}`), `[1].assetsAcl.scope.tableScope.dbsToTables.db.tables[0]: must be a string, not a number`},
		{"unknown member of a database", inScope(`"tableScope":{"dbsToTables":{"db":{"table":["t"]}}}`), `[1].assetsAcl.scope.tableScope.dbsToTables.db.table: unknown member; the one here is "tables"`},
		{"several", `[{},{"assetsAcl":{"actions":[],"scope":{"all":{}}}},{"x":1}]`, "[0]: no ACL: one member must be named after an ACL such as \"agentsAcl\"\n[2].x: must be an object, not a number"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseList([]byte(test.text))
			if err == nil {
				t.Fatalf("read as %v", got)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if _, ok := errors.AsType[*InputError](err); !ok {
				t.Errorf("%T holds no InputError", err)
			}
		})
	}
}

func TestCheckJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`{"a":{"b":[1,null,{"b":2}]},"b":3}`:      "",
		`[]`:                                      "",
		`{"token":{"appIds":[]},"token":{}}`:      `token: the member is there more than once`,
		`{"token":{"a":1,"b c":[{"x":1,"x":1}]}}`: `token["b c"][0].x: the member is there more than once`,
		`{"a":1`: `the document: not valid JSON: line 1, column 6: unexpected end of JSON input`,
	}
	for text, want := range tests {
		got := ""
		if err := CheckJSON([]byte(text)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// A text where an id belongs may be a name, and is told apart from other faults.
func TestFindName(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`[{}]`:                                            "",
		inScope(`"datasetScope":{"ids":[1.5]}`):           "",
		inScope(`"datasetScope":{"ids":[null]}`):          "",
		inScope(`"datasetScope":{"ids":[""]}`):            "",
		inScope(`"datasetScope":{"ids":[1,"ds_\u0078"]}`): "ds_x",
		`[{},{"assetsAcl":{"actions":[],"scope":{"datasetScope":{"ids":["a"]}}}}]`: "a",
	}
	for text, want := range tests {
		_, err := ParseList([]byte(text))
		if got := FindName(err); err == nil || got != want {
			t.Errorf("%s: %v holds the name %q, want %q", text, err, got, want)
		}
	}
	if got := FindName(errors.New("another")); got != "" {
		t.Errorf("another error holds the name %q", got)
	}
}

func TestParseListLimits(t *testing.T) {
	t.Parallel()
	large := "[" + strings.Repeat(" ", maxDocument) + "]"
	if _, err := ParseList([]byte(large)); err == nil || err.Error() != "the document: longer than the 64 MiB that are read" {
		t.Errorf("%v", err)
	}
	const entries = 3 * maxProblems
	bad := "[" + strings.Repeat("{},", entries) + "{}]"
	_, err := ParseList([]byte(bad))
	if err == nil {
		t.Fatal("read")
	}
	if lines := strings.Split(err.Error(), "\n"); len(lines) != maxProblems+1 || lines[maxProblems] != "[100]: no meaning either, as perhaps others that follow" {
		t.Errorf("not %d errors: %v", maxProblems+1, err)
	}
}

func TestParseServerList(t *testing.T) {
	t.Parallel()
	for _, nothing := range []string{"", " \n", "null", " null ", "[]"} {
		got, findings, err := ParseServerList([]byte(nothing))
		if err != nil || len(got) > 0 || len(findings) > 0 {
			t.Errorf("%q: %v, %v, %v", nothing, got, findings, err)
		}
	}
	got, findings, err := ParseServerList([]byte(`[{"assetsAcl":{"actions":["READ"]}},{"eventsAcl":{"actions":["X"],"scope":{"all":{}}}},{"a":1,"b":2}]`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Capability{{ACL: "eventsAcl", Actions: []string{"X"}, Scope: Scope{Name: "all"}}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	const detail = "The server answered with a capability that cannot be read, so it is taken for granting nothing: %s."
	want := []Finding{
		{Path: "[0].assetsAcl", Summary: "Capability without meaning", Detail: fmt.Sprintf(detail, `the member "scope" is missing`)},
		{Path: "[2]", Summary: "Capability without meaning", Detail: fmt.Sprintf(detail, `no or several ACLs: one member must be an ACL, these are there: "a", "b"`)},
	}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if _, _, err := ParseServerList([]byte(`{}`)); err == nil {
		t.Error("an object was read")
	}
}

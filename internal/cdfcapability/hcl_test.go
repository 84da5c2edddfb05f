// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHCL(t *testing.T) {
	t.Parallel()
	block := func(acl, actions, scope string) string {
		return "capability {\n  acl     = " + acl + "\n  actions = " + actions + "\n  scope { " + scope + " }\n}\n"
	}
	tests := map[string]struct{ list, want string }{
		"nothing": {`[]`, ``},
		"several": {
			`[{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"all":{}}}},{"groupsAcl":{"actions":["LIST"],"scope":{"currentuserscope":{}}}}]`,
			block(`"assetsAcl"`, `["READ", "WRITE"]`, `all = true`) + block(`"groupsAcl"`, `["LIST"]`, `current_user = true`),
		},
		"ids":       {`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"idscope":{"ids":["2",1]}}}}]`, block(`"timeSeriesAcl"`, `["READ"]`, `ids = [2, 1]`)},
		"data sets": {`[{"assetsAcl":{"actions":[],"scope":{"datasetScope":{"ids":[]}}}}]`, block(`"assetsAcl"`, `[]`, `data_set_ids = []`)},
		"spaces":    {`[{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["a","é"]}}}}]`, block(`"dataModelsAcl"`, `["READ"]`, `space_ids = ["a", "é"]`)},
		"tables": {
			`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db2":[],"db1":["t2","t1"],"my db":["a\"b"],"for":[],"null":[],"1a":[],"":[],"a-b":[]}}}}}]`,
			block(`"rawAcl"`, `["READ"]`, `tables = { "" = [], "1a" = [], "a-b" = [], db1 = ["t2", "t1"], db2 = [], "for" = [], "my db" = ["a\"b"], "null" = [] }`),
		},
		"no tables": {`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{}}}}}]`, block(`"rawAcl"`, `["READ"]`, `tables = {}`)},
		"the other kind of ids": {
			`[{"timeSeriesAcl":{"actions":["READ"],"scope":{"idScope":{"ids":[1]}}}},{"xAcl":{"actions":["READ"],"scope":{"idScope":{"ids":[1]}}}},{"xAcl":{"actions":["READ"],"scope":{"idscope":{"ids":[1]}}}}]`,
			block(`"timeSeriesAcl"`, `["READ"]`, `json = jsonencode({ idScope = { ids = [1] } })`) +
				block(`"xAcl"`, `["READ"]`, `ids = [1]`) +
				block(`"xAcl"`, `["READ"]`, `json = jsonencode({ idscope = { ids = [1] } })`),
		},
		"scope of the past": {
			`[{"dataModelsAcl":{"actions":["READ"],"scope":{"dataModelScope":{"externalIds":["a"]}}}}]`,
			block(`"dataModelsAcl"`, `["READ"]`, `json = jsonencode({ dataModelScope = { externalIds = ["a"] } })`),
		},
		"unknown scope": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"galaxyScope":{"a":[1,-2.50,1e2,true,false,null,"x","${y}"],"b c":{},"if":[]}}}}]`,
			block(`"assetsAcl"`, `["READ"]`, `json = jsonencode({ galaxyScope = { a = [1, -25e-1, 100, true, false, null, "x", "$${y}"], "b c" = {}, if = [] } })`),
		},
		"more in the scope": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[9007199254740993],"x":1},"yScope":{}}}}]`,
			block(`"assetsAcl"`, `["READ"]`, `json = jsonencode({ datasetScope = { ids = [9007199254740993], x = 1 }, yScope = {} })`),
		},
		"more beside": {
			`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}},"x":{"b":1,"a":"\n"}},"projectUrlNames":{"urlNames":["p"]},"a\nb":1}]`,
			"capability {\n  acl     = \"assetsAcl\"\n  actions = [\"READ\"]\n  scope { all = true }\n" +
				"  # Only capabilities_json can hold: \"a\\nb\" = 1\n" +
				"  # Only capabilities_json can hold: projectUrlNames = {\"urlNames\":[\"p\"]}\n" +
				"  # Only capabilities_json can hold: x = {\"a\":\"\\n\",\"b\":1}\n}\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, HCL(parse(t, test.list))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What was not parsed may hold what is no JSON.
func TestHCLOfBrokenScope(t *testing.T) {
	t.Parallel()
	list := []Capability{{ACL: "xAcl", Scope: Scope{Name: "yScope", Raw: []byte(`{`)}}}
	want := "capability {\n  acl     = \"xAcl\"\n  actions = []\n  scope { json = jsonencode({ yScope = \"{\" }) }\n}\n"
	if diff := cmp.Diff(want, HCL(list)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHCLString(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		``:                       `""`,
		`a"b\c`:                  `"a\"b\\c"`,
		"\n\r\t":                 `"\n\r\t"`,
		"\x00\x7f\u2028\u00ad":   `"\u0000\u007f\u2028\u00ad"`,
		"\U000e0001":             `"\U000e0001"`,
		"é😀":                     `"é😀"`,
		"${a} %{b} $ % $$ $${ {": `"$${a} %%{b} $ % $$ $$${ {"`,
		"\xff":                   `"�"`,
	}
	for text, want := range tests {
		if got := hclString(text); got != want {
			t.Errorf("hclString(%q) = %s, want %s", text, got, want)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEncodeList(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"none":   {`[]`, `[]`},
		"order":  {`[{"x":1,"assetsAcl":{"scope":{"all":{}},"actions":["B","A"]},"a": [1 ]}]`, `[{"assetsAcl":{"actions":["B","A"],"scope":{"all":{}}},"a":[1],"x":1}]`},
		"ids":    {`[{"assetsAcl":{"actions":[],"scope":{"datasetScope":{"ids":["10",2.0]}}}}]`, `[{"assetsAcl":{"actions":[],"scope":{"datasetScope":{"ids":[10,2]}}}}]`},
		"tables": {`[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbs_to_tables":{"b":null,"a":["t"]}}}}}]`, `[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"a":{"tables":["t"]},"b":{"tables":[]}}}}}}]`},
		"texts":  {`[{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"space_ids":["<é>","\"\\\n\u0001\u2028"]}}}}]`, `[{"dataModelsAcl":{"actions":["READ"],"scope":{"spaceIdScope":{"spaceIds":["<é>","\"\\\n\u0001\u2028"]}}}}]`},
		"unknown": {
			`[{"xAcl":{"actions":["é"],"scope":{"yScope":{"b" : 1.0, "a": "\u0041"}}}}]`,
			`[{"xAcl":{"actions":["é"],"scope":{"yScope":{"b":1.0,"a":"\u0041"}}}}]`,
		},
		"members": {
			`[{"assetsAcl":{"c":3,"scope":{"z":{},"all":{"b":2,"a":1}},"actions":[]}}]`,
			`[{"assetsAcl":{"actions":[],"scope":{"all":{"a":1,"b":2},"z":{}},"c":3}}]`,
		},
		"members of a scope with values": {
			`[{"assetsAcl":{"scope":{"datasetScope":{"a":1,"ids":[]}},"actions":[]}}]`,
			`[{"assetsAcl":{"actions":[],"scope":{"datasetScope":{"ids":[],"a":1}}}}]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := parse(t, test.text)
			if diff := cmp.Diff(test.want, encode(t, list)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			marshalled, err := json.Marshal(list)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decode(t, []byte(test.want)), decode(t, marshalled)); diff != "" {
				t.Errorf("marshalled (-want +got):\n%s", diff)
			}
		})
	}
}

// What was not parsed may hold anything.
func TestEncodeListRefuses(t *testing.T) {
	t.Parallel()
	broken := json.RawMessage(`{`)
	members := map[string]json.RawMessage{"x": broken}
	tests := map[string]Capability{
		"siblings": {ACL: "a", Scope: Scope{Name: "all"}, Siblings: members},
		"extra":    {ACL: "a", Scope: Scope{Name: "all"}, Extra: members},
		"scope":    {ACL: "a", Scope: Scope{Name: "all", Extra: members}},
		"beside":   {ACL: "a", Scope: Scope{Name: "all", Beside: members}},
		"raw":      {ACL: "a", Scope: Scope{Name: "xScope", Raw: broken}},
		"no raw":   {ACL: "a", Scope: Scope{Name: "xScope"}},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if text, err := EncodeList([]Capability{c}); err == nil {
				t.Errorf("written as %s", text)
			}
			if text, err := json.Marshal(c); err == nil {
				t.Errorf("marshalled as %s", text)
			}
		})
	}
}

func TestCanonicalJSON(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{`{"b" : [ true , false , null ], "a" : "\u0041<" }`, `{"a":"A<","b":[true,false,null]}`},
		{`[1, 1.0, 10e-1, 0.1e1, 100, 1e2]`, `[1,1,1,1,100,100]`},
		{`[0, -0, 0.0, 0e5, -1.50, 1e-3]`, `[0,0,0,0,-15e-1,1e-3]`},
		{`[123456789012345678901234567890, 1e24, 1e25]`, `[12345678901234567890123456789e1,1000000000000000000000000,1e25]`},
		{`[1e9999999999, 1E9999999999]`, `[1e9999999999,1E9999999999]`},
		{`{}`, `{}`},
		{`no JSON`, `no JSON`},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, canonicalJSON(json.RawMessage(test.text))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestParseInteger(t *testing.T) {
	t.Parallel()
	good := map[string]int64{
		"10": 10, " 1 ": 1, "\t\n1\x1c": 1, "007": 7, "1_0": 10, "1_0_0": 100, "+1": 1, "-1": -1, "-0": 0, "0_0": 0,
		"\u00a01\u2003": 1, "000000000000000000000000000012": 12,
	}
	for text, want := range good {
		if got, ok := parseInteger(text); !ok || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " ", "+", "-", "_1", "1_", "1__0", "+_1", "1 0", "1.0", "1e1", "0x1", "++1", "+-1", "٣", "9223372036854775808", "abc"} {
		if got, ok := parseInteger(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

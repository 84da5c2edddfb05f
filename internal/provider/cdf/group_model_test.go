// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// A group of the server is the one that was written when its name and content are.
func TestSameAs(t *testing.T) {
	t.Parallel()
	const capabilities = `[{"assetsAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":[1,2]}}}}]`
	write := cdfapi.GroupWrite{
		Name: "readers", Capabilities: json.RawMessage(capabilities), Metadata: map[string]string{"a": "1"},
		Members: &cdfapi.Members{IDs: []string{"x", "y"}}, Attributes: json.RawMessage(`{"token":{"appIds":["a"]}}`),
	}
	group := cdfapi.Group{
		ID: 7, Name: "readers", Capabilities: json.RawMessage(capabilities), Metadata: map[string]string{"a": "1"},
		Members: &cdfapi.Members{IDs: []string{"x", "y"}}, Attributes: json.RawMessage(`{"token":{"appIds":["a"]}}`),
	}
	for name, test := range map[string]struct {
		write func(*cdfapi.GroupWrite)
		group func(*cdfapi.Group)
		want  bool
	}{
		"the same": {want: true},
		"spelled otherwise": {want: true, group: func(g *cdfapi.Group) {
			g.Capabilities = json.RawMessage(`[{"assetsAcl":{"scope":{"datasetScope":{"ids":["2"]}},"actions":["READ"]},"projectUrlNames":{"urlNames":["acme"]}},
			  {"assetsAcl":{"scope":{"datasetScope":{"ids":["1"]}},"actions":["READ","READ"]}}]`)
			g.Members.IDs = []string{"y", "x", "y"}
			g.Attributes = json.RawMessage(`{ "token": { "appIds": [ "a" ] } }`)
		}},
		"with more of its own": {want: true, group: func(g *cdfapi.Group) {
			g.SourceID = "of-the-identity-provider"
			g.Extra = map[string]json.RawMessage{"owner": json.RawMessage(`1`)}
		}},
		"attributes not told": {want: true, write: func(w *cdfapi.GroupWrite) { w.Attributes = nil }},
		"another name":        {group: func(g *cdfapi.Group) { g.Name = "Readers" }},
		"other capabilities":  {group: func(g *cdfapi.Group) { g.Capabilities = json.RawMessage(`[]`) }},
		"no capabilities":     {group: func(g *cdfapi.Group) { g.Capabilities = nil }},
		"odd capabilities":    {group: func(g *cdfapi.Group) { g.Capabilities = json.RawMessage(`[1]`) }},
		"other metadata":      {group: func(g *cdfapi.Group) { g.Metadata = map[string]string{"a": "2"} }},
		"no metadata":         {group: func(g *cdfapi.Group) { g.Metadata = nil }},
		"a member more":       {group: func(g *cdfapi.Group) { g.Members = &cdfapi.Members{IDs: []string{"x", "y", "z"}} }},
		"no members":          {group: func(g *cdfapi.Group) { g.Members = nil }},
		"all users":           {group: func(g *cdfapi.Group) { g.Members = &cdfapi.Members{AllUserAccounts: true} }},
		"other attributes":    {group: func(g *cdfapi.Group) { g.Attributes = json.RawMessage(`{"token":{"appIds":["b"]}}`) }},
		"no attributes":       {group: func(g *cdfapi.Group) { g.Attributes = nil }},
		"source id": {
			want: true, write: func(w *cdfapi.GroupWrite) { w.SourceID, w.Members = "abc", nil },
			group: func(g *cdfapi.Group) { g.SourceID = "abc" },
		},
		"another source id": {
			write: func(w *cdfapi.GroupWrite) { w.SourceID, w.Members = "abc", nil },
			group: func(g *cdfapi.Group) { g.SourceID = "abd" },
		},
		"nobody":               {want: true, write: func(w *cdfapi.GroupWrite) { w.Members = nil }, group: func(g *cdfapi.Group) { g.Members = nil }},
		"somebody, not nobody": {write: func(w *cdfapi.GroupWrite) { w.Members = nil }},
		"a source, not nobody": {write: func(w *cdfapi.GroupWrite) { w.Members = nil }, group: func(g *cdfapi.Group) { g.Members, g.SourceID = nil, "abc" }},
		"odd from the start":   {write: func(w *cdfapi.GroupWrite) { w.Capabilities = json.RawMessage(`[1]`) }},
	} {
		one, other := write, group
		other.Members = &cdfapi.Members{IDs: []string{"x", "y"}}
		if test.write != nil {
			test.write(&one)
		}
		if test.group != nil {
			test.group(&other)
		}
		if got := sameAs(one, "acme")(other); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}

// Of a source id and members that are both answered, the one that the state has is
// kept.
func TestReadMembers(t *testing.T) {
	t.Parallel()
	type belonging struct {
		SourceID string
		All      bool
		Members  []string
	}
	some := &cdfapi.Members{IDs: []string{"b", "a"}}
	all := &cdfapi.Members{AllUserAccounts: true}
	none := &cdfapi.Members{IDs: []string{}}
	for name, test := range map[string]struct {
		state  belonging
		null   bool // the state is that of an import
		source string
		member *cdfapi.Members
		want   belonging
	}{
		"nothing":                  {},
		"imported, nothing":        {null: true},
		"imported, members":        {null: true, member: some, want: belonging{Members: []string{"a", "b"}}},
		"imported, all":            {null: true, member: all, want: belonging{All: true}},
		"imported, both":           {null: true, source: "s", member: some, want: belonging{SourceID: "s"}},
		"source id":                {state: belonging{SourceID: "s"}, source: "s", want: belonging{SourceID: "s"}},
		"source id, both":          {state: belonging{SourceID: "s"}, source: "s", member: some, want: belonging{SourceID: "s"}},
		"source id, no members":    {state: belonging{SourceID: "s"}, source: "s", member: none, want: belonging{SourceID: "s"}},
		"members, same order":      {state: belonging{Members: []string{"b", "a"}}, member: some, want: belonging{Members: []string{"b", "a"}}},
		"members, other order":     {state: belonging{Members: []string{"a", "b", "a"}}, member: some, want: belonging{Members: []string{"a", "b", "a"}}},
		"members, both":            {state: belonging{Members: []string{"a", "b"}}, source: "s", member: some, want: belonging{Members: []string{"a", "b"}}},
		"members, others by now":   {state: belonging{Members: []string{"a"}}, source: "s", member: some, want: belonging{Members: []string{"a", "b"}}},
		"members, a source by now": {state: belonging{Members: []string{"a"}}, source: "s", want: belonging{SourceID: "s"}},
		"all, both":                {state: belonging{All: true}, source: "s", member: all, want: belonging{All: true}},
		"nobody, both by now":      {source: "s", member: some, want: belonging{SourceID: "s"}},
	} {
		m := groupModel{SourceID: types.StringValue(test.state.SourceID), AllUserAccounts: types.BoolValue(test.state.All), Members: textsValue(test.state.Members)}
		if test.null {
			m = groupModel{SourceID: types.StringNull(), AllUserAccounts: types.BoolNull(), Members: types.ListNull(types.StringType)}
		}
		m.readMembers(cdfapi.Group{SourceID: test.source, Members: test.member})
		members, known := textsIn(m.Members)
		if !known || m.SourceID.IsNull() || m.AllUserAccounts.IsNull() {
			t.Errorf("%s: something is not known: %v", name, m)
		}
		if len(members) == 0 {
			members = nil
		}
		got := belonging{SourceID: m.SourceID.ValueString(), All: m.AllUserAccounts.ValueBool(), Members: members}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSameJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"", "{}", true},
		{"{}", " { } ", true},
		{`{"a":1,"b":[2]}`, `{ "b": [ 2 ], "a": 1 }`, true},
		{`{"a":9007199254740993}`, `{"a":9007199254740992}`, false},
		{`{"a":[1,2]}`, `{"a":[2,1]}`, false},
		{`{"a":null}`, `{}`, false},
		{`{"a":"1"}`, `{"a":1}`, false},
		{"nonsense", "nonsense", true},
		{"nonsense", "{}", false},
	} {
		if sameJSON(test.a, test.b) != test.want || sameJSON(test.b, test.a) != test.want {
			t.Errorf("sameJSON(%q, %q) is %t, want %t", test.a, test.b, !test.want, test.want)
		}
	}
}

func TestCompact(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"": "", "null": "", " { } ": "", `{ "a": 1.50 }`: `{"a":1.50}`, "[ ]": "[]", "nonsense": "",
	} {
		if got := compact(json.RawMessage(raw)); got != want {
			t.Errorf("compact(%q) is %q, want %q", raw, got, want)
		}
	}
}

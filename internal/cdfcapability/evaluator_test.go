// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"pgregory.net/rapid"
)

// covers is what Missing and Reduce compute, said as plainly as can be: by looking at
// each held permission in turn. In the legacy scope of spaces the Python SDK
// sees WRITE of the space of the same name, too.
func covers(held []Permission, p Permission) bool {
	return slices.ContainsFunc(held, func(h Permission) bool {
		return includes(h, p) ||
			h.ACL == "dataModelInstancesAcl" && h.Action == "WRITE" && h.Scope == "spaceIdScope" &&
				p.ACL == "dataModelInstancesAcl" && p.Action == "WRITE_PROPERTIES" && p.Scope == "spaceScope" && h.Text == p.Text
	})
}

// includes reports whether one permission includes another.
func includes(h, p Permission) bool {
	sameAction := h.Action == p.Action ||
		h.ACL == "dataModelInstancesAcl" && h.Action == "WRITE" && p.Action == "WRITE_PROPERTIES" && (h.Scope == "all" || h.Scope == "spaceIdScope")
	if h.ACL != p.ACL || !sameAction {
		return false
	}
	if h.Scope == "all" {
		return true
	}
	sameValue := h.Scope == p.Scope && h.ID == p.ID && h.Text == p.Text
	return sameValue && (h.Table == p.Table || h.ACL == "rawAcl" && h.Table == "")
}

// grants is what a list grants, by what its entries say beside it: each
// permission that some entry includes, of those in the universe.
func grants(list []Capability, universe []Permission) map[string][]Permission {
	held := map[string][]Permission{}
	for i := range list {
		beside := fmt.Sprint(list[i].Siblings, list[i].Extra)
		held[beside] = append(held[beside], Flatten(list[i:i+1])...)
	}
	for beside, permissions := range held {
		granted := slices.DeleteFunc(slices.Clone(universe), func(p Permission) bool {
			return !slices.ContainsFunc(permissions, func(h Permission) bool { return includes(h, p) })
		})
		held[beside] = granted
	}
	maps.DeleteFunc(held, func(_ string, granted []Permission) bool { return len(granted) == 0 })
	return held
}

// kindsToDraw are ACLs with scopes among which everything that has a rule of its own occurs.
var kindsToDraw = []struct {
	acl     string
	actions []string
	scopes  []string
}{
	{"assetsAcl", []string{"READ", "WRITE"}, []string{"all", "datasetScope", "idScope"}},
	{"rawAcl", []string{"READ", "WRITE", "LIST"}, []string{"all", "tableScope"}},
	{"dataModelInstancesAcl", []string{"READ", "WRITE", "WRITE_PROPERTIES"}, []string{"all", "spaceIdScope", "spaceScope"}},
	{"groupsAcl", []string{"READ", "LIST", "CREATE", "DELETE", "UPDATE"}, []string{"currentuserscope", "usersScope"}},
	{"quantumAcl", []string{"A", "B", "C", "D", "E", "F", "G", "H"}, []string{"all", "datasetScope", "galaxyScope"}},
	{"modelHostingAcl", []string{"READ", "WRITE"}, []string{"all"}},
}

// Generators are made anew for every use: rapid completes one when it first draws from
// it, so that tests in parallel must not share any.
func texts() *rapid.Generator[[]string] {
	return rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "a b"}), 0, 3)
}

func lists() *rapid.Generator[[]Capability] {
	return rapid.SliceOfN(rapid.Custom(drawCapability), 0, 8)
}

// drawCapability draws an entry out of a small world, so that entries meet.
func drawCapability(t *rapid.T) Capability {
	kind := rapid.SampledFrom(kindsToDraw).Draw(t, "kind")
	c := Capability{
		ACL:     kind.acl,
		Actions: rapid.SliceOfN(rapid.SampledFrom(kind.actions), 0, len(kind.actions)).Draw(t, "actions"),
		Scope:   Scope{Name: rapid.SampledFrom(kind.scopes).Draw(t, "scope")},
	}
	switch known, ok := LookUpScope(c.Scope.Name); {
	case !ok:
		c.Scope.Raw = json.RawMessage(rapid.SampledFrom([]string{`{"x":1,"y":[]}`, `{"y":[], "x":1.0}`, `{}`}).Draw(t, "raw"))
	case known.Values == Numbers:
		c.Scope.IDs = rapid.SliceOfN(rapid.Int64Range(1, 5), 0, 3).Draw(t, "ids")
	case known.Values == Texts:
		c.Scope.Texts = texts().Draw(t, "texts")
	case known.Values == Tables:
		names := rapid.SampledFrom([]string{"db1", "db2"})
		c.Scope.Tables = rapid.MapOfN(names, texts(), 0, 2).Draw(t, "tables")
	}
	if rapid.IntRange(0, 9).Draw(t, "beside") == 0 {
		c.Siblings = map[string]json.RawMessage{"projectUrlNames": json.RawMessage(`{"urlNames":["p"]}`)}
	}
	return c
}

// withoutSiblings gives the entries as they would be if they held everywhere.
func withoutSiblings(list []Capability) []Capability {
	list = slices.Clone(list)
	for i := range list {
		list[i].Siblings = nil
	}
	return list
}

// universeOf gives all permissions that lists may differ in: those of the lists, and in
// other scopes, which only a scope that includes them can grant.
func universeOf(lists ...[]Capability) []Permission {
	universe := Flatten(slices.Concat(lists...))
	for _, kind := range kindsToDraw {
		for _, action := range kind.actions {
			for _, scope := range []string{"all", "datasetScope", "elsewhereScope", "spaceIdScope", "spaceScope"} {
				universe = append(universe, Permission{ACL: kind.acl, Action: action, Scope: scope, Text: "e"})
			}
			universe = append(universe, Permission{ACL: kind.acl, Action: action, Scope: "tableScope", Text: "db1", Table: "e"})
			universe = append(universe, Permission{ACL: kind.acl, Action: action, Scope: "tableScope", Text: "db2", Table: "e"})
		}
	}
	return universe
}

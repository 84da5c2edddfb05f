// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// values say what an argument of a scope takes.
var values = map[cdfcapability.Values]string{
	cdfcapability.NoValues: "`true`",
	cdfcapability.Numbers:  "list of ids",
	cdfcapability.Texts:    "list of texts",
	cdfcapability.Tables:   "map from database to list of tables",
}

// acls are the ACLs of today.
func acls() []cdfcapability.ACL {
	return slices.DeleteFunc(cdfcapability.ACLs(), func(acl cdfcapability.ACL) bool { return acl.Legacy })
}

// scopeTable writes a table of the arguments of a scope block: what each takes, which
// scope of the API it stands for, and which ACLs take that. The commonest stand first,
// scopes without an argument of their own last.
func scopeTable() string {
	takers := map[string][]string{}
	for _, acl := range acls() {
		for _, scope := range acl.Scopes {
			takers[scope] = append(takers[scope], acl.Name)
		}
	}
	kinds := cdfcapability.ScopeKinds()
	slices.SortStableFunc(kinds, func(a, b cdfcapability.ScopeKind) int {
		return cmp.Compare(len(takers[b.Name]), len(takers[a.Name]))
	})
	var table, inJSON strings.Builder
	table.WriteString("| Argument | Value | Scope of the API | ACLs that take it |\n|---|---|---|---|\n")
	for _, kind := range kinds {
		rows, value := &table, values[kind.Values]
		argument := cdfcapability.Argument(kind.Name)
		if _, own := cdfcapability.ScopeNameFor(argument, ""); !own {
			rows, value = &inJSON, fmt.Sprintf("`jsonencode({ %s = { %s = [...] } })`", kind.Name, kind.Parameter)
		}
		fmt.Fprintf(rows, "| `%s` | %s | `%s` | %s |\n", argument, value, kind.Name, mostOrThese(takers[kind.Name]))
	}
	return table.String() + inJSON.String()
}

// mostOrThese lists ACLs, or the others where these are the most.
func mostOrThese(names []string) string {
	var others []string
	for _, acl := range acls() {
		if !slices.Contains(names, acl.Name) {
			others = append(others, acl.Name)
		}
	}
	switch {
	case len(others) == 0:
		return "all"
	case len(others) < len(names):
		return "all but " + codes(others)
	}
	return codes(names)
}

// aclTable writes a table of the ACLs: their actions, and which arguments a scope may
// have.
func aclTable() string {
	var table strings.Builder
	table.WriteString("| ACL | Actions | Arguments of the scope |\n|---|---|---|\n")
	for _, acl := range acls() {
		arguments := make([]string, len(acl.Scopes))
		for i, scope := range acl.Scopes {
			arguments[i] = cdfcapability.Argument(scope)
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", acl.Name, codes(acl.Actions), codes(slices.Compact(arguments)))
	}
	return table.String()
}

// codes writes names as code.
func codes(names []string) string {
	return "`" + strings.Join(names, "`, `") + "`"
}

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

// scopeRow is an argument of a scope block.
type scopeRow struct {
	argument, value string
	// scopes are those of the API that it stands for, one or the other as the ACL takes.
	scopes []string
	acls   []string
}

// scopeRows lists the arguments: the commonest first, and last the scopes that have
// no argument of their own.
func scopeRows() []scopeRow {
	takers := map[string][]string{}
	for _, acl := range acls() {
		for _, scope := range acl.Scopes {
			takers[scope] = append(takers[scope], acl.Name)
		}
	}
	var rows, inJSON []scopeRow
	for _, kind := range cdfcapability.ScopeKinds() {
		row := scopeRow{cdfcapability.Argument(kind.Name), values[kind.Values], []string{kind.Name}, takers[kind.Name]}
		if _, own := cdfcapability.ScopeNameFor(row.argument, ""); !own {
			row.value = fmt.Sprintf("`jsonencode({ %s = { %s = [...] } })`", kind.Name, kind.Parameter)
			inJSON = append(inJSON, row)
			continue
		}
		i := slices.IndexFunc(rows, func(other scopeRow) bool { return other.argument == row.argument })
		if i < 0 {
			rows = append(rows, row)
			continue
		}
		rows[i].scopes = append(rows[i].scopes, kind.Name)
		rows[i].acls = slices.Sorted(slices.Values(append(rows[i].acls, row.acls...)))
	}
	slices.SortStableFunc(rows, func(a, b scopeRow) int { return cmp.Compare(len(b.acls), len(a.acls)) })
	return append(rows, inJSON...)
}

// scopeTable writes a table of the arguments of a scope block: what each takes, which
// scope of the API it stands for, and which ACLs take that.
func scopeTable() string {
	var table strings.Builder
	table.WriteString("| Argument | Value | Scope of the API | ACLs that take it |\n|---|---|---|---|\n")
	for _, row := range scopeRows() {
		scopes := strings.ReplaceAll(codes(row.scopes), ", ", " or ")
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", row.argument, row.value, scopes, mostOrThese(row.acls))
	}
	return table.String()
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

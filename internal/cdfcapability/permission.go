// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
)

// Permission is one action of one ACL on one exact thing. Permissions are comparable, so
// they can be the keys of a map.
type Permission struct {
	ACL, Action, Scope string
	// ID is the value of a scope that lists numbers.
	ID int64
	// Text is the value of a scope that lists texts, the database of a table scope, and the
	// canonical JSON of the object of an unknown scope.
	Text string
	// Table is the table of a table scope; empty: the whole database.
	Table string
}

// Compare gives the canonical order: by ACL, action, scope, id, text and table, texts
// byte by byte, ids as numbers. It is the order of the Python SDK.
func Compare(a, b Permission) int {
	// One after the other rather than by cmp.Or, which would compare all of them each time.
	if order := strings.Compare(a.ACL, b.ACL); order != 0 {
		return order
	}
	if order := strings.Compare(a.Action, b.Action); order != 0 {
		return order
	}
	if order := strings.Compare(a.Scope, b.Scope); order != 0 {
		return order
	}
	if order := cmp.Compare(a.ID, b.ID); order != 0 {
		return order
	}
	return compareTables(table{a.Text, a.Table}, table{b.Text, b.Table})
}

// String gives the permission as plans show it: "assetsAcl:READ in all", "rawAcl:READ in table
// db1/t1". Different permissions give different texts.
func (p Permission) String() string {
	return p.subject() + " in " + p.place()
}

// subject names the ACL and the action.
func (p Permission) subject() string {
	return quoteName(p.ACL) + ":" + quoteName(p.Action)
}

// place names what the action is allowed on. Where the catalogue knows that the ACL takes
// the scope, in words; otherwise by the scope's name.
func (p Permission) place() string {
	row, ok := scopesByName[p.Scope]
	if !ok {
		return quoteName(p.Scope) + " " + p.Text
	}
	noun := row.Name
	inWords := row.noun != "" && aclTakes(p.ACL, p.Scope)
	if inWords {
		noun = row.noun
	}
	switch row.Values {
	case NoValues:
		return noun
	case Numbers:
		return noun + " " + strconv.FormatInt(p.ID, 10)
	case Texts:
		return noun + " " + quoteText(p.Text)
	}
	if !inWords {
		noun += " " + row.noun
	}
	if p.Table == "" {
		return strings.TrimSuffix(noun, row.noun) + "database " + quoteText(p.Text)
	}
	return noun + " " + quoteText(p.Text) + "/" + quoteText(p.Table)
}

// quoteText quotes a text that could be misread within a line.
func quoteText(text string) string {
	return quoteUnless(text, "_-.:")
}

// quoteName is quoteText for a name that a colon may follow.
func quoteName(name string) string {
	return quoteUnless(name, "_-.")
}

// quoteUnless quotes a text that holds anything but letters, digits and the given characters.
func quoteUnless(text, plain string) string {
	odd := strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(plain, r)
	})
	if text == "" || odd >= 0 {
		return strconv.Quote(text)
	}
	return text
}

// Capability gives the entry of a capability list that grants the permission and nothing else.
func (p Permission) Capability() Capability {
	scope := Scope{Name: p.Scope}
	row, ok := scopesByName[p.Scope]
	switch {
	case !ok:
		scope.Raw = json.RawMessage(p.Text)
	case row.Values == Numbers:
		scope.IDs = []int64{p.ID}
	case row.Values == Texts:
		scope.Texts = []string{p.Text}
	case row.Values == Tables:
		scope.Tables = map[string][]string{p.Text: tablesOf(p.Table)}
	}
	return Capability{ACL: p.ACL, Actions: []string{p.Action}, Scope: scope}
}

// tablesOf gives the list of one table; that of the whole database is empty.
func tablesOf(table string) []string {
	if table == "" {
		return []string{}
	}
	return []string{table}
}

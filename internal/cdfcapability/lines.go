// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// maxLines bounds the lines that are shown one by one. Plans of more are read by nobody, and
// Terraform keeps each line in its state.
const maxLines = 2000

// effectAllow is the effect of every line: capabilities only ever allow.
const effectAllow = "allow"

// Equal reports whether two lists grant the same. Order, duplicates, the split into entries
// and what another entry covers make no difference; members other than the ACL's
// actions and scope do, unless their JSON means the same.
func Equal(a, b []Capability) bool {
	return maps.EqualFunc(byQualifier(a), byQualifier(b), func(a, b *qualified) bool {
		return slices.Equal(a.permissions, b.permissions)
	})
}

// PermissionLines returns what a list grants as a map from one exact permission, such as
// "rawAcl:READ in table db1/t1", to its effect "allow". What another entry covers is left
// out. Two lists have the same lines when, and only when, they are Equal.
//
// Beyond 2,000 lines those that differ only in the value of their scope become one, with their
// number and a fingerprint: "assetsAcl:READ in 2500 data sets (0123456789abcdef)".
func PermissionLines(list []Capability) map[string]string {
	groups := byQualifier(list)
	total := 0
	for _, group := range groups {
		total += len(group.permissions)
	}
	lines := make(map[string]string, min(total, maxLines))
	for qualifier, group := range groups {
		suffix := group.suffix(qualifier)
		if total <= maxLines {
			for _, p := range group.permissions {
				lines[p.String()+suffix] = effectAllow
			}
			continue
		}
		for _, alike := range byScope(group.permissions) {
			lines[summary(alike)+suffix] = effectAllow
		}
	}
	return lines
}

// byScope cuts sorted permissions where the ACL, the action or the scope changes.
func byScope(sorted []Permission) [][]Permission {
	var runs [][]Permission
	for start, i := 0, 1; i <= len(sorted); i++ {
		if i == len(sorted) || !sameScope(sorted[start], sorted[i]) {
			runs = append(runs, sorted[start:i])
			start = i
		}
	}
	return runs
}

func sameScope(a, b Permission) bool {
	return a.ACL == b.ACL && a.Action == b.Action && a.Scope == b.Scope
}

// summary gives one line for permissions that differ only in the value of their scope.
func summary(alike []Permission) string {
	first := alike[0]
	if len(alike) == 1 {
		return first.String()
	}
	hash := sha256.New()
	for _, p := range alike {
		hash.Write([]byte(p.place() + "\n"))
	}
	nouns := "values of " + quoteName(first.Scope)
	if row := scopesByName[first.Scope]; row != nil && row.nouns != "" && aclTakes(first.ACL, first.Scope) {
		nouns = row.nouns
	}
	const shown = 8
	return fmt.Sprintf("%s in %d %s (%s)", first.subject(), len(alike), nouns, hex.EncodeToString(hash.Sum(nil)[:shown]))
}

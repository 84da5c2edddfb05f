// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import "slices"

// The ACLs and actions that rules of their own apply to.
const (
	aclRaw                = "rawAcl"
	aclInstances          = "dataModelInstancesAcl"
	actionWrite           = "WRITE"
	actionWriteProperties = "WRITE_PROPERTIES"
)

// Reduce returns the permissions that no other of them covers, each once, in canonical
// order. All of the same ACL and action covers every scope, a whole database its
// tables, and WRITE of dataModelInstancesAcl covers WRITE_PROPERTIES, everywhere or in the same space.
func Reduce(permissions []Permission) []Permission {
	sorted := sortPermissions(slices.Clone(permissions))
	set := make(map[Permission]struct{}, len(sorted))
	for _, p := range sorted {
		set[p] = struct{}{}
	}
	return slices.DeleteFunc(sorted, func(p Permission) bool { return isCovered(p, set) })
}

// isCovered reports whether a set covers a permission by another one.
func isCovered(p Permission, set map[Permission]struct{}) bool {
	for _, wider := range widerThan(p) {
		if contains(set, wider) {
			return true
		}
	}
	return false
}

// widerThan gives the permissions that cover a permission, itself left out.
func widerThan(p Permission) []Permission {
	var wider []Permission
	if p.Scope != scopeAll {
		wider = append(wider, inAll(p.ACL, p.Action))
	}
	if p.ACL == aclRaw && p.Scope == scopeTables && p.Table != "" {
		wider = append(wider, Permission{ACL: p.ACL, Action: p.Action, Scope: p.Scope, Text: p.Text})
	}
	if p.ACL == aclInstances && p.Action == actionWriteProperties {
		wider = append(wider, inAll(p.ACL, actionWrite))
		if p.Scope == scopeSpaces {
			p.Action = actionWrite
			wider = append(wider, p)
		}
	}
	return wider
}

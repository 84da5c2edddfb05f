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
// order. The scope all covers every scope of the same ACL and action, a whole RAW database its
// tables, and WRITE of dataModelInstancesAcl covers WRITE_PROPERTIES, in all or in the same space.
func Reduce(permissions []Permission) []Permission {
	return reduce(sortPermissions(slices.Clone(permissions)))
}

// reduce is Reduce in place, of permissions in canonical order.
func reduce(sorted []Permission) []Permission {
	coverers := coverersOf(sorted)
	if len(coverers) == 0 {
		return sorted
	}
	return slices.DeleteFunc(sorted, coverers.coverAnother)
}

// coverers are permissions that may cover others.
type coverers map[Permission]struct{}

// coverersOf picks the permissions that may cover others.
func coverersOf(permissions []Permission) coverers {
	set := coverers{}
	for _, p := range permissions {
		wholeDatabase := p.ACL == aclRaw && p.Scope == scopeTables && p.Table == ""
		writtenSpace := p.ACL == aclInstances && p.Action == actionWrite && p.Scope == scopeSpaces
		if p.Scope == scopeAll || wholeDatabase || writtenSpace {
			set[p] = struct{}{}
		}
	}
	return set
}

// coverAnother reports whether one of them covers a permission that is not itself.
func (c coverers) coverAnother(p Permission) bool {
	if p.Scope != scopeAll && contains(c, inAll(p.ACL, p.Action)) {
		return true
	}
	if p.ACL == aclRaw && p.Scope == scopeTables && p.Table != "" {
		p.Table = ""
		return contains(c, p)
	}
	if p.ACL == aclInstances && p.Action == actionWriteProperties {
		p.Action = actionWrite
		return contains(c, inAll(p.ACL, p.Action)) || p.Scope == scopeSpaces && contains(c, p)
	}
	return false
}

func contains[K comparable](set map[K]struct{}, key K) bool {
	_, ok := set[key]
	return ok
}

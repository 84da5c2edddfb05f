// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"iter"
	"slices"
)

// Flatten returns each permission that capabilities grant once, in canonical order. Legacy
// ACLs are included; members beside the ACL, such as a limit to some projects, are not looked
// at. An entry with an empty list grants nothing.
func Flatten(list []Capability) []Permission {
	var permissions []Permission
	for i := range list {
		permissions = list[i].appendPermissions(permissions)
	}
	return sortPermissions(permissions)
}

// appendPermissions appends what the entry grants.
func (c *Capability) appendPermissions(permissions []Permission) []Permission {
	for place := range c.places() {
		for _, action := range c.Actions {
			place.Action = action
			permissions = append(permissions, place)
		}
	}
	return permissions
}

// sortPermissions sorts in place and drops what is there twice.
func sortPermissions(permissions []Permission) []Permission {
	slices.SortFunc(permissions, Compare)
	return slices.Compact(permissions)
}

// places gives what the entry allows its actions on, as permissions without their action.
func (c *Capability) places() iter.Seq[Permission] {
	return func(yield func(Permission) bool) {
		p := Permission{ACL: c.ACL, Scope: c.Scope.Name}
		row, ok := scopesByName[p.Scope]
		switch {
		case !ok:
			p.Text = canonicalJSON(c.Scope.Raw)
			yield(p)
		case row.Values == NoValues:
			yield(p)
		case row.Values == Numbers:
			for _, p.ID = range c.Scope.IDs {
				if !yield(p) {
					return
				}
			}
		case row.Values == Texts:
			for _, p.Text = range c.Scope.Texts {
				if !yield(p) {
					return
				}
			}
		default:
			c.tablePlaces(p, yield)
		}
	}
}

func (c *Capability) tablePlaces(p Permission, yield func(Permission) bool) {
	var tables []string
	for p.Text, tables = range c.Scope.Tables {
		if len(tables) == 0 {
			tables = []string{""}
		}
		for _, p.Table = range tables {
			if !yield(p) {
				return
			}
		}
	}
}

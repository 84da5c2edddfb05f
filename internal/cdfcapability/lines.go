// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import "slices"

// Equal reports whether two lists grant the same.
func Equal(a, b []Capability) bool {
	return slices.Equal(Reduce(Flatten(a)), Reduce(Flatten(b)))
}

// PermissionLines returns what a list grants, each exact permission as a line.
func PermissionLines(list []Capability) map[string]string {
	lines := map[string]string{}
	for _, p := range Reduce(Flatten(list)) {
		lines[p.String()] = "allow"
	}
	return lines
}

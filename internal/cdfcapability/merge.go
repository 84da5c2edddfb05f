// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

// Merge returns the smallest list that grants the same, in canonical order.
func Merge(list []Capability) []Capability {
	var merged []Capability
	for _, p := range Reduce(Flatten(list)) {
		merged = append(merged, p.Capability())
	}
	return merged
}

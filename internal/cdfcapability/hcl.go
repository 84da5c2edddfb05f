// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

// HCL writes capabilities as the `capability` blocks of iam_cdf_group.
func HCL(list []Capability) string {
	text := ""
	for range list {
		text += "capability {\n}\n"
	}
	return text
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import "slices"

// OperationIDs names every operation, for tests that must not forget one.
func OperationIDs() []string {
	var ids []string
	for _, op := range operations {
		ids = append(ids, op.id)
	}
	slices.Sort(ids)
	return ids
}

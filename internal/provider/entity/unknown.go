// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Known tells whether a value is there: neither null nor known only after apply.
func Known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// HasUnknownCount tells whether the number of blocks in a list may not be known
// yet. For a dynamic block whose for_each is unknown Terraform puts one element, in
// which every argument that the block's content sets is unknown, those of blocks
// within it included.
func HasUnknownCount(list types.List) bool {
	return slices.ContainsFunc(list.Elements(), hasNothingKnown)
}

// hasNothingKnown tells whether a block is unknown in all that it sets.
func hasNothingKnown(block attr.Value) bool {
	object, ok := block.(types.Object)
	if !ok || !Known(object) {
		return block.IsUnknown()
	}
	for _, value := range object.Attributes() {
		if Known(value) && !areBlocksOfNothingKnown(value) {
			return false
		}
	}
	return true
}

func areBlocksOfNothingKnown(value attr.Value) bool {
	list, ok := value.(types.List)
	return ok && !slices.ContainsFunc(list.Elements(), func(element attr.Value) bool {
		_, isBlock := element.(types.Object)
		return !isBlock || !hasNothingKnown(element)
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// all is the option of a listing that is wanted whole.
var all = cdfapi.ListOptions{}

// collect turns a listing into the items of a data source; an empty listing is
// an empty list, never null.
func collect[T, Item any](listing iter.Seq2[T, error], item func(T) Item) ([]Item, error) {
	items := []Item{}
	for entry, err := range listing {
		if err != nil {
			return nil, err
		}
		items = append(items, item(entry))
	}
	return items, nil
}

// each is collect for a listing that came in one answer.
func each[T, Item any](entries []T, item func(T) Item) []Item {
	items := make([]Item, len(entries))
	for i, entry := range entries {
		items[i] = item(entry)
	}
	return items
}

// listOf is a computed list of objects in a data source.
func listOf(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}

// shown is a computed text in a data source.
func shown(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

// textOrNull is a text of CDF, which leaves out of an answer what it does not have.
func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// all is the option of a listing that is wanted whole.
var all = lakefsapi.ListOptions{}

// collect turns a listing into the items of a data source; an empty listing is
// an empty list, never null.
func collect[T, Item any](listing iter.Seq2[T, error], item func(T) (Item, error)) ([]Item, error) {
	items := []Item{}
	for entry, err := range listing {
		if err != nil {
			return nil, err
		}
		made, err := item(entry)
		if err != nil {
			return nil, err
		}
		items = append(items, made)
	}
	return items, nil
}

// listOf is a computed list of objects in a data source.
func listOf(description string, attributes map[string]schema.Attribute) schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: attributes},
	}
}

func creationDateAttribute() schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: "When it was created, as an RFC 3339 time such as `2026-11-22T08:00:00Z`.", Computed: true}
}

func prefixAttribute(objects string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: "Only the " + objects + " whose id begins with this, for example `team-`. Default: all.", Optional: true}
}

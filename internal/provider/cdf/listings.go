// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// nameFilter is the configuration of a list resource whose objects have names.
type nameFilter struct {
	NamePrefix types.String `tfsdk:"name_prefix"`
}

// leaves tells whether an object of the name is listed.
func (f nameFilter) leaves(name string) bool {
	return strings.HasPrefix(name, f.NamePrefix.ValueString())
}

func nameFilterSchema(description, objects string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"name_prefix": schema.StringAttribute{MarkdownDescription: "Only the " + objects + " whose name begins with this, for example `team-`. Default: all.", Optional: true},
		},
	}
}

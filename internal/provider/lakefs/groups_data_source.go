// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type groupsLookup struct {
	Prefix types.String `tfsdk:"prefix"`
	Groups []groupItem  `tfsdk:"groups"`
}

// groupItem is a group in a data source's list.
type groupItem struct {
	ID           types.String `tfsdk:"id"`
	Name         types.String `tfsdk:"name"`
	Description  types.String `tfsdk:"description"`
	CreationDate types.String `tfsdk:"creation_date"`
}

func newGroupItem(group lakefsapi.Group) (groupItem, error) {
	return groupItem{
		ID:           types.StringValue(group.ID),
		Name:         types.StringValue(group.Name),
		Description:  types.StringPointerValue(group.Description),
		CreationDate: rfc3339(group.CreationDate),
	}, nil
}

func groupAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":            schema.StringAttribute{MarkdownDescription: "The group's id, chosen by the server.", Computed: true},
		"name":          schema.StringAttribute{MarkdownDescription: "The group's name.", Computed: true},
		"description":   schema.StringAttribute{MarkdownDescription: "What the group is for; empty when it has none. Null where the server's answer has no description, as among the groups of a user and on lakeFS 0.97.", Computed: true},
		"creation_date": creationDateAttribute(),
	}
}

func groupsDataSource() entity.DataSource[api, groupsLookup] {
	return entity.DataSource[api, groupsLookup]{
		Name:     "lakefs_groups",
		Title:    "lakeFS groups",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the groups of lakeFS ([listGroups](https://docs.lakefs.io/reference/api/#/auth/listGroups)).",
			Attributes: map[string]schema.Attribute{
				"prefix": prefixAttribute("groups"),
				"groups": listOf("The groups, in the server's order.", groupAttributes()),
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *groupsLookup) (err error) {
			m.Groups, err = collect(s.API.ListGroups(ctx, lakefsapi.ListOptions{Prefix: m.Prefix.ValueString()}), newGroupItem)
			return err
		},
		Calls: []entity.Call{{Operation: "listGroups"}},
	}
}

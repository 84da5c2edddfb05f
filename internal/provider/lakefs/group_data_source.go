// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type groupLookup struct {
	ID              types.String `tfsdk:"id"`
	Name            types.String `tfsdk:"name"`
	Description     types.String `tfsdk:"description"`
	CreationDate    types.String `tfsdk:"creation_date"`
	IncludeMembers  types.Bool   `tfsdk:"include_members"`
	IncludePolicies types.Bool   `tfsdk:"include_policies"`
	Members         []userItem   `tfsdk:"members"`
	Policies        []policyItem `tfsdk:"policies"`
}

func groupDataSource() entity.DataSource[api, groupLookup] {
	attributes := groupAttributes()
	attributes["id"] = schema.StringAttribute{MarkdownDescription: "The group's id. Exactly one of `id` and `name` is set.", Optional: true, Computed: true}
	attributes["name"] = schema.StringAttribute{MarkdownDescription: "The group's name, for example `analysts`; it must be unique. Exactly one of `id` and `name` is set.", Optional: true, Computed: true}
	attributes["include_members"] = schema.BoolAttribute{MarkdownDescription: "Whether to read the group's members. Default: `false`.", Optional: true}
	attributes["include_policies"] = schema.BoolAttribute{MarkdownDescription: "Whether to read the policies that are attached to the group. Default: `false`.", Optional: true}
	attributes["members"] = listOf("The users in the group; null unless `include_members` is set.", userAttributes())
	attributes["policies"] = listOf("The policies that are attached to the group; null unless `include_policies` is set.", policyAttributes())
	return entity.DataSource[api, groupLookup]{
		Name:     "lakefs_group",
		Title:    "lakeFS group",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads a group of lakeFS by its id or name ([getGroup](https://docs.lakefs.io/reference/api/#/auth/getGroup)) and, when asked, its members and policies.",
			Attributes:          attributes,
		},
		Validate: func(_ context.Context, m groupLookup) (diags diag.Diagnostics) {
			switch {
			case m.ID.IsNull() && m.Name.IsNull():
				diags.AddError("Which group?", "Set exactly one of id and name of data.iam_lakefs_group.")
			case entity.Known(m.ID) && entity.Known(m.Name):
				diags.AddAttributeError(path.Root("name"), "Which group?", "Both id and name of data.iam_lakefs_group are set. Set exactly one.")
			}
			diags.Append(validateID(path.Root("id"), "group", m.ID)...)
			return diags
		},
		Read: lookUpGroup,
		Calls: []entity.Call{
			{Operation: "getGroup", Only: "with id"},
			{Operation: "listGroups", Only: "with name"},
			{Operation: "listGroupMembers", Only: "with include_members"},
			{Operation: "listGroupPolicies", Only: "with include_policies"},
		},
	}
}

func lookUpGroup(ctx context.Context, s *entity.Session[api], m *groupLookup) error {
	group, err := groupBy(ctx, s.API, m.ID, m.Name)
	if err != nil {
		return err
	}
	m.ID, m.Name = types.StringValue(group.ID), types.StringValue(group.Name)
	m.Description, m.CreationDate = types.StringPointerValue(group.Description), rfc3339(group.CreationDate)
	if m.IncludeMembers.ValueBool() {
		if m.Members, err = collect(s.API.ListGroupMembers(ctx, group.ID, all), newUserItem); err != nil {
			return err
		}
	}
	if m.IncludePolicies.ValueBool() {
		attached := s.API.ListAttachedPolicies(ctx, snapshot.Principal{GroupID: group.ID}, all)
		m.Policies, err = collect(attached, newPolicyItem)
	}
	return err
}

func groupBy(ctx context.Context, lakefs api, id, name types.String) (lakefsapi.Group, error) {
	if id.IsNull() {
		return groupNamed(ctx, lakefs, name.ValueString())
	}
	group, found, err := lakefs.GetGroup(ctx, id.ValueString())
	if err == nil && !found {
		err = fmt.Errorf("there is no group with the id %q", id.ValueString())
	}
	return group, err
}

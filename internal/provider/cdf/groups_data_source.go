// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type groupsLookup struct {
	All    types.Bool   `tfsdk:"all"`
	Name   types.String `tfsdk:"name"`
	Groups []groupItem  `tfsdk:"groups"`
}

// groupItem is a group in a data source's list.
type groupItem struct {
	ID               types.Int64  `tfsdk:"id"`
	Name             types.String `tfsdk:"name"`
	SourceID         types.String `tfsdk:"source_id"`
	Members          types.List   `tfsdk:"members"`
	AllUserAccounts  types.Bool   `tfsdk:"all_user_accounts"`
	Metadata         types.Map    `tfsdk:"metadata"`
	Capability       types.List   `tfsdk:"capability"`
	CapabilitiesJSON types.String `tfsdk:"capabilities_json"`
	AttributesJSON   types.String `tfsdk:"attributes_json"`
	Permissions      types.Map    `tfsdk:"permissions"`
}

func groupsDataSource() entity.DataSource[api, groupsLookup] {
	return entity.DataSource[api, groupsLookup]{
		Name:     "cdf_groups",
		Title:    "CDF groups",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the groups of a project of Cognite Data Fusion ([list groups](https://docs.cognite.com/20230101/groups/list-groups)), without deleted ones: " +
				"who belongs to each, and what it grants.",
			Attributes: map[string]schema.Attribute{
				"all": schema.BoolAttribute{
					MarkdownDescription: "`true`: all groups of the project; a caller that may list only its own groups, by `scope { current_user = true }`, gets those. " +
						"`false`: the groups that the caller belongs to, which everybody may list. Default: `true`.",
					Optional: true,
				},
				"name": schema.StringAttribute{
					MarkdownDescription: "Only the groups of exactly this name, for example `readers`; names are not unique. Default: groups of any name.",
					Optional:            true,
				},
				"groups": listOf("The groups, in the server's order.", groupItemAttributes()),
			},
		},
		Read:  lookUpGroups,
		Calls: []entity.Call{{Operation: "listGroups", Only: "unless `all` is `false`"}},
	}
}

func groupItemAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":        schema.Int64Attribute{MarkdownDescription: "The group's id. It changes whenever `iam_cdf_group` changes the group.", Computed: true},
		"name":      shown("The group's name."),
		"source_id": shown("The id of the group in the identity provider whose members belong to this group; empty when there is none."),
		"members": schema.ListAttribute{
			MarkdownDescription: "The ids of the principals that belong to the group by name, in ascending order.",
			Computed:            true, ElementType: types.StringType,
		},
		"all_user_accounts": schema.BoolAttribute{MarkdownDescription: "Whether every user account of the project belongs to the group.", Computed: true},
		"metadata": schema.MapAttribute{
			MarkdownDescription: "Texts that somebody has kept with the group.",
			Computed:            true, ElementType: types.StringType,
		},
		"capability": capabilityAttribute(),
		"capabilities_json": shown("What the group grants, all of it, as a JSON list in the shape of the API, which `capabilities_json` of `iam_cdf_group` takes. " +
			"A list with a capability that cannot be read is as the API answered it."),
		"attributes_json": shown("Further attributes of the group as a JSON object in the shape of the API; empty when it has none."),
		"permissions":     permissionsAttribute("What the group grants"),
	}
}

func lookUpGroups(ctx context.Context, s *entity.Session[api], m *groupsLookup) error {
	groups, err := s.API.ListGroups(ctx, m.All.IsNull() || m.All.ValueBool())
	if err != nil {
		return err
	}
	m.Groups = []groupItem{}
	for _, group := range groups {
		if !m.Name.IsNull() && m.Name.ValueString() != group.Name {
			continue
		}
		item, err := newGroupItem(s, group)
		if err != nil {
			return fmt.Errorf("the group %q (id %d): %w", group.Name, group.ID, err)
		}
		m.Groups = append(m.Groups, item)
	}
	return nil
}

func newGroupItem(s *entity.Session[api], group cdfapi.Group) (groupItem, error) {
	if group.Unreadable != nil {
		return groupItem{}, fmt.Errorf("it was answered in a shape that the API does not document: %w", group.Unreadable)
	}
	capabilities, findings, err := cdfcapability.ParseServerList(group.Capabilities)
	if err != nil {
		return groupItem{}, err
	}
	warnOfUnreadable(s, fmt.Sprintf("The group %q (id %d)", group.Name, group.ID), findings)
	capabilities = withoutOwnProject(capabilities, s.API.Project())
	members := cdfapi.Members{}
	if group.Members != nil {
		members = *group.Members
	}
	item := groupItem{
		ID:              types.Int64Value(group.ID),
		Name:            types.StringValue(group.Name),
		SourceID:        types.StringValue(group.SourceID),
		Members:         textsValue(slices.Sorted(slices.Values(members.IDs))),
		AllUserAccounts: types.BoolValue(members.AllUserAccounts),
		Metadata:        entity.TextMap(group.Metadata),
		Capability:      typedList(capabilities),
		AttributesJSON:  types.StringValue(compact(group.Attributes)),
		Permissions:     permissionsValue(capabilities),
	}
	if len(findings) > 0 {
		item.CapabilitiesJSON = types.StringValue(compact(group.Capabilities))
		return item, nil
	}
	item.CapabilitiesJSON, err = encodeCapabilities(capabilities)
	return item, err
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type groupModel struct {
	ID           types.String `tfsdk:"id"`
	Name         types.String `tfsdk:"name"`
	Description  types.String `tfsdk:"description"`
	CreationDate types.String `tfsdk:"creation_date"`
}

func groupResource() entity.Definition[api, groupModel] {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return entity.Definition[api, groupModel]{
		Name:     "lakefs_group",
		Title:    "lakeFS group",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages a group of lakeFS ([createGroup](https://docs.lakefs.io/reference/api/#/auth/createGroup)). " +
				"lakeFS has no update of groups, so every change replaces the group; memberships and attachments that refer to its `id` are replaced in the same plan.",
			Attributes: map[string]schema.Attribute{
				"id": schema.StringAttribute{
					MarkdownDescription: "The group's id, chosen by the server. It may differ from the name, so refer to the group by `id`, never by `name`.",
					Computed:            true, PlanModifiers: keep,
				},
				"name": schema.StringAttribute{
					MarkdownDescription: "The group's name, for example `analysts`. lakeFS cannot address names with `/` or `%`. Changing it replaces the group.",
					Required:            true, PlanModifiers: replace,
				},
				"description": schema.StringAttribute{
					MarkdownDescription: "What the group is for. Servers up to 0.97 do not keep it: Terraform then holds it in state only, and a group that is to be imported is best written without. Changing it replaces the group. Default: empty.",
					Optional:            true, Computed: true,
					Default:       stringdefault.StaticString(""),
					PlanModifiers: replace,
				},
				"creation_date": schema.StringAttribute{
					MarkdownDescription: "When the group was created, as an RFC 3339 time such as `2026-11-22T08:00:00Z`.",
					Computed:            true, PlanModifiers: keep,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{id}", Example: "analysts"}, {Pattern: "{name}", Example: "analysts"}},
		Identity: []string{"id"},
		Validate: func(_ context.Context, m groupModel) diag.Diagnostics {
			return validateID(path.Root("name"), "group", m.Name)
		},
		Plan:    planGroup,
		Create:  createGroup,
		Read:    readGroup,
		Delete:  deleteGroup,
		Adopt:   adoptGroup,
		Moves:   movesToGroup(),
		Reads:   []entity.Call{{Operation: "getGroup"}, {Operation: "listGroups", Only: "to import by name, and to read many at once; else optional"}},
		Calls:   callsOfGroup,
		Lockout: lockoutOfGroup.lockout,
	}
}

// planGroup warns of what a replacement takes away without showing it.
func planGroup(ctx context.Context, p *entity.Planning[api], change *entity.Change[groupModel]) {
	if change.Prior == nil || change.Planned == nil || !p.Connected {
		return
	}
	prior := change.Prior
	if prior.Name.Equal(change.Planned.Name) && prior.Description.Equal(change.Planned.Description) {
		return
	}
	id := prior.ID.ValueString()
	warnOfLoss(p, "group", id, edgesOfGroup(ctx, p.API, id)...)
}

// edgesOfGroup counts what lakeFS removes with a group.
func edgesOfGroup(ctx context.Context, lakefs api, id string) []edges {
	return []edges{
		edgesIn("1 member", "%d members", lakefs.ListGroupMembers(ctx, id, all)),
		edgesIn("1 attached policy", "%d attached policies", lakefs.ListAttachedPolicies(ctx, snapshot.Principal{GroupID: id}, all)),
	}
}

func createGroup(ctx context.Context, s *entity.Session[api], m *groupModel) error {
	group, err := s.API.CreateGroup(ctx, lakefsapi.GroupCreation{ID: m.Name.ValueString(), Description: m.Description.ValueString()})
	if err != nil {
		return err
	}
	s.Exists()
	m.ID = types.StringValue(group.ID)
	m.CreationDate = rfc3339(group.CreationDate)
	if wanted := m.Description.ValueString(); wanted != "" && descriptionOf(group).ValueString() != wanted {
		s.Warn("This lakeFS keeps no group descriptions",
			fmt.Sprintf("The group %q was created, but the server's answer lacks its description. Terraform keeps it in state only.", group.ID))
	}
	return nil
}

func readGroup(ctx context.Context, s *entity.Session[api], m *groupModel) (bool, error) {
	group, found, err := s.API.GetGroup(ctx, m.ID.ValueString())
	if err != nil || !found {
		return false, err
	}
	m.Name = types.StringValue(group.Name)
	created := rfc3339(group.CreationDate)
	sameGroup := m.CreationDate.IsNull() || created.IsNull() || m.CreationDate.Equal(created)
	m.CreationDate = created
	if actual := descriptionOf(group); actual.ValueString() != "" || m.Description.ValueString() == "" || !sameGroup {
		m.Description = actual
	} // otherwise the server did not keep the description: that is no drift
	return true, nil
}

func deleteGroup(ctx context.Context, s *entity.Session[api], m groupModel) error {
	id := m.ID.ValueString()
	gone := listed(visible(edgesOfGroup(ctx, s.API, id)...))
	if err := s.API.DeleteGroup(ctx, id, m.Name.ValueString()); err != nil {
		return err
	}
	warnOfGone(s, "group", id, gone)
	return nil
}

// descriptionOf is a group's description; empty on servers that keep none.
func descriptionOf(group lakefsapi.Group) types.String {
	if group.Description == nil {
		return types.StringValue("")
	}
	return types.StringValue(*group.Description)
}

// adoptGroup takes the import id for an id first and for a unique name second.
func adoptGroup(ctx context.Context, s *entity.Session[api], m *groupModel) error {
	group, err := findGroup(ctx, s.API, m.ID.ValueString())
	if err != nil {
		return err
	}
	m.ID = types.StringValue(group.ID)
	return nil
}

// findGroup finds a group by its id or, where the server chose the id, its name.
func findGroup(ctx context.Context, lakefs api, idOrName string) (lakefsapi.Group, error) {
	group, found, err := lakefs.GetGroup(ctx, idOrName)
	if err != nil || found {
		return group, err
	}
	group, err = groupNamed(ctx, lakefs, idOrName)
	if err != nil {
		return group, fmt.Errorf("no group has the id %q: %w", idOrName, err)
	}
	return group, nil
}

// groupNamed finds the one group of a name.
func groupNamed(ctx context.Context, lakefs api, name string) (lakefsapi.Group, error) {
	var named []lakefsapi.Group
	for group, err := range lakefs.ListGroups(ctx, all) {
		if err != nil {
			return lakefsapi.Group{}, fmt.Errorf("looking for a group of the name %q: %w", name, err)
		}
		if group.Name == name {
			named = append(named, group)
		}
	}
	switch len(named) {
	case 0:
		return lakefsapi.Group{}, fmt.Errorf("there is no group of the name %q", name)
	case 1:
		return named[0], nil
	}
	ids := make([]string, len(named))
	for i, group := range named {
		ids[i] = group.ID
	}
	return lakefsapi.Group{}, fmt.Errorf("several groups have the name %q: use one of the ids %s", name, entity.Names(ids))
}

func callsOfGroup(change entity.Change[groupModel]) []entity.Call {
	switch {
	case change.Prior == nil:
		return []entity.Call{{Operation: "listGroups", BestEffort: true}, {Operation: "createGroup", Object: on("groupId", change.Planned.Name)}}
	case change.Planned == nil:
		return []entity.Call{
			{Operation: "deleteGroup", Object: on("groupId", change.Prior.ID)},
			{Operation: "listGroupMembers", Only: toCount, BestEffort: true},
			{Operation: "listGroupPolicies", Only: toCount, BestEffort: true},
		}
	default:
		return nil
	}
}

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
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type groupMembershipsExclusiveModel struct {
	GroupID types.String `tfsdk:"group_id"`
	UserIDs types.List   `tfsdk:"user_ids"`

	// found are the members that the plan of a new resource has found.
	found []string
}

func groupMembershipsExclusiveResource() entity.Definition[api, groupMembershipsExclusiveModel] {
	return entity.Definition[api, groupMembershipsExclusiveModel]{
		Name:     "lakefs_group_memberships_exclusive",
		Title:    "lakeFS exclusive group memberships",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages all members of a group of lakeFS: the group has exactly these users ([addGroupMembership](https://docs.lakefs.io/reference/api/#/auth/addGroupMembership), " +
				"[deleteGroupMembership](https://docs.lakefs.io/reference/api/#/auth/deleteGroupMembership)). Members that somebody adds elsewhere are removed by the next apply, and the plan names them. " +
				"Do not use it together with `iam_lakefs_group_membership` for the same group: they would undo each other. Destroying it removes no member.",
			Attributes: map[string]schema.Attribute{
				"group_id": schema.StringAttribute{
					MarkdownDescription: "The group's id, for example `iam_lakefs_group.analysts.id`. Changing it leaves the members of the old group as they are.",
					Required:            true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
				},
				"user_ids": schema.ListAttribute{
					MarkdownDescription: "The ids of all members, for example `[iam_lakefs_user.etl.id, \"ann\"]`, each once. The order is ignored. `[]` is a group without members.",
					Required:            true, ElementType: types.StringType,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{group_id}", Example: "analysts"}},
		Identity: []string{"group_id"},
		Validate: func(_ context.Context, m groupMembershipsExclusiveModel) diag.Diagnostics {
			diags := validateID(path.Root("group_id"), "group", m.GroupID)
			diags.Append(validateIDs("user_ids", "user", m.UserIDs)...)
			return diags
		},
		Plan: planGroupMembershipsExclusive,
		Create: func(ctx context.Context, s *entity.Session[api], m *groupMembershipsExclusiveModel) error {
			return m.exclusive(s.API).create(ctx, s, m.UserIDs)
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *groupMembershipsExclusiveModel) (bool, error) {
			return m.exclusive(s.API).read(ctx, s, &m.UserIDs)
		},
		Update: func(ctx context.Context, s *entity.Session[api], prior groupMembershipsExclusiveModel, m *groupMembershipsExclusiveModel) error {
			return m.exclusive(s.API).update(ctx, s, prior.UserIDs, &m.UserIDs)
		},
		Delete: func(_ context.Context, s *entity.Session[api], m groupMembershipsExclusiveModel) error {
			m.exclusive(s.API).left(s, m.UserIDs)
			return nil
		},
		Reads:   []entity.Call{{Operation: "listGroupMembers"}, {Operation: "getGroup", Only: "when the group has no members"}},
		Calls:   callsOfGroupMembershipsExclusive,
		Lockout: lockoutOfMemberships,
	}
}

func (m *groupMembershipsExclusiveModel) exclusive(lakefs api) exclusive {
	e := exclusive{
		resource: "iam_lakefs_group_memberships_exclusive (id known after apply)", title: "lakeFS exclusive group memberships",
		item: "user", argument: "user_ids", types: "group_memberships", id: m.GroupID.ValueString(),
	}
	if entity.Known(m.GroupID) {
		e.resource = fmt.Sprintf("iam_lakefs_group_memberships_exclusive %q", m.GroupID.ValueString())
		e.parent = fmt.Sprintf("the group %q", m.GroupID.ValueString())
		if lakefs != nil {
			e.set = lakefs.GroupMembers(m.GroupID.ValueString())
		}
	}
	return e
}

func planGroupMembershipsExclusive(ctx context.Context, p *entity.Planning[api], change *entity.Change[groupMembershipsExclusiveModel]) {
	prior, planned := change.Prior, change.Planned
	switch {
	case planned == nil:
		prior.exclusive(p.API).left(&p.Session, prior.UserIDs)
	case prior != nil && prior.GroupID.Equal(planned.GroupID):
		planned.exclusive(p.API).planUpdate(p, prior.UserIDs, &planned.UserIDs)
	default:
		planned.found = planned.exclusive(p.API).planTakeOver(ctx, p, planned.UserIDs)
	}
}

// membershipsChange is what a change does to the members, compared with what was there.
func membershipsChange(change entity.Change[groupMembershipsExclusiveModel]) edgeChange {
	before := change.Planned.found
	if change.Prior != nil {
		before, _ = idsIn(change.Prior.UserIDs)
	}
	return changeOf(before, change.Planned.UserIDs)
}

func callsOfGroupMembershipsExclusive(change entity.Change[groupMembershipsExclusiveModel]) []entity.Call {
	if change.Planned == nil {
		return nil
	}
	group, edges := on("groupId", change.Planned.GroupID), membershipsChange(change)
	return []entity.Call{
		{Operation: "listGroupMembers", Object: group, BestEffort: change.Prior != nil},
		{Operation: "addGroupMembership", Only: "for each user to add", Object: group, Skip: !edges.adds()},
		{Operation: "deleteGroupMembership", Only: "for each user to remove", Object: group, Skip: !edges.removes()},
	}
}

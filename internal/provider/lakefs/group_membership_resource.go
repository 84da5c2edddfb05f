// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type groupMembershipModel struct {
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

func groupMembershipResource() entity.Definition[api, groupMembershipModel] {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return entity.Definition[api, groupMembershipModel]{
		Name:     "lakefs_group_membership",
		Title:    "lakeFS group membership",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Makes a user a member of a group of lakeFS ([addGroupMembership](https://docs.lakefs.io/reference/api/#/auth/addGroupMembership)). " +
				"Other members of the group are left alone; `iam_lakefs_group_memberships_exclusive` manages all of them instead. " +
				"lakeFS removes a membership when its user or group is deleted. Where the user is replaced under the same id (a tainted one, or with `-replace`), Terraform sees no change of the id: add `replace_triggered_by` to the `lifecycle` block to have it made anew in the same apply, otherwise the next one does it.",
			Attributes: map[string]schema.Attribute{
				"group_id": schema.StringAttribute{
					MarkdownDescription: "The group's id, for example `iam_lakefs_group.analysts.id`. Changing it replaces the membership.",
					Required:            true, PlanModifiers: replace,
				},
				"user_id": schema.StringAttribute{
					MarkdownDescription: "The user's id, for example `iam_lakefs_user.etl.id`. Changing it replaces the membership.",
					Required:            true, PlanModifiers: replace,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{group_id}/{user_id}", Example: "analysts/etl"}},
		Identity: []string{"group_id", "user_id"},
		Moves:    movesToGroupMembership(),
		Validate: func(_ context.Context, m groupMembershipModel) diag.Diagnostics {
			diags := validateID(path.Root("group_id"), "group", m.GroupID)
			diags.Append(validateID(path.Root("user_id"), "user", m.UserID)...)
			return diags
		},
		Plan: func(_ context.Context, p *entity.Planning[api], change *entity.Change[groupMembershipModel]) {
			if m := change.Planned; m != nil && p.Connected && entity.Known(m.GroupID) {
				warnOfBoth(&p.Session, p.API.GroupMembers(m.GroupID.ValueString()).ManagedAlone, "group_memberships", m.GroupID.ValueString())
			}
		},
		Create: func(ctx context.Context, s *entity.Session[api], m *groupMembershipModel) error {
			return s.API.AddGroupMembership(ctx, m.GroupID.ValueString(), m.UserID.ValueString())
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *groupMembershipModel) (bool, error) {
			found, err := s.API.GetGroupMembership(ctx, m.GroupID.ValueString(), m.UserID.ValueString())
			if found {
				warnOfBoth(s, s.API.GroupMembers(m.GroupID.ValueString()).ManagedAlone, "group_memberships", m.GroupID.ValueString())
			}
			return found, err
		},
		Delete: func(ctx context.Context, s *entity.Session[api], m groupMembershipModel) error {
			return s.API.DeleteGroupMembership(ctx, m.GroupID.ValueString(), m.UserID.ValueString())
		},
		Reads:   []entity.Call{{Operation: "listGroupMembers"}},
		Lockout: lockoutOfMembership.lockout,
		Calls: func(change entity.Change[groupMembershipModel]) []entity.Call {
			if change.Planned == nil {
				return []entity.Call{{Operation: "deleteGroupMembership", Object: on("groupId", change.Prior.GroupID)}}
			}
			group := on("groupId", change.Planned.GroupID)
			return []entity.Call{{Operation: "listGroupMembers", Object: group, BestEffort: true}, {Operation: "addGroupMembership", Object: group}}
		},
	}
}

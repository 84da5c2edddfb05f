// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// membershipFilter tells which memberships are listed: those of a group, of a user, or all.
type membershipFilter struct {
	GroupID types.String `tfsdk:"group_id"`
	UserID  types.String `tfsdk:"user_id"`
}

func groupMembershipList() entity.Listing[api, groupMembershipModel, membershipFilter] {
	return entity.Listing[api, groupMembershipModel, membershipFilter]{
		Of: groupMembershipResource(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists who is a member of which group of lakeFS ([listGroupMembers](https://docs.lakefs.io/reference/api/#/auth/listGroupMembers), " +
				"[listUserGroups](https://docs.lakefs.io/reference/api/#/auth/listUserGroups)), managed or not.",
			Attributes: map[string]schema.Attribute{
				"group_id": schema.StringAttribute{MarkdownDescription: "Only the members of this group, for example `analysts`. Default: of every group.", Optional: true},
				"user_id":  schema.StringAttribute{MarkdownDescription: "Only the groups of this user, for example `etl`. Default: of every user. At most one of `group_id` and `user_id` is set.", Optional: true},
			},
		},
		Validate: func(_ context.Context, f membershipFilter) diag.Diagnostics {
			diags := validateID(path.Root("group_id"), "group", f.GroupID)
			diags.Append(validateID(path.Root("user_id"), "user", f.UserID)...)
			if entity.Known(f.GroupID) && entity.Known(f.UserID) {
				diags.AddAttributeError(path.Root("user_id"), "Memberships of a group or of a user", "Both group_id and user_id are set. Set at most one.")
			}
			return diags
		},
		Find: findGroupMemberships,
		Calls: []entity.Call{
			{Operation: "listGroups", Only: "with neither `group_id` nor `user_id`"},
			{Operation: "listGroupMembers", Only: "without `user_id`"},
			{Operation: "listUserGroups", Only: "with `user_id`"},
		},
	}
}

func findGroupMemberships(ctx context.Context, lakefs api, filter membershipFilter, limit int) iter.Seq2[entity.Found, error] {
	membership := func(groupID, userID string) entity.Found {
		return entity.Found{Identity: map[string]any{"group_id": groupID, "user_id": userID}}
	}
	membersOf := func(groupID string, options lakefsapi.ListOptions) iter.Seq2[entity.Found, error] {
		return foundIn(lakefs.ListGroupMembers(ctx, groupID, options), func(user lakefsapi.User) entity.Found { return membership(groupID, user.ID) })
	}
	switch {
	case !filter.UserID.IsNull():
		userID := filter.UserID.ValueString()
		groups := lakefs.ListUserGroups(ctx, userID, lakefsapi.ListOptions{Limit: limit})
		return foundIn(groups, func(group lakefsapi.Group) entity.Found { return membership(group.ID, userID) })
	case !filter.GroupID.IsNull():
		return membersOf(filter.GroupID.ValueString(), lakefsapi.ListOptions{Limit: limit})
	default:
		return foundInEach(lakefs.ListGroups(ctx, all), false, func(group lakefsapi.Group) iter.Seq2[entity.Found, error] { return membersOf(group.ID, all) })
	}
}

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
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type policyAttachmentsExclusiveModel struct {
	UserID    types.String `tfsdk:"user_id"`
	GroupID   types.String `tfsdk:"group_id"`
	PolicyIDs types.List   `tfsdk:"policy_ids"`

	// found are the policies that the plan of a new resource has found.
	found []string
}

// principal is what the policies are attached to.
func (m *policyAttachmentsExclusiveModel) principal() snapshot.Principal {
	return snapshot.Principal{UserID: m.UserID.ValueString(), GroupID: m.GroupID.ValueString()}
}

func policyAttachmentsExclusiveResource() entity.Definition[api, policyAttachmentsExclusiveModel] {
	return entity.Definition[api, policyAttachmentsExclusiveModel]{
		Name:     "lakefs_policy_attachments_exclusive",
		Title:    "lakeFS exclusive policy attachments",
		Platform: platform(),
		Schema:   policyAttachmentsExclusiveSchema(),
		Imports: []entity.ImportForm{
			{Pattern: "group/{group_id}", Example: "group/analysts"},
			{Pattern: "user/{user_id}", Example: "user/etl"},
		},
		Identity: []string{"user_id", "group_id"},
		Validate: validatePolicyAttachmentsExclusive,
		Plan:     planPolicyAttachmentsExclusive,
		Create: func(ctx context.Context, s *entity.Session[api], m *policyAttachmentsExclusiveModel) error {
			return m.exclusive(s.API).create(ctx, s, m.PolicyIDs)
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *policyAttachmentsExclusiveModel) (bool, error) {
			return m.exclusive(s.API).read(ctx, s, &m.PolicyIDs)
		},
		Update: func(ctx context.Context, s *entity.Session[api], prior policyAttachmentsExclusiveModel, m *policyAttachmentsExclusiveModel) error {
			return m.exclusive(s.API).update(ctx, s, prior.PolicyIDs, &m.PolicyIDs)
		},
		Delete: func(_ context.Context, s *entity.Session[api], m policyAttachmentsExclusiveModel) error {
			m.exclusive(s.API).left(s, m.PolicyIDs)
			return nil
		},
		Reads: []entity.Call{
			{Operation: "listUserPolicies", Only: "of a user"}, {Operation: "getUser", Only: "when the user has no policies"},
			{Operation: "listGroupPolicies", Only: "of a group"}, {Operation: "getGroup", Only: "when the group has no policies"},
		},
		Calls:   callsOfPolicyAttachmentsExclusive,
		Lockout: lockoutOfAttachments.lockout,
	}
}

func policyAttachmentsExclusiveSchema() schema.Schema {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return schema.Schema{
		MarkdownDescription: "Manages all policies that are attached to a user or a group of lakeFS: the principal has exactly these (" +
			"[attachPolicyToUser](https://docs.lakefs.io/reference/api/#/auth/attachPolicyToUser), [detachPolicyFromUser](https://docs.lakefs.io/reference/api/#/auth/detachPolicyFromUser), " +
			"[attachPolicyToGroup](https://docs.lakefs.io/reference/api/#/auth/attachPolicyToGroup), [detachPolicyFromGroup](https://docs.lakefs.io/reference/api/#/auth/detachPolicyFromGroup)). " +
			"Policies that somebody attaches elsewhere are detached by the next apply, and the plan names them. The policies that a user has through its groups are not concerned. " +
			"Do not use it together with `iam_lakefs_policy_attachment` for the same principal: they would undo each other. Destroying it detaches nothing.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				MarkdownDescription: "The id of the user that has the policies, for example `iam_lakefs_user.etl.id`. Exactly one of `user_id` and `group_id` is set. Changing it leaves the policies of the old user as they are.",
				Optional:            true, PlanModifiers: replace,
			},
			"group_id": schema.StringAttribute{
				MarkdownDescription: "The id of the group that has the policies, for example `iam_lakefs_group.analysts.id`. Exactly one of `user_id` and `group_id` is set. Changing it leaves the policies of the old group as they are.",
				Optional:            true, PlanModifiers: replace,
			},
			"policy_ids": schema.ListAttribute{
				MarkdownDescription: "The ids of all policies that are attached, for example `[iam_lakefs_policy.read_main.id, \"FSReadAll\"]`, each once. The order is ignored. `[]` is no policy.",
				Required:            true, ElementType: types.StringType,
			},
		},
	}
}

func validatePolicyAttachmentsExclusive(_ context.Context, m policyAttachmentsExclusiveModel) diag.Diagnostics {
	diags := validateID(path.Root("user_id"), "user", m.UserID)
	diags.Append(validateID(path.Root("group_id"), "group", m.GroupID)...)
	diags.Append(validateIDs("policy_ids", "policy", m.PolicyIDs)...)
	switch {
	case m.UserID.IsNull() && m.GroupID.IsNull():
		diags.AddError("Nothing to attach the policies to", "Set exactly one of user_id and group_id of iam_lakefs_policy_attachments_exclusive.")
	case entity.Known(m.UserID) && entity.Known(m.GroupID):
		diags.AddAttributeError(path.Root("group_id"), "Exclusive policy attachments have one principal",
			"Both user_id and group_id are set. Set exactly one, and write a second iam_lakefs_policy_attachments_exclusive for the other.")
	}
	return diags
}

func (m *policyAttachmentsExclusiveModel) exclusive(lakefs api) exclusive {
	e := exclusive{
		resource: "iam_lakefs_policy_attachments_exclusive (id known after apply)", title: "lakeFS exclusive policy attachments",
		item: "policy", argument: "policy_ids", types: "policy_attachments", id: m.principal().String(),
	}
	if m.UserID.IsUnknown() || m.GroupID.IsUnknown() {
		return e
	}
	e.resource = fmt.Sprintf("iam_lakefs_policy_attachments_exclusive %q", m.principal())
	e.parent = fmt.Sprintf("the group %q", m.GroupID.ValueString())
	if !m.UserID.IsNull() {
		e.parent = fmt.Sprintf("the user %q", m.UserID.ValueString())
	}
	if lakefs != nil {
		e.set = lakefs.AttachedPolicies(m.principal())
	}
	return e
}

func planPolicyAttachmentsExclusive(ctx context.Context, p *entity.Planning[api], change *entity.Change[policyAttachmentsExclusiveModel]) {
	prior, planned := change.Prior, change.Planned
	switch {
	case planned == nil:
		prior.exclusive(p.API).left(&p.Session, prior.PolicyIDs)
	case prior != nil && prior.UserID.Equal(planned.UserID) && prior.GroupID.Equal(planned.GroupID):
		planned.exclusive(p.API).planUpdate(p, prior.PolicyIDs, &planned.PolicyIDs)
	default:
		planned.found = planned.exclusive(p.API).planTakeOver(ctx, p, planned.PolicyIDs)
	}
}

// attachmentsChange is what a change does to the policies, compared with what was there.
func attachmentsChange(change entity.Change[policyAttachmentsExclusiveModel]) edgeChange {
	before := change.Planned.found
	if change.Prior != nil {
		before, _ = idsIn(change.Prior.PolicyIDs)
	}
	return changeOf(before, change.Planned.PolicyIDs)
}

func callsOfPolicyAttachmentsExclusive(change entity.Change[policyAttachmentsExclusiveModel]) []entity.Call {
	const attach, detach = ", for each policy to attach", ", for each policy to detach"
	m := change.Planned
	if m == nil {
		return nil
	}
	user, group, noUser, noGroup := on("userId", m.UserID), on("groupId", m.GroupID), m.UserID.IsNull(), m.GroupID.IsNull()
	edges, update := attachmentsChange(change), change.Prior != nil
	return []entity.Call{
		{Operation: "listUserPolicies", Only: "of a user", Object: user, Skip: noUser, BestEffort: update},
		{Operation: "attachPolicyToUser", Only: "of a user" + attach, Object: user, Skip: noUser || !edges.adds()},
		{Operation: "detachPolicyFromUser", Only: "of a user" + detach, Object: user, Skip: noUser || !edges.removes()},
		{Operation: "listGroupPolicies", Only: "of a group", Object: group, Skip: noGroup, BestEffort: update},
		{Operation: "attachPolicyToGroup", Only: "of a group" + attach, Object: group, Skip: noGroup || !edges.adds()},
		{Operation: "detachPolicyFromGroup", Only: "of a group" + detach, Object: group, Skip: noGroup || !edges.removes()},
	}
}

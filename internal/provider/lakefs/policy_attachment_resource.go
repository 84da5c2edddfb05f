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
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type policyAttachmentModel struct {
	PolicyID types.String `tfsdk:"policy_id"`
	UserID   types.String `tfsdk:"user_id"`
	GroupID  types.String `tfsdk:"group_id"`
}

// principal is what the policy is attached to.
func (m policyAttachmentModel) principal() snapshot.Principal {
	return snapshot.Principal{UserID: m.UserID.ValueString(), GroupID: m.GroupID.ValueString()}
}

func policyAttachmentResource() entity.Definition[api, policyAttachmentModel] {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return entity.Definition[api, policyAttachmentModel]{
		Name:     "lakefs_policy_attachment",
		Title:    "lakeFS policy attachment",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Attaches a policy to a user or a group of lakeFS " +
				"([attachPolicyToUser](https://docs.lakefs.io/reference/api/#/auth/attachPolicyToUser), " +
				"[attachPolicyToGroup](https://docs.lakefs.io/reference/api/#/auth/attachPolicyToGroup)). Other attachments are left alone; `iam_lakefs_policy_attachments_exclusive` manages all of them instead. " +
				"lakeFS removes an attachment when its policy, user or group is deleted. Where the policy or user is replaced under the same id (a tainted one, or with `-replace`), Terraform sees no change of the id: add `replace_triggered_by` to the `lifecycle` block to have it made anew in the same apply, otherwise the next one does it.",
			Attributes: map[string]schema.Attribute{
				"policy_id": schema.StringAttribute{
					MarkdownDescription: "The policy's id, for example `iam_lakefs_policy.read_main.id`. Changing it replaces the attachment.",
					Required:            true, PlanModifiers: replace,
				},
				"user_id": schema.StringAttribute{
					MarkdownDescription: "The id of the user that gets the policy. Exactly one of `user_id` and `group_id` is set. Changing it replaces the attachment.",
					Optional:            true, PlanModifiers: replace,
				},
				"group_id": schema.StringAttribute{
					MarkdownDescription: "The id of the group whose members get the policy. Exactly one of `user_id` and `group_id` is set. Changing it replaces the attachment.",
					Optional:            true, PlanModifiers: replace,
				},
			},
		},
		Imports: []entity.ImportForm{
			{Pattern: "group/{group_id}/{policy_id}", Example: "group/analysts/ReadMain"},
			{Pattern: "user/{user_id}/{policy_id}", Example: "user/etl/ReadMain"},
		},
		Identity: []string{"policy_id", "user_id", "group_id"},
		Validate: validatePolicyAttachment,
		Moves:    movesToPolicyAttachment(),
		Plan: func(_ context.Context, p *entity.Planning[api], change *entity.Change[policyAttachmentModel]) {
			if m := change.Planned; m != nil && p.Connected && !m.UserID.IsUnknown() && !m.GroupID.IsUnknown() {
				warnOfBoth(&p.Session, p.API.AttachedPolicies(m.principal()).ManagedAlone, "policy_attachments", m.principal().String())
			}
		},
		Create: func(ctx context.Context, s *entity.Session[api], m *policyAttachmentModel) error {
			return s.API.AttachPolicy(ctx, m.principal(), m.PolicyID.ValueString())
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *policyAttachmentModel) (bool, error) {
			found, err := s.API.GetPolicyAttachment(ctx, m.principal(), m.PolicyID.ValueString())
			if found {
				warnOfBoth(s, s.API.AttachedPolicies(m.principal()).ManagedAlone, "policy_attachments", m.principal().String())
			}
			return found, err
		},
		Delete: func(ctx context.Context, s *entity.Session[api], m policyAttachmentModel) error {
			return s.API.DetachPolicy(ctx, m.principal(), m.PolicyID.ValueString())
		},
		Reads:   []entity.Call{{Operation: "listUserPolicies", Only: "on a user"}, {Operation: "listGroupPolicies", Only: "on a group"}},
		Calls:   callsOfPolicyAttachment,
		Lockout: lockoutOfAttachment.lockout,
	}
}

func validatePolicyAttachment(_ context.Context, m policyAttachmentModel) diag.Diagnostics {
	diags := validateID(path.Root("policy_id"), "policy", m.PolicyID)
	diags.Append(validateID(path.Root("user_id"), "user", m.UserID)...)
	diags.Append(validateID(path.Root("group_id"), "group", m.GroupID)...)
	switch {
	case m.UserID.IsNull() && m.GroupID.IsNull():
		diags.AddError("Nothing to attach the policy to", "Set exactly one of user_id and group_id of iam_lakefs_policy_attachment.")
	case entity.Known(m.UserID) && entity.Known(m.GroupID):
		diags.AddAttributeError(path.Root("group_id"), "A policy attachment has one principal",
			"Both user_id and group_id are set. Set exactly one, and write a second iam_lakefs_policy_attachment for the other.")
	}
	return diags
}

func callsOfPolicyAttachment(change entity.Change[policyAttachmentModel]) []entity.Call {
	const onUser, onGroup = "on a user", "on a group"
	m := change.Planned
	if m == nil {
		m = change.Prior
	}
	user, group, noUser, noGroup := on("userId", m.UserID), on("groupId", m.GroupID), m.UserID.IsNull(), m.GroupID.IsNull()
	if change.Planned == nil {
		return []entity.Call{
			{Operation: "detachPolicyFromUser", Only: onUser, Object: user, Skip: noUser},
			{Operation: "detachPolicyFromGroup", Only: onGroup, Object: group, Skip: noGroup},
		}
	}
	return []entity.Call{
		{Operation: "listUserPolicies", Only: onUser, Object: user, BestEffort: true}, {Operation: "attachPolicyToUser", Only: onUser, Object: user, Skip: noUser},
		{Operation: "listGroupPolicies", Only: onGroup, Object: group, BestEffort: true}, {Operation: "attachPolicyToGroup", Only: onGroup, Object: group, Skip: noGroup},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type userModel struct {
	ID                         types.String `tfsdk:"id"`
	InviteUser                 types.Bool   `tfsdk:"invite_user"`
	RevokeCredentialsOnDestroy types.Bool   `tfsdk:"revoke_credentials_on_destroy"`
	RevokeLeftoverCredentials  types.Bool   `tfsdk:"revoke_leftover_credentials"`
	CreationDate               types.String `tfsdk:"creation_date"`
	Email                      types.String `tfsdk:"email"`
	FriendlyName               types.String `tfsdk:"friendly_name"`
}

func userResource() entity.Definition[api, userModel] {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return entity.Definition[api, userModel]{
		Name:     "lakefs_user",
		Title:    "lakeFS user",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages a user of lakeFS ([createUser](https://docs.lakefs.io/reference/api/#/auth/createUser)). " +
				"lakeFS keeps the access keys of a deleted user, and they work again when a user of the same id is created; " +
				"this resource revokes them before it deletes the user, and looks for such leftovers when it creates one.",
			Attributes: map[string]schema.Attribute{
				"id": schema.StringAttribute{
					MarkdownDescription: "The user's id, for example `etl`. lakeFS cannot address ids with `/` or `%`. Changing it replaces the user.",
					Required:            true,
					PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				},
				"invite_user": schema.BoolAttribute{
					MarkdownDescription: "Whether lakeFS sends an invitation by mail when the user is created; `id` is then the lower-case e-mail address. " +
						"It has no effect on a user that exists. Default: `false`.",
					Optional: true, Computed: true,
					Default: booldefault.StaticBool(false),
				},
				"revoke_credentials_on_destroy": schema.BoolAttribute{
					MarkdownDescription: "Whether all access keys of the user are revoked before it is deleted. Default: `true`.",
					Optional:            true, Computed: true,
					Default: booldefault.StaticBool(true),
				},
				"revoke_leftover_credentials": schema.BoolAttribute{
					MarkdownDescription: "Whether access keys that an earlier user of the same id left behind are revoked when the user is created. " +
						"Otherwise they are named in a warning. Default: `false`.",
					Optional: true, Computed: true,
					Default: booldefault.StaticBool(false),
				},
				"creation_date": schema.StringAttribute{
					MarkdownDescription: "When the user was created, as an RFC 3339 time such as `2026-11-22T08:00:00Z`.",
					Computed:            true, PlanModifiers: keep,
				},
				"email": schema.StringAttribute{
					MarkdownDescription: "The user's e-mail address; empty when it has none.",
					Computed:            true, PlanModifiers: keep,
				},
				"friendly_name": schema.StringAttribute{
					MarkdownDescription: "The name that lakeFS shows for the user; empty when it has none.",
					Computed:            true, PlanModifiers: keep,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{id}", Example: "etl"}},
		Identity: []string{"id"},
		Validate: validateUser,
		Plan:     planUser,
		Create:   createUser,
		Read:     readUser,
		Update: func(context.Context, *entity.Session[api], userModel, *userModel) error {
			return nil // the arguments that can change only direct this provider; lakeFS has no update of users
		},
		Delete: deleteUser,
		Moves:  movesToUser(),
		Adopt: func(_ context.Context, _ *entity.Session[api], m *userModel) error {
			m.InviteUser = types.BoolValue(false)
			m.RevokeCredentialsOnDestroy = types.BoolValue(true)
			m.RevokeLeftoverCredentials = types.BoolValue(false)
			return nil
		},
		Reads:   lookOfUser,
		Calls:   callsOfUser,
		Lockout: lockoutOfUser,
	}
}

func validateUser(_ context.Context, m userModel) diag.Diagnostics {
	diags := validateID(path.Root("id"), "user", m.ID)
	if !m.InviteUser.ValueBool() || m.ID.IsUnknown() || m.ID.IsNull() {
		return diags
	}
	id := m.ID.ValueString()
	if address, err := mail.ParseAddress(id); err != nil || address.Address != id {
		diags.AddAttributeError(path.Root("id"), "Not an e-mail address",
			fmt.Sprintf("%q is not an e-mail address. With invite_user, lakeFS sends an invitation to the id.", id))
	} else if id != strings.ToLower(id) {
		diags.AddAttributeError(path.Root("id"), "E-mail address not in lower case",
			fmt.Sprintf("With invite_user, the id is an address in lower case, for which lakeFS checks the permission. Write %q.", strings.ToLower(id)))
	}
	return diags
}

func planUser(ctx context.Context, p *entity.Planning[api], change *entity.Change[userModel]) {
	if change.Prior == nil || change.Planned == nil {
		return
	}
	id, replaced := change.Prior.ID.ValueString(), !change.Prior.ID.Equal(change.Planned.ID)
	switch {
	case replaced && p.Connected:
		warnOfLoss(p, "user", id, edgesOfUser(ctx, p.API, *change.Prior)...)
	case !replaced && change.Planned.InviteUser.ValueBool() && !change.Prior.InviteUser.ValueBool():
		p.Warn("No invitation is sent to a lakeFS user that exists",
			fmt.Sprintf("invite_user of the user %q is now true, but lakeFS sends invitations only when it creates a user.", id))
	}
}

// edgesOfUser counts what goes with a user: what lakeFS removes with it, and the
// keys that this provider revokes.
func edgesOfUser(ctx context.Context, lakefs api, m userModel) []edges {
	id := m.ID.ValueString()
	found := []edges{
		edgesIn("1 group membership", "%d group memberships", lakefs.ListUserGroups(ctx, id, all)),
		edgesIn("1 attached policy", "%d attached policies", lakefs.ListAttachedPolicies(ctx, snapshot.Principal{UserID: id}, all)),
	}
	if m.RevokeCredentialsOnDestroy.ValueBool() {
		found = append(found, edgesIn("1 access key", "%d access keys", lakefs.ListUserCredentials(ctx, id, all)))
	}
	return found
}

func createUser(ctx context.Context, s *entity.Session[api], m *userModel) error {
	id := m.ID.ValueString()
	user, err := s.API.CreateUser(ctx, lakefsapi.UserCreation{ID: id, InviteUser: m.InviteUser.ValueBool()})
	if uninvited, ok := errors.AsType[*snapshot.InvitationError](err); ok {
		s.Warn("The invitation of a lakeFS user was not sent",
			fmt.Sprintf("The user %q was created, but the server could not send its invitation: %v. Set up mail in lakeFS and create the user anew, or give it credentials.", id, uninvited.Err))
	} else if err != nil {
		return err
	}
	s.Exists()
	// The answer to a create lacks what a read has; a user just made has neither.
	setUser(m, user)
	if m.InviteUser.ValueBool() {
		// The answer to an invitation lacks the creation date and the address too.
		if _, err := readUser(ctx, s, m); err != nil {
			return err
		}
	}
	return handleLeftovers(ctx, s, id, m.RevokeLeftoverCredentials.ValueBool())
}

// handleLeftovers looks for access keys that an earlier user of the same id left
// behind: they work again from now on.
func handleLeftovers(ctx context.Context, s *entity.Session[api], userID string, revoke bool) error {
	leftovers, err := accessKeyIDs(ctx, s.API, userID)
	switch {
	case err != nil && !revoke, lakefsapi.IsNotPermitted(err):
		s.Warn("Could not look for leftover credentials of lakeFS users",
			fmt.Sprintf("The user %q was created. If an earlier user of this id left access keys behind, they work again. Whether there are any is unknown: %s", userID, explain(err)))
		return nil
	case err != nil:
		return err
	case len(leftovers) == 0:
		return nil
	case !revoke:
		s.Warn("Access keys of an earlier lakeFS user work again",
			fmt.Sprintf("The user %q was created. An earlier user of this id left access keys behind, and they work again: %s. "+
				"Revoke them unless they are meant to work, or set revoke_leftover_credentials = true.", userID, entity.Names(leftovers)))
		return nil
	}
	for _, key := range leftovers {
		if err := s.API.DeleteCredentials(ctx, userID, key); err != nil {
			return fmt.Errorf("revoking the leftover access key %s: %w", key, err)
		}
	}
	return nil
}

func accessKeyIDs(ctx context.Context, lakefs api, userID string) ([]string, error) {
	var ids []string
	for credentials, err := range lakefs.ListUserCredentials(ctx, userID, all) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, credentials.AccessKeyID)
	}
	return ids, nil
}

func readUser(ctx context.Context, s *entity.Session[api], m *userModel) (bool, error) {
	user, found, err := s.API.GetUser(ctx, m.ID.ValueString())
	if err != nil || !found {
		return false, err
	}
	setUser(m, user)
	return true, nil
}

// setUser fills in what the server says of a user.
func setUser(m *userModel, user lakefsapi.User) {
	m.CreationDate = rfc3339(user.CreationDate)
	m.Email, m.FriendlyName = types.StringValue(user.Email), types.StringValue(user.FriendlyName)
}

func deleteUser(ctx context.Context, s *entity.Session[api], m userModel) error {
	id := m.ID.ValueString()
	gone := listed(visible(edgesOfUser(ctx, s.API, m)...))
	if m.RevokeCredentialsOnDestroy.ValueBool() {
		keys, err := accessKeyIDs(ctx, s.API, id)
		if err != nil && !lakefsapi.IsNotFound(err) {
			return fmt.Errorf("listing the access keys to revoke (revoke_credentials_on_destroy = false leaves them): %w", err)
		}
		for _, key := range keys {
			if err := s.API.DeleteCredentials(ctx, id, key); err != nil {
				return fmt.Errorf("revoking the access key %s before the user is deleted: %w", key, err)
			}
		}
	}
	if err := s.API.DeleteUser(ctx, id); err != nil {
		return err
	}
	warnOfGone(s, "user", id, gone)
	return nil
}

// lookOfUser is how a user is looked up: by its listing, where the caller may list.
var lookOfUser = []entity.Call{
	{Operation: "listUsers", Only: "preferred", BestEffort: true},
	{Operation: "getUser", Only: "where listUsers is not permitted", BestEffort: true},
}

func callsOfUser(change entity.Change[userModel]) []entity.Call {
	switch {
	case change.Prior == nil:
		user, keeps := on("userId", change.Planned.ID), !change.Planned.RevokeLeftoverCredentials.ValueBool()
		return append(slices.Clone(lookOfUser),
			entity.Call{Operation: "createUser", Object: user},
			entity.Call{Operation: "listUserCredentials", Only: "to look for leftover credentials", Object: user, BestEffort: keeps},
			entity.Call{Operation: "deleteCredentials", Only: "with revoke_leftover_credentials", Object: user, Skip: keeps, ForEachFound: true},
		)
	case change.Planned == nil:
		user, keeps := on("userId", change.Prior.ID), !change.Prior.RevokeCredentialsOnDestroy.ValueBool()
		return []entity.Call{
			{Operation: "listUserCredentials", Only: "with revoke_credentials_on_destroy", Object: user, Skip: keeps},
			{Operation: "deleteCredentials", Only: "with revoke_credentials_on_destroy", Object: user, Skip: keeps, ForEachFound: true},
			{Operation: "deleteUser", Object: user},
			{Operation: "listUserGroups", Only: toCount, BestEffort: true},
			{Operation: "listUserPolicies", Only: toCount, BestEffort: true},
		}
	default:
		return nil
	}
}

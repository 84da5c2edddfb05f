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

type userLookup struct {
	ID                 types.String      `tfsdk:"id"`
	CreationDate       types.String      `tfsdk:"creation_date"`
	Email              types.String      `tfsdk:"email"`
	FriendlyName       types.String      `tfsdk:"friendly_name"`
	IncludeGroups      types.Bool        `tfsdk:"include_groups"`
	IncludePolicies    types.Bool        `tfsdk:"include_policies"`
	IncludeCredentials types.Bool        `tfsdk:"include_credentials"`
	Groups             []groupItem       `tfsdk:"groups"`
	Policies           []policyItem      `tfsdk:"policies"`
	Credentials        []credentialsItem `tfsdk:"credentials"`
}

// credentialsItem is a key in a data source: never its secret.
type credentialsItem struct {
	AccessKeyID  types.String `tfsdk:"access_key_id"`
	CreationDate types.String `tfsdk:"creation_date"`
}

func userDataSource() entity.DataSource[api, userLookup] {
	attributes := userAttributes()
	attributes["id"] = schema.StringAttribute{MarkdownDescription: "The user's id, for example `etl`.", Required: true}
	attributes["include_groups"] = schema.BoolAttribute{MarkdownDescription: "Whether to read the user's groups. Default: `false`.", Optional: true}
	attributes["include_policies"] = schema.BoolAttribute{MarkdownDescription: "Whether to read the policies that are attached to the user itself. Default: `false`.", Optional: true}
	attributes["include_credentials"] = schema.BoolAttribute{MarkdownDescription: "Whether to read the user's access keys (never their secrets). Default: `false`.", Optional: true}
	attributes["groups"] = listOf("The groups the user is a member of; null unless `include_groups` is set.", groupAttributes())
	attributes["policies"] = listOf("The policies that are attached to the user itself; null unless `include_policies` is set.", policyAttributes())
	attributes["credentials"] = listOf("The user's access keys; null unless `include_credentials` is set.", map[string]schema.Attribute{
		"access_key_id": schema.StringAttribute{MarkdownDescription: "The access key's id.", Computed: true},
		"creation_date": creationDateAttribute(),
	})
	return entity.DataSource[api, userLookup]{
		Name:     "lakefs_user",
		Title:    "lakeFS user",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads a user of lakeFS ([getUser](https://docs.lakefs.io/reference/api/#/auth/getUser)) and, when asked, its groups, policies and access keys.",
			Attributes:          attributes,
		},
		Validate: func(_ context.Context, m userLookup) diag.Diagnostics {
			return validateID(path.Root("id"), "user", m.ID)
		},
		Read: lookUpUser,
		Calls: []entity.Call{
			{Operation: "listUsers"},
			{Operation: "listUserGroups", Only: "with include_groups"},
			{Operation: "listUserPolicies", Only: "with include_policies"},
			{Operation: "listUserCredentials", Only: "with include_credentials"},
		},
	}
}

func lookUpUser(ctx context.Context, s *entity.Session[api], m *userLookup) error {
	id := m.ID.ValueString()
	user, found, err := s.API.GetUser(ctx, id)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("there is no user %q", id)
	}
	m.CreationDate, m.Email, m.FriendlyName = rfc3339(user.CreationDate), types.StringValue(user.Email), types.StringValue(user.FriendlyName)
	if m.IncludeGroups.ValueBool() {
		if m.Groups, err = collect(s.API.ListUserGroups(ctx, id, all), newGroupItem); err != nil {
			return err
		}
	}
	if m.IncludePolicies.ValueBool() {
		attached := s.API.ListAttachedPolicies(ctx, snapshot.Principal{UserID: id}, all)
		if m.Policies, err = collect(attached, newPolicyItem); err != nil {
			return err
		}
	}
	if m.IncludeCredentials.ValueBool() {
		m.Credentials, err = collect(s.API.ListUserCredentials(ctx, id, all), func(c lakefsapi.Credentials) (credentialsItem, error) {
			return credentialsItem{AccessKeyID: types.StringValue(c.AccessKeyID), CreationDate: rfc3339(c.CreationDate)}, nil
		})
	}
	return err
}

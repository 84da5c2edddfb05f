// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type shortLivedCredentialsModel struct {
	UserID          types.String `tfsdk:"user_id"`
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	SecretAccessKey types.String `tfsdk:"secret_access_key"`
	CreationDate    types.String `tfsdk:"creation_date"`
}

func credentialsEphemeral() entity.Ephemeral[api, shortLivedCredentialsModel] {
	return entity.Ephemeral[api, shortLivedCredentialsModel]{
		Name:     "lakefs_credentials",
		Title:    "short-lived lakeFS credentials",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Makes an access key of a lakeFS user for as long as Terraform runs ([createCredentials](https://docs.lakefs.io/reference/api/#/auth/createCredentials)), " +
				"and revokes it at the end ([deleteCredentials](https://docs.lakefs.io/reference/api/#/auth/deleteCredentials)). " +
				"Terraform keeps nothing of it in plan or state. Other keys of the user are left alone.\n\n" +
				"Terraform opens ephemeral resources in every plan, and again in every apply: **each time a new key is made and revoked**, so that planning, too, needs the right to. " +
				"A Terraform that is killed revokes nothing: the key then works until somebody deletes it, for lakeFS keys do not expire.",
			Attributes: map[string]schema.Attribute{
				"user_id": schema.StringAttribute{
					MarkdownDescription: "The id of the user that the key is for, for example `etl`. The caller itself is `data.iam_lakefs_current_user.NAME.id`; it is no default, so that no key of an administrator is made by an omission.",
					Required:            true,
				},
				"access_key_id": schema.StringAttribute{
					MarkdownDescription: "The access key's id, for example `AKIAJEXAMPLEEXAMPLEQ`.",
					Computed:            true,
				},
				"secret_access_key": schema.StringAttribute{
					MarkdownDescription: "The secret of the access key.",
					Computed:            true, Sensitive: true,
				},
				"creation_date": schema.StringAttribute{
					MarkdownDescription: "When the key was created, as an RFC 3339 time such as `2026-11-22T08:00:00Z`.",
					Computed:            true,
				},
			},
		},
		Validate: func(_ context.Context, m shortLivedCredentialsModel) diag.Diagnostics {
			return validateID(path.Root("user_id"), "user", m.UserID)
		},
		Open:       openCredentials,
		Close:      closeCredentials,
		OpenCalls:  []entity.Call{{Operation: "listUserCredentials", Only: "preferred"}, {Operation: "createCredentials"}},
		CloseCalls: []entity.Call{{Operation: "deleteCredentials"}},
	}
}

// openedKey is where an opened key is remembered, for nothing but this key to be
// revoked on close.
const openedKey = "key"

// keyToRevoke is what is remembered there, as JSON.
type keyToRevoke struct {
	UserID      string `json:"user_id"`
	AccessKeyID string `json:"access_key_id"`
}

func openCredentials(ctx context.Context, s *entity.Session[api], m *shortLivedCredentialsModel) error {
	userID := m.UserID.ValueString()
	created, err := makeKey(ctx, s, userID)
	if lakefsapi.IsNotFound(err) {
		// Not wrapped: what helps a resource, to refer to the user's, does not help here.
		return fmt.Errorf("there is no user %q. If this configuration makes it: a plan opens ephemeral resources before anything is applied, so let user_id depend on a value of the user that is known only after apply, "+
			"as the example does. Server answer: %s", userID, entity.Sentence(err.Error()))
	}
	if err != nil {
		return err
	}
	kept, err := json.Marshal(keyToRevoke{UserID: userID, AccessKeyID: created.AccessKeyID})
	if err != nil {
		return stays(userID, created.AccessKeyID, err)
	}
	s.Remember(ctx, openedKey, kept)
	m.AccessKeyID, m.SecretAccessKey = types.StringValue(created.AccessKeyID), types.StringValue(created.SecretAccessKey)
	m.CreationDate = rfc3339(created.CreationDate)
	return nil
}

// closeCredentials revokes the key that was opened. One that is gone is no error.
func closeCredentials(ctx context.Context, s *entity.Session[api]) error {
	var key keyToRevoke
	err := json.Unmarshal(s.Recall(ctx, openedKey), &key)
	if err == nil && (key.UserID == "" || key.AccessKeyID == "") {
		err = errors.New("it names no key")
	}
	if err != nil {
		return fmt.Errorf("which access key to revoke cannot be read from the private data: %w. Look for one that nobody knows among the keys of the user (data source iam_lakefs_user with include_credentials)", err)
	}
	if err := s.API.DeleteCredentials(ctx, key.UserID, key.AccessKeyID); err != nil {
		return stays(key.UserID, key.AccessKeyID, err)
	}
	return nil
}

// stays says that a key was not revoked, and how to do it.
func stays(userID, accessKeyID string, err error) error {
	return fmt.Errorf("the access key %q of the user %q was not revoked and goes on working. Revoke it, for example with lakectl auth users credentials delete --id %q --access-key-id %q: %w",
		accessKeyID, userID, userID, accessKeyID, err)
}

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

// credentialsFilter tells whose access keys are listed.
type credentialsFilter struct {
	UserID types.String `tfsdk:"user_id"`
}

func credentialsList() entity.Listing[api, credentialsModel, credentialsFilter] {
	return entity.Listing[api, credentialsModel, credentialsFilter]{
		Of: credentialsResource(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the access keys of users of lakeFS ([listUserCredentials](https://docs.lakefs.io/reference/api/#/auth/listUserCredentials)), managed or not. lakeFS never shows their secrets again.",
			Attributes: map[string]schema.Attribute{
				"user_id": schema.StringAttribute{MarkdownDescription: "Only the keys of this user, for example `etl`. Default: of every user, with one request per user.", Optional: true},
			},
		},
		Validate: func(_ context.Context, f credentialsFilter) diag.Diagnostics {
			return validateID(path.Root("user_id"), "user", f.UserID)
		},
		Find: func(ctx context.Context, lakefs api, filter credentialsFilter, limit int) iter.Seq2[entity.Found, error] {
			users := lakefs.ListUsers(ctx, all)
			if !filter.UserID.IsNull() {
				users = one(lakefsapi.User{ID: filter.UserID.ValueString()})
			}
			return foundInEach(users, func(user lakefsapi.User) iter.Seq2[entity.Found, error] {
				keys := lakefs.ListUserCredentials(ctx, user.ID, lakefsapi.ListOptions{Limit: limit})
				return foundIn(keys, func(key lakefsapi.Credentials) entity.Found {
					return entity.Found{Identity: map[string]any{"user_id": user.ID, "access_key_id": key.AccessKeyID}}
				})
			})
		},
		Calls: []entity.Call{{Operation: "listUsers", Only: "without `user_id`"}, {Operation: "listUserCredentials"}},
	}
}

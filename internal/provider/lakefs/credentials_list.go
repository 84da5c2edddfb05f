// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func credentialsList() entity.Listing[api, credentialsModel, userFilter] {
	return entity.Listing[api, credentialsModel, userFilter]{
		Of: credentialsResource(),
		Schema: userFilterSchema("Lists the access keys of users of lakeFS ([listUserCredentials](https://docs.lakefs.io/reference/api/#/auth/listUserCredentials)), managed or not. "+
			"lakeFS never shows their secrets again.", "keys"),
		Validate: validateUserFilter,
		Find: func(ctx context.Context, lakefs api, filter userFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundInEach(filter.users(ctx, lakefs), filter.named(), func(user lakefsapi.User) iter.Seq2[entity.Found, error] {
				keys := lakefs.ListUserCredentials(ctx, user.ID, lakefsapi.ListOptions{Limit: limit})
				return foundIn(keys, func(key lakefsapi.Credentials) entity.Found {
					return entity.Found{Identity: map[string]any{"user_id": user.ID, "access_key_id": key.AccessKeyID}}
				})
			})
		},
		Calls: []entity.Call{{Operation: "listUsers", Only: "without `user_id`"}, {Operation: "listUserCredentials"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func userList() entity.Listing[api, userModel, prefixFilter] {
	return entity.Listing[api, userModel, prefixFilter]{
		Of:     userResource(),
		Schema: prefixSchema("Lists the users of lakeFS ([listUsers](https://docs.lakefs.io/reference/api/#/auth/listUsers)) in the order of their ids, managed or not.", "users"),
		Find: func(ctx context.Context, lakefs api, filter prefixFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundIn(lakefs.ListUsers(ctx, filter.options(limit)), func(user lakefsapi.User) entity.Found {
				return entity.Found{Identity: map[string]any{"id": user.ID}}
			})
		},
		Calls: []entity.Call{{Operation: "listUsers"}},
	}
}

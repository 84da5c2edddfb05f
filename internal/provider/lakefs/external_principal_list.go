// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func externalPrincipalList() entity.Listing[api, externalPrincipalModel, userFilter] {
	return entity.Listing[api, externalPrincipalModel, userFilter]{
		Of: externalPrincipalResource(),
		Schema: userFilterSchema("Lists the external principals that may log in as users of lakeFS ([listUserExternalPrincipals](https://docs.lakefs.io/reference/api/#/auth/listUserExternalPrincipals)), managed or not. "+
			"**Experimental:** no public server has these operations.", "external principals"),
		Validate: validateUserFilter,
		Find: func(ctx context.Context, lakefs api, filter userFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundInEach(filter.users(ctx, lakefs), filter.named(), func(user lakefsapi.User) iter.Seq2[entity.Found, error] {
				principals := lakefs.ListUserExternalPrincipals(ctx, user.ID, lakefsapi.ListOptions{Limit: limit})
				return foundIn(principals, func(principal lakefsapi.ExternalPrincipal) entity.Found {
					return entity.Found{Identity: map[string]any{"user_id": user.ID, "principal_id": principal.ID}}
				})
			})
		},
		Calls: []entity.Call{{Operation: "listUsers", Only: "without `user_id`"}, {Operation: "listUserExternalPrincipals"}},
	}
}

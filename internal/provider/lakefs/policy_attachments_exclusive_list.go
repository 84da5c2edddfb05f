// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func policyAttachmentsExclusiveList() entity.Listing[api, policyAttachmentsExclusiveModel, principalFilter] {
	return entity.Listing[api, policyAttachmentsExclusiveModel, principalFilter]{
		Of: policyAttachmentsExclusiveResource(),
		Schema: principalSchema("Lists the users and groups of lakeFS ([listUsers](https://docs.lakefs.io/reference/api/#/auth/listUsers), "+
			"[listGroups](https://docs.lakefs.io/reference/api/#/auth/listGroups)) whose policies could be managed as a whole; with `include_resource`, all policies of each.", "set of policies"),
		Validate: validatePrincipalFilter,
		Find: func(ctx context.Context, lakefs api, filter principalFilter, _ int) iter.Seq2[entity.Found, error] {
			return foundIn(filter.principals(ctx, lakefs), func(principal snapshot.Principal) entity.Found {
				return entity.Found{Identity: ofPrincipal(principal)}
			})
		},
		Calls: []entity.Call{
			{Operation: "listGroups", Only: "with neither `user_id` nor `group_id`"},
			{Operation: "listUsers", Only: "with neither `user_id` nor `group_id`"},
		},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func policyAttachmentList() entity.Listing[api, policyAttachmentModel, principalFilter] {
	return entity.Listing[api, policyAttachmentModel, principalFilter]{
		Of: policyAttachmentResource(),
		Schema: principalSchema("Lists which policies are attached to which user or group of lakeFS ([listUserPolicies](https://docs.lakefs.io/reference/api/#/auth/listUserPolicies), "+
			"[listGroupPolicies](https://docs.lakefs.io/reference/api/#/auth/listGroupPolicies)), managed or not. The policies that a user has through its groups are shown with the groups.", "attachments"),
		Validate: validatePrincipalFilter,
		Find: func(ctx context.Context, lakefs api, filter principalFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundInEach(filter.principals(ctx, lakefs), filter.named(), func(principal snapshot.Principal) iter.Seq2[entity.Found, error] {
				policies := lakefs.ListAttachedPolicies(ctx, principal, lakefsapi.ListOptions{Limit: limit})
				return foundIn(policies, func(policy lakefsapi.Policy) entity.Found {
					identity := ofPrincipal(principal)
					identity["policy_id"] = policy.ID
					return entity.Found{Identity: identity}
				})
			})
		},
		Calls: []entity.Call{
			{Operation: "listGroups", Only: "with neither `user_id` nor `group_id`"},
			{Operation: "listUsers", Only: "with neither `user_id` nor `group_id`"},
			{Operation: "listUserPolicies", Only: "unless `group_id` is set"},
			{Operation: "listGroupPolicies", Only: "unless `user_id` is set"},
		},
	}
}

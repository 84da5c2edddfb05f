// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func policyList(operators *ConditionOperators) entity.Listing[api, policyModel, prefixFilter] {
	return entity.Listing[api, policyModel, prefixFilter]{
		Of:     policyResource(operators),
		Schema: prefixSchema("Lists the policies of lakeFS ([listPolicies](https://docs.lakefs.io/reference/api/#/auth/listPolicies)) in the order of their ids, managed or not.", "policies"),
		Find: func(ctx context.Context, lakefs api, filter prefixFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundIn(lakefs.ListPolicies(ctx, filter.options(limit)), func(policy lakefsapi.Policy) entity.Found {
				return entity.Found{Identity: map[string]any{"id": policy.ID}}
			})
		},
		Calls: []entity.Call{{Operation: "listPolicies"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func groupACLList() entity.Listing[api, groupACLModel, prefixFilter] {
	return entity.Listing[api, groupACLModel, prefixFilter]{
		Of: groupACLResource(),
		Schema: prefixSchema("Lists the groups of lakeFS that have an access control list ([listGroups](https://docs.lakefs.io/reference/api/#/auth/listGroups), "+
			"[getGroupACL](https://docs.lakefs.io/reference/api/#/auth/getGroupACL)), managed or not, with one request per group.", "groups"),
		Find: func(ctx context.Context, lakefs api, filter prefixFilter, _ int) iter.Seq2[entity.Found, error] {
			return foundInEach(lakefs.ListGroups(ctx, filter.options(0)), false, func(group lakefsapi.Group) iter.Seq2[entity.Found, error] {
				return func(yield func(entity.Found, error) bool) {
					_, found, err := lakefs.GetGroupACL(ctx, group.ID)
					if found || err != nil && !lakefsapi.IsNoACL(err) {
						yield(entity.Found{Identity: map[string]any{"group_id": group.ID}, Name: group.Name}, err)
					}
				}
			})
		},
		Calls: []entity.Call{{Operation: "listGroups"}, {Operation: "getGroupACL"}},
	}
}

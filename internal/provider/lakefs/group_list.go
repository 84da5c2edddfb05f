// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func groupList() entity.Listing[api, groupModel, prefixFilter] {
	return entity.Listing[api, groupModel, prefixFilter]{
		Of:     groupResource(),
		Schema: prefixSchema("Lists the groups of lakeFS ([listGroups](https://docs.lakefs.io/reference/api/#/auth/listGroups)) in the order of their ids, managed or not.", "groups"),
		Find: func(ctx context.Context, lakefs api, filter prefixFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundIn(lakefs.ListGroups(ctx, filter.options(limit)), func(group lakefsapi.Group) entity.Found {
				return entity.Found{Identity: map[string]any{"id": group.ID}, Name: group.Name}
			})
		},
		Calls: []entity.Call{{Operation: "listGroups"}},
	}
}

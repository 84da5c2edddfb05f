// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func groupMembershipsExclusiveList() entity.Listing[api, groupMembershipsExclusiveModel, prefixFilter] {
	return entity.Listing[api, groupMembershipsExclusiveModel, prefixFilter]{
		Of: groupMembershipsExclusiveResource(),
		Schema: prefixSchema("Lists the groups of lakeFS ([listGroups](https://docs.lakefs.io/reference/api/#/auth/listGroups)) whose members could be managed as a whole; "+
			"with `include_resource`, all members of each.", "groups"),
		Find: func(ctx context.Context, lakefs api, filter prefixFilter, limit int) iter.Seq2[entity.Found, error] {
			return foundIn(lakefs.ListGroups(ctx, filter.options(limit)), func(group lakefsapi.Group) entity.Found {
				return entity.Found{Identity: map[string]any{"group_id": group.ID}, Name: group.Name}
			})
		},
		Calls: []entity.Call{{Operation: "listGroups"}},
	}
}

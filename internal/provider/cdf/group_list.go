// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func groupList() entity.Listing[api, groupModel, nameFilter] {
	return entity.Listing[api, groupModel, nameFilter]{
		Of: groupResource(),
		Schema: nameFilterSchema("Lists the groups of a project of Cognite Data Fusion ([list groups](https://docs.cognite.com/20230101/groups/list-groups)), managed or not, without deleted ones. "+
			"A caller that may list only its own groups, by `scope { current_user = true }`, gets those.", "groups"),
		Find: func(ctx context.Context, cdf api, filter nameFilter, _ int) iter.Seq2[entity.Found, error] {
			return func(yield func(entity.Found, error) bool) {
				groups, err := cdf.ListGroups(ctx, true)
				if err != nil {
					yield(entity.Found{}, err)
					return
				}
				for _, group := range groups {
					if filter.leaves(group.Name) && !yield(foundGroup(group), nil) {
						return
					}
				}
			}
		},
		Calls: []entity.Call{{Operation: "listGroups"}},
	}
}

func foundGroup(group cdfapi.Group) entity.Found {
	return entity.Found{Identity: map[string]any{"id": group.ID}, Name: group.Name}
}

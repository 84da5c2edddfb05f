// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func securityCategoryList() entity.Listing[api, securityCategoryModel, nameFilter] {
	return entity.Listing[api, securityCategoryModel, nameFilter]{
		Of: securityCategoryResource(),
		Schema: nameFilterSchema("Lists the security categories of a project of Cognite Data Fusion ([list security categories](https://docs.cognite.com/20230101/security-categories/list-security-categories)), managed or not.",
			"security categories"),
		Find: func(ctx context.Context, cdf api, filter nameFilter, _ int) iter.Seq2[entity.Found, error] {
			return func(yield func(entity.Found, error) bool) {
				for category, err := range cdf.ListSecurityCategories(ctx, all) {
					if err != nil {
						yield(entity.Found{}, err)
						return
					}
					if filter.leaves(category.Name) && !yield(entity.Found{Identity: map[string]any{"id": category.ID}, Name: category.Name}, nil) {
						return
					}
				}
			}
		},
		Calls: []entity.Call{{Operation: "listSecurityCategories"}},
	}
}

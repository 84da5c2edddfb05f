// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type securityCategoriesLookup struct {
	SecurityCategories []securityCategoryItem `tfsdk:"security_categories"`
}

// securityCategoryItem is a security category in a data source's list.
type securityCategoryItem struct {
	ID   types.Int64  `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func newSecurityCategoryItem(category cdfapi.SecurityCategory) securityCategoryItem {
	return securityCategoryItem{ID: types.Int64Value(category.ID), Name: types.StringValue(category.Name)}
}

func securityCategoriesDataSource() entity.DataSource[api, securityCategoriesLookup] {
	return entity.DataSource[api, securityCategoriesLookup]{
		Name:     "cdf_security_categories",
		Title:    "CDF security categories",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the security categories of a project of Cognite Data Fusion ([list security categories](https://docs.cognite.com/20230101/security-categories/list-security-categories)). " +
				"A caller that may list only some of them sees those. Cognite has announced that it removes this part of its API on 2027-12-31.",
			Attributes: map[string]schema.Attribute{
				"security_categories": listOf("The security categories, in the server's order.", map[string]schema.Attribute{
					"id":   schema.Int64Attribute{MarkdownDescription: "The id of the security category. Groups refer to it as `scope { ids = [...] }`.", Computed: true},
					"name": shown("The name, unique in the project."),
				}),
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *securityCategoriesLookup) (err error) {
			m.SecurityCategories, err = collect(s.API.ListSecurityCategories(ctx, all), newSecurityCategoryItem)
			return err
		},
		Calls: []entity.Call{{Operation: "listSecurityCategories"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type securityCategoryModel struct {
	ID   types.Int64  `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func securityCategoryResource() entity.Definition[api, securityCategoryModel] {
	return entity.Definition[api, securityCategoryModel]{
		Name:     "cdf_security_category",
		Title:    "CDF security category",
		Label:    "name",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages a security category of Cognite Data Fusion ([create security categories](https://docs.cognite.com/20230101/security-categories/create-security-categories)): " +
				"time series and files that carry it are seen only by callers whose groups grant `securityCategoriesAcl:MEMBEROF` for it. " +
				"CDF cannot rename a security category, so every change replaces it; with `create_before_destroy` the old one stays until the new one is there, also when the new name is taken. Cognite has announced that it removes this part of its API on 2027-12-31.",
			Attributes: map[string]schema.Attribute{
				"id": schema.Int64Attribute{
					MarkdownDescription: "The id of the security category, chosen by the server. Groups refer to it as `scope { ids = [...] }`.",
					Computed:            true,
					PlanModifiers:       []planmodifier.Int64{int64planmodifier.UseStateForUnknown()},
				},
				"name": schema.StringAttribute{
					MarkdownDescription: "The name, unique in the project, for example `confidential`. Changing it replaces the security category.",
					Required:            true,
					Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
					PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				},
			},
		},
		Imports: []entity.ImportForm{
			{Pattern: "{id}", Example: "3910284756123"},
			{Pattern: "{name...}", Example: "confidential"},
		},
		Identity: []string{"id"},
		Plan:     warnOfLostCategory,
		Create: func(ctx context.Context, s *entity.Session[api], m *securityCategoryModel) error {
			category, err := s.API.CreateSecurityCategory(ctx, m.Name.ValueString())
			if err != nil {
				return err
			}
			s.Exists()
			m.ID = types.Int64Value(category.ID)
			return nil
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *securityCategoryModel) (bool, error) {
			category, found, err := s.API.GetSecurityCategory(ctx, m.ID.ValueInt64())
			m.Name = types.StringValue(category.Name)
			return found, err
		},
		Delete: func(ctx context.Context, s *entity.Session[api], m securityCategoryModel) error {
			return s.API.DeleteSecurityCategory(ctx, m.ID.ValueInt64(), m.Name.ValueString())
		},
		Adopt: adoptSecurityCategory,
		Reads: []entity.Call{{Operation: "listSecurityCategories"}},
		Calls: func(change entity.Change[securityCategoryModel]) []entity.Call {
			if change.Planned == nil {
				return []entity.Call{{Operation: "deleteSecurityCategories"}}
			}
			return []entity.Call{{Operation: "listSecurityCategories"}, {Operation: "createSecurityCategories"}}
		},
	}
}

// warnOfLostCategory says what a replacement takes away without showing it, and when the
// new name is taken: then it fails after the old category has been deleted.
func warnOfLostCategory(ctx context.Context, p *entity.Planning[api], change *entity.Change[securityCategoryModel]) {
	if change.Prior == nil || change.Planned == nil || change.Prior.Name.Equal(change.Planned.Name) {
		return
	}
	p.Warn("Replacing a CDF security category takes it off everything",
		fmt.Sprintf("The security category %q (id %d) is deleted: time series and files that carry it lose it, and groups that grant it by its id grant nothing. "+
			"The new one has another id and is on nothing.", change.Prior.Name.ValueString(), change.Prior.ID.ValueInt64()))
	if !p.Connected || p.Applying || !entity.Known(change.Planned.Name) {
		return
	}
	taken, found, err := p.API.GetSecurityCategoryByName(ctx, change.Planned.Name.ValueString())
	if err == nil && found {
		p.Warn("The name of a CDF security category is taken",
			fmt.Sprintf("The security category %q (id %d) is to become %q, but that is the name of another (id %d). Unless the same apply deletes that one first, "+
				"the old category is deleted and the new one cannot be made. With lifecycle { create_before_destroy = true } nothing is deleted then.",
				change.Prior.Name.ValueString(), change.Prior.ID.ValueInt64(), change.Planned.Name.ValueString(), taken.ID))
	}
}

// adoptSecurityCategory takes the import id for an id first and for a name second.
func adoptSecurityCategory(ctx context.Context, s *entity.Session[api], m *securityCategoryModel) error {
	name := m.Name.ValueString()
	if !m.ID.IsNull() {
		_, found, err := s.API.GetSecurityCategory(ctx, m.ID.ValueInt64())
		if err != nil || found {
			return err
		}
		name = strconv.FormatInt(m.ID.ValueInt64(), 10)
	}
	category, found, err := s.API.GetSecurityCategoryByName(ctx, name)
	if err == nil && !found {
		err = fmt.Errorf("there is no security category with the id or the name %q", name)
	}
	m.ID = types.Int64Value(category.ID)
	return err
}

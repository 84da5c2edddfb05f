// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// principalTypes are the known kinds of principals; there may be more to come.
var principalTypes = []string{"USER", "SERVICE_ACCOUNT"}

type principalsLookup struct {
	Organization types.String    `tfsdk:"organization"`
	Types        types.List      `tfsdk:"types"`
	IDs          types.List      `tfsdk:"ids"`
	ExternalIDs  types.List      `tfsdk:"external_ids"`
	Principals   []principalItem `tfsdk:"principals"`
}

// principalItem is a principal in a data source's list.
type principalItem struct {
	ID              types.String          `tfsdk:"id"`
	Type            types.String          `tfsdk:"type"`
	Name            types.String          `tfsdk:"name"`
	PictureURL      types.String          `tfsdk:"picture_url"`
	Email           types.String          `tfsdk:"email"`
	GivenName       types.String          `tfsdk:"given_name"`
	MiddleName      types.String          `tfsdk:"middle_name"`
	FamilyName      types.String          `tfsdk:"family_name"`
	ExternalID      types.String          `tfsdk:"external_id"`
	Description     types.String          `tfsdk:"description"`
	CreatedBy       *principalCreatorItem `tfsdk:"created_by"`
	CreatedTime     types.String          `tfsdk:"created_time"`
	LastUpdatedTime types.String          `tfsdk:"last_updated_time"`
}

// principalCreatorItem is who made a service account.
type principalCreatorItem struct {
	Organization types.String `tfsdk:"organization"`
	UserID       types.String `tfsdk:"user_id"`
}

func newPrincipalItem(principal cdfapi.Principal) principalItem {
	item := principalItem{
		ID:              types.StringValue(principal.ID),
		Type:            types.StringValue(principal.Type),
		Name:            textOrNull(principal.Name),
		PictureURL:      textOrNull(principal.PictureURL),
		Email:           textOrNull(principal.Email),
		GivenName:       textOrNull(principal.GivenName),
		MiddleName:      textOrNull(principal.MiddleName),
		FamilyName:      textOrNull(principal.FamilyName),
		ExternalID:      textOrNull(principal.ExternalID),
		Description:     textOrNull(principal.Description),
		CreatedTime:     rfc3339(principal.CreatedTime),
		LastUpdatedTime: rfc3339(principal.LastUpdatedTime),
	}
	if by := principal.CreatedBy; by != nil {
		item.CreatedBy = &principalCreatorItem{Organization: textOrNull(by.OrgID), UserID: textOrNull(by.UserID)}
	}
	return item
}

func principalsDataSource() entity.DataSource[api, principalsLookup] {
	organizations := platform()
	organizations.Explain = explainOrganization
	return entity.DataSource[api, principalsLookup]{
		Name:     "cdf_principals",
		Title:    "CDF principals",
		Platform: organizations,
		Schema: schema.Schema{
			MarkdownDescription: "Reads principals, the user accounts and service accounts of an organization of Cognite: all " +
				"([list principals](https://docs.cognite.com/20230101/principals/list-principals)), or given ones " +
				"([retrieve principals by reference](https://docs.cognite.com/20230101/principals/retrieve-principals-by-reference)). " +
				"They are served for the whole organization from the provider's `organization_url`, which accepts only tokens that Cognite's own identity provider has issued: " +
				"set the provider's `token_url` to `https://auth.cognite.com/oauth2/token`. The caller must belong to the organization; capabilities of a project do not count there.",
			Attributes: map[string]schema.Attribute{
				"organization": schema.StringAttribute{
					MarkdownDescription: "The organization's id, for example `acme`. Default: the organization that the provider's project belongs to.",
					Optional:            true, Computed: true,
					Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
				},
				"types": schema.ListAttribute{
					MarkdownDescription: "Only principals of these types: `" + strings.Join(principalTypes, "`, `") + "`. It cannot be combined with `ids` and `external_ids`. Default: all types.",
					Optional:            true, ElementType: types.StringType,
					Validators: append(principalTexts(), listvalidator.SizeAtLeast(1)),
				},
				"ids": schema.ListAttribute{
					MarkdownDescription: "Only the principals with these ids, for example `[\"5yAFQRAATb7vtWGp4gvbJD3wE7VS81CGuQ7EZT\"]`; an unknown one is an error.",
					Optional:            true, ElementType: types.StringType,
					Validators: principalTexts(),
				},
				"external_ids": schema.ListAttribute{
					MarkdownDescription: "Only the service accounts with these external ids, for example `[\"pipeline\"]`, beside those of `ids`; an unknown one is an error. Users have no external id.",
					Optional:            true, ElementType: types.StringType,
					Validators: principalTexts(),
				},
				"principals": listOf("The principals, in the server's order.", principalAttributes()),
			},
		},
		Validate: validatePrincipals,
		Read:     lookUpPrincipals,
		Calls: []entity.Call{
			{Operation: "getProject", Only: "unless `organization` is set"},
			{Operation: "listPrincipals", Only: "unless `ids` or `external_ids` is set"},
			{Operation: "retrievePrincipals", Only: "with `ids` or `external_ids`"},
		},
	}
}

// principalTexts validates a list of texts, none of which is null or empty.
func principalTexts() []validator.List {
	return []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))}
}

func principalAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          shown("The principal's id; it can be a member of a group."),
		"type":        shown("`USER`, `SERVICE_ACCOUNT`, or another type that Cognite may add."),
		"name":        shown("The name to show."),
		"picture_url": shown("Where there is a picture of the principal."),
		"email":       shown("The user's e-mail address; null for service accounts."),
		"given_name":  shown("The user's given name; null when there is none."),
		"middle_name": shown("The user's middle name; null when there is none."),
		"family_name": shown("The user's family name; null when there is none."),
		"external_id": shown("The external id of the service account; null when there is none, as for users."),
		"description": shown("What the service account is for; null when there is no description, as for users."),
		"created_by": schema.SingleNestedAttribute{
			MarkdownDescription: "Who made the service account; null for users.",
			Computed:            true,
			Attributes: map[string]schema.Attribute{
				"organization": shown("The id of the organization of the user who made it."),
				"user_id":      shown("The id of the user who made it."),
			},
		},
		"created_time":      shown("When the service account was made, as an RFC 3339 time such as `2026-11-22T08:00:00Z`; null for users."),
		"last_updated_time": shown("When the service account was last changed, as an RFC 3339 time; null for users."),
	}
}

func validatePrincipals(_ context.Context, m principalsLookup) (diags diag.Diagnostics) {
	const object = "data.iam_cdf_principals"
	if entity.Known(m.Types) && (entity.Known(m.IDs) || entity.Known(m.ExternalIDs)) {
		diags.AddAttributeError(path.Root("types"), "Which principals?", "In "+object+", types cannot be combined with ids and external_ids. Remove it: ids say exactly which principals are meant.")
	}
	for i, element := range m.Types.Elements() {
		kind, ok := element.(types.String)
		if ok && entity.Known(kind) && !slices.Contains(principalTypes, kind.ValueString()) {
			diags.AddAttributeWarning(path.Root("types").AtListIndex(i), "Unknown type of principals",
				fmt.Sprintf("%s: the type %q is not known to the provider, which passes it on as it is; known are %s. CDF may find no principals of it.", object, kind.ValueString(), strings.Join(principalTypes, " and ")))
		}
	}
	return diags
}

func lookUpPrincipals(ctx context.Context, s *entity.Session[api], m *principalsLookup) error {
	if m.Organization.IsNull() {
		project, err := s.API.GetProject(ctx)
		if err != nil {
			return err
		}
		if project.Organization == "" {
			return fmt.Errorf("CDF does not say which organization the project %q belongs to: set organization", s.API.Project())
		}
		m.Organization = types.StringValue(project.Organization)
	}
	organization := m.Organization.ValueString()
	if m.IDs.IsNull() && m.ExternalIDs.IsNull() {
		kinds, _ := textsIn(m.Types)
		var err error
		m.Principals, err = collect(s.API.ListPrincipals(ctx, organization, kinds, all), newPrincipalItem)
		return err
	}
	ids, _ := textsIn(m.IDs)
	externalIDs, _ := textsIn(m.ExternalIDs)
	principals, err := s.API.RetrievePrincipals(ctx, organization, ids, externalIDs, false)
	m.Principals = each(principals, newPrincipalItem)
	return err
}

// explainOrganization is explain for the API of organizations, which has rules of
// its own about who may call it.
func explainOrganization(err error) string {
	const issuer = "https://auth.cognite.com"
	failed, ok := errors.AsType[*httpapi.Error](err)
	if !ok || (failed.Operation != "listPrincipals" && failed.Operation != "retrievePrincipals") {
		return explain(err)
	}
	advice := ""
	switch failed.Status {
	case http.StatusUnauthorized:
		advice = "the API of organizations did not accept the caller's token. It accepts only tokens that Cognite's own identity provider, " + issuer + ", has issued: " +
			"use the client id and secret of a service account of Cognite, with token_url = \"" + issuer + "/oauth2/token\", in the provider's cdf block."
	case http.StatusForbidden:
		advice = "not permitted. The caller must belong to the organization, or be an administrator of one above it."
	default:
		return explain(err)
	}
	return advice + "\n\nServer answer: " + entity.Sentence(err.Error())
}

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

type projectLookup struct {
	URLName             types.String `tfsdk:"url_name"`
	Name                types.String `tfsdk:"name"`
	Organization        types.String `tfsdk:"organization"`
	UserProfilesEnabled types.Bool   `tfsdk:"user_profiles_enabled"`
	DataModelingStatus  types.String `tfsdk:"data_modeling_status"`
	AccessClaims        types.List   `tfsdk:"access_claims"`
	ScopeClaims         types.List   `tfsdk:"scope_claims"`
	LogClaims           types.List   `tfsdk:"log_claims"`
	Issuer              types.String `tfsdk:"issuer"`
	Audience            types.String `tfsdk:"audience"`
	JwksURL             types.String `tfsdk:"jwks_url"`
	TokenURL            types.String `tfsdk:"token_url"`
}

func projectDataSource() entity.DataSource[api, projectLookup] {
	claims := func(description string) schema.Attribute {
		return schema.ListAttribute{MarkdownDescription: description, Computed: true, ElementType: types.StringType}
	}
	return entity.DataSource[api, projectLookup]{
		Name:     "cdf_project",
		Title:    "CDF project",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads the provider's project of Cognite Data Fusion ([retrieve a project](https://docs.cognite.com/20230101/projects/retrieve-a-project)): " +
				"what it is called, whose it is, and how it knows its callers. What the project does not tell of its identity provider is null.",
			Attributes: map[string]schema.Attribute{
				"url_name":              shown("The project's URL name, for example `acme`."),
				"name":                  shown("The project's name."),
				"organization":          shown("The id of the organization that the project belongs to; null when the project does not tell."),
				"user_profiles_enabled": schema.BoolAttribute{MarkdownDescription: "Whether the project keeps user profiles.", Computed: true},
				"data_modeling_status": shown("`HYBRID`, or `DATA_MODELING_ONLY` for a project whose groups cannot grant `assetsAcl` and `relationshipsAcl`. " +
					"Null when the caller may not list projects."),
				"access_claims": claims("The claims of a token that hold the groups of the caller in the identity provider: what is compared with the `source_id` of groups, for example `[\"groups\"]`."),
				"scope_claims":  claims("The claims of a token that scopes are taken from."),
				"log_claims":    claims("The claims of a token that are written to the audit log."),
				"issuer":        shown("The identity provider that issues the tokens."),
				"audience":      shown("The audience that tokens must be for."),
				"jwks_url":      shown("Where the keys that sign the tokens are published."),
				"token_url":     shown("Where the identity provider gives tokens."),
			},
		},
		Read: lookUpProject,
		Calls: []entity.Call{
			{Operation: "getProject"},
			{Operation: "listProjects", Only: "for `data_modeling_status`, which is null without"},
		},
	}
}

func lookUpProject(ctx context.Context, s *entity.Session[api], m *projectLookup) error {
	project, err := s.API.GetProject(ctx)
	if err != nil {
		return err
	}
	m.URLName, m.Name, m.Organization = types.StringValue(project.URLName), types.StringValue(project.Name), textOrNull(project.Organization)
	m.UserProfilesEnabled = types.BoolValue(project.UserProfilesEnabled)
	none := types.ListNull(types.StringType)
	m.AccessClaims, m.ScopeClaims, m.LogClaims = none, none, none
	if oidc := project.OIDC; oidc != nil {
		m.AccessClaims, m.ScopeClaims, m.LogClaims = textsValue(oidc.AccessClaims), textsValue(oidc.ScopeClaims), textsValue(oidc.LogClaims)
		m.Issuer, m.Audience = textOrNull(oidc.Issuer), textOrNull(oidc.Audience)
		m.JwksURL, m.TokenURL = textOrNull(oidc.JwksURL), textOrNull(oidc.TokenURL)
	}
	m.DataModelingStatus, err = dataModelingStatus(ctx, s.API)
	return err
}

// dataModelingStatus looks for the project among those that the caller may list. A
// caller who may list none goes without.
func dataModelingStatus(ctx context.Context, cdf api) (types.String, error) {
	projects, err := cdf.ListProjects(ctx)
	if err != nil && !cdfapi.IsNotPermitted(err) {
		return types.StringNull(), err
	}
	for _, project := range projects {
		if project.URLName == cdf.Project() {
			return textOrNull(project.DataModelingStatus), nil
		}
	}
	return types.StringNull(), nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type policiesLookup struct {
	Prefix   types.String `tfsdk:"prefix"`
	Policies []policyItem `tfsdk:"policies"`
}

// policyItem is a policy in a data source.
type policyItem struct {
	ID           types.String `tfsdk:"id"`
	CreationDate types.String `tfsdk:"creation_date"`
	Statement    types.List   `tfsdk:"statement"`
	Document     types.String `tfsdk:"document"`
}

func policyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":            schema.StringAttribute{MarkdownDescription: "The policy's id.", Computed: true},
		"creation_date": schema.StringAttribute{MarkdownDescription: "When the policy was created or last updated, as an RFC 3339 time.", Computed: true},
		"statement": listOf("The policy's statements.", map[string]schema.Attribute{
			"effect":    schema.StringAttribute{MarkdownDescription: "`allow` or `deny`.", Computed: true},
			"actions":   schema.SetAttribute{MarkdownDescription: "The actions, which may hold `*` and `?`.", Computed: true, ElementType: types.StringType},
			"resources": schema.SetAttribute{MarkdownDescription: "The resources' ARNs, which may hold `*` and `?`.", Computed: true, ElementType: types.StringType},
			"condition": schema.MapAttribute{MarkdownDescription: "The condition: operator to field to values; null when there is none.", Computed: true, ElementType: conditionType.ElemType},
		}),
		"document": schema.StringAttribute{MarkdownDescription: "The policy as the JSON that lakeFS's documentation and user interface show.", Computed: true},
	}
}

func policiesDataSource() entity.DataSource[api, policiesLookup] {
	return entity.DataSource[api, policiesLookup]{
		Name:     "lakefs_policies",
		Title:    "lakeFS policies",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the policies of lakeFS ([listPolicies](https://docs.lakefs.io/reference/api/#/auth/listPolicies)).",
			Attributes: map[string]schema.Attribute{
				"prefix":   prefixAttribute("policies"),
				"policies": listOf("The policies, in the order of their ids.", policyAttributes()),
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *policiesLookup) (err error) {
			m.Policies, err = collect(s.API.ListPolicies(ctx, lakefsapi.ListOptions{Prefix: m.Prefix.ValueString()}), newPolicyItem)
			return err
		},
		Calls: []entity.Call{{Operation: "listPolicies"}},
	}
}

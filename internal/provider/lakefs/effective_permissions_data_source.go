// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type effectivePermissions struct {
	UserID      types.String `tfsdk:"user_id"`
	Groups      []groupItem  `tfsdk:"groups"`
	Policies    []policyItem `tfsdk:"policies"`
	Statement   types.List   `tfsdk:"statement"`
	Permissions types.Map    `tfsdk:"permissions"`
}

func effectivePermissionsDataSource() entity.DataSource[api, effectivePermissions] {
	return entity.DataSource[api, effectivePermissions]{
		Name:     "lakefs_effective_permissions",
		Title:    "lakeFS effective permissions",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads what a user of lakeFS may do: the policies of the user and of its groups ([listUserPolicies](https://docs.lakefs.io/reference/api/#/auth/listUserPolicies)), and what they mean together.",
			Attributes: map[string]schema.Attribute{
				"user_id": schema.StringAttribute{
					MarkdownDescription: "The id of the user, for example `etl`. Default: the caller.",
					Optional:            true, Computed: true,
				},
				"groups":   listOf("The groups that the user is a member of.", groupAttributes()),
				"policies": listOf("The policies of the user and of its groups, each once.", policyAttributes()),
				"statement": schema.ListAttribute{
					MarkdownDescription: "The statements of all policies, as `iam_lakefs_policy` has them.",
					Computed:            true, ElementType: statementType,
				},
				"permissions": schema.MapAttribute{
					MarkdownDescription: "What all statements mean together, with the user's id for `${user}`" + describePermissions + " A deny wins over every allow.",
					Computed:            true, ElementType: types.StringType,
				},
			},
		},
		Validate: func(_ context.Context, m effectivePermissions) diag.Diagnostics {
			return validateID(path.Root("user_id"), "user", m.UserID)
		},
		Read: readEffectivePermissions,
		Calls: []entity.Call{
			{Operation: "getCurrentUser", Only: "unless `user_id` is set"},
			{Operation: "listUserGroups"},
			{Operation: "listUserPolicies"},
		},
	}
}

func readEffectivePermissions(ctx context.Context, s *entity.Session[api], m *effectivePermissions) error {
	if m.UserID.IsNull() {
		user, err := s.API.GetCurrentUser(ctx)
		if err != nil {
			return err
		}
		m.UserID = types.StringValue(user.ID)
	}
	id := m.UserID.ValueString()
	var err error
	if m.Groups, err = collect(s.API.ListUserGroups(ctx, id, all), newGroupItem); err != nil {
		return err
	}
	var statements, decided []lakefspolicy.Statement
	m.Policies, err = collect(s.API.ListEffectivePolicies(ctx, id), func(policy lakefsapi.Policy) (policyItem, error) {
		statements = append(statements, fromWire(policy.Statement)...)
		decided = append(decided, decidedBy([]lakefsapi.Policy{policy})...)
		return newPolicyItem(policy)
	})
	if err != nil {
		return err
	}
	m.Statement = statementList(statements)
	m.Permissions = permissionsValue(decided, id)
	return nil
}

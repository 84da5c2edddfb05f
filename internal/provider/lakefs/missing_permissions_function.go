// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// missingPermissionsFunction is provider::iam::lakefs_missing_permissions.
type missingPermissionsFunction struct{}

func newMissingPermissionsFunction() function.Function { return missingPermissionsFunction{} }

func (missingPermissionsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "lakefs_missing_permissions"
}

// permissionType is an action on a resource, missingPermissionType one that is missing,
// with a request that shows it.
var (
	permissionType        = types.ObjectType{AttrTypes: map[string]attr.Type{"action": types.StringType, "resource": types.StringType}}
	missingPermissionType = types.ObjectType{AttrTypes: map[string]attr.Type{"action": types.StringType, "resource": types.StringType, "witness": permissionType}}
)

func permissionValue(p lakefspolicy.Permission) types.Object {
	return types.ObjectValueMust(permissionType.AttrTypes, map[string]attr.Value{"action": types.StringValue(p.Action), "resource": types.StringValue(p.Resource)})
}

func (missingPermissionsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Finds the lakeFS permissions that statements do not grant",
		MarkdownDescription: "Compares statements of lakeFS policies with desired permissions and returns what of those they do not allow for certain: one action and one resource pattern each, sorted, with a request that is not allowed. " +
			"The answer is exact: several allows count together, denies are taken off, wildcards are compared with wildcards. What only a condition allows is missing. " +
			"A desired action with wildcards stands for the known actions that it matches, of which there must be one; a name that is not known here is compared as it is.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "existing",
				MarkdownDescription: "The statements of all policies of a user, in the shape of the API, for example " +
					"`[{ effect = \"allow\", action = [\"fs:Read*\"], resource = \"arn:lakefs:fs:::repository/main/*\" }]`. " + describeCompared,
			},
			function.DynamicParameter{
				Name:                "desired",
				MarkdownDescription: "The desired permissions, for example `[{ action = \"fs:ReadObject\", resource = \"arn:lakefs:fs:::repository/main/object/*\" }]`. Both members may have wildcards.",
			},
			function.StringParameter{
				Name:                "user",
				MarkdownDescription: "The id of the user, which `${user}` stands for. With an empty text the answer is one for every user.",
			},
		},
		Return: function.ListReturn{ElementType: missingPermissionType},
	}
}

func (missingPermissionsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		existing, desired types.Dynamic
		user              string
	)
	if resp.Error = req.Arguments.Get(ctx, &existing, &desired, &user); resp.Error != nil {
		return
	}
	statements, err := readStatements(existing)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	wanted, err := desiredPermissions(desired)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	missing := lakefspolicy.MissingKnown(statements, wanted, user)
	values := make([]attr.Value, len(missing))
	for i, m := range missing {
		values[i] = types.ObjectValueMust(missingPermissionType.AttrTypes, map[string]attr.Value{
			"action": types.StringValue(m.Action), "resource": types.StringValue(m.Resource),
			"witness": permissionValue(lakefspolicy.Permission{Action: m.Witness.Action, Resource: m.Witness.Resource}),
		})
	}
	resp.Error = resp.Result.Set(ctx, types.ListValueMust(missingPermissionType, values))
}

// desiredPermissions reads a list of actions on resources as statements that allow them.
func desiredPermissions(value types.Dynamic) ([]lakefspolicy.Statement, error) {
	text, err := listIn(value, `permissions such as [{ action = "fs:ReadObject", resource = "*" }]`)
	if err != nil {
		return nil, err
	}
	permissions, err := lakefspolicy.ParsePermissions(text)
	if err != nil {
		return nil, err
	}
	for i := range permissions {
		for _, finding := range lakefspolicy.ValidateDesired(allowing(permissions[i])) {
			if finding.Severity == lakefspolicy.SeverityError {
				return nil, fmt.Errorf("[%d].%s: %s", i, memberInAPI(finding.Path.Member), clause(finding))
			}
		}
	}
	return allowing(permissions...), nil
}

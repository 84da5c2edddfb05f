// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// permissionDiffFunction is provider::iam::lakefs_permission_diff.
type permissionDiffFunction struct{}

func newPermissionDiffFunction() function.Function { return permissionDiffFunction{} }

func (permissionDiffFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "lakefs_permission_diff"
}

var (
	accessChangeType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"action": types.StringType, "resource": types.StringType, "except": types.ListType{ElemType: types.StringType}, "condition": types.StringType,
	}}
	accessChangesType = types.ListType{ElemType: accessChangeType}
	differenceTypes   = map[string]attr.Type{"granted": accessChangesType, "revoked": accessChangesType}
)

func (permissionDiffFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Tells exactly what a change of lakeFS statements grants and revokes",
		MarkdownDescription: "Compares two lists of statements of lakeFS policies by what they mean and returns `{ granted, revoked }`, each a list of `{ action, resource, except, condition }`: " +
			"the requests of that action that match the resource pattern and none of `except`. Statements that are written differently and mean the same make no difference. " +
			"`condition` is empty unless the change holds only under one. For actions that are not known the action is a pattern such as `fs:* (any other action)`.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name:                "before",
				MarkdownDescription: "The statements before the change, in the shape of the API, for example `jsondecode(data.iam_lakefs_policy.p.document).statement`. " + describeCompared,
			},
			function.DynamicParameter{Name: "after", MarkdownDescription: "The statements after the change, likewise."},
			function.StringParameter{
				Name:                "user",
				MarkdownDescription: "The id of the user, which `${user}` stands for. With an empty text it stays in the patterns.",
			},
		},
		Return: function.ObjectReturn{AttributeTypes: differenceTypes},
	}
}

func (permissionDiffFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var (
		arguments [2]types.Dynamic
		user      string
		lists     [2][]lakefspolicy.Statement
	)
	if resp.Error = req.Arguments.Get(ctx, &arguments[0], &arguments[1], &user); resp.Error != nil {
		return
	}
	for i := range lists {
		var err error
		if lists[i], err = readStatements(arguments[i]); err != nil {
			resp.Error = function.NewArgumentFuncError(int64(i), err.Error())
			return
		}
	}
	difference := lakefspolicy.Difference(lists[0], lists[1], user)
	if difference.Uncertain != "" {
		resp.Error = function.NewFuncError(errors.New("the difference cannot be told exactly: " + strings.TrimSuffix(difference.Uncertain, ".")).Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, types.ObjectValueMust(differenceTypes, map[string]attr.Value{
		"granted": accessChanges(difference.Granted), "revoked": accessChanges(difference.Revoked),
	}))
}

func accessChanges(changes []lakefspolicy.AccessChange) types.List {
	values := make([]attr.Value, len(changes))
	for i, change := range changes {
		except := make([]attr.Value, len(change.Except))
		for j, pattern := range change.Except {
			except[j] = types.StringValue(pattern)
		}
		values[i] = types.ObjectValueMust(accessChangeType.AttrTypes, map[string]attr.Value{
			"action": types.StringValue(change.ActionText()), "resource": types.StringValue(change.Resource),
			"except": types.ListValueMust(types.StringType, except), "condition": types.StringValue(change.Condition),
		})
	}
	return types.ListValueMust(accessChangeType, values)
}

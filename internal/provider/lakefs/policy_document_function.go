// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// policyDocumentFunction is provider::iam::lakefs_policy_document.
type policyDocumentFunction struct{}

func newPolicyDocumentFunction() function.Function { return policyDocumentFunction{} }

func (policyDocumentFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "lakefs_policy_document"
}

func (policyDocumentFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Checks a lakeFS policy and writes its normal document",
		MarkdownDescription: "Takes a policy of lakeFS, or a list of statements, in the shape of the API, and returns its normal JSON, as `document` of `iam_lakefs_policy` takes it: " +
			"sorted, without repetition, and the same for all ways to write the same statements. Members that the API does not have, and what lakeFS would refuse or never match, are an error with its place.",
		Parameters: []function.Parameter{function.DynamicParameter{
			Name: "value",
			MarkdownDescription: "The policy, for example `{ statement = [{ effect = \"allow\", action = [\"fs:Read*\"], resource = \"arn:lakefs:fs:::repository/main/*\" }] }`, or its list of statements. " +
				"Several resources of one statement are a JSON list inside the text: `resource = jsonencode([...])`.",
		}},
		Return: function.StringReturn{},
	}
}

func (policyDocumentFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var value types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &value); resp.Error != nil {
		return
	}
	text, err := entity.JSONOf(value)
	var statements []lakefspolicy.Statement
	if err == nil {
		statements, err = checkedPolicy(text)
	}
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, normalDocument(statements))
}

// checkedPolicy reads a policy and refuses what lakeFS refuses, or accepts and then
// punishes.
func checkedPolicy(value json.RawMessage) ([]lakefspolicy.Statement, error) {
	statements, err := givenPolicy(value)
	if err != nil {
		return nil, err
	}
	return statements, firstError(statements, func(lakefspolicy.Finding) bool { return true })
}

// normalDocument writes statements in the one way that all equal ones share.
func normalDocument(statements []lakefspolicy.Statement) string {
	return lakefspolicy.RenderDocument(lakefspolicy.Normalize(statements))
}

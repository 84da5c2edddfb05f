// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// policyMergeFunction is provider::iam::lakefs_policy_merge.
type policyMergeFunction struct{}

func newPolicyMergeFunction() function.Function { return policyMergeFunction{} }

func (policyMergeFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "lakefs_policy_merge"
}

func (policyMergeFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Joins lakeFS policies to one document",
		MarkdownDescription: "Takes a list of policies of lakeFS and returns one document with the statements of all, in the normal form of `lakefs_policy_document`. " +
			"It is checked as strictly, and means what the policies mean together: a deny of one wins over the allows of all.",
		Parameters: []function.Parameter{function.DynamicParameter{
			Name:                "documents",
			MarkdownDescription: "The policies, each as JSON, such as `file(\"policy.json\")`, or as `lakefs_policy_document` takes it.",
		}},
		Return: function.StringReturn{},
	}
}

func (policyMergeFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var documents types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &documents); resp.Error != nil {
		return
	}
	statements, err := mergedStatements(documents)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, normalDocument(statements))
}

func mergedStatements(documents types.Dynamic) ([]lakefspolicy.Statement, error) {
	const wanted = "at least one policy"
	text, err := listIn(documents, wanted)
	if err != nil {
		return nil, err
	}
	var policies []json.RawMessage
	if err := json.Unmarshal(text, &policies); err != nil {
		return nil, err
	}
	if len(policies) == 0 {
		return nil, errors.New("write a list of " + wanted)
	}
	var statements []lakefspolicy.Statement
	for i, policy := range policies {
		checked, err := checkedPolicy(policy)
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		statements = append(statements, checked...)
	}
	return statements, nil
}

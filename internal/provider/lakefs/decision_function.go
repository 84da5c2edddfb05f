// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// decisionFunction is provider::iam::lakefs_decision.
type decisionFunction struct{}

func newDecisionFunction() function.Function { return decisionFunction{} }

func (decisionFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "lakefs_decision"
}

func (decisionFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decides a request as lakeFS would",
		MarkdownDescription: "Takes policies of lakeFS and one request and returns `\"allow\"`, `\"neutral\"` or `\"deny\"`: what lakeFS 1.84 decides when these are all policies of the user and of the user's groups. " +
			"Only `allow` lets the request pass. Statements are taken as they are stored, so what lakeFS could not read denies, as it does there; members that the API does not have are an error with their place. " +
			"It is a simulator for `terraform test`.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "policies",
				MarkdownDescription: "The policies in the shape of the API, for example " +
					"`[{ id = \"ReadMain\", statement = [{ effect = \"allow\", action = [\"fs:Read*\"], resource = \"arn:lakefs:fs:::repository/main/*\" }] }]`. " +
					"Those of a user are `[for p in data.iam_lakefs_effective_permissions.etl.policies : jsondecode(p.document)]`.",
			},
			function.DynamicParameter{
				Name: "request",
				MarkdownDescription: "The request: `{ user, action, resource }`, for example `{ user = \"etl\", action = \"fs:ReadObject\", resource = \"arn:lakefs:fs:::repository/main/object/a\" }`, " +
					"and `source_ip` where a condition asks for it. Requests that list have the resource `*`.",
			},
		},
		Return: function.StringReturn{},
	}
}

func (decisionFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var policies, request types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &policies, &request); resp.Error != nil {
		return
	}
	stored, err := storedPolicies(policies)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	asked, err := requestIn(request)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, lakefspolicy.Decide(stored, asked).String())
}

// storedPolicies reads policies without a look at what their texts mean.
func storedPolicies(value types.Dynamic) ([]lakefspolicy.Policy, error) {
	text, err := listIn(value, `policies such as [{ id = "p", statement = [...] }]`)
	if err != nil {
		return nil, err
	}
	return lakefspolicy.ParsePolicies(text)
}

// requestIn reads the request.
func requestIn(value types.Dynamic) (lakefspolicy.Request, error) {
	text, err := entity.JSONOf(value)
	if err != nil {
		return lakefspolicy.Request{}, err
	}
	if !bytes.HasPrefix(text, []byte("{")) {
		return lakefspolicy.Request{}, errors.New("write { user, action, resource }, and source_ip where a condition asks for it")
	}
	return lakefspolicy.ParseRequest(text)
}

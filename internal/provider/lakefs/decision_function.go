// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
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
			"Only `allow` lets the request pass. Statements are taken as they are stored, so what lakeFS could not read denies, as it does there. " +
			"It is a simulator for `terraform test`.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "policies",
				MarkdownDescription: "The policies in the shape of the API, for example " +
					"`[{ id = \"ReadMain\", statement = [{ effect = \"allow\", action = [\"fs:Read*\"], resource = \"arn:lakefs:fs:::repository/main/*\" }] }]`.",
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
	tree, err := treeOf(value)
	if err != nil {
		return nil, err
	}
	list, isList := tree.([]any)
	if !isList {
		return nil, errors.New("write a list of policies such as [{ id = \"p\", statement = [...] }]")
	}
	policies := make([]lakefspolicy.Policy, len(list))
	for i, element := range list {
		var policy struct {
			ID           string `json:"id"`
			CreationDate int64  `json:"creation_date"`
			Statement    []any  `json:"statement"`
		}
		if err := decodeStrictly(element, &policy); err != nil || policy.Statement == nil {
			return nil, fmt.Errorf("[%d] is no policy: write { id = \"p\", statement = [...] } and nothing else", i)
		}
		policies[i].ID = policy.ID
		for j, element := range policy.Statement {
			var statement struct {
				Effect    *string                `json:"effect"`
				Action    []string               `json:"action"`
				Resource  *string                `json:"resource"`
				Condition lakefspolicy.Condition `json:"condition"`
			}
			if err := decodeStrictly(element, &statement); err != nil || statement.Effect == nil || statement.Action == nil || statement.Resource == nil {
				return nil, fmt.Errorf("[%d].statement[%d] is no statement: write { effect = \"allow\", action = [\"fs:ReadObject\"], resource = \"*\" }, condition where there is one, and nothing else", i, j)
			}
			policies[i].Statements = append(policies[i].Statements, lakefspolicy.StoredStatement{
				Effect: *statement.Effect, Actions: statement.Action, Resource: *statement.Resource, Condition: statement.Condition,
			})
		}
	}
	return policies, nil
}

// requestIn reads the request.
func requestIn(value types.Dynamic) (lakefspolicy.Request, error) {
	tree, err := treeOf(value)
	if err != nil {
		return lakefspolicy.Request{}, err
	}
	required := []string{"user", "action", "resource"}
	if members, isObject := tree.(map[string]any); isObject && members["source_ip"] != nil {
		required = append(required, "source_ip")
	}
	texts, err := textsOf("", tree, required...)
	if err != nil {
		return lakefspolicy.Request{}, err
	}
	request := lakefspolicy.Request{User: texts["user"], Action: texts["action"], Resource: texts["resource"]}
	if address, given := texts["source_ip"]; given {
		request.Context = map[string]string{"SourceIp": address}
	}
	return request, nil
}

// decodeStrictly reads a tree into a struct and refuses members that it does not have.
func decodeStrictly(tree, target any) error {
	text, err := json.Marshal(tree)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(target)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// What stands for the ids in an ARN: names where one object is meant, "*" where all
// objects of a kind are.
var (
	oneObject = lakefspolicy.Object{"userId": "USER", "groupId": "GROUP", "policyId": "POLICY", "principalId": "PRINCIPAL"}
	anyObject = lakefspolicy.Object{"userId": "*", "groupId": "*", "policyId": "*", "principalId": "*"}
)

const (
	introduction = "The user whose credentials the provider uses needs these permissions. A word in capitals stands for an id.\n"
	tableHead    = "\n| To | Operation of the API | Permission | When |\n|---|---|---|---|\n"
	// All operations that need a permission stand below this heading of the API's reference.
	operationLink = "[%s](https://docs.lakefs.io/reference/api/#/auth/%s)"
	statement     = "\nThis policy grants them for all objects; narrow the resources down to what is needed:\n\n" +
		"```terraform\nresource \"iam_lakefs_policy\" \"terraform\" {\n  id = \"Terraform\"\n%s}\n```"
	statementBlock = "\n  statement {\n    effect    = \"allow\"\n    actions   = [%s]\n    resources = [%s]\n  }\n"
)

// section writes the section's text, without its heading. It fails on an operation
// whose permissions are not known.
func section(occasions []entity.Occasion) (string, error) {
	var rows strings.Builder
	var grants grants
	for _, occasion := range occasions {
		for _, call := range occasion.Calls {
			required, ok := lakefspolicy.Required(call.Operation, oneObject)
			if !ok {
				return "", fmt.Errorf("it is not known what permissions the operation %s needs", call.Operation)
			}
			general, _ := lakefspolicy.Required(call.Operation, anyObject)
			grants.add(general)
			fmt.Fprintf(&rows, "| %s | "+operationLink+" | %s | %s |\n", occasion.Name, call.Operation, call.Operation, permissions(required), when(call))
		}
	}
	if len(grants.resources) == 0 {
		return "None: every user may do this.", nil
	}
	return introduction + tableHead + rows.String() + fmt.Sprintf(statement, grants.blocks()), nil
}

// permissions writes what an operation needs.
func permissions(required lakefspolicy.Requirement) string {
	if len(required) == 0 {
		return "none"
	}
	texts := make([]string, len(required))
	for i, permission := range required {
		texts[i] = fmt.Sprintf("`%s` on `%s`", permission.Action, permission.Resource)
	}
	return strings.Join(texts, " and ")
}

// when says on which condition a call is made.
func when(call entity.Call) string {
	if call.Only == "" {
		return "always"
	}
	return call.Only
}

// grants collects actions by their resource, both in the order they come in.
type grants struct {
	resources []string
	actions   map[string][]string
}

func (g *grants) add(required lakefspolicy.Requirement) {
	if g.actions == nil {
		g.actions = map[string][]string{}
	}
	for _, permission := range required {
		if !slices.Contains(g.resources, permission.Resource) {
			g.resources = append(g.resources, permission.Resource)
		}
		if !slices.Contains(g.actions[permission.Resource], permission.Action) {
			g.actions[permission.Resource] = append(g.actions[permission.Resource], permission.Action)
		}
	}
}

// blocks writes one statement block for each resource.
func (g *grants) blocks() string {
	var b strings.Builder
	for _, resource := range g.resources {
		quoted := make([]string, len(g.actions[resource]))
		for i, action := range g.actions[resource] {
			quoted[i] = strconv.Quote(action)
		}
		fmt.Fprintf(&b, statementBlock, strings.Join(quoted, ", "), strconv.Quote(resource))
	}
	return b.String()
}

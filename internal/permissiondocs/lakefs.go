// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// What stands for the ids in an ARN: names where one object is meant, "*" where all
// objects of a kind are.
var (
	oneObject = lakefspolicy.Object{"userId": "USER", "groupId": "GROUP", "policyId": "POLICY", "principalId": "PRINCIPAL"}
	anyObject = lakefspolicy.Object{"userId": "*", "groupId": "*", "policyId": "*", "principalId": "*"}
)

var lakefs = platform{
	prefix:       "lakefs_",
	introduction: "The user whose credentials the provider uses needs these permissions. A word in capitals stands for an id.",
	right:        "Permission",
	none:         "None: every user may do this.",
	needs:        lakefsNeeds,
	// All operations that need a permission stand below this heading of the API's reference.
	page:   func(operation string) string { return "https://docs.lakefs.io/reference/api/#/auth/" + operation },
	grant:  lakefsPolicy,
	blocks: lakefsStatements,
}

func lakefsNeeds(operation string) ([]string, bool) {
	required, ok := lakefspolicy.Required(operation, oneObject)
	texts := make([]string, len(required))
	for i, permission := range required {
		texts[i] = fmt.Sprintf("`%s` on `%s`", permission.Action, permission.Resource)
	}
	return texts, ok
}

// lakefsPolicy writes a policy for all objects.
func lakefsPolicy(operations []string) string {
	return "This policy grants them for all objects; narrow the resources down to what is needed:\n\n" +
		"```terraform\nresource \"iam_lakefs_policy\" \"terraform\" {\n  id = \"Terraform\"\n" + lakefsStatements(operations) + "}\n```"
}

// lakefsStatements writes the statements of a policy for all objects.
func lakefsStatements(operations []string) string {
	var granted grants
	for _, operation := range operations {
		required, _ := lakefspolicy.Required(operation, anyObject)
		granted.add(required)
	}
	return granted.blocks()
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

const statementBlock = "\n  statement {\n    effect    = \"allow\"\n    actions   = [%s]\n    resources = [%s]\n  }\n"

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

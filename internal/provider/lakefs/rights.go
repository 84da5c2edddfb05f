// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// on names the object of a call.
func on(parameter string, id types.String) map[string]types.String {
	return map[string]types.String{parameter: id}
}

// lacks compares what a call needs with the caller's effective policies. Without access
// control nothing is needed.
func lacks(ctx context.Context, lakefs api, call entity.Call) ([]entity.Lack, error) {
	object, known := objectOfCall(call)
	required, ok := lakefspolicy.Required(call.Operation, object)
	if !ok || len(required) == 0 {
		return nil, nil
	}
	caller, err := lakefs.Caller(ctx)
	switch {
	case lakefsapi.IsNotImplemented(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the effective policies of the caller: %w", err)
	}
	statements := statementsOf(caller.Policies)
	var lacking []entity.Lack
	for _, permission := range required {
		if !known && permission.Resource != "*" {
			continue // which object it is about is known after apply
		}
		if lacksForCertain(statements, permission, caller.ID) {
			lacking = append(lacking, entity.Lack{Action: permission.Action, Permission: permission.String(), Remedy: remedy(permission)})
		}
	}
	return lacking, nil
}

// lacksForCertain tells whether no condition would make a request pass.
func lacksForCertain(statements []lakefspolicy.Statement, permission lakefspolicy.Permission, user string) bool {
	options := lakefspolicy.CoverOptions{User: user, Literal: true}
	return lakefspolicy.Cover(statements, permission, options).Answer == lakefspolicy.NotCovered &&
		lakefspolicy.Cover(atBest(statements), permission, options).Answer == lakefspolicy.NotCovered
}

// atBest are the statements as far as they allow when every condition turns out well.
func atBest(statements []lakefspolicy.Statement) []lakefspolicy.Statement {
	best := make([]lakefspolicy.Statement, 0, len(statements))
	for _, statement := range statements {
		if len(statement.Condition) > 0 && statement.Effect == lakefspolicy.EffectDeny {
			continue
		}
		statement.Condition = nil
		best = append(best, statement)
	}
	return best
}

// objectOfCall gives the path parameters of a call, and whether all are known.
func objectOfCall(call entity.Call) (object lakefspolicy.Object, known bool) {
	object, known = lakefspolicy.Object{}, true
	for name, value := range call.Object {
		object[name] = value.ValueString()
		known = known && !value.IsUnknown()
	}
	return object, known
}

// statementsOf joins the statements of policies.
func statementsOf(policies []lakefsapi.Policy) []lakefspolicy.Statement {
	var statements []lakefspolicy.Statement
	for _, policy := range policies {
		statements = append(statements, fromWire(policy.Statement)...)
	}
	return statements
}

// remedy is what in a policy grants permissions, as HCL to paste.
func remedy(permissions ...lakefspolicy.Permission) string {
	return statementBlocks(allowing(permissions...))
}

// allowing are the statements that allow permissions, one each.
func allowing(permissions ...lakefspolicy.Permission) []lakefspolicy.Statement {
	statements := make([]lakefspolicy.Statement, len(permissions))
	for i, p := range permissions {
		statements[i] = lakefspolicy.Statement{Effect: lakefspolicy.EffectAllow, Actions: []string{p.Action}, Resources: []string{p.Resource}}
	}
	return statements
}

// statementBlocks writes statements that have no condition as blocks of iam_lakefs_policy.
func statementBlocks(statements []lakefspolicy.Statement) string {
	blocks := make([]string, len(statements))
	for i, s := range statements {
		blocks[i] = fmt.Sprintf("  statement {\n    effect    = %s\n    actions   = %s\n    resources = %s\n  }",
			entity.HCLString(s.Effect), hclList(s.Actions), hclList(s.Resources))
	}
	return strings.Join(blocks, "\n")
}

func hclList(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = entity.HCLString(text)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

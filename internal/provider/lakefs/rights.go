// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// on names the object of a call.
func on(parameter string, id types.String) map[string]types.String {
	return map[string]types.String{parameter: id}
}

// rights are statements of a user, ready to be asked what they allow.
type rights struct {
	sure, best *lakefspolicy.Coverer
}

func newRights(statements []lakefspolicy.Statement, user string) *rights {
	options := lakefspolicy.CoverOptions{User: user, Literal: true}
	return &rights{sure: lakefspolicy.NewCoverer(statements, options), best: lakefspolicy.NewCoverer(atBest(statements), options)}
}

// has tells whether a permission is allowed for certain.
func (r *rights) has(permission lakefspolicy.Permission) bool {
	return r.sure.Cover(permission).Answer == lakefspolicy.Covered
}

// lacks tells whether no condition would make a request pass.
func (r *rights) lacks(permission lakefspolicy.Permission) bool {
	return r.sure.Cover(permission).Answer == lakefspolicy.NotCovered && r.best.Cover(permission).Answer == lakefspolicy.NotCovered
}

// callerRights compares what calls need with the caller's effective policies, which it
// reads into rights once for each connection: a plan asks for every object.
type callerRights struct {
	mu     sync.Mutex
	of     api
	rights *rights
}

// lacks lists the permissions that a call needs and the caller has not. Without access
// control nothing is needed; a server with access control lists in place of policies answers
// the same to the question, so there nothing is told.
func (c *callerRights) lacks(ctx context.Context, lakefs api, call entity.Call) ([]entity.Lack, error) {
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
	lacking := c.lacking(lakefs, caller, required, known)
	if len(lacking) > 0 && call.ForEachFound && hasNoCredentials(ctx, lakefs, call.Object["userId"]) {
		return nil, nil
	}
	return lacking, nil
}

// hasNoCredentials tells whether a user is seen to have no access key. A caller that may not
// see them lacks that right first.
func hasNoCredentials(ctx context.Context, lakefs api, user types.String) bool {
	keys, err := accessKeyIDs(ctx, lakefs, user.ValueString())
	return err == nil && len(keys) == 0
}

func (c *callerRights) lacking(lakefs api, caller snapshot.LakeFSCaller, required lakefspolicy.Requirement, known bool) (lacking []entity.Lack) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of != lakefs {
		c.of, c.rights = lakefs, newRights(decidedBy(caller.Policies), caller.ID)
	}
	for _, permission := range required {
		if !known && permission.Resource != "*" {
			continue // which object it is about is known after apply
		}
		if c.rights.lacks(permission) {
			lacking = append(lacking, entity.Lack{Action: permission.Action, Permission: permission.String(), Remedy: remedy(permission)})
		}
	}
	return lacking
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

// decidedBy are the statements of policies as lakeFS reads them when it decides.
func decidedBy(policies []lakefsapi.Policy) []lakefspolicy.Statement {
	var statements []lakefspolicy.Statement
	for _, policy := range policies {
		for _, s := range policy.Statement {
			stored := lakefspolicy.StoredStatement{Effect: s.Effect, Actions: s.Action, Resource: s.Resource, Condition: s.Condition}
			statements = append(statements, stored.Read())
		}
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

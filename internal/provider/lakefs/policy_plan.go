// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// planPolicy plans no change where the meaning is the same: it puts the prior
// spelling back. Terraform consults semantic equality of types only after apply.
func planPolicy(_ context.Context, p *entity.Planning[api], change *entity.Change[policyModel]) {
	planned, config := change.Planned, change.Config
	if planned == nil {
		return
	}
	if entity.HasUnknownCount(config.Statement) {
		p.Fail("Number of statements known only after apply",
			fmt.Sprintf("Policy %q: a statement is unknown in all its arguments, as it is when the for_each of a dynamic \"statement\" block is known only after apply. "+
				"Terraform takes that for one statement and could not apply any other number. "+
				"Make for_each known at plan (its values may be unknown), or give effect a known value, or write document = jsonencode({ statement = [for ...] }), which may be unknown.",
				planned.ID.ValueString()))
		return
	}
	if config.Statement.IsNull() {
		planned.Statement = noStatements()
	}
	if config.Document.IsNull() {
		planned.Document = types.StringValue("")
	}
	planned.CreationDate = types.StringUnknown()
	planned.Permissions = plannedPermissions(change)
	if change.Prior == nil {
		return
	}
	if !change.Prior.ID.Equal(planned.ID) {
		p.Warn("Replacing a lakeFS policy detaches it everywhere",
			fmt.Sprintf("The policy %q is removed from every user and group that has it. Attachments that this configuration manages are made anew with the new policy; all others are lost.", change.Prior.ID.ValueString()))
		return
	}
	before, knownBefore := change.Prior.statements()
	after, knownAfter := planned.statements()
	spelledAlike := change.Prior.Statement.Equal(planned.Statement) && change.Prior.Document.Equal(planned.Document)
	if knownBefore && knownAfter && lakefspolicy.Equal(before, after) && (spelledAlike || !p.Applying) {
		*planned = *change.Prior
	}
}

// plannedPermissions are the permissions after a change. Where it changes no access, they
// stay as they are written in the state: those of another version of the provider may be
// written in another way.
func plannedPermissions(change *entity.Change[policyModel]) types.Map {
	after, known := change.Planned.statements()
	if !known {
		return types.MapUnknown(types.StringType)
	}
	if prior := change.Prior; prior != nil && !prior.Permissions.IsNull() {
		if before, readable := prior.statements(); readable && lakefspolicy.Same(before, after) {
			return prior.Permissions
		}
	}
	return permissionsValue(after, "")
}

// completePermissions fills in the permissions that were unknown at plan.
func (m *policyModel) completePermissions(statements []lakefspolicy.Statement) {
	if m.Permissions.IsUnknown() {
		m.Permissions = permissionsValue(statements, "")
	}
}

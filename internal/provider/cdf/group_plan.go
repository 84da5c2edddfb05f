// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// maxGroups is how many groups a project may have, counting deleted ones.
const maxGroups = 1500

// planGroup plans no change where the meaning is the same: it puts the prior
// spelling back. Terraform consults semantic equality of types only after apply.
func planGroup(ctx context.Context, p *entity.Planning[api], change *entity.Change[groupModel]) {
	planned, config := change.Planned, change.Config
	if planned == nil {
		return
	}
	if entity.HasUnknownCount(config.Capability) {
		p.Fail("Number of capabilities known only after apply",
			fmt.Sprintf("Group %q: a capability is unknown in all its arguments, as it is when the for_each of a dynamic \"capability\" block is known only after apply. "+
				"Terraform takes that for one capability and could not apply any other number. "+
				"Make for_each known at plan (its values may be unknown), or give acl a known value, or write capabilities_json = jsonencode([for ...]), which may be unknown.",
				planned.Name.ValueString()))
		return
	}
	if config.Capability.IsNull() {
		planned.Capability = noCapabilities()
	}
	if config.CapabilitiesJSON.IsNull() {
		planned.CapabilitiesJSON = types.StringValue("")
	}
	planned.SupersededIDs = idSet(nil)
	capabilities, known := planned.capabilities()
	planned.Permissions = types.MapUnknown(types.StringType)
	if known {
		planned.Permissions = permissionsValue(capabilities)
	}
	prior := change.Prior
	if prior == nil {
		if config.AttributesJSON.IsNull() {
			planned.AttributesJSON = types.StringValue("")
		}
		return
	}
	if config.AttributesJSON.IsNull() {
		planned.AttributesJSON = prior.AttributesJSON
	}
	if planSameContent(prior, planned, capabilities, known) {
		planned.ID = prior.ID
		planCleanUp(ctx, p, prior, planned)
		// The spelling goes back only where nothing is applied: an apply plans once more,
		// and what it plans has to come out as the first plan showed it.
		if !p.Applying && planned.SupersededIDs.Equal(prior.SupersededIDs) {
			*planned = *prior
		}
		return
	}
	planned.ID = types.Int64Unknown()
	if p.Connected && !p.Applying {
		warnOfNewGroup(ctx, p, prior)
	}
}

// planSameContent tells whether the content of a group is the same in meaning before
// and after.
func planSameContent(prior, planned *groupModel, capabilities []cdfcapability.Capability, known bool) bool {
	before, readable := prior.capabilities()
	sameCapabilities := known && readable && cdfcapability.Equal(before, capabilities)
	if sameCapabilities {
		planned.Permissions = prior.Permissions
	}
	members, knownMembers := textsIn(planned.Members)
	membersBefore, _ := textsIn(prior.Members)
	sameMembers := knownMembers && sameSet(membersBefore, members)
	sameAttributes := planned.AttributesJSON.Equal(prior.AttributesJSON) ||
		entity.Known(planned.AttributesJSON) && sameJSON(prior.AttributesJSON.ValueString(), planned.AttributesJSON.ValueString())
	return sameCapabilities && sameMembers && sameAttributes && planned.Name.Equal(prior.Name) && planned.SourceID.Equal(prior.SourceID) &&
		planned.AllUserAccounts.Equal(prior.AllUserAccounts) && planned.Metadata.Equal(prior.Metadata)
}

// planCleanUp plans the deletion of groups that this one has replaced. Without a
// refresh the state does not show them: then the set is unknown, so that there is
// a change to apply.
func planCleanUp(ctx context.Context, p *entity.Planning[api], prior, planned *groupModel) {
	pending, err := superseded(ctx, p)
	switch {
	case err != nil:
		p.Fail("Groups that cannot be cleaned up", entity.Sentence(err.Error()))
	case len(pending) > 0 && len(prior.SupersededIDs.Elements()) == 0:
		planned.SupersededIDs = types.SetUnknown(types.Int64Type)
	}
}

// warnOfNewGroup says what a change costs: groups that are deleted go on counting
// against the project's limit.
func warnOfNewGroup(ctx context.Context, p *entity.Planning[api], prior *groupModel) {
	used := ""
	if count, err := p.API.CountGroups(ctx); err == nil {
		used = fmt.Sprintf("; those that CDF lists now are %d, and deleted ones that it no longer lists come on top", count)
	}
	p.Warn("A changed CDF group is a new group",
		fmt.Sprintf("CDF cannot change the group %q (id %d): a new group with a new id takes its place, and then the old one is deleted. "+
			"A project holds at most %d groups, counting deleted ones%s.", prior.Name.ValueString(), prior.ID.ValueInt64(), maxGroups, used))
}

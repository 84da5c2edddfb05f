// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// lockoutOfMemberships is that when the caller is among the users that are removed, or that
// are added to a group whose policies deny: of all users only the caller counts.
func lockoutOfMemberships(ctx context.Context, lakefs api, change entity.Change[groupMembershipsExclusiveModel]) (*entity.Lockout, error) {
	if change.Planned == nil || !entity.Known(change.Planned.GroupID) {
		return nil, nil // destroying removes nobody
	}
	edges := membershipsChange(change)
	if !edges.adds() && !edges.removes() {
		return nil, nil
	}
	caller, err := lakefs.CallerID(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who the caller is: %w", err)
	}
	own := &groupMembershipModel{GroupID: change.Planned.GroupID, UserID: types.StringValue(caller)}
	switch {
	case edges.removes() && slices.Contains(edges.removed, caller):
		return lockoutOfMembership.lockout(ctx, lakefs, entity.Change[groupMembershipModel]{Prior: own})
	case slices.Contains(edges.added, caller):
		return lockoutOfMembership.lockout(ctx, lakefs, entity.Change[groupMembershipModel]{Planned: own})
	}
	return nil, nil
}

// lockoutOfAttachments is that when policies are detached from the caller or its group, all
// at once, or such are attached that deny.
var lockoutOfAttachments = lockoutCheck[policyAttachmentsExclusiveModel]{
	concerns: func(ctx context.Context, lakefs api, change entity.Change[policyAttachmentsExclusiveModel]) (bool, error) {
		m := change.Planned
		if m == nil {
			return false, nil // destroying detaches nothing
		}
		edges := attachmentsChange(change)
		switch {
		case !edges.whole || !edges.adds() && !edges.removes():
			return false, nil
		case entity.Known(m.GroupID):
			return isInGroup(ctx, lakefs, m.GroupID)
		case entity.Known(m.UserID):
			return isCaller(ctx, lakefs, m.UserID)
		}
		return false, nil
	},
	apply: func(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[policyAttachmentsExclusiveModel]) (changedAccess, bool) {
		edges, changed := attachmentsChange(change), changedAccess{after: access}
		edge := func(policyID string) policyAttachmentModel {
			return policyAttachmentModel{PolicyID: types.StringValue(policyID), UserID: change.Planned.UserID, GroupID: change.Planned.GroupID}
		}
		for i, id := range edges.removed {
			step := accessAfterDetaching(changed.after, edge(id))
			changed.after, changed.through = step.after, append(changed.through, step.through...)
			if i == 0 {
				changed.undo = append(changed.undo, step.undo...)
			}
		}
		detached := changed.after
		for i, id := range edges.added {
			step, known := accessAfterAttaching(ctx, lakefs, changed.after, edge(id))
			if !known {
				return changedAccess{}, false
			}
			changed.after, changed.deniedBy = step.after, "a policy that it attaches"
			if i == 0 {
				changed.undo = append(changed.undo, step.undo...)
				changed.undenied = &detached
			}
		}
		return changed, true
	},
}

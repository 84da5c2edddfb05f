// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// lockoutOfGroup tells what a change of a group that the caller is in takes from it of
// what it would need to undo the change: the right to list and make groups and, to take
// the changed one away again, to delete them.
//
// A group that is given other members is taken for one that the caller is in no longer:
// who belongs to a group of the identity provider, only that knows.
func lockoutOfGroup(ctx context.Context, cdf api, change entity.Change[groupModel]) (*entity.Lockout, error) {
	if change.Prior == nil {
		return nil, nil // CDF has no denies
	}
	caller, err := cdf.Caller(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the capabilities of the caller: %w", err)
	}
	deleted := deletedBy(change)
	isDeleted := func(g cdfapi.Group) bool { return slices.Contains(deleted, g.ID) }
	var through []string
	for _, group := range caller.Groups {
		if isDeleted(group) {
			through = append(through, fmt.Sprintf("the group %q (id %d) that it is in", group.Name, group.ID))
		}
	}
	if len(through) == 0 {
		return nil, nil
	}
	before, err := heldBy(caller, cdf.Project())
	if err != nil {
		return nil, fmt.Errorf("reading the capabilities of the caller: %w", err)
	}
	// What the token holds beside what the groups grant stays.
	after, _, err := cdfcapability.Missing(grantedBy(caller.Groups, cdf.Project()), before, cdfcapability.Options{Project: cdf.Project()})
	if err != nil {
		return nil, fmt.Errorf("comparing the capabilities of the caller with those of its groups: %w", err)
	}
	after = append(after, grantedBy(slices.DeleteFunc(slices.Clone(caller.Groups), isDeleted), cdf.Project())...)
	operations := []string{"listGroups", "createGroups"}
	if planned := change.Planned; planned != nil && !onlyCleansUp(change) {
		operations = append(operations, "deleteGroups")
		capabilities, known := planned.capabilities()
		if !known || planned.Members.IsUnknown() || planned.SourceID.IsUnknown() || planned.AllUserAccounts.IsUnknown() {
			return nil, nil
		}
		if sameMembership(change.Prior, planned) {
			after = append(after, capabilities...)
		}
	}
	lost := lostCapabilities(before, after, operations, cdf.Project())
	if len(lost) == 0 {
		return nil, nil
	}
	return &entity.Lockout{Lost: lost, Through: strings.Join(through, " and ")}, nil
}

// deletedBy are the ids of the groups that a change deletes: those that the group has
// replaced and, unless it only deletes these, its own.
func deletedBy(change entity.Change[groupModel]) []int64 {
	var ids []int64
	for _, element := range change.Prior.SupersededIDs.Elements() {
		if id, ok := element.(types.Int64); ok {
			ids = append(ids, id.ValueInt64())
		}
	}
	if !onlyCleansUp(change) {
		ids = append(ids, change.Prior.ID.ValueInt64())
	}
	return ids
}

func sameMembership(a, b *groupModel) bool {
	before, _ := textsIn(a.Members)
	after, known := textsIn(b.Members)
	return known && sameSet(before, after) && a.SourceID.Equal(b.SourceID) && a.AllUserAccounts.Equal(b.AllUserAccounts)
}

// lostCapabilities are those that operations need, and that are held before and not after.
func lostCapabilities(before, after []cdfcapability.Capability, operations []string, project string) (lost []string) {
	for _, operation := range operations {
		required, _ := cdfcapability.Required(operation)
		for _, permission := range required {
			if standingOf(before, permission, project) == held && standingOf(after, permission, project) == absent {
				lost = append(lost, permission.String())
			}
		}
	}
	return lost
}

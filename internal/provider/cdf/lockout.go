// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"slices"

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
	id := change.Prior.ID.ValueInt64()
	isThis := func(g cdfapi.Group) bool { return g.ID == id }
	if !slices.ContainsFunc(caller.Groups, isThis) {
		return nil, nil
	}
	held, err := heldBy(caller, cdf.Project())
	if err != nil {
		return nil, fmt.Errorf("reading the capabilities of the caller: %w", err)
	}
	options := cdfcapability.Options{Project: cdf.Project()}
	// What the token holds beside what the groups grant stays.
	left, _, err := cdfcapability.Missing(grantedBy(caller.Groups, cdf.Project()), held, options)
	if err != nil {
		return nil, fmt.Errorf("comparing the capabilities of the caller with those of its groups: %w", err)
	}
	left = append(left, grantedBy(slices.DeleteFunc(slices.Clone(caller.Groups), isThis), cdf.Project())...)
	operations := []string{"listGroups", "createGroups"}
	if planned := change.Planned; planned != nil {
		operations = append(operations, "deleteGroups")
		capabilities, known := planned.capabilities()
		if !known || planned.Members.IsUnknown() || planned.SourceID.IsUnknown() || planned.AllUserAccounts.IsUnknown() {
			return nil, nil
		}
		if sameMembership(change.Prior, planned) {
			left = append(left, capabilities...)
		}
	}
	lost := lostCapabilities(held, left, operations, options)
	if len(lost) == 0 {
		return nil, nil
	}
	return &entity.Lockout{Lost: lost, Through: fmt.Sprintf("the group %q (id %d) that it is in", change.Prior.Name.ValueString(), id)}, nil
}

func sameMembership(a, b *groupModel) bool {
	before, _ := textsIn(a.Members)
	after, known := textsIn(b.Members)
	return known && sameSet(before, after) && a.SourceID.Equal(b.SourceID) && a.AllUserAccounts.Equal(b.AllUserAccounts)
}

// lostCapabilities are those that operations need, and that are held but not left.
func lostCapabilities(held, left []cdfcapability.Capability, operations []string, options cdfcapability.Options) (lost []string) {
	for _, operation := range operations {
		required, _ := cdfcapability.Required(operation)
		for _, permission := range required {
			capability := []cdfcapability.Capability{permission.Capability()}
			before, _, err := cdfcapability.Missing(held, capability, options)
			after, _, errAfter := cdfcapability.Missing(left, capability, options)
			if err == nil && errAfter == nil && len(before) == 0 && len(after) > 0 {
				lost = append(lost, permission.String())
			}
		}
	}
	return lost
}

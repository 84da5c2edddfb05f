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
// See membershipAfter for a group that is given other members.
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
		if !known || planned.SourceID.IsUnknown() || planned.AllUserAccounts.IsUnknown() {
			return nil, nil
		}
		switch membershipAfter(caller.Subject, change.Prior, planned) {
		case uncertain:
			return nil, nil
		case held:
			after = append(after, cdfcapability.ForGroupOf(cdf.Project(), capabilities)...)
		case absent:
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

// membershipAfter tells whether the caller, who is in a group, is in the one that takes its
// place. Who belongs to a source_id, only the identity provider knows: another one counts as
// one that the caller is not in. Members are known by ids of which the subject of a token may
// be one.
func membershipAfter(subject string, prior, planned *groupModel) standing {
	before, _ := membersOf(prior)
	after, complete := membersOf(planned)
	stays := func(member string) bool { return slices.Contains(after, member) }
	all := prior.AllUserAccounts.ValueBool()
	switch {
	case planned.AllUserAccounts.ValueBool():
		if all {
			return held
		}
		return uncertain // a service account is no user account
	case len(before) == 0 && !all:
		if planned.SourceID.Equal(prior.SourceID) {
			return held
		}
		return absent
	case stays(subject), !all && !slices.ContainsFunc(before, func(member string) bool { return !stays(member) }):
		return held
	case !complete:
		return uncertain
	case len(after) == 0, !all && !slices.ContainsFunc(before, stays), slices.Contains(before, subject):
		return absent
	}
	return uncertain
}

// membersOf are the members of a group that are known, and whether these are all.
func membersOf(m *groupModel) (members []string, complete bool) {
	for _, element := range m.Members.Elements() {
		if member, ok := element.(types.String); ok && entity.Known(member) {
			members = append(members, member.ValueString())
		}
	}
	return members, !m.Members.IsUnknown() && len(members) == len(m.Members.Elements())
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

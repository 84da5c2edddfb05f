// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// changedAccess is the caller's access after a change, what undoes the change, and the
// paths that it cuts.
type changedAccess struct {
	after   snapshot.LakeFSAccess
	undo    []entity.Call
	through []string
	// deniedBy is what is added, where nothing is cut.
	deniedBy string
}

// lockoutOf makes a function that tells what a change takes from the caller of what it
// would need to undo it. Apply says what the change makes of the caller's access; it
// answers false where it has nothing to do with it or cannot be told.
func lockoutOf[Model any](apply func(context.Context, api, snapshot.LakeFSAccess, entity.Change[Model]) (changedAccess, bool)) func(context.Context, api, entity.Change[Model]) (*entity.Lockout, error) {
	return func(ctx context.Context, lakefs api, change entity.Change[Model]) (*entity.Lockout, error) {
		before, err := lakefs.CallerAccess(ctx)
		switch {
		case lakefsapi.IsNotImplemented(err):
			return nil, nil // no access control
		case err != nil:
			return nil, fmt.Errorf("reading how the caller has its policies: %w", err)
		}
		changed, concerned := apply(ctx, lakefs, before, change)
		if !concerned {
			return nil, nil
		}
		lost := lostPermissions(before, changed)
		if len(lost) == 0 {
			return nil, nil
		}
		return &entity.Lockout{Caller: before.ID, Lost: lost, Through: strings.Join(changed.through, " and "), DeniedBy: changed.deniedBy}, nil
	}
}

// lostPermissions are those that undoing a change needs, and that the caller has for
// certain before and for certain not after.
func lostPermissions(before snapshot.LakeFSAccess, changed changedAccess) []string {
	held, left := allStatements(before), allStatements(changed.after)
	var lost []string
	for _, call := range changed.undo {
		object, _ := objectOfCall(call)
		required, _ := lakefspolicy.Required(call.Operation, object)
		for _, permission := range required {
			was := lakefspolicy.Cover(held, permission, lakefspolicy.CoverOptions{User: before.ID, Literal: true}).Answer
			if was == lakefspolicy.Covered && lacksForCertain(left, permission, before.ID) && !slices.Contains(lost, permission.String()) {
				lost = append(lost, permission.String())
			}
		}
	}
	return lost
}

func allStatements(access snapshot.LakeFSAccess) []lakefspolicy.Statement {
	statements := statementsOf(access.Direct)
	for _, group := range slices.Sorted(maps.Keys(access.ByGroup)) {
		statements = append(statements, statementsOf(access.ByGroup[group])...)
	}
	return statements
}

// without is the access when a group is gone from it.
func without(access snapshot.LakeFSAccess, groupID string) snapshot.LakeFSAccess {
	access.ByGroup = maps.Clone(access.ByGroup)
	delete(access.ByGroup, groupID)
	return access
}

// with is the access with a group and its policies.
func with(access snapshot.LakeFSAccess, groupID string, policies []lakefsapi.Policy) snapshot.LakeFSAccess {
	access.ByGroup = maps.Clone(access.ByGroup)
	access.ByGroup[groupID] = policies
	return access
}

// rewritten is the access when a policy is another one, or gone: nil. The paths by which
// the caller has the policy are said, and what attaches it again.
func rewritten(access snapshot.LakeFSAccess, policyID string, becomes *lakefsapi.Policy) (changed changedAccess) {
	replace := func(policies []lakefsapi.Policy) (after []lakefsapi.Policy, found bool) {
		for _, policy := range policies {
			switch {
			case policy.ID != policyID:
				after = append(after, policy)
				continue
			case becomes != nil:
				after = append(after, *becomes)
			}
			found = true
		}
		return after, found
	}
	changed.after = snapshot.LakeFSAccess{ID: access.ID, ByGroup: map[string][]lakefsapi.Policy{}}
	var found bool
	if changed.after.Direct, found = replace(access.Direct); found {
		changed.through = append(changed.through, fmt.Sprintf("the policy %q, which is attached to it", policyID))
		changed.undo = append(changed.undo, entity.Call{Operation: "attachPolicyToUser", Object: on("userId", types.StringValue(access.ID))})
	}
	for _, group := range slices.Sorted(maps.Keys(access.ByGroup)) {
		if changed.after.ByGroup[group], found = replace(access.ByGroup[group]); found {
			changed.through = append(changed.through, fmt.Sprintf("the policy %q of its group %q", policyID, group))
			changed.undo = append(changed.undo, entity.Call{Operation: "attachPolicyToGroup", Object: on("groupId", types.StringValue(group))})
		}
	}
	return changed
}

// accessAfterPolicy is that when a policy of the caller is narrowed or deleted.
func accessAfterPolicy(_ context.Context, _ api, access snapshot.LakeFSAccess, change entity.Change[policyModel]) (changedAccess, bool) {
	if change.Prior == nil {
		return changedAccess{}, false // nobody has it
	}
	id, object := change.Prior.ID.ValueString(), on("policyId", change.Prior.ID)
	if change.Planned == nil {
		changed := rewritten(access, id, nil)
		changed.undo = append(changed.undo, entity.Call{Operation: "createPolicy", Object: object})
		return changed, len(changed.through) > 0
	}
	statements, known := change.Planned.statements()
	if !known {
		return changedAccess{}, false
	}
	changed := rewritten(access, id, &lakefsapi.Policy{ID: id, Statement: toWire(statements)})
	changed.undo = []entity.Call{{Operation: "updatePolicy", Object: object}}
	return changed, len(changed.through) > 0
}

// accessAfterMembership is that when the caller is taken out of a group, or put into one
// whose policies deny.
func accessAfterMembership(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[groupMembershipModel]) (changedAccess, bool) {
	if change.Prior == nil {
		group := change.Planned.GroupID.ValueString()
		policies, err := policiesOf(ctx, lakefs, snapshot.Principal{GroupID: group})
		return changedAccess{
			after: with(access, group, policies), deniedBy: fmt.Sprintf("a policy of the group %q", group),
			undo: []entity.Call{{Operation: "deleteGroupMembership", Object: on("groupId", change.Planned.GroupID)}},
		}, err == nil && change.Planned.UserID.ValueString() == access.ID
	}
	group := change.Prior.GroupID.ValueString()
	_, member := access.ByGroup[group]
	return changedAccess{
		after: without(access, group), through: []string{fmt.Sprintf("its membership in the group %q", group)},
		undo: []entity.Call{{Operation: "addGroupMembership", Object: on("groupId", change.Prior.GroupID)}},
	}, member && change.Prior.UserID.ValueString() == access.ID && change.Planned == nil
}

// accessAfterGroup is that when a group of the caller is deleted.
func accessAfterGroup(_ context.Context, _ api, access snapshot.LakeFSAccess, change entity.Change[groupModel]) (changedAccess, bool) {
	if change.Prior == nil {
		return changedAccess{}, false
	}
	group, object := change.Prior.ID.ValueString(), on("groupId", change.Prior.ID)
	_, member := access.ByGroup[group]
	return changedAccess{
		after: without(access, group), through: []string{fmt.Sprintf("its group %q", group)},
		undo: []entity.Call{{Operation: "createGroup", Object: on("groupId", change.Prior.Name)}, {Operation: "addGroupMembership", Object: object}, {Operation: "attachPolicyToGroup", Object: object}},
	}, member && change.Planned == nil
}

// accessAfterAttachment is that when a policy is detached from the caller or its group, or
// one that denies is attached.
func accessAfterAttachment(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[policyAttachmentModel]) (changedAccess, bool) {
	if change.Prior == nil {
		return accessAfterAttaching(ctx, lakefs, access, *change.Planned)
	}
	policy, group := change.Prior.PolicyID.ValueString(), change.Prior.GroupID.ValueString()
	is := func(p lakefsapi.Policy) bool { return p.ID == policy }
	changed := changedAccess{after: access}
	if group == "" {
		changed.after.Direct = slices.DeleteFunc(slices.Clone(access.Direct), is)
		changed.through = []string{fmt.Sprintf("the policy %q, which is attached to it", policy)}
		changed.undo = []entity.Call{{Operation: "attachPolicyToUser", Object: on("userId", change.Prior.UserID)}}
		return changed, change.Prior.UserID.ValueString() == access.ID
	}
	policies, member := access.ByGroup[group]
	changed.after = without(access, group)
	changed.after.ByGroup[group] = slices.DeleteFunc(slices.Clone(policies), is)
	changed.through = []string{fmt.Sprintf("the policy %q of its group %q", policy, group)}
	changed.undo = []entity.Call{{Operation: "attachPolicyToGroup", Object: on("groupId", change.Prior.GroupID)}}
	return changed, member
}

// accessAfterAttaching is the access with one policy more. A policy that is made by the
// same plan cannot be looked at.
func accessAfterAttaching(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, m policyAttachmentModel) (changedAccess, bool) {
	id, group := m.PolicyID.ValueString(), m.GroupID.ValueString()
	_, member := access.ByGroup[group]
	if !member && (group != "" || m.UserID.ValueString() != access.ID) {
		return changedAccess{}, false
	}
	policy, found, err := lakefs.GetPolicy(ctx, id)
	if err != nil || !found {
		return changedAccess{}, false
	}
	changed := changedAccess{deniedBy: fmt.Sprintf("the policy %q", id)}
	if member {
		changed.after = with(access, group, append(slices.Clone(access.ByGroup[group]), policy))
		changed.undo = []entity.Call{{Operation: "detachPolicyFromGroup", Object: on("groupId", m.GroupID)}}
		return changed, true
	}
	changed.after = access
	changed.after.Direct = append(slices.Clone(access.Direct), policy)
	changed.undo = []entity.Call{{Operation: "detachPolicyFromUser", Object: on("userId", m.UserID)}}
	return changed, true
}

func policiesOf(ctx context.Context, lakefs api, principal snapshot.Principal) ([]lakefsapi.Policy, error) {
	return collect(lakefs.ListAttachedPolicies(ctx, principal, all), func(policy lakefsapi.Policy) (lakefsapi.Policy, error) { return policy, nil })
}

// accessAfterUser is that when the caller itself is deleted: none.
func accessAfterUser(_ context.Context, _ api, access snapshot.LakeFSAccess, change entity.Change[userModel]) (changedAccess, bool) {
	if change.Prior == nil {
		return changedAccess{}, false
	}
	return changedAccess{
		after: snapshot.LakeFSAccess{ID: access.ID}, through: []string{"the user that it is"},
		undo: []entity.Call{{Operation: "createUser", Object: on("userId", change.Prior.ID)}, {Operation: "createCredentials", Object: on("userId", change.Prior.ID)}},
	}, change.Planned == nil && change.Prior.ID.ValueString() == access.ID
}

// accessAfterCredentials is that when the key is deleted by which the caller comes: none.
func accessAfterCredentials(_ context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[credentialsModel]) (changedAccess, bool) {
	if change.Prior == nil {
		return changedAccess{}, false
	}
	key := change.Prior.AccessKeyID.ValueString()
	return changedAccess{
		after: snapshot.LakeFSAccess{ID: access.ID}, through: []string{fmt.Sprintf("the access key %s, with which it has come", key)},
		undo: []entity.Call{{Operation: "createCredentials", Object: on("userId", change.Prior.UserID)}},
	}, change.Planned == nil && key != "" && key == lakefs.AccessKeyID()
}

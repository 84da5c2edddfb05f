// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"cmp"
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
	// deniedBy is what may deny after the change.
	deniedBy string
	// undenied is the access after the change without its denies, where it may take by either.
	undenied *snapshot.LakeFSAccess
}

// lockoutCheck tells what changes of one kind of object do to the access of the caller.
type lockoutCheck[Model any] struct {
	// concerns tells whether a change has to do with the caller. It asks the server for as
	// little as it can: most changes of a plan are about others.
	concerns func(context.Context, api, entity.Change[Model]) (bool, error)
	// apply makes the change in the access of the caller; it answers false where what
	// comes of it cannot be told.
	apply func(context.Context, api, snapshot.LakeFSAccess, entity.Change[Model]) (changedAccess, bool)
}

// lockout tells what a change takes from the caller of what it would need to undo it.
func (c lockoutCheck[Model]) lockout(ctx context.Context, lakefs api, change entity.Change[Model]) (*entity.Lockout, error) {
	concerned, err := c.concerns(ctx, lakefs, change)
	var before snapshot.LakeFSAccess
	if err == nil && concerned {
		before, err = lakefs.CallerAccess(ctx)
	}
	switch {
	case lakefsapi.IsNotImplemented(err):
		return nil, nil // no access control
	case err != nil:
		return nil, fmt.Errorf("reading how the caller has its policies: %w", err)
	case !concerned:
		return nil, nil
	}
	changed, known := c.apply(ctx, lakefs, before, change)
	if !known {
		return nil, nil
	}
	lost := lostPermissions(before, changed.after, changed.undo)
	if len(lost) == 0 {
		return nil, nil
	}
	through, deniedBy := strings.Join(changed.through, " and "), changed.deniedBy
	if changed.undenied != nil {
		switch cut := lostPermissions(before, *changed.undenied, changed.undo); len(cut) {
		case 0:
			through = ""
		case len(lost):
			deniedBy = ""
		}
	}
	return &entity.Lockout{Caller: before.ID, Lost: lost, Through: through, DeniedBy: deniedBy}, nil
}

// lockoutOfPrincipal is that of a change that leaves the caller nothing at all: who it is, or
// the key by which it comes, is deleted. Whatever rights it has, it cannot undo that.
func lockoutOfPrincipal(ctx context.Context, lakefs api, deleted string, undo ...entity.Call) (*entity.Lockout, error) {
	id, err := lakefs.CallerID(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading who the caller is: %w", err)
	}
	if _, err := lakefs.CallerGroups(ctx); lakefsapi.IsNotImplemented(err) {
		return nil, nil // no access control: such a server deletes neither
	}
	return &entity.Lockout{Caller: id, Lost: permissionsFor(undo), Deleted: deleted}, nil
}

// permissionsFor are those that calls need.
func permissionsFor(calls []entity.Call) (texts []string) {
	for _, call := range calls {
		object, _ := objectOfCall(call)
		required, _ := lakefspolicy.Required(call.Operation, object)
		for _, permission := range required {
			texts = append(texts, permission.String())
		}
	}
	return texts
}

// lostPermissions are those that undoing a change needs, and that the caller has for
// certain before and for certain not after.
func lostPermissions(before, after snapshot.LakeFSAccess, undo []entity.Call) []string {
	held, left := newRights(allStatements(before), before.ID), newRights(allStatements(after), before.ID)
	var lost []string
	for _, call := range undo {
		object, _ := objectOfCall(call)
		required, _ := lakefspolicy.Required(call.Operation, object)
		for _, permission := range required {
			if held.has(permission) && left.lacks(permission) && !slices.Contains(lost, permission.String()) {
				lost = append(lost, permission.String())
			}
		}
	}
	return lost
}

func allStatements(access snapshot.LakeFSAccess) []lakefspolicy.Statement {
	statements := decidedBy(access.Direct)
	for _, group := range slices.Sorted(maps.Keys(access.ByGroup)) {
		statements = append(statements, decidedBy(access.ByGroup[group])...)
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

// lockoutOfPolicy is that when a policy of the caller is narrowed or deleted.
var lockoutOfPolicy = lockoutCheck[policyModel]{
	concerns: func(ctx context.Context, lakefs api, change entity.Change[policyModel]) (bool, error) {
		if change.Prior == nil {
			return false, nil // nobody has it
		}
		caller, err := lakefs.Caller(ctx)
		return slices.ContainsFunc(caller.Policies, func(p lakefsapi.Policy) bool { return p.ID == change.Prior.ID.ValueString() }), err
	},
	apply: func(_ context.Context, _ api, access snapshot.LakeFSAccess, change entity.Change[policyModel]) (changedAccess, bool) {
		id, object := change.Prior.ID.ValueString(), on("policyId", change.Prior.ID)
		if change.Planned == nil {
			changed := rewritten(access, id, nil)
			changed.undo = append(changed.undo, entity.Call{Operation: "createPolicy", Object: object})
			return changed, true
		}
		statements, known := change.Planned.statements()
		if !known {
			return changedAccess{}, false
		}
		changed := rewritten(access, id, &lakefsapi.Policy{ID: id, Statement: toWire(statements)})
		changed.undo = []entity.Call{{Operation: "updatePolicy", Object: object}}
		changed.deniedBy = fmt.Sprintf("the policy %q itself", id)
		allows := slices.DeleteFunc(slices.Clone(statements), func(s lakefspolicy.Statement) bool { return s.Effect == lakefspolicy.EffectDeny })
		undenied := rewritten(access, id, &lakefsapi.Policy{ID: id, Statement: toWire(allows)}).after
		changed.undenied = &undenied
		return changed, true
	},
}

// lockoutOfMembership is that when the caller is taken out of a group, or put into one
// whose policies deny.
var lockoutOfMembership = lockoutCheck[groupMembershipModel]{
	concerns: func(ctx context.Context, lakefs api, change entity.Change[groupMembershipModel]) (bool, error) {
		m := cmp.Or(change.Prior, change.Planned)
		if change.Prior != nil && change.Planned != nil || !entity.Known(m.UserID) || !entity.Known(m.GroupID) {
			return false, nil
		}
		return isCaller(ctx, lakefs, m.UserID)
	},
	apply: func(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[groupMembershipModel]) (changedAccess, bool) {
		m := cmp.Or(change.Prior, change.Planned)
		group, object := m.GroupID.ValueString(), on("groupId", m.GroupID)
		if change.Prior == nil {
			policies, err := policiesOf(ctx, lakefs, snapshot.Principal{GroupID: group})
			return changedAccess{
				after: with(access, group, policies), deniedBy: fmt.Sprintf("a policy of the group %q", group),
				undo: []entity.Call{{Operation: "deleteGroupMembership", Object: object}},
			}, err == nil
		}
		return changedAccess{
			after: without(access, group), through: []string{fmt.Sprintf("its membership in the group %q", group)},
			undo: []entity.Call{{Operation: "addGroupMembership", Object: object}},
		}, true
	},
}

// isCaller tells whether a user is the caller.
func isCaller(ctx context.Context, lakefs api, user types.String) (bool, error) {
	id, err := lakefs.CallerID(ctx)
	return err == nil && user.ValueString() == id, err
}

// isInGroup tells whether the caller is in a group.
func isInGroup(ctx context.Context, lakefs api, group types.String) (bool, error) {
	groups, err := lakefs.CallerGroups(ctx)
	return slices.Contains(groups, group.ValueString()), err
}

// lockoutOfGroup is that when a group of the caller is deleted.
var lockoutOfGroup = lockoutCheck[groupModel]{
	concerns: func(ctx context.Context, lakefs api, change entity.Change[groupModel]) (bool, error) {
		if change.Prior == nil || change.Planned != nil {
			return false, nil
		}
		return isInGroup(ctx, lakefs, change.Prior.ID)
	},
	apply: func(_ context.Context, _ api, access snapshot.LakeFSAccess, change entity.Change[groupModel]) (changedAccess, bool) {
		group, object := change.Prior.ID.ValueString(), on("groupId", change.Prior.ID)
		return changedAccess{
			after: without(access, group), through: []string{fmt.Sprintf("its group %q", group)},
			undo: []entity.Call{{Operation: "createGroup", Object: on("groupId", change.Prior.Name)}, {Operation: "addGroupMembership", Object: object}, {Operation: "attachPolicyToGroup", Object: object}},
		}, true
	},
}

// lockoutOfAttachment is that when a policy is detached from the caller or its group, or
// one that denies is attached.
var lockoutOfAttachment = lockoutCheck[policyAttachmentModel]{
	concerns: func(ctx context.Context, lakefs api, change entity.Change[policyAttachmentModel]) (bool, error) {
		m := cmp.Or(change.Prior, change.Planned)
		switch {
		case change.Prior != nil && change.Planned != nil, !entity.Known(m.PolicyID):
			return false, nil
		case entity.Known(m.GroupID):
			return isInGroup(ctx, lakefs, m.GroupID)
		case entity.Known(m.UserID):
			return isCaller(ctx, lakefs, m.UserID)
		}
		return false, nil
	},
	apply: func(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, change entity.Change[policyAttachmentModel]) (changedAccess, bool) {
		if change.Prior == nil {
			return accessAfterAttaching(ctx, lakefs, access, *change.Planned)
		}
		return accessAfterDetaching(access, *change.Prior), true
	},
}

// accessAfterDetaching is the access with one policy less, of the caller or of its group.
func accessAfterDetaching(access snapshot.LakeFSAccess, m policyAttachmentModel) changedAccess {
	policy, group := m.PolicyID.ValueString(), m.GroupID.ValueString()
	is := func(p lakefsapi.Policy) bool { return p.ID == policy }
	if group == "" {
		access.Direct = slices.DeleteFunc(slices.Clone(access.Direct), is)
		return changedAccess{
			after: access, through: []string{fmt.Sprintf("the policy %q, which is attached to it", policy)},
			undo: []entity.Call{{Operation: "attachPolicyToUser", Object: on("userId", m.UserID)}},
		}
	}
	return changedAccess{
		after:   with(access, group, slices.DeleteFunc(slices.Clone(access.ByGroup[group]), is)),
		through: []string{fmt.Sprintf("the policy %q of its group %q", policy, group)},
		undo:    []entity.Call{{Operation: "attachPolicyToGroup", Object: on("groupId", m.GroupID)}},
	}
}

// accessAfterAttaching is the access with one policy more. A policy that is made by the
// same plan cannot be looked at.
func accessAfterAttaching(ctx context.Context, lakefs api, access snapshot.LakeFSAccess, m policyAttachmentModel) (changedAccess, bool) {
	id, group := m.PolicyID.ValueString(), m.GroupID.ValueString()
	policy, found, err := lakefs.GetPolicy(ctx, id)
	if err != nil || !found {
		return changedAccess{}, false
	}
	changed := changedAccess{deniedBy: fmt.Sprintf("the policy %q", id)}
	if group != "" {
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

// lockoutOfUser is that when the caller itself is deleted.
func lockoutOfUser(ctx context.Context, lakefs api, change entity.Change[userModel]) (*entity.Lockout, error) {
	if change.Prior == nil || change.Planned != nil {
		return nil, nil
	}
	if is, err := isCaller(ctx, lakefs, change.Prior.ID); !is {
		return nil, err
	}
	object := on("userId", change.Prior.ID)
	return lockoutOfPrincipal(ctx, lakefs, "the user that it is",
		entity.Call{Operation: "createUser", Object: object}, entity.Call{Operation: "createCredentials", Object: object})
}

// lockoutOfCredentials is that when the key is deleted by which the caller comes.
func lockoutOfCredentials(ctx context.Context, lakefs api, change entity.Change[credentialsModel]) (*entity.Lockout, error) {
	if change.Prior == nil || change.Planned != nil {
		return nil, nil
	}
	key := change.Prior.AccessKeyID.ValueString()
	if key == "" || key != lakefs.AccessKeyID() {
		return nil, nil
	}
	return lockoutOfPrincipal(ctx, lakefs, fmt.Sprintf("the access key %s, with which it has come", key),
		entity.Call{Operation: "createCredentials", Object: on("userId", change.Prior.UserID)})
}

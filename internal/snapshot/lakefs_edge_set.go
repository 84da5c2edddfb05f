// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// EdgeSet is all edges of one kind from one parent, for a resource that manages them as a
// whole: the members of a group, or the policies that are attached to a principal.
type EdgeSet struct {
	s *LakeFS
	// kind and id name the set, as those of an object.
	kind, id string
	edge     func(id string) object[struct{}]
	// ids lists them, exists tells whether the parent is there.
	ids    func(context.Context) ([]string, error)
	exists func(context.Context) (bool, error)
	send   func(ctx context.Context, edge object[struct{}], id string) error
	remove func(ctx context.Context, id string) error
}

// GroupMembers is the members of a group, by their user ids.
func (s *LakeFS) GroupMembers(groupID string) *EdgeSet {
	return &EdgeSet{
		s: s, kind: kindMembers, id: groupID,
		edge: func(userID string) object[struct{}] { return s.membership(groupID, userID) },
		ids: idsOf(s.members.of(groupID), func(ctx context.Context) iter.Seq2[lakefsapi.User, error] {
			return s.ListGroupMembers(ctx, groupID, lakefsapi.ListOptions{})
		}),
		exists: func(ctx context.Context) (bool, error) { return second(s.GetGroup(ctx, groupID)) },
		send: func(ctx context.Context, o object[struct{}], userID string) error {
			return s.sendMembership(ctx, o, groupID, userID)
		},
		remove: func(ctx context.Context, userID string) error { return s.DeleteGroupMembership(ctx, groupID, userID) },
	}
}

// AttachedPolicies is the policies that are attached to a principal itself, by their ids.
func (s *LakeFS) AttachedPolicies(principal Principal) *EdgeSet {
	return &EdgeSet{
		s: s, kind: kindAttachments, id: principal.String(),
		edge: func(policyID string) object[struct{}] { return s.attachment(principal, policyID) },
		ids: idsOf(s.attached.of(principal), func(ctx context.Context) iter.Seq2[lakefsapi.Policy, error] {
			return s.ListAttachedPolicies(ctx, principal, lakefsapi.ListOptions{})
		}),
		exists: func(ctx context.Context) (bool, error) {
			if principal.UserID != "" {
				return second(s.GetUser(ctx, principal.UserID))
			}
			return second(s.GetGroup(ctx, principal.GroupID))
		},
		send: func(ctx context.Context, o object[struct{}], policyID string) error {
			return s.sendAttachment(ctx, o, principal, policyID)
		},
		remove: func(ctx context.Context, policyID string) error { return s.DetachPolicy(ctx, principal, policyID) },
	}
}

// idsOf lists the ids of a listing, in order: of the one that is known, and where that could
// not be read, by asking once more, which says why.
func idsOf[T any](in *listing[T], ask func(context.Context) iter.Seq2[T, error]) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		items, listed, err := in.all(ctx)
		if err == nil && !listed {
			items, err = collect(ask(ctx))
		}
		ids := make([]string, len(items))
		for i, item := range items {
			ids[i] = in.id(item)
		}
		slices.Sort(ids)
		return ids, err
	}
}

// second drops what was found.
func second[T any](_ T, found bool, err error) (bool, error) { return found, err }

func (e *EdgeSet) key() string { return object[struct{}]{kind: e.kind, id: e.id}.key() }

// IDs lists the other ends of the edges, in order; false when the parent is gone. An empty
// list alone does not tell: of what is gone, some servers list nothing for a while.
func (e *EdgeSet) IDs(ctx context.Context) (ids []string, found bool, err error) {
	ids, err = e.ids(ctx)
	if err != nil {
		found, err = foundEdge(false, err)
		return nil, found, err
	}
	if len(ids) > 0 {
		return ids, true, nil
	}
	found, err = e.exists(ctx)
	return ids, found, err
}

// Hold reserves the set for one resource of this process: from then on nothing else of it
// makes such an edge. It fails when another resource holds the set already.
func (e *EdgeSet) Hold() error {
	if !e.s.claim(e.key()) {
		return &ClaimedError{Kind: e.kind, ID: e.id}
	}
	return nil
}

// managers is how the edges of a set are managed in this process.
type managers struct{ whole, alone, told bool }

// ManagedWhole notes that a resource manages the set as a whole, and ManagedAlone that one
// manages an edge of it alone. Both may well be noted before anything is written. They answer
// once for a set that it is managed in both ways.
func (e *EdgeSet) ManagedWhole() bool { return e.managed(managers{whole: true}) }

// ManagedAlone is the other half of ManagedWhole.
func (e *EdgeSet) ManagedAlone() bool { return e.managed(managers{alone: true}) }

func (e *EdgeSet) managed(how managers) bool {
	e.s.managedMu.Lock()
	defer e.s.managedMu.Unlock()
	known := e.s.managedSets[e.key()]
	known.whole, known.alone = known.whole || how.whole, known.alone || how.alone
	tell := known.whole && known.alone && !known.told
	known.told = known.told || tell
	e.s.managedSets[e.key()] = known
	return tell
}

// Free tells, of a set that is held, whether no other resource of this process made an edge.
func (e *EdgeSet) Free(id string) error {
	if o := e.edge(id); e.s.claimed(o.key()) {
		return &ClaimedError{Kind: o.kind, ID: o.id}
	}
	return nil
}

// Add makes an edge of a set that is held. One that somebody has made since the set was
// listed is what was wanted.
func (e *EdgeSet) Add(ctx context.Context, id string) error {
	o := e.edge(id)
	err := e.send(ctx, o, id)
	if err == nil {
		e.s.release(o.key()) // the whole set is held
	}
	if _, exists := errors.AsType[*ExistsError](err); exists {
		return nil
	}
	return err
}

// Remove deletes an edge, unless another resource of this process has just made it. One that
// is gone is no error.
func (e *EdgeSet) Remove(ctx context.Context, id string) error {
	if err := e.Free(id); err != nil {
		return err
	}
	return e.remove(ctx, id)
}

// unheld fails when a resource holds the set that an edge would belong to.
func (s *LakeFS) unheld(kind, parent string) error {
	if s.claimed(object[struct{}]{kind: kind, id: parent}.key()) {
		return &ClaimedError{Kind: kind, ID: parent}
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// Principal is what a policy is attached to: a user or a group.
type Principal struct {
	// UserID or GroupID is set, the other is empty.
	UserID, GroupID string
}

// String is the beginning of the attachment's import id: "user/ID" or "group/ID".
func (p Principal) String() string {
	if p.UserID != "" {
		return "user/" + p.UserID
	}
	return "group/" + p.GroupID
}

// GetGroupMembership tells whether a user is a member of a group. It is false
// when either is gone.
func (s *LakeFS) GetGroupMembership(ctx context.Context, groupID, userID string) (bool, error) {
	_, known, err := s.members.of(groupID).look(ctx, userID, fewMembers)
	if err != nil || known == there {
		return known == there, err
	}
	return s.readGroupMembership(ctx, groupID, userID)
}

func (s *LakeFS) readGroupMembership(ctx context.Context, groupID, userID string) (bool, error) {
	_, ok, err := first(s.ListGroupMembers(ctx, groupID, byID(userID)), func(u lakefsapi.User) bool { return u.ID == userID })
	return foundEdge(ok, err)
}

// foundEdge reads "not found" of an edge's listing as: there is no such edge,
// since one of its ends is gone.
func foundEdge(ok bool, err error) (bool, error) {
	if lakefsapi.IsNotFound(err) {
		return false, nil
	}
	return ok, err
}

// ListGroupMembers lists the members of a group in the order of their ids.
func (s *LakeFS) ListGroupMembers(ctx context.Context, groupID string, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.User, error] {
	return checked(func() error { return s.addressable(ctx, kindGroup, groupID) }, s.client.ListGroupMembers(ctx, groupID, options))
}

// ListUserGroups lists the groups of a user.
func (s *LakeFS) ListUserGroups(ctx context.Context, userID string, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Group, error] {
	return checked(func() error { return s.addressable(ctx, kindUser, userID) }, s.client.ListUserGroups(ctx, userID, options))
}

func (s *LakeFS) membership(groupID, userID string) object[struct{}] {
	read := func(ctx context.Context, userID string) (lakefsapi.User, bool, error) {
		ok, err := s.readGroupMembership(ctx, groupID, userID)
		return lakefsapi.User{ID: userID}, ok, err
	}
	return edge(s.members, groupID, userID, lakefsapi.User{ID: userID}, read, object[struct{}]{kind: kindMembership, id: groupID + "/" + userID})
}

// edge completes the edge between a parent and an item of its listing.
func edge[K comparable, T any](in *listings[K, T], parent K, id string, item T, read func(context.Context, string) (T, bool, error), o object[struct{}]) object[struct{}] {
	o.look = func(ctx context.Context) (struct{}, bool, error) {
		_, ok, err := read(ctx, id)
		return struct{}{}, ok, err
	}
	o.before = func(ctx context.Context) (struct{}, bool, error) {
		_, ok, err := lookIn(ctx, in.of(parent), id, read)
		return struct{}{}, ok, err
	}
	o.put = func(struct{}) { in.of(parent).put(id, item) }
	o.drop = func() { in.of(parent).drop(id) }
	o.doubt = func() { in.of(parent).doubt(id) }
	return o
}

// AddGroupMembership makes a user a member of a group.
func (s *LakeFS) AddGroupMembership(ctx context.Context, groupID, userID string) error {
	o := s.membership(groupID, userID)
	o.unheld = func() error { return s.unheld(kindMembers, groupID) }
	return s.sendMembership(ctx, o, groupID, userID)
}

func (s *LakeFS) sendMembership(ctx context.Context, o object[struct{}], groupID, userID string) error {
	_, err := create(ctx, &s.writer, o, done(func(ctx context.Context) error {
		if err := s.addressableEnds(ctx, Principal{GroupID: groupID}, kindUser, userID); err != nil {
			return err
		}
		return s.client.AddGroupMembership(ctx, groupID, userID)
	}))
	if err == nil {
		s.granted()
	}
	return err
}

// DeleteGroupMembership removes a user from a group. A membership that is gone
// is no error.
func (s *LakeFS) DeleteGroupMembership(ctx context.Context, groupID, userID string) error {
	return remove(ctx, &s.writer, s.membership(groupID, userID), func(ctx context.Context) error {
		if err := s.addressableEnds(ctx, Principal{GroupID: groupID}, kindUser, userID); err != nil {
			return err
		}
		return s.client.DeleteGroupMembership(ctx, groupID, userID)
	})
}

// ListAttachedPolicies lists the policies that are attached to a principal
// itself.
func (s *LakeFS) ListAttachedPolicies(ctx context.Context, principal Principal, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Policy, error] {
	check := func() error { return s.addressablePrincipal(ctx, principal) }
	if principal.UserID != "" {
		return checked(check, s.client.ListUserPolicies(ctx, principal.UserID, false, options))
	}
	return checked(check, s.client.ListGroupPolicies(ctx, principal.GroupID, options))
}

// ListEffectivePolicies lists the policies of a user and of its groups.
func (s *LakeFS) ListEffectivePolicies(ctx context.Context, userID string) iter.Seq2[lakefsapi.Policy, error] {
	return checked(func() error { return s.addressable(ctx, kindUser, userID) }, s.client.ListUserPolicies(ctx, userID, true, lakefsapi.ListOptions{}))
}

// GetPolicyAttachment tells whether a policy is attached to a principal itself.
// It is false when either is gone.
func (s *LakeFS) GetPolicyAttachment(ctx context.Context, principal Principal, policyID string) (bool, error) {
	_, known, err := s.attached.of(principal).look(ctx, policyID, fewEdges)
	if err != nil || known == there {
		return known == there, err
	}
	return s.readPolicyAttachment(ctx, principal, policyID)
}

func (s *LakeFS) readPolicyAttachment(ctx context.Context, principal Principal, policyID string) (bool, error) {
	_, ok, err := first(s.ListAttachedPolicies(ctx, principal, byID(policyID)), func(p lakefsapi.Policy) bool { return p.ID == policyID })
	return foundEdge(ok, err)
}

func (s *LakeFS) attachment(principal Principal, policyID string) object[struct{}] {
	read := func(ctx context.Context, policyID string) (lakefsapi.Policy, bool, error) {
		ok, err := s.readPolicyAttachment(ctx, principal, policyID)
		return lakefsapi.Policy{ID: policyID}, ok, err
	}
	return edge(s.attached, principal, policyID, lakefsapi.Policy{ID: policyID}, read, object[struct{}]{kind: kindAttachment, id: principal.String() + "/" + policyID})
}

// AttachPolicy attaches a policy to a user or group.
func (s *LakeFS) AttachPolicy(ctx context.Context, principal Principal, policyID string) error {
	o := s.attachment(principal, policyID)
	o.unheld = func() error { return s.unheld(kindAttachments, principal.String()) }
	return s.sendAttachment(ctx, o, principal, policyID)
}

func (s *LakeFS) sendAttachment(ctx context.Context, o object[struct{}], principal Principal, policyID string) error {
	_, err := create(ctx, &s.writer, o, done(func(ctx context.Context) error {
		if err := s.addressableEnds(ctx, principal, kindPolicy, policyID); err != nil {
			return err
		}
		if principal.UserID != "" {
			return s.client.AttachPolicyToUser(ctx, principal.UserID, policyID)
		}
		return s.client.AttachPolicyToGroup(ctx, principal.GroupID, policyID)
	}))
	if err == nil {
		s.granted()
	}
	return err
}

// DetachPolicy detaches a policy from a user or group. An attachment that is
// gone is no error.
func (s *LakeFS) DetachPolicy(ctx context.Context, principal Principal, policyID string) error {
	return remove(ctx, &s.writer, s.attachment(principal, policyID), func(ctx context.Context) error {
		if err := s.addressableEnds(ctx, principal, kindPolicy, policyID); err != nil {
			return err
		}
		if principal.UserID != "" {
			return s.client.DetachPolicyFromUser(ctx, principal.UserID, policyID)
		}
		return s.client.DetachPolicyFromGroup(ctx, principal.GroupID, policyID)
	})
}

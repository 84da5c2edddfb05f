// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// What users call the objects of lakeFS.
const (
	kindUser        = "user"
	kindGroup       = "group"
	kindPolicy      = "policy"
	kindMembership  = "group membership"
	kindAttachment  = "policy attachment"
	kindMembers     = "members of the group"
	kindAttachments = "policies of"
	kindCredentials = "credentials"
	kindACL         = "group ACL"
	kindExternal    = "external principal"
)

// first returns the first item of a listing that was asked for one item, if it
// is the wanted one: sorted by id, an exact id comes before all it is a prefix of.
func first[T any](items iter.Seq2[T, error], wanted func(T) bool) (T, bool, error) {
	var none T
	for item, err := range items {
		if err != nil {
			return none, false, err
		}
		if wanted(item) {
			return item, true, nil
		}
		return none, false, nil
	}
	return none, false, nil
}

// found turns the answer of a point read into three: there, gone, or unknown.
func found[T any](item T, err error) (T, bool, error) {
	var none T
	switch {
	case err == nil:
		return item, true, nil
	case lakefsapi.IsNotFound(err):
		return none, false, nil
	default:
		return none, false, err
	}
}

func byID(id string) lakefsapi.ListOptions {
	return lakefsapi.ListOptions{Prefix: id, Limit: 1}
}

// GetUser looks a user up. What the listing does not hold is looked for by itself.
func (s *LakeFS) GetUser(ctx context.Context, userID string) (lakefsapi.User, bool, error) {
	user, known, err := s.users.look(ctx, userID, fewObjects)
	if err != nil || known == there {
		return user, known == there, err
	}
	return s.readUser(ctx, userID)
}

// readUser asks for a user. lakeFS answers a read by id from a cache for about 20 s after a
// delete, so the listing decides where the caller may list.
func (s *LakeFS) readUser(ctx context.Context, userID string) (lakefsapi.User, bool, error) {
	user, ok, err := first(s.client.ListUsers(ctx, byID(userID)), func(u lakefsapi.User) bool { return u.ID == userID })
	if lakefsapi.IsNotPermitted(err) || lakefsapi.IsNotImplemented(err) {
		user, ok, err = found(s.client.GetUser(ctx, userID))
		if user.ID != userID {
			return lakefsapi.User{}, false, err // see addressable
		}
	}
	return user, ok, err
}

// ListUsers lists the users in the order of their ids.
func (s *LakeFS) ListUsers(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.User, error] {
	return s.client.ListUsers(ctx, options)
}

func (s *LakeFS) user(id string) object[lakefsapi.User] {
	return object[lakefsapi.User]{
		kind: kindUser, id: id,
		look: func(ctx context.Context) (lakefsapi.User, bool, error) { return s.readUser(ctx, id) },
		before: func(ctx context.Context) (lakefsapi.User, bool, error) {
			return lookIn(ctx, s.users, id, s.readUser)
		},
		put: func(lakefsapi.User) {
			s.forgetEdgesOf(Principal{UserID: id})
			s.users.doubt(id)
		},
		drop: func() {
			s.forgetEdgesOf(Principal{UserID: id})
			s.members.drop(id)
			s.users.drop(id)
		},
		doubt: func() {
			s.forgetEdgesOf(Principal{UserID: id})
			s.users.doubt(id)
		},
	}
}

// lookIn is the look before an object is made: what a whole listing does not hold is not there.
func lookIn[T any](ctx context.Context, in *listing[T], id string, read func(context.Context, string) (T, bool, error)) (T, bool, error) {
	item, known, err := in.look(ctx, id, beforeWrite)
	if err != nil || known != unsure {
		return item, known == there, err
	}
	return read(ctx, id)
}

// forgetEdgesOf forgets what is known of the edges of a principal that is made or deleted, and
// of its keys.
func (s *LakeFS) forgetEdgesOf(principal Principal) {
	s.attached.forget(principal)
	if principal.UserID != "" {
		s.credentials.forget(principal.UserID)
		return
	}
	s.members.forget(principal.GroupID)
}

// CreateUser creates a user that does not exist yet. When the user is created
// but its invitation cannot be sent, the user is returned together with an
// [InvitationError].
func (s *LakeFS) CreateUser(ctx context.Context, creation lakefsapi.UserCreation) (lakefsapi.User, error) {
	var refused error
	user, err := create(ctx, &s.writer, s.user(creation.ID), func(ctx context.Context) (lakefsapi.User, error) {
		user, err := s.client.CreateUser(ctx, creation)
		switch {
		case err == nil:
			refused = nil // the invitation is sent now
		case creation.InviteUser && httpapi.StatusOf(err) == http.StatusInternalServerError:
			refused = err
		}
		return user, err
	})
	if err == nil && refused != nil {
		return user, &InvitationError{Err: refused}
	}
	return user, err
}

// DeleteUser deletes a user. A user that is gone is no error.
func (s *LakeFS) DeleteUser(ctx context.Context, userID string) error {
	return remove(ctx, &s.writer, s.user(userID), func(ctx context.Context) error {
		if err := s.addressable(ctx, kindUser, userID); err != nil {
			return err
		}
		return s.client.DeleteUser(ctx, userID)
	})
}

// GetGroup looks a group up by its id, which the server has chosen. What the listing does
// not hold is looked for by itself.
func (s *LakeFS) GetGroup(ctx context.Context, groupID string) (lakefsapi.Group, bool, error) {
	group, known, err := s.groups.look(ctx, groupID, fewObjects)
	if err != nil || known == there {
		return group, known == there, err
	}
	return s.readGroup(ctx, groupID)
}

// readGroup asks for a group. Groups are not cached by lakeFS, so the read by id decides;
// only ids with "+", which current versions cannot address, are looked for in the listing.
func (s *LakeFS) readGroup(ctx context.Context, groupID string) (lakefsapi.Group, bool, error) {
	group, ok, err := found(s.client.GetGroup(ctx, groupID))
	if err == nil && strings.Contains(groupID, "+") && (!ok || group.Name != groupID) {
		return first(s.client.ListGroups(ctx, byID(groupID)), func(g lakefsapi.Group) bool { return g.ID == groupID })
	}
	return group, ok, err
}

// GetGroupByName looks a group up by its name, in the whole listing: where the
// server chooses the ids, nothing is known of their order. Where the caller may
// not list, a group whose id is its name is found.
func (s *LakeFS) GetGroupByName(ctx context.Context, name string) (lakefsapi.Group, bool, error) {
	for group, err := range s.client.ListGroups(ctx, lakefsapi.ListOptions{}) {
		if lakefsapi.IsNotPermitted(err) {
			return s.readGroup(ctx, name)
		}
		if err != nil {
			return lakefsapi.Group{}, false, err
		}
		if group.Name == name {
			return group, true, nil
		}
	}
	return lakefsapi.Group{}, false, nil
}

// groupBefore is the look before a group is made, in what is known of the whole listing.
func (s *LakeFS) groupBefore(ctx context.Context, name string) (lakefsapi.Group, bool, error) {
	groups, listed, err := s.groups.all(ctx)
	if err != nil {
		return lakefsapi.Group{}, false, err
	}
	if !listed {
		return s.readGroup(ctx, name)
	}
	if i := slices.IndexFunc(groups, func(g lakefsapi.Group) bool { return g.Name == name }); i >= 0 {
		return groups[i], true, nil
	}
	return lakefsapi.Group{}, false, nil
}

// ListGroups lists the groups in the server's order.
func (s *LakeFS) ListGroups(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Group, error] {
	return s.client.ListGroups(ctx, options)
}

// CreateGroup creates a group whose name is not taken. The id of the result is
// the server's and may differ from the name.
func (s *LakeFS) CreateGroup(ctx context.Context, creation lakefsapi.GroupCreation) (lakefsapi.Group, error) {
	o := object[lakefsapi.Group]{
		kind: kindGroup, id: creation.ID,
		look:   func(ctx context.Context) (lakefsapi.Group, bool, error) { return s.GetGroupByName(ctx, creation.ID) },
		before: func(ctx context.Context) (lakefsapi.Group, bool, error) { return s.groupBefore(ctx, creation.ID) },
		put: func(group lakefsapi.Group) {
			s.forgetEdgesOf(Principal{GroupID: group.ID})
			s.groups.doubt(group.ID)
		},
	}
	return create(ctx, &s.writer, o, func(ctx context.Context) (lakefsapi.Group, error) { return s.client.CreateGroup(ctx, creation) })
}

// DeleteGroup deletes a group by its id and frees its name. A group that is gone
// is no error.
func (s *LakeFS) DeleteGroup(ctx context.Context, groupID, name string) error {
	o := object[lakefsapi.Group]{
		kind: kindGroup, id: groupID,
		look: func(ctx context.Context) (lakefsapi.Group, bool, error) { return s.readGroup(ctx, groupID) },
		drop: func() {
			s.forgetEdgesOf(Principal{GroupID: groupID})
			s.groups.drop(groupID)
		},
		doubt: func() {
			s.forgetEdgesOf(Principal{GroupID: groupID})
			s.groups.doubt(groupID)
		},
	}
	err := remove(ctx, &s.writer, o, func(ctx context.Context) error {
		if err := s.addressable(ctx, kindGroup, groupID); err != nil {
			return err
		}
		return s.client.DeleteGroup(ctx, groupID)
	})
	if err == nil {
		s.release(object[lakefsapi.Group]{kind: kindGroup, id: name}.key())
	}
	return err
}

// GetPolicy looks a policy up. What the listing does not hold is looked for by itself.
func (s *LakeFS) GetPolicy(ctx context.Context, policyID string) (lakefsapi.Policy, bool, error) {
	policy, known, err := s.policies.look(ctx, policyID, fewObjects)
	if err != nil || known == there {
		return policy, known == there, err
	}
	return s.ReadPolicy(ctx, policyID)
}

// ReadPolicy asks for a policy as it is stored now. Policies are not cached by lakeFS.
func (s *LakeFS) ReadPolicy(ctx context.Context, policyID string) (lakefsapi.Policy, bool, error) {
	policy, ok, err := found(s.client.GetPolicy(ctx, policyID))
	if err == nil && strings.Contains(policyID, "+") && (!ok || policy.ID != policyID) {
		return first(s.client.ListPolicies(ctx, byID(policyID)), func(p lakefsapi.Policy) bool { return p.ID == policyID })
	}
	return policy, ok, err
}

// ListPolicies lists the policies in the order of their ids.
func (s *LakeFS) ListPolicies(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Policy, error] {
	return s.client.ListPolicies(ctx, options)
}

func (s *LakeFS) policy(id string) object[lakefsapi.Policy] {
	return object[lakefsapi.Policy]{
		kind: kindPolicy, id: id,
		look: func(ctx context.Context) (lakefsapi.Policy, bool, error) { return s.ReadPolicy(ctx, id) },
		before: func(ctx context.Context) (lakefsapi.Policy, bool, error) {
			return lookIn(ctx, s.policies, id, s.ReadPolicy)
		},
		put: func(lakefsapi.Policy) { s.policies.doubt(id) },
		drop: func() {
			s.attached.drop(id)
			s.policies.drop(id)
		},
		doubt: func() {
			s.attached.doubt(id)
			s.policies.doubt(id)
		},
	}
}

// CreatePolicy creates a policy that does not exist yet.
func (s *LakeFS) CreatePolicy(ctx context.Context, policy lakefsapi.Policy) (lakefsapi.Policy, error) {
	return create(ctx, &s.writer, s.policy(policy.ID), func(ctx context.Context) (lakefsapi.Policy, error) {
		return s.client.CreatePolicy(ctx, policy)
	})
}

// UpdatePolicy replaces the statements of a policy. lakeFS answers 404 to some
// of several updates at the same time, so a 404 counts only when a read agrees.
// Such a 404 is an answer, not a failure to get one, so max_retries does not limit
// how often it is met; it limits what is sent again after a lost answer.
func (s *LakeFS) UpdatePolicy(ctx context.Context, policyID string, policy lakefsapi.Policy) (lakefsapi.Policy, error) {
	updated, err := s.updatePolicy(ctx, policyID, policy)
	s.policies.doubt(policyID)
	if err == nil {
		s.granted()
	}
	return updated, err
}

func (s *LakeFS) updatePolicy(ctx context.Context, policyID string, policy lakefsapi.Policy) (lakefsapi.Policy, error) {
	if err := s.addressable(ctx, kindPolicy, policyID); err != nil {
		return lakefsapi.Policy{}, err
	}
	send := ctx
	for update := 1; ; update++ {
		updated, err := permitted(send, &s.writer, func(ctx context.Context) (lakefsapi.Policy, error) {
			return s.client.UpdatePolicy(ctx, policyID, policy)
		})
		if err == nil {
			return updated, nil
		}
		notFound := lakefsapi.IsNotFound(err)
		if !notFound && !httpapi.OutcomeUnknown(err) {
			return lakefsapi.Policy{}, err
		}
		stored, exists, lookErr := s.ReadPolicy(ctx, policyID)
		switch {
		case lookErr != nil || !exists:
			return lakefsapi.Policy{}, err
		case !notFound && reflect.DeepEqual(stored.Statement, policy.Statement):
			return stored, nil
		case httpapi.AnswerUnusable(err):
			return lakefsapi.Policy{}, err
		case notFound && (update >= updates || s.sleep(ctx, falseNotFoundPause(update)) != nil):
			return lakefsapi.Policy{}, err
		case notFound:
			continue
		}
		if send, err = s.client.AwaitRetry(ctx, err); err != nil {
			return lakefsapi.Policy{}, err
		}
	}
}

// falseNotFoundPause is the pause after the n-th update: 0.5 s, 1 s, 2 s, 4 s.
func falseNotFoundPause(n int) time.Duration {
	return 500 * time.Millisecond << (n - 1)
}

// DeletePolicy deletes a policy. A policy that is gone is no error.
func (s *LakeFS) DeletePolicy(ctx context.Context, policyID string) error {
	return remove(ctx, &s.writer, s.policy(policyID), func(ctx context.Context) error {
		if err := s.addressable(ctx, kindPolicy, policyID); err != nil {
			return err
		}
		return s.client.DeletePolicy(ctx, policyID)
	})
}

// GetCurrentUser asks who the caller is.
func (s *LakeFS) GetCurrentUser(ctx context.Context) (lakefsapi.User, error) {
	return s.client.GetCurrentUser(ctx)
}

// ForgotPassword has the server mail a token to set a new password, to an address.
func (s *LakeFS) ForgotPassword(ctx context.Context, email string) error {
	return s.client.ForgotPassword(ctx, email)
}

// UpdatePassword sets a new password by a token of such a mail.
func (s *LakeFS) UpdatePassword(ctx context.Context, update lakefsapi.UpdatePasswordByToken) error {
	return s.client.UpdatePassword(ctx, update)
}

// Login makes a login token for a key pair.
func (s *LakeFS) Login(ctx context.Context, login lakefsapi.LoginInformation) (lakefsapi.AuthenticationToken, error) {
	return s.client.Login(ctx, login)
}

// OwnLogin is the key pair that the provider signs requests with, and whether there is one.
func (s *LakeFS) OwnLogin() (lakefsapi.LoginInformation, bool) { return s.client.OwnLogin() }

// GetAuthCapabilities asks what the server can do for users.
func (s *LakeFS) GetAuthCapabilities(ctx context.Context) (lakefsapi.AuthCapabilities, error) {
	return s.client.GetAuthCapabilities(ctx)
}

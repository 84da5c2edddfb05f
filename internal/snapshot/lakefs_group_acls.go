// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// aclPolicy begins the id of the policy in which lakeFS keeps the access control list of a
// group; the group's id follows.
const aclPolicy = "ACL(_-_)"

// withoutACLs are the modes of access control (auth.ui_config.rbac of lakeFS) in which it
// decides by policies, or not at all. "external" may be either: the auth server knows.
var withoutACLs = map[string]bool{"internal": true, "none": true}

// CheckACLs fails with a [NoACLsError] when the server says that it does not work with access
// control lists of groups. On one that works with policies, a list would take their place. A
// server that does not tell its mode passes: its answers to the lists themselves decide.
func (s *LakeFS) CheckACLs(ctx context.Context) error {
	state, err := s.setupState.get(ctx, s.client.GetSetupState)
	if err != nil || !withoutACLs[state.LoginConfig.RBAC] {
		return nil //nolint:nilerr // see above
	}
	return &NoACLsError{RBAC: state.LoginConfig.RBAC}
}

// GetGroupACL reads the access control list of a group. It is false when the group has
// none or is gone. A group with policies of its own is an error that [lakefsapi.IsNoACL]
// recognises.
func (s *LakeFS) GetGroupACL(ctx context.Context, groupID string) (lakefsapi.ACL, bool, error) {
	err := s.addressable(ctx, kindGroup, groupID)
	var acl lakefsapi.ACL
	if err == nil {
		acl, err = s.client.GetGroupACL(ctx, groupID)
	}
	if lakefsapi.IsNoACL(err) {
		return lakefsapi.ACL{}, false, err
	}
	acl, ok, err := found(acl, err)
	return acl, ok && acl.Permission != "", err
}

// groupACL is the list of a group, as a create sees it that wants a certain one. Any list that
// is there before is somebody's, but one that this process has let go. Afterwards only the
// wanted one is ours: to set it once more does no harm.
func (s *LakeFS) groupACL(groupID string, wanted lakefsapi.ACL) object[lakefsapi.ACL] {
	return object[lakefsapi.ACL]{
		kind: kindACL, id: groupID,
		mustList: true, // lakeFS sets one list over another without a word
		look: func(ctx context.Context) (lakefsapi.ACL, bool, error) {
			acl, found, err := s.GetGroupACL(ctx, groupID)
			return acl, found && acl == wanted, err
		},
		before: func(ctx context.Context) (lakefsapi.ACL, bool, error) {
			acl, found, err := s.GetGroupACL(ctx, groupID)
			return acl, found && !s.claimed(releasedACL(groupID)), err
		},
		put:   func(lakefsapi.ACL) { s.forgetACL(groupID) },
		doubt: func() { s.forgetACL(groupID) },
	}
}

// releasedACL is the key by which a list is remembered that this process has let go.
func releasedACL(groupID string) string {
	return object[struct{}]{kind: kindACL + " let go", id: groupID}.key()
}

// forgetACL forgets what is known of the policies of a group whose list is written.
func (s *LakeFS) forgetACL(groupID string) {
	s.attached.forget(Principal{GroupID: groupID})
	s.policies.doubt(aclPolicy + groupID)
}

// CreateGroupACL gives an access control list to a group that has none.
func (s *LakeFS) CreateGroupACL(ctx context.Context, groupID string, acl lakefsapi.ACL) error {
	_, err := create(ctx, &s.writer, s.groupACL(groupID, acl), func(ctx context.Context) (lakefsapi.ACL, error) {
		return acl, s.sendACL(ctx, groupID, acl)
	})
	if err == nil {
		s.granted()
	}
	return err
}

func (s *LakeFS) sendACL(ctx context.Context, groupID string, acl lakefsapi.ACL) error {
	if err := s.addressable(ctx, kindGroup, groupID); err != nil {
		return err
	}
	return s.client.SetGroupACL(ctx, groupID, acl)
}

// UpdateGroupACL changes the access control list of a group. It changes nothing of a group
// that has got policies of its own meanwhile: they would be taken from it.
func (s *LakeFS) UpdateGroupACL(ctx context.Context, groupID string, acl lakefsapi.ACL) error {
	if _, _, err := s.GetGroupACL(ctx, groupID); err != nil {
		return err
	}
	err := s.updateACL(ctx, groupID, acl)
	s.forgetACL(groupID)
	if err == nil {
		s.granted()
	}
	return err
}

// updateACL sends until it is known that the list is as wanted, within the client's limit of
// retries.
func (s *LakeFS) updateACL(ctx context.Context, groupID string, acl lakefsapi.ACL) error {
	for send := ctx; ; {
		_, err := permitted(send, &s.writer, done(func(ctx context.Context) error { return s.sendACL(ctx, groupID, acl) }))
		if !httpapi.OutcomeUnknown(err) {
			return err
		}
		stored, _, lookErr := s.GetGroupACL(ctx, groupID)
		switch {
		case lookErr == nil && stored == acl:
			return nil
		case lookErr != nil:
			return err
		}
		if send, err = s.client.AwaitRetry(ctx, err); err != nil {
			return err
		}
	}
}

// ReleaseGroupACL lets go of the access control list of a group, which stays as it is: lakeFS
// cannot delete one. This process may then set it anew, when it replaces the resource.
func (s *LakeFS) ReleaseGroupACL(groupID string) {
	s.claim(releasedACL(groupID))
	s.release(s.groupACL(groupID, lakefsapi.ACL{}).key())
}

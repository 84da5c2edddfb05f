// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// GetExternalPrincipal looks up a principal that may log in as a user. It is false when there
// is none, also where the principal may log in as another user.
func (s *LakeFS) GetExternalPrincipal(ctx context.Context, userID, principalID string) (lakefsapi.ExternalPrincipal, bool, error) {
	principal, ok, err := found(s.client.GetExternalPrincipal(ctx, principalID))
	if !ok || principal.UserID != userID {
		return lakefsapi.ExternalPrincipal{}, false, err
	}
	return principal, true, nil
}

// ListUserExternalPrincipals lists the external principals of a user.
func (s *LakeFS) ListUserExternalPrincipals(ctx context.Context, userID string, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.ExternalPrincipal, error] {
	return checked(func() error { return s.addressable(ctx, kindUser, userID) }, s.client.ListUserExternalPrincipals(ctx, userID, options))
}

func (s *LakeFS) externalPrincipal(userID, principalID string) object[lakefsapi.ExternalPrincipal] {
	return object[lakefsapi.ExternalPrincipal]{
		kind: kindExternal, id: userID + "/" + principalID,
		look: func(ctx context.Context) (lakefsapi.ExternalPrincipal, bool, error) {
			return s.GetExternalPrincipal(ctx, userID, principalID)
		},
		// A principal logs in as one user: that of another one is in the way, too.
		before: func(ctx context.Context) (lakefsapi.ExternalPrincipal, bool, error) {
			principal, ok, err := found(s.client.GetExternalPrincipal(ctx, principalID))
			if ok {
				err = &ExistsError{Kind: kindExternal, ID: principal.UserID + "/" + principalID}
			}
			return principal, false, err
		},
	}
}

// CreateExternalPrincipal lets a principal log in as a user.
func (s *LakeFS) CreateExternalPrincipal(ctx context.Context, principal lakefsapi.ExternalPrincipal) error {
	o := s.externalPrincipal(principal.UserID, principal.ID)
	_, err := create(ctx, &s.writer, o, func(ctx context.Context) (lakefsapi.ExternalPrincipal, error) {
		if err := s.addressable(ctx, kindUser, principal.UserID); err != nil {
			return lakefsapi.ExternalPrincipal{}, err
		}
		creation := lakefsapi.ExternalPrincipalCreation{Settings: principal.Settings}
		return principal, s.client.CreateUserExternalPrincipal(ctx, principal.UserID, principal.ID, creation)
	})
	return err
}

// DeleteExternalPrincipal takes a principal from a user. One that is gone is no error.
func (s *LakeFS) DeleteExternalPrincipal(ctx context.Context, userID, principalID string) error {
	return remove(ctx, &s.writer, s.externalPrincipal(userID, principalID), func(ctx context.Context) error {
		if err := s.addressable(ctx, kindUser, userID); err != nil {
			return err
		}
		return s.client.DeleteUserExternalPrincipal(ctx, userID, principalID)
	})
}

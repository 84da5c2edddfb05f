// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// addressable makes sure that a path with the id reaches the object of that id.
// Current versions of lakeFS read the "+" of an id in a path as a space: they then
// answer "not found", or, where an object of that other id exists, read, change or
// delete that one. So an id with "+" is first looked for in the listing and then
// read by its path. The error is a 404 when there is no such object, and a
// [StillListedError] when its path leads elsewhere. Other ids cost no request.
func (s *LakeFS) addressable(ctx context.Context, kind, id string) error {
	if !strings.Contains(id, "+") {
		return nil
	}
	listed, err := s.listed(ctx, kind, id)
	if err == nil && !listed {
		return absent(kind, id)
	}
	listErr := err
	if listErr == nil || lakefsapi.IsNotPermitted(listErr) {
		actual, found, err := s.idAtPath(ctx, kind, id)
		if err != nil || found && actual == id {
			return err
		}
	}
	if listErr != nil {
		return fmt.Errorf("current versions of lakeFS read the \"+\" of an id in a path as a space, so the %s %q has to be looked for in the listing, which failed: %w", kind, id, listErr)
	}
	return &StillListedError{Kind: kind, ID: id}
}

// listed tells whether the listing of a kind has an id.
func (s *LakeFS) listed(ctx context.Context, kind, id string) (found bool, err error) {
	switch kind {
	case kindUser:
		_, found, err = first(s.client.ListUsers(ctx, byID(id)), func(u lakefsapi.User) bool { return u.ID == id })
	case kindGroup:
		_, found, err = first(s.client.ListGroups(ctx, byID(id)), func(g lakefsapi.Group) bool { return g.ID == id })
	default:
		_, found, err = first(s.client.ListPolicies(ctx, byID(id)), func(p lakefsapi.Policy) bool { return p.ID == id })
	}
	return found, err
}

// idAtPath is the id of the object that the path of an id leads to. A group is
// known by its name, which is its id wherever an id can hold a "+".
func (s *LakeFS) idAtPath(ctx context.Context, kind, id string) (actual string, ok bool, err error) {
	switch kind {
	case kindUser:
		var user lakefsapi.User
		user, ok, err = found(s.client.GetUser(ctx, id))
		actual = user.ID
	case kindGroup:
		var group lakefsapi.Group
		group, ok, err = found(s.client.GetGroup(ctx, id))
		actual = group.Name
	default:
		var policy lakefsapi.Policy
		policy, ok, err = found(s.client.GetPolicy(ctx, id))
		actual = policy.ID
	}
	return actual, ok, err
}

// absent is what the server would answer for an id that does not exist.
func absent(kind, id string) error {
	return &httpapi.Error{
		Operation: "get " + kind, Method: http.MethodGet, Path: "the listing",
		Object: id, Status: http.StatusNotFound, Message: kind + " not found",
	}
}

// addressableEnds is addressable for the principal and the other end of an edge.
func (s *LakeFS) addressableEnds(ctx context.Context, principal Principal, kind, id string) error {
	if err := s.addressablePrincipal(ctx, principal); err != nil {
		return err
	}
	return s.addressable(ctx, kind, id)
}

func (s *LakeFS) addressablePrincipal(ctx context.Context, principal Principal) error {
	if principal.UserID != "" {
		return s.addressable(ctx, kindUser, principal.UserID)
	}
	return s.addressable(ctx, kindGroup, principal.GroupID)
}

// checked is a listing that begins with a check.
func checked[T any](check func() error, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := check(); err != nil {
			var none T
			yield(none, err)
			return
		}
		items(yield)
	}
}

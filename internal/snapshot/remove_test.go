// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		absent bool
		// fault happens to every DELETE, look to every look after it.
		fault, look happening
		status      int
		stays       bool
	}{
		{name: "at once"},
		{name: "gone", absent: true},
		{name: "answer lost after commit", fault: lose(true, io.ErrUnexpectedEOF)},
		{name: "bad gateway after commit", fault: badGateway(true)},
		{name: "bad gateway before commit", fault: badGateway(false), status: http.StatusBadGateway, stays: true},
		{
			name: "answer lost and not readable", fault: badGateway(true),
			look: notPermitted("auth:Read"), status: http.StatusBadGateway,
		},
		{name: "refused", fault: notPermitted("auth:Delete"), status: http.StatusUnauthorized, stays: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			forEachCreation(t, func(t *testing.T, c creation, w *world) {
				if c.options.GroupIDs != "" && (test.absent || test.look != nil) {
					return // its remove looks for the group itself
				}
				if !test.absent {
					must(t, c.beside(t.Context(), w.beside))
				}
				if test.fault != nil {
					w.network.breaks(fault{request: "DELETE ", times: -1, happen: test.fault})
				}
				if test.look != nil {
					w.network.breaks(fault{request: c.look, times: -1, happen: test.look})
				}
				err := c.remove(t.Context(), w.LakeFS)
				if httpapi.StatusOf(err) != test.status || (err != nil) != (test.status != 0) {
					t.Errorf("got error %v, want status %d", err, test.status)
				}
				if there := c.isThere(t, w); there != test.stays {
					t.Errorf("afterwards the object is there: %t, want %t", there, test.stays)
				}
			})
		})
	}
}

// Both ends of an edge may be gone before it.
func TestDeleteEdgeWithoutEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	if err := w.DeleteGroupMembership(t.Context(), "nogroup", "nouser"); err != nil {
		t.Errorf("DeleteGroupMembership: %v", err)
	}
	for _, principal := range []snapshot.Principal{{UserID: "nouser"}, {GroupID: "nogroup"}} {
		if err := w.DetachPolicy(t.Context(), principal, "nopolicy"); err != nil {
			t.Errorf("DetachPolicy of %s: %v", principal, err)
		}
	}
}

// plusObjects are the kinds whose ids may hold a "+".
var plusObjects = []struct {
	kind, list string
	create     func(context.Context, *lakefsapi.Client, string) error
	read       func(context.Context, *snapshot.LakeFS, string) (bool, error)
	remove     func(context.Context, *snapshot.LakeFS, string) error
}{
	{
		kind: "user", list: "GET /auth/users",
		create: func(ctx context.Context, c *lakefsapi.Client, id string) error {
			_, err := c.CreateUser(ctx, lakefsapi.UserCreation{ID: id})
			return err
		},
		read: func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
			_, ok, err := s.GetUser(ctx, id)
			return ok, err
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS, id string) error { return s.DeleteUser(ctx, id) },
	},
	{
		kind: "group", list: "GET /auth/groups",
		create: func(ctx context.Context, c *lakefsapi.Client, id string) error {
			_, err := c.CreateGroup(ctx, lakefsapi.GroupCreation{ID: id})
			return err
		},
		read: func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
			_, ok, err := s.GetGroup(ctx, id)
			return ok, err
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS, id string) error { return s.DeleteGroup(ctx, id, id) },
	},
	{
		kind: "policy", list: "GET /auth/policies",
		create: func(ctx context.Context, c *lakefsapi.Client, id string) error {
			_, err := c.CreatePolicy(ctx, readAll(id))
			return err
		},
		read: func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
			_, ok, err := s.GetPolicy(ctx, id)
			return ok, err
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS, id string) error { return s.DeletePolicy(ctx, id) },
	},
}

// lakeFS 1.84 loses a "+" on the way to its auth server: such an object can be
// created and listed, but every other request for it is answered 404.
func TestObjectsWithPlusInTheirID(t *testing.T) {
	t.Parallel()
	const id = "a+b"
	for _, object := range plusObjects {
		t.Run(object.kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			if ok, err := object.read(t.Context(), w.LakeFS, id); ok || err != nil {
				t.Errorf("before the create: found %t and error %v, want nothing", ok, err)
			}
			if err := object.remove(t.Context(), w.LakeFS, id); err != nil {
				t.Errorf("delete of what is not listed either: %v", err)
			}
			must(t, object.create(t.Context(), w.beside, id))
			if ok, err := object.read(t.Context(), w.LakeFS, id); !ok || err != nil {
				t.Errorf("after the create: found %t and error %v, want the object", ok, err)
			}
			err := object.remove(t.Context(), w.LakeFS, id)
			var listed *snapshot.StillListedError
			if !errors.As(err, &listed) {
				t.Fatalf("delete: got error %v, want a StillListedError", err)
			}
			if listed.Kind != object.kind || listed.ID != id || lakefsapi.IsNotFound(err) {
				t.Errorf("the error is about the %s %q: %v", listed.Kind, listed.ID, err)
			}
		})
		t.Run(object.kind+" that cannot be listed", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			must(t, object.create(t.Context(), w.beside, id))
			w.network.breaks(fault{request: object.list, times: -1, happen: answer(http.StatusInternalServerError, "broken")})
			err := object.remove(t.Context(), w.LakeFS, id)
			if httpapi.StatusOf(err) != http.StatusInternalServerError || !strings.Contains(err.Error(), id) {
				t.Errorf("delete: got error %v, want why nothing could be found out about %q", err, id)
			}
		})
		t.Run(object.kind+" on 0.97", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{Dialect: "0.97"})
			must(t, object.create(t.Context(), w.beside, id))
			if err := object.remove(t.Context(), w.LakeFS, id); err != nil {
				t.Errorf("delete: %v", err)
			}
			if ok, err := object.read(t.Context(), w.LakeFS, id); ok || err != nil {
				t.Errorf("after the delete: found %t and error %v, want nothing", ok, err)
			}
		})
	}
}

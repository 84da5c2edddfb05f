// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Where an object "a b" exists, lakeFS 1.84 takes it for "a+b" in every path. A
// change of "a+b" must reach neither.
func TestNothingReachesTheTwinOfAnIDWithPlus(t *testing.T) {
	t.Parallel()
	const plus, twin = "a+b", "a b"
	changes := map[string]func(context.Context, *snapshot.LakeFS) error{
		"delete user":   func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeleteUser(ctx, plus) },
		"delete group":  func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeleteGroup(ctx, plus, plus) },
		"delete policy": func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeletePolicy(ctx, plus) },
		"update policy": func(ctx context.Context, s *snapshot.LakeFS) error {
			_, err := s.UpdatePolicy(ctx, plus, readAll(plus))
			return err
		},
		"add user":     func(ctx context.Context, s *snapshot.LakeFS) error { return s.AddGroupMembership(ctx, "g", plus) },
		"add to group": func(ctx context.Context, s *snapshot.LakeFS) error { return s.AddGroupMembership(ctx, plus, "u") },
		"remove user":  func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeleteGroupMembership(ctx, "g", plus) },
		"attach to user": func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.AttachPolicy(ctx, snapshot.Principal{UserID: plus}, "p")
		},
		"attach policy to group": func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.AttachPolicy(ctx, snapshot.Principal{GroupID: "g"}, plus)
		},
		"detach from group": func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DetachPolicy(ctx, snapshot.Principal{GroupID: plus}, "p")
		},
		"create key": func(ctx context.Context, s *snapshot.LakeFS) error {
			_, _, err := s.CreateCredentials(ctx, plus)
			return err
		},
		"revoke key": func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DeleteCredentials(ctx, plus, "AKIAJAAAAAAAAAAAAAAA")
		},
		"list keys": func(ctx context.Context, s *snapshot.LakeFS) error {
			for _, err := range s.ListUserCredentials(ctx, plus, lakefsapi.ListOptions{}) {
				return err
			}
			return nil
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			for _, object := range plusObjects {
				for _, id := range []string{plus, twin} {
					must(t, object.create(t.Context(), w.beside, id))
				}
			}
			for _, err := range []error{
				plusObjects[0].create(t.Context(), w.beside, "u"),
				plusObjects[1].create(t.Context(), w.beside, "g"),
				plusObjects[2].create(t.Context(), w.beside, "p"),
			} {
				must(t, err)
			}
			err := change(t.Context(), w.LakeFS)
			if _, ok := errors.AsType[*snapshot.StillListedError](err); !ok || lakefsapi.IsNotFound(err) {
				t.Errorf("got error %v, want a StillListedError", err)
			}
			for _, write := range []string{"PUT ", "POST ", "DELETE "} {
				if diff := cmp.Diff(0, len(w.network.requests(write))); diff != "" {
					t.Errorf("%srequests (-want +got):\n%s", write, diff)
				}
			}
		})
	}
}

// A read of "a+b" must not answer with "a b".
func TestReadsTellTwinsApart(t *testing.T) {
	t.Parallel()
	for _, object := range plusObjects {
		t.Run(object.kind, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			must(t, object.create(t.Context(), w.beside, "a b"))
			if ok, err := object.read(t.Context(), w.LakeFS, "a+b"); ok || err != nil {
				t.Errorf("found %t and error %v, want nothing", ok, err)
			}
			if err := object.remove(t.Context(), w.LakeFS, "a+b"); err != nil {
				t.Errorf("delete of what is not there: %v", err)
			}
			if ok, err := object.read(t.Context(), w.LakeFS, "a b"); !ok || err != nil {
				t.Errorf("the other one: found %t and error %v, want it", ok, err)
			}
		})
	}
}

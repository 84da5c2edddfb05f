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

// edgeSetCase is a kind of set of which an administrator holds one, with one edge that can be
// added and the operations of a resource that manages that edge alone.
type edgeSetCase struct {
	set           func(*snapshot.LakeFS) *snapshot.EdgeSet
	gone          func(*snapshot.LakeFS) *snapshot.EdgeSet
	had           []string
	id            string
	alone, beside func(context.Context, *world) error
	claimed       [2]snapshot.ClaimedError // of the edge, and of the set
}

var edgeSets = map[string]edgeSetCase{
	"members": {
		set: func(s *snapshot.LakeFS) *snapshot.EdgeSet { return s.GroupMembers("Viewers") }, gone: func(s *snapshot.LakeFS) *snapshot.EdgeSet { return s.GroupMembers("None") },
		had: []string{}, id: "admin",
		alone:   func(ctx context.Context, w *world) error { return w.AddGroupMembership(ctx, "Viewers", "admin") },
		beside:  func(ctx context.Context, w *world) error { return w.beside.AddGroupMembership(ctx, "Viewers", "admin") },
		claimed: [2]snapshot.ClaimedError{{Kind: "group membership", ID: "Viewers/admin"}, {Kind: "members of the group", ID: "Viewers"}},
	},
	"policies of a user": {
		set: func(s *snapshot.LakeFS) *snapshot.EdgeSet { return s.AttachedPolicies(admin) }, gone: func(s *snapshot.LakeFS) *snapshot.EdgeSet {
			return s.AttachedPolicies(snapshot.Principal{UserID: "none"})
		},
		had: []string{}, id: "FSReadAll",
		alone: func(ctx context.Context, w *world) error { return w.AttachPolicy(ctx, admin, "FSReadAll") },
		beside: func(ctx context.Context, w *world) error {
			return w.beside.AttachPolicyToUser(ctx, "admin", "FSReadAll")
		},
		claimed: [2]snapshot.ClaimedError{{Kind: "policy attachment", ID: "user/admin/FSReadAll"}, {Kind: "policies of", ID: "user/admin"}},
	},
	"policies of a group": {
		set: func(s *snapshot.LakeFS) *snapshot.EdgeSet { return s.AttachedPolicies(admins) }, gone: func(s *snapshot.LakeFS) *snapshot.EdgeSet {
			return s.AttachedPolicies(snapshot.Principal{GroupID: "None"})
		},
		had: []string{"AuthFullAccess", "CatalogReadWriteAll", "FSFullAccess", "RepoManagementFullAccess"}, id: "FSReadAll",
		alone: func(ctx context.Context, w *world) error { return w.AttachPolicy(ctx, admins, "FSReadAll") },
		beside: func(ctx context.Context, w *world) error {
			return w.beside.AttachPolicyToGroup(ctx, "Admins", "FSReadAll")
		},
		claimed: [2]snapshot.ClaimedError{{Kind: "policy attachment", ID: "group/Admins/FSReadAll"}, {Kind: "policies of", ID: "group/Admins"}},
	},
}

// forEachEdgeSet runs a test in a world of its own for every kind of set.
func forEachEdgeSet(t *testing.T, test func(*testing.T, edgeSetCase, *world)) {
	t.Helper()
	for name, c := range edgeSets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, c, newWorld(t, localserver.Options{}))
		})
	}
}

func wantIDs(t *testing.T, set *snapshot.EdgeSet, want []string) {
	t.Helper()
	got, found, err := set.IDs(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || !found || err != nil {
		t.Errorf("found %t, error %v, ids (-want +got):\n%s", found, err, diff)
	}
}

func wantClaimed(t *testing.T, err error, want snapshot.ClaimedError) {
	t.Helper()
	got, ok := errors.AsType[*snapshot.ClaimedError](err)
	if !ok || *got != want {
		t.Errorf("error %v, want %v", err, &want)
	}
}

// An edge that somebody has made meanwhile is what was wanted, and one that is gone is gone.
func TestEdgeSet(t *testing.T) {
	t.Parallel()
	forEachEdgeSet(t, func(t *testing.T, c edgeSetCase, w *world) {
		set := c.set(w.LakeFS)
		must(t, set.Hold())
		wantIDs(t, set, c.had)
		must(t, c.beside(t.Context(), w))
		for range 2 {
			if err := set.Add(t.Context(), c.id); err != nil {
				t.Errorf("adding what is there: %v", err)
			}
		}
		for range 2 {
			if err := set.Remove(t.Context(), c.id); err != nil {
				t.Errorf("removing: %v", err)
			}
		}
		if err := set.Add(t.Context(), c.id); err != nil {
			t.Errorf("adding: %v", err)
		}
		if err := set.Free(c.id); err != nil {
			t.Errorf("an edge of the set itself is not free: %v", err)
		}
		if got, found, err := c.gone(w.LakeFS).IDs(t.Context()); len(got) > 0 || found || err != nil {
			t.Errorf("of what is gone: %v, found %t, error %v", got, found, err)
		}
	})
}

// Who holds a set shares it with no other resource of the process, whichever comes first.
func TestEdgeSetIsHeld(t *testing.T) {
	t.Parallel()
	forEachEdgeSet(t, func(t *testing.T, c edgeSetCase, w *world) {
		must(t, c.set(w.LakeFS).Hold())
		wantClaimed(t, c.set(w.LakeFS).Hold(), c.claimed[1])
		wantClaimed(t, c.alone(t.Context(), w), c.claimed[1])
		if written := w.network.requests("PUT"); len(written) > 0 {
			t.Errorf("sent %v", written)
		}
	})
	forEachEdgeSet(t, func(t *testing.T, c edgeSetCase, w *world) {
		must(t, c.alone(t.Context(), w))
		set := c.set(w.LakeFS)
		must(t, set.Hold())
		wantClaimed(t, set.Free(c.id), c.claimed[0])
		wantClaimed(t, set.Add(t.Context(), c.id), c.claimed[0])
		wantClaimed(t, set.Remove(t.Context(), c.id), c.claimed[0])
		if deleted := w.network.requests("DELETE"); len(deleted) > 0 {
			t.Errorf("sent %v", deleted)
		}
	})
}

// That a set is managed both whole and by its edges is told once, in either order.
func TestEdgeSetManagedTwice(t *testing.T) {
	t.Parallel()
	forEachEdgeSet(t, func(t *testing.T, c edgeSetCase, w *world) {
		whole, alone := c.set(w.LakeFS).ManagedWhole, c.set(w.LakeFS).ManagedAlone
		got := []bool{alone(), alone(), whole(), whole(), alone()}
		if diff := cmp.Diff([]bool{false, false, true, false, false}, got); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if c.gone(w.LakeFS).ManagedWhole() {
			t.Error("told of another set")
		}
	})
}

// Who may not list is told so, and does not take the set for empty.
func TestEdgeSetUnlisted(t *testing.T) {
	t.Parallel()
	forEachEdgeSet(t, func(t *testing.T, c edgeSetCase, w *world) {
		w.network.breaks(fault{request: "GET", times: 9, happen: notPermitted("auth:Read")})
		if ids, found, err := c.set(w.LakeFS).IDs(t.Context()); !lakefsapi.IsNotPermitted(err) {
			t.Errorf("ids %v, found %t, error %v, want a refusal", ids, found, err)
		}
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// creation is one kind of object: how it is made, and what that takes.
type creation struct {
	name    string
	options localserver.Options
	// write and look are the beginnings of the requests that make the object and
	// look for it.
	write, look string
	// create and remove go through the snapshot, create answers what was made.
	create func(context.Context, *snapshot.LakeFS) (string, error)
	remove func(context.Context, *snapshot.LakeFS) error
	// beside makes the same object past the snapshot.
	beside func(context.Context, *lakefsapi.Client) error
	// exists is the error when the object is there already.
	exists snapshot.ExistsError
}

func membershipOf(group, user string) func(context.Context, *snapshot.LakeFS) (string, error) {
	return func(ctx context.Context, s *snapshot.LakeFS) (string, error) {
		return "", s.AddGroupMembership(ctx, group, user)
	}
}

func attachmentTo(principal snapshot.Principal, policy string) func(context.Context, *snapshot.LakeFS) (string, error) {
	return func(ctx context.Context, s *snapshot.LakeFS) (string, error) {
		return "", s.AttachPolicy(ctx, principal, policy)
	}
}

func newGroup(ctx context.Context, s *snapshot.LakeFS) (string, error) {
	group, err := s.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "new", Description: "made"})
	return group.Name, err
}

func besideGroup(ctx context.Context, c *lakefsapi.Client) error {
	_, err := c.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "new"})
	return err
}

// removeGroupNamed deletes a group whose id the server has chosen.
func removeGroupNamed(ctx context.Context, s *snapshot.LakeFS) error {
	group, _, err := s.GetGroupByName(ctx, "new")
	if err != nil {
		return err
	}
	return s.DeleteGroup(ctx, group.ID, group.Name)
}

// principalARN is the id of an external principal.
const principalARN = "arn:aws:sts::1:assumed-role/x/y"

// creations are all kinds of objects that the snapshot creates, but credentials.
// The ends of edges are what lakeFS is set up with.
var creations = []creation{
	{
		name: "user", write: "POST /auth/users", look: "GET /auth/users",
		create: func(ctx context.Context, s *snapshot.LakeFS) (string, error) {
			user, err := s.CreateUser(ctx, lakefsapi.UserCreation{ID: "new"})
			return user.ID, err
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeleteUser(ctx, "new") },
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			_, err := c.CreateUser(ctx, lakefsapi.UserCreation{ID: "new"})
			return err
		},
		exists: snapshot.ExistsError{Kind: "user", ID: "new"},
	},
	{
		name: "group", write: "POST /auth/groups", look: "GET /auth/groups",
		create: newGroup, beside: besideGroup,
		remove: func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeleteGroup(ctx, "new", "new") },
		exists: snapshot.ExistsError{Kind: "group", ID: "new"},
	},
	{
		name: "group with a generated id", write: "POST /auth/groups", look: "GET /auth/groups",
		options: localserver.Options{GroupIDs: "generated"},
		create:  newGroup, beside: besideGroup, remove: removeGroupNamed,
		exists: snapshot.ExistsError{Kind: "group", ID: "new"},
	},
	{
		name: "policy", write: "POST /auth/policies", look: "GET /auth/policies",
		create: func(ctx context.Context, s *snapshot.LakeFS) (string, error) {
			policy, err := s.CreatePolicy(ctx, readAll("new"))
			return policy.ID, err
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS) error { return s.DeletePolicy(ctx, "new") },
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			_, err := c.CreatePolicy(ctx, readAll("new"))
			return err
		},
		exists: snapshot.ExistsError{Kind: "policy", ID: "new"},
	},
	{
		name: "group membership", write: "PUT /auth/groups/Viewers/members/admin", look: "GET /auth/groups/Viewers/members",
		create: membershipOf("Viewers", "admin"),
		remove: func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DeleteGroupMembership(ctx, "Viewers", "admin")
		},
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			return c.AddGroupMembership(ctx, "Viewers", "admin")
		},
		exists: snapshot.ExistsError{Kind: "group membership", ID: "Viewers/admin"},
	},
	{
		name: "policy attachment of a user", write: "PUT /auth/users/admin/policies/FSReadAll", look: "GET /auth/users/admin/policies",
		create: attachmentTo(snapshot.Principal{UserID: "admin"}, "FSReadAll"),
		remove: func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DetachPolicy(ctx, snapshot.Principal{UserID: "admin"}, "FSReadAll")
		},
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			return c.AttachPolicyToUser(ctx, "admin", "FSReadAll")
		},
		exists: snapshot.ExistsError{Kind: "policy attachment", ID: "user/admin/FSReadAll"},
	},
	{
		name: "policy attachment of a group", write: "PUT /auth/groups/Admins/policies/FSReadAll", look: "GET /auth/groups/Admins/policies",
		create: attachmentTo(snapshot.Principal{GroupID: "Admins"}, "FSReadAll"),
		remove: func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DetachPolicy(ctx, snapshot.Principal{GroupID: "Admins"}, "FSReadAll")
		},
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			return c.AttachPolicyToGroup(ctx, "Admins", "FSReadAll")
		},
		exists: snapshot.ExistsError{Kind: "policy attachment", ID: "group/Admins/FSReadAll"},
	},
	{
		name: "external principal", options: localserver.Options{ExternalPrincipals: true},
		write: "POST /auth/users/admin/external/principals", look: "GET /auth/external/principals",
		create: func(ctx context.Context, s *snapshot.LakeFS) (string, error) {
			return "", s.CreateExternalPrincipal(ctx, lakefsapi.ExternalPrincipal{ID: principalARN, UserID: "admin"})
		},
		remove: func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.DeleteExternalPrincipal(ctx, "admin", principalARN)
		},
		beside: func(ctx context.Context, c *lakefsapi.Client) error {
			return c.CreateUserExternalPrincipal(ctx, "admin", principalARN, lakefsapi.ExternalPrincipalCreation{})
		},
		exists: snapshot.ExistsError{Kind: "external principal", ID: "admin/" + principalARN},
	},
}

// forEachCreation runs a test in a world of its own for every kind of object.
func forEachCreation(t *testing.T, test func(*testing.T, creation, *world)) {
	t.Helper()
	for _, c := range creations {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			test(t, c, newWorld(t, c.options))
		})
	}
}

// isThere tells whether an object exists: the server then refuses another one.
func (c creation) isThere(t *testing.T, w *world) bool {
	t.Helper()
	err := c.beside(t.Context(), w.beside)
	if err != nil && !lakefsapi.IsAlreadyExists(err) {
		t.Fatalf("asking the server: %v", err)
	}
	return err != nil
}

// wantMade fails unless a create succeeded and its object exists.
func (c creation) wantMade(t *testing.T, w *world, made string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	if made != "" && made != c.exists.ID {
		t.Errorf("create returned %q, want %q", made, c.exists.ID)
	}
	if !c.isThere(t, w) {
		t.Error("create returned no error, but the object does not exist")
	}
}

// wantExists fails unless an error says that the object exists.
func (c creation) wantExists(t *testing.T, err error) {
	t.Helper()
	var exists *snapshot.ExistsError
	if !errors.As(err, &exists) {
		t.Fatalf("got error %v, want an ExistsError", err)
	}
	if diff := cmp.Diff(c.exists, *exists); diff != "" {
		t.Errorf("ExistsError (-want +got):\n%s", diff)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
		if diff := cmp.Diff(1, len(w.network.requests(c.write))); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	})
}

func TestCreateTakesNothingOver(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		must(t, c.beside(t.Context(), w.beside))
		_, err := c.create(t.Context(), w.LakeFS)
		c.wantExists(t, err)
		if sent := w.network.requests(c.write); len(sent) != 0 {
			t.Errorf("something was written: %v", sent)
		}
	})
}

func TestCreateTwice(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		_, err := c.create(t.Context(), w.LakeFS)
		must(t, err)
		_, err = c.create(t.Context(), w.LakeFS)
		var claimed *snapshot.ClaimedError
		if !errors.As(err, &claimed) {
			t.Fatalf("second create: got error %v, want a ClaimedError", err)
		}
		if diff := cmp.Diff(snapshot.ClaimedError{Kind: c.exists.Kind, ID: c.exists.ID}, *claimed); diff != "" {
			t.Errorf("ClaimedError (-want +got):\n%s", diff)
		}
		must(t, c.remove(t.Context(), w.LakeFS))
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
	})
}

func TestCreateByManyAtOnce(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		const callers = 16
		results := make([]error, callers)
		var wait sync.WaitGroup
		for i := range callers {
			wait.Go(func() { _, results[i] = c.create(t.Context(), w.LakeFS) })
		}
		wait.Wait()
		made := 0
		for _, err := range results {
			var claimed *snapshot.ClaimedError
			switch {
			case err == nil:
				made++
			case !errors.As(err, &claimed):
				t.Errorf("got error %v, want a ClaimedError", err)
			}
		}
		if made != 1 {
			t.Errorf("%d callers made the object, want 1", made)
		}
	})
}

func TestCreateRefused(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: 1, happen: answer(http.StatusBadRequest, "no such thing")})
		_, err := c.create(t.Context(), w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusBadRequest {
			t.Errorf("got error %v, want the server's 400", err)
		}
		if len(w.clock.sleeps()) != 0 {
			t.Error("a plain refusal was tried again")
		}
		// Nobody holds the object now, so another resource may create it.
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
	})
}

func TestCreateWithoutKnowingWhatIsThere(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.look, times: 1, happen: answer(http.StatusInternalServerError, "broken")})
		_, err := c.create(t.Context(), w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusInternalServerError {
			t.Errorf("got error %v, want the server's 500", err)
		}
		if sent := w.network.requests(c.write); len(sent) != 0 {
			t.Errorf("something was written: %v", sent)
		}
	})
}

// A caller that may write but not read is served as far as that can go.
func TestCreateWithoutRightToLook(t *testing.T) {
	t.Parallel()
	blind := func(c creation, w *world) {
		w.network.breaks(fault{request: c.look, times: -1, happen: notPermitted("auth:Read")})
	}
	t.Run("absent", func(t *testing.T) {
		t.Parallel()
		forEachCreation(t, func(t *testing.T, c creation, w *world) {
			blind(c, w)
			made, err := c.create(t.Context(), w.LakeFS)
			c.wantMade(t, w, made, err)
		})
	})
	t.Run("there", func(t *testing.T) {
		t.Parallel()
		forEachCreation(t, func(t *testing.T, c creation, w *world) {
			blind(c, w)
			must(t, c.beside(t.Context(), w.beside))
			_, err := c.create(t.Context(), w.LakeFS)
			c.wantExists(t, err)
		})
	})
	// What is seen only afterwards may have been there before.
	t.Run("answer lost, then there", func(t *testing.T) {
		t.Parallel()
		forEachCreation(t, func(t *testing.T, c creation, w *world) {
			must(t, c.beside(t.Context(), w.beside))
			w.network.breaks(
				fault{request: c.write, times: 1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
					w.network.heals()
					return badGateway(false)(r, deliver)
				}},
			)
			blind(c, w)
			_, err := c.create(t.Context(), w.LakeFS)
			wantUnresolved(t, err, c.exists.Kind, c.exists.ID)
		})
	})
	t.Run("answer lost", func(t *testing.T) {
		t.Parallel()
		forEachCreation(t, func(t *testing.T, c creation, w *world) {
			blind(c, w)
			w.network.breaks(fault{request: c.write, times: 1, happen: badGateway(true)})
			_, err := c.create(t.Context(), w.LakeFS)
			wantUnresolved(t, err, c.exists.Kind, c.exists.ID)
			if !lakefsapi.IsNotPermitted(unresolved(err).Look) {
				t.Errorf("Look is %v, want why the server could not be asked", unresolved(err).Look)
			}
			if len(w.network.requests(c.write)) != 1 {
				t.Error("the write was sent again although its outcome is unknown")
			}
		})
	})
}

func unresolved(err error) *snapshot.UnresolvedError {
	found, _ := errors.AsType[*snapshot.UnresolvedError](err)
	return found
}

func wantUnresolved(t *testing.T, err error, kind, id string) {
	t.Helper()
	got := unresolved(err)
	if got == nil {
		t.Fatalf("got error %v, want an UnresolvedError", err)
	}
	if got.Kind != kind || got.ID != id {
		t.Errorf("UnresolvedError is about the %s %q, want the %s %q", got.Kind, got.ID, kind, id)
	}
	if !httpapi.OutcomeUnknown(got.Err) {
		t.Errorf("Err is %v, want the write whose outcome is unknown", got.Err)
	}
}

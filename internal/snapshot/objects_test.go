// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func TestCreateOnServerWithoutRBAC(t *testing.T) {
	t.Parallel()
	for _, c := range creations {
		if c.options.GroupIDs != "" {
			continue // such a server has no groups
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{RBAC: "none"})
			_, err := c.create(t.Context(), w.LakeFS)
			var noRBAC *snapshot.NoRBACError
			switch {
			case errors.As(err, &noRBAC):
				if httpapi.StatusOf(err) != http.StatusConflict {
					t.Errorf("the cause is %v, want the server's 409", errors.Unwrap(err))
				}
			case c.name == "user":
				t.Errorf("got error %v, want a NoRBACError", err)
			case !lakefsapi.IsNotImplemented(err):
				t.Errorf("got error %v, want the server's 501", err)
			}
		})
	}
}

func TestCreateConflictThatCannotBeExplained(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: 1, happen: func(*http.Request, func() *http.Response) (*http.Response, error) {
			w.network.breaks(fault{request: c.look, times: -1, happen: answer(http.StatusInternalServerError, "broken")})
			return answer(http.StatusConflict, "Already exists")(nil, nil)
		}})
		_, err := c.create(t.Context(), w.LakeFS)
		c.wantExists(t, err)
	})
}

// Where the server chooses the ids, a caller that may not list cannot find a
// group by its name; the server's 409 is all there is to know that it exists.
func TestCreateGroupThatCannotBeFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{GroupIDs: "generated"})
	must(t, besideGroup(t.Context(), w.beside))
	w.network.breaks(
		fault{request: "GET /auth/groups/new", times: -1, happen: pass},
		fault{request: "GET /auth/groups", times: -1, happen: notPermitted("auth:ListGroups")},
	)
	_, err := newGroup(t.Context(), w.LakeFS)
	var exists *snapshot.ExistsError
	if !errors.As(err, &exists) || exists.ID != "new" {
		t.Errorf("got error %v, want an ExistsError of the group", err)
	}
}

func TestInviteUser(t *testing.T) {
	t.Parallel()
	const id = "ada@example.com"
	for _, test := range []struct {
		name      string
		dialect   string
		faults    []fault
		uninvited bool
	}{
		{name: "sent", dialect: "1.84"},
		{name: "no mail server", dialect: "0.97", uninvited: true},
		{
			name: "sent at the second attempt", dialect: "1.84",
			faults: []fault{{request: "POST /auth/users", times: 1, happen: answer(http.StatusInternalServerError, "out of order")}},
		},
		{
			name: "no mail server, second write refused", dialect: "0.97", uninvited: true,
			faults: []fault{{request: "GET /auth/users", times: 2, happen: reply(false, http.StatusOK, "application/json",
				`{"pagination":{"has_more":false,"next_offset":""},"results":[]}`)}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{Dialect: test.dialect})
			w.network.breaks(test.faults...)
			user, err := w.CreateUser(t.Context(), lakefsapi.UserCreation{ID: id, InviteUser: true})
			if user.ID != id {
				t.Errorf("CreateUser returned the user %q, want %q", user.ID, id)
			}
			var uninvited *snapshot.InvitationError
			if errors.As(err, &uninvited) != test.uninvited || err != nil && !test.uninvited {
				t.Errorf("got error %v, want an InvitationError: %t", err, test.uninvited)
			}
			if test.uninvited && httpapi.StatusOf(err) != http.StatusInternalServerError {
				t.Errorf("the cause is %v, want the server's 500", errors.Unwrap(err))
			}
			if _, ok, err := w.GetUser(t.Context(), id); err != nil || !ok {
				t.Errorf("GetUser found %t and error %v, want the user", ok, err)
			}
		})
	}
}

func TestCreateGroupWithGeneratedID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{GroupIDs: "generated"})
	w.network.breaks(fault{request: "POST /auth/groups", times: 1, happen: lose(true, io.ErrUnexpectedEOF)})
	made, err := w.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "analysts", Description: "made"})
	must(t, err)
	if made.ID == "analysts" || made.Name != "analysts" {
		t.Errorf("CreateGroup returned id %q and name %q, want an id of the server's own and the name analysts", made.ID, made.Name)
	}
	byID, ok, err := w.GetGroup(t.Context(), made.ID)
	if err != nil || !ok {
		t.Fatalf("GetGroup found %t and error %v, want the group", ok, err)
	}
	byName, ok, err := w.GetGroupByName(t.Context(), "analysts")
	if err != nil || !ok {
		t.Fatalf("GetGroupByName found %t and error %v, want the group", ok, err)
	}
	if diff := cmp.Diff(byID, byName); diff != "" {
		t.Errorf("GetGroupByName differs from GetGroup (-by id +by name):\n%s", diff)
	}
	must(t, w.DeleteGroup(t.Context(), made.ID, made.Name))
	again, err := w.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "analysts"})
	if err != nil || again.ID == made.ID {
		t.Errorf("CreateGroup after a delete returned id %q and error %v, want a new id", again.ID, err)
	}
}

func TestUpdatePolicyThatCannotBeAddressed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	_, err := w.beside.CreatePolicy(t.Context(), readAll("p+q"))
	must(t, err)
	_, err = w.UpdatePolicy(t.Context(), "p+q", readAll("p+q"))
	if _, ok := errors.AsType[*snapshot.StillListedError](err); !ok {
		t.Errorf("got %v, want a StillListedError", err)
	}
	if diff := cmp.Diff(0, len(w.network.requests("PUT /auth/policies/p%2Bq"))); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestUpdatePolicy(t *testing.T) {
	t.Parallel()
	const write = "PUT /auth/policies/p"
	falseNotFound, broken := answer(http.StatusNotFound, "not found"), answer(http.StatusInternalServerError, "broken")
	for _, test := range []struct {
		name   string
		absent bool
		once   bool // nothing may be sent again
		faults []fault
		status int
		writes int
	}{
		{name: "at once", writes: 1},
		{name: "404 although it is there", writes: 3, faults: []fault{{request: write, times: 2, happen: falseNotFound}}},
		{name: "404 for ever", writes: 5, status: 404, faults: []fault{{request: write, times: -1, happen: falseNotFound}}},
		{name: "not there", absent: true, writes: 1, status: 404},
		{name: "404 and not readable", writes: 1, status: 404, faults: []fault{
			{request: write, times: 1, happen: falseNotFound},
			{request: "GET /auth/policies/p", times: 1, happen: notPermitted("auth:ReadPolicy")},
		}},
		{name: "answer lost after commit", writes: 2, faults: []fault{{request: write, times: 1, happen: lose(true, io.ErrUnexpectedEOF)}}},
		{name: "answer lost before commit", writes: 2, faults: []fault{{request: write, times: 1, happen: badGateway(false)}}},
		{name: "refused", writes: 1, status: 400, faults: []fault{{request: write, times: 1, happen: answer(http.StatusBadRequest, "no")}}},
		{name: "answer never from the server", writes: 1 + maxRetries, status: 502, faults: []fault{{request: write, times: -1, happen: badGateway(false)}}},
		{name: "server always broken", writes: 1 + maxRetries, status: 500, faults: []fault{{request: write, times: -1, happen: broken}}},
		{name: "server broken once", writes: 2, faults: []fault{{request: write, times: 1, happen: broken}}},
		{name: "answer not from the API, done", writes: 1, faults: []fault{{request: write, times: -1, happen: notFromTheAPI(true)}}},
		{name: "answer not from the API, not done", writes: 1, status: 201, faults: []fault{{request: write, times: -1, happen: notFromTheAPI(false)}}},
		{name: "no retries, 404 although it is there", once: true, writes: 3, faults: []fault{{request: write, times: 2, happen: falseNotFound}}},
		{name: "no retries, answer lost after commit", once: true, writes: 1, faults: []fault{{request: write, times: -1, happen: lose(true, io.ErrUnexpectedEOF)}}},
		{name: "no retries, answer lost before commit", once: true, writes: 1, status: 502, faults: []fault{{request: write, times: -1, happen: badGateway(false)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			if test.once {
				w = newWorldRetrying(t, localserver.Options{}, 0)
			}
			if !test.absent {
				_, err := w.beside.CreatePolicy(t.Context(), readAll("p"))
				must(t, err)
			}
			w.network.breaks(test.faults...)
			wanted := lakefsapi.Policy{ID: "p", Statement: []lakefsapi.Statement{{Effect: "deny", Action: []string{"fs:*"}, Resource: "*"}}}
			updated, err := w.UpdatePolicy(t.Context(), "p", wanted)
			if diff := cmp.Diff(test.status, httpapi.StatusOf(err)); diff != "" {
				t.Errorf("status of error %v (-want +got):\n%s", err, diff)
			}
			if diff := cmp.Diff(test.writes, len(w.network.requests(write))); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
			if test.status != 0 {
				return
			}
			if diff := cmp.Diff(wanted.Statement, updated.Statement); diff != "" {
				t.Errorf("UpdatePolicy (-want +got):\n%s", diff)
			}
			stored, err := w.beside.GetPolicy(t.Context(), "p")
			must(t, err)
			if diff := cmp.Diff(wanted.Statement, stored.Statement); diff != "" {
				t.Errorf("stored policy (-want +got):\n%s", diff)
			}
		})
	}
}

// lakeFS answers a read of a deleted user from its cache; the listing knows.
func TestGetUserDeletedAMomentAgo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{AuthCache: 20 * time.Second})
	_, err := w.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "gone"})
	must(t, err)
	must(t, w.DeleteUser(t.Context(), "gone"))
	if _, err := w.beside.GetUser(t.Context(), "gone"); err != nil {
		t.Fatalf("the server does not read from its cache: %v", err)
	}
	if _, ok, err := w.GetUser(t.Context(), "gone"); ok || err != nil {
		t.Errorf("GetUser found %t and error %v, want nothing", ok, err)
	}
}

// An exact id sorts before all ids that it is a prefix of, and an id that is
// only a prefix of others is none.
func TestGetAmongSimilarIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	for _, id := range []string{"ab", "abc", "ab-c"} {
		_, err := w.beside.CreateUser(t.Context(), lakefsapi.UserCreation{ID: id})
		must(t, err)
		must(t, w.beside.AddGroupMembership(t.Context(), "Viewers", id))
		_, err = w.beside.CreatePolicy(t.Context(), readAll(id))
		must(t, err)
		must(t, w.beside.AttachPolicyToGroup(t.Context(), "Viewers", id))
	}
	for id, want := range map[string]bool{"ab": true, "abc": true, "ab-c": true, "a": false, "AB": false, "abcd": false} {
		user, ok, err := w.GetUser(t.Context(), id)
		if err != nil || ok != want || want && user.ID != id {
			t.Errorf("GetUser(%q) returned %q, found %t and error %v, want found %t", id, user.ID, ok, err, want)
		}
		if ok, err := w.GetGroupMembership(t.Context(), "Viewers", id); err != nil || ok != want {
			t.Errorf("GetGroupMembership(%q) found %t and error %v, want %t", id, ok, err, want)
		}
		if ok, err := w.GetPolicyAttachment(t.Context(), snapshot.Principal{GroupID: "Viewers"}, id); err != nil || ok != want {
			t.Errorf("GetPolicyAttachment(%q) found %t and error %v, want %t", id, ok, err, want)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// crowd is a seed with so many users, user-0001 and so on, in the group Crowd.
func crowd(users int) io.Reader {
	var ids, members []string
	for i := 1; i <= users; i++ {
		ids = append(ids, fmt.Sprintf(`{"id":"user-%04d"}`, i))
		members = append(members, fmt.Sprintf(`{"group":"Crowd","user":"user-%04d"}`, i))
	}
	return strings.NewReader(fmt.Sprintf(`{
	  "users": [{"id":"boss"},%s], "groups": [{"id":"Crowd"}], "memberships": [{"group":"Admins","user":"boss"},%s],
	  "credentials": [{"user":"boss","access_key_id":"CALLER","secret_access_key":"secret"}]}`, strings.Join(ids, ","), strings.Join(members, ",")))
}

// Some objects among very many are looked up one by one, many are read from the pages of the
// listing, and in between no more requests are sent than either of the two would take, twice.
func TestReadsFollowWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	const users, pageSize = 1000, 10
	for _, test := range []struct{ asked, atMost int }{{1, 1}, {3, 3}, {10, 17}, {50, 97}, {users, 2*users/pageSize + 3}} {
		w := newWorld(t, localserver.Options{Seed: crowd(users), PageSize: pageSize})
		var wait sync.WaitGroup
		for i := range test.asked {
			wait.Go(func() {
				id := fmt.Sprintf("user-%04d", users-i*(users/test.asked))
				if member, err := w.GetGroupMembership(t.Context(), "Crowd", id); err != nil || !member {
					t.Errorf("%s is a member: %t and error %v", id, member, err)
				}
			})
		}
		wait.Wait()
		if sent := len(w.network.requests("")); sent > test.atMost {
			t.Errorf("%d memberships among %d took %d requests, want at most %d", test.asked, users, sent, test.atMost)
		}
	}
}

// What is attached to a principal is read at once, and so is what is there of other kinds.
func TestReadsOfEachKindShareAListing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(30)})
	group := snapshot.Principal{GroupID: "Admins"}
	for name, test := range map[string]struct {
		request, single string
		atMost          int
		read            func(i int) (bool, error)
	}{
		"users": {"GET /auth/users", "GET /auth/users/*", 2, func(i int) (bool, error) { return exists(w.GetUser(t.Context(), fmt.Sprintf("user-%04d", i+1))) }},
		"groups": {"GET /auth/groups", "GET /auth/groups/*", 2, func(i int) (bool, error) {
			return exists(w.GetGroup(t.Context(), []string{"Admins", "Viewers", "Crowd"}[i%3]))
		}},
		"policies": {"GET /auth/policies", "GET /auth/policies/*", 2, func(i int) (bool, error) {
			return exists(w.GetPolicy(t.Context(), []string{"FSReadAll", "FSFullAccess"}[i%2]))
		}},
		"memberships": {"GET /auth/groups/Crowd/members", "", 4, func(i int) (bool, error) {
			return w.GetGroupMembership(t.Context(), "Crowd", fmt.Sprintf("user-%04d", i+1))
		}},
		"attachments": {"GET /auth/groups/Admins/policies", "", 1, func(i int) (bool, error) {
			return w.GetPolicyAttachment(t.Context(), group, []string{"FSFullAccess", "AuthFullAccess"}[i%2])
		}},
		"keys": {"GET /auth/users/boss/credentials", "GET /auth/users/boss/credentials/*", 1, func(int) (bool, error) { return exists(w.GetCredentials(t.Context(), "boss", "CALLER")) }},
	} {
		for i := range 12 {
			if found, err := test.read(i); !found || err != nil {
				t.Errorf("%s: found %t and error %v", name, found, err)
			}
		}
		sent := slices.DeleteFunc(w.network.requests("GET "), func(request string) bool {
			single, _ := path.Match(test.single, request)
			return request != test.request && !single
		})
		if len(sent) > test.atMost {
			t.Errorf("%s: 12 reads took %d requests, want at most %d: %v", name, len(sent), test.atMost, sent)
		}
	}
}

func exists[T any](_ T, found bool, err error) (bool, error) { return found, err }

// A caller that may not list reads one by one, and is refused the listing once.
func TestReadsOfACallerThatMayNotList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(10)})
	w.network.breaks(fault{request: "GET /auth/policies", times: -1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/policies") {
			return notPermitted("auth:ListPolicies")(r, deliver)
		}
		return deliver(), nil
	}})
	for range 5 {
		if found, err := exists(w.GetPolicy(t.Context(), "FSReadAll")); !found || err != nil {
			t.Errorf("found %t and error %v", found, err)
		}
	}
	if sent := len(w.network.requests("GET /auth/policies")); sent != 6 {
		t.Errorf("sent %d requests, want five reads and one listing that is refused", sent)
	}
}

// A page that cannot be read hides nobody: the objects are read one by one.
func TestReadsBesideAPageThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(10)})
	w.network.breaks(fault{request: "GET /auth/policies", times: -1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/policies") {
			return reply(false, http.StatusOK, "application/json", `{"pagination":{"has_more":false,"next_offset":""},"results":[{"id":7}]}`)(r, deliver)
		}
		return deliver(), nil
	}})
	for range 3 {
		if found, err := exists(w.GetPolicy(t.Context(), "FSReadAll")); !found || err != nil {
			t.Errorf("found %t and error %v", found, err)
		}
	}
}

// A server that fails is asked as often as before, and every reader is told.
func TestReadsFromAServerThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(10)})
	w.network.breaks(fault{request: "GET /auth/groups/Crowd/members", times: -1, happen: answer(http.StatusInternalServerError, "broken")})
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if _, err := w.GetGroupMembership(t.Context(), "Crowd", fmt.Sprintf("user-%04d", i+1)); httpapi.StatusOf(err) != http.StatusInternalServerError {
				t.Errorf("error %v, want the server's 500", err)
			}
		})
	}
	wait.Wait()
	w.network.heals()
	if member, err := w.GetGroupMembership(t.Context(), "Crowd", "user-0001"); !member || err != nil {
		t.Errorf("afterwards: %t and error %v", member, err)
	}
}

// What a reader was cancelled in is asked anew by the others.
func TestReadsBesideACancelledOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, localserver.Options{Seed: crowd(10)})
		admins := snapshot.Principal{GroupID: "Admins"}
		w.network.breaks(fault{request: "GET /auth/groups/Admins/policies", times: 1, happen: func(r *http.Request, _ func() *http.Response) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}})
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := w.GetPolicyAttachment(ctx, admins, "FSFullAccess"); !errors.Is(err, context.Canceled) {
				t.Errorf("the cancelled reader: error %v", err)
			}
		})
		synctest.Wait() // its request is on the way
		for range 4 {
			wait.Go(func() {
				if attached, err := w.GetPolicyAttachment(t.Context(), admins, "FSFullAccess"); !attached || err != nil {
					t.Errorf("another reader: %t and error %v", attached, err)
				}
			})
		}
		synctest.Wait() // they wait for its page
		cancel()
		wait.Wait()
	})
}

// A page that was asked for before a write, and comes after it, does not undo it.
func TestReadsAfterAWriteThatAPageDoesNotShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(10)})
	admins := snapshot.Principal{GroupID: "Admins"}
	arrived, proceed := make(chan struct{}), make(chan struct{})
	w.network.breaks(fault{request: "GET /auth/groups/Admins/policies", times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		page := deliver() // as it was before the write
		close(arrived)
		<-proceed
		return page, nil
	}})
	var wait sync.WaitGroup
	wait.Go(func() {
		if attached, err := w.GetPolicyAttachment(t.Context(), admins, "AuthFullAccess"); err != nil {
			t.Errorf("the reader before: %t and error %v", attached, err)
		}
	})
	<-arrived
	must(t, w.DetachPolicy(t.Context(), admins, "FSFullAccess"))
	close(proceed)
	wait.Wait()
	if attached, err := w.GetPolicyAttachment(t.Context(), admins, "FSFullAccess"); attached || err != nil {
		t.Errorf("after the write: attached %t and error %v", attached, err)
	}
	// It may be attached again at once: nothing says any more that it is there.
	if err := w.AttachPolicy(t.Context(), admins, "FSFullAccess"); err != nil {
		t.Errorf("attaching again: %v", err)
	}
}

// What goes with an object that is deleted is not taken for there, nor for gone when the
// object is made anew.
func TestReadsAfterADelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(10)})
	ctx := t.Context()
	group, user := snapshot.Principal{GroupID: "Crowd"}, snapshot.Principal{UserID: "user-0001"}
	_, err := w.CreatePolicy(ctx, readAll("P"))
	must(t, err)
	must(t, w.beside.AttachPolicyToGroup(ctx, group.GroupID, "P"))
	must(t, w.beside.AttachPolicyToUser(ctx, user.UserID, "P"))
	for i := range 6 { // so that the listing is read
		_, err = w.GetGroupMembership(ctx, "Crowd", fmt.Sprintf("user-%04d", i+1))
		must(t, err)
	}
	there := func(want bool, what string, found bool, err error) {
		t.Helper()
		if found != want || err != nil {
			t.Errorf("%s: %t and error %v, want %t", what, found, err, want)
		}
	}
	found, err := w.GetPolicyAttachment(ctx, group, "P")
	there(true, "the attachment", found, err)
	must(t, w.DeletePolicy(ctx, "P"))
	found, err = w.GetPolicyAttachment(ctx, group, "P")
	there(false, "the attachment of a deleted policy", found, err)
	_, err = w.CreatePolicy(ctx, readAll("P"))
	must(t, err)
	if err := w.AttachPolicy(ctx, group, "P"); err != nil {
		t.Errorf("attaching the policy that was made anew: %v", err)
	}
	must(t, w.DeleteUser(ctx, "user-0001"))
	found, err = w.GetGroupMembership(ctx, "Crowd", "user-0001")
	there(false, "the membership of a deleted user", found, err)
	_, err = w.CreateUser(ctx, lakefsapi.UserCreation{ID: "user-0001"})
	must(t, err)
	if err := w.AddGroupMembership(ctx, "Crowd", "user-0001"); err != nil {
		t.Errorf("adding the user that was made anew: %v", err)
	}
	must(t, w.DeleteGroup(ctx, "Crowd", "Crowd"))
	found, err = w.GetGroupMembership(ctx, "Crowd", "user-0002")
	there(false, "the membership in a deleted group", found, err)
	_, err = w.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "Crowd"})
	must(t, err)
	if err := w.AddGroupMembership(ctx, "Crowd", "user-0002"); err != nil {
		t.Errorf("adding to the group that was made anew: %v", err)
	}
}

// Before an object is made, the listing is read once for all. Somebody else who makes it in
// between is not lost on anyone: the server says so.
func TestWritesShareTheLookBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{Seed: crowd(2)})
	ctx := t.Context()
	for i := range 10 {
		_, err := w.CreateUser(ctx, lakefsapi.UserCreation{ID: fmt.Sprintf("new-%d", i)})
		must(t, err)
		_, err = w.CreateGroup(ctx, lakefsapi.GroupCreation{ID: fmt.Sprintf("g%d", i)})
		must(t, err)
		_, err = w.CreatePolicy(ctx, readAll(fmt.Sprintf("p%d", i)))
		must(t, err)
		must(t, w.AddGroupMembership(ctx, "Crowd", fmt.Sprintf("new-%d", i)))
		must(t, w.AttachPolicy(ctx, snapshot.Principal{GroupID: "Crowd"}, fmt.Sprintf("p%d", i)))
	}
	if reads := w.network.requests("GET "); len(reads) != 5 {
		t.Errorf("looked %d times before 50 writes, want once for each of five listings: %v", len(reads), reads)
	}
	for i := range 10 {
		if member, err := w.GetGroupMembership(ctx, "Crowd", fmt.Sprintf("new-%d", i)); !member || err != nil {
			t.Errorf("a member that was just made: %t and error %v", member, err)
		}
		if attached, err := w.GetPolicyAttachment(ctx, snapshot.Principal{GroupID: "Crowd"}, fmt.Sprintf("p%d", i)); !attached || err != nil {
			t.Errorf("an attachment that was just made: %t and error %v", attached, err)
		}
	}
	if reads := w.network.requests("GET "); len(reads) != 5 {
		t.Errorf("what was just made was asked for: %v", reads[5:])
	}
	_, err := w.beside.CreatePolicy(ctx, readAll("taken"))
	must(t, err)
	if _, err := w.CreatePolicy(ctx, readAll("taken")); !isExists(err) {
		t.Errorf("a policy that somebody else has made: error %v", err)
	}
	must(t, w.beside.AttachPolicyToGroup(ctx, "Crowd", "taken"))
	if err := w.AttachPolicy(ctx, snapshot.Principal{GroupID: "Crowd"}, "taken"); !isExists(err) {
		t.Errorf("an attachment that somebody else has made: error %v", err)
	}
}

func isExists(err error) bool {
	_, exists := errors.AsType[*snapshot.ExistsError](err)
	return exists
}

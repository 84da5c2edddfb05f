// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	createKey = "POST /auth/users/etl/credentials"
	listKeys  = "GET /auth/users/etl/credentials"
)

// newKeyWorld is a world with a user "etl" that has one key.
func newKeyWorld(t *testing.T, options localserver.Options) *world {
	t.Helper()
	w := newWorld(t, options)
	_, err := w.beside.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "etl"})
	must(t, err)
	_, err = w.beside.CreateCredentials(t.Context(), "etl")
	must(t, err)
	return w
}

// keys returns the ids of the user's keys on the server, sorted.
func (w *world) keys(t *testing.T) []string {
	t.Helper()
	var ids []string
	for key, err := range w.beside.ListUserCredentials(t.Context(), "etl", lakefsapi.ListOptions{}) {
		must(t, err)
		ids = append(ids, key.AccessKeyID)
	}
	slices.Sort(ids)
	return ids
}

// keyCreations are the ways in which the create of a key can end.
var keyCreations = []struct {
	name   string
	faults func(*network) []fault
	// status is that of the error, 0 for none.
	status          int
	unresolved      bool
	unreadable      bool
	writes, orphans int
}{
	{name: "at once", writes: 1},
	{name: "answer lost after commit", writes: 2, orphans: 1, faults: always(createKey, 1, lose(true, io.ErrUnexpectedEOF))},
	{name: "answer cut short", writes: 1, orphans: 1, status: 201, unreadable: true, faults: always(createKey, -1, cutInBody)},
	{name: "answer without a secret", writes: 1, orphans: 1, status: 201, unreadable: true, faults: always(createKey, -1, without("secret_access_key"))},
	{name: "answer not from the API", writes: 1, status: 201, unreadable: true, faults: always(createKey, -1, notFromTheAPI(false))},
	{name: "answer without a date", writes: 1, faults: always(createKey, -1, without("creation_date"))},
	{name: "lost, then answer cut short", writes: 2, orphans: 2, status: 201, unreadable: true, faults: func(*network) []fault {
		return []fault{{request: createKey, times: 1, happen: badGateway(true)}, {request: createKey, times: 1, happen: cutInBody}}
	}},
	{name: "twice lost after commit", writes: 3, orphans: 2, faults: always(createKey, 2, badGateway(true))},
	{name: "lost before commit", writes: 2, faults: always(createKey, 1, lose(false, context.DeadlineExceeded))},
	{name: "committed late", writes: 2, orphans: 1, faults: func(n *network) []fault {
		return []fault{{request: createKey, times: 1, happen: delayedUntil(n, createKey)}}
	}},
	{name: "never answered", writes: 5, orphans: 5, status: 502, faults: always(createKey, -1, badGateway(true))},
	{name: "refused", writes: 1, status: 400, faults: always(createKey, -1, answer(http.StatusBadRequest, "no"))},
	{name: "lost, then refused", writes: 2, orphans: 1, status: 400, faults: func(*network) []fault {
		return []fault{
			{request: createKey, times: 1, happen: badGateway(true)},
			{request: createKey, times: 1, happen: answer(http.StatusBadRequest, "no")},
		}
	}},
	{name: "keys not readable", writes: 0, status: 500, faults: always(listKeys, -1, answer(http.StatusInternalServerError, "broken"))},
	{name: "no right to look", writes: 1, faults: always(listKeys, -1, notPermitted("auth:ListCredentials"))},
	{name: "no right to look, answer lost", writes: 1, status: 502, unresolved: true, faults: func(*network) []fault {
		return []fault{
			{request: listKeys, times: -1, happen: notPermitted("auth:ListCredentials")},
			{request: createKey, times: 1, happen: badGateway(true)},
		}
	}},
	{name: "lost and then not readable", writes: 1, status: 502, unresolved: true, faults: func(n *network) []fault {
		return []fault{{request: createKey, times: 1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
			n.breaks(fault{request: listKeys, times: -1, happen: answer(http.StatusInternalServerError, "broken")})
			return badGateway(true)(r, deliver)
		}}}
	}},
	{name: "made at last and then not readable", writes: 2, orphans: 1, faults: func(n *network) []fault {
		return []fault{
			{request: createKey, times: 1, happen: badGateway(true)},
			{request: createKey, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
				n.breaks(fault{request: listKeys, times: -1, happen: answer(http.StatusInternalServerError, "broken")})
				return deliver(), nil
			}},
		}
	}},
}

func TestCreateCredentials(t *testing.T) {
	t.Parallel()
	for _, test := range keyCreations {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newKeyWorld(t, localserver.Options{})
			before := w.keys(t)
			if test.faults != nil {
				w.network.breaks(test.faults(w.network)...)
			}
			created, orphans, err := w.CreateCredentials(t.Context(), "etl")
			if httpapi.StatusOf(err) != test.status || (err == nil) != (test.status == 0) {
				t.Errorf("got error %v, want status %d", err, test.status)
			}
			if test.unresolved {
				wantUnresolved(t, err, "credentials", "etl")
			}
			if test.unreadable {
				wantUnreadable(t, err, "credentials", "etl")
			}
			if diff := cmp.Diff(test.writes, len(w.network.requests(createKey))); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.orphans, len(orphans)); diff != "" {
				t.Errorf("orphans (-want +got):\n%s", diff)
			}
			if test.unresolved {
				return // there may be a key that nobody knows of
			}
			all := append(slices.Clone(before), orphans...)
			if err == nil {
				all = append(all, created.AccessKeyID)
			}
			slices.Sort(all)
			if diff := cmp.Diff(w.keys(t), all); diff != "" {
				t.Errorf("keys that are known of (-on the server +known):\n%s", diff)
			}
			if err == nil {
				wantUsable(t, w, created)
			}
		})
	}
}

// always is one fault, whatever the network.
func always(request string, times int, happen happening) func(*network) []fault {
	return func(*network) []fault { return []fault{{request: request, times: times, happen: happen}} }
}

// without delivers the request and takes a member out of the answer.
func without(member string) happening {
	return func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		response := deliver()
		var members map[string]any
		if err := json.NewDecoder(response.Body).Decode(&members); err != nil {
			return nil, err
		}
		delete(members, member)
		body, err := json.Marshal(members)
		response.Body = io.NopCloser(bytes.NewReader(body))
		return response, err
	}
}

// wantUsable fails unless the server accepts a key whose date is known.
func wantUsable(t *testing.T, w *world, key lakefsapi.CredentialsWithSecret) {
	t.Helper()
	user, err := newClient(t, &network{server: w.network.server}, key.AccessKeyID, key.SecretAccessKey).GetCurrentUser(t.Context())
	if key.CreationDate != w.clock.Now().Unix() {
		t.Errorf("the new key is from %d, want %d", key.CreationDate, w.clock.Now().Unix())
	}
	if err != nil || user.ID != "etl" {
		t.Errorf("with the new key the server takes the caller for %q, error %v", user.ID, err)
	}
}

// Without serialising, one caller would take another's key for an orphan.
func TestCreateCredentialsByManyAtOnce(t *testing.T) {
	t.Parallel()
	const callers = 16
	w := newKeyWorld(t, localserver.Options{})
	known := w.keys(t)
	for range callers / 2 {
		w.network.breaks(
			fault{request: createKey, times: 1, happen: lose(true, io.ErrUnexpectedEOF)},
			fault{request: createKey, times: 1, happen: pass},
		)
	}
	w.network.breaks(fault{request: listKeys, times: -1, happen: passSlowly})
	var (
		wait sync.WaitGroup
		mu   sync.Mutex
		lost int
	)
	for range callers {
		wait.Go(func() {
			created, orphans, err := w.CreateCredentials(t.Context(), "etl")
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Errorf("CreateCredentials: %v", err)
			}
			known = append(append(known, created.AccessKeyID), orphans...)
			lost += len(orphans)
		})
	}
	wait.Wait()
	slices.Sort(known)
	if diff := cmp.Diff(w.keys(t), known); diff != "" {
		t.Errorf("keys that are known of, each once (-on the server +known):\n%s", diff)
	}
	if diff := cmp.Diff(callers/2, lost); diff != "" {
		t.Errorf("orphans (-want +got):\n%s", diff)
	}
}

// passSlowly lets others go first after the server has answered.
func passSlowly(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
	response := deliver()
	for range 100 {
		runtime.Gosched()
	}
	return response, nil
}

// The keys of two users have nothing to do with each other.
func TestCreateCredentialsOfAnotherUserMeanwhile(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	w.network.breaks(fault{request: createKey, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		if _, _, err := w.CreateCredentials(t.Context(), "admin"); err != nil {
			t.Errorf("CreateCredentials of another user: %v", err)
		}
		return deliver(), nil
	}})
	if _, orphans, err := w.CreateCredentials(t.Context(), "etl"); err != nil || len(orphans) > 0 {
		t.Errorf("CreateCredentials returned the orphans %v and error %v, want neither", orphans, err)
	}
}

func TestCreateCredentialsCancelledInBackOff(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	w.network.breaks(fault{request: createKey, times: -1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
		w.network.breaks(fault{request: listKeys, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
			defer cancel()
			return deliver(), nil
		}})
		return badGateway(true)(r, deliver)
	}})
	_, orphans, err := w.CreateCredentials(ctx, "etl")
	if httpapi.StatusOf(err) != http.StatusBadGateway || len(orphans) != 1 {
		t.Errorf("got the orphans %v and error %v, want one orphan and the 502", orphans, err)
	}
	if sent := w.network.requests(createKey); len(sent) != 1 {
		t.Errorf("sent %v, want one request", sent)
	}
}

func TestGetCredentials(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		happen func(*testing.T, *world)
		key    string
		want   bool
		status int
	}{
		{name: "there", want: true},
		{name: "another id", key: "AKIANOTTHERE"},
		{name: "deleted", happen: func(t *testing.T, w *world) {
			t.Helper()
			must(t, w.DeleteCredentials(t.Context(), "etl", w.keys(t)[0]))
		}},
		{
			// lakeFS keeps the keys of a deleted user, but they do not work.
			name: "user deleted",
			happen: func(t *testing.T, w *world) {
				t.Helper()
				must(t, w.DeleteUser(t.Context(), "etl"))
			},
		},
		{name: "no right to list", want: true, happen: func(_ *testing.T, w *world) {
			refuseLists(w)
		}},
		{name: "no right to list, deleted", happen: func(t *testing.T, w *world) {
			t.Helper()
			must(t, w.DeleteCredentials(t.Context(), "etl", w.keys(t)[0]))
			refuseLists(w)
		}},
		{name: "no right to read users", want: true, happen: func(_ *testing.T, w *world) {
			allowKeys(w)
			w.network.breaks(fault{request: "GET /auth/users", times: -1, happen: notPermitted("auth:ReadUser")})
		}},
		{name: "no right at all", status: http.StatusUnauthorized, happen: func(_ *testing.T, w *world) {
			w.network.breaks(fault{request: "GET ", times: -1, happen: notPermitted("auth:Read")})
		}},
		{name: "server broken", status: http.StatusInternalServerError, happen: func(_ *testing.T, w *world) {
			w.network.breaks(fault{request: listKeys, times: -1, happen: answer(http.StatusInternalServerError, "broken")})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newKeyWorld(t, localserver.Options{AuthCache: 20 * time.Second})
			key := w.keys(t)[0]
			if test.key != "" {
				key = test.key
			}
			if test.happen != nil {
				test.happen(t, w)
			}
			// A deleted key is read from lakeFS's cache for a while.
			w.clock.advance(20 * time.Second)
			got, ok, err := w.GetCredentials(t.Context(), "etl", key)
			if ok != test.want || httpapi.StatusOf(err) != test.status || (err == nil) != (test.status == 0) {
				t.Errorf("GetCredentials found %t and error %v, want %t and status %d", ok, err, test.want, test.status)
			}
			if test.want && got.AccessKeyID != key {
				t.Errorf("GetCredentials returned the key %q, want %q", got.AccessKeyID, key)
			}
			if !test.want && got != (lakefsapi.Credentials{}) {
				t.Errorf("GetCredentials returned %v for a key that is not there", got)
			}
		})
	}
}

// allowKeys lets reads of keys by id through, whatever is refused later.
func allowKeys(w *world) {
	w.network.breaks(fault{request: listKeys, times: -1, happen: pass})
}

// refuseLists refuses to list keys, not to read one.
func refuseLists(w *world) {
	w.network.breaks(
		fault{request: listKeys + "/", times: -1, happen: pass},
		fault{request: listKeys, times: -1, happen: notPermitted("auth:ListCredentials")},
	)
}

func TestDeleteCredentials(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		happen happening
		gone   bool
		status int
		left   int
	}{
		{name: "at once"},
		{name: "gone", gone: true},
		{name: "answer lost after commit", happen: lose(true, io.ErrUnexpectedEOF)},
		{name: "lost before commit", happen: badGateway(false), status: http.StatusBadGateway, left: 1},
		{name: "refused", happen: notPermitted("auth:DeleteCredentials"), status: http.StatusUnauthorized, left: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newKeyWorld(t, localserver.Options{})
			key := w.keys(t)[0]
			if test.gone {
				must(t, w.beside.DeleteCredentials(t.Context(), "etl", key))
			}
			if test.happen != nil {
				w.network.breaks(fault{request: "DELETE ", times: -1, happen: test.happen})
			}
			err := w.DeleteCredentials(t.Context(), "etl", key)
			if httpapi.StatusOf(err) != test.status || (err == nil) != (test.status == 0) {
				t.Errorf("got error %v, want status %d", err, test.status)
			}
			if diff := cmp.Diff(test.left, len(w.keys(t))); diff != "" {
				t.Errorf("keys left (-want +got):\n%s", diff)
			}
		})
	}
}

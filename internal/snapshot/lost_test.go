// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Every way in which the answer to a write can be lost ends in one object, which
// is ours.
func TestCreateWithLostAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		happen happening
		writes int
	}{
		{"connection cut after commit", lose(true, io.ErrUnexpectedEOF), 1},
		{"bad gateway after commit", badGateway(true), 1},
		{"timeout after commit", lose(true, context.DeadlineExceeded), 1},
		{"answer cut short", cutInBody, 1},
		{"answer not from the API", notFromTheAPI(true), 1},
		{"connection cut before commit", lose(false, io.ErrUnexpectedEOF), 2},
		{"bad gateway before commit", badGateway(false), 2},
		{"timeout before commit", lose(false, context.DeadlineExceeded), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			forEachCreation(t, func(t *testing.T, c creation, w *world) {
				w.network.breaks(fault{request: c.write, times: 1, happen: test.happen})
				made, err := c.create(t.Context(), w.LakeFS)
				c.wantMade(t, w, made, err)
				if diff := cmp.Diff(test.writes, len(w.network.requests(c.write))); diff != "" {
					t.Errorf("writes (-want +got):\n%s", diff)
				}
				w.wantBackOff(t, test.writes-1)
			})
		})
	}
}

// A write that was given up may still arrive. The second one is then refused
// with 409, by an object that is ours.
func TestCreateCommittedLate(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: 1, happen: delayedUntil(w.network, c.write)})
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
		if diff := cmp.Diff(2, len(w.network.requests(c.write))); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	})
}

func TestCreateNeverAnswered(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(
			fault{request: c.write, times: 4, happen: badGateway(false)},
			fault{request: c.write, times: -1, happen: answer(http.StatusServiceUnavailable, "overloaded")},
		)
		_, err := c.create(t.Context(), w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusServiceUnavailable {
			t.Errorf("got error %v, want the last answer", err)
		}
		if diff := cmp.Diff(1+maxRetries, len(w.network.requests(c.write))); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		w.wantBackOff(t, maxRetries)
		w.network.heals()
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
	})
}

func TestCreateLostThenRefused(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(
			fault{request: c.write, times: 1, happen: badGateway(false)},
			fault{request: c.write, times: 1, happen: answer(http.StatusBadRequest, "no such thing")},
		)
		_, err := c.create(t.Context(), w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusBadRequest {
			t.Errorf("got error %v, want the server's 400", err)
		}
	})
}

func TestCreateLostThenUnreadable(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
			_ = deliver().Body.Close()
			w.network.breaks(fault{request: c.look, times: 2, happen: answer(http.StatusInternalServerError, "broken")})
			return nil, io.ErrUnexpectedEOF
		}})
		_, err := c.create(t.Context(), w.LakeFS)
		wantUnresolved(t, err, c.exists.Kind, c.exists.ID)
		if httpapi.StatusOf(unresolved(err).Look) != http.StatusInternalServerError {
			t.Errorf("Look is %v, want the 500", unresolved(err).Look)
		}
	})
}

// A caller that may not list is looked for by id.
func TestCreateResolvedByReadOfID(t *testing.T) {
	t.Parallel()
	for _, c := range creations {
		if c.name != "user" && c.name != "group" {
			continue // the others are looked for in one way only
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.options)
			w.network.breaks(
				fault{request: c.look + "/new", times: -1, happen: pass},
				fault{request: c.look, times: -1, happen: notPermitted("auth:List")},
				fault{request: c.write, times: 1, happen: badGateway(true)},
			)
			made, err := c.create(t.Context(), w.LakeFS)
			c.wantMade(t, w, made, err)
		})
	}
}

func TestCreateCancelledInBackOff(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		ctx, cancel := context.WithCancel(t.Context())
		var looks atomic.Int32
		w.network.breaks(
			fault{request: c.write, times: -1, happen: badGateway(false)},
			fault{request: c.look, times: -1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
				response := deliver()
				if looks.Add(1) == 2 {
					cancel()
				}
				return response, nil
			}},
		)
		_, err := c.create(ctx, w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusBadGateway {
			t.Errorf("got error %v, want the 502 that was to be resolved", err)
		}
		if diff := cmp.Diff(1, len(w.network.requests(c.write))); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	})
}

// The same over a real connection, which the server closes without an answer.
func TestCreateOverCutConnection(t *testing.T) {
	t.Parallel()
	var cut atomic.Bool
	server, err := localserver.New(localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && !cut.Swap(true) {
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler)
			}
			next.ServeHTTP(w, r)
		})
	}})
	must(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: listener.URL, AccessKeyID: server.AccessKeyID(), SecretAccessKey: server.SecretAccessKey(),
	})
	must(t, err)
	clock := newClock()
	s := snapshot.NewLakeFS(client, snapshot.WithClock(clock.Now, clock.Sleep))

	user, err := s.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "new"})
	if err != nil || user.ID != "new" {
		t.Errorf("CreateUser returned %q and error %v, want the user", user.ID, err)
	}
	if !cut.Load() {
		t.Error("the connection was not cut")
	}
	if s.Endpoint() != listener.URL {
		t.Errorf("Endpoint is %q, want %q", s.Endpoint(), listener.URL)
	}
}

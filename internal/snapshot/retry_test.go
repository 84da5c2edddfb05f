// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// wantWrites fails unless so many requests began so.
func (w *world) wantWrites(t *testing.T, beginning string, want int) {
	t.Helper()
	if diff := cmp.Diff(want, len(w.network.requests(beginning))); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

// A create that the server reports as done is not sent again, whatever can be
// found out about it: it would make a second object.
func TestCreateReportedButNotThere(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: -1, happen: notFromTheAPI(false)})
		_, err := c.create(t.Context(), w.LakeFS)
		wantUnreadable(t, err, c.exists.Kind, c.exists.ID)
		w.wantWrites(t, c.write, 1)
	})
}

func TestCreateReportedWithoutRightToLook(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(
			fault{request: c.write, times: -1, happen: notFromTheAPI(true)},
			fault{request: c.look, times: -1, happen: notPermitted("auth:Read")},
		)
		_, err := c.create(t.Context(), w.LakeFS)
		wantUnreadable(t, err, c.exists.Kind, c.exists.ID)
		if unreadable(err).Look == nil {
			t.Error("the error does not say why the object was not looked for")
		}
		w.wantWrites(t, c.write, 1)
	})
}

// With max_retries = 0 a lost answer is still resolved, but nothing sent again.
func TestCreateWithoutRetries(t *testing.T) {
	t.Parallel()
	for _, committed := range []bool{true, false} {
		for _, c := range creations {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				w := newWorldRetrying(t, c.options, 0)
				w.network.breaks(fault{request: c.write, times: 1, happen: badGateway(committed)})
				made, err := c.create(t.Context(), w.LakeFS)
				if committed {
					c.wantMade(t, w, made, err)
				} else if httpapi.StatusOf(err) != http.StatusBadGateway {
					t.Errorf("got error %v, want the 502", err)
				}
				w.wantWrites(t, c.write, 1)
			})
		}
	}
}

func TestCreateCredentialsWithoutRetries(t *testing.T) {
	t.Parallel()
	w := newWorldRetrying(t, localserver.Options{}, 0)
	const write = "POST /auth/users/admin/credentials"
	w.network.breaks(fault{request: write, times: -1, happen: badGateway(true)})
	_, orphans, err := w.CreateCredentials(t.Context(), "admin")
	if httpapi.StatusOf(err) != http.StatusBadGateway || len(orphans) != 1 {
		t.Errorf("got the orphans %v and error %v, want one orphan and the 502", orphans, err)
	}
	w.wantWrites(t, write, 1)
}

// Every lost answer may leave a key behind, so the limit of retries is not the
// only one.
func TestCreateCredentialsStopsAtFiveOrphans(t *testing.T) {
	t.Parallel()
	w := newWorldRetrying(t, localserver.Options{}, 100)
	const write = "POST /auth/users/admin/credentials"
	w.network.breaks(fault{request: write, times: -1, happen: badGateway(true)})
	_, orphans, err := w.CreateCredentials(t.Context(), "admin")
	if httpapi.StatusOf(err) != http.StatusBadGateway || len(orphans) != 5 {
		t.Errorf("got the orphans %v and error %v, want five and the 502", orphans, err)
	}
	w.wantWrites(t, write, 5)
}

// The key works without its date, so it is not lost for want of it.
func TestCreateCredentialsOfUnknownDate(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	w.network.breaks(
		fault{request: createKey, times: -1, happen: without("creation_date")},
		fault{request: listKeys, times: 1, happen: pass},
		fault{request: listKeys, times: -1, happen: answer(http.StatusInternalServerError, "broken")},
	)
	created, orphans, err := w.CreateCredentials(t.Context(), "etl")
	if err != nil || len(orphans) != 0 || created.SecretAccessKey == "" || created.CreationDate != 0 {
		t.Errorf("got %v, the orphans %v and error %v, want a key without a date", created, orphans, err)
	}
}

// A key that was made and lost cannot be named by a caller that may not list.
func TestCreateCredentialsUnreadableWithoutRightToLook(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	w.network.breaks(
		fault{request: createKey, times: -1, happen: cutInBody},
		fault{request: listKeys, times: -1, happen: notPermitted("auth:ListCredentials")},
	)
	_, orphans, err := w.CreateCredentials(t.Context(), "etl")
	wantUnreadable(t, err, "credentials", "etl")
	if !lakefsapi.IsNotPermitted(unreadable(err).Look) || len(orphans) != 0 {
		t.Errorf("got the orphans %v and Look %v, want the refusal", orphans, unreadable(err).Look)
	}
	if sent := w.network.requests(createKey); len(sent) != 1 {
		t.Errorf("sent %v, want one request", sent)
	}
}

// What the client sends again by itself and what is sent again after a look are
// held to one limit.
func TestCreateSharesTheLimitWithTheClient(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(
			fault{request: c.write, times: 2, happen: answer(http.StatusTooManyRequests, "slow down")},
			fault{request: c.write, times: 1, happen: badGateway(false)},
			fault{request: c.write, times: -1, happen: answer(http.StatusTooManyRequests, "slow down")},
		)
		_, err := c.create(t.Context(), w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusTooManyRequests {
			t.Errorf("got error %v, want the last answer", err)
		}
		w.wantWrites(t, c.write, 1+maxRetries)
		w.wantBackOff(t, maxRetries)
	})
}

// overloaded asks to come back after so many seconds.
func overloaded(seconds string) happening {
	return func(*http.Request, func() *http.Response) (*http.Response, error) {
		response, err := answer(http.StatusServiceUnavailable, "overloaded")(nil, nil)
		response.Header.Set("Retry-After", seconds)
		return response, err
	}
}

func TestCreateHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		w.network.breaks(fault{request: c.write, times: 1, happen: overloaded("7")})
		made, err := c.create(t.Context(), w.LakeFS)
		c.wantMade(t, w, made, err)
		if diff := cmp.Diff([]time.Duration{7 * time.Second}, w.clock.sleeps()); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
	})
}

// endingAt is a context with a deadline in the time of the test's clock.
type endingAt struct {
	context.Context

	at time.Time
}

func (c endingAt) Deadline() (time.Time, bool) { return c.at, true }

// A pause that would outlast the deadline is not begun.
func TestCreateHonoursTheDeadline(t *testing.T) {
	t.Parallel()
	forEachCreation(t, func(t *testing.T, c creation, w *world) {
		ctx := endingAt{t.Context(), w.clock.Now().Add(time.Minute)}
		w.network.breaks(fault{request: c.write, times: -1, happen: overloaded("600")})
		_, err := c.create(ctx, w.LakeFS)
		if httpapi.StatusOf(err) != http.StatusServiceUnavailable || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v, want the 503 and the deadline", err)
		}
		w.wantWrites(t, c.write, 1)
		w.wantBackOff(t, 0)
	})
}

func unreadable(err error) *snapshot.UnreadableError {
	found, _ := errors.AsType[*snapshot.UnreadableError](err)
	return found
}

func wantUnreadable(t *testing.T, err error, kind, id string) {
	t.Helper()
	got := unreadable(err)
	if got == nil {
		t.Fatalf("got error %v, want an UnreadableError", err)
	}
	if got.Kind != kind || got.ID != id {
		t.Errorf("UnreadableError is about the %s %q, want the %s %q", got.Kind, got.ID, kind, id)
	}
	if !httpapi.AnswerUnusable(got.Err) {
		t.Errorf("Err is %v, want the answer that could not be used", got.Err)
	}
}

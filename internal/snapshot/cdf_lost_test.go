// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Every way in which the answer to a write can be lost ends in one object, which
// is ours: CDF would make a second group without a word.
func TestCDFCreateWithLostAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		happen happening
		writes int
	}{
		{"connection cut after commit", lose(true, io.ErrUnexpectedEOF), 1},
		{"overloaded after commit", reply(true, http.StatusServiceUnavailable, "application/json", `{"error":{"code":503,"message":"overloaded"}}`), 1},
		{"bad gateway after commit", badGateway(true), 1},
		{"timeout after commit", lose(true, context.DeadlineExceeded), 1},
		{"answer cut short", cutInBody, 1},
		{"answer not from the API", notFromTheAPI(true), 1},
		{"answer of no object", reply(true, http.StatusOK, "application/json", `{"items":[]}`), 1},
		{"connection cut before commit", lose(false, io.ErrUnexpectedEOF), 2},
		{"overloaded before commit", refusing(http.StatusServiceUnavailable, "overloaded"), 2},
		{"broken before commit", refusing(http.StatusInternalServerError, "broken"), 2},
		{"bad gateway before commit", badGateway(false), 2},
		{"timeout before commit", lose(false, context.DeadlineExceeded), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				w.network.breaks(fault{request: c.write, times: 1, happen: test.happen})
				made, err := c.create(t.Context(), w.CDF)
				c.wantMade(t, w, made, err)
				w.wantCDFWrites(t, c, test.writes)
			})
		})
	}
}

// A group of the same name, and of other content, that was there before is not
// taken for the one that was lost.
func TestCDFCreateLostBesideNamesake(t *testing.T) {
	t.Parallel()
	for name, committed := range map[string]bool{"committed": true, "not committed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
			namesake, err := w.server.AddCDFGroup([]byte(`{"name": "new"}`))
			must(t, err)
			w.network.breaks(fault{request: c.write, times: 1, happen: lose(committed, io.ErrUnexpectedEOF)})
			made, err := c.create(t.Context(), w.CDF)
			c.wantMade(t, w, made, err, namesake)
		})
	}
}

// What the server reports as done is not sent again, whatever can be found out.
func TestCDFCreateReportedButNotThere(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.write, times: -1, happen: notFromTheAPI(false)})
		_, err := c.create(t.Context(), w.CDF)
		wantUnreadable(t, err, c.kind, c.known)
		w.wantCDFWrites(t, c, 1)
	})
}

func TestCDFCreateNeverAnswered(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.write, times: -1, happen: badGateway(false)})
		_, err := c.create(t.Context(), w.CDF)
		if httpapi.StatusOf(err) != http.StatusBadGateway {
			t.Errorf("got error %v, want the last answer", err)
		}
		w.wantCDFWrites(t, c, 1+maxRetries)
		w.network.heals()
		made, err := c.create(t.Context(), w.CDF)
		c.wantMade(t, w, made, err)
	})
}

// With max_retries = 0 a lost answer is still resolved, but nothing sent again.
func TestCDFCreateWithoutRetries(t *testing.T) {
	t.Parallel()
	for _, committed := range []bool{true, false} {
		forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
			w.becomes(t, w.server.ClientID(), w.server.ClientSecret(), 0)
			w.network.breaks(fault{request: c.write, times: 1, happen: badGateway(committed)})
			made, err := c.create(t.Context(), w.CDF)
			if committed {
				c.wantMade(t, w, made, err)
			} else if httpapi.StatusOf(err) != http.StatusBadGateway {
				t.Errorf("got error %v, want the 502", err)
			}
			w.wantCDFWrites(t, c, 1)
		})
	}
}

func TestCDFCreateLostThenUnreadable(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.write, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
			_ = deliver().Body.Close()
			w.network.breaks(fault{request: c.look, times: 2, happen: refusing(http.StatusInternalServerError, "broken")})
			return nil, io.ErrUnexpectedEOF
		}})
		_, err := c.create(t.Context(), w.CDF)
		wantUnresolved(t, err, c.kind, c.known)
		if got := unresolved(err); httpapi.StatusOf(got.Look) != http.StatusInternalServerError {
			t.Errorf("Look is %v, want the 500", got.Look)
		}
	})
}

// A category that was given up may still arrive; the second one is then refused
// by one that is ours.
func TestCDFCategoryCommittedLate(t *testing.T) {
	t.Parallel()
	w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[1]
	w.network.breaks(fault{request: c.write, times: 1, happen: delayedUntil(w.network, c.write)})
	made, err := c.create(t.Context(), w.CDF)
	c.wantMade(t, w, made, err)
	w.wantCDFWrites(t, c, 2)
}

// A group that was given up may still arrive, beside the second one. Both may
// belong to nobody else; which one is taken is known, the other one is named.
func TestCDFGroupCommittedLate(t *testing.T) {
	t.Parallel()
	w, c := newCDFWorld(t, localserver.Options{}), cdfCreations[0]
	w.network.breaks(fault{request: c.write, times: 1, happen: delayedUntil(w.network, c.write)})
	made, twins, err := w.CreateGroup(t.Context(), newCDFGroup("new", assetsReader))
	if err != nil || len(twins) != 1 {
		t.Fatalf("got the twins %v and error %v, want one twin", twins, err)
	}
	c.wantMade(t, w, made.ID, err, twins...)
}

// A write that has begun is finished although its command is cancelled: what became
// of it is known, and saved.
func TestCDFCreateCancelledOnItsWay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		happen happening
		writes int
	}{
		{"answered", pass, 1},
		{"answer lost", lose(true, context.Canceled), 1},
		{"request lost", lose(false, io.ErrUnexpectedEOF), 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w.network.breaks(fault{request: c.write, times: 1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
					cancel()
					if err := r.Context().Err(); err != nil {
						t.Errorf("the request was broken off: %v", err)
					}
					return test.happen(r, deliver)
				}})
				made, err := c.create(ctx, w.CDF)
				c.wantMade(t, w, made, err)
				w.wantCDFWrites(t, c, test.writes)
			})
		})
	}
}

// The client's own pauses and those of the snapshot are of one kind.
func TestCDFCreateHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		w.network.breaks(fault{request: c.write, times: 1, happen: overloaded("7")})
		made, err := c.create(t.Context(), w.CDF)
		c.wantMade(t, w, made, err)
		if diff := cmp.Diff([]time.Duration{7 * time.Second}, w.clock.sleeps()); diff != "" {
			t.Errorf("pauses (-want +got):\n%s", diff)
		}
	})
}

// A delete that was done, whose answer was lost and whose repetition was refused in
// words that were lost too, is done: only the words would have said that nothing is
// left to delete.
func TestCDFDeleteLostThenRefusedInLostWords(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		id, err := c.beside(t.Context(), w.beside)
		must(t, err)
		w.network.breaks(
			fault{request: c.write + "/delete", times: 1, happen: lose(true, io.ErrUnexpectedEOF)},
			fault{request: c.write + "/delete", times: 1, happen: cutInBody},
		)
		if err := c.remove(t.Context(), w.CDF, id); err != nil {
			t.Errorf("delete: %v", err)
		}
		if there := c.there(t, w); len(there) > 0 {
			t.Errorf("still there: %v", there)
		}
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

const cdfRevoke = "POST /projects/local/sessions/revoke"

// makeSessions makes sessions past the snapshot.
func (w *cdfWorld) makeSessions(t *testing.T, count int) []int64 {
	t.Helper()
	ids := make([]int64, count)
	for i := range ids {
		session, err := w.beside.CreateSession(t.Context(), cdfapi.SessionCredentials{TokenExchange: true})
		must(t, err)
		ids[i] = session.ID
	}
	return ids
}

// ended collects what EndSessions tells.
type ended struct {
	Parts         int
	Revoked, Gone []int64
}

func (w *cdfWorld) endSessions(t *testing.T, ids []int64) (told ended, err error) {
	t.Helper()
	err = w.EndSessions(t.Context(), ids, func(revoked []cdfapi.Session, gone []int64) {
		told.Parts++
		told.Gone = append(told.Gone, gone...)
		for _, session := range revoked {
			told.Revoked = append(told.Revoked, session.ID)
		}
	})
	return told, err
}

// revokedSessions are those that the server holds as revoked.
func (w *cdfWorld) revokedSessions(t *testing.T) (ids []int64) {
	t.Helper()
	for session, err := range w.beside.ListSessions(t.Context(), "REVOKED", cdfapi.ListOptions{}) {
		must(t, err)
		ids = append(ids, session.ID)
	}
	return ids
}

// Many sessions are revoked in parts, those that do not exist are left out, and revoking again
// does the same.
func TestEndSessions(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{})
	ids := w.makeSessions(t, 250)
	asked := slices.Concat([]int64{7}, ids[:150], []int64{8, 9}, ids[150:])
	for range 2 {
		told, err := w.endSessions(t, asked)
		must(t, err)
		if diff := cmp.Diff(ended{3, ids, []int64{7, 8, 9}}, told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(ids, w.revokedSessions(t)); diff != "" {
			t.Errorf("revoked on the server (-want +got):\n%s", diff)
		}
	}
	if told, err := w.endSessions(t, []int64{7, 8}); err != nil || !cmp.Equal(ended{1, nil, []int64{7, 8}}, told) {
		t.Errorf("of none that exists it told %+v, error %v", told, err)
	}
	if told, err := w.endSessions(t, nil); err != nil || told.Parts != 0 {
		t.Errorf("of none it told %+v, error %v", told, err)
	}
}

// When a part fails, the error says exactly which sessions are left.
func TestEndSessionsInPart(t *testing.T) {
	t.Parallel()
	first := func(ids []int64) []int64 { return ids[:100] }
	for name, test := range map[string]struct {
		happen        happening
		unclear, left func(ids []int64) []int64
	}{
		"refused":   {refusing(http.StatusForbidden, "no"), nil, func(ids []int64) []int64 { return ids[100:] }},
		"no answer": {refusing(http.StatusBadGateway, "no backend"), func(ids []int64) []int64 { return ids[100:200] }, func(ids []int64) []int64 { return ids[200:] }},
		"no word of any": {
			reply(true, http.StatusOK, "application/json", `{"items":[]}`),
			func(ids []int64) []int64 { return ids[100:200] }, func(ids []int64) []int64 { return ids[200:] },
		},
		"missing are others": {
			reply(false, http.StatusBadRequest, "application/json", `{"error":{"code":400,"message":"no","missing":[{"id":1},{"id":"x"},{"name":"y"}]}}`),
			nil, func(ids []int64) []int64 { return ids[100:] },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCDFWorld(t, localserver.Options{})
			ids := w.makeSessions(t, 250)
			w.network.breaks(fault{request: cdfRevoke, times: 1, happen: pass}, fault{request: cdfRevoke, times: -1, happen: test.happen})
			told, err := w.endSessions(t, ids)
			if diff := cmp.Diff(ended{1, first(ids), nil}, told); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
			failed, ok := errors.AsType[*snapshot.UnrevokedError](err)
			if !ok {
				t.Fatalf("got error %v, want an UnrevokedError", err)
			}
			want := &snapshot.UnrevokedError{All: 250, Done: 100, Left: test.left(ids), Err: failed.Err}
			if test.unclear != nil {
				want.Unclear = test.unclear(ids)
			}
			if diff := cmp.Diff(*want, *failed, cmp.Comparer(func(a, b error) bool { return errors.Is(a, b) })); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A right that this process has just granted may take CDF a while.
func TestEndSessionsAfterAGrant(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{CDF: cdf.Options{CapabilityDelay: 20 * time.Second}})
	ids := w.makeSessions(t, 1)
	w.becomesMember(t, `[{"groupsAcl":{"actions":["CREATE","LIST"],"scope":{"all":{}}}}]`)
	if _, err := w.endSessions(t, ids); !cdfapi.IsNotPermitted(err) {
		t.Fatalf("before the grant: got error %v, want a refusal", err)
	}
	grant := newCDFGroup("grant", `[{"sessionsAcl":{"actions":["DELETE"],"scope":{"all":{}}}}]`)
	grant.SourceID = "members"
	_, _, err := w.CreateGroup(t.Context(), grant)
	must(t, err)
	if told, err := w.endSessions(t, ids); err != nil || !cmp.Equal(ended{1, ids, nil}, told) {
		t.Errorf("after the grant: told %+v, error %v", told, err)
	}
}

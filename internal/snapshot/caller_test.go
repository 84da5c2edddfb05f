// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func policyIDs(policies []lakefsapi.Policy) []string {
	ids := []string{}
	for _, policy := range policies {
		ids = append(ids, policy.ID)
	}
	slices.Sort(ids)
	return ids
}

// Who the caller is and what it may do is asked for once, however many ask.
func TestLakeFSCaller(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{PageSize: 2})
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			caller, err := w.Caller(t.Context())
			if err != nil || caller.ID != "admin" || len(caller.Policies) == 0 {
				t.Errorf("got %+v and error %v", caller, err)
			}
		})
	}
	wait.Wait()
	if asked := w.network.requests("GET /user"); len(asked) == 0 || strings.Count(strings.Join(asked, "\n"), "GET /user\n") > 1 {
		t.Errorf("asked %v, want who the caller is once", asked)
	}
	before := len(w.network.requests(""))
	_, err := w.Caller(t.Context())
	must(t, err)
	if after := len(w.network.requests("")); after != before {
		t.Errorf("a second question sent %d requests", after-before)
	}
}

// The paths by which the caller has its policies are all told, each group's its own.
func TestLakeFSCallerAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{PageSize: 2})
	must(t, w.AttachPolicy(t.Context(), snapshot.Principal{UserID: "admin"}, "FSReadAll"))
	access, err := w.CallerAccess(t.Context())
	must(t, err)
	if diff := cmp.Diff([]string{"FSReadAll"}, policyIDs(access.Direct)); diff != "" || access.ID != "admin" {
		t.Errorf("of %q directly (-want +got):\n%s", access.ID, diff)
	}
	effective, err := w.Caller(t.Context())
	must(t, err)
	all := policyIDs(access.Direct)
	for _, policies := range access.ByGroup {
		all = append(all, policyIDs(policies)...)
	}
	slices.Sort(all)
	if diff := cmp.Diff(policyIDs(effective.Policies), slices.Compact(all)); diff != "" || len(access.ByGroup) == 0 {
		t.Errorf("all paths of %d groups together (-want +got):\n%s", len(access.ByGroup), diff)
	}
}

// A refusal is an answer, which is kept. A question that was broken off is asked again.
func TestCallerErrors(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"GET /user", "GET /auth/users/admin/policies", "GET /auth/users/admin/groups", "GET /auth/groups/"} {
		t.Run(broken, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			cancelled, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := w.CallerAccess(cancelled); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: error %v", err)
			}
			w.network.breaks(fault{request: broken, times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
			for range 2 {
				if _, err := w.CallerAccess(t.Context()); httpapi.StatusOf(err) != http.StatusInternalServerError {
					t.Errorf("access: error %v, want the server's 500", err)
				}
				w.network.heals()
			}
			w.network.breaks(fault{request: broken, times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
			wanted := http.StatusInternalServerError
			if strings.Contains(broken, "groups") {
				wanted = 0 // not asked
			}
			if _, err := w.Caller(t.Context()); httpapi.StatusOf(err) != wanted {
				t.Errorf("policies: error %v", err)
			}
		})
	}
}

// The token says what the caller of CDF may do; where it may not be inspected, its groups do.
func TestCDFCaller(t *testing.T) {
	t.Parallel()
	w := newCDFWorld(t, localserver.Options{})
	caller, err := w.Caller(t.Context())
	must(t, err)
	if len(caller.Groups) == 0 || len(caller.Token) == 0 {
		t.Errorf("the administrator: %d groups and token %s", len(caller.Groups), caller.Token)
	}
	sent := len(w.network.requests(""))
	_, err = w.Caller(t.Context())
	must(t, err)
	if now := len(w.network.requests("")); now != sent {
		t.Errorf("a second question sent %d requests", now-sent)
	}
	w.becomesMember(t, makersOnly)
	if caller, err = w.Caller(t.Context()); err != nil || len(caller.Groups) != 1 || caller.Token != nil {
		t.Errorf("without the right to inspect: %+v and error %v", caller, err)
	}
	for _, broken := range []string{"GET " + cdfGroups, "GET /token/inspect"} {
		broke := newCDFWorld(t, localserver.Options{})
		broke.network.breaks(fault{request: broken, times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
		if _, err := broke.Caller(t.Context()); httpapi.StatusOf(err) != http.StatusInternalServerError {
			t.Errorf("%s: error %v, want the server's 500", broken, err)
		}
	}
}

// An answer from before a grant of this process is not the last, until lakeFS must have
// learnt of the grant.
func TestLakeFSEffectivePoliciesUntil(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	never := func(asked *int) func([]lakefsapi.Policy) bool {
		return func([]lakefsapi.Policy) bool { *asked++; return false }
	}
	until := func(ctx context.Context, awaited func([]lakefsapi.Policy) bool) error {
		_, err := w.EffectivePoliciesUntil(ctx, "admin", awaited)
		return err
	}
	var before, after int
	must(t, until(t.Context(), never(&before)))
	must(t, w.AttachPolicy(t.Context(), snapshot.Principal{UserID: "admin"}, "FSReadAll"))
	must(t, until(t.Context(), never(&after)))
	if before != 1 || after < 2 || len(w.clock.sleeps()) != after-1 {
		t.Errorf("asked %d times before a grant, %d after, and slept %v", before, after, w.clock.sleeps())
	}
	must(t, w.DetachPolicy(t.Context(), snapshot.Principal{UserID: "admin"}, "FSReadAll"))
	must(t, w.AttachPolicy(t.Context(), snapshot.Principal{UserID: "admin"}, "FSReadAll"))
	asked := 0
	must(t, until(t.Context(), func(policies []lakefsapi.Policy) bool {
		asked++
		return slices.Contains(policyIDs(policies), "FSReadAll")
	}))
	if asked != 1 {
		t.Errorf("asked %d times for what was there", asked)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	if err := until(cancelled, func([]lakefsapi.Policy) bool { cancel(); return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	w.network.breaks(fault{request: "GET /auth/users/admin/policies", times: -1, happen: refusing(http.StatusInternalServerError, "broken")})
	if err := until(t.Context(), never(&after)); httpapi.StatusOf(err) != http.StatusInternalServerError {
		t.Errorf("broken: error %v", err)
	}
}

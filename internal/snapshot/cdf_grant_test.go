// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// A caller that gives itself a capability meets CDF before it has learnt of it.
func TestCDFGrantToOneself(t *testing.T) {
	t.Parallel()
	const delay = 20 * time.Second
	w := newCDFWorld(t, localserver.Options{CDF: cdf.Options{CapabilityDelay: delay}})
	w.becomesMember(t, `[{"groupsAcl":{"actions":["CREATE","LIST"],"scope":{"all":{}}}}]`)
	if _, err := w.CreateSecurityCategory(t.Context(), "new"); !cdfapi.IsNotPermitted(err) {
		t.Fatalf("before the grant: got error %v, want a refusal", err)
	}
	start := w.clock.Now()
	grant := newCDFGroup("grant", `[{"securityCategoriesAcl":{"actions":["CREATE","LIST"],"scope":{"all":{}}}}]`)
	grant.SourceID = "members"
	_, _, err := w.CreateGroup(t.Context(), grant)
	must(t, err)
	category, err := w.CreateSecurityCategory(t.Context(), "new")
	if err != nil || category.Name != "new" {
		t.Errorf("after the grant: got the category %q and error %v", category.Name, err)
	}
	if waited := w.clock.Now().Sub(start); waited < delay || waited > delay+5*time.Second {
		t.Errorf("waited %s, want as long as CDF needs, %s", waited, delay)
	}
}

// What CDF still refuses when it must have learnt of the grant is refused.
func TestCDFRefusalAfterGrant(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		before time.Duration // between the grant and the refused write
	}{
		{"at once", 0},
		{"late", 22 * time.Second},
		{"too late", 25 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newCDFWorld(t, localserver.Options{})
			made, err := cdfCreations[0].create(t.Context(), w.CDF)
			must(t, err)
			w.clock.advance(test.before)
			const refused = "POST " + cdfGroups + "/delete"
			w.network.breaks(fault{request: refused, times: -1, happen: refusing(http.StatusForbidden, "no")})
			start := w.clock.Now()
			if err := w.DeleteGroup(t.Context(), made); !cdfapi.IsNotPermitted(err) {
				t.Errorf("got error %v, want the refusal", err)
			}
			if diff := cmp.Diff(max(0, 25*time.Second-test.before), w.clock.Now().Sub(start)); diff != "" {
				t.Errorf("time until given up (-want +got):\n%s", diff)
			}
			if sent := w.network.requests(refused); (len(sent) > 1) != (test.before < 25*time.Second) {
				t.Errorf("sent %d times, %s after the grant", len(sent), test.before)
			}
		})
	}
}

func TestCDFRefusalWithoutGrant(t *testing.T) {
	t.Parallel()
	forEachCDFCreation(t, func(t *testing.T, c cdfCreation, w *cdfWorld) {
		id, err := c.beside(t.Context(), w.beside)
		must(t, err)
		w.becomesMember(t, `[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`)
		if err := c.remove(t.Context(), w.CDF, id); !cdfapi.IsNotPermitted(err) {
			t.Errorf("delete: got error %v, want the refusal", err)
		}
		if _, err := c.create(t.Context(), w.CDF); err == nil {
			t.Error("create: no error")
		}
		if pauses := w.clock.sleeps(); len(pauses) != 0 {
			t.Errorf("tried again after %v, want an answer at once", pauses)
		}
	})
}

// The capabilities of a token may be those from before our last grant.
func TestCDFInspectTokenUntil(t *testing.T) {
	t.Parallel()
	const delay = 10 * time.Second
	inspect := func(t *testing.T, w *cdfWorld, groups int) (asked int, err error) {
		t.Helper()
		_, err = w.InspectTokenUntil(t.Context(), func(inspection cdfapi.TokenInspection) bool {
			asked++
			return len(inspection.Projects) == 1 && len(inspection.Projects[0].Groups) == groups
		})
		return asked, err
	}
	granting := func(t *testing.T) *cdfWorld {
		t.Helper()
		w := newCDFWorld(t, localserver.Options{CDF: cdf.Options{CapabilityDelay: delay}})
		creation := newCDFGroup("new", assetsReader)
		creation.Members = &cdfapi.Members{IDs: []string{w.server.ClientID()}}
		_, _, err := w.CreateGroup(t.Context(), creation)
		must(t, err)
		return w
	}
	t.Run("awaited", func(t *testing.T) {
		t.Parallel()
		w := granting(t)
		if asked, err := inspect(t, w, 2); err != nil || asked < 2 {
			t.Errorf("asked %d times, error %v", asked, err)
		}
		if waited := w.clock.sleeps(); len(waited) == 0 || len(waited) > 20 {
			t.Errorf("waited %v, want some pauses", waited)
		}
	})
	t.Run("as awaited at once", func(t *testing.T) {
		t.Parallel()
		w := granting(t)
		if asked, err := inspect(t, w, 1); err != nil || asked != 1 || len(w.clock.sleeps()) > 0 {
			t.Errorf("asked %d times, error %v", asked, err)
		}
	})
	t.Run("never", func(t *testing.T) {
		t.Parallel()
		w := granting(t)
		start := w.clock.Now()
		if _, err := inspect(t, w, 3); err != nil {
			t.Errorf("error %v", err)
		}
		if diff := cmp.Diff(25*time.Second, w.clock.Now().Sub(start)); diff != "" {
			t.Errorf("time until given up (-want +got):\n%s", diff)
		}
	})
	t.Run("without grant", func(t *testing.T) {
		t.Parallel()
		w := newCDFWorld(t, localserver.Options{})
		if asked, err := inspect(t, w, 3); err != nil || asked != 1 {
			t.Errorf("asked %d times, error %v", asked, err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		w := granting(t)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := w.InspectTokenUntil(ctx, func(cdfapi.TokenInspection) bool { cancel(); return false })
		if err == nil {
			t.Error("no error")
		}
	})
	t.Run("broken", func(t *testing.T) {
		t.Parallel()
		w := granting(t)
		w.network.breaks(fault{request: "GET /token/inspect", times: -1, happen: refusing(http.StatusForbidden, "no")})
		if asked, err := inspect(t, w, 2); !cdfapi.IsNotPermitted(err) || asked != 0 {
			t.Errorf("asked %d times, error %v, want the refusal", asked, err)
		}
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A server that does not answer holds up a plan for a bounded time, and once.
func TestAskedGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var outer, inner asked[string]
		silent := func(ctx context.Context) (string, error) {
			return withinLimit(ctx, func(ctx context.Context) (string, error) {
				<-ctx.Done()
				return "", ctx.Err()
			})
		}
		nested := func(ctx context.Context) (string, error) { return inner.get(ctx, silent) }
		started := time.Now()
		for range 3 {
			for _, ask := range []func() (string, error){
				func() (string, error) { return outer.get(t.Context(), nested) },
				func() (string, error) { return inner.get(t.Context(), silent) },
			} {
				if _, err := ask(); !errors.Is(err, context.DeadlineExceeded) || strings.Count(err.Error(), "given up after 30s") != 1 {
					t.Errorf("error %v, want one that says when it was given up", err)
				}
			}
		}
		if waited := time.Since(started); waited != askLimit {
			t.Errorf("waited %s in all, want %s", waited, askLimit)
		}
	})
}

// What the command broke off is asked again by the next.
func TestAskedIsBrokenOff(t *testing.T) {
	t.Parallel()
	var question asked[string]
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := question.get(cancelled, func(ctx context.Context) (string, error) { return "", ctx.Err() }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	answer, err := question.get(t.Context(), func(context.Context) (string, error) { return "yes", nil })
	if answer != "yes" || err != nil {
		t.Errorf("asked again: %q and error %v", answer, err)
	}
}

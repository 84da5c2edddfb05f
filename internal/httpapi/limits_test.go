// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// awaitHangUp blocks until the client is gone, which a server notices only once
// it has read the request.
func awaitHangUp(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	tests := map[string]http.HandlerFunc{
		"no answer": func(_ http.ResponseWriter, r *http.Request) {
			awaitHangUp(r)
		},
		"slow body": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = w.Write([]byte(`{"id":`))
			_ = http.NewResponseController(w).Flush()
			awaitHangUp(r)
		},
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, handler, func(c *httpapi.Config) { c.Options.RequestTimeout = 50 * time.Millisecond })
			err := client.Do(t.Context(), post, new(answer))
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no complete answer within 50ms") {
				t.Errorf("error %v, want one that names the limit", err)
			}
			if !httpapi.OutcomeUnknown(err) {
				t.Error("the outcome counts as known")
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 22, 12, 0, 0, 0, time.UTC)
	var slept waits
	var requests atomic.Int64
	client := newClient(t, statusHandler(&requests, 0, 0), func(c *httpapi.Config) {
		c.Options.RequestsPerSecond = 2
		c.Options.Sleep = slept.sleep
		c.Options.Now = func() time.Time { return now }
	})
	for range 4 {
		if err := client.Do(t.Context(), get, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := []time.Duration{500 * time.Millisecond, time.Second} // two at once, then in turn
	if diff := cmp.Diff(want, slept.all); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
	ctx, cancel := context.WithCancel(t.Context())
	slow := newClient(t, statusHandler(&requests, 0, 0), func(c *httpapi.Config) {
		c.Options.RequestsPerSecond = 1
		c.Options.Sleep = func(context.Context, time.Duration) error { cancel(); return context.Canceled }
	})
	for range 2 {
		if err := slow.Do(ctx, get, nil); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want cancelled", err)
		}
	}
	if ctx.Err() == nil {
		t.Error("the second request did not wait for its turn")
	}
}

// TestRealWaiting lets the client wait as it does by default, on a fake clock.
func TestRealWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := httpapi.New(httpapi.Config{
			BaseURL: "https://lakefs.example.com",
			Options: httpapi.Options{MaxRetries: 1, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return fakeAnswer(r, http.StatusTooManyRequests, "application/json", []byte(`{}`)), nil
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := client.Do(t.Context(), get, nil); httpapi.StatusOf(err) != http.StatusTooManyRequests {
			t.Errorf("error %v, want 429", err)
		}
		if waited := time.Since(start); waited < 250*time.Millisecond || waited > 500*time.Millisecond {
			t.Errorf("waited %s, want a quarter to half a second", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		if err := client.Do(ctx, get, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want cancelled while waiting", err)
		}
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// sendUntilRefused sends a create again and again, as a caller does that finds
// every time that it was not carried out.
func sendUntilRefused(ctx context.Context, client *httpapi.Client) (calls int, err error) {
	for {
		calls++
		if err = client.Do(ctx, post, nil); err == nil {
			return calls, nil
		}
		if ctx, err = client.AwaitRetry(ctx, err); err != nil {
			return calls, err
		}
	}
}

// TestAwaitRetrySharesTheLimit: what a caller sends again counts together with
// what the client itself sends again.
func TestAwaitRetrySharesTheLimit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		retries  int
		statuses []int // the last one is repeated
		calls    int
		requests int64
	}{
		"no retries":           {retries: 0, statuses: []int{502}, calls: 1, requests: 1},
		"by the caller":        {retries: 3, statuses: []int{502}, calls: 4, requests: 4},
		"by the client":        {retries: 3, statuses: []int{429}, calls: 1, requests: 4},
		"by both":              {retries: 3, statuses: []int{429, 502, 429}, calls: 2, requests: 4},
		"by both, then enough": {retries: 2, statuses: []int{502, 429, 502}, calls: 2, requests: 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			var slept waits
			handler := func(w http.ResponseWriter, _ *http.Request) {
				sent := int(requests.Add(1))
				writeJSON(w, test.statuses[min(sent, len(test.statuses))-1], `{"message":"not now"}`)
			}
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Options.MaxRetries = test.retries
				c.Options.Sleep = slept.sleep
			})
			calls, err := sendUntilRefused(t.Context(), client)
			if calls != test.calls || requests.Load() != test.requests {
				t.Errorf("%d calls, %d requests; want %d, %d", calls, requests.Load(), test.calls, test.requests)
			}
			last := test.statuses[len(test.statuses)-1]
			if failed, ok := errors.AsType[*httpapi.Error](err); !ok || failed.Status != last || int64(failed.Attempts) != test.requests {
				t.Errorf("error %v, want the last answer after %d attempts", err, test.requests)
			}
			for i, got := range slept.all {
				if upper := 500 * time.Millisecond << i; got < upper/2 || got > upper {
					t.Errorf("wait %d is %s, want between %s and %s", i+1, got, upper/2, upper)
				}
			}
		})
	}
}

func TestAwaitRetryHonoursRetryAfter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header  string
		want    time.Duration
		wantErr string
	}{
		"seconds":            {header: "7", want: 7 * time.Second},
		"longer than we can": {header: "7200", wantErr: "asks to wait 2h0m0s"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var slept waits
			handler := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", test.header)
				writeJSON(w, 503, `{"message":"not now"}`)
			}
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Options.MaxRetries = 1
				c.Options.Sleep = slept.sleep
			})
			_, err := sendUntilRefused(t.Context(), client)
			if httpapi.StatusOf(err) != 503 || !strings.Contains(err.Error(), test.wantErr) || !httpapi.OutcomeUnknown(err) {
				t.Errorf("error %v, want an uncertain 503 and %q", err, test.wantErr)
			}
			if test.want != 0 && (len(slept.all) != 1 || slept.all[0] != test.want) {
				t.Errorf("waited %v, want %s", slept.all, test.want)
			}
			if test.want == 0 && len(slept.all) != 0 {
				t.Errorf("waited %v all the same", slept.all)
			}
		})
	}
}

func TestAwaitRetryHonoursTheContext(t *testing.T) {
	t.Parallel()
	failing := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		writeJSON(w, 503, `{"message":"not now"}`)
	}
	client := newClient(t, failing, func(c *httpapi.Config) { c.Options.MaxRetries = 5 })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	calls, err := sendUntilRefused(ctx, client)
	if calls != 1 || !errors.Is(err, context.DeadlineExceeded) || httpapi.StatusOf(err) != 503 || ctx.Err() != nil {
		t.Errorf("%d calls, error %v; want one, and 503 and a deadline at once", calls, err)
	}
}

// TestAwaitRetryOfAnotherError: what is no failed request is never repeated.
func TestAwaitRetryOfAnotherError(t *testing.T) {
	t.Parallel()
	client := newClient(t, nil, func(c *httpapi.Config) { c.Options.MaxRetries = 5 })
	other := errors.New("not from here")
	if _, err := client.AwaitRetry(t.Context(), other); !errors.Is(err, other) {
		t.Errorf("error %v, want the one that was given", err)
	}
}

func TestSleep(t *testing.T) {
	t.Parallel()
	if err := httpapi.Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Errorf("Sleep: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := httpapi.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("Sleep: error %v, want cancelled", err)
	}
}

// TestAnswerUnusable tells a write that was carried out from one that is in doubt.
func TestAnswerUnusable(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		want    bool
	}{
		"member missing": {func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 201, `{}`) }, true},
		"cut short": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			writeJSON(w, 201, `{"id"`)
		}, true},
		"bad gateway": {func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 502, `{}`) }, false},
		"refused":     {func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 409, `{}`) }, false},
		"hung up":     {hangUp, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newClient(t, test.handler, nil).Do(t.Context(), post, new(answer))
			if err == nil || httpapi.AnswerUnusable(err) != test.want {
				t.Errorf("error %v, want AnswerUnusable to be %t", err, test.want)
			}
		})
	}
	if httpapi.AnswerUnusable(nil) {
		t.Error("AnswerUnusable is true of no error")
	}
}

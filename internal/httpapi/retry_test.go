// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// result is what a test looks at after a call.
type result struct {
	Requests int64
	Status   int
	Unknown  bool
}

// statusHandler answers a failing status so often, then success.
func statusHandler(requests *atomic.Int64, status int, failures int64) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) <= failures {
			writeJSON(w, status, `{"message":"not now"}`)
			return
		}
		writeJSON(w, http.StatusOK, `{"id":"t1"}`)
	}
}

func TestRetriesByStatus(t *testing.T) {
	t.Parallel()
	const once, all = 1, 4 // with three retries
	tests := map[string]struct {
		status  int
		request httpapi.Request
		want    result
	}{
		"429 of a read":           {429, get, result{all, 429, false}},
		"429 of a create":         {429, post, result{all, 429, false}},
		"502 of a read":           {502, get, result{all, 502, false}},
		"503 of a read":           {503, get, result{all, 503, false}},
		"504 of a read":           {504, get, result{all, 504, false}},
		"503 of a repeatable put": {503, put, result{all, 503, true}},
		"502 of a create":         {502, post, result{once, 502, true}},
		"503 of a create":         {503, post, result{once, 503, true}},
		"504 of a create":         {504, post, result{once, 504, true}},
		"500 of a read":           {500, get, result{once, 500, false}},
		"500 of a repeatable put": {500, put, result{once, 500, true}},
		"500 of a create":         {500, post, result{once, 500, true}},
		"501 of a create":         {501, post, result{once, 501, false}},
		"400 of a create":         {400, post, result{once, 400, false}},
		"401 of a create":         {401, post, result{once, 401, false}},
		"404 of a read":           {404, get, result{once, 404, false}},
		"409 of a create":         {409, post, result{once, 409, false}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			client := newClient(t, statusHandler(&requests, test.status, 100), func(c *httpapi.Config) { c.Options.MaxRetries = 3 })
			err := client.Do(t.Context(), test.request, nil)
			got := result{requests.Load(), httpapi.StatusOf(err), httpapi.OutcomeUnknown(err)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if test.want.Requests == all && !strings.Contains(err.Error(), "after 4 attempts") {
				t.Errorf("the error does not say how often it was tried: %v", err)
			}
		})
	}
}

func TestRetriesSucceed(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	client := newClient(t, statusHandler(&requests, 503, 8), func(c *httpapi.Config) { c.Options.MaxRetries = -1 })
	var got answer
	if err := client.Do(t.Context(), get, &got); err != nil {
		t.Fatal(err)
	}
	if got.ID != "t1" || requests.Load() != 9 {
		t.Errorf("got %+v after %d requests, want t1 after 9", got, requests.Load())
	}
}

// hangUp closes the connection without an answer.
func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// cutShort promises more than it sends.
func cutShort(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "100")
	_, _ = w.Write([]byte(`{"id":`))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func TestRetriesOfLostAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		handler http.HandlerFunc
		request httpapi.Request
		want    result
	}{
		"no answer to a read":           {hangUp, get, result{3, 0, false}},
		"no answer to a repeatable put": {hangUp, put, result{3, 0, true}},
		"no answer to a create":         {hangUp, post, result{1, 0, true}},
		"half an answer to a read":      {cutShort, get, result{3, 200, false}},
		"half an answer to a create":    {cutShort, post, result{1, 200, true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			handler := func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				test.handler(w, r)
			}
			client := newClient(t, handler, func(c *httpapi.Config) { c.Options.MaxRetries = 2 })
			err := client.Do(t.Context(), test.request, new(answer))
			got := result{requests.Load(), httpapi.StatusOf(err), httpapi.OutcomeUnknown(err)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s\n%v", diff, err)
			}
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("the cause is not unwrapped: %v", err)
			}
		})
	}
}

// TestRetriesOfUnsentRequests uses a port at which nobody listens: nothing can
// have happened, so creates are repeated as well.
func TestRetriesOfUnsentRequests(t *testing.T) {
	t.Parallel()
	var slept waits
	client, err := httpapi.New(httpapi.Config{
		BaseURL: "http://" + closedPort(t),
		Options: httpapi.Options{MaxRetries: 2, Sleep: slept.sleep},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = client.Do(t.Context(), post, nil)
	if !errors.Is(err, syscall.ECONNREFUSED) || len(slept.all) != 2 || httpapi.OutcomeUnknown(err) {
		t.Errorf("error %v, %d waits, OutcomeUnknown %t; want refused, 2, false", err, len(slept.all), httpapi.OutcomeUnknown(err))
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

// roundTripper answers without a network, and without reporting connections.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRetriesByCause(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		cause error
		want  result
	}{
		"unknown host":       {&net.DNSError{Err: "no such host", IsNotFound: true}, result{1, 0, false}},
		"name server is ill": {&net.DNSError{Err: "server misbehaving", IsTemporary: true}, result{3, 0, false}},
		"http, not https":    {http.ErrSchemeMismatch, result{1, 0, false}},
		"connection reset":   {syscall.ECONNRESET, result{3, 0, false}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			client := newClient(t, nil, func(c *httpapi.Config) {
				c.Options.MaxRetries = 2
				c.Options.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
					requests.Add(1)
					return nil, test.cause
				})
			})
			err := client.Do(t.Context(), get, nil)
			got := result{requests.Load(), httpapi.StatusOf(err), httpapi.OutcomeUnknown(err)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !errors.Is(err, test.cause) {
				t.Errorf("the cause is not unwrapped: %v", err)
			}
		})
	}
}

// TestUnknownTransportIsDoubted: a transport that does not report its
// connections may have sent a create, which is then not repeated.
func TestUnknownTransportIsDoubted(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	client := newClient(t, nil, func(c *httpapi.Config) {
		c.Options.MaxRetries = 2
		c.Options.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			requests.Add(1)
			return nil, syscall.ECONNRESET
		})
	})
	err := client.Do(t.Context(), post, nil)
	if requests.Load() != 1 || !httpapi.OutcomeUnknown(err) {
		t.Errorf("%d requests, OutcomeUnknown %t; want 1, true", requests.Load(), httpapi.OutcomeUnknown(err))
	}
}

// TestDoubtStays: an update whose first attempt may have worked stays in doubt
// until the server gives a plain answer.
func TestDoubtStays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statuses []int
		want     bool
	}{
		"refused for load at last": {[]int{504, 429}, true},
		"refused for load always":  {[]int{429, 429}, false},
		"refused at last":          {[]int{504, 400}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			handler := func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, test.statuses[requests.Add(1)-1], `{}`)
			}
			client := newClient(t, handler, func(c *httpapi.Config) { c.Options.MaxRetries = len(test.statuses) - 1 })
			if got := httpapi.OutcomeUnknown(client.Do(t.Context(), put, nil)); got != test.want {
				t.Errorf("OutcomeUnknown = %t, want %t", got, test.want)
			}
		})
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	var slept waits
	client := newClient(t, statusHandler(&requests, 429, 100), func(c *httpapi.Config) {
		c.Options.MaxRetries = 9
		c.Options.Sleep = slept.sleep
	})
	if err := client.Do(t.Context(), get, nil); httpapi.StatusOf(err) != 429 {
		t.Fatalf("error %v, want 429", err)
	}
	most := []float64{0.5, 1, 2, 4, 8, 16, 30, 30, 30} // seconds
	if len(slept.all) != len(most) {
		t.Fatalf("%d waits, want %d", len(slept.all), len(most))
	}
	for i, got := range slept.all {
		if upper := time.Duration(most[i] * float64(time.Second)); got < upper/2 || got > upper {
			t.Errorf("wait %d is %s, want between %s and %s", i+1, got, upper/2, upper)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 22, 12, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		header   string
		min, max time.Duration
		wantErr  string
	}{
		"seconds":            {header: "7", min: 7 * time.Second, max: 7 * time.Second},
		"date":               {header: now.Add(90 * time.Second).Format(http.TimeFormat), min: 90 * time.Second, max: 90 * time.Second},
		"date in the past":   {header: now.Add(-time.Hour).Format(http.TimeFormat), max: time.Second},
		"zero":               {header: "0", max: time.Second},
		"negative":           {header: "-5", max: time.Second},
		"nonsense":           {header: "soon", max: time.Second},
		"longer than we can": {header: "7200", wantErr: "asks to wait 2h0m0s"},
		"beyond an integer":  {header: "99999999999999999999", max: time.Second},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var slept waits
			handler := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", test.header)
				writeJSON(w, 429, `{"message":"not now"}`)
			}
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Options.MaxRetries = 1
				c.Options.Sleep = slept.sleep
				c.Options.Now = func() time.Time { return now }
			})
			err := client.Do(t.Context(), get, nil)
			if httpapi.StatusOf(err) != 429 || !strings.Contains(err.Error(), test.wantErr) {
				t.Fatalf("error %v, want 429 and %q", err, test.wantErr)
			}
			if test.wantErr != "" {
				if len(slept.all) != 0 {
					t.Errorf("waited %v all the same", slept.all)
				}
				return
			}
			if len(slept.all) != 1 || slept.all[0] < test.min || test.min > 0 && slept.all[0] > test.max {
				t.Errorf("waited %v, want between %s and %s", slept.all, test.min, test.max)
			}
		})
	}
}

func TestContextBoundsRetries(t *testing.T) {
	t.Parallel()
	failing := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "600")
		writeJSON(w, 503, `{"message":"not now"}`)
	}
	t.Run("deadline before the next attempt", func(t *testing.T) {
		t.Parallel()
		client := newClient(t, failing, func(c *httpapi.Config) { c.Options.MaxRetries = 5 })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := client.Do(ctx, get, nil)
		if !errors.Is(err, context.DeadlineExceeded) || httpapi.StatusOf(err) != 503 || ctx.Err() != nil {
			t.Errorf("error %v, want 503 and a deadline at once", err)
		}
	})
	t.Run("cancelled while waiting", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(t, failing, func(c *httpapi.Config) {
			c.Options.MaxRetries = 5
			c.Options.Sleep = func(context.Context, time.Duration) error { cancel(); return ctx.Err() }
		})
		err := client.Do(ctx, get, nil)
		if !errors.Is(err, context.Canceled) || httpapi.StatusOf(err) != 503 {
			t.Errorf("error %v, want cancelled after a 503", err)
		}
	})
	t.Run("cancelled during the attempt", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(t, failing, func(c *httpapi.Config) {
			c.Options.MaxRetries = 5
			c.Options.Log = func(context.Context, string, map[string]any) { cancel() }
		})
		err := client.Do(ctx, get, nil)
		if !errors.Is(err, context.Canceled) || httpapi.StatusOf(err) != 503 {
			t.Errorf("error %v, want cancelled after a 503", err)
		}
	})
	t.Run("cancelled before", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		client := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }, nil)
		err := client.Do(ctx, post, nil)
		if !errors.Is(err, context.Canceled) || httpapi.OutcomeUnknown(err) {
			t.Errorf("error %v, OutcomeUnknown %t; want cancelled, false", err, httpapi.OutcomeUnknown(err))
		}
	})
}

// TestErrorsQuoteNoQuery: a transport's cause is shown without the URL that
// http.Client would add to it.
func TestErrorsQuoteNoQuery(t *testing.T) {
	t.Parallel()
	client := newClient(t, hangUp, nil)
	request := get
	request.Query = url.Values{"principalId": {"hunter2"}}
	if err := client.Do(t.Context(), request, nil); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error %v, want one without the query", err)
	}
}

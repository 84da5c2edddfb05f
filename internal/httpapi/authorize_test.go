// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

var errNoToken = errors.New("the token endpoint is busy")

// TestRetriesOfAuthorization: without credentials nothing is sent, so also a create
// is tried again when it may get them later.
func TestRetriesOfAuthorization(t *testing.T) {
	t.Parallel()
	const all = 3 // with two retries
	unknown := &net.DNSError{Err: "no such host", IsNotFound: true}
	tests := map[string]struct {
		err      error
		attempts int
	}{
		"temporary":                   {&httpapi.TemporaryError{Err: errNoToken}, all},
		"refused":                     {errNoToken, 1},
		"temporary, but unknown host": {&httpapi.TemporaryError{Err: unknown}, 1},
		"temporary, with a secret":    {&httpapi.TemporaryError{Err: errors.New("hunter2")}, all},
	}
	for name, test := range tests {
		for _, request := range []httpapi.Request{get, post} {
			t.Run(name+" "+request.Operation, func(t *testing.T) {
				t.Parallel()
				attempts := 0
				client := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }, func(c *httpapi.Config) {
					c.Options.MaxRetries = all - 1
					c.Secrets = func() []string { return []string{"hunter2"} }
					c.Authorize = func(context.Context, *http.Request) error {
						attempts++
						return test.err
					}
				})
				err := client.Do(t.Context(), request, nil)
				if attempts != test.attempts || httpapi.OutcomeUnknown(err) || httpapi.StatusOf(err) != 0 {
					t.Errorf("%d attempts, want %d; error %v", attempts, test.attempts, err)
				}
				if text := test.err.Error(); !strings.Contains(err.Error(), strings.ReplaceAll(text, "hunter2", httpapi.Redacted)) || strings.Contains(err.Error(), "hunter2") {
					t.Errorf("error %v, want one with %q", err, text)
				}
				if !strings.Contains(name, "secret") && !errors.Is(err, test.err) {
					t.Errorf("the cause is not unwrapped: %v", err)
				}
			})
		}
	}
}

// TestAuthorizationSucceedsLater: the request goes out once there are credentials,
// after the wait that was asked for.
func TestAuthorizationSucceedsLater(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	var slept waits
	attempts := 0
	client := newClient(t, statusHandler(&requests, 0, 0), func(c *httpapi.Config) {
		c.Options.MaxRetries = 1
		c.Options.Sleep = slept.sleep
		c.Authorize = func(context.Context, *http.Request) error {
			if attempts++; attempts == 1 {
				return &httpapi.TemporaryError{Err: errNoToken, RetryAfter: 7 * time.Second}
			}
			return nil
		}
	})
	if err := client.Do(t.Context(), post, new(answer)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{7 * time.Second}, slept.all); diff != "" || requests.Load() != 1 {
		t.Errorf("%d requests, waits (-want +got):\n%s", requests.Load(), diff)
	}
}

// TestConnectionForCredentials: one that was made to get a token does not make the
// request itself count as sent.
func TestConnectionForCredentials(t *testing.T) {
	t.Parallel()
	idp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, `{}`) }))
	t.Cleanup(idp.Close)
	var slept waits
	client, err := httpapi.New(httpapi.Config{
		BaseURL: "http://" + closedPort(t),
		Authorize: func(ctx context.Context, _ *http.Request) error {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, idp.URL, nil)
			if err != nil {
				return err
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				return err
			}
			return response.Body.Close()
		},
		Options: httpapi.Options{MaxRetries: 2, Sleep: slept.sleep},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Do(t.Context(), post, nil); len(slept.all) != 2 || httpapi.OutcomeUnknown(err) {
		t.Errorf("error %v after %d waits, OutcomeUnknown %t; want 2, false", err, len(slept.all), httpapi.OutcomeUnknown(err))
	}
}

// TestRetryableAnswers: an answer that its server marks is tried again after, if
// the request may be sent twice.
func TestRetryableAnswers(t *testing.T) {
	t.Parallel()
	marked := func(status int, header http.Header, body []byte) bool {
		return status == 408 || header.Get("Try-Again") != "" || strings.Contains(string(body), "again")
	}
	tests := map[string]struct {
		status  int
		header  string
		body    string
		request httpapi.Request
		want    result
	}{
		"by its status":           {408, "", `{}`, get, result{3, 408, false}},
		"by its status, a create": {408, "", `{}`, post, result{1, 408, false}},
		"by a header":             {409, "yes", `{}`, put, result{3, 409, false}},
		"by a header, a create":   {409, "yes", `{}`, post, result{1, 409, false}},
		"by its body":             {500, "", `{"message":"again"}`, put, result{3, 500, true}},
		"by its body, a create":   {500, "", `{"message":"again"}`, post, result{1, 500, true}},
		"not":                     {400, "", `{}`, get, result{1, 400, false}},
		"a busy create":           {429, "yes", `{}`, post, result{3, 429, false}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int64
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests.Add(1)
				w.Header().Set("Try-Again", test.header)
				writeJSON(w, test.status, test.body)
			}, func(c *httpapi.Config) {
				c.Options.MaxRetries = 2
				c.Retryable = marked
			})
			err := client.Do(t.Context(), test.request, nil)
			got := result{requests.Load(), httpapi.StatusOf(err), httpapi.OutcomeUnknown(err)}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

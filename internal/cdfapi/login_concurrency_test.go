// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// slowLogin is a transport whose token endpoint takes its time, on a fake clock.
type slowLogin struct {
	takes  time.Duration
	status int
	grants atomic.Int64
}

func (s *slowLogin) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusOK, inspectionJSON
	if strings.HasSuffix(r.URL.Path, "/token") {
		number := s.grants.Add(1)
		if err := httpapi.Sleep(r.Context(), s.takes); err != nil {
			return nil, err
		}
		status, body = s.status, fmt.Sprintf(`{"access_token":"t%d","expires_in":3600}`, number)
	}
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(strings.NewReader(body)),
		Request:    r,
	}, nil
}

func (s *slowLogin) client(t *testing.T, retries int) *cdfapi.Client {
	t.Helper()
	return connect(t, cdfapi.Config{
		Cluster: "api", Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: "https://idp.example.com/token",
		HTTP: httpapi.Options{Transport: s, MaxRetries: retries, RequestTimeout: 10 * time.Second},
	})
}

// callAtOnce makes so many calls at a time and answers their errors.
func callAtOnce(ctx context.Context, client *cdfapi.Client, count int) []error {
	failures := make([]error, count)
	var group sync.WaitGroup
	for i := range count {
		group.Go(func() { _, failures[i] = client.InspectToken(ctx) })
	}
	group.Wait()
	return failures
}

func TestOneTokenRequestAtATime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		want   int // of the calls: a status, 0 for none
	}{
		"granted": {http.StatusOK, 0},
		"refused": {http.StatusUnauthorized, http.StatusUnauthorized},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &slowLogin{takes: time.Second, status: test.status}
				for _, err := range callAtOnce(t.Context(), server.client(t, 2), 50) {
					login, _ := errors.AsType[*cdfapi.LoginError](err)
					if (err != nil) != (test.want != 0) || login != nil && login.Status != test.want {
						t.Errorf("error %v, want status %d", err, test.want)
					}
				}
				if got := server.grants.Load(); got != 1 {
					t.Errorf("%d token requests, want one", got)
				}
			})
		})
	}
}

// TestCancelledWaiter: who gives up waiting for a token ends nobody else's login.
func TestCancelledWaiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &slowLogin{takes: 5 * time.Second, status: http.StatusOK}
		client := server.client(t, 2)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		var first error
		var group sync.WaitGroup
		group.Go(func() {
			_, first = client.InspectToken(ctx)
			if waited := time.Since(start); waited != time.Second {
				t.Errorf("it took %s to give up, want a second", waited)
			}
		})
		synctest.Wait()
		for _, err := range callAtOnce(t.Context(), client, 5) {
			if err != nil {
				t.Errorf("another caller: %v", err)
			}
		}
		group.Wait()
		if !errors.Is(first, context.Canceled) || httpapi.OutcomeUnknown(first) || server.grants.Load() != 1 {
			t.Errorf("error %v after %d token requests, want cancelled after one", first, server.grants.Load())
		}
	})
}

// TestSlowLogin: a token endpoint that does not answer in time is tried again, and
// what it then answers is used.
func TestSlowLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &slowLogin{takes: time.Minute, status: http.StatusOK}
		_, err := server.client(t, 1).CreateGroup(t.Context(), fullGroup)
		if !errors.Is(err, context.DeadlineExceeded) || httpapi.OutcomeUnknown(err) || server.grants.Load() != 2 {
			t.Errorf("error %v after %d token requests, want a deadline after two", err, server.grants.Load())
		}
		if !strings.Contains(err.Error(), "no access token from https://idp.example.com/token: ") || !strings.HasSuffix(err.Error(), "after 2 attempts") {
			t.Errorf("the error does not tell what was slow: %v", err)
		}
	})
}

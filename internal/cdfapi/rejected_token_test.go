// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// rejecting answers 401 to some tokens, by their numbers.
func rejecting(server *idp, numbers ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(numbers, numberOf(server.used[len(server.used)-1])) {
			writeJSON(w, http.StatusUnauthorized, `{"error":{"code":401,"message":"Unauthorized"}}`)
			return
		}
		if strings.HasSuffix(r.URL.Path, "/groups") {
			writeJSON(w, http.StatusCreated, `{"items":[{"id":7,"name":"readers"}]}`)
			return
		}
		writeJSON(w, http.StatusOK, inspectionJSON)
	}
}

// numberOf is the number of a granted token, 0 of another.
func numberOf(token string) (number int) {
	_, _ = fmt.Sscanf(strings.TrimPrefix(token, grantedToken), "-%d", &number)
	return number
}

// TestRejectedToken: what the API answers 401 to is sent once more with another token,
// where there can be one, whatever max_retries is.
func TestRejectedToken(t *testing.T) {
	t.Parallel()
	inspect := func(ctx context.Context, c *cdfapi.Client) error { _, err := c.InspectToken(ctx); return err }
	create := func(ctx context.Context, c *cdfapi.Client) error { _, err := c.CreateGroup(ctx, fullGroup); return err }
	granted := granting("3600")
	tests := map[string]struct {
		grant  func(http.ResponseWriter, *http.Request, int)
		reject []int
		calls  []func(context.Context, *cdfapi.Client) error
		// fails are the calls that end in an error, used the tokens of all requests.
		fails []bool
		used  []int
	}{
		"read":               {granted, []int{1}, calls(inspect, inspect), []bool{false, false}, []int{1, 2, 2}},
		"create":             {granted, []int{1}, calls(create), []bool{false}, []int{1, 2}},
		"revoked in between": {granted, []int{2}, calls(inspect, create), []bool{false, false}, []int{1, 1}},
		"again":              {granted, []int{1, 3}, calls(inspect, inspect), []bool{false, false}, []int{1, 2, 2}},
		// The third call knows that a new token is of no use.
		"for good": {granted, []int{1, 2, 3}, calls(inspect, create, inspect), []bool{true, true, true}, []int{1, 2, 2, 2}},
		"same token again": {answeringWith(200, `{"access_token":"`+grantedToken+`-1","expires_in":3600}`), []int{1},
			calls(create), []bool{true}, []int{1}},
		"no token again": {func(w http.ResponseWriter, r *http.Request, number int) {
			if number > 1 {
				writeJSON(w, http.StatusUnauthorized, `{"error":"invalid_client"}`)
				return
			}
			granted(w, r, number)
		}, []int{1}, calls(inspect), []bool{true}, []int{1}},
		"every token is new": {granting("1"), []int{1, 3}, calls(inspect, inspect), []bool{false, false}, []int{1, 2, 3, 4}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &idp{grant: test.grant}
			server.serve = rejecting(server, test.reject...)
			client := logIn(t, server, func(c *cdfapi.Config) { c.HTTP.MaxRetries = 0 })
			for i, call := range test.calls {
				if err := call(t.Context(), client); cdfapi.IsCredentialsRejected(err) != test.fails[i] || (err != nil) != test.fails[i] {
					t.Errorf("call %d: error %v, want one: %t", i, err, test.fails[i])
				}
			}
			var used []int
			for _, token := range server.used {
				used = append(used, numberOf(token))
			}
			if diff := cmp.Diff(test.used, used); diff != "" {
				t.Errorf("tokens used (-want +got):\n%s", diff)
			}
		})
	}
}

func calls(all ...func(context.Context, *cdfapi.Client) error) []func(context.Context, *cdfapi.Client) error {
	return all
}

// TestRejectedFixedToken: there is no other than the one that is configured.
func TestRejectedFixedToken(t *testing.T) {
	t.Parallel()
	requests := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		writeJSON(w, http.StatusUnauthorized, `{"error":{"code":401,"message":"Unauthorized"}}`)
	}))
	t.Cleanup(web.Close)
	client := connect(t, cdfapi.Config{BaseURL: web.URL, Project: testProject, Token: "t", HTTP: httpapi.Options{MaxRetries: 3, Sleep: noSleep}})
	if _, err := client.InspectToken(t.Context()); !cdfapi.IsCredentialsRejected(err) || requests != 1 {
		t.Errorf("error %v after %d requests, want 401 after one", err, requests)
	}
}

// TestOneNewTokenForAll: calls that are rejected together with one token share the next.
func TestOneNewTokenForAll(t *testing.T) {
	t.Parallel()
	const callers = 8           // fewer than there are connections
	var rejected sync.WaitGroup // until all have come with the first token
	rejected.Add(callers)
	server := &gatedAPI{rejected: &rejected}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	client := connect(t, cdfapi.Config{
		BaseURL: web.URL, Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: web.URL + "/token",
		HTTP: httpapi.Options{Sleep: noSleep},
	})
	if err := errors.Join(callAtOnce(t.Context(), client, callers)...); err != nil {
		t.Error(err)
	}
	if server.grants != 2 || server.requests != 2*callers {
		t.Errorf("%d token requests and %d others, want 2 and %d", server.grants, server.requests, 2*callers)
	}
}

// gatedAPI rejects its first token, once all callers have come with it.
type gatedAPI struct {
	rejected *sync.WaitGroup

	mu               sync.Mutex
	grants, requests int
}

func (g *gatedAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	if r.URL.Path == "/token" {
		defer g.mu.Unlock()
		g.grants++
		granting("3600")(w, r, g.grants)
		return
	}
	g.requests++
	g.mu.Unlock()
	if strings.HasSuffix(r.Header.Get("Authorization"), grantedToken+"-1") {
		g.rejected.Done()
		g.rejected.Wait()
		writeJSON(w, http.StatusUnauthorized, `{}`)
		return
	}
	writeJSON(w, http.StatusOK, inspectionJSON)
}

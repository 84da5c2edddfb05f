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
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// TestLoginErrors: what the identity provider says is told, but not what else it
// answers, and what may pass is tried again.
func TestLoginErrors(t *testing.T) {
	t.Parallel()
	const once, all = 1, 3 // with two retries
	unusable := "it answered 200 OK: the answer does not hold an access_token and its expires_in"
	tests := map[string]struct {
		grant    func(http.ResponseWriter, *http.Request, int)
		grants   int
		rejected bool
		want     string
	}{
		"refused": {
			answeringWith(401, `{"error":"invalid_client","error_description":"The secret has expired.","hint":"hunter2"}`), once, true,
			"it answered 401 Unauthorized: invalid_client: The secret has expired.",
		},
		"refused, 400":             {answeringWith(400, `{"error":"invalid_scope"}`), once, true, "it answered 400 Bad Request: invalid_scope"},
		"refused, without a word":  {answeringWith(401, `hunter2`), once, true, "it answered 401 Unauthorized"},
		"refused, by a proxy":      {answeringWith(403, `<html>hunter2`), once, false, "it answered 403 Forbidden"},
		"an error that succeeds":   {answeringWith(200, `{"error":"invalid_client","access_token":"hunter2","expires_in":7}`), once, true, "200 OK: invalid_client"},
		"no such page":             {answeringWith(404, `hunter2`), once, false, "it answered 404 Not Found"},
		"too many requests":        {answeringWith(429, `{"error":"slow_down"}`), all, false, "it answered 429 Too Many Requests: slow_down"},
		"broken":                   {answeringWith(500, `hunter2`), all, false, "it answered 500 Internal Server Error"},
		"unavailable":              {answeringWith(503, `{}`), all, false, "it answered 503 Service Unavailable"},
		"unavailable, in its code": {answeringWith(400, `{"error":"temporarily_unavailable"}`), all, false, "it answered 400 Bad Request: temporarily_unavailable"},
		"an unknown status":        {answeringWith(599, `{}`), all, false, "it answered 599, after 3 attempts"},
		"no token":                 {answeringWith(200, `{"expires_in":3600}`), once, false, unusable},
		"no lifetime":              {answeringWith(200, `{"access_token":"hunter2"}`), once, false, unusable},
		"null for the lifetime":    {answeringWith(200, `{"access_token":"hunter2","expires_in":null}`), once, false, unusable},
		"no number":                {answeringWith(200, `{"access_token":"hunter2","expires_in":"soon"}`), once, false, unusable},
		"not a number":             {answeringWith(200, `{"access_token":"hunter2","expires_in":"NaN"}`), once, false, unusable},
		"a fraction":               {answeringWith(200, `{"access_token":"hunter2","expires_in":3600.5}`), once, false, unusable},
		"a text of a fraction":     {answeringWith(200, `{"access_token":"hunter2","expires_in":"3600.5"}`), once, false, unusable},
		"a text with spaces":       {answeringWith(200, `{"access_token":"hunter2","expires_in":" 3600 "}`), once, false, unusable},
		"a text of 20 digits":      {answeringWith(200, `{"access_token":"hunter2","expires_in":"99999999999999999999"}`), once, false, unusable},
		"an object":                {answeringWith(200, `{"access_token":"hunter2","expires_in":{}}`), once, false, unusable},
		"a token of two lines":     {answeringWith(200, `{"access_token":"hunter2\nX: y","expires_in":3600}`), once, false, unusable},
		"half an answer":           {answeringWith(200, `{"access_token":"hunter2"`), once, false, unusable},
		"a list":                   {answeringWith(200, `["hunter2"]`), once, false, unusable},
		"without end":              {answeringWith(200, `{"access_token":"`+strings.Repeat("x", 2<<20)+`","expires_in":3600}`), once, false, unusable},
		"a redirect": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Location", "https://x.io/?hunter2")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, once, false, "it answered 307 Temporary Redirect"},
		"a hang-up": {func(http.ResponseWriter, *http.Request, int) { panic(http.ErrAbortHandler) }, all, false, "EOF, after 3 attempts"},
		"a cut": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Content-Length", "100")
			writeJSON(w, http.StatusOK, `{"access_token":"hunter2"`)
		}, all, false, "unexpected EOF, after 3 attempts"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &idp{grant: test.grant}
			client := logIn(t, server, func(c *cdfapi.Config) { c.HTTP.MaxRetries = all - 1 })
			_, err := client.CreateGroup(t.Context(), fullGroup)
			text := fmt.Sprintf("%+v %#v", err, err)
			if err == nil || !strings.Contains(err.Error(), "createGroups (POST ") || !strings.Contains(err.Error(), "no access token from http://") ||
				!strings.Contains(err.Error(), test.want) || strings.Contains(text, "hunter2") || len(err.Error()) > 500 {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			login, ok := errors.AsType[*cdfapi.LoginError](err)
			if !ok || login.Rejected() != test.rejected || cdfapi.IsCredentialsRejected(err) != test.rejected {
				t.Errorf("a *LoginError: %t; rejected %t, want %t", ok, cdfapi.IsCredentialsRejected(err), test.rejected)
			}
			if grants, used := server.seen(); grants != test.grants || len(used) != 0 || httpapi.OutcomeUnknown(err) {
				t.Errorf("%d token requests, want %d; %d others; OutcomeUnknown %t", grants, test.grants, len(used), httpapi.OutcomeUnknown(err))
			}
		})
	}
}

// TestFormsThatCannotBeUsed: what they say of an error is not told, since it may
// be a part of a secret that they were sent.
func TestFormsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status     int
		body, want string
	}{
		"refused":      {400, "error=hunter2&error_description=hunter2", "it answered 400 Bad Request"},
		"no number":    {200, "access_token=hunter2&expires_in=soon", "does not hold an access_token and its expires_in"},
		"not a number": {200, "access_token=hunter2&expires_in=NaN", "does not hold an access_token and its expires_in"},
		"an exponent":  {200, "access_token=hunter2&expires_in=1e3", "does not hold an access_token and its expires_in"},
		"too large":    {200, "access_token=hunter2&expires_in=1.5e999", "does not hold an access_token and its expires_in"},
		"no form":      {200, "hunter2=%", "does not hold an access_token and its expires_in"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &idp{grant: func(w http.ResponseWriter, _ *http.Request, _ int) {
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}}
			_, err := logIn(t, server, nil).InspectToken(t.Context())
			if err == nil || !strings.HasSuffix(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

// TestUnreachableIdentityProvider is tried again, unless its name does not exist.
func TestUnreachableIdentityProvider(t *testing.T) {
	t.Parallel()
	waits := 0
	client := connect(t, cdfapi.Config{
		Cluster: "api", Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: "http://" + closedPort(t) + "/token",
		HTTP: httpapi.Options{MaxRetries: 2, Sleep: func(context.Context, time.Duration) error { waits++; return nil }},
	})
	_, err := client.CreateGroup(t.Context(), fullGroup)
	if waits != 2 || httpapi.OutcomeUnknown(err) || !strings.Contains(err.Error(), "connection refused") || cdfapi.IsCredentialsRejected(err) {
		t.Errorf("error %v after %d waits, want refused after 2", err, waits)
	}
}

// TestLoginSucceedsLater after the wait that the identity provider asked for.
func TestLoginSucceedsLater(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	server := &idp{grant: func(w http.ResponseWriter, r *http.Request, number int) {
		if number == 1 {
			w.Header().Set("Retry-After", "7")
			writeJSON(w, http.StatusTooManyRequests, `{}`)
			return
		}
		granting("3600")(w, r, number)
	}, serve: func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, listJSON(groupJSON)) }}
	client := logIn(t, server, func(c *cdfapi.Config) {
		c.HTTP.MaxRetries = 1
		c.HTTP.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	})
	if _, err := client.CreateGroup(t.Context(), fullGroup); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]time.Duration{7 * time.Second}, waits); diff != "" || len(server.used) != 1 {
		t.Errorf("%d requests, waits (-want +got):\n%s", len(server.used), diff)
	}
}

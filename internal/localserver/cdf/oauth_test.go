// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

const form = "application/x-www-form-urlencoded"

// grant asks for a token and returns the status and the answer, which names a token
// as TOKEN.
func grant(t *testing.T, p *project, body string, change ...func(*http.Request)) (int, string) {
	t.Helper()
	request := p.request(t, "POST //oauth2/token", body)
	request.Header.Set("Content-Type", form)
	for _, one := range change {
		one(request)
	}
	recorder := p.do(t, "nobody", request)
	var answered struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &answered); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSpace(recorder.Body.String())
	if answered.Token != "" {
		text = strings.ReplaceAll(text, answered.Token, "TOKEN")
	}
	return recorder.Code, text
}

func TestGrants(t *testing.T) {
	t.Parallel()
	basic := func(id, secret string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(id, secret) }
	}
	ofType := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", value) }
	}
	const (
		granted = `{"access_token":"TOKEN","token_type":"Bearer","expires_in":3600}`
		wrong   = `{"error":"invalid_client","error_description":"the client is not known or its secret is wrong"}`
		noForm  = `{"error":"invalid_request","error_description":"the body must be a form"}`
	)
	tests := map[string]struct {
		body   string
		change func(*http.Request)
		status int
		want   string
	}{
		"in the body":        {"grant_type=client_credentials&client_id=me%2F%3A&client_secret=s%2Bx", nil, 200, granted},
		"with scope":         {"grant_type=client_credentials&client_id=me%2F%3A&client_secret=s%2Bx&scope=a+b&audience=c", nil, 200, strings.Replace(granted, "}", `,"scope":"a b"}`, 1)},
		"basic":              {"grant_type=client_credentials", basic("plain", "s+x"), 200, granted},
		"basic, escaped":     {"grant_type=client_credentials", basic("me%2F%3A", "s%2Bx"), 200, granted},
		"basic, id again":    {"grant_type=client_credentials&client_id=plain", basic("plain", "s+x"), 200, granted},
		"charset":            {"grant_type=client_credentials&client_id=plain&client_secret=s%2Bx", ofType(form + "; charset=utf-8"), 200, granted},
		"basic and secret":   {"grant_type=client_credentials&client_secret=s", basic("plain", "s+x"), 400, `{"error":"invalid_request","error_description":"the client shows its credentials in two ways"}`},
		"basic and other id": {"grant_type=client_credentials&client_id=me", basic("plain", "s+x"), 400, `{"error":"invalid_request","error_description":"the client shows its credentials in two ways"}`},
		"wrong secret":       {"grant_type=client_credentials&client_id=plain&client_secret=S", nil, 401, wrong},
		"basic, wrong":       {"grant_type=client_credentials", basic("plain", "S"), 401, wrong},
		"unknown client":     {"grant_type=client_credentials&client_id=you&client_secret=s", nil, 401, wrong},
		"no credentials":     {"grant_type=client_credentials", nil, 401, wrong},
		"without a secret":   {"grant_type=client_credentials&client_id=service-account-pipeline&client_secret=", nil, 401, wrong},
		"a user":             {"grant_type=client_credentials&client_id=user-anna&client_secret=", nil, 401, wrong},
		"no grant type":      {"client_id=plain&client_secret=s", nil, 400, `{"error":"invalid_request","error_description":"the parameter grant_type is missing"}`},
		"other grant type":   {"grant_type=password", nil, 400, `{"error":"unsupported_grant_type","error_description":"the only grant type is client_credentials"}`},
		"twice":              {"grant_type=client_credentials&grant_type=x", nil, 400, `{"error":"invalid_request","error_description":"the parameter grant_type is given twice"}`},
		"JSON":               {"{}", ofType("application/json"), 400, noForm},
		"no type":            {"grant_type=client_credentials", ofType(""), 400, noForm},
		"broken form":        {"grant_type=%", nil, 400, `{"error":"invalid_request","error_description":"the body is no form"}`},
		"broken gzip": {"x", func(r *http.Request) { r.Header.Set("Content-Encoding", "gzip") }, 400,
			`{"error":"invalid_request","error_description":"the request body is no gzip: unexpected EOF"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t, cdf.Options{ClientID: "me/:", ClientSecret: "s+x"})
			if err := p.AddClient(cdf.Client{ID: "plain", Secret: "s+x"}); err != nil {
				t.Fatal(err)
			}
			var change []func(*http.Request)
			if test.change != nil {
				change = append(change, test.change)
			}
			status, body := grant(t, p, test.body, change...)
			if status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			if diff := cmp.Diff(decode(t, test.want), decode(t, body)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// A refused client is told how to show its credentials; a token is not cached.
func TestGrantHeaders(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s"})
	for secret, want := range map[string][]string{"s": {"no-store", ""}, "x": {"", "Basic"}} {
		request := p.request(t, "POST //oauth2/token", "grant_type=client_credentials&client_id=me&client_secret="+secret)
		request.Header.Set("Content-Type", form)
		headers := p.do(t, "nobody", request).Header()
		if diff := cmp.Diff(want, []string{headers.Get("Cache-Control"), headers.Get("WWW-Authenticate")}); diff != "" {
			t.Errorf("headers with secret %s (-want +got):\n%s", secret, diff)
		}
	}
}

func TestExpiryAsText(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me", ClientSecret: "s", TextExpiry: true, TokenLifetime: 90 * time.Second})
	_, body := grant(t, p, "grant_type=client_credentials&client_id=me&client_secret=s")
	if diff := cmp.Diff(`{"access_token":"TOKEN","token_type":"Bearer","expires_in":"90"}`, body); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// The token says who has it, and its groups at the identity provider.
func TestClaimsOfTokens(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	token, err := p.Token("user-bo")
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		t.Fatal(err)
	}
	delete(claims, "jti")
	want := jwt.MapClaims{
		"iss": "https://local-server.invalid", "aud": []any{"https://api.local-server.invalid"}, "sub": "user-bo",
		"groups": []any{"analysts"}, "iat": float64(began / 1000), "exp": float64(began/1000 + 3600),
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if _, err := p.Token("nope"); err == nil {
		t.Error("a token for nobody")
	}
}

func TestTokensThatAreRefused(t *testing.T) {
	t.Parallel()
	p, other := newProject(t, cdf.Options{ClientID: "me"}), newProject(t, cdf.Options{ClientID: "me"})
	good, err := p.Token("me")
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Token("me")
	if err != nil {
		t.Fatal(err)
	}
	unsigned, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "me"}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	const missing, invalid, expired = "Unauthorized: the request has no bearer token", "Unauthorized: the token is not valid", "Unauthorized: the token has expired"
	tests := map[string]struct {
		header string
		late   time.Duration
		says   string
	}{
		"good":           {header: "Bearer " + good},
		"any case":       {header: "bearer " + good},
		"spaces":         {header: "Bearer   " + good + " "},
		"still good":     {header: "Bearer " + good, late: time.Hour - time.Second},
		"expired":        {header: "Bearer " + good, late: time.Hour, says: expired},
		"none":           {says: missing},
		"basic":          {header: "Basic bWU6cw==", says: missing},
		"no token":       {header: "Bearer ", says: missing},
		"garbage":        {header: "Bearer garbage", says: invalid},
		"changed":        {header: "Bearer " + good[:len(good)-2], says: invalid},
		"other server's": {header: "Bearer " + foreign, says: invalid},
		"unsigned":       {header: "Bearer " + unsigned, says: invalid},
	}
	for name, test := range tests { //nolint:paralleltest // they share a clock
		t.Run(name, func(t *testing.T) {
			p.clock.advance(test.late)
			defer p.clock.advance(-test.late)
			for send, flat := range map[string]bool{"GET /groups": false, "GET //api/v1/token/inspect": false, "GET //api/v1/principals/me": true} {
				request := p.request(t, send, "")
				request.Header.Set("Authorization", test.header)
				recorder := p.do(t, "nobody", request)
				if test.says == "" {
					if recorder.Code != http.StatusOK {
						t.Errorf("%s: %d %s", send, recorder.Code, recorder.Body)
					}
					continue
				}
				want := errorOf(401, test.says)
				if flat {
					want = strings.TrimSuffix(strings.TrimPrefix(want, `{"error":`), "}")
				}
				if diff := cmp.Diff(want, strings.TrimSpace(recorder.Body.String())); diff != "" || recorder.Code != http.StatusUnauthorized {
					t.Errorf("%s: %d (-want +got):\n%s", send, recorder.Code, diff)
				}
			}
		})
	}
}

// The keys that sign tokens are secret, so none are published.
func TestKeys(t *testing.T) {
	t.Parallel()
	newProject(t, cdf.Options{}).converse(t, exchange{as: "nobody", send: "GET //oauth2/jwks", want: `{"keys":[]}`})
}

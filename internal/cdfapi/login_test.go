// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// idp is a token endpoint and the API that takes its tokens.
type idp struct {
	// grant answers one request for a token, the first being number 1.
	grant func(w http.ResponseWriter, r *http.Request, number int)
	// serve answers requests to the API; nil answers an inspection.
	serve http.HandlerFunc

	mu     sync.Mutex
	grants int
	used   []string // the tokens that came with requests to the API
}

func (i *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r.URL.Path == "/token" {
		i.grants++
		i.grant(w, r, i.grants)
		return
	}
	i.used = append(i.used, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if i.serve != nil {
		i.serve(w, r)
		return
	}
	writeJSON(w, http.StatusOK, inspectionJSON)
}

// seen answers how many tokens were asked for, and which ones came with requests,
// also when a handler has hung up and may not be done.
func (i *idp) seen() (grants int, used []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.grants, slices.Clone(i.used)
}

// granting answers numbered tokens that live so long, as JSON has it.
func granting(lifetime string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, number int) {
		writeJSON(w, http.StatusOK, fmt.Sprintf(`{"token_type":"Bearer","access_token":"%s-%d","expires_in":%s}`, grantedToken, number, lifetime))
	}
}

// answeringWith answers every request for a token alike.
func answeringWith(status int, body string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) { writeJSON(w, status, body) }
}

// logIn makes a client that logs in with client credentials.
func logIn(t *testing.T, server *idp, change func(*cdfapi.Config)) *cdfapi.Client {
	t.Helper()
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	config := cdfapi.Config{
		BaseURL: web.URL, Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: web.URL + "/token",
		HTTP: httpapi.Options{Sleep: noSleep},
	}
	if change != nil {
		change(&config)
	}
	return connect(t, config)
}

// TestTokenRequest is what goes over the wire to the identity provider.
func TestTokenRequest(t *testing.T) {
	t.Parallel()
	inBody := url.Values{"grant_type": {"client_credentials"}, "client_id": {testClientID}, "client_secret": {testSecret}}
	with := func(name, value string) url.Values {
		form := maps.Clone(inBody)
		form.Set(name, value)
		return form
	}
	// Escaped before they are joined, as RFC 6749 has it.
	pair := testClientID + ":" + url.QueryEscape(testSecret)
	tests := map[string]struct {
		change func(*cdfapi.Config)
		basic  string
		form   url.Values
	}{
		"least":      {nil, "", inBody},
		"scopes":     {func(c *cdfapi.Config) { c.Scopes = []string{"a", "b"} }, "", with("scope", "a b")},
		"no scopes":  {func(c *cdfapi.Config) { c.Scopes, c.TenantID = []string{}, "x" }, "", inBody},
		"audience":   {func(c *cdfapi.Config) { c.Audience = "https://x.io" }, "", with("audience", "https://x.io")},
		"tenant too": {func(c *cdfapi.Config) { c.TenantID, c.Cluster = "x", "api" }, "", with("scope", "https://api.cognitedata.com/.default")},
		"HTTP Basic": {func(c *cdfapi.Config) { c.BasicAuth = true }, "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)), url.Values{"grant_type": {"client_credentials"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &idp{grant: func(w http.ResponseWriter, r *http.Request, number int) {
				if err := r.ParseForm(); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(test.form, r.PostForm); diff != "" {
					t.Errorf("form (-want +got):\n%s", diff)
				}
				for name, want := range map[string]string{
					"Authorization": test.basic, "Accept": "application/json", "User-Agent": "test/1",
					"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "",
				} {
					if got := r.Header.Get(name); got != want {
						t.Errorf("%s = %q, want %q", name, got, want)
					}
				}
				granting("3600")(w, r, number)
			}}
			client := logIn(t, server, func(c *cdfapi.Config) {
				c.HTTP.UserAgent = "test/1"
				if test.change != nil {
					test.change(c)
				}
			})
			for range 3 {
				if _, err := client.InspectToken(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff([]string{grantedToken + "-1", grantedToken + "-1", grantedToken + "-1"}, server.used); diff != "" || server.grants != 1 {
				t.Errorf("%d token requests, tokens used (-want +got):\n%s", server.grants, diff)
			}
		})
	}
}

// redirected sends every request to one host and notes where it was meant to go.
type redirected struct {
	host  string
	asked chan string
}

func (r redirected) RoundTrip(request *http.Request) (*http.Response, error) {
	r.asked <- request.URL.String()
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host = "http", r.host
	return http.DefaultTransport.RoundTrip(request)
}

// TestHosts is where requests go when only names are configured.
func TestHosts(t *testing.T) {
	t.Parallel()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			if got, want := r.PostFormValue("scope"), "https://westeurope-1.cognitedata.com/.default"; got != want {
				t.Errorf("scope %q, want %q", got, want)
			}
			granting("3600")(w, r, 1)
			return
		}
		writeJSON(w, http.StatusOK, `{"id":"p1","type":"USER","subject":"s","projects":[],"capabilities":[]}`)
	}))
	t.Cleanup(web.Close)
	tests := map[string]cdfapi.Config{
		"https://westeurope-1.cognitedata.com/api/v1/token/inspect":         {Cluster: "westeurope-1"},
		"https://westeurope-1.cognitedata.com:443/api/v1/token/inspect":     {BaseURL: "https://westeurope-1.cognitedata.com:443/api/v1/"},
		"https://x.plink.westeurope-1.cognitedata.com/api/v1/token/inspect": {BaseURL: "https://x.plink.westeurope-1.cognitedata.com", Cluster: "other"},
		"https://proxy.example.com/cdf/api/v1/token/inspect":                {BaseURL: "https://proxy.example.com/cdf", Cluster: "westeurope-1"},
	}
	for want, config := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			asked := make(chan string, 3)
			config.Project, config.ClientID, config.ClientSecret, config.TenantID = testProject, testClientID, testSecret, "my.tenant"
			config.HTTP.Transport = redirected{strings.TrimPrefix(web.URL, "http://"), asked}
			client := connect(t, config)
			if _, err := client.InspectToken(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := client.GetMyPrincipal(t.Context()); err != nil {
				t.Fatal(err)
			}
			got := []string{<-asked, <-asked, <-asked}
			if diff := cmp.Diff([]string{"https://login.microsoftonline.com/my.tenant/oauth2/v2.0/token", want, "https://auth.cognite.com/api/v1/principals/me"}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := client.BaseURL() + "/api/v1/token/inspect"; got != want || client.Project() != testProject {
				t.Errorf("BaseURL and path are %s, want %s", got, want)
			}
		})
	}
}

// TestTokenLifetime: a token is used until 30 seconds before its end, by the
// client's clock.
func TestTokenLifetime(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lifetime  string
		good, old time.Duration // since it was asked for; good < 0: it is never kept
	}{
		"number":                  {"3600", 3569 * time.Second, 3570 * time.Second},
		"text":                    {`"1001"`, 970 * time.Second, 971 * time.Second},
		"longer than a Duration":  {"99999999999999", 9e8 * time.Second, 1e9 * time.Second},
		"shorter than the leeway": {"29", -1, 0},
		"zero":                    {"0", -1, 0},
		"negative":                {"-7", -1, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2026, 8, 22, 12, 0, 0, 0, time.UTC)
			now := start
			server := &idp{grant: granting(test.lifetime)}
			client := logIn(t, server, func(c *cdfapi.Config) { c.HTTP.Now = func() time.Time { return now } })
			want := []string{grantedToken + "-1"}
			after := []time.Duration{0}
			if test.good >= 0 {
				after = append(after, test.good)
				want = append(want, grantedToken+"-1")
			}
			after = append(after, test.old)
			want = append(want, grantedToken+"-2")
			for _, elapsed := range after {
				now = start.Add(elapsed)
				if _, err := client.InspectToken(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, server.used); diff != "" {
				t.Errorf("tokens used (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTokenIsCheckedBeforeEveryAttempt: one that ran out while waiting for another
// try is replaced.
func TestTokenIsCheckedBeforeEveryAttempt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 22, 12, 0, 0, 0, time.UTC)
	server := &idp{grant: granting("60")}
	server.serve = func(w http.ResponseWriter, _ *http.Request) {
		if len(server.used) < 3 {
			writeJSON(w, http.StatusServiceUnavailable, `{}`)
			return
		}
		writeJSON(w, http.StatusOK, inspectionJSON)
	}
	client := logIn(t, server, func(c *cdfapi.Config) {
		c.HTTP.MaxRetries = 2
		c.HTTP.Now = func() time.Time { return now }
		c.HTTP.Sleep = func(context.Context, time.Duration) error { now = now.Add(20 * time.Second); return nil }
	})
	if _, err := client.InspectToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{grantedToken + "-1", grantedToken + "-1", grantedToken + "-2"}
	if diff := cmp.Diff(want, server.used); diff != "" {
		t.Errorf("tokens used (-want +got):\n%s", diff)
	}
}

// TestTokenForms: also what is not called JSON, or is a form, is read.
func TestTokenForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ contentType, body string }{
		"JSON called text":       {"text/plain", ` {"access_token":"t","expires_in":3600}`},
		"JSON called nothing":    {"", `{"access_token":"t","expires_in":3600}`},
		"a form":                 {"application/x-www-form-urlencoded", "access_token=t&expires_in=3600"},
		"a form with a fraction": {"application/x-www-form-urlencoded", "access_token=t&expires_in=3600.5"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &idp{grant: func(w http.ResponseWriter, _ *http.Request, _ int) {
				w.Header()["Content-Type"] = []string{test.contentType}
				_, _ = io.WriteString(w, test.body)
			}}
			client := logIn(t, server, nil)
			for range 2 {
				if _, err := client.InspectToken(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff([]string{"t", "t"}, server.used); diff != "" || server.grants != 1 {
				t.Errorf("%d token requests, tokens used (-want +got):\n%s", server.grants, diff)
			}
		})
	}
}

// TestSameTokenAgain: an identity provider may give one token until it ends.
func TestSameTokenAgain(t *testing.T) {
	t.Parallel()
	server := &idp{grant: answeringWith(200, `{"access_token":"t","expires_in":10}`)}
	client := logIn(t, server, nil)
	for range 3 {
		if _, err := client.InspectToken(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"t", "t", "t"}, server.used); diff != "" || server.grants != 3 {
		t.Errorf("%d token requests, tokens used (-want +got):\n%s", server.grants, diff)
	}
}

// TestCAFile holds for the identity provider as well.
func TestCAFile(t *testing.T) {
	t.Parallel()
	server := &idp{grant: granting("3600")}
	web := httptest.NewTLSServer(server)
	t.Cleanup(web.Close)
	caFile := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: web.Certificate().Raw})
	if err := os.WriteFile(caFile, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	client := connect(t, cdfapi.Config{
		BaseURL: web.URL, Project: testProject, ClientID: testClientID, ClientSecret: testSecret, TokenURL: web.URL + "/token",
		HTTP: httpapi.Options{CAFile: caFile},
	})
	if _, err := client.InspectToken(t.Context()); err != nil || server.grants != 1 {
		t.Errorf("error %v after %d token requests", err, server.grants)
	}
}

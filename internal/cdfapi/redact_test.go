// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// everySecret is all that must not show, as it is and as it is sent.
func everySecret() []string {
	pair := url.QueryEscape(testClientID) + ":" + url.QueryEscape(testSecret)
	return append([]string{base64.StdEncoding.EncodeToString([]byte(pair)), url.QueryEscape(testSecret)}, testSecrets...)
}

func wantNoSecret(t *testing.T, text string) {
	t.Helper()
	for _, secret := range everySecret() {
		if strings.Contains(text, secret) {
			t.Errorf("%q shows in: %s", secret, text)
		}
	}
}

// printed writes values in every way that may reach a log or a crash.
func printed(values ...any) string {
	var text strings.Builder
	text.WriteByte('\n')
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&text, verb+"\n", value)
		}
		slog.New(slog.NewJSONHandler(&text, nil)).Info("value", "value", value)
		slog.New(slog.NewTextHandler(&text, nil)).Info("value", "value", value)
	}
	return text.String()
}

// logged collects what a client logs.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) log(_ context.Context, msg string, fields map[string]any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.text.WriteString(msg + printed(fields))
}

// echo answers all that it was sent, as message, as what is missing, or plainly.
func echo(t *testing.T, contentType string, status int) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		text := fmt.Sprintf("%s %v %s", r.RequestURI, r.Header, textOf(t, r))
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
		w.WriteHeader(status)
		if contentType != "application/json" {
			_, _ = io.WriteString(w, text) //nolint:gosec // no browser reads what this server echoes
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"message": text, "missing": []any{map[string]string{"name": text}}, "duplicated": []any{text},
		}})
	}
}

// behaviours are APIs: one that works, and some that say everything back.
func behaviours(t *testing.T, test operationTest) map[string]http.HandlerFunc {
	t.Helper()
	return map[string]http.HandlerFunc{
		"works":           func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, test.answer) },
		"echoes as JSON":  echo(t, "application/json", http.StatusBadRequest),
		"echoes as text":  echo(t, "text/plain", http.StatusBadRequest),
		"echoes as HTML":  echo(t, "text/html", http.StatusBadGateway),
		"echoes, refused": echo(t, "application/json", http.StatusUnauthorized),
		"echoes, well":    echo(t, "application/json", http.StatusOK),
		"answers halves": func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusOK, test.answer[:len(test.answer)/2])
		},
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
}

// TestNothingShowsASecret runs every operation against each of these servers, with
// each way to log in, and looks at the log, the client, the answer and the error.
func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	logins := map[string]func(*cdfapi.Config){
		"token":      func(c *cdfapi.Config) { c.Token, c.ClientID, c.ClientSecret = grantedToken, "", "" },
		"body":       func(*cdfapi.Config) {},
		"HTTP Basic": func(c *cdfapi.Config) { c.BasicAuth = true },
	}
	for name, test := range operationTests {
		for behaviour, handler := range behaviours(t, test) {
			for way, change := range logins {
				t.Run(name+" "+behaviour+" "+way, func(t *testing.T) {
					t.Parallel()
					var log logged
					web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if r.URL.Path == "/token" {
							writeJSON(w, http.StatusOK, `{"access_token":"`+grantedToken+`","expires_in":3600}`)
							return
						}
						handler(w, r)
					}))
					t.Cleanup(web.Close)
					config := cdfapi.Config{
						BaseURL: web.URL, OrganizationURL: web.URL, Project: "acme", ClientID: testClientID, ClientSecret: testSecret,
						TokenURL: web.URL + "/token", HTTP: httpapi.Options{Log: log.log},
					}
					change(&config)
					client := connect(t, config)
					got, err := test.call(t.Context(), client)
					if behaviour == "works" && err != nil {
						t.Error(err)
					}
					wantNoSecret(t, log.text.String()+printed(client, *client, got, err, []any{got}))
					if log.text.Len() == 0 {
						t.Error("nothing was logged")
					}
				})
			}
		}
	}
}

// TestIdentityProviderThatEchoes: what it says is told, but no secret in it.
func TestIdentityProviderThatEchoes(t *testing.T) {
	t.Parallel()
	answers := map[string]func(w http.ResponseWriter, text string){
		"described": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_client", "error_description": "no: " + text})
		},
		"in the code": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "no: " + text})
		},
		"cut late": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]string{"error": "no: ", "error_description": strings.Repeat("x", 1995) + text})
		},
		"as text": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, "error=no: "+text) //nolint:gosec // no browser reads what this server echoes
		},
		"as HTML": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, text) //nolint:gosec // no browser reads what this server echoes
		},
		"with success": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]string{"access_token": text, "expires_in": text})
		},
		"as an address": func(w http.ResponseWriter, text string) {
			w.Header().Set("Location", "/?"+url.QueryEscape(text))
			w.WriteHeader(http.StatusFound)
		},
	}
	for name, answer := range answers {
		for _, basic := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s %t", name, basic), func(t *testing.T) {
				t.Parallel()
				var log logged
				server := &idp{grant: func(w http.ResponseWriter, r *http.Request, _ int) {
					body, _ := io.ReadAll(r.Body)
					answer(w, fmt.Sprintf("%v %s %s", r.Header, body, testSecret))
				}}
				client := logIn(t, server, func(c *cdfapi.Config) { c.BasicAuth, c.HTTP.Log = basic, log.log })
				_, err := client.InspectToken(t.Context())
				if err == nil || !strings.Contains(err.Error(), "no access token from ") || len(err.Error()) > 4500 {
					t.Errorf("error %v, want one of the login", err)
				}
				if strings.Contains(name, "described") && !strings.Contains(err.Error(), ": invalid_client: no: ") {
					t.Errorf("error %v, want what the identity provider says", err)
				}
				text := log.text.String() + printed(client, *client, err)
				if !strings.Contains(text, "OAuth token request") {
					t.Error("the login was not logged")
				}
				wantNoSecret(t, text)
				if strings.Contains(text, "cl13nt/s3") {
					t.Errorf("a part of the secret shows in: %s", text)
				}
			})
		}
	}
}

// TestOldTokensStayOut: also a token that was replaced meanwhile is kept out of
// what the server says.
func TestOldTokensStayOut(t *testing.T) {
	t.Parallel()
	server := &idp{grant: granting("0")} // a new one each time
	server.serve = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": strings.Join(server.used[max(0, len(server.used)-40):], " ")})
	}
	client := logIn(t, server, nil)
	for range 100 {
		_, err := client.InspectToken(t.Context())
		if err == nil || strings.Contains(err.Error(), grantedToken) || !strings.Contains(err.Error(), httpapi.Redacted) {
			t.Fatalf("error %v, want one without tokens", err)
		}
	}
	if server.grants != 100 {
		t.Errorf("%d token requests, want 100", server.grants)
	}
}

// TestTypesWithSecretsPrintThemselves also where they are part of something.
func TestTypesWithSecretsPrintThemselves(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value any
		want  string
	}{
		"config": {
			cdfapi.Config{Cluster: "api", Project: "acme", ClientID: "c", ClientSecret: testSecret, TokenURL: "https://x.io", Scopes: []string{"a"}, Audience: "b"},
			`cdfapi.Config{Cluster:"api" BaseURL:"" OrganizationURL:"" Project:"acme" Token:[unset] ClientID:"c" ClientSecret:[redacted] ` +
				`TokenURL:"https://x.io" TenantID:"" Scopes:["a"] Audience:"b" BasicAuth:false}`,
		},
		"config with passwords": {
			cdfapi.Config{BaseURL: "https://me:" + testSecret + "@x.io", OrganizationURL: "https://me:" + testSecret + "@x.io", TokenURL: "https://me:" + testSecret + "@x.io", Token: grantedToken},
			`cdfapi.Config{Cluster:"" BaseURL:"[redacted]" OrganizationURL:"[redacted]" Project:"" Token:[redacted] ClientID:"" ClientSecret:[unset] ` +
				`TokenURL:"[redacted]" TenantID:"" Scopes:[] Audience:"" BasicAuth:false}`,
		},
		"session credentials": {
			cdfapi.SessionCredentials{ClientID: "c", ClientSecret: sessionSecret},
			`cdfapi.SessionCredentials{ClientID:"c" ClientSecret:[redacted] TokenExchange:false OneShotTokenExchange:false}`,
		},
		"created session": {wantCreated, `cdfapi.CreatedSession{ID:5 Type:"CLIENT_CREDENTIALS" Status:"READY" ClientID:"c" Nonce:[redacted]}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				if got := fmt.Sprintf(verb, test.value); got != test.want {
					t.Errorf("%s prints %s, want %s", verb, got, test.want)
				}
			}
			wantNoSecret(t, printed(test.value, &test.value, []any{test.value}, map[string]any{"v": test.value}, struct{ V any }{test.value}))
		})
	}
}

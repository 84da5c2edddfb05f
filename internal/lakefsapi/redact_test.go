// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// everySecret is all that must not show, as it is and as it is sent.
func everySecret() []string {
	return append([]string{base64.StdEncoding.EncodeToString([]byte(testKeyID + ":" + testSecret))}, testSecrets...)
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

// echoes are servers: one that works, and some that say everything back that
// they were sent, as lakeFS does with a body of the wrong form.
func echoes(test operationTest) map[string]http.HandlerFunc {
	echo := func(contentType string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			text := fmt.Sprintf("%s %v %s", r.RequestURI, r.Header, body)
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
			w.WriteHeader(status)
			if contentType == "application/json" {
				_ = json.NewEncoder(w).Encode(map[string]string{"message": text})
				return
			}
			_, _ = io.WriteString(w, text) //nolint:gosec // no browser reads what this server echoes
		}
	}
	return map[string]http.HandlerFunc{
		"works":           func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, test.status, test.answer) },
		"echoes as JSON":  echo("application/json", http.StatusBadRequest),
		"echoes as text":  echo("text/plain", http.StatusBadRequest),
		"echoes as HTML":  echo("text/html", http.StatusBadGateway),
		"echoes, refused": echo("application/json", http.StatusUnauthorized),
		"echoes, well":    echo("application/json", http.StatusOK),
		"answers halves":  func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, test.status, cutInHalf(test.answer)) },
		"hangs up":        func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	}
}

func cutInHalf(text string) string { return text[:len(text)/2] }

// TestNothingShowsASecret runs every operation against each of these servers and
// looks at the log, the client, the answer and the error.
func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		for behaviour, handler := range echoes(test) {
			t.Run(name+" "+behaviour, func(t *testing.T) {
				t.Parallel()
				var log logged
				client := newClient(t, handler, httpapi.Options{Log: log.log})
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

// TestTypesWithSecretsPrintThemselves also where they are part of something.
func TestTypesWithSecretsPrintThemselves(t *testing.T) {
	t.Parallel()
	key := lakefsapi.LoginInformation{AccessKeyID: "K1", SecretAccessKey: loginSecret}
	tests := map[string]struct {
		value any
		want  string
	}{
		"config": {
			lakefsapi.Config{Endpoint: "https://x.io", AccessKeyID: "K1", SecretAccessKey: testSecret},
			`lakefsapi.Config{Endpoint:"https://x.io" AccessKeyID:"K1" SecretAccessKey:[redacted] Token:[unset]}`,
		},
		"config with a password": {
			lakefsapi.Config{Endpoint: "https://me:" + testSecret + "@x.io", Token: mailedToken},
			`lakefsapi.Config{Endpoint:"[redacted]" AccessKeyID:"" SecretAccessKey:[unset] Token:[redacted]}`,
		},
		"credentials": {wantPair, `lakefsapi.CredentialsWithSecret{AccessKeyID:"K1" SecretAccessKey:[redacted] CreationDate:7}`},
		"token":       {wantJWT, `lakefsapi.AuthenticationToken{Token:[redacted] Expiration:9}`},
		"login":       {key, `lakefsapi.LoginInformation{AccessKeyID:"K1" SecretAccessKey:[redacted]}`},
		"sts login": {
			lakefsapi.StsAuthRequest{Code: stsCode, State: stsState, RedirectURI: "https://x.io"},
			`lakefsapi.StsAuthRequest{Code:[redacted] State:[redacted] RedirectURI:"https://x.io" TTLSeconds:0}`,
		},
		"external login": {
			lakefsapi.ExternalLoginInformation{IdentityRequest: map[string]any{"headers": signedHeader}},
			`lakefsapi.ExternalLoginInformation{IdentityRequest:["headers"] TokenExpirationDuration:0}`,
		},
		"setup": {
			lakefsapi.Setup{Username: "admin", Key: &key},
			`lakefsapi.Setup{Username:"admin" Key:lakefsapi.LoginInformation{AccessKeyID:"K1" SecretAccessKey:[redacted]}}`,
		},
		"setup without a key": {lakefsapi.Setup{Username: "admin"}, `lakefsapi.Setup{Username:"admin"}`},
		"password update": {
			lakefsapi.UpdatePasswordByToken{Token: mailedToken, NewPassword: newPassword, Email: "u@x.io"},
			`lakefsapi.UpdatePasswordByToken{Token:[redacted] NewPassword:[redacted] Email:"u@x.io"}`,
		},
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

// TestSetupWithoutKey has no secret to scrub, and no key to send.
func TestSetupWithoutKey(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != `{"username":"admin"}` {
			t.Errorf("body %s", body)
		}
		writeJSON(w, http.StatusOK, pairJSON)
	}, httpapi.Options{})
	if _, err := client.Setup(t.Context(), lakefsapi.Setup{Username: "admin"}); err != nil {
		t.Error(err)
	}
}

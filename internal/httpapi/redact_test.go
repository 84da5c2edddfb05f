// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// A secret with every character that some notation writes another way.
const secret = "s3cr\"t+/&<é=\n"

// secretBody is a request body that knows what is secret in it.
type secretBody struct {
	Password string
}

func (b secretBody) Wire() any { return map[string]string{"password": b.Password} }

func (b secretBody) Secrets() []string { return []string{b.Password} }

// notations are the ways in which a server or a library may write a secret.
func notations(t *testing.T, secret string) []string {
	t.Helper()
	quoted, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		secret, string(quoted), strconv.Quote(secret), url.QueryEscape(secret), url.PathEscape(secret),
		"s3cr%22t%2b%2f%26%3c%c3%a9%3d%0a", "s3cr%22t+%2f&%3c%c3%a9=%0a", // of a server that writes small letters
		base64.StdEncoding.EncodeToString([]byte("id:" + secret)),
	}
}

// entries collects what a client logs.
type entries struct {
	mu   sync.Mutex
	text strings.Builder
}

func (e *entries) log(_ context.Context, msg string, fields map[string]any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fmt.Fprintf(&e.text, "%s %+v %#v\n", msg, fields, fields)
}

// TestSecretsStayOut has the server say every secret back in every notation.
func TestSecretsStayOut(t *testing.T) {
	t.Parallel()
	forms := notations(t, secret)
	basic := forms[len(forms)-1]
	echo := func(contentType string, status int, padding string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("X-Request-Id", basic)
			w.WriteHeader(status)
			text := padding + strings.Join(forms, " and ")
			if contentType == "application/json" {
				_ = json.NewEncoder(w).Encode(map[string]string{"message": text})
				return
			}
			_, _ = w.Write([]byte(text))
		}
	}
	tests := map[string]http.HandlerFunc{
		"JSON message":          echo("application/json", 400, ""),
		"plain text":            echo("text/plain", 400, ""),
		"plain text, cut early": echo("text/plain", 400, strings.Repeat("x", 195)),
		"message, cut early":    echo("application/json", 400, strings.Repeat("x", 1995)),
		"success":               echo("application/json", 200, ""),
		"success, text":         echo("text/plain", 200, ""),
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged entries
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Authorize = authorizeWith("Basic " + basic)
				c.Secrets = func() []string { return []string{secret, basic, ""} }
				c.Options.Log = logged.log
			})
			request := post
			request.Body = secretBody{secret}
			err := client.Do(t.Context(), request, new(answer))
			if err == nil {
				t.Fatal("no error")
			}
			text := fmt.Sprintf("%v %+v %#v %s %+v %#v", err, err, err, logged.text.String(), client, client)
			for _, form := range append(forms, "s3cr") {
				if strings.Contains(text, form) {
					t.Errorf("%q shows in: %s", form, text)
				}
			}
		})
	}
}

// TestRedact cuts a text only when it is clean.
func TestRedact(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 1995) + secret + strings.Repeat("y", 1000)
	got := httpapi.Redact(text, []string{secret})
	if strings.Contains(got, "s3cr") || len(got) > 2010 || !strings.HasSuffix(got, "…") {
		t.Errorf("got %d bytes: %s", len(got), got)
	}
	if got := httpapi.Redact("short", nil); got != "short" {
		t.Errorf("got %q", got)
	}
}

// TestSecretsOfTheBodyStayOut: the client as such does not know them.
func TestSecretsOfTheBodyStayOut(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(append([]byte("cannot read "), body...))
	}, nil)
	request := post
	request.Body = secretBody{secret}
	err := client.Do(t.Context(), request, nil)
	if got := err.Error(); !strings.Contains(got, `cannot read {"password":"[redacted]"}`) {
		t.Errorf("got %s", got)
	}
}

// TestSecretsInCausesStayOut: so does what goes wrong on this side.
func TestSecretsInCausesStayOut(t *testing.T) {
	t.Parallel()
	failure := errors.New("cannot use " + secret)
	tests := map[string]func(*httpapi.Config){
		"authorization": func(c *httpapi.Config) {
			c.Authorize = func(context.Context, *http.Request) error { return failure }
		},
		"transport": func(c *httpapi.Config) {
			c.Options.Transport = roundTripper(func(*http.Request) (*http.Response, error) { return nil, failure })
		},
		"header that cannot be sent": func(c *httpapi.Config) { c.Authorize = authorizeWith("Bearer " + secret) },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, hangUp, func(c *httpapi.Config) {
				c.Secrets = func() []string { return []string{secret} }
				change(c)
			})
			err := client.Do(t.Context(), get, nil)
			if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "s3cr") {
				t.Errorf("error %v, want one without the secret", err)
			}
		})
	}
}

// printed is a type that holds a secret and prints itself.
type printed struct{ secret string }

func (p printed) String() string                 { return "secret " + httpapi.ShowSecret(p.secret) }
func (p printed) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, p) }

func TestShowingWithoutSecrets(t *testing.T) {
	t.Parallel()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if got := fmt.Sprintf(verb, printed{"hush"}); got != "secret [redacted]" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
	if got := (printed{}).String(); got != "secret [unset]" {
		t.Errorf("without a secret: %q", got)
	}
	for url, want := range map[string]string{
		"https://a.example.com":       "https://a.example.com",
		"https://me:hush@example.com": "[redacted]",
	} {
		if got := httpapi.HidePassword(url); got != want {
			t.Errorf("%q is shown as %q, want %q", url, got, want)
		}
	}
}

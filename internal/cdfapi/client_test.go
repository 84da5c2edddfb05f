// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// newClient makes a client with a token of a server that answers for both hosts
// with handler.
func newClient(t *testing.T, handler http.HandlerFunc, options httpapi.Options) *cdfapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return connect(t, cdfapi.Config{
		BaseURL: server.URL, OrganizationURL: server.URL + "/organization", Project: testProject, Token: grantedToken, HTTP: options,
	})
}

func connect(t *testing.T, config cdfapi.Config) *cdfapi.Client {
	t.Helper()
	client, err := cdfapi.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// textOf reads a request's body, compressed or not.
func textOf(t *testing.T, r *http.Request) string {
	t.Helper()
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		zipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return ""
		}
		body = zipped
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// decode reads JSON so that no digit of a number is lost.
func decode(t *testing.T, text string) any {
	t.Helper()
	if text == "" {
		return nil
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		t.Errorf("%q is no JSON: %v", text, err)
	}
	return value
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := "/api/v1"
			if test.organization {
				host = "/organization/api/v1"
			}
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Method+" "+r.RequestURI, test.method+" "+host+test.uri; got != want {
					t.Errorf("request %s, want %s", got, want)
				}
				zipped := ""
				if test.body != "" {
					zipped = "gzip"
				}
				for name, want := range map[string]string{
					"Authorization": "Bearer " + grantedToken, "Cdf-Version": "20230101", "Accept": "application/json",
					"User-Agent": "test/1", "X-Cdp-App": "terraform-provider-iam", "Content-Encoding": zipped,
				} {
					if got := r.Header.Get(name); got != want {
						t.Errorf("%s = %q, want %q", name, got, want)
					}
				}
				if diff := cmp.Diff(decode(t, test.body), decode(t, textOf(t, r))); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
				writeJSON(w, http.StatusOK, test.answer)
			}, httpapi.Options{UserAgent: "test/1"})
			got, err := test.call(t.Context(), client)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// TestOperationErrors: every operation passes on what the server says, under its
// own name and with what it was about.
func TestOperationErrors(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusNotFound, `{"error":{"code":404,"message":"not there"}}`)
			}, httpapi.Options{})
			got, err := test.call(t.Context(), client)
			operation, _, _ := strings.Cut(name, " ")
			if !cdfapi.IsNotFound(err) || !strings.HasPrefix(err.Error(), operation+" ("+test.method+" /") || !strings.HasSuffix(err.Error(), ": not there") {
				t.Errorf("error %v, want 404 of %s", err, operation)
			}
			if test.object != "" && !strings.Contains(err.Error(), ` of "`+test.object+`": `) {
				t.Errorf("error %v, want one about %s", err, test.object)
			}
			if test.want != nil && cmp.Equal(got, test.want) {
				t.Errorf("an answer besides the error: %+v", got)
			}
		})
	}
}

// TestRepetition: only what does the same when sent twice is repeated after an
// answer that leaves doubt. What makes an object never is.
func TestRepetition(t *testing.T) {
	t.Parallel()
	failures := map[string]http.HandlerFunc{
		"bad gateway":         func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 502, `{}`) },
		"service unavailable": func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 503, `{}`) },
		"gateway timeout":     func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 504, `{}`) },
		"hang up":             func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"request timeout":     func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 408, `{}`) },
		"marked by a header": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("cdf-is-auto-retryable", "true")
			writeJSON(w, 500, `{}`)
		},
		"marked in the body": func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, 409, `{"error":{"code":409,"message":"busy","isAutoRetryable":true}}`)
		},
	}
	for failure, handler := range failures {
		for name, test := range operationTests {
			t.Run(name+" "+failure, func(t *testing.T) {
				t.Parallel()
				var requests atomic.Int64
				client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
					requests.Add(1)
					handler(w, r)
				}, httpapi.Options{MaxRetries: 1, Sleep: noSleep})
				_, err := test.call(t.Context(), client)
				want := int64(1)
				if test.repeatable {
					want = 2
				}
				refused := failure == "request timeout" || failure == "marked in the body"
				if requests.Load() != want || httpapi.OutcomeUnknown(err) != (test.method != http.MethodGet && !refused) {
					t.Errorf("%d requests, want %d; OutcomeUnknown %t: %v", requests.Load(), want, httpapi.OutcomeUnknown(err), err)
				}
			})
		}
	}
}

// TestRepetitionOfWhatWasNotDone: also a create is repeated when it surely did
// nothing.
func TestRepetitionOfWhatWasNotDone(t *testing.T) {
	t.Parallel()
	t.Run("too many requests", func(t *testing.T) {
		t.Parallel()
		requests := 0
		client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			if requests++; requests == 1 {
				writeJSON(w, http.StatusTooManyRequests, `{}`)
				return
			}
			writeJSON(w, http.StatusOK, listJSON(groupJSON))
		}, httpapi.Options{MaxRetries: 1, Sleep: noSleep})
		if _, err := client.CreateGroup(t.Context(), fullGroup); err != nil || requests != 2 {
			t.Errorf("error %v after %d requests, want none after 2", err, requests)
		}
	})
	t.Run("connection refused", func(t *testing.T) {
		t.Parallel()
		waits := 0
		client := connect(t, cdfapi.Config{
			BaseURL: "http://" + closedPort(t), Project: testProject, Token: grantedToken,
			HTTP: httpapi.Options{MaxRetries: 2, Sleep: func(context.Context, time.Duration) error { waits++; return nil }},
		})
		if _, err := client.CreateGroup(t.Context(), fullGroup); waits != 2 || httpapi.OutcomeUnknown(err) {
			t.Errorf("error %v after %d waits, OutcomeUnknown %t; want 2, false", err, waits, httpapi.OutcomeUnknown(err))
		}
	})
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

// TestTimeoutsOfCreates: the server may have made the object, so nothing is sent
// again.
func TestTimeoutsOfCreates(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	client := newClient(t, func(_ http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		_, _ = io.Copy(io.Discard, r.Body) // a server notices a hang-up only then
		<-r.Context().Done()
	}, httpapi.Options{MaxRetries: 2, Sleep: noSleep, RequestTimeout: 50 * time.Millisecond})
	_, err := client.CreateGroup(t.Context(), fullGroup)
	if requests.Load() != 1 || !httpapi.OutcomeUnknown(err) || !strings.Contains(err.Error(), "no complete answer within 50ms") {
		t.Errorf("%d requests, error %v; want one, in doubt", requests.Load(), err)
	}
}

// TestBatches: long lists of ids go out in several requests, empty ones in none.
func TestBatches(t *testing.T) {
	t.Parallel()
	numbers := make([]int64, 1001)
	texts := make([]string, 1001)
	tests := map[string]struct {
		call  func(context.Context, *cdfapi.Client) (any, error)
		sizes []int
	}{
		"deleteGroups": {func(ctx context.Context, c *cdfapi.Client) (any, error) { return none(c.DeleteGroups(ctx, numbers...)) }, []int{1000, 1}},
		"deleteSecurityCategories": {func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return none(c.DeleteSecurityCategories(ctx, numbers...))
		}, []int{1000, 1}},
		"retrieveSessions": {func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RetrieveSessions(ctx, numbers[:150]...))
		}, []int{100, 50}},
		"revokeSessions": {func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RevokeSessions(ctx, numbers[:150]...))
		}, []int{100, 50}},
		"retrieveUserProfiles": {func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RetrieveUserProfiles(ctx, texts...))
		}, []int{1000, 1}},
		"retrievePrincipals": {func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RetrievePrincipals(ctx, testOrg, texts[:99], texts[:3], false))
		}, []int{100, 2}},
		"no ids": {func(ctx context.Context, c *cdfapi.Client) (any, error) { return none(c.DeleteGroups(ctx)) }, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sizes []int
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				var body struct{ Items []any }
				if err := json.Unmarshal([]byte(textOf(t, r)), &body); err != nil {
					t.Error(err)
				}
				sizes = append(sizes, len(body.Items))
				writeJSON(w, http.StatusOK, `{"items":[]}`)
			}, httpapi.Options{})
			if _, err := test.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.sizes, sizes); diff != "" {
				t.Errorf("sizes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSessionCredentialsAreChecked before anything is sent.
func TestSessionCredentialsAreChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]cdfapi.SessionCredentials{
		"nothing":                 {},
		"a pair and the token":    {ClientID: "c", ClientSecret: sessionSecret, TokenExchange: true},
		"both kinds of the token": {TokenExchange: true, OneShotTokenExchange: true},
		"no secret":               {ClientID: "c"},
		"no id":                   {ClientSecret: sessionSecret},
	}
	for name, credentials := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }, httpapi.Options{})
			_, err := client.CreateSession(t.Context(), credentials)
			if err == nil || !strings.HasPrefix(err.Error(), "createSession (POST ") || strings.Contains(err.Error(), sessionSecret) {
				t.Errorf("error %v, want one that tells what is wrong", err)
			}
		})
	}
}

// TestUnwritableGroup: what is no JSON is not sent.
func TestUnwritableGroup(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }, httpapi.Options{})
	_, err := client.CreateGroup(t.Context(), cdfapi.GroupWrite{Name: "x", Capabilities: json.RawMessage(`[`)})
	if err == nil || !strings.Contains(err.Error(), "cannot be written as JSON") || httpapi.OutcomeUnknown(err) {
		t.Errorf("error %v, want one about the body", err)
	}
}

func TestOwnSessionCredentials(t *testing.T) {
	t.Parallel()
	config := cdfapi.Config{
		Cluster: "api", Project: "acme", ClientID: testClientID, ClientSecret: testSecret, TokenURL: "https://idp.example.com/token",
	}
	if got, ok := connect(t, config).OwnSessionCredentials(); !ok || got != (cdfapi.SessionCredentials{ClientID: testClientID, ClientSecret: testSecret}) {
		t.Errorf("credentials %v, %t", got, ok)
	}
	if got, ok := connect(t, cdfapi.Config{Cluster: "api", Project: "acme", Token: grantedToken}).OwnSessionCredentials(); ok || got != (cdfapi.SessionCredentials{}) {
		t.Errorf("credentials %v, %t with a token", got, ok)
	}
}

// TestAwaitRetry lets a caller send again within the client's own limits.
func TestAwaitRetry(t *testing.T) {
	t.Parallel()
	requests := 0
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		writeJSON(w, http.StatusBadGateway, `{}`)
	}, httpapi.Options{MaxRetries: 1, Sleep: noSleep})
	_, err := client.CreateGroup(t.Context(), fullGroup)
	again, ended := client.AwaitRetry(t.Context(), err)
	if ended != nil {
		t.Fatalf("AwaitRetry: %v", ended)
	}
	_, err = client.CreateGroup(again, fullGroup)
	if _, ended = client.AwaitRetry(again, err); httpapi.StatusOf(ended) != http.StatusBadGateway || requests != 2 {
		t.Errorf("after %d requests: error %v, want the 502 after two", requests, ended)
	}
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

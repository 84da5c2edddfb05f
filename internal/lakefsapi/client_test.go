// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// newClient makes a client of a server that answers with handler.
func newClient(t *testing.T, handler http.HandlerFunc, options httpapi.Options) *lakefsapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: server.URL, AccessKeyID: testKeyID, SecretAccessKey: testSecret, HTTP: options,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	if body != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func TestOperations(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Method+" "+r.RequestURI, test.method+" /api/v1"+test.uri; got != want {
					t.Errorf("request %s, want %s", got, want)
				}
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(decode(t, test.body), decode(t, string(body))); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
				id, secret, ok := r.BasicAuth()
				if ok == test.anonymous || ok && (id != testKeyID || secret != testSecret) {
					t.Errorf("credentials sent: %t, anonymous: %t", ok, test.anonymous)
				}
				writeJSON(w, test.status, test.answer)
			}, httpapi.Options{})
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

func decode(t *testing.T, text string) any {
	t.Helper()
	if text == "" {
		return nil
	}
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Errorf("%q is no JSON: %v", text, err)
	}
	return value
}

// TestOperationErrors: every operation passes on what the server says, under its
// own name.
func TestOperationErrors(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusNotFound, `{"message":"not found"}`)
			}, httpapi.Options{})
			got, err := test.call(t.Context(), client)
			operation, _, _ := strings.Cut(name, " ")
			if !lakefsapi.IsNotFound(err) || !strings.HasPrefix(err.Error(), operation+" ("+test.method+" /") {
				t.Errorf("error %v, want 404 of %s", err, operation)
			}
			if test.want != nil && cmp.Equal(got, test.want) {
				t.Errorf("an answer besides the error: %+v", got)
			}
		})
	}
}

// TestRepetition: only what does the same when sent twice is repeated after an
// answer that leaves doubt.
func TestRepetition(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests++
				writeJSON(w, http.StatusServiceUnavailable, `{"message":"not now"}`)
			}, httpapi.Options{MaxRetries: 1, Sleep: noSleep})
			_, err := test.call(t.Context(), client)
			want := 1
			if test.method == http.MethodGet || test.method == http.MethodDelete || name == "updatePolicy" || name == "login" {
				want = 2
			}
			if requests != want || httpapi.OutcomeUnknown(err) != (test.method != http.MethodGet) {
				t.Errorf("%d requests, want %d; OutcomeUnknown %t", requests, want, httpapi.OutcomeUnknown(err))
			}
		})
	}
}

// TestForeignShapes: nothing but the documented shape passes for an answer.
func TestForeignShapes(t *testing.T) {
	t.Parallel()
	for name, test := range operationTests {
		for _, answer := range []string{"", "null", "[]", `"x"`, "{}", `{"pagination":null,"results":null}`, `{"user":null}`} {
			isObject := strings.HasPrefix(answer, "{")
			if test.answer == "" || name == "getAuthCapabilities" && isObject {
				continue // nothing is read, or all of it is optional
			}
			t.Run(name+" "+answer, func(t *testing.T) {
				t.Parallel()
				client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
					writeJSON(w, test.status, answer)
				}, httpapi.Options{})
				if got, err := test.call(t.Context(), client); err == nil {
					t.Errorf("%s passed as %+v", answer, got)
				}
			})
		}
	}
}

func TestMissingMembers(t *testing.T) {
	t.Parallel()
	tests := []struct{ operation, answer, missing string }{
		{"getUser", `{"creation_date":7}`, "id"},
		{"getUser", `{"id":"u1"}`, "creation_date"},
		{"getUser", `{"ID":"u1","creation_date":7}`, "id"},
		{"getGroup", `{"id":"g1"}`, "creation_date"},
		{"getPolicy", `{"id":"p1"}`, "statement"},
		{"getPolicy", `{"id":"p1","statement":[{"effect":"allow","action":[]}]}`, "resource"},
		{"getCredentials", `{"access_key_id":"K1"}`, "creation_date"},
		{"createCredentials", `{"access_key_id":"K1","creation_date":7}`, "secret_access_key"},
		{"login", `{"token_expiration":9}`, "token"},
		{"getSetupState", `{"login_config":{}}`, "state"},
		{"getGroupACL", `{}`, "permission"},
		{"getExternalPrincipal", `{"id":"arn:x"}`, "user_id"},
		{"getCurrentUser", `{"id":"u1"}`, "user"},
		{"listUsers", `{"results":[]}`, "pagination"},
		{"listUsers", `{"pagination":{"has_more":false,"next_offset":""}}`, "results"},
		{"listUsers", `{"pagination":{"next_offset":""},"results":[]}`, "has_more"},
		{"listUsers", `{"pagination":{"has_more":true},"results":[]}`, "next_offset"},
		{"listUsers", listJSON(`{"id":"u1"}`), "creation_date"},
	}
	for _, test := range tests {
		t.Run(test.operation+" without "+test.missing, func(t *testing.T) {
			t.Parallel()
			operation := operationTests[test.operation]
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, operation.status, test.answer)
			}, httpapi.Options{})
			_, err := operation.call(t.Context(), client)
			if want := `the required member "` + test.missing + `" is missing`; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want one with %s", err, want)
			}
		})
	}
}

func TestEndpoint(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"https://lakefs.example.com":               "https://lakefs.example.com",
		"https://lakefs.example.com/":              "https://lakefs.example.com",
		"https://lakefs.example.com/api/v1":        "https://lakefs.example.com",
		"https://lakefs.example.com/api/v1//":      "https://lakefs.example.com",
		" https://lakefs.example.com/data/api/v1 ": "https://lakefs.example.com/data",
		"http://localhost:8000":                    "http://localhost:8000",
	}
	for endpoint, want := range tests {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			client, err := lakefsapi.New(lakefsapi.Config{Endpoint: endpoint, Token: "t"})
			if err != nil {
				t.Fatal(err)
			}
			if got := client.Endpoint(); got != want {
				t.Errorf("Endpoint = %q, want %q", got, want)
			}
		})
	}
}

func TestNewChecksConfig(t *testing.T) {
	t.Parallel()
	const endpoint = "https://lakefs.example.com"
	tests := map[string]struct {
		config  lakefsapi.Config
		wantErr string
	}{
		"no endpoint":          {lakefsapi.Config{Token: testSecret}, "no lakeFS endpoint"},
		"no credentials":       {lakefsapi.Config{Endpoint: endpoint}, "no lakeFS credentials"},
		"no key id":            {lakefsapi.Config{Endpoint: endpoint, SecretAccessKey: testSecret}, "no access key id"},
		"no secret":            {lakefsapi.Config{Endpoint: endpoint, AccessKeyID: "K1"}, "no secret access key"},
		"both":                 {lakefsapi.Config{Endpoint: endpoint, AccessKeyID: "K1", SecretAccessKey: testSecret, Token: testSecret}, "both a lakeFS token and a key pair"},
		"colon in key id":      {lakefsapi.Config{Endpoint: endpoint, AccessKeyID: "K:1", SecretAccessKey: testSecret}, "colon"},
		"header in token":      {lakefsapi.Config{Endpoint: endpoint, Token: "t\r\nX-Injected: " + testSecret}, "cannot be in a header"},
		"newline in token":     {lakefsapi.Config{Endpoint: endpoint, Token: testSecret + "\n"}, "cannot be in a header"},
		"password in endpoint": {lakefsapi.Config{Endpoint: "https://me:" + testSecret + "@x.io", Token: "t"}, "lakeFS endpoint: the base URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := lakefsapi.New(test.config)
			if err == nil || !strings.Contains(err.Error(), test.wantErr) || strings.Contains(err.Error(), testSecret) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
		})
	}
}

func TestTokenIsSent(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer t0ken" {
			t.Errorf("Authorization = %q", got)
		}
		writeJSON(w, http.StatusOK, userJSON)
	}))
	t.Cleanup(server.Close)
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: server.URL, Token: "t0ken"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetUser(t.Context(), "u1"); err != nil {
		t.Error(err)
	}
}

func TestGroupNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer string
		want   lakefsapi.Group
	}{
		"the id is the name":   {`{"id":"g1","creation_date":7}`, lakefsapi.Group{ID: "g1", Name: "g1", CreationDate: 7}},
		"the name as the id":   {`{"id":"readers","creation_date":7}`, lakefsapi.Group{ID: "g1", Name: "readers", CreationDate: 7}},
		"a name beside the id": {`{"id":"g1","name":"readers","creation_date":7}`, lakefsapi.Group{ID: "g1", Name: "readers", CreationDate: 7}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, test.answer)
			}, httpapi.Options{})
			got, err := client.GetGroup(t.Context(), "g1")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestKeyPairWithoutDate: the answer is the only one that ever holds the secret,
// which is too much to lose for want of a date.
func TestKeyPairWithoutDate(t *testing.T) {
	t.Parallel()
	for _, date := range []string{"", `,"creation_date":null`} {
		client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
			writeJSON(w, http.StatusCreated, `{"access_key_id":"K1","secret_access_key":"`+answeredKey+`"`+date+`}`)
		}, httpapi.Options{})
		got, err := client.CreateCredentials(t.Context(), "u1")
		want := lakefsapi.CredentialsWithSecret{AccessKeyID: "K1", SecretAccessKey: answeredKey}
		if err != nil || got != want {
			t.Errorf("with the date %q: got %v, error %v; want %v", date, got, err, want)
		}
	}
}

// TestAwaitRetry: an operation that a caller does again keeps to the limit.
func TestAwaitRetry(t *testing.T) {
	t.Parallel()
	requests := 0
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		requests++
		writeJSON(w, http.StatusBadGateway, "")
	}, httpapi.Options{MaxRetries: 1, Sleep: noSleep})
	_, err := client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "u1"})
	again, ended := client.AwaitRetry(t.Context(), err)
	if ended != nil {
		t.Fatalf("AwaitRetry: %v", ended)
	}
	_, err = client.CreateUser(again, lakefsapi.UserCreation{ID: "u1"})
	if _, ended = client.AwaitRetry(again, err); httpapi.StatusOf(ended) != http.StatusBadGateway || requests != 2 {
		t.Errorf("after %d requests: error %v, want the 502 after two", requests, ended)
	}
}

// FuzzAnswers feeds arbitrary answers to the decoding of every type.
func FuzzAnswers(f *testing.F) {
	for _, test := range operationTests {
		f.Add([]byte(test.answer))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		client, err := lakefsapi.New(lakefsapi.Config{
			Endpoint: "https://lakefs.example.com", Token: "t",
			HTTP: httpapi.Options{Transport: answering(body)},
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, test := range operationTests {
			got, err := test.call(t.Context(), client)
			if err == nil && test.answer != "" && !json.Valid(body) {
				t.Errorf("%s: %q passed as %+v", name, body, got)
			}
		}
	})
}

// FuzzRefusals feeds arbitrary refusals: none passes, crashes the client, or makes a message
// without end.
func FuzzRefusals(f *testing.F) {
	for _, body := range []string{`{"message":"m"}`, `{"message":7}`, `{"error":"x"}`, `"m"`, `[]`, `null`, "", "<html>"} {
		f.Add(401, []byte(body))
		f.Add(404, []byte(body))
		f.Add(500, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		status = 300 + max(status, -status)%300
		client, err := lakefsapi.New(lakefsapi.Config{
			Endpoint: "https://lakefs.example.com", Token: "t",
			HTTP: httpapi.Options{Transport: refusing{answering(body), status}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, test := range operationTests {
			if got, err := test.call(t.Context(), client); err == nil || len(err.Error()) > 4000 {
				t.Errorf("%s: status %d with %q: %+v and an error of %d bytes", name, status, body, got, len(fmt.Sprint(err)))
			}
		}
	})
}

// refusing is answering with another status.
type refusing struct {
	answering

	status int
}

func (r refusing) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.answering.RoundTrip(request)
	if err == nil {
		response.StatusCode = r.status
	}
	return response, err
}

// answering is a transport that answers everything alike.
type answering []byte

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(a)),
		Request:    r,
	}, nil
}

func noSleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// A client gives the key pair that it signs with, for a login; with a token it has none.
func TestOwnLogin(t *testing.T) {
	t.Parallel()
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: "http://127.0.0.1", AccessKeyID: testKeyID, SecretAccessKey: testSecret})
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := client.OwnLogin(); !ok || got != (lakefsapi.LoginInformation{AccessKeyID: testKeyID, SecretAccessKey: testSecret}) {
		t.Errorf("got %v, %t, want the key pair", got, ok)
	}
	if client, err = lakefsapi.New(lakefsapi.Config{Endpoint: "http://127.0.0.1", Token: "t"}); err != nil {
		t.Fatal(err)
	}
	if got, ok := client.OwnLogin(); ok || got != (lakefsapi.LoginInformation{}) {
		t.Errorf("got %v, %t, want none", got, ok)
	}
}

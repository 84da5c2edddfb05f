// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

func TestAnswersThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	const page = "<html><body>hunter2 please log in</body></html>"
	long := strings.Repeat("wörd ", 100)
	tests := map[string]struct {
		status      int
		contentType string
		body        string
		noOut       bool // nobody wants the answer
		wantMessage string
		wantForeign bool
	}{
		"HTML with success":             {200, "text/html; charset=utf-8", page, false, "the answer is not from the API: 47 bytes of text/html", true},
		"text with success":             {200, "text/plain", `{"id":"a","key":"hunter2"}`, false, "the answer is not from the API: 26 bytes of text/plain", true},
		"HTML where nothing is awaited": {200, "text/html", page, true, "the answer is not from the API: 47 bytes of text/html", true},
		"HTML with an error":            {502, "text/html", page, false, "47 bytes of text/html", true},
		"unknown type":                  {200, "", page, false, "47 bytes of unknown type", true},
		"plain text":                    {400, "text/plain", "Invalid format\nfor  parameter x\n", false, "Invalid format for parameter x", true},
		"long plain text":               {400, "text/plain", long, false, "wörd", true},
		"empty":                         {200, "application/json", "", false, "empty where JSON was expected", false},
		"no JSON":                       {200, "application/json", "hunter2", false, "invalid JSON at byte 1", false},
		"half a JSON":                   {200, "application/json", `{"id":"hunter2`, false, "invalid JSON at byte 14", false},
		"two JSON values":               {200, "application/json", `{"id":"a"}{"id":"hunter2"}`, false, "invalid JSON", false},
		"other type":                    {200, "application/json", `["hunter2"]`, false, "a value has the wrong type", false},
		"member of another type":        {200, "application/json", `{"id":12345}`, false, `the member "id" has the wrong type`, false},
		"member missing":                {200, "application/json", `{"name":"hunter2"}`, false, `the required member "id" is missing`, false},
		"member null":                   {200, "application/json", `{"id":null}`, false, `the required member "id" is missing`, false},
		"null":                          {200, "application/json", `null`, false, "null where an object was expected", false},
		"error without a message":       {500, "application/json", `{}`, false, "", false},
		"error without a body":          {500, "", "", false, "", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{test.contentType}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}, nil)
			var out any
			if !test.noOut {
				out = new(answer)
			}
			var got *httpapi.Error
			if err := client.Do(t.Context(), put, out); !errors.As(err, &got) {
				t.Fatalf("error %v, want an *Error", err)
			}
			if !strings.Contains(got.Message, test.wantMessage) || got.Status != test.status || got.Foreign != test.wantForeign {
				t.Errorf("status %d, foreign %t, message %q; want %d, %t, %q",
					got.Status, got.Foreign, got.Message, test.status, test.wantForeign, test.wantMessage)
			}
			if strings.Contains(got.Error(), "hunter2") || strings.Contains(got.Error(), "12345") || len(got.Message) > 210 {
				t.Errorf("the error quotes the answer: %v", got)
			}
			if want := test.status != 400; httpapi.OutcomeUnknown(got) != want {
				t.Errorf("OutcomeUnknown = %t, want %t", !want, want)
			}
		})
	}
}

func TestAnswerSize(t *testing.T) {
	t.Parallel()
	const limit = 1000
	exact := `{"id":"` + strings.Repeat("x", limit-9) + `"}`
	tests := map[string]struct {
		body   string
		zipped bool
		ok     bool
	}{
		"at the limit":            {exact, false, true},
		"one byte more":           {exact + " ", false, false},
		"at the limit, zipped":    {exact, true, true},
		"one byte more, unzipped": {exact + " ", true, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests++
				w.Header().Set("Content-Type", "application/json")
				if !test.zipped {
					_, _ = w.Write([]byte(test.body))
					return
				}
				w.Header().Set("Content-Encoding", "gzip")
				zipper := gzip.NewWriter(w)
				_, _ = zipper.Write([]byte(test.body))
				_ = zipper.Close()
			}, func(c *httpapi.Config) {
				c.Options.MaxResponseBytes = limit
				c.Options.MaxRetries = 2
			})
			var got answer
			err := client.Do(t.Context(), get, &got)
			if test.ok {
				if err != nil || len(got.ID) != limit-9 {
					t.Errorf("error %v, %d bytes of id", err, len(got.ID))
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), "longer than the limit of 1000 bytes") || requests != 1 {
				t.Errorf("error %v after %d requests, want the limit after one", err, requests)
			}
		})
	}
}

func TestHeaderSize(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		writeJSON(w, http.StatusOK, `{"id":"t1"}`)
	}, nil)
	if err := client.Do(t.Context(), get, nil); err == nil || httpapi.StatusOf(err) != 0 {
		t.Errorf("error %v, want one for the header of a megabyte", err)
	}
}

func TestRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ location, want string }{
		"elsewhere":  {"https://me:hunter2@sso.example.com/login?token=hunter2", "redirects are not followed (to sso.example.com)"},
		"same host":  {"/login?token=hunter2", "redirects are not followed"},
		"unreadable": {"https://sso.example.com:hunter2/", "redirects are not followed"},
		"nowhere":    {"", "redirects are not followed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				requests++
				w.Header().Set("Location", test.location)
				w.WriteHeader(http.StatusTemporaryRedirect)
			}, func(c *httpapi.Config) { c.Options.MaxRetries = 2 })
			err := client.Do(t.Context(), put, nil)
			if httpapi.StatusOf(err) != http.StatusTemporaryRedirect || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("error %v, want one that ends in %q", err, test.want)
			}
			if requests != 1 || httpapi.OutcomeUnknown(err) {
				t.Errorf("%d requests, OutcomeUnknown %t; want 1, false", requests, httpapi.OutcomeUnknown(err))
			}
		})
	}
}

// pair is a JSON object that its UnmarshalJSON finds fault with.
type pair struct{}

func (*pair) UnmarshalJSON([]byte) error { return &httpapi.ShapeError{Detail: "it is no pair"} }

func TestShapeError(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, `[{},{}]`) }, nil)
	err := client.Do(t.Context(), get, new([]pair))
	if err == nil || !strings.Contains(err.Error(), "not as the API documents it: it is no pair") {
		t.Errorf("error %v, want one with the detail", err)
	}
}

// FuzzAnswer feeds arbitrary answers: none may crash the client, and none
// without an id may pass.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{`{"id":"a"}`, `{"ID":"a"}`, `{"id":null}`, `[]`, `null`, `{"id":"a"`, "", "<html>"} {
		f.Add("application/json", 200, []byte(body))
		f.Add("text/plain", 400, []byte(body))
	}
	f.Fuzz(func(t *testing.T, contentType string, status int, body []byte) {
		status = 200 + max(status, -status)%400
		client, err := httpapi.New(httpapi.Config{
			BaseURL:      "https://lakefs.example.com",
			ErrorMessage: messageOf,
			Options: httpapi.Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				return fakeAnswer(r, status, contentType, body), nil
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got answer
		err = client.Do(t.Context(), get, &got)
		var members map[string]json.RawMessage
		isObject := json.Unmarshal(body, &members) == nil
		switch {
		case err == nil && (!isObject || members["id"] == nil || status > 299):
			t.Errorf("status %d with %q passed as %+v", status, body, got)
		case err != nil && len(err.Error()) > 3000:
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

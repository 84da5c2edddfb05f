// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

func TestErrorOfARefusal(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusConflict, `{"message":"Already exists"}`)
	}, nil)
	member := httpapi.Request{
		Operation: "addMember", Method: http.MethodPut, PathTemplate: "/groups/{groupId}/members/{userId}",
		PathParams: map[string]string{"groupId": "g 1", "userId": "u1"},
	}
	err := client.Do(t.Context(), member, nil)
	var got *httpapi.Error
	if !errors.As(err, &got) {
		t.Fatalf("error %v, want an *Error", err)
	}
	want := &httpapi.Error{
		Operation: "addMember", Method: http.MethodPut, Path: "/groups/{groupId}/members/{userId}",
		Params: map[string]string{"groupId": "g 1", "userId": "u1"}, Object: "g 1/u1",
		Status: http.StatusConflict, Message: "Already exists", RequestID: "r-1", Attempts: 1,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(httpapi.Error{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	text := `addMember (PUT /groups/{groupId}/members/{userId}) of "g 1/u1": server answered 409 Conflict: Already exists (request id r-1)`
	if got := err.Error(); got != text {
		t.Errorf("got  %s\nwant %s", got, text)
	}
}

// TestObjectBesideParameters: what a call is about may be in the path and in the
// body.
func TestObjectBesideParameters(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusConflict, `{}`) }, nil)
	request := httpapi.Request{
		Operation: "createGroups", Method: http.MethodPost, PathTemplate: "/projects/{project}/groups",
		PathParams: map[string]string{"project": "acme"}, Object: "readers",
	}
	if err := client.Do(t.Context(), request, nil); err == nil || !strings.Contains(err.Error(), ` of "acme/readers": `) {
		t.Errorf("error %v, want one that names both", err)
	}
}

// TestDetails: what an error body names is kept, without secrets.
func TestDetails(t *testing.T) {
	t.Parallel()
	read := func(body []byte) httpapi.Details {
		return httpapi.Details{"missing": {{"id": "5", "name": string(body)}}}
	}
	tests := map[string]struct {
		contentType string
		want        httpapi.Details
	}{
		"of JSON": {"application/json", httpapi.Details{"missing": {{"id": "5", "name": "[redacted] is not there"}}}},
		"of text": {"text/plain", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.contentType)
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte("hunter2 is not there"))
			}, func(c *httpapi.Config) {
				c.ErrorDetails = read
				c.Secrets = func() []string { return []string{"hunter2"} }
			})
			var got *httpapi.Error
			if err := client.Do(t.Context(), get, nil); !errors.As(err, &got) {
				t.Fatalf("error %v, want an *Error", err)
			}
			if diff := cmp.Diff(test.want, got.Details); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  httpapi.Error
		want string
	}{
		"no answer": {
			httpapi.Error{Operation: "getThing", Method: "GET", Path: "/things", Err: io.ErrUnexpectedEOF, Attempts: 3},
			"getThing (GET /things): unexpected EOF, after 3 attempts",
		},
		"status without a name": {
			httpapi.Error{Operation: "getThing", Method: "GET", Path: "/things", Status: 599, Message: "no"},
			"getThing (GET /things): server answered 599: no",
		},
		"message and cause": {
			httpapi.Error{Operation: "getThing", Method: "GET", Path: "/things", Status: 429, Message: "slow", Err: io.EOF},
			"getThing (GET /things): server answered 429 Too Many Requests: slow: EOF",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLongIDsAndMessagesAreCut(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusBadRequest, `{"message":"`+strings.Repeat("é", 50_000)+`"}`)
	}, nil)
	request := get
	request.PathParams = map[string]string{"id": strings.Repeat("ü", 10_000)}
	err := client.Do(t.Context(), request, nil)
	if text := err.Error(); len(text) > 3000 || !strings.Contains(text, "üü…") || !strings.Contains(text, "éé…") {
		t.Errorf("an error of %d bytes: %s", len(text), text)
	}
}

func TestQuestionsAboutOtherErrors(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, io.EOF, fmt.Errorf("more: %w", io.EOF)} {
		if httpapi.OutcomeUnknown(err) || httpapi.StatusOf(err) != 0 {
			t.Errorf("OutcomeUnknown(%v) = %t, StatusOf = %d; want false, 0", err, httpapi.OutcomeUnknown(err), httpapi.StatusOf(err))
		}
	}
	wrapped := fmt.Errorf("more: %w", &httpapi.Error{Status: 404})
	if got := httpapi.StatusOf(wrapped); got != 404 {
		t.Errorf("StatusOf a wrapped error = %d, want 404", got)
	}
}

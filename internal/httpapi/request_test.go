// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

func TestPathEscaping(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // id: the segment on the wire
		"plain":         "plain",
		"a-b.c_d~e":     "a-b.c_d~e",
		"pl+us":         "pl%2Bus",
		"a b":           "a%20b",
		" ":             "%20",
		"a/b":           "a%2Fb",
		"../admin":      "..%2Fadmin",
		"...":           "...",
		"what?":         "what%3F",
		"no#1":          "no%231",
		"100%":          "100%25",
		"%2F":           "%252F",
		"a;b=c&d,e":     "a%3Bb%3Dc%26d%2Ce",
		"me@acme.com":   "me%40acme.com",
		"a:b":           "a%3Ab",
		"${user}*":      "%24%7Buser%7D%2A",
		"{id}":          "%7Bid%7D",
		"é":             "%C3%A9",
		"日本":            "%E6%97%A5%E6%9C%AC",
		"\n\t\x00":      "%0A%09%00",
		"\xff":          "%FF",
		"back\\slash":   "back%5Cslash",
		"quote\"'":      "quote%22%27",
		"(paren)!":      "%28paren%29%21",
		"AKIAJ1234567Q": "AKIAJ1234567Q",
	}
	for id, want := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			var got string
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				w.WriteHeader(http.StatusNoContent)
			}, nil)
			request := httpapi.Request{Method: http.MethodDelete, PathTemplate: "/a/{id}/b", PathParams: map[string]string{"id": id}}
			if err := client.Do(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			if want := "/api/a/" + want + "/b"; got != want {
				t.Errorf("id %q went out as %q, want %q", id, got, want)
			}
		})
	}
}

func TestRequestsThatAreNotSent(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params  map[string]string
		body    any
		wantErr string
	}{
		"empty id":        {params: map[string]string{"id": ""}, wantErr: "must not be empty"},
		"dot":             {params: map[string]string{"id": "."}, wantErr: "cannot be addressed"},
		"dot dot":         {params: map[string]string{"id": ".."}, wantErr: "cannot be addressed"},
		"no value":        {params: nil, wantErr: "path parameter id has no value"},
		"unwritable body": {params: map[string]string{"id": "t1"}, body: func() {}, wantErr: "cannot be written as JSON"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") }, nil)
			request := put
			request.PathParams, request.Body = test.params, test.body
			err := client.Do(t.Context(), request, nil)
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
			if httpapi.OutcomeUnknown(err) || httpapi.StatusOf(err) != 0 {
				t.Errorf("OutcomeUnknown = %t, StatusOf = %d for a request that was not sent", httpapi.OutcomeUnknown(err), httpapi.StatusOf(err))
			}
		})
	}
}

// FuzzPathEscaping sends ids through net/http and reads them as lakeFS does:
// the router takes one raw segment and unescapes it by the rules of forms.
func FuzzPathEscaping(f *testing.F) {
	for _, id := range []string{"u1", "pl+us", "a b", "100%", "%2B", "a/b", "..", ".", "", "é?#", "\x00\xff"} {
		f.Add(id)
	}
	arrived := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived <- r.RequestURI
		w.WriteHeader(http.StatusNoContent)
	}))
	f.Cleanup(server.Close)
	client, err := httpapi.New(httpapi.Config{BaseURL: server.URL})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, id string) {
		request := httpapi.Request{Method: http.MethodGet, PathTemplate: "/u/{id}/x", PathParams: map[string]string{"id": id}}
		err := client.Do(t.Context(), request, nil)
		if id == "" || id == "." || id == ".." {
			if err == nil {
				t.Fatalf("the id %q was sent", id)
			}
			return
		}
		if err != nil {
			if len(id) > 100_000 {
				return // too long for the server's request line
			}
			t.Fatal(err)
		}
		segments := strings.Split(<-arrived, "/")
		if len(segments) != 4 {
			t.Fatalf("the id %q made other segments: %q", id, segments)
		}
		got, err := url.QueryUnescape(segments[2])
		if err != nil || got != id {
			t.Errorf("the id %q arrived as %q (%v)", id, got, err)
		}
	})
}

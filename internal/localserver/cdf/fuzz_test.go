// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// FuzzRequests sends any request to projects of all kinds and expects an answer that
// is well formed: a panic fails the test, and so does a server error or a body that
// is no JSON.
func FuzzRequests(f *testing.F) {
	for _, r := range rights {
		method, path, _ := strings.Cut(r.send, " ")
		if rooted, isRooted := strings.CutPrefix(path, "//"); isRooted {
			path = "/" + rooted
		} else {
			path = "/api/v1/projects/local" + path
		}
		path, query, _ := strings.Cut(path, "?")
		f.Add(method, path, query, r.body, "", "")
	}
	for _, seed := range []struct{ method, path, query, body, encoding, header string }{
		{"POST", "/oauth2/token", "", "grant_type=client_credentials&client_id=me&client_secret=s", "", "Basic bWU6cw=="},
		{"POST", "/api/v1/projects/local/groups", "", `{"items":[{"name":"g","members":"allUserAccounts","metadata":{"a":"b"},
			"capabilities":[{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"a":["t"],"b":{}}}}}},
			{"timeSeriesAcl":{"actions":["READ"],"scope":{"idscope":{"ids":[1,"2"]}}},"projectScope":{"allProjects":{}}}]}]}`, "", ""},
		{"POST", "/api/v1/projects/local/groups", "", "\x1f\x8b", "gzip", "Bearer a.b.c"},
		{"GET", "/api/v1/projects/local/securitycategories", "limit=2&cursor=MDAwMQ&sort=DESC", "", "", ""},
		{"GET", "/api/v1/projects/%2E%2E/profiles", "identityType=ALL&limit=1", "", "", ""},
		{"GET", "//", "", "", "", ""},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.body, seed.encoding, seed.header)
	}
	f.Fuzz(func(t *testing.T, method, path, query, body, encoding, header string) {
		target, err := url.ParseRequestURI(path)
		if err != nil {
			return // No client can send this path.
		}
		target.RawQuery = query
		for _, options := range []cdf.Options{
			{}, {PageSize: 1, GroupLimit: 2, TextIDs: true, ReverseMembers: true, CursorObjects: true, DataModelingOnly: true, ListDeletedGroups: true},
		} {
			options.ClientID, options.ClientSecret = "me", "s"
			p := newProject(t, options)
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", strings.NewReader(body))
			request.Method, request.URL = method, target
			request.Header.Set("Content-Type", form)
			request.Header.Set("Content-Encoding", encoding)
			caller := ""
			if header != "" {
				request.Header.Set("Authorization", header)
				caller = "nobody"
			}
			recorder := p.do(t, caller, request)
			if http.StatusText(recorder.Code) == "" || recorder.Code >= http.StatusInternalServerError {
				t.Errorf("status %d", recorder.Code)
			}
			if !json.Valid(recorder.Body.Bytes()) {
				t.Errorf("no JSON: %q", recorder.Body)
			}
		}
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// FuzzRequests sends any request to servers of all kinds and expects an answer
// that is well formed: a panic fails the test, and so does an unknown status or a
// JSON answer that is none.
func FuzzRequests(f *testing.F) {
	for _, seed := range []struct{ method, path, query, body, header string }{
		{"GET", "/auth/users", "amount=1&prefix=a&after=b", "", ""},
		{"GET", "/auth/users/admin/policies", "effective=true", "", "Basic eDp5"},
		{"POST", "/auth/users", "", `{"id":"Ann <a@b.co>","invite_user":true}`, ""},
		{"POST", "/auth/groups", "", `{"id":"g","description":null}`, ""},
		{"PUT", "/auth/policies/p", "", `{"id":"p","statement":[{"effect":"deny","action":["a:b"],"resource":"[\"*\"]","condition":{"x":{"y":[]}}}]}`, ""},
		{"POST", "/auth/groups/Viewers/acl", "", `{"permission":"Read"}`, ""},
		{"POST", "/auth/login", "", `{"access_key_id":"..","secret_access_key":""}`, "Bearer a.b.c"},
		{"DELETE", "/auth/users/%2E%2E/credentials/%25", "", "", ""},
		{"POST", "/auth/users/admin/external/principals", "principalId=x", `{"settings":{}}`, ""},
		{"POST", "/auth/password", "", `{"token":"","newPassword":""}`, ""},
		{"GET", "/../../logout", "", "", ""},
		{"GET", "", "", "", ""},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.body, seed.header)
	}
	f.Fuzz(func(t *testing.T, method, path, query, body, header string) {
		target, err := url.ParseRequestURI("/api/v1" + path)
		if err != nil {
			return // No client can send this path.
		}
		target.RawQuery = query
		for _, options := range []localserver.Options{
			{ExternalPrincipals: true}, {GroupIDs: "generated", PageSize: 1, DropConditions: true}, {RBAC: "none"}, {RBAC: "simplified"}, {Dialect: "0.97"},
		} {
			server := newServer(t, options)
			request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", strings.NewReader(body))
			request.Method, request.URL = method, target
			request.Header.Set("Content-Type", "application/json")
			request.Header.Set("X-Forwarded-For", header)
			request.Header.Set("Cookie", header)
			asAdmin(server)(request)
			if header != "" {
				request.Header.Set("Authorization", header)
			}
			checkAnswer(t, server, request)
		}
	})
}

func checkAnswer(t *testing.T, server http.Handler, request *http.Request) {
	t.Helper()
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	if http.StatusText(recorder.Code) == "" {
		t.Errorf("status %d", recorder.Code)
	}
	if recorder.Header().Get("Content-Type") == "application/json" && !json.Valid(recorder.Body.Bytes()) {
		t.Errorf("no JSON: %q", recorder.Body)
	}
}

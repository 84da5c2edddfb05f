// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// TestConditionsSeeThePeer covers the address that conditions see: headers
// first, then the connection.
func TestConditionsSeeThePeer(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	key := newUser(t, server, "u")
	mustDo[any](t, server, "POST /auth/policies", `{"id":"p","statement":[{"action":["auth:ReadUser"],"effect":"allow",`+
		`"resource":"*","condition":{"IpAddress":{"SourceIp":["10.0.0.1"]}}}]}`)
	mustDo[any](t, server, "PUT /auth/users/u/policies/p", "")
	cases := []struct {
		forwarded, real, peer string
		want                  int
	}{
		{"", "", "10.0.0.1:99", 200},
		{"", "", "10.0.0.1", 200},
		{"", "", "10.0.0.2:99", 401},
		{"", "10.0.0.1", "10.0.0.2:99", 200},
		{"10.0.0.1, 10.0.0.2", "10.0.0.2", "10.0.0.2:99", 200},
		{"10.0.0.2, 10.0.0.1", "10.0.0.1", "10.0.0.1:99", 401},
		{" , 10.0.0.1", "10.0.0.1", "10.0.0.1:99", 401},
		{",10.0.0.2", " 10.0.0.1 ", "10.0.0.2:99", 200},
	}
	for _, c := range cases {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/auth/users/u", nil)
		request.Header.Set("Authorization", key.basic())
		request.Header.Set("X-Forwarded-For", c.forwarded)
		request.Header.Set("X-Real-Ip", c.real)
		request.RemoteAddr = c.peer
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		if recorder.Code != c.want {
			t.Errorf("%+v: status %d", c, recorder.Code)
		}
	}
}

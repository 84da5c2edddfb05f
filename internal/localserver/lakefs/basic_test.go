// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	notImplemented = `{"message":"Not Implemented"}`
	onlyUser       = `{"creation_date":1700000000,"email":"","friendly_name":"","id":"admin"}`
	somePolicy     = `{"id":"p","statement":[{"effect":"allow","action":["fs:*"],"resource":"*"}]}`
)

// TestWithoutRBAC covers a lakeFS with basic authentication and one user.
func TestWithoutRBAC(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{RBAC: "none"})
	key := "/auth/users/admin/credentials/" + server.AccessKeyID()
	converse(t, server, []exchange{
		{send: "GET /auth/capabilities", as: "-", status: 200, want: `{"invite_user":false}`},
		{send: "GET /setup_lakefs", as: "-", status: 200, want: `{"comm_prefs_missing":false,"login_config":{"RBAC":"none",…`},
		{send: "GET /user", status: 200, want: `{"user":` + onlyUser + `}`},
		{send: "GET /auth/users", status: 200, want: `{"pagination":{"has_more":false,"max_per_page":0,` +
			`"next_offset":"","results":1},"results":[` + onlyUser + `]}`},
		{send: "GET /auth/users?prefix=x&amount=1", status: 200, want: `{"pagination":{"has_more":false,…`},
		{send: "GET /auth/users", as: "-", status: 401, want: `{"message":"error authenticating request"}`},
		{send: "GET /auth/users/admin", status: 200, want: onlyUser},
		{send: "GET /auth/users/other", status: 404, want: `{"message":"user not found"}`},
		{send: "POST /auth/users", body: `{"id":"other"}`, status: 409, want: `{"message":"Already exists"}`},
		{send: "POST /auth/users", body: `{"id":"a%"}`, status: 400, want: `{"message":"User name cannot contain '%'"}`},
		{send: "POST /auth/users", body: `{"id":""}`, status: 400, want: `{"message":"empty name: validation error"}`},
		{send: "POST /auth/users", body: `{"id":"a@b.c","invite_user":true}`, status: 501, want: notImplemented},
		{send: "DELETE /auth/users/other", status: 404, want: `{"message":"user not found"}`},
		{
			send: "POST /auth/users/admin/credentials", status: 400,
			want: `{"message":"exceeded number of allowed credentials: invalid request"}`,
		},
		{send: "POST /auth/users/other/credentials", status: 404, want: `{"message":"not found"}`},
		{send: "GET " + key, status: 200, want: `{"access_key_id":"` + server.AccessKeyID() + `","creation_date":1700000000}`},
		{send: "DELETE " + key, status: 501, want: notImplemented},
		{send: "GET /auth/users/admin/credentials", status: 501, want: notImplemented},
		{send: "GET /auth/groups", status: 501, want: notImplemented},
		{send: "POST /auth/groups", body: `{"id":"g"}`, status: 501, want: notImplemented},
		{send: "POST /auth/groups", body: `{"id":"g%"}`, status: 400, want: `{"message":"Group name cannot contain '%'"}`},
		{send: "GET /auth/groups/g/members", status: 501, want: notImplemented},
		{send: "PUT /auth/groups/g/members/admin", status: 501, want: notImplemented},
		{send: "PUT /auth/groups/g/policies/p", status: 501, want: notImplemented},
		{send: "GET /auth/users/admin/groups", status: 501, want: notImplemented},
		{send: "GET /auth/users/admin/policies", status: 501, want: notImplemented},
		{send: "POST /auth/policies", body: somePolicy, status: 501, want: notImplemented},
		{send: "POST /auth/policies", body: `{}`, status: 400, want: `{"message":"request body has an error: doesn't match…`},
		{send: "PUT /auth/policies/p", body: somePolicy, status: 501, want: notImplemented},
		{send: "PUT /auth/policies/q", body: somePolicy, status: 400, want: `{"message":"can't update policy id"}`},
		{send: "GET /auth/groups/g/acl", status: 501, want: notImplemented},
		{send: "POST /auth/groups/g/acl", body: `{"permission":"Read"}`, status: 501, want: notImplemented},
		{send: "POST /auth/groups/g/acl", body: `{"permission":"x"}`, status: 400, want: `{"message":"g: translate ACL…`},
		{send: "GET /auth/external/principals?principalId=x", status: 501, want: notImplemented},
		{send: "POST /sts/login", body: `{"code":"c","state":"s","redirect_uri":"u"}`, status: 501, want: notImplemented},
		{send: "GET /nope", status: 404, want: `{"message":"invalid API endpoint"}`},
		{send: "DELETE /auth/users/admin", status: 204},
		{send: "GET /user", status: 401, want: `{"message":"error authenticating request"}`},
	})
}

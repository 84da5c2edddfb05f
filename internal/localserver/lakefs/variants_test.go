// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// groupAnswer is a group as the API answers it.
type groupAnswer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// TestGeneratedGroupIDs covers a server that chooses the ids of groups.
func TestGeneratedGroupIDs(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{GroupIDs: "generated"})
	made := mustDo[groupAnswer](t, server, "POST /auth/groups", `{"id":"team"}`)
	if made.Name != "team" || len(made.ID) != 36 {
		t.Fatalf("created %+v: want the name and a generated id", made)
	}
	path := "/auth/groups/" + made.ID
	inList := `{"creation_date":1700000000,"description":"","id":"` + made.ID + `","name":"team"}`
	ofUser := `{"creation_date":1700000000,"id":"` + made.ID + `","name":"team"}`
	converse(t, server, []exchange{
		{send: "POST /auth/groups", body: `{"id":"team"}`, status: 409, want: `{"message":"Already exists"}`},
		{send: "GET /auth/groups/team", status: 404, want: `{"message":"group not found"}`},
		{send: "GET " + path, status: 200, want: `{"creation_date":1700000000,"description":"","id":"team"}`},
		{send: "GET /auth/groups?prefix=" + made.ID, status: 200, want: `{"pagination":{"has_more":false,"max_per_page":0,` +
			`"next_offset":"","results":1},"results":[` + inList + `]}`},
		{send: "PUT /auth/groups/team/members/admin", status: 404, want: `{"message":"not found"}`},
		{send: "PUT " + path + "/members/admin", status: 201},
		{send: "PUT " + path + "/policies/FSReadAll", status: 201},
		{send: "DELETE /auth/groups/team", status: 404, want: `{"message":"group not found"}`},
	})
	_, groups := answerTo(t, server, exchange{send: "GET /auth/users/admin/groups"}, asAdmin(server))
	if !strings.Contains(groups, ofUser) {
		t.Errorf("the groups of the user lack %s: %s", ofUser, groups)
	}
	converse(t, server, []exchange{
		{send: "DELETE " + path, status: 204},
		{send: "POST /auth/groups", body: `{"id":"team"}`, status: 201, want: `{"creation_date":1700000000,…`},
	})
}

// TestAuthCache covers what an outdated cache shows: rights, keys and users
// outlive their deletion, lists do not.
func TestAuthCache(t *testing.T) {
	t.Parallel()
	const lifetime = 20 * time.Second
	time0 := newClock()
	server := newServer(t, localserver.Options{AuthCache: lifetime, Now: time0.Now})
	key := newUser(t, server, "u")
	own := exchange{send: "GET /auth/users/u", as: key.basic(), status: 200, want: `{"creation…`}
	refused := exchange{
		send: "GET /auth/users/u", as: key.basic(), status: 401,
		want: `{"message":"insufficient permissions: not allowed to auth:ReadUser"}`,
	}
	deleteKey := exchange{send: "DELETE /auth/users/u/credentials/" + key.ID, status: 204}
	gone := exchange{send: "GET /auth/users/u", status: 404, want: `{"message":"user not found"}`}

	converse(t, server, []exchange{refused, {send: "PUT /auth/users/u/policies/AuthFullAccess", status: 201}, refused})
	time0.advance(lifetime)
	converse(t, server, []exchange{own, {send: "DELETE /auth/users/u/policies/AuthFullAccess", status: 204}, own})
	converse(t, server, []exchange{
		deleteKey, deleteKey, own,
		{send: "GET /auth/users/u/credentials", status: 200, want: noMore},
		{send: "DELETE /auth/users/u", status: 204},
		{send: "DELETE /auth/users/u", status: 204},
		{send: "GET /auth/users/u", status: 200, want: `{"creation…`},
		{send: "GET /auth/users?prefix=u", status: 200, want: noMore},
		{send: "PUT /auth/groups/Viewers/members/u", status: 201},
		{send: "GET /auth/groups/Viewers/members", status: 200, want: noMore},
		{send: "POST /auth/users/u/credentials", status: 201, want: `{"access_key_id":…`},
	})
	time0.advance(lifetime)
	converse(t, server, []exchange{
		gone,
		{send: "GET /user", as: key.basic(), status: 401, want: `{"message":"error authenticating request"}`},
		{send: "DELETE /auth/users/u", status: 404, want: gone.want},
	})
}

// TestAuthCacheIsBounded reads more users than the cache keeps.
func TestAuthCacheIsBounded(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{AuthCache: time.Minute})
	newUser(t, server, "first")
	mustDo[any](t, server, "DELETE /auth/users/first", "")
	for range 1100 {
		id := "u" + newUser(t, server, "next").ID
		mustDo[any](t, server, "POST /auth/users", `{"id":"`+id+`"}`)
		mustDo[any](t, server, "GET /auth/users/"+id, "")
		mustDo[any](t, server, "DELETE /auth/users/next", "")
	}
	converse(t, server, []exchange{{send: "GET /auth/users/first", status: 404, want: `{"message":"user not found"}`}})
}

func TestGroupACL(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	newUser(t, server, "member")
	key := newUser(t, server, "reader")
	read := `{"id":"r","statement":[{"action":["auth:ReadGroup"],"effect":"allow","resource":"*"}]}`
	mustDo[any](t, server, "POST /auth/policies", read)
	mustDo[any](t, server, "PUT /auth/users/reader/policies/r", "")
	mustDo[any](t, server, "POST /auth/groups", `{"id":"g"}`)
	set := func(word string) exchange {
		return exchange{send: "POST /auth/groups/g/acl", body: `{"permission":"` + word + `"}`, status: 201}
	}
	get := func(word string) exchange {
		return exchange{send: "GET /auth/groups/g/acl", status: 200, want: `{"permission":"` + word + `"}`}
	}
	converse(t, server, []exchange{
		{
			send: "GET /auth/groups/g/acl", as: key.basic(), status: 401,
			want: `{"message":"insufficient permissions: not allowed to auth:ReadPolicy"}`,
		},
		{
			send: "POST /auth/groups/g/acl", body: `{"permission":"Read"}`, as: key.basic(), status: 401,
			want: `{"message":"insufficient permissions: not allowed to auth:AttachPolicy"}`,
		},
		get(""), set("Read"), get("Read"), set("Write"), get("Write"), set("Super"), get("Super"), set("Admin"), get("Admin"),
		{send: "GET /auth/policies/ACL(_-_)g", status: 200, want: `{"id":"ACL(_-_)g","statement":[{"action":["fs:*","auth:*",…`},
		{send: "PUT /auth/groups/g/policies/FSReadAll", status: 201},
		{
			send: "GET /auth/groups/g/acl", status: 404,
			want: `{"message":"Multiple policies attached to group - no ACL","no_acl":true}`,
		},
		{send: "DELETE /auth/groups/g/policies/ACL(_-_)g", status: 204},
		{send: "GET /auth/groups/g/acl", status: 404, want: `{"message":"Policy attached to group has no ACL","no_acl":true}`},
		set("Read"), get("Read"),
	})
}

// TestSimplifiedRBAC covers a lakeFS with access control lists: the groups that it is
// set up with have them, and policies are out of reach.
func TestSimplifiedRBAC(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{RBAC: "simplified"})
	newUser(t, server, "u")
	key := newUser(t, server, "writer")
	exchanges := []exchange{
		{send: "GET /setup_lakefs", as: "-", status: 200, want: `{"comm_prefs_missing":false,"login_config":{"RBAC":"simplified",…`},
		{send: "GET /auth/groups/Admins/members", status: 200, want: `{"pagination":{"has_more":false,"max_per_page":0,"next_offset":"",` +
			`"results":1},"results":[` + onlyUser + `]}`},
		{send: "PUT /auth/groups/Writers/members/writer", status: 201},
		{send: "POST /auth/groups", body: `{"id":"g"}`, status: 201, want: `{"creation_date":…`},
		{send: "GET /auth/groups/g/acl", status: 200, want: `{"permission":""}`},
		{send: "POST /auth/groups/g/acl", body: `{"permission":"Read"}`, as: key.basic(), status: 401, want: `{"message":"insufficient permissions: not allowed to auth:ReadGroup"}`},
		{send: "POST /auth/groups/g/acl", body: `{"permission":"Read"}`, status: 201},
		{send: "GET /auth/groups/g/acl", status: 200, want: `{"permission":"Read"}`},
		{send: "POST /auth/groups/g/acl", body: `{"permission":"read"}`, status: 400, want: `{"message":"g: translate ACL {Permission:read} to …`},
		{send: "PUT /auth/policies/p", body: `{}`, status: 400, want: `{"message":"request body has an error…`},
		{send: "GET /auth/external/principals?principalId=x", status: 501, want: notImplemented},
		// The refusal of policies comes before that of the caller.
		{send: "GET /auth/policies", as: key.basic(), status: 501, want: notImplemented},
		{send: "GET /auth/groups/none/acl", status: 200, want: `{"permission":""}`},
	}
	for group, permission := range map[string]string{"Admins": "Admin", "Supers": "Super", "Writers": "Write", "Readers": "Read"} {
		exchanges = append(exchanges, exchange{send: "GET /auth/groups/" + group + "/acl", status: 200, want: `{"permission":"` + permission + `"}`})
	}
	for send, body := range map[string]string{
		"GET /auth/policies": "", "POST /auth/policies": somePolicy, "GET /auth/policies/p": "", "PUT /auth/policies/p": somePolicy, "DELETE /auth/policies/p": "",
		"GET /auth/users/u/policies": "", "PUT /auth/users/u/policies/p": "", "DELETE /auth/users/u/policies/p": "",
		"GET /auth/groups/g/policies": "", "PUT /auth/groups/g/policies/p": "", "DELETE /auth/groups/g/policies/p": "",
	} {
		exchanges = append(exchanges, exchange{send: send, body: body, status: 501, want: notImplemented})
	}
	converse(t, server, exchanges)
}

// TestExternalRBAC covers a lakeFS that differs in what it says of itself only.
func TestExternalRBAC(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{RBAC: "external"})
	converse(t, server, []exchange{
		{send: "GET /setup_lakefs", as: "-", status: 200, want: `{"comm_prefs_missing":false,"login_config":{"RBAC":"external",…`},
		{send: "POST /auth/policies", body: somePolicy, status: 201, want: `{"id":"p",…`},
	})
}

func TestExternalPrincipals(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{ExternalPrincipals: true})
	newUser(t, server, "u")
	newUser(t, server, "v")
	const path = "/auth/users/u/external/principals"
	missing := `{"message":"not found"}`
	converse(t, server, []exchange{
		{send: "POST " + path, status: 400, want: `{"message":"parameter \"principalId\" in query has an error: value is required but missing"}`},
		{send: "POST " + path + "?principalId=arn%2Frole", status: 201},
		{send: "POST " + path + "?principalId=arn%2Frole", body: `{"settings":{}}`, status: 409, want: `{"message":"Already exists"}`},
		{send: "POST /auth/users/none/external/principals?principalId=x", status: 404, want: missing},
		{send: "GET /auth/external/principals?principalId=arn%2Frole", status: 200, want: `{"id":"arn/role","user_id":"u"}`},
		{send: "GET /auth/external/principals?principalId=x", status: 404, want: missing},
		{send: "GET " + path + "/ls", status: 200, want: `{"pagination":{"has_more":false,"max_per_page":0,"next_offset":"",` +
			`"results":1},"results":[{"id":"arn/role","user_id":"u"}]}`},
		{send: "GET /auth/users/none/external/principals/ls", status: 404, want: missing},
		{send: "DELETE /auth/users/v/external/principals?principalId=arn%2Frole", status: 404, want: missing},
		{send: "DELETE /auth/users/none/external/principals?principalId=arn%2Frole", status: 404, want: missing},
		{send: "DELETE " + path + "?principalId=arn%2Frole", status: 204},
		{send: "GET " + path + "/ls", status: 200, want: noMore},
		{send: "POST " + path + "?principalId=other", status: 201},
		{send: "DELETE /auth/users/u", status: 204},
		{send: "GET /auth/external/principals?principalId=other", status: 404, want: missing},
		{send: "POST /auth/external/principal/login", as: "-", body: `{"identityRequest":{}}`, status: 501, want: notImplemented},
	})
}

// TestPasswords covers the operations that the newer version no longer has.
func TestPasswords(t *testing.T) {
	t.Parallel()
	time0 := newClock()
	server := newServer(t, localserver.Options{Dialect: "0.97", Now: time0.Now})
	answerTo(t, server, exchange{send: "POST /auth/users", body: `{"id":"ann@x.org","invite_user":true}`}, asAdmin(server))
	reset := func(email, password string) exchange {
		token, err := server.PasswordResetToken(email)
		if err != nil {
			t.Fatal(err)
		}
		return exchange{send: "POST /auth/password", as: "-", body: `{"token":"` + token + `","newPassword":"` + password + `"}`, status: 201}
	}
	login := func(password string) exchange {
		body := `{"access_key_id":"ann@x.org","secret_access_key":"` + password + `"}`
		return exchange{send: "POST /auth/login", as: "-", body: body, status: 200, want: `{"token":"…`}
	}
	failing := func(e exchange, status int, want string) exchange {
		e.status, e.want = status, want
		return e
	}
	once := reset("ann@x.org", "secret-1")
	late := reset("ann@x.org", "secret-2")
	converse(t, server, []exchange{
		{send: "POST /auth/password/forgot", as: "-", body: `{"email":"who@x.org"}`, status: 204},
		{send: "POST /auth/password/forgot", as: "-", body: `{"email":"who"}`, status: 400, want: `{"message":"invalid email"}`},
		{send: "POST /auth/password", as: "-", body: `{"token":"x","newPassword":"y"}`, status: 401, want: unauthenticated},
		failing(login("secret-1"), 401, `"Unauthorized"`),
		once, login("secret-1"),
		failing(once, 401, unauthenticated),
		failing(login("secret-2"), 401, `"Unauthorized"`),
		failing(reset("who@x.org", "x"), 404, `{"message":"Not Found"}`),
	})
	time0.advance(time.Hour)
	converse(t, server, []exchange{failing(late, 401, unauthenticated)})
}

// TestSecretsStayOutOfSchemaErrors sends credentials in bodies that break their
// schema, which are echoed in the error for other operations.
func TestSecretsStayOutOfSchemaErrors(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	for _, send := range []string{"POST /auth/login", "POST /setup_lakefs", "POST /sts/login"} {
		status, body := answerTo(t, server, exchange{send: send, as: "-", body: `{"secret_access_key":"s3cr3t","code":"s3cr3t"}`}, nil)
		if status != 400 || strings.Contains(body, "s3cr3t") {
			t.Errorf("%s: %d %s", send, status, body)
		}
	}
}

// loginAnswer is the answer to a login.
type loginAnswer struct {
	Token      string `json:"token"`
	Expiration int64  `json:"token_expiration"`
}

func TestLoginTokensExpire(t *testing.T) {
	t.Parallel()
	const week = 7 * 24 * time.Hour
	time0 := newClock()
	server := newServer(t, localserver.Options{Now: time0.Now, AccessKeyID: "AKIA1", SecretAccessKey: "s"})
	got := mustDo[loginAnswer](t, server, "POST /auth/login", `{"access_key_id":"AKIA1","secret_access_key":"s"}`)
	if diff := cmp.Diff(time0.Now().Add(week).Unix(), got.Expiration); diff != "" {
		t.Errorf("expiry (-want +got):\n%s", diff)
	}
	for dialect, claims := range map[string]map[string]any{
		"1.84": {"aud": "login", "sub": "admin", "iss": "auth", "iat": 1.7e9, "exp": 1.7e9 + 7*24*3600},
		"0.97": {"aud": "login", "sub": "admin", "iat": 1.7e9, "exp": 1.7e9 + 7*24*3600},
	} {
		if diff := cmp.Diff(claims, claimsOf(t, dialect)); diff != "" {
			t.Errorf("claims of %s (-want +got):\n%s", dialect, diff)
		}
	}
	bearer := "Bearer " + got.Token
	current := exchange{send: "GET /user", as: bearer, status: 200, want: `{"user":` + onlyUser + `}`}
	reset, err := server.PasswordResetToken("admin")
	if err != nil {
		t.Fatal(err)
	}
	converse(t, server, []exchange{
		current,
		{send: "GET /user", as: "Bearer " + reset, status: 401, want: unauthenticated},
		{send: "GET /user", as: "Bearer " + got.Token + " more", status: 200, want: `{"user":{"creation_date":0,"id":""}}`},
	})
	time0.advance(week - time.Second)
	converse(t, server, []exchange{current})
	time0.advance(2 * time.Second)
	converse(t, server, []exchange{{send: "GET /user", as: bearer, status: 401, want: unauthenticated}})
}

// claimsOf logs in to a fresh server and returns the claims of the token, its
// random id excepted.
func claimsOf(t *testing.T, dialect string) map[string]any {
	t.Helper()
	server := newServer(t, localserver.Options{Dialect: dialect, AccessKeyID: "AKIA1", SecretAccessKey: "s"})
	got := mustDo[loginAnswer](t, server, "POST /auth/login", `{"access_key_id":"AKIA1","secret_access_key":"s"}`)
	parts := strings.Split(got.Token, ".")
	if len(parts) != 3 {
		t.Fatalf("a token of %d parts", len(parts))
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(text, &claims); err != nil {
		t.Fatal(err)
	}
	if id, isText := claims["jti"].(string); !isText || len(id) != 36 {
		t.Errorf("token id %v", claims["jti"])
	}
	delete(claims, "jti")
	return claims
}

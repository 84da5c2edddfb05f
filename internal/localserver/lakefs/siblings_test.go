// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// The tables of this file hold relatives of recorded steps: the same rules with
// other operations, members and values. What they expect was compared with real
// servers of both versions.

const unauthenticated = `{"message":"error authenticating request"}`

// bodyProblem is the answer to a body that breaks its schema or is none.
func bodyProblem(text string) string {
	return `{"message":"request body has an error: ` + text
}

// policyWith is a policy with one more member in its first statement or behind it.
func policyWith(id, inStatement, behind string) string {
	return `{"id":"` + id + `","statement":[{"effect":"allow","resource":"*","action":["fs:x"]` + inStatement + `}]` + behind + `}`
}

// TestBodiesThatDoNotBind sends bodies that fit their schema and still do not fit
// the types of the server: numbers out of range and members in another case.
func TestBodiesThatDoNotBind(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"1.84", "0.97"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			converse(t, newServer(t, localserver.Options{Dialect: dialect}), []exchange{
				{send: "POST /auth/users", body: `{"id":"a","ID":5}`, status: 400, want: "Error unmarshalling body 'CreateUser' as JSON"},
				{send: "POST /auth/groups", body: `{"id":"a","Id":{}}`, status: 400, want: "Error unmarshalling body 'CreateGroup' as JSON"},
				{
					send: "POST /auth/policies", body: policyWith("p", "", `,"creation_date":1e2`), as: "-", status: 400,
					want: "Error unmarshalling body 'CreatePolicy' as JSON",
				},
				{
					send: "PUT /auth/policies/p", body: policyWith("p", "", `,"Creation_Date":"x"`), status: 400,
					want: "Error unmarshalling body 'UpdatePolicy' as JSON",
				},
			})
		})
	}
	converse(t, newServer(t, localserver.Options{}), []exchange{
		{
			send: "POST /sts/login", body: `{"code":"c","state":"s","redirect_uri":"u","ttl_seconds":1e30}`, as: "-", status: 400,
			want: "Error unmarshalling body 'StsLogin' as JSON",
		},
		{
			send: "POST /auth/external/principal/login", body: `{"identityRequest":{},"token_expiration_duration":1e30}`, as: "-",
			status: 400, want: "Error unmarshalling body 'ExternalPrincipalLogin' as JSON",
		},
	})
}

func TestSiblingsOf184(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	empties := `,"condition":{"IpAddress":{"SourceIp":[]}}`
	invalid := `{"message":"invalid request"}`
	converse(t, server, []exchange{
		// Numbers in queries may be written like Go literals, until they are bound.
		{send: "GET /auth/users?amount=0x10", status: 400, want: `Invalid format for parameter amount: error binding string ` +
			`parameter: strconv.ParseInt: parsing "0x10": invalid syntax`},
		{send: "GET /auth/users?amount=0x7ff", status: 400, want: `{"message":"parameter \"amount\" in query has an error: number must be at most 1000\n…`},
		{send: "GET /auth/external/principals?principalId=", status: 400,
			want: `{"message":"parameter \"principalId\" in query has an error: empty value is not allowed"}`},
		// The validator of the auth server sees what got past the first one.
		{send: "POST /auth/policies", body: policyWith("q", `,"Effect":"maybe"`, ""), status: 400, want: invalid},
		{send: "POST /auth/policies", body: policyWith("q", `,"Action":[]`, ""), status: 400, want: invalid},
		{send: "POST /auth/policies", body: policyWith("q", `,"Action":null`, ""), status: 400, want: invalid},
		{send: "POST /auth/policies", body: policyWith("q", "", `,"Statement":[]`), status: 400, want: invalid},
		{send: "POST /auth/policies", body: policyWith("q", "", `,"Statement":null`), status: 400, want: invalid},
		// A list of a condition that is empty comes back as null once it is stored.
		{send: "POST /auth/policies", body: policyWith("e", empties, ""), status: 201, want: `{"id":"e","statement":[{"action":["fs:x"],"condition":{"IpAddress":{"SourceIp":[]}},…`},
		{send: "GET /auth/policies/e", status: 200, want: `{"id":"e","statement":[{"action":["fs:x"],"condition":{"IpAddress":{"SourceIp":null}},…`},
		// An invited user keeps the case of its address; the right to invite does not.
		{send: "POST /auth/users", body: `{"id":"Ann <Ann@X.org>","invite_user":true}`, status: 201, want: `{"creation_date":0,"id":"Ann@X.org"}`},
		{send: "GET /auth/users/Ann@X.org", status: 200, want: `{"creation_date":1700000000,"email":"Ann@X.org","friendly_name":"","id":"Ann@X.org"}`},
		{send: "POST /auth/users", body: `{"id":"ann@x.org","invite_user":true}`, status: 201, want: `{"creation_date":0,"id":"ann@x.org"}`},
		// Keys that are lost on the way to the auth server.
		{send: "POST /auth/login", body: `{"access_key_id":"..","secret_access_key":"x"}`, as: "-", status: 500,
			want: `{"message":"authenticate access key ..: 1 error occurred:\n\t* built in authenticator: internal server error\n\n"}`},
		{send: "POST /auth/login", as: "-", status: 500, want: `{"message":"authenticate access key : 1 error occurred:\n\t* built …`},
		{send: "GET /user", as: keyPair{ID: "."}.basic(), status: 500, want: `{"message":"internal server error"}`},
		{send: "GET /user", as: keyPair{Secret: "x"}.basic(), status: 500, want: `{"message":"internal server error"}`},
		// Reading below `.` reads an object that is named like the list.
		{send: "GET /auth/users/./groups", status: 404, want: `{"message":"not found"}`},
		{send: "GET /auth/groups/%2E/acl", status: 404, want: `{"message":"not found"}`},
		// Setup.
		{send: "POST /setup_lakefs", as: "-", body: `{"username":""}`, status: 400, want: `{"message":"empty user display name"}`},
		{send: "POST /setup_lakefs", as: "-", body: `{"username":"u","key":{"access_key_id":"","secret_access_key":"x"}}`, status: 400,
			want: bodyProblem(`doesn't match schema #/components/schemas/Setup: Error at \"/key/access_key_id\": minimum string length is 1\n…`)},
		// Operations of servers that are set up in other ways.
		{send: "GET /oidc/callback", as: "-", status: 200},
		{send: "GET /auth/users/admin/external/principals/ls", as: "-", status: 501, want: notImplemented},
		{send: "POST /auth/users/admin/external/principals?principalId=x", as: "-", status: 501, want: notImplemented},
		{send: "DELETE /auth/users/admin/external/principals?principalId=x", as: "Bearer junk", status: 401, want: unauthenticated},
		{send: "GET /auth/external/principals?principalId=x", status: 501, want: notImplemented},
		// Cookies of ways to log in that this server does not have.
		{send: "GET /user", as: "-", cookie: "oidc_auth_session=junk", status: 401, want: unauthenticated},
		{send: "GET /user", as: "-", cookie: "saml_auth_session=", status: 401, want: unauthenticated},
		{send: "GET /user", cookie: "saml_auth_session=junk", status: 200, want: `{"user":` + onlyUser + `}`},
	})
}

func TestSiblingsOf097(t *testing.T) {
	t.Parallel()
	converse(t, newServer(t, localserver.Options{Dialect: "0.97"}), []exchange{
		{send: "POST /auth/groups", body: `{"id":"g","description":5}`, status: 201, want: `{"creation_date":1700000000,"id":"g"}`},
		{send: "POST /auth/users", body: `{"id":"u","n":1e999}`, status: 400,
			want: bodyProblem(`failed to decode request body: json: cannot unmarshal number 1e999 into Go value of type float64"}`)},
		{send: "GET /auth/users?amount=NaN", status: 400, want: `{"message":"parameter \"amount\" in query has an error: floating point NaN is not allowed"}`},
		{send: "GET /auth/users?amount=-Inf", status: 400, want: `{"message":"parameter \"amount\" in query has an error: floating point Inf is not allowed"}`},
		{send: "POST /auth/policies", body: policyWith("q", `,"Effect":"maybe"`, ""), status: 400, want: `{"message":"validation error: effect 'maybe'"}`},
		{send: "POST /auth/policies", body: policyWith("q", `,"Action":[]`, ""), status: 201, want: `{"id":"q","statement":[{"action":[],…`},
		{send: "POST /auth/users", body: `{"id":"Ann@X.org","invite_user":true}`, status: 500, want: `{"message":"no smtp host configured"}`},
		{send: "GET /auth/users/Ann@X.org", status: 200, want: `{"creation_date":1700000000,"id":"Ann@X.org"}`},
		{send: "GET /user", as: "-", cookie: "oidc_auth_session=junk", status: 401, want: `{"message":"securecookie: the value is not valid"}`},
		{send: "GET /user", as: "-", cookie: "saml_auth_session=a", status: 401,
			want: `{"message":"securecookie: base64 decode failed - caused by: illegal base64 data at input byte 0"}`},
		{send: "POST /auth/login", as: "-", body: `{"access_key_id":"..","secret_access_key":"x"}`, status: 401, want: `"Unauthorized"`},
		{send: "POST /setup_lakefs", as: "-", body: `{"username":""}`, status: 400, want: `{"message":"empty user display name"}`},
		{send: "POST /auth/policies", body: `{"id":"` + long + `","statement":[{"effect":"allow","resource":"*","action":["bad"]}]}`, status: 400, want: `{"message":"bad: invalid action"}`},
		{send: "POST /auth/policies", body: policyWith(long, "", ""), status: 500,
			want: `{"message":"Key with size 65014 exceeded 65000 limit. Key:\n00000000  61 75 74 68 2f 70 6f 6c  69 63 69 65 73 2f 78 78  |auth/policies/xx|\n…`},
		{send: "POST /auth/users", body: `{"id":"` + long + `"}`, status: 500, want: `{"message":"save user (userKey users/` + long +
			`): Key with size 65011 exceeded 65000 limit. Key:\n00000000  61 75 74 68 2f 75 73 65  72 73 2f 78 78 78 78 78  |auth/users/xxxxx|\n…`},
		{send: "POST /auth/groups", body: `{"id":"` + long + `"}`, status: 500, want: `{"message":"save group (groupKey groups/` + long + `): Key with size 65012…`},
	})
}

// long is an id that is too long only with the prefix that the store gives it.
var long = strings.Repeat("x", 65_000)

// TestInviteNeedsTheLowerCaseAddress invites as a user who may create one user.
func TestInviteNeedsTheLowerCaseAddress(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	key := newUser(t, server, "host")
	mustDo[any](t, server, "POST /auth/policies",
		`{"id":"i","statement":[{"effect":"allow","action":["auth:CreateUser"],"resource":"arn:lakefs:auth:::user/ann@x.org"}]}`)
	mustDo[any](t, server, "PUT /auth/users/host/policies/i", "")
	invite := exchange{send: "POST /auth/users", body: `{"id":"Ann@X.org","invite_user":true}`, as: key.basic(), status: 201}
	invite.want = `{"creation_date":0,"id":"Ann@X.org"}`
	converse(t, server, []exchange{invite})
}

// TestACLStatements covers what an ACL allows, and one of a group that is not there.
func TestACLStatements(t *testing.T) {
	t.Parallel()
	own := `{"action":["auth:CreateCredentials","auth:DeleteCredentials","auth:ListCredentials","auth:ReadCredentials"],` +
		`"effect":"allow","resource":"arn:lakefs:auth:::user/${user}"}`
	allow := func(actions string) string { return `{"action":[` + actions + `],"effect":"allow","resource":"*"}` }
	manage := allow(`"ci:Read*","retention:Get*","branches:Get*","pr:Read*","pr:List*","fs:ReadConfig"`)
	for word, statements := range map[string][]string{
		"Read": {allow(`"fs:List*","fs:Read*"`), allow(`"fs:ReadConfig"`), own},
		"Write": {allow(`"fs:Read*","fs:List*","fs:WriteObject","fs:DeleteObject","fs:RevertBranch","fs:CreateBranch",` +
			`"fs:CreateTag","fs:DeleteBranch","fs:DeleteTag","fs:CreateCommit"`), own, manage},
		"Super": {allow(`"fs:*"`), own, manage},
		"Admin": {allow(`"fs:*","auth:*","ci:*","retention:*","branches:*","pr:*"`)},
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			body := `{"permission":"` + word + `"}`
			stored := func(group string) exchange {
				return exchange{send: "GET /auth/policies/ACL(_-_)" + group, status: 200, want: `{"id":"ACL(_-_)` + group +
					`","statement":[` + strings.Join(statements, ",") + `],"creation_date":1700000000}`}
			}
			converse(t, newServer(t, localserver.Options{}), []exchange{
				{send: "POST /auth/groups/Viewers/acl", body: body, status: 201},
				stored("Viewers"),
				{send: "POST /auth/groups/none/acl", body: body, status: 404, want: `{"message":"attach policy ACL(_-_)none to group none: not found"}`},
				stored("none"),
				{send: "POST /auth/groups/g/acl", body: `{"permission":"a\"b"}`, status: 400,
					want: `{"message":"g: translate ACL {Permission:a\"b} to statements: validation error: Bad ACL permission \"a\"b\""}`},
			})
		})
	}
}

// TestKeysOfDeletedUsers deletes a key by the name of a user that has it not. Keys
// are found by way of their users, so one that a deleted user left is no key.
func TestKeysOfDeletedUsers(t *testing.T) {
	t.Parallel()
	for _, dialect := range []string{"1.84", "0.97"} {
		t.Run(dialect, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, localserver.Options{Dialect: dialect})
			key := newUser(t, server, "u")
			path := "/auth/users/admin/credentials/" + key.ID
			converse(t, server, []exchange{
				{send: "DELETE " + path, status: 204},
				{send: "DELETE /auth/users/u", status: 204},
				{send: "DELETE " + path, status: 404, want: `{"message":"credentials not found"}`},
				{send: "POST /auth/users", body: `{"id":"u"}`, status: 201, want: `{"creation_date":1700000000,"id":"u"}`},
				{send: "DELETE " + path, status: 204},
				{send: "GET /auth/users/u", as: key.basic(), status: 401, want: `{"message":"insufficient permissions…`},
			})
		})
	}
}

// TestCookiesOfOtherSessions shows the server its own cookie under other names.
func TestCookiesOfOtherSessions(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{Dialect: "0.97"})
	body := `{"access_key_id":"` + server.AccessKeyID() + `","secret_access_key":"` + server.SecretAccessKey() + `"}`
	request := httptest.NewRequestWithContext(t.Context(), "POST", "/api/v1/auth/login", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	cookie, _, _ := strings.Cut(recorder.Header().Get("Set-Cookie"), ";")
	_, value, _ := strings.Cut(cookie, "=")
	converse(t, server, []exchange{
		{send: "GET /user", as: "-", cookie: cookie, status: 200, want: `{"user":{"creation_date":1700000000,"friendly_name":"","id":"admin"}}`},
		{send: "GET /user", as: "-", cookie: cookie + "x", status: 200, want: `{"user":{"creation_date":0,"id":""}}`},
		{send: "GET /user", as: "-", cookie: "internal_auth_session=bm8=", status: 200, want: `{"user":{"creation_date":0,"id":""}}`},
		{send: "GET /user", as: "-", cookie: "oidc_auth_session=" + value, status: 401, want: `{"message":"securecookie: the value is not valid"}`},
	})
}

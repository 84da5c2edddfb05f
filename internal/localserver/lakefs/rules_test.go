// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const noMore = `{"pagination":{"has_more":false,"max_per_page":0,"next_offset":"","results":0},"results":[]}`

// TestRulesOf184 covers what the recorded transcripts do not show.
func TestRulesOf184(t *testing.T) {
	t.Parallel()
	converse(t, newServer(t, localserver.Options{}), []exchange{
		// Ids that are lost on the way to the auth server.
		{send: "POST /auth/users", body: `{"id":".."}`, status: 201, want: `{"creation_date":1700000000,"id":".."}`},
		{send: "GET /auth/users/%2E%2E", status: 500, want: `{"message":"internal server error"}`},
		{send: "DELETE /auth/users/.", status: 500, want: `{"message":"internal server error"}`},
		{send: "POST /auth/users", body: `{"id":"a+b"}`, status: 201, want: `{"creation_date":1700000000,"id":"a+b"}`},
		{send: "DELETE /auth/users/a%2Bb", status: 404, want: `{"message":"user not found"}`},
		{send: "GET /auth/users?prefix=a%2B&amount=2", status: 200, want: `{"pagination":{"has_more":false,…`},
		{send: "POST /auth/users", body: `{"id":"` + strings.Repeat("x", 66_000) + `"}`, status: 500,
			want: `{"message":"internal server error"}`},
		{send: "POST /auth/users", body: `{"id":"` + strings.Repeat("x", 64_000) + `"}`, status: 201, want: `{"creation…`},
		// Bodies and queries.
		{send: "POST /auth/users", body: `{"id":"low","ID":"up"}`, status: 201, want: `{"creation_date":1700000000,"id":"up"}`},
		{send: "POST /auth/users", body: `null`, status: 400, want: `{"message":"request body has an error: ` +
			`doesn't match schema #/components/schemas/UserCreation: Value is not nullable\nSchema:…`},
		{send: "POST /auth/users", body: `{"id":"x","invite_user":1}`, status: 400, want: `{"message":"request body has an error: ` +
			`doesn't match schema #/components/schemas/UserCreation: Error at \"/invite_user\": value must be a boolean\n…`},
		{send: "POST /auth/policies", body: `{"id":"p","creation_date":1.5,"statement":[{}]}`, status: 400,
			want: `{"message":"request body has an error: doesn't match schema #/components/schemas/Policy: ` +
				`Error at \"/creation_date\": value must be an integer\n…`},
		{send: "POST /auth/policies", body: `{"id":"p","statement":[{"effect":null}]}`, status: 400,
			want: `{"message":"request body has an error: doesn't match schema #/components/schemas/Policy: ` +
				`Error at \"/statement/0/effect\": value is not one of the allowed values [\"allow\",\"deny\"]\n…`},
		{send: "GET /auth/users/admin/policies?effective=", status: 400,
			want: "Invalid format for parameter effective: multiple values for single value parameter 'effective'"},
		{send: "GET /auth/users?prefix=a&prefix=b", status: 400,
			want: "Invalid format for parameter prefix: multiple values for single value parameter 'prefix'"},
		{send: "GET /auth/users?amount=99999999999999999999", status: 400, want: `{"message":"parameter \"amount\" in query ` +
			`has an error: value 99999999999999999999: an invalid integer: value out of range"}`},
		{send: "GET /auth/groups//policies/p", status: 404, want: `{"message":"invalid API endpoint"}`},
		{send: "PUT /auth/groups//policies/p", status: 400,
			want: `{"message":"parameter \"groupId\" in path has an error: value is required but missing"}`},
		{send: "GET /auth/users/a%252Bb", status: 404, want: `{"message":"user not found"}`},
		// Order of checks.
		{send: "GET /auth/users?amount=x", as: "Bearer junk", status: 400, want: `{"message":"parameter \"amount\"…`},
		{send: "GET /auth/users?amount=", as: "Bearer junk", status: 401, want: `{"message":"error authenticating request"}`},
		{send: "GET /auth/users?amount=", as: "-", status: 400, want: "Invalid format for parameter amount…"},
		{send: "POST /auth/users", body: `{"id":"x","invite_user":true}`, as: "-", status: 400, want: `{"message":"Invalid email format"}`},
		{send: "GET /auth/capabilities", as: "Bearer junk", status: 200, want: `{"invite_user":true}`},
		{send: "POST /setup_lakefs", as: "-", status: 400, want: `{"message":"request body has an error: value is required but missing"}`},
		{send: "HEAD /auth/users", status: 404, want: `{"message":"invalid API endpoint"}`},
	})
}

func TestRulesOf097(t *testing.T) {
	t.Parallel()
	converse(t, newServer(t, localserver.Options{Dialect: "0.97"}), []exchange{
		{send: "POST /auth/users", body: `{"id":".."}`, status: 201, want: `{"creation_date":1700000000,"id":".."}`},
		{send: "GET /auth/users/%2E%2E", status: 200, want: `{"creation_date":1700000000,"id":".."}`},
		{send: "POST /auth/users", body: `{"id":"Ann@X.org","invite_user":true}`, status: 500, want: `{"message":"no smtp host configured"}`},
		{send: "GET /auth/users?prefix=Ann", status: 200, want: `{"pagination":{"has_more":false,"max_per_page":0,"next_offset":"",` +
			`"results":1},"results":[{"creation_date":1700000000,"email":"Ann@X.org","id":"Ann@X.org"}]}`},
		{send: "GET /auth/users?amount=1e1", status: 400, want: "Invalid format for parameter amount: " +
			`error binding string parameter: strconv.ParseInt: parsing "1e1": invalid syntax`},
		{send: "GET /auth/users/admin/policies?effective=", status: 400, want: "Invalid format for parameter effective: " +
			`error binding string parameter: strconv.ParseBool: parsing "": invalid syntax`},
		{send: "POST /auth/policies", body: `{"id":"p","statement":[{"effect":null}]}`, status: 400, want: `{"message":"request body ` +
			`has an error: doesn't match the schema: Error at \"/statement/0/effect\": Value is not nullable\n…`},
		{send: "POST /auth/policies", body: `{"id":"p","creation_date":"x","statement":[{}]}`, status: 400, want: `{"message":"request ` +
			`body has an error: doesn't match the schema: Error at \"/creation_date\": Field must be set to integer or not be present\n…`},
		{send: "POST /auth/login", as: "-", status: 401, want: `"Unauthorized"`},
		{send: "GET /auth/groups/Admins/acl", status: 500, want: `{"message":"invalid API endpoint"}`},
		{send: "GET /auth/external/principals?principalId=x", status: 500, want: `{"message":"invalid API endpoint"}`},
	})
}

func TestLargePolicy(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	action := `"fs:ReadObject` + strings.Repeat("x", 20) + `"`
	actions := strings.Repeat(action+",", 1999) + action
	one := `{"action":[` + actions + `],"effect":"allow","resource":"*"}`
	policy := `{"id":"big","statement":[` + strings.Repeat(one+",", 49) + one + `]}`
	if len(policy) < 3<<20 {
		t.Fatalf("the policy has only %d bytes", len(policy))
	}
	converse(t, server, []exchange{
		{send: "POST /auth/policies", body: policy, status: 201, want: policy[:len(policy)-1] + `,"creation_date":1700000000}`},
		{send: "POST /auth/users", body: `{"id":"` + strings.Repeat("x", 32<<20) + `"}`, status: 413, want: `{"message":"request body is too large"}`},
	})
}

func TestPaging(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{PageSize: 2})
	for _, id := range []string{"p", "pa", "pb", "pc"} {
		mustDo[any](t, server, "POST /auth/groups", `{"id":"`+id+`"}`)
		mustDo[any](t, server, "PUT /auth/groups/"+id+"/members/admin", "")
	}
	ofUser := func(id string) string { return `{"creation_date":1700000000,"id":"` + id + `","name":"` + id + `"}` }
	inList := func(id string) string {
		return `{"creation_date":1700000000,"description":"","id":"` + id + `","name":"` + id + `"}`
	}
	page := func(more, next, count, items string) string {
		return `{"pagination":{"has_more":` + more + `,"max_per_page":0,"next_offset":"` + next + `","results":` + count + `},"results":[` + items + `]}`
	}
	converse(t, server, []exchange{
		{send: "GET /auth/groups?prefix=p&amount=1000", status: 200, want: page("true", "a", "2", inList("p")+","+inList("pa"))},
		{send: "GET /auth/groups?prefix=p&after=a", status: 200, want: page("true", "c", "2", inList("pb")+","+inList("pc"))},
		{send: "GET /auth/groups?prefix=p&after=c", status: 200, want: noMore},
		// The offset behind the prefix is empty when id and prefix are equal, and
		// an empty offset reads as the end.
		{send: "GET /auth/groups?prefix=p&amount=1", status: 200, want: page("false", "", "1", inList("p"))},
		// Groups of a user: the offset is a whole id, read as one behind the
		// prefix, which skips the rest.
		{send: "GET /auth/users/admin/groups?prefix=p", status: 200, want: page("true", "pa", "2", ofUser("p")+","+ofUser("pa"))},
		{send: "GET /auth/users/admin/groups?prefix=p&after=pa", status: 200, want: noMore},
		{send: "GET /auth/users/admin/groups?after=pa", status: 200, want: page("true", "pc", "2", ofUser("pb")+","+ofUser("pc"))},
	})
}

func TestSampleServerDropsConditions(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{DropConditions: true})
	start := `{"id":"c","statement":[{"action":["fs:*"],`
	end := `"effect":"allow","resource":"*"}],"creation_date":1700000000}`
	with := `"condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}},`
	body := start + with + `"effect":"allow","resource":"*"}]}`
	converse(t, server, []exchange{
		{send: "POST /auth/policies", body: body, status: 201, want: start + with + end},
		{send: "GET /auth/policies/c", status: 200, want: start + end},
		{send: "PUT /auth/policies/c", body: body, status: 200, want: start + with + end},
		{send: "GET /auth/policies/c", status: 200, want: start + end},
	})
}

func TestResourceLists(t *testing.T) {
	t.Parallel()
	write := func(resource string) string {
		return `{"id":"l","statement":[{"action":["auth:ReadUser"],"effect":"allow","resource":"` + resource + `"}]}`
	}
	invalid := `{"message":"invalid request"}`
	server := newServer(t, localserver.Options{})
	key := newUser(t, server, "reader")
	converse(t, server, []exchange{
		{send: "POST /auth/policies", body: write(`[junk]`), status: 400, want: invalid},
		{send: "POST /auth/policies", body: write(`[\"junk\"]`), status: 400, want: invalid},
		{send: "POST /auth/policies", body: write(`[]`), status: 201, want: `{"id":"l",…`},
		{send: "PUT /auth/users/reader/policies/l", status: 201},
		{
			send: "GET /auth/users/reader", as: key.basic(), status: 401,
			want: `{"message":"insufficient permissions: not allowed to auth:ReadUser"}`,
		},
		{send: "PUT /auth/policies/l", body: write(`[\"*\"]`), status: 200, want: `{"id":"l",…`},
		{send: "GET /auth/users/admin", as: key.basic(), status: 200, want: `{"creation…`},
		{send: "PUT /auth/policies/l", body: write(`[\"arn:lakefs:auth:::user/${user}\"]`), status: 200, want: `{"id":"l",…`},
		{send: "GET /auth/users/reader", as: key.basic(), status: 200, want: `{"creation…`},
	})
}

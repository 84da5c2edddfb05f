// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const seedText = `{
  "users": [{"id": "ann"}],
  "groups": [{"id": "team", "description": "d"}],
  "policies": [{"id": "p", "statement": [{"action": ["auth:ReadUser"], "effect": "allow", "resource": "*"}]}],
  "memberships": [{"group": "team", "user": "ann"}, {"group": "Viewers", "user": "ann"}],
  "attachments": [{"policy": "p", "group": "team"}, {"policy": "FSReadAll", "user": "ann"}],
  "credentials": [{"user": "ann", "access_key_id": "AKIAANN", "secret_access_key": "s3cr3t"}]
}`

func TestSeed(t *testing.T) {
	t.Parallel()
	for _, ids := range []string{"name", "generated"} {
		t.Run(ids, func(t *testing.T) {
			t.Parallel()
			server := newServer(t, localserver.Options{GroupIDs: ids, Seed: strings.NewReader(seedText)})
			key := keyPair{ID: "AKIAANN", Secret: "s3cr3t"}
			converse(t, server, []exchange{
				{send: "GET /auth/users/ann", as: key.basic(), status: 200, want: `{"creation…`},
				{send: "GET /auth/users/ann/policies", as: key.basic(), status: 200, want: `{"pagination":{"has_more":false,` +
					`"max_per_page":0,"next_offset":"","results":1},"results":[{"id":"FSReadAll",…`},
				{send: "GET /auth/users/ann/groups", as: key.basic(), status: 200, want: `{"pagination":{"has_more":false,` +
					`"max_per_page":0,"next_offset":"","results":2},…`},
				{send: "DELETE /auth/users/ann", as: key.basic(), status: 401, want: `{"message":"insufficient permissions: ` +
					`not allowed to auth:DeleteUser"}`},
			})
		})
	}
}

func TestSeedThatDoesNotAddUp(t *testing.T) {
	t.Parallel()
	policy := func(statement string) string { return `{"policies":[{"id":"p","statement":[` + statement + `]}]}` }
	cases := map[string]struct{ seed, says string }{
		"not JSON":            {`{`, "seed: unexpected EOF"},
		"more behind":         {`{} {}`, "seed: there is text after the JSON object"},
		"unknown member":      {`{"users":[{"name":"a"}]}`, `seed: json: unknown field "name"`},
		"user name":           {`{"users":[{"id":"a/b"}]}`, "seed: users[0]: name contains delimiter /: validation error"},
		"user twice":          {`{"users":[{"id":"a"},{"id":"a"}]}`, "seed: users[1]: it exists already"},
		"group name":          {`{"groups":[{"id":""}]}`, "seed: groups[0]: empty name: validation error"},
		"default group":       {`{"groups":[{"id":"Admins"}]}`, "seed: groups[0]: it exists already"},
		"policy name":         {`{"policies":[{"id":""}]}`, "seed: policies[0]: empty name: validation error"},
		"no statement":        {policy(``), "seed: policies[0]: a policy needs a statement"},
		"effect":              {policy(`{"effect":"Allow"}`), `seed: policies[0]: effect is "Allow": use allow or deny`},
		"no action":           {policy(`{"effect":"allow"}`), "seed: policies[0]: a statement needs an action"},
		"bad action":          {policy(`{"effect":"allow","action":["x"],"resource":"*"}`), "seed: policies[0]: x: invalid action"},
		"bad resource":        {policy(`{"effect":"allow","action":["fs:x"],"resource":"x"}`), "seed: policies[0]: validation error: ARN 'x'"},
		"member of nothing":   {`{"memberships":[{"group":"g","user":"admin"}]}`, "seed: memberships[0]: g does not exist"},
		"no member":           {`{"memberships":[{"group":"Admins","user":"u"}]}`, "seed: memberships[0]: u does not exist"},
		"attached to nothing": {`{"attachments":[{"policy":"FSReadAll","group":"g"}]}`, "seed: attachments[0]: g does not exist"},
		"no holder":           {`{"attachments":[{"policy":"FSReadAll"}]}`, "seed: attachments[0]: give either a user or a group"},
		"no policy":           {`{"attachments":[{"policy":"p","user":"admin"}]}`, "seed: attachments[0]: p does not exist"},
		"half a key":          {`{"credentials":[{"user":"admin","access_key_id":"A"}]}`, "seed: credentials[0]: a credential needs"},
		"key of nobody": {
			`{"credentials":[{"user":"u","access_key_id":"A","secret_access_key":"S"}]}`,
			"seed: credentials[0]: u does not exist",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := localserver.New(localserver.Options{Seed: strings.NewReader(c.seed)})
			if err == nil || !strings.HasPrefix(err.Error(), c.says) {
				t.Errorf("error %v, want %q", err, c.says)
			}
		})
	}
}

func TestSeedNeedsWhatTheServerHas(t *testing.T) {
	t.Parallel()
	conditional := `{"policies":[{"id":"p","statement":[{"effect":"allow","action":["fs:x"],"resource":"*","condition":{}}]}]}`
	cases := map[string]struct {
		options localserver.Options
		says    string
	}{
		"no conditions": {
			localserver.Options{Dialect: "0.97", Seed: strings.NewReader(conditional)},
			"seed: policies[0]: dialect 0.97 has no conditions",
		},
		"no RBAC": {
			localserver.Options{RBAC: "none", Seed: strings.NewReader(`{}`)},
			"a server without RBAC has one user and nothing else: it takes no seed",
		},
		"no group names": {
			localserver.Options{Dialect: "0.97", GroupIDs: "generated"},
			"dialect 0.97 has no group names, so its group ids cannot be generated",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := localserver.New(c.options); err == nil || err.Error() != c.says {
				t.Errorf("error %v, want %q", err, c.says)
			}
		})
	}
}

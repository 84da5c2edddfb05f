// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// atOnce sends n requests at the same time and counts the answers by status.
func atOnce(t *testing.T, server *localserver.Server, n int, send func(i int) exchange) map[int]int {
	t.Helper()
	var mu sync.Mutex
	counts := map[int]int{}
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			status, _ := answerTo(t, server, send(i), asAdmin(server))
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	wait.Wait()
	return counts
}

// TestConcurrentRequests covers what 20 requests at once were seen to do.
func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	newUser(t, server, "u")
	mustDo[any](t, server, "POST /auth/groups", `{"id":"g"}`)
	mustDo[any](t, server, "POST /auth/policies", somePolicy)
	mustDo[any](t, server, "POST /auth/policies", `{"id":"q","statement":[{"effect":"allow","action":["fs:*"],"resource":"*"}]}`)
	same := func(send, body string) func(int) exchange {
		return func(int) exchange { return exchange{send: send, body: body} }
	}
	cases := []struct {
		name string
		send func(int) exchange
		want map[int]int
	}{
		{"creates of one id", same("POST /auth/users", `{"id":"one"}`), map[int]int{201: 1, 409: 19}},
		{"one membership", same("PUT /auth/groups/g/members/u", ""), map[int]int{201: 1, 409: 19}},
		{"one attachment", same("PUT /auth/users/u/policies/p", ""), map[int]int{201: 1, 409: 19}},
		{"removals", same("DELETE /auth/groups/g/members/u", ""), map[int]int{204: 20}},
		{"updates of one policy", same("PUT /auth/policies/p", somePolicy), map[int]int{200: 20}},
		{"keys of one user", same("POST /auth/users/u/credentials", ""), map[int]int{201: 20}},
		{"deletes of one policy", same("DELETE /auth/policies/q", ""), map[int]int{204: 1, 404: 19}},
		{"distinct users", func(i int) exchange {
			return exchange{send: "POST /auth/users", body: fmt.Sprintf(`{"id":"d%02d"}`, i)}
		}, map[int]int{201: 20}},
		{"distinct members", func(i int) exchange {
			return exchange{send: fmt.Sprintf("PUT /auth/groups/g/members/d%02d", i)}
		}, map[int]int{201: 20}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, atOnce(t, server, 20, c.send)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	members := mustDo[struct{ Pagination struct{ Results int } }](t, server, "GET /auth/groups/g/members", "")
	if diff := cmp.Diff(20, members.Pagination.Results); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

// TestManyClients runs every kind of operation from 64 clients at once, for the
// race detector, with the cache on.
func TestManyClients(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{AuthCache: 1, ExternalPrincipals: true})
	sends := []exchange{
		{send: "POST /auth/users", body: `{"id":"{ID}"}`},
		{send: "POST /auth/groups", body: `{"id":"{ID}"}`},
		{send: "POST /auth/policies", body: `{"id":"{ID}","statement":[{"effect":"allow","action":["fs:*"],"resource":"*"}]}`},
		{send: "PUT /auth/groups/{ID}/members/{ID}"},
		{send: "PUT /auth/groups/{ID}/policies/{ID}"},
		{send: "PUT /auth/users/{ID}/policies/{ID}"},
		{send: "POST /auth/users/{ID}/credentials"},
		{send: "POST /auth/users/{ID}/external/principals?principalId={ID}"},
		{send: "GET /auth/users/{ID}/policies?effective=true"},
		{send: "GET /auth/users"},
		{send: "GET /auth/groups/Admins/members"},
		{send: "POST /auth/groups/{ID}/acl", body: `{"permission":"Read"}`},
		{send: "DELETE /auth/policies/{ID}"},
		{send: "DELETE /auth/groups/{ID}"},
		{send: "DELETE /auth/users/{ID}"},
	}
	var wait sync.WaitGroup
	for client := range 64 {
		wait.Go(func() {
			for _, e := range sends {
				e.send = replaceID(e.send, client)
				e.body = replaceID(e.body, client)
				if status, body := answerTo(t, server, e, asAdmin(server)); status >= 400 {
					t.Errorf("%s: %d %s", e.send, status, body)
				}
			}
		})
	}
	wait.Wait()
	converse(t, server, []exchange{{send: "GET /auth/users?prefix=c", status: 200, want: noMore}})
}

func replaceID(text string, client int) string {
	return strings.ReplaceAll(text, "{ID}", fmt.Sprintf("c%02d", client))
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// statuses sends requests at the same time and counts the answers by status.
func (p *project) statuses(t *testing.T, count int, send func(i int) (send, body string)) map[int]int {
	t.Helper()
	var mu sync.Mutex
	counts := map[int]int{}
	var wait sync.WaitGroup
	for i := range count {
		wait.Go(func() {
			target, body := send(i)
			status := p.do(t, "", p.request(t, target, body)).Code
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	wait.Wait()
	return counts
}

func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{GroupLimit: 12})
	p.converse(t,
		exchange{send: "POST /securitycategories", body: `{"items":[{"name":"first"}]}`},
		exchange{send: "POST /groups", body: `{"items":[{"name":"first"}]}`},
	)
	same := func(send, body string) func(int) (string, string) {
		return func(int) (string, string) { return send, p.fill(t, body) }
	}
	cases := []struct {
		name string
		send func(int) (string, string)
		want map[int]int
	}{
		{"one category", same("POST /securitycategories", `{"items":[{"name":"c"}]}`), map[int]int{200: 1, 409: 19}},
		{"groups up to the limit", same("POST /groups", `{"items":[{"name":"g"}]}`), map[int]int{200: 10, 400: 10}},
		{"deletes of one group", same("POST /groups/delete", `{"items":["#2"]}`), map[int]int{200: 1, 400: 19}},
		{"deletes of one category", same("POST /securitycategories/delete", `{"items":["#1"]}`), map[int]int{200: 1, 400: 19}},
		{"sessions", same("POST /sessions", `{"items":[{"tokenExchange":true}]}`), map[int]int{200: 20}},
		{"switches", same("POST /update", `{"update":{"userProfilesConfiguration":{"set":{"enabled":false}}}}`), map[int]int{200: 20}},
	}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, p.statuses(t, 20, c.send)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestManyClients runs every kind of operation from 64 clients at once, for the race
// detector.
func TestManyClients(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{CapabilityDelay: time.Nanosecond, ListDeletedGroups: true})
	sends := []exchange{
		{send: "POST /groups", body: `{"items":[{"name":"{ID}","members":["{ID}"],"metadata":{"a":"b"},"capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]}]}`},
		{send: "GET /groups?all=true"},
		{send: "GET //api/v1/token/inspect"},
		{send: "POST /securitycategories", body: `{"items":[{"name":"{ID}"}]}`},
		{send: "GET /securitycategories?limit=1000"},
		{send: "POST /sessions", body: `{"items":[{"tokenExchange":true}]}`},
		{send: "GET /sessions?limit=1000"},
		{send: "GET /profiles?identityType=ALL"},
		{send: "POST /profiles/search", body: `{"search":{"name":"a"}}`},
		{send: "GET //api/v1/orgs/local-org/principals"},
		{send: "GET "},
		{send: "POST /update", body: `{"update":{"userProfilesConfiguration":{"set":{"enabled":true}}}}`},
	}
	var wait sync.WaitGroup
	for client := range 64 {
		wait.Go(func() {
			id := fmt.Sprintf("c%02d", client)
			if err := p.AddClient(cdf.Client{ID: id, Secret: id}); err != nil {
				t.Error(err)
				return
			}
			if status, _ := grant(t, p, "grant_type=client_credentials&client_id="+id+"&client_secret="+id); status != 200 {
				t.Errorf("%s gets no token: %d", id, status)
			}
			for _, e := range sends {
				answer := p.do(t, "", p.request(t, e.send, strings.ReplaceAll(e.body, "{ID}", id)))
				if answer.Code != 200 {
					t.Errorf("%s: %d %s", e.send, answer.Code, answer.Body)
				}
				for _, made := range chosenID.FindAllString(answer.Body.String(), 1) {
					switch e.send {
					case "POST /groups":
						answer = p.do(t, "", p.request(t, "POST /groups/delete", `{"items":[`+made+`]}`))
					case "POST /sessions":
						answer = p.do(t, "", p.request(t, "POST /sessions/revoke", `{"items":[{"id":`+made+`}]}`))
					}
				}
				if answer.Code != 200 {
					t.Errorf("after %s: %d %s", e.send, answer.Code, answer.Body)
				}
				p.clock.advance(time.Microsecond)
			}
		})
	}
	wait.Wait()
	names := p.groupNames(t, "", "/groups?all=true")
	if diff := cmp.Diff(65, len(names)); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// pager lists ids as lakeFS does: next_offset is relative to the prefix, and an
// exactly full page claims that there is more.
type pager struct {
	ids []string
	// fullOffset answers next_offset with the prefix, as lakeFS's user groups do.
	fullOffset bool
	// ignorePrefix does what effective policies do.
	ignorePrefix bool

	mu   sync.Mutex
	asks []string // the queries, in order
}

func (p *pager) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asks = append(p.asks, r.URL.RawQuery)
	p.mu.Unlock()
	query := r.URL.Query()
	prefix := query.Get("prefix")
	if p.ignorePrefix {
		prefix = ""
	}
	amount, _ := strconv.Atoi(query.Get("amount"))
	results := []map[string]any{}
	offset := ""
	for _, id := range p.ids {
		rest, ok := strings.CutPrefix(id, prefix)
		if !ok || query.Has("after") && rest <= query.Get("after") || len(results) == amount {
			continue
		}
		results = append(results, map[string]any{"id": id, "creation_date": 7, "statement": []any{}})
		offset = rest
		if p.fullOffset {
			offset = id
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"pagination": map[string]any{"has_more": len(results) == amount, "next_offset": offset},
		"results":    results,
	})
}

func ids[T any](t *testing.T, items iter.Seq2[T, error], id func(T) string) []string {
	t.Helper()
	var all []string
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, id(item))
	}
	return all
}

func userID(u lakefsapi.User) string     { return u.ID }
func groupID(g lakefsapi.Group) string   { return g.ID }
func policyID(p lakefsapi.Policy) string { return p.ID }

func TestPaging(t *testing.T) {
	t.Parallel()
	all := []string{"a0", "a1", "a2", "a3", "b0"}
	tests := map[string]struct {
		options lakefsapi.ListOptions
		want    []string
		asks    []string
	}{
		"one page":               {lakefsapi.ListOptions{}, all, []string{"amount=1000"}},
		"last page partly full":  {lakefsapi.ListOptions{Amount: 2}, all, []string{"amount=2", "after=a1&amount=2", "after=a3&amount=2"}},
		"last page exactly full": {lakefsapi.ListOptions{Amount: 5}, all, []string{"amount=5", "after=b0&amount=5"}},
		"prefix":                 {lakefsapi.ListOptions{Amount: 3, Prefix: "a"}, all[:4], []string{"amount=3&prefix=a", "after=2&amount=3&prefix=a"}},
		"after":                  {lakefsapi.ListOptions{After: "a2"}, all[3:], []string{"after=a2&amount=1000"}},
		"limit below a page":     {lakefsapi.ListOptions{Limit: 2}, all[:2], []string{"amount=2"}},
		"limit of one":           {lakefsapi.ListOptions{Prefix: "a1", Limit: 1}, all[1:2], []string{"amount=1&prefix=a1"}},
		"limit over pages":       {lakefsapi.ListOptions{Amount: 2, Limit: 3}, all[:3], []string{"amount=2", "after=a1&amount=1"}},
		"limit above all":        {lakefsapi.ListOptions{Limit: 9}, all, []string{"amount=9"}},
		"nothing":                {lakefsapi.ListOptions{Prefix: "z"}, nil, []string{"amount=1000&prefix=z"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := &pager{ids: all}
			users := newClient(t, server.serve, httpapi.Options{}).ListUsers(t.Context(), test.options)
			for range 2 { // a sequence can be ranged over again
				server.asks = nil
				if diff := cmp.Diff(test.want, ids(t, users, userID)); diff != "" {
					t.Errorf("ids (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.asks, server.asks); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestFilteredHere: the two lists whose prefix lakeFS gets wrong answer what they
// would if it didn't.
func TestFilteredHere(t *testing.T) {
	t.Parallel()
	all := []string{"a0", "a1", "a2", "b0", "b1", "c0"}
	tests := map[string]struct {
		options lakefsapi.ListOptions
		want    []string
	}{
		"no prefix":       {lakefsapi.ListOptions{Amount: 2}, all},
		"prefix":          {lakefsapi.ListOptions{Amount: 2, Prefix: "b"}, all[3:5]},
		"prefix at start": {lakefsapi.ListOptions{Amount: 2, Prefix: "a"}, all[:3]},
		"prefix, after":   {lakefsapi.ListOptions{Amount: 2, Prefix: "a", After: "0"}, all[1:3]},
		"prefix, limit":   {lakefsapi.ListOptions{Amount: 2, Prefix: "b", Limit: 1}, all[3:4]},
		"nothing":         {lakefsapi.ListOptions{Prefix: "z"}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			groups := newClient(t, (&pager{ids: all, fullOffset: true}).serve, httpapi.Options{}).ListUserGroups(t.Context(), "u1", test.options)
			if diff := cmp.Diff(test.want, ids(t, groups, groupID)); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			policies := newClient(t, (&pager{ids: all, ignorePrefix: true}).serve, httpapi.Options{}).ListUserPolicies(t.Context(), "u1", true, test.options)
			if diff := cmp.Diff(test.want, ids(t, policies, policyID)); diff != "" {
				t.Errorf("effective policies (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListsThatGoNowhereEnd(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // the offsets that the server gives in turn
		"no offset":  {""},
		"the same":   {"u1"},
		"in circles": {"u1", "u2"},
	}
	for name, offsets := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				offset := offsets[requests%len(offsets)]
				requests++
				writeJSON(w, http.StatusOK, fmt.Sprintf(
					`{"pagination":{"has_more":true,"next_offset":%q},"results":[{"id":"u","creation_date":7}]}`, offset))
			}, httpapi.Options{})
			_, err := collect(client.ListUsers(t.Context(), lakefsapi.ListOptions{}))
			if err == nil || !strings.Contains(err.Error(), "listUsers (GET /auth/users): the server says that the list goes on") {
				t.Errorf("error %v, want one that says where the list hangs", err)
			}
			if requests > len(offsets)+1 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

// pageMaker is a transport that answers without a network.
type pageMaker func() string

func (p pageMaker) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/json"}}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(p())), Request: r}, nil
}

// TestListsWithoutEnd: a server that makes up ever new pages is left after many.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	requests := 0
	client := newClient(t, nil, httpapi.Options{Transport: pageMaker(func() string {
		requests++
		return fmt.Sprintf(`{"pagination":{"has_more":true,"next_offset":"u%d"},"results":[]}`, requests)
	})})
	_, err := collect(client.ListUsers(t.Context(), lakefsapi.ListOptions{}))
	if err == nil || !strings.Contains(err.Error(), "listUsers (GET /auth/users): the list does not end: the server has answered 10000 pages") || requests != 10_000 {
		t.Errorf("error %v after %d requests, want the end after 10000", err, requests)
	}
}

func TestListsStopWithTheConsumer(t *testing.T) {
	t.Parallel()
	server := &pager{ids: []string{"a", "b", "c", "d"}, fullOffset: true}
	client := newClient(t, server.serve, httpapi.Options{})
	for user, err := range client.ListUsers(t.Context(), lakefsapi.ListOptions{Amount: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		if user.ID == "b" {
			break
		}
	}
	for group, err := range client.ListUserGroups(t.Context(), "u1", lakefsapi.ListOptions{Amount: 2, Prefix: "b"}) {
		if err != nil {
			t.Fatal(err)
		}
		if group.ID == "b" {
			break
		}
	}
	if len(server.asks) != 2 {
		t.Errorf("queries %q, want one of each list", server.asks)
	}
}

func TestListsEndWithAnError(t *testing.T) {
	t.Parallel()
	requests := 0
	pages := &pager{ids: []string{"a", "b", "c"}}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests > 1 {
			writeJSON(w, http.StatusInternalServerError, `{"message":"broken"}`)
			return
		}
		pages.serve(w, r)
	}, httpapi.Options{})
	var got []string
	var failures []error
	for user, err := range client.ListUsers(t.Context(), lakefsapi.ListOptions{Amount: 2}) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		got = append(got, user.ID)
	}
	if !slices.Equal(got, []string{"a", "b"}) || len(failures) != 1 || httpapi.StatusOf(errors.Join(failures...)) != 500 {
		t.Errorf("got %q and %v, want two users and one 500", got, failures)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// pager lists security categories and principals, so many a page.
type pager struct {
	count, page int
	// last is how the last page says that it is: a nextCursor in JSON, or "" for
	// none at all.
	last string
	// cursor writes a cursor as the API does: %q for a text.
	cursor string

	mu   sync.Mutex
	asks []string // the queries, in order
}

func (p *pager) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asks = append(p.asks, r.URL.RawQuery)
	p.mu.Unlock()
	query := r.URL.Query()
	start, _ := strconv.Atoi(strings.TrimPrefix(query.Get("cursor"), "after "))
	limit, _ := strconv.Atoi(query.Get("limit"))
	end := min(start+min(limit, p.page), p.count)
	answer := map[string]any{}
	items := []map[string]any{}
	for i := start; i < end; i++ {
		items = append(items, map[string]any{"id": strconv.Itoa(i), "name": "x", "type": "USER"})
	}
	answer["items"] = items
	switch {
	case end < p.count:
		answer["nextCursor"] = json.RawMessage(fmt.Sprintf(p.cursor, "after "+strconv.Itoa(end)))
	case p.last != "":
		answer["nextCursor"] = json.RawMessage(p.last)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

const (
	textCursor   = "%q"
	objectCursor = `{"cursor":%q}`
)

func TestPaging(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		server *pager
		limit  int
		want   int // items
		asks   []string
	}{
		"one page":                {&pager{count: 3, page: 1000}, 0, 3, []string{"limit=1000"}},
		"one page, null":          {&pager{count: 3, page: 1000, last: "null"}, 0, 3, []string{"limit=1000"}},
		"one page, empty":         {&pager{count: 3, page: 1000, last: `""`}, 0, 3, []string{"limit=1000"}},
		"one page, object":        {&pager{count: 3, page: 1000, last: `{}`}, 0, 3, []string{"limit=1000"}},
		"one page, null inside":   {&pager{count: 3, page: 1000, last: `{"cursor":null}`}, 0, 3, []string{"limit=1000"}},
		"several pages":           {&pager{count: 5, page: 2}, 0, 5, []string{"limit=1000", "cursor=after+2&limit=1000", "cursor=after+4&limit=1000"}},
		"limit below a page":      {&pager{count: 5, page: 1000}, 2, 2, []string{"limit=2"}},
		"limit over pages":        {&pager{count: 5, page: 2}, 3, 3, []string{"limit=3", "cursor=after+2&limit=1"}},
		"limit at the end":        {&pager{count: 4, page: 2}, 4, 4, []string{"limit=4", "cursor=after+2&limit=2"}},
		"limit above all":         {&pager{count: 3, page: 1000}, 9, 3, []string{"limit=9"}},
		"limit above a page":      {&pager{count: 1500, page: 1000}, 1200, 1200, []string{"limit=1000", "cursor=after+1000&limit=200"}},
		"nothing":                 {&pager{count: 0, page: 1000}, 0, 0, []string{"limit=1000"}},
		"cursors that are object": {&pager{count: 3, page: 2, cursor: objectCursor}, 0, 3, []string{"limit=1000", "cursor=after+2&limit=1000"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := test.server
			if server.cursor == "" {
				server.cursor = textCursor
			}
			categories := newClient(t, server.serve, httpapi.Options{}).ListSecurityCategories(t.Context(), cdfapi.ListOptions{Limit: test.limit})
			for range 2 { // a sequence can be ranged over again
				server.asks = nil
				got := 0
				for category, err := range categories {
					if err != nil {
						t.Fatal(err)
					}
					if category.ID != int64(got) {
						t.Errorf("item %d has the id %d", got, category.ID)
					}
					got++
				}
				if got != test.want {
					t.Errorf("%d items, want %d", got, test.want)
				}
				if diff := cmp.Diff(test.asks, server.asks); diff != "" {
					t.Errorf("queries (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestPagesOfPrincipals are smaller, and keep the filter.
func TestPagesOfPrincipals(t *testing.T) {
	t.Parallel()
	server := &pager{count: 150, page: 100, cursor: objectCursor}
	client := newClient(t, server.serve, httpapi.Options{})
	got, err := collect(client.ListPrincipals(t.Context(), testOrg, []string{"USER"}, cdfapi.ListOptions{Limit: 120}))
	if principals, ok := got.([]cdfapi.Principal); err != nil || !ok || len(principals) != 120 {
		t.Errorf("%d principals, error %v", len(principals), err)
	}
	if diff := cmp.Diff([]string{"limit=100&types=USER", "cursor=after+100&limit=20&types=USER"}, server.asks); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

func TestListsThatGoNowhereEnd(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // the cursors that the server gives in turn
		"the same":   {"a"},
		"in circles": {"a", "b"},
	}
	for name, cursors := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				next := cursors[requests%len(cursors)]
				requests++
				writeJSON(w, http.StatusOK, fmt.Sprintf(`{"items":[`+categoryJSON+`],"nextCursor":%q}`, next))
			}, httpapi.Options{})
			_, err := collect(client.ListSecurityCategories(t.Context(), all))
			if err == nil || !strings.Contains(err.Error(), "listSecurityCategories (GET /projects/{project}/securitycategories): the server says that the list goes on") {
				t.Errorf("error %v, want one that says where the list hangs", err)
			}
			if requests != len(cursors)+1 {
				t.Errorf("%d requests, want %d", requests, len(cursors)+1)
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
		return fmt.Sprintf(`{"items":[],"nextCursor":"c%d"}`, requests)
	})})
	_, err := collect(client.ListSecurityCategories(t.Context(), all))
	if err == nil || !strings.Contains(err.Error(), "the list does not end: the server has answered 10000 pages") || requests != 10_000 {
		t.Errorf("error %v after %d requests, want the end after 10000", err, requests)
	}
}

// TestWholeLists: a list that has no pages must not be taken for whole when its
// server says otherwise.
func TestWholeLists(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"listGroups", "listProjects", "searchUserProfiles"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, `{"items":[],"nextCursor":"more"}`)
			}, httpapi.Options{})
			if _, err := operationTests[name].call(t.Context(), client); err == nil || !strings.Contains(err.Error(), name+" (") || !strings.Contains(err.Error(), "the list goes on") {
				t.Errorf("error %v, want one that says that there is more", err)
			}
		})
	}
}

func TestListsStopWithTheConsumer(t *testing.T) {
	t.Parallel()
	server := &pager{count: 5, page: 2, cursor: textCursor}
	for category, err := range newClient(t, server.serve, httpapi.Options{}).ListSecurityCategories(t.Context(), all) {
		if err != nil {
			t.Fatal(err)
		}
		if category.ID == 1 {
			break
		}
	}
	if len(server.asks) != 1 {
		t.Errorf("queries %q, want one", server.asks)
	}
}

func TestListsEndWithAnError(t *testing.T) {
	t.Parallel()
	requests := 0
	pages := &pager{count: 3, page: 2, cursor: textCursor}
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		if requests++; requests > 1 {
			writeJSON(w, http.StatusInternalServerError, `{"error":{"message":"broken"}}`)
			return
		}
		pages.serve(w, r)
	}, httpapi.Options{})
	var got []int64
	var failures []error
	for category, err := range client.ListSecurityCategories(t.Context(), all) {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		got = append(got, category.ID)
	}
	if !slices.Equal(got, []int64{0, 1}) || len(failures) != 1 || httpapi.StatusOf(errors.Join(failures...)) != 500 {
		t.Errorf("got %v and %v, want two categories and one 500", got, failures)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// withCategories makes a project with the categories a to e, ids #1 to #5.
func withCategories(t *testing.T, options cdf.Options) *project {
	t.Helper()
	p := newProject(t, options)
	p.converse(t, exchange{send: "POST /securitycategories", body: `{"items":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"},{"name":"e"}]}`})
	return p
}

// categoryPage is a page of the categories of withCategories.
func categoryPage(names, next string) string {
	var items []string
	for _, name := range names {
		items = append(items, `{"id":"#`+string('1'+name-'a')+`","name":"`+string(name)+`"}`)
	}
	page := `{"items":[` + strings.Join(items, ",") + `]`
	if next != "" {
		page += `,"nextCursor":"` + next + `"`
	}
	return page + `}`
}

func TestPages(t *testing.T) {
	t.Parallel()
	p := withCategories(t, cdf.Options{})
	p.converse(t,
		exchange{send: "GET /securitycategories", want: categoryPage("abcde", "")},
		exchange{send: "GET /securitycategories?limit=5", want: categoryPage("abcde", "")},
		exchange{send: "GET /securitycategories?limit=2", want: categoryPage("ab", "@1")},
		// The rest of what a client wants: the limit may change between pages.
		exchange{send: "GET /securitycategories?limit=1&cursor=@1", want: categoryPage("c", "@2")},
		exchange{send: "GET /securitycategories?limit=2&cursor=@2", want: categoryPage("de", "")},
		exchange{send: "GET /securitycategories?sort=DESC&limit=4", want: categoryPage("edcb", "@3")},
		exchange{send: "GET /securitycategories?sort=DESC&limit=4&cursor=@3", want: categoryPage("a", "")},
		// A cursor outlives the item it was made of.
		exchange{send: "POST /securitycategories/delete", body: `{"items":["#2","#3"]}`},
		exchange{send: "GET /securitycategories?cursor=@1", want: categoryPage("de", "")},
		exchange{send: "POST /securitycategories/delete", body: `{"items":["#4","#5"]}`},
		exchange{send: "GET /securitycategories?cursor=@1", want: `{"items":[]}`},
		exchange{send: "GET /securitycategories?cursor=*", status: 400, want: errorOf(400, "cursor is none of this server")},
	)
	for _, limit := range []string{"0", "-1", "1001", "x", "1.5"} {
		p.converse(t, exchange{send: "GET /securitycategories?limit=" + limit, status: 400,
			want: errorOf(400, `limit is "`+limit+`": use 1 to 1000`)})
	}
}

// The page size of the server is both the default and the most.
func TestPageSize(t *testing.T) {
	t.Parallel()
	p := withCategories(t, cdf.Options{PageSize: 2})
	p.converse(t,
		exchange{send: "GET /securitycategories", want: categoryPage("ab", "@1")},
		exchange{send: "GET /securitycategories?limit=3", want: categoryPage("ab", "@1")},
		exchange{send: "GET /securitycategories?limit=1&cursor=@1", want: categoryPage("c", "@2")},
		exchange{send: "GET /securitycategories?cursor=@2", want: categoryPage("de", "")},
	)
}

func TestPageSizeOfTheService(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	for range 26 {
		p.converse(t, exchange{send: "POST /sessions", body: `{"items":[{"tokenExchange":true}]}`})
	}
	for query, want := range map[string]int{"": 25, "?limit=26": 26, "?cursor=@1": 1} {
		if query == "?cursor=@1" {
			p.converse(t, exchange{send: "GET /sessions"})
		}
		answer := decode(t, p.do(t, "", p.request(t, "GET /sessions"+p.fill(t, query), "")).Body.String())
		items, _ := answer.(map[string]any)["items"].([]any)
		if len(items) != want {
			t.Errorf("%q: %d sessions, want %d", query, len(items), want)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import "strings"

// pageRequest is what a list operation was asked for.
type pageRequest struct {
	prefix string
	// after is the offset behind the prefix, not a whole id: lakeFS searches from
	// prefix + after. Empty means from the beginning.
	after  string
	amount int
}

// listJSON is the answer of every list operation.
type listJSON[T any] struct {
	Pagination paginationJSON `json:"pagination"`
	Results    []T            `json:"results"`
}

// paginationJSON describes a page. The real server always answers 0 as
// max_per_page and counts the results of this page.
type paginationJSON struct {
	HasMore    bool   `json:"has_more"`
	MaxPerPage int    `json:"max_per_page"`
	NextOffset string `json:"next_offset"`
	Results    int    `json:"results"`
}

// listOf wraps one page; next is the offset to go on with, empty on the last.
// A page that happens to be full always has a next one, be it empty.
func listOf[T any](items []T, next string) listJSON[T] {
	return listJSON[T]{
		Pagination: paginationJSON{HasMore: next != "", NextOffset: next, Results: len(items)},
		Results:    items,
	}
}

// page reads one page of ids from an index. Ids that get does not know are left
// out. next is the whole id of the last item when the page is full, else empty.
func page[T any](ids *index, p pageRequest, get func(string) (T, bool)) (items []T, next string) {
	items = []T{}
	for id := range ids.from(p.prefix + p.after) {
		if !strings.HasPrefix(id, p.prefix) {
			break
		}
		if p.after != "" && id == p.prefix+p.after {
			continue
		}
		item, known := get(id)
		if !known {
			continue
		}
		items = append(items, item)
		if len(items) == p.amount {
			return items, id
		}
	}
	return items, ""
}

// offset turns the id of the last item into the offset the client gets.
func (p pageRequest) offset(id string) string {
	return strings.TrimPrefix(id, p.prefix)
}

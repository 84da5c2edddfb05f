// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

const (
	// maxPage is the largest page that lakeFS gives.
	maxPage = 1000
	// maxPages ends a list that a server never ends. No server has so many objects of
	// a kind, even in small pages.
	maxPages = 10_000
)

// ListOptions say what to list. The zero value lists all.
type ListOptions struct {
	// Prefix selects the ids that begin with it. It is case-sensitive.
	Prefix string
	// After is where to begin, exclusive. With a Prefix lakeFS reads it
	// relative to that: after "b" with the prefix "a" begins behind "ab".
	After string
	// Amount is the page size to ask for, 1 to 1000. Zero means 1000.
	Amount int
	// Limit ends the list after so many items. Zero means no limit.
	Limit int
	// Page, if it is set, ends the list after one page. Before the items, it is told whether
	// another one follows, and where that begins, which is for After.
	Page func(next string, more bool)
}

// page is one answer of a list operation.
type page[T any] struct {
	Pagination pagination `json:"pagination"`
	Results    []T        `json:"results"`
}

type pagination struct {
	HasMore    bool   `json:"has_more"`
	NextOffset string `json:"next_offset"`
}

// UnmarshalJSON refuses an answer without its list or its pagination, which
// would otherwise look like a list that is empty or complete.
func (p *page[T]) UnmarshalJSON(data []byte) error {
	type plain page[T]
	return httpapi.UnmarshalObject(data, (*plain)(p), "pagination", "results")
}

// UnmarshalJSON refuses an object that does not say whether there is more.
func (p *pagination) UnmarshalJSON(data []byte) error {
	type plain pagination
	return httpapi.UnmarshalObject(data, (*plain)(p), "has_more", "next_offset")
}

// list answers the items of a list operation page by page, as the consumer asks
// for them. An error ends the sequence.
func list[T any](ctx context.Context, c *Client, op operation, args arguments, options ListOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		left := options.Limit
		// The offset goes back as it came: it is relative to the prefix, and
		// another auth server behind lakeFS may put anything into it.
		after := options.After
		seen := map[string]bool{after: true}
		for {
			request := args // a sequence may be ranged over again
			request.query = pageQuery(args.query, options, after, left)
			got, err := fetch[page[T]](ctx, c, op, request)
			if err != nil {
				yield(none, err)
				return
			}
			if options.Page != nil {
				options.Page(got.Pagination.NextOffset, got.Pagination.HasMore)
			}
			for _, item := range got.Results {
				if !yield(item, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
			if !got.Pagination.HasMore || options.Page != nil {
				return
			}
			after = got.Pagination.NextOffset
			if seen[after] {
				yield(none, op.failed(errNoProgress))
				return
			}
			if seen[after] = true; len(seen) > maxPages {
				yield(none, op.failed(errNoEnd))
				return
			}
		}
	}
}

// Errors of lists: they guard against a server whose pages go round in a circle, and
// against one that makes up ever new ones.
var (
	errNoProgress = errors.New("the server says that the list goes on but not from where: its next_offset is one that was already used")
	errNoEnd      = fmt.Errorf("the list does not end: the server has answered %d pages and says that there are more", maxPages)
)

func (op operation) failed(cause error) error {
	return fmt.Errorf("%s (%s %s): %w", op.id, op.method, op.path, cause)
}

func pageQuery(base url.Values, options ListOptions, after string, left int) url.Values {
	query := maps.Clone(base)
	if query == nil {
		query = url.Values{}
	}
	amount := options.Amount
	if amount == 0 {
		amount = maxPage
	}
	if left > 0 {
		amount = min(amount, left)
	}
	query.Set("amount", strconv.Itoa(amount))
	if options.Prefix != "" {
		query.Set("prefix", options.Prefix)
	}
	if after != "" {
		query.Set("after", after)
	}
	return query
}

// listFiltered is list for operations that lakeFS does not filter by prefix, or
// not rightly: it asks for the list without and filters here. The result is the
// same, also the meaning of After.
func listFiltered[T any](ctx context.Context, c *Client, op operation, args arguments, options ListOptions, id func(T) string) iter.Seq2[T, error] {
	if options.Prefix == "" {
		return list[T](ctx, c, op, args, options)
	}
	all := ListOptions{Amount: options.Amount}
	if options.After != "" {
		all.After = options.Prefix + options.After
	}
	return func(yield func(T, error) bool) {
		left := options.Limit
		for item, err := range list[T](ctx, c, op, args, all) {
			if err == nil && !strings.HasPrefix(id(item), options.Prefix) {
				continue
			}
			if !yield(item, err) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

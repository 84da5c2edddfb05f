// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// ListOptions say what to list. The zero value lists all.
type ListOptions struct {
	// Limit ends the list after so many items. Zero means no limit.
	Limit int
}

// items is an answer that lists all there is.
type items[T any] struct {
	Items []T    `json:"items"`
	Next  cursor `json:"nextCursor"`
}

// UnmarshalJSON refuses an answer without its list, which would otherwise look
// empty.
func (i *items[T]) UnmarshalJSON(data []byte) error {
	type plain items[T]
	return httpapi.UnmarshalObject(data, (*plain)(i), "items")
}

// cursor says where a list goes on; "" is its end. Most lists answer it as a text,
// that of the organisation as an object.
type cursor string

// UnmarshalJSON reads both forms, and null.
func (c *cursor) UnmarshalJSON(data []byte) error {
	var object struct {
		Cursor string `json:"cursor"`
	}
	if json.Unmarshal(data, &object) == nil { // null, too
		*c = cursor(object.Cursor)
		return nil
	}
	return json.Unmarshal(data, (*string)(c))
}

// maxPages ends a list that a server never ends. No project has so many objects of a
// kind, even in small pages.
const maxPages = 10_000

// Errors of lists.
var (
	errNoProgress = errors.New("the server says that the list goes on but not from where: its nextCursor is one that was already used")
	errNoEnd      = fmt.Errorf("the list does not end: the server has answered %d pages and says that there are more", maxPages)
	errCutShort   = errors.New("the server says that the list goes on, but this list comes in one answer and has no next page to ask for")
)

// list answers the items of a list operation page by page, as the consumer asks
// for them. An error ends the sequence.
func list[T any](ctx context.Context, c *Client, op operation, args arguments, options ListOptions) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		left := options.Limit
		next := cursor("")
		seen := map[cursor]bool{}
		for {
			request := args // a sequence may be ranged over again
			request.query = pageQuery(args.query, op.page, next, left)
			got, err := fetch[items[T]](ctx, c, op, request)
			if err != nil {
				yield(none, err)
				return
			}
			for _, item := range got.Items {
				if !yield(item, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
			if next = got.Next; next == "" {
				return
			}
			if seen[next] {
				yield(none, op.failed(errNoProgress))
				return
			}
			if seen[next] = true; len(seen) >= maxPages {
				yield(none, op.failed(errNoEnd))
				return
			}
		}
	}
}

func pageQuery(base url.Values, page int, next cursor, left int) url.Values {
	query := url.Values{}
	maps.Copy(query, base)
	if left > 0 {
		page = min(page, left)
	}
	query.Set("limit", strconv.Itoa(page))
	if next != "" {
		query.Set("cursor", string(next))
	}
	return query
}

// listWhole answers a list that comes in one answer.
func listWhole[T any](ctx context.Context, c *Client, op operation, args arguments) ([]T, error) {
	got, err := fetch[items[T]](ctx, c, op, args)
	if err == nil && got.Next != "" {
		err = op.failed(errCutShort)
	}
	if err != nil {
		return nil, err
	}
	return got.Items, nil
}

func (op operation) failed(cause error) error {
	return fmt.Errorf("%s (%s %s): %w", op.id, op.method, op.path, cause)
}

// created is the answer to a request that makes one object.
type created[T any] struct{ item T }

// UnmarshalJSON refuses an answer of no object, or of several.
func (o *created[T]) UnmarshalJSON(data []byte) error {
	var answer items[T]
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	if len(answer.Items) != 1 {
		return &httpapi.ShapeError{Detail: fmt.Sprintf("it lists %d objects where one was made", len(answer.Items))}
	}
	o.item = answer.Items[0]
	return nil
}

// create makes one object.
func create[T any](ctx context.Context, c *Client, op operation, object string, item any) (T, error) {
	got, err := fetch[created[T]](ctx, c, op, arguments{object: object, body: batch(item)})
	return got.item, err
}

// batch is the body of a request about several objects.
func batch(objects ...any) map[string]any {
	return map[string]any{"items": objects}
}

// inBatches calls an operation with so many of the objects at a time.
func inBatches[T any](objects []T, size int, call func(some []T) error) error {
	for some := range slices.Chunk(objects, size) {
		if err := call(some); err != nil {
			return err
		}
	}
	return nil
}

// retrieve asks for objects, so many at a time, and answers them in order.
func retrieve[T, K any](ctx context.Context, c *Client, op operation, keys []K, size int, item func(K) any) ([]T, error) {
	var all []T
	err := inBatches(keys, size, func(some []K) error {
		got, err := fetch[items[T]](ctx, c, op, arguments{object: join(some), body: batch(each(some, item)...)})
		all = append(all, got.Items...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// remove deletes objects by their bare ids, so many at a time.
func (c *Client) remove(ctx context.Context, op operation, ids []int64) error {
	return inBatches(ids, maxItems, func(some []int64) error {
		return c.call(ctx, op, arguments{object: join(some), body: batch(each(some, bare)...)})
	})
}

// each answers the keys as they are sent.
func each[K any](keys []K, item func(K) any) []any {
	made := make([]any, len(keys))
	for i, key := range keys {
		made[i] = item(key)
	}
	return made
}

// bare is for operations that take ids as they are.
func bare(id int64) any { return id }

// byID is for those that take objects.
func byID(id int64) any { return map[string]int64{"id": id} }

// join names the objects of a call. A message cuts the text when it is long.
func join[K any](keys []K) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = fmt.Sprint(key)
	}
	return strings.Join(texts, ", ")
}

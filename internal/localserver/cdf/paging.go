// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

const (
	defaultPage = 25
	maxPage     = 1000
	// maxPrincipalPage is the largest page of principals.
	maxPrincipalPage = 100
)

// listJSON is the answer of every list operation.
type listJSON[T any] struct {
	Items []T `json:"items"`
	// NextCursor is absent on the last page.
	NextCursor any `json:"nextCursor,omitempty"`
}

// limitOf reads the limit of a list operation. The Python SDK asks for up to 1,000
// items of every list; where pages are smaller it gets a smaller one.
func limitOf(c *call, most int) (int, *reply) {
	text := c.query.Get("limit")
	if text == "" {
		return defaultPage, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > maxPage {
		return 0, refuse(http.StatusBadRequest, fmt.Sprintf("limit is %q: use 1 to %d", text, maxPage))
	}
	return min(limit, most), nil
}

// page answers one page of items, which are in the order of their keys. The
// cursor is the key of the last item, so that it stays valid when items come and
// go.
func page[T any](s *Server, c *call, most int, items []T, key func(T) string) reply {
	limit, refusal := limitOf(c, most)
	if refusal != nil {
		return *refusal
	}
	if size := s.options.PageSize; size > 0 {
		if !c.query.Has("limit") {
			limit = size
		}
		limit = min(limit, size)
	}
	if text := c.query.Get("cursor"); text != "" {
		after, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return fail(http.StatusBadRequest, "cursor is none of this server")
		}
		start := slices.IndexFunc(items, func(item T) bool { return key(item) > string(after) })
		if start < 0 {
			start = len(items)
		}
		items = items[start:]
	}
	body := listJSON[T]{Items: orEmpty(items)}
	if len(items) > limit {
		body.Items = items[:limit]
		body.NextCursor = s.cursor(c, key(items[limit-1]))
	}
	return answer(body)
}

// cursor makes the cursor that goes on behind a key.
func (s *Server) cursor(c *call, key string) any {
	text := base64.RawURLEncoding.EncodeToString([]byte(key))
	if s.options.CursorObjects && c.operation.errors == flat {
		return map[string]string{"cursor": text}
	}
	return text
}

// idKey makes a key of an id; ids have up to 19 digits and are not negative.
func idKey(id int64) string {
	return fmt.Sprintf("%019d", id)
}

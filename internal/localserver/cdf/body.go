// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	// maxBody is the largest request body that is read, in bytes, after it was
	// unpacked.
	maxBody = 16 << 20
	// maxItems is how many items one request may name.
	maxItems = 1000
)

// readBody reads the whole body of a request, unpacked.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *reply) {
	var packed io.Reader = http.MaxBytesReader(w, r.Body, maxBody)
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "the request body is no gzip: "+err.Error())
		}
		packed = unpacked
	default:
		return nil, refuse(http.StatusUnsupportedMediaType, fmt.Sprintf("content encoding %q is not supported", encoding))
	}
	body, err := io.ReadAll(io.LimitReader(packed, maxBody+1))
	_, cut := errors.AsType[*http.MaxBytesError](err)
	switch {
	case cut || len(body) > maxBody:
		return nil, refuse(http.StatusBadRequest, "Failed to buffer the request body")
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "reading the request body failed: "+err.Error())
	}
	return body, nil
}

// withBody makes an operation of a function that takes the decoded JSON body.
func withBody[T any](run func(*Server, *call, T) reply) func(*Server, *call) reply {
	return func(s *Server, c *call) reply {
		var input T
		if err := json.Unmarshal(c.body, &input); err != nil {
			return fail(http.StatusBadRequest, "the request body is not what is expected: "+err.Error())
		}
		return run(s, c, input)
	}
}

// itemsOf is the body of most requests.
type itemsOf[T any] struct {
	Items []T `json:"items"`
}

// withItems makes an operation of a function that takes the items of the body, of
// which there must be one to most.
func withItems[T any](most int, run func(*Server, *call, []T) reply) func(*Server, *call) reply {
	return withBody(func(s *Server, c *call, body itemsOf[T]) reply {
		if len(body.Items) == 0 || len(body.Items) > most {
			return fail(http.StatusBadRequest, fmt.Sprintf("the request has %d items: give 1 to %d", len(body.Items), most))
		}
		return run(s, c, body.Items)
	})
}

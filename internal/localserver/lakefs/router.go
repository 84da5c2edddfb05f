// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"net/http"
	"net/url"
	"strings"
)

// apiPrefix is the path below which all operations live.
const apiPrefix = "/api/v1"

// router finds the operation of a request by method and path.
type router struct {
	// byShape groups operations by method and number of segments, which leaves a
	// handful of candidates.
	byShape map[shape][]*operation
}

type shape struct {
	method   string
	segments int
}

// newRouter indexes the operations that a version has.
func newRouter(version string) *router {
	r := &router{byShape: map[shape][]*operation{}}
	for _, op := range operations {
		if op.only != "" && op.only != version {
			continue
		}
		op.segments = split(op.path)
		key := shape{op.method, len(op.segments)}
		r.byShape[key] = append(r.byShape[key], &op)
	}
	return r
}

// find returns the operation and the parts of the path, still encoded where the
// client had to encode them.
func (r *router) find(method string, target *url.URL) (*operation, []string) {
	// RawPath is set only when the path needs another encoding than Go's own;
	// lakeFS matches on it, and on the decoded path otherwise.
	path := target.RawPath
	if path == "" {
		path = target.Path
	}
	rest, found := strings.CutPrefix(path, apiPrefix)
	if !found {
		return nil, nil
	}
	parts := split(rest)
	for _, op := range r.byShape[shape{method, len(parts)}] {
		if op.matches(parts) {
			return op, parts
		}
	}
	return nil, nil
}

// matches compares the parts of a path with the template. A parameter may be
// empty inside the path, which is reported later, but not at its end.
func (op *operation) matches(parts []string) bool {
	for i, segment := range op.segments {
		if !isParameter(segment) && segment != parts[i] {
			return false
		}
	}
	return parts[len(parts)-1] != ""
}

// split cuts a path at its slashes; the part before the first one is dropped.
func split(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{")
}

func parameterName(segment string) string {
	return strings.Trim(segment, "{}")
}

// call is one request on its way through the server.
type call struct {
	request   *http.Request
	operation *operation
	// raw holds the parts of the path as they were routed.
	raw   []string
	path  map[string]string
	query url.Values
	body  []byte
	input input
	// caller is nil when the request shows no credentials.
	caller    *user
	page      pageRequest
	effective bool
	// email is the address a user is invited by.
	email string
}

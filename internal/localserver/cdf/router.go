// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"net/http"
	"net/url"
	"strings"
)

// Claims tells whether a path belongs to this API. lakeFS, whose API also lives
// below /api/v1, has none of these paths.
func Claims(path string) bool {
	for _, begin := range []string{"/api/v1/projects", "/api/v1/token", "/api/v1/principals", "/api/v1/orgs", "/oauth2"} {
		if rest, found := strings.CutPrefix(path, begin); found && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

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

func newRouter() *router {
	r := &router{byShape: map[shape][]*operation{}}
	for _, op := range operations {
		op.segments = split(op.path)
		key := shape{op.method, len(op.segments)}
		r.byShape[key] = append(r.byShape[key], &op)
	}
	return r
}

// find returns the operation and the parameters of its path, decoded.
func (r *router) find(method string, target *url.URL) (*operation, map[string]string) {
	parts := split(target.EscapedPath())
	for _, op := range r.byShape[shape{method, len(parts)}] {
		if path, matches := op.match(parts); matches {
			return op, path
		}
	}
	return nil, nil
}

// match compares the parts of a path with the template. A parameter is not empty.
func (op *operation) match(parts []string) (map[string]string, bool) {
	path := map[string]string{}
	for i, segment := range op.segments {
		part, err := url.PathUnescape(parts[i])
		if err != nil {
			return nil, false
		}
		name, isParameter := strings.CutPrefix(segment, ":")
		switch {
		case !isParameter && part != segment, isParameter && part == "":
			return nil, false
		case isParameter:
			path[name] = part
		}
	}
	return path, true
}

// split cuts a path at its slashes; the part before the first one is dropped.
func split(path string) []string {
	return strings.Split(strings.TrimPrefix(path, "/"), "/")
}

// call is one request on its way through the server.
type call struct {
	operation *operation
	request   *http.Request
	path      map[string]string
	query     url.Values
	body      []byte
	// caller has the ids of groups that its token names, not those it has by now.
	caller principal
	// groups are those of the caller in the project, as far as authorization knows
	// them yet.
	groups []group
}

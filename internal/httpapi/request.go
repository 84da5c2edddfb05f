// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/hashicorp/go-retryablehttp"
)

// Request describes one call of an API operation.
type Request struct {
	// Operation is the operation's id in the API document, such as "createUser".
	Operation string
	Method    string
	// PathTemplate is the path below the base URL, such as "/auth/users/{userId}".
	PathTemplate string
	// PathParams are the raw values of the template's parameters.
	PathParams map[string]string
	// Object says in messages what the request is about when the path parameters
	// don't, or not enough, such as the id in the body of a create.
	Object string
	Query  url.Values
	// Body is sent as JSON; nil sends no body. One with secrets is a SecretBody.
	Body any
	// Idempotent requests may be sent again when it is not known what became
	// of an attempt.
	Idempotent bool
	// Anonymous requests are sent without credentials.
	Anonymous bool
}

// SecretBody is a request body that holds secrets. It should print itself without
// them, also as JSON.
type SecretBody interface {
	// Wire answers what is sent as JSON instead.
	Wire() any
	// Secrets answers the values to be removed from whatever the server says:
	// some servers quote a refused body in their message.
	Secrets() []string
}

// call is a Request on its way. It is the transport and the retry policy of the
// go-retryablehttp client that sends it.
type call struct {
	Request

	client  *Client
	request *retryablehttp.Request
	path    string // escaped, for the log
	secrets []string
	out     any
	// last is how the latest attempt failed; before the first, Attempts counts
	// those of earlier calls, see AwaitRetry.
	last *attempt
}

// Errors of a request that cannot be sent as it is.
var (
	errEmptyID = errors.New("an id in the path must not be empty")
	errDotID   = errors.New(`the ids "." and ".." cannot be addressed in a path`)
)

func (c *Client) prepare(ctx context.Context, r Request, out any) (*call, error) {
	path, err := expandPath(r.PathTemplate, r.PathParams)
	if err != nil {
		return nil, err
	}
	prepared := &call{Request: r, client: c, out: out, last: &attempt{err: newError(r)}}
	prepared.last.err.Attempts = attemptsBefore(ctx)
	prepared.path = c.base.EscapedPath() + path
	url := c.base.String() + path
	if query := r.Query.Encode(); query != "" {
		url += "?" + query
	}
	body := r.Body
	if holder, ok := body.(SecretBody); ok {
		body = holder.Wire()
		prepared.secrets = holder.Secrets()
	}
	if body != nil { // without, POST and PUT say Content-Length: 0
		if body, err = c.encode(body); err != nil {
			return nil, err
		}
	}
	if prepared.request, err = retryablehttp.NewRequestWithContext(ctx, r.Method, url, body); err != nil {
		return nil, errors.New("the request cannot be made") // the cause quotes the URL
	}
	c.setHeader(prepared.request.Header, body != nil)
	return prepared, nil
}

// encode writes a body as it is sent.
func (c *Client) encode(body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, errors.New("the request body cannot be written as JSON") // the cause may quote it
	}
	if !c.config.CompressRequests {
		return text, nil
	}
	var zipped bytes.Buffer // which takes everything
	writer := gzip.NewWriter(&zipped)
	_, _ = writer.Write(text)
	_ = writer.Close()
	return zipped.Bytes(), nil
}

func (c *Client) setHeader(header http.Header, withBody bool) {
	maps.Copy(header, c.config.Header)
	header.Set("Accept", "application/json")
	header.Set("User-Agent", c.config.Options.UserAgent)
	if !withBody {
		return
	}
	header.Set("Content-Type", "application/json")
	if c.config.CompressRequests {
		header.Set("Content-Encoding", "gzip")
	}
}

// expandPath puts the escaped parameters into a template.
func expandPath(template string, params map[string]string) (string, error) {
	var path strings.Builder
	rest := template
	for {
		before, after, found := strings.Cut(rest, "{")
		path.WriteString(before)
		if !found {
			return path.String(), nil
		}
		name, tail, _ := strings.Cut(after, "}")
		value, ok := params[name]
		if !ok {
			return "", fmt.Errorf("the path parameter %s has no value", name)
		}
		segment, err := escapeSegment(value)
		if err != nil {
			return "", err
		}
		path.WriteString(segment)
		rest = tail
	}
}

// escapeSegment writes an id as one path segment that every server reads the
// same: all but the unreserved characters of RFC 3986 are %XX. url.PathEscape
// would leave "+" alone, which lakeFS reads as a space. The ids "." and ".."
// are refused because every path cleaner on the way, escaped or not, would
// make another route of them, and "" because it would leave a segment out.
func escapeSegment(id string) (string, error) {
	switch id {
	case "":
		return "", errEmptyID
	case ".", "..":
		return "", errDotID
	}
	const hex = "0123456789ABCDEF"
	escaped := make([]byte, 0, len(id))
	for _, b := range []byte(id) {
		if isUnreserved(b) {
			escaped = append(escaped, b)
		} else {
			escaped = append(escaped, '%', hex[b>>4], hex[b&15])
		}
	}
	return string(escaped), nil
}

func isUnreserved(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		b == '-' || b == '.' || b == '_' || b == '~'
}

// isRead says that a method changes nothing, so its outcome is never in doubt.
func isRead(method string) bool {
	return method == http.MethodGet || method == http.MethodHead
}

// describeObject says what a request is about, for messages: the path
// parameters in the order of the template, and the Object.
func describeObject(r Request) string {
	var ids []string
	rest := r.PathTemplate
	for {
		_, after, found := strings.Cut(rest, "{")
		if !found {
			break
		}
		var name string
		name, rest, _ = strings.Cut(after, "}")
		ids = append(ids, shorten(r.PathParams[name], maxQuotedID))
	}
	if r.Object != "" {
		ids = append(ids, shorten(r.Object, maxQuotedID))
	}
	return strings.Join(ids, "/")
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// Lengths in bytes beyond which foreign text is cut in messages.
const (
	maxQuotedID      = 200
	maxQuotedBody    = 200
	maxServerMessage = 2000
)

// Error is the one error of all API calls. It holds no secret: what the server
// said has been cleaned of every value that the client knows to be one.
type Error struct {
	// Operation, Method and Path (the template) name the API operation.
	Operation, Method, Path string
	// Params are the path parameters: they say which object it was about.
	Params map[string]string
	// Object is the same as one text, such as "g1/u1".
	Object string
	// Status is the HTTP status, 0 when there was no answer. A 2xx status means
	// that the server did it but the answer could not be used.
	Status int
	// Message is what the server said, or why its answer could not be used.
	Message string
	// Foreign means that the answer was not JSON, so it may be from something
	// on the way and not from the API.
	Foreign bool
	// Details are the objects that the error body names, see Config.ErrorDetails.
	Details Details
	// RequestID is the server's X-Request-Id.
	RequestID string
	// Attempts is how often the request was sent, by AwaitRetry's callers too.
	Attempts int
	// Err is the cause when there is one on this side: a lost connection, a
	// timeout, a cancelled context.
	Err error

	uncertain bool
	// retryAfter is how long the server asked to wait, 0 when it did not.
	retryAfter time.Duration
}

// Details are lists of objects that an error body names, by what it calls the
// list, such as "missing". An object is its members, by name, with their values
// as text: numbers exactly as they came.
type Details map[string][]map[string]string

// scrub answers the details without secrets.
func (d Details) scrub(scrub func(string) string) Details {
	for _, objects := range d {
		for _, object := range objects {
			for name, value := range object {
				object[name] = scrub(value)
			}
		}
	}
	return d
}

// TemporaryError is what Config.Authorize answers when it could not get the
// credentials but may later. As nothing was sent, the attempt is repeated like one
// that found no connection, also for a request that is not idempotent.
type TemporaryError struct {
	// Err is the cause.
	Err error
	// RetryAfter is how long to wait at least; 0 leaves it to the client.
	RetryAfter time.Duration
}

// Error is the text of the cause.
func (e *TemporaryError) Error() string { return e.Err.Error() }

// Unwrap answers the cause.
func (e *TemporaryError) Unwrap() error { return e.Err }

// Error says which operation failed, on what, and how.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s %s)", e.Operation, e.Method, e.Path)
	if e.Object != "" {
		fmt.Fprintf(&text, " of %q", e.Object)
	}
	separator := ": "
	if e.Status != 0 {
		fmt.Fprintf(&text, ": server answered %d", e.Status)
		if name := http.StatusText(e.Status); name != "" {
			text.WriteString(" " + name)
		}
	}
	if e.Message != "" {
		text.WriteString(separator + e.Message)
	}
	if e.Err != nil {
		text.WriteString(separator + e.Err.Error())
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&text, ", after %d attempts", e.Attempts)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&text, " (request id %s)", e.RequestID)
	}
	return text.String()
}

// Unwrap answers the cause on this side, nil when the server refused.
func (e *Error) Unwrap() error {
	return e.Err
}

// OutcomeUnknown says that a write may or may not have happened: the connection
// was lost or timed out after the request may have been sent, the server
// answered 5xx (but 501, which is a plain no), or it did it and its answer could
// not be read. Reads, requests that never left and 4xx answers are certain.
func OutcomeUnknown(err error) bool {
	apiErr, ok := errors.AsType[*Error](err)
	return ok && apiErr.uncertain
}

// AnswerUnusable says that the server reported success, but in an answer that
// was cut short or is not as the API documents it. Sending a create again would
// then make a second object.
func AnswerUnusable(err error) bool {
	status := StatusOf(err)
	return status >= 200 && status <= 299
}

// StatusOf answers the HTTP status of a failed call, 0 when err is no *Error or
// there was no answer.
func StatusOf(err error) int {
	if apiErr, ok := errors.AsType[*Error](err); ok {
		return apiErr.Status
	}
	return 0
}

func newError(r Request) *Error {
	return &Error{
		Operation: r.Operation,
		Method:    r.Method,
		Path:      r.PathTemplate,
		Params:    maps.Clone(r.PathParams),
		Object:    describeObject(r),
	}
}

// shorten cuts text to about limit bytes, never inside a character.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit] + "…"
}

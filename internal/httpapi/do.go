// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// attempt is how one try to send a call failed.
type attempt struct {
	err *Error
	// sent is false only when the request surely never left this machine.
	sent bool
	// lost means that there was no complete answer.
	lost bool
	// retryable means that the server says itself that trying again may help.
	retryable bool
	// cut means that the server refused, in words that did not all arrive.
	cut bool
}

// Do sends a request, again where that is safe and may help, and decodes the
// JSON answer into out unless that is nil. Every error is an *Error.
func (c *Client) Do(ctx context.Context, r Request, out any) error {
	prepared, err := c.prepare(ctx, r, out)
	if err != nil {
		refused := newError(r)
		refused.Err = err
		return refused
	}
	retrying := retryablehttp.Client{ // without a Logger: it would log the URL
		HTTPClient:   &http.Client{Transport: prepared},
		RetryMax:     max(0, c.config.Options.MaxRetries-prepared.last.err.Attempts),
		CheckRetry:   prepared.mayRetry,
		Backoff:      noBackoff,
		PrepareRetry: prepared.pause,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	_, err = retrying.Do(prepared.request) //nolint:bodyclose // RoundTrip has read the answer
	if err == nil {
		return nil
	}
	if _, ours := errors.AsType[*Error](err); !ours {
		prepared.last.err.Err = err // what ended the wait for another attempt
	}
	return prepared.last.err
}

// RoundTrip makes one attempt, up to the decoded answer. An answer that is not
// a success is an error here, so http.Client never gets to see a redirect.
func (p *call) RoundTrip(request *http.Request) (*http.Response, error) {
	before := p.last.err
	p.last = &attempt{err: newError(p.Request)}
	p.last.err.Attempts = before.Attempts + 1
	if p.client.attempt(request, p) {
		return &http.Response{Body: http.NoBody}, nil
	}
	p.last.err.uncertain = p.last.leavesDoubt(before.uncertain)
	return nil, p.last.err
}

// leavesDoubt says whether it is unknown, after this attempt, if the write
// happened. A doubt from an earlier attempt stays until the server gives a
// plain answer.
func (a *attempt) leavesDoubt(before bool) bool {
	status := a.err.Status
	switch {
	case isRead(a.err.Method):
		return false
	case status == 0:
		return a.sent || before
	case status == http.StatusTooManyRequests:
		return before
	case status == http.StatusNotImplemented:
		return false
	case status < 300:
		return true
	}
	// Words that got lost may have said that an earlier attempt did it.
	return status >= 500 || a.cut && before
}

// attempt sends a call once and says whether that succeeded.
func (c *Client) attempt(request *http.Request, prepared *call) bool {
	ctx := request.Context()
	if err := c.awaitTurn(ctx, prepared.last.err.Attempts == 1); err != nil {
		prepared.last.err.Err = err
		return false
	}
	start := c.config.Options.Now()
	ok := c.exchange(request, prepared)
	c.log(ctx, prepared, c.config.Options.Now().Sub(start))
	return ok
}

// awaitTurn waits until the rate limit admits another request and, for the first attempt of
// one, the server does: the others have waited already.
func (c *Client) awaitTurn(ctx context.Context, first bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if left := c.hold.left(c.config.Options.Now()); first && left > 0 {
		if err := c.config.Options.Sleep(ctx, left); err != nil {
			return err
		}
	}
	if c.limiter == nil {
		return nil
	}
	now := c.config.Options.Now()
	turn := c.limiter.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	err := c.config.Options.Sleep(ctx, wait)
	if err != nil {
		turn.CancelAt(now)
	}
	return err
}

// exchange sends one HTTP request, reads the whole answer and notes in the
// call what came of it.
func (c *Client) exchange(request *http.Request, prepared *call) bool {
	ctx, result := request.Context(), prepared.last
	timed, cancel := context.WithTimeout(ctx, c.config.Options.RequestTimeout)
	defer cancel()
	trace, sent := traceSending()
	request = request.Clone(httptrace.WithClientTrace(timed, trace))
	err := c.authorize(timed, request, prepared)
	// Only now, because authorizing may have fetched a new token.
	scrub := newScrubber(append(c.config.Secrets(), prepared.secrets...))
	if err != nil {
		if temporary, ok := errors.AsType[*TemporaryError](err); ok {
			result.lost, result.err.retryAfter = true, temporary.RetryAfter
		}
		result.err.Err = scrubError(err, scrub)
		return false
	}
	response, err := c.rt.RoundTrip(request)
	if err != nil {
		result.sent, result.lost = sent.Load(), true
		result.err.Err = scrubError(c.explainLoss(ctx, timed, err), scrub)
		return false
	}
	defer func() { _ = response.Body.Close() }()
	result.sent = true
	result.err.Status = response.StatusCode
	result.err.RequestID = quoteForeign(response.Header.Get("X-Request-Id"), scrub, maxQuotedID)
	result.err.retryAfter = RetryAfter(response.Header, c.config.Options.Now())
	result.err.Foreign = !isJSON(mediaType(response))
	body, err := readBody(response.Body, c.config.Options.MaxResponseBytes)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		// The status says enough when the words got lost.
		result.cut = err != nil
		result.err.Message = c.refusalMessage(response, body, scrub)
		if !result.err.Foreign {
			result.err.Details = c.config.ErrorDetails(body).scrub(scrub)
		}
		result.retryable = c.config.Retryable(response.StatusCode, response.Header, body)
		return false
	}
	if err != nil {
		result.lost = !errors.Is(err, errTooLong)
		result.err.Err = scrubError(c.explainLoss(ctx, timed, err), scrub)
		return false
	}
	result.err.Message = decodeAnswer(response, body, prepared.out)
	return result.err.Message == ""
}

// traceSending answers a trace to send a request with, and whether the request
// may have left this machine: it has not while a connection is being made. The
// transport makes another one when it knows that nothing went over the first.
func traceSending() (*httptrace.ClientTrace, *atomic.Bool) {
	var sent atomic.Bool
	sent.Store(true) // until a transport that reports its connections says otherwise
	return &httptrace.ClientTrace{
		GetConn: func(string) { sent.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { sent.Store(true) },
	}, &sent
}

// authorize has a context without the trace of the request: a connection that is
// made to fetch a token must not count for it.
func (c *Client) authorize(ctx context.Context, request *http.Request, prepared *call) error {
	if c.config.Authorize == nil || prepared.Anonymous {
		return nil
	}
	return c.config.Authorize(ctx, request)
}

// explainLoss names the time limit when it was that what ended an attempt.
func (c *Client) explainLoss(ctx, timed context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case timed.Err() != nil:
		return fmt.Errorf("no complete answer within %s: %w", c.config.Options.RequestTimeout, context.DeadlineExceeded)
	}
	return err
}

// log writes the entry of one attempt. Query values stay out of it, and so do
// headers and bodies.
func (c *Client) log(ctx context.Context, prepared *call, took time.Duration) {
	if c.config.Options.Log == nil {
		return
	}
	result := prepared.last.err
	fields := map[string]any{
		"operation":     prepared.Operation,
		"method":        prepared.Method,
		"path_template": prepared.PathTemplate,
		"path":          prepared.path,
		"attempt":       result.Attempts,
		"duration_ms":   took.Milliseconds(),
		"status":        result.Status,
		"request_id":    result.RequestID,
	}
	if result.Message != "" {
		fields["message"] = result.Message
	}
	if result.Err != nil {
		fields["error"] = result.Err.Error()
	}
	c.config.Options.Log(ctx, "API request", fields)
}

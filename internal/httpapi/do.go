// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// attempt is how one try to send a call failed.
type attempt struct {
	err *Error
	// sent is false only when the request surely never left this machine.
	sent bool
	// lost means that there was no complete answer.
	lost bool
	// retryAfter is how long the server asked to wait, 0 when it did not.
	retryAfter time.Duration
}

// Do sends a request, again where that is safe and may help, and decodes the
// JSON answer into out unless that is nil. Every error is an *Error.
func (c *Client) Do(ctx context.Context, r Request, out any) error {
	prepared, err := c.prepare(r)
	if err != nil {
		refused := newError(r)
		refused.Err = err
		return refused
	}
	uncertain := false
	for number := 1; ; number++ {
		failed := c.attempt(ctx, prepared, number, out)
		if failed == nil {
			return nil
		}
		uncertain = failed.leavesDoubt(uncertain)
		failed.err.uncertain = uncertain
		failed.err.Attempts = number
		if number > c.config.Options.MaxRetries || !mayRetry(r, failed) || !c.pause(ctx, number, failed) {
			return failed.err
		}
	}
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
	return status >= 500
}

// pause waits before the next attempt. It answers false, with the reason in the
// failed attempt's error, when that would be too long or ctx ends.
func (c *Client) pause(ctx context.Context, number int, failed *attempt) bool {
	wait := max(backOff(number), failed.retryAfter)
	deadline, bounded := ctx.Deadline()
	switch {
	case ctx.Err() != nil:
		failed.err.Err = ctx.Err()
		return false
	case wait > maxRetryAfter:
		failed.err.Err = fmt.Errorf("it asks to wait %s before trying again", wait.Round(time.Second))
		return false
	case bounded && c.config.Options.Now().Add(wait).After(deadline):
		failed.err.Err = fmt.Errorf("no time left to try again in %s: %w", wait.Round(time.Millisecond), context.DeadlineExceeded)
		return false
	}
	if err := c.config.Options.Sleep(ctx, wait); err != nil {
		failed.err.Err = err
		return false
	}
	return true
}

// attempt sends a call once. It answers nil when that succeeded.
func (c *Client) attempt(ctx context.Context, prepared *call, number int, out any) *attempt {
	result := &attempt{err: newError(prepared.Request)}
	if err := c.awaitTurn(ctx); err != nil {
		result.err.Err = err
		return result
	}
	start := c.config.Options.Now()
	ok := c.exchange(ctx, prepared, out, result)
	c.log(ctx, prepared, number, c.config.Options.Now().Sub(start), result.err)
	if ok {
		return nil
	}
	return result
}

// awaitTurn waits until the rate limit admits another request.
func (c *Client) awaitTurn(ctx context.Context) error {
	if err := ctx.Err(); err != nil || c.limiter == nil {
		return err
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

// exchange sends one HTTP request, reads the whole answer and notes in result
// what came of it. It goes to the transport directly, not through http.Client,
// whose part (redirects, cookies, errors that quote the URL) is unwanted here.
func (c *Client) exchange(ctx context.Context, prepared *call, out any, result *attempt) bool {
	timed, cancel := context.WithTimeout(ctx, c.config.Options.RequestTimeout)
	defer cancel()
	trace, sent := traceSending()
	request, err := c.newRequest(httptrace.WithClientTrace(timed, trace), prepared)
	// Only now, because authorizing may have fetched a new token.
	scrub := newScrubber(append(c.config.Secrets(), prepared.secrets...))
	if err != nil {
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
	result.err.RequestID = shorten(scrub(response.Header.Get("X-Request-Id")), maxQuotedID)
	result.retryAfter = retryAfter(response.Header, c.config.Options.Now())
	result.err.Foreign = !isJSON(mediaType(response))
	body, err := readBody(response.Body, c.config.Options.MaxResponseBytes)
	if response.StatusCode < 200 || response.StatusCode > 299 {
		// The status says enough when the words got lost.
		result.err.Message = c.refusalMessage(response, body, scrub)
		return false
	}
	if err != nil {
		result.lost = !errors.Is(err, errTooLong)
		result.err.Err = scrubError(c.explainLoss(ctx, timed, err), scrub)
		return false
	}
	result.err.Message = decodeAnswer(response, body, out, scrub)
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

func (c *Client) newRequest(ctx context.Context, prepared *call) (*http.Request, error) {
	var body io.Reader // nil: POST and PUT then say Content-Length: 0
	if prepared.body != nil {
		body = bytes.NewReader(prepared.body)
	}
	request, err := http.NewRequestWithContext(ctx, prepared.Method, prepared.url, body)
	if err != nil {
		return nil, errors.New("the request cannot be made") // the cause quotes the URL
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.config.Options.UserAgent)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.config.Authorize == nil || prepared.Anonymous {
		return request, nil
	}
	return request, c.config.Authorize(ctx, request)
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
func (c *Client) log(ctx context.Context, prepared *call, number int, took time.Duration, result *Error) {
	if c.config.Options.Log == nil {
		return
	}
	fields := map[string]any{
		"operation":     prepared.Operation,
		"method":        prepared.Method,
		"path_template": prepared.PathTemplate,
		"path":          prepared.path,
		"attempt":       number,
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

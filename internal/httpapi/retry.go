// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Waits between attempts.
const (
	firstBackOff = 500 * time.Millisecond
	maxBackOff   = 30 * time.Second
	// maxRetryAfter is the longest wait asked by a server that is waited for:
	// beyond it a clear error serves better than a silent hour.
	maxRetryAfter = time.Hour
)

// mayRetry says whether the failed attempt may be repeated. A request that is
// not idempotent is sent again only when the attempt surely did nothing.
func (p *call) mayRetry(_ context.Context, _ *http.Response, err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	switch p.last.err.Status {
	case http.StatusTooManyRequests:
		return true, nil
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return p.Idempotent, nil
	}
	if p.last.retryable {
		return p.Idempotent, nil
	}
	if !p.last.lost || isPermanent(p.last.err.Err) {
		return false, nil
	}
	return p.Idempotent || !p.last.sent, nil
}

// isPermanent recognises failures to connect that waiting does not heal.
func isPermanent(err error) bool {
	if unknownHost, ok := errors.AsType[*net.DNSError](err); ok {
		return unknownHost.IsNotFound
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted || errors.Is(err, http.ErrSchemeMismatch) || errors.Is(err, errBadProxy)
}

// noBackoff leaves the waiting to pause, which unlike a Backoff knows the context
// and can give up.
func noBackoff(time.Duration, time.Duration, int, *http.Response) time.Duration { return 0 }

// pause waits before the next attempt of the call.
func (p *call) pause(request *http.Request) error {
	return p.client.pause(request.Context(), p.last.err)
}

// pause waits after a failed attempt. It fails when that would be too long or
// the context ends.
func (c *Client) pause(ctx context.Context, failed *Error) error {
	options := c.config.Options
	wait := failed.retryAfter // the server knows better than any guess
	if wait == 0 {
		wait = backOff(failed.Attempts)
	} else if wait <= maxRetryAfter {
		c.hold.extend(options.Now().Add(wait))
	}
	deadline, bounded := ctx.Deadline()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case wait > maxRetryAfter:
		return fmt.Errorf("it asks to wait %s before trying again", wait.Round(time.Second))
	case bounded && options.Now().Add(wait).After(deadline):
		return fmt.Errorf("no time left to try again in %s: %w", wait.Round(time.Millisecond), context.DeadlineExceeded)
	}
	return options.Sleep(ctx, wait)
}

// hold is until when a server has asked to be left alone. What one request is told holds for
// all: others would be refused as well, and keep those waiting that were refused before.
type hold struct {
	mu    sync.Mutex
	until time.Time
}

func (h *hold) extend(until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(h.until) {
		h.until = until
	}
}

// left is how much longer that is.
func (h *hold) left(now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(0, h.until.Sub(now))
}

// backOff answers how long to wait after the given attempt (from 1): it doubles
// from half a second to 30 seconds, and half of it is random so that clients
// that failed together don't come back together.
func backOff(attempt int) time.Duration {
	wait := retryablehttp.DefaultBackoff(firstBackOff, maxBackOff, attempt-1, nil)
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // the jitter is no secret
}

// RetryAfter reads the Retry-After header (RFC 9110, section 10.2.3): seconds
// or a date. It answers 0 when there is none or it cannot be read.
func RetryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

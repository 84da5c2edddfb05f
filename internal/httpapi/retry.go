// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Waits between attempts.
const (
	firstBackOff = 500 * time.Millisecond
	maxBackOff   = 30 * time.Second
	// maxRetryAfter is the longest wait asked by a server that is waited for:
	// beyond it a clear error serves better than a silent hour.
	maxRetryAfter = time.Hour
)

// mayRetry says whether a failed attempt may be repeated. A request that is not
// idempotent is sent again only when the attempt surely did nothing.
func mayRetry(r Request, failed *attempt) bool {
	switch failed.err.Status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return r.Idempotent
	}
	if !failed.lost || isPermanent(failed.err.Err) {
		return false
	}
	return r.Idempotent || !failed.sent
}

// isPermanent recognises failures to connect that waiting does not heal.
func isPermanent(err error) bool {
	if unknownHost, ok := errors.AsType[*net.DNSError](err); ok {
		return unknownHost.IsNotFound
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	return untrusted || errors.Is(err, http.ErrSchemeMismatch) || errors.Is(err, errBadProxy)
}

// backOff answers how long to wait after the given attempt (from 1): it doubles
// from half a second to 30 seconds, and half of it is random so that clients
// that failed together don't come back together.
func backOff(attempt int) time.Duration {
	wait := maxBackOff
	if doublings := attempt - 1; doublings < 6 {
		wait = min(firstBackOff<<doublings, maxBackOff)
	}
	return wait/2 + rand.N(wait/2+1) //nolint:gosec // the jitter is no secret
}

// retryAfter reads the Retry-After header (RFC 9110, section 10.2.3): seconds
// or a date. It answers 0 when there is none or it cannot be read.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

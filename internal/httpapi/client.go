// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package httpapi sends requests to a JSON API over HTTP and turns every way
// in which that can fail into one error type.
//
// The clients of the platforms build on it: they describe an operation as a
// [Request] and get back a decoded answer or an [*Error]. Retries, the rate
// limit, size limits, path escaping and the rule that no secret reaches a log
// or a message live here, once.
package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// What an [Options] field that is left zero (or for MaxRetries: negative) means.
const (
	DefaultMaxRetries       = 8
	DefaultRequestTimeout   = 60 * time.Second
	DefaultMaxResponseBytes = 64 << 20
)

// Options configure how requests are sent. The zero value is usable: it sends
// every request once. They hold no secrets.
type Options struct {
	// UserAgent is the User-Agent header of every request.
	UserAgent string
	// CAFile names a PEM file of certificates to trust besides the system's.
	CAFile string
	// AllowPlaintextHTTP admits http:// to a host that isn't loopback.
	AllowPlaintextHTTP bool
	// MaxRetries is how often a request may be sent again after the first
	// attempt. Zero sends it once, a negative number means DefaultMaxRetries.
	MaxRetries int
	// RequestTimeout bounds one attempt, from connecting to the last byte of
	// the answer. Zero means DefaultRequestTimeout.
	RequestTimeout time.Duration
	// RequestsPerSecond limits the rate of attempts. Zero means no limit.
	RequestsPerSecond float64
	// MaxResponseBytes is the longest answer that is read, counted after
	// decompression. Zero means DefaultMaxResponseBytes. A longer answer is an
	// error, never cut silently.
	MaxResponseBytes int64
	// Log, when set, gets one entry per attempt. The fields never hold headers,
	// bodies or query values.
	Log func(ctx context.Context, msg string, fields map[string]any)
	// Sleep waits, as the function Sleep does, which nil stands for. Tests put
	// in their own to run without waiting.
	Sleep func(ctx context.Context, d time.Duration) error
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Transport replaces the connection pool, for tests.
	Transport http.RoundTripper
}

// Config says which API a Client speaks to and what is particular to it.
type Config struct {
	// BaseURL is what every PathTemplate is appended to. It is https, or http
	// to loopback, without user, query or fragment.
	BaseURL string
	// Authorize puts the credentials on a request. It is called before every
	// attempt, except of requests that are Anonymous. Nil sends none.
	Authorize func(ctx context.Context, r *http.Request) error
	// Secrets answers the values that must never show in a message: they are
	// removed from whatever the server says. It is a function so that no way
	// of printing a Client reaches the values.
	Secrets func() []string
	// ErrorMessage takes the message out of a JSON error body and answers ""
	// when there is none. Nil leaves errors without the server's words.
	ErrorMessage func(body []byte) string
	// ErrorDetails takes out of a JSON error body the objects that it names,
	// for Error.Details. Nil takes none.
	ErrorDetails func(body []byte) Details
	// Retryable recognises an answer other than success after which the server
	// says itself that the same request may succeed. It is asked for idempotent
	// requests only, beyond the statuses that are retried for every API. Nil
	// recognises none.
	Retryable func(status int, header http.Header, body []byte) bool
	// Header is sent with every request, beside what this package sets. Its names
	// are in canonical form.
	Header http.Header
	// CompressRequests sends request bodies with gzip.
	CompressRequests bool
	Options          Options
}

// Client sends requests to one API. It is safe for concurrent use and holds no
// secret itself.
type Client struct {
	base    *url.URL
	config  Config
	rt      http.RoundTripper
	limiter *rate.Limiter
	hold    hold
}

// New checks the configuration and makes a Client. It does no network I/O. Its
// errors never quote the base URL, which may hold a password by mistake.
func New(config Config) (*Client, error) {
	base, err := CheckURL("the base URL", config.BaseURL, config.Options.AllowPlaintextHTTP)
	if err != nil {
		return nil, err
	}
	if err := fillDefaults(&config.Options); err != nil {
		return nil, err
	}
	if config.Secrets == nil {
		config.Secrets = func() []string { return nil }
	}
	if config.ErrorMessage == nil {
		config.ErrorMessage = func([]byte) string { return "" }
	}
	if config.ErrorDetails == nil {
		config.ErrorDetails = func([]byte) Details { return nil }
	}
	if config.Retryable == nil {
		config.Retryable = func(int, http.Header, []byte) bool { return false }
	}
	client := &Client{base: base, config: config}
	if client.rt, err = NewTransport(config.Options); err != nil {
		return nil, err
	}
	if limit := config.Options.RequestsPerSecond; limit > 0 {
		client.limiter = rate.NewLimiter(rate.Limit(limit), max(1, int(limit)))
	}
	return client, nil
}

// BaseURL answers the base URL that requests go to, without a trailing slash.
func (c *Client) BaseURL() string {
	return c.base.String()
}

func fillDefaults(o *Options) error {
	switch {
	case o.RequestTimeout < 0:
		return errors.New("the request timeout must not be negative")
	case o.MaxResponseBytes < 0:
		return errors.New("the limit of the response size must not be negative")
	case !(o.RequestsPerSecond >= 0): // also not a number
		return errors.New("the requests per second must not be negative")
	}
	if o.MaxRetries < 0 {
		o.MaxRetries = DefaultMaxRetries
	}
	if o.RequestTimeout == 0 {
		o.RequestTimeout = DefaultRequestTimeout
	}
	if o.MaxResponseBytes == 0 {
		o.MaxResponseBytes = DefaultMaxResponseBytes
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = Sleep
	}
	return nil
}

// CheckURL parses the URL of a server that gets credentials, without trailing
// slashes, and refuses what would send them in the clear or to a place that was
// not meant. Its errors call the URL by the name given and never quote it.
func CheckURL(name, text string, allowPlaintextHTTP bool) (*url.URL, error) {
	parsed, err := url.Parse(strings.TrimRight(text, "/"))
	if err != nil {
		// The cause is left out: it quotes parts of the text.
		return nil, errors.New(name + " cannot be parsed")
	}
	switch {
	case parsed.Scheme != "https" && parsed.Scheme != "http":
		return nil, errors.New(name + " must start with https:// (http:// for a server on this machine)")
	case parsed.User != nil:
		return nil, errors.New(name + " must not hold a user name or password")
	case parsed.Hostname() == "":
		return nil, errors.New(name + " names no host")
	case parsed.RawQuery != "" || parsed.ForceQuery || parsed.Fragment != "":
		return nil, errors.New(name + " must not have a query or a fragment")
	case parsed.Scheme == "http" && !allowPlaintextHTTP && !isLoopback(parsed.Hostname()):
		return nil, errors.New("http:// would send credentials unencrypted to " + parsed.Hostname() +
			": use https://, or set allow_plaintext_http")
	}
	return parsed, nil
}

// Sleep waits for d or until ctx ends, and then answers ctx.Err().
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

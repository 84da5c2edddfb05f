// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// LoginError says that the identity provider gave no access token for the client
// credentials. It holds no secret.
type LoginError struct {
	// TokenURL is where the token was asked for.
	TokenURL string
	// Status is the HTTP status, 0 when there was no answer. A 2xx status means
	// that the answer could not be used.
	Status int
	// Code and Description are the error and error_description of the answer
	// (RFC 6749, section 5.2), "" when it has none.
	Code, Description string
	// Err is the cause when there is one on this side, such as a lost connection.
	Err error

	retryAfter time.Duration
}

// Error says where the login failed, and how.
func (e *LoginError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "no access token from %s", e.TokenURL)
	if e.Status != 0 {
		fmt.Fprintf(&text, ": it answered %s", strings.TrimSpace(fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))))
	}
	for _, part := range []string{e.Code, e.Description} {
		if part != "" {
			text.WriteString(": " + part)
		}
	}
	if e.Err != nil {
		text.WriteString(": " + e.Err.Error())
	}
	return text.String()
}

// Unwrap answers the cause on this side.
func (e *LoginError) Unwrap() error { return e.Err }

// Rejected says that the identity provider answered that it does not accept the
// credentials, or the scopes or audience that they are used for.
func (e *LoginError) Rejected() bool {
	return e.Status != 0 && e.Code+e.Description != "" && !e.temporary() || e.Status == http.StatusUnauthorized
}

// temporary says that the same request may succeed later. Some providers say so in
// the code only.
func (e *LoginError) temporary() bool {
	switch {
	case e.Code == "temporarily_unavailable" || e.Code == "server_error":
		return true
	case e.Status == 0:
		return true // what waiting does not heal, httpapi tells by the cause
	}
	return e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Status >= 500
}

var errNoToken = errors.New("the answer does not hold an access_token and its expires_in")

// unusable is the error of an answer that reports success but is of no use.
func (l *login) unusable() *LoginError {
	return &LoginError{TokenURL: l.oauth.TokenURL, Status: http.StatusOK, Err: errNoToken}
}

// explain turns the error of an exchange into one that quotes nothing of the
// answer but the two members that are for people, and those without secrets.
func (l *login) explain(ctx context.Context, err error) *LoginError {
	if err == nil {
		return nil
	}
	failure := l.unusable()
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		failure.Status, failure.Err = refused.Response.StatusCode, nil
		failure.retryAfter = httpapi.RetryAfter(refused.Response.Header, l.now())
		// Out of anything but JSON, a secret could come changed, and not be known
		// for one.
		if refused.Response.Header.Get("Content-Type") == jsonType {
			failure.Code = httpapi.Redact(refused.ErrorCode, l.secrets())
			failure.Description = httpapi.Redact(refused.ErrorDescription, l.secrets())
		}
		return failure
	}
	if lost, ok := errors.AsType[*url.Error](err); ok {
		failure.Status, failure.Err = 0, lost.Err // without the method and the URL
		if ctx.Err() != nil {
			failure.Err = fmt.Errorf("no complete answer within %s: %w", l.timeout, ctx.Err())
		}
	}
	return failure
}

// report logs the entry of one request for a token. Nothing of what was sent or
// answered is in it.
func (l *login) report(ctx context.Context, start time.Time, failure *LoginError) {
	if l.log == nil {
		return
	}
	fields := map[string]any{
		"token_url":   l.oauth.TokenURL,
		"client_id":   l.oauth.ClientID,
		"duration_ms": l.now().Sub(start).Milliseconds(),
	}
	if failure != nil {
		fields["error"] = httpapi.Redact(failure.Error(), l.secrets())
	}
	l.log(ctx, "OAuth token request", fields)
}

// seconds reads how long a token lives. Of JSON, the package oauth2 has refused all
// but whole numbers and texts of digits before.
func seconds(value any) (time.Duration, bool) {
	var number float64
	switch value := value.(type) {
	case float64:
		number = value
	case int64: // of an answer in the form of a form
		number = float64(value)
	case string:
		whole, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return 0, false
		}
		number = float64(whole)
	default:
		return 0, false
	}
	const longest = 1e9 // some thirty years, so that a Duration holds it
	return time.Duration(max(-longest, min(number, longest)) * float64(time.Second)), true
}

// maxTokenAnswer is how much of an answer of a token endpoint is read, in bytes.
const maxTokenAnswer = 1 << 20

const jsonType = "application/json"

// tokenTransport sends requests for tokens as httpapi sends the others.
type tokenTransport struct {
	base      http.RoundTripper
	userAgent string
}

// RoundTrip reads the whole answer, so that one that is lost on the way is told
// from one of a wrong form. JSON is recognised whatever it is called.
func (t tokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Accept", jsonType)
	r.Header.Set("User-Agent", t.userAgent)
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxTokenAnswer))
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		response.Header.Set("Content-Type", jsonType)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"crypto/sha256"
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strconv"
)

// Error codes of a token endpoint (RFC 6749, section 5.2).
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	unsupportedGrantType = "unsupported_grant_type"
)

// tokenJSON is the answer to a grant. The lifetime is in seconds.
type tokenJSON struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   any    `json:"expires_in"`
	Scope       string `json:"scope,omitempty"`
}

// oauthFail refuses a grant.
func oauthFail(status int, code, description string) reply {
	r := fail(status, description)
	r.problem.oauth = code
	return r
}

// token grants access to a client that shows its credentials, in the body or as
// HTTP Basic. Scope and audience may be anything: identity providers differ.
func (s *Server) token(c *call) reply {
	media, _, err := mime.ParseMediaType(c.request.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return oauthFail(http.StatusBadRequest, invalidRequest, "the body must be a form")
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return oauthFail(http.StatusBadRequest, invalidRequest, "the body is no form")
	}
	for name, values := range form {
		if len(values) > 1 {
			return oauthFail(http.StatusBadRequest, invalidRequest, "the parameter "+name+" is given twice")
		}
	}
	switch form.Get("grant_type") {
	case "client_credentials":
	case "":
		return oauthFail(http.StatusBadRequest, invalidRequest, "the parameter grant_type is missing")
	default:
		return oauthFail(http.StatusBadRequest, unsupportedGrantType, "the only grant type is client_credentials")
	}
	client, refusal := s.client(c.request, form)
	if refusal != nil {
		return *refusal
	}
	text, err := s.tokens.issue(client)
	if err != nil {
		return oauthFail(http.StatusInternalServerError, "server_error", "no token could be made")
	}
	var lifetime any = int64(s.tokens.lifetime.Seconds())
	if s.options.TextExpiry {
		lifetime = strconv.FormatInt(int64(s.tokens.lifetime.Seconds()), 10)
	}
	r := answer(tokenJSON{AccessToken: text, TokenType: "Bearer", ExpiresIn: lifetime, Scope: form.Get("scope")})
	r.header = map[string]string{"Cache-Control": "no-store"}
	return r
}

// client finds the client that a request shows the credentials of.
func (s *Server) client(r *http.Request, form url.Values) (principal, *reply) {
	id, secret, basic := r.BasicAuth()
	if basic && (form.Has("client_secret") || (form.Has("client_id") && form.Get("client_id") != id)) {
		return principal{}, new(oauthFail(http.StatusBadRequest, invalidRequest, "the client shows its credentials in two ways"))
	}
	if !basic {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	client, known := s.store.client(id, secret)
	if !known && basic {
		// The standard has them escaped, which some clients leave out.
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
		client, known = s.store.client(id, secret)
	}
	if !known {
		refusal := oauthFail(http.StatusUnauthorized, invalidClient, "the client is not known or its secret is wrong")
		refusal.header = map[string]string{"WWW-Authenticate": "Basic"}
		return principal{}, &refusal
	}
	return client, nil
}

// client returns the client with these credentials.
func (s *store) client(id, secret string) (principal, bool) {
	p, known := s.principal(id)
	if !known || p.secret == "" {
		return principal{}, false
	}
	return p, sameSecret(p.secret, secret)
}

// sameSecret compares in constant time, whatever the lengths are.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
)

// authenticate finds out who calls: by bearer token, key pair or cookie, in
// this order. A caller that shows none of them is anonymous, which is no error
// yet; one that shows a wrong one is refused.
func (s *Server) authenticate(r *http.Request) (*user, *reply) {
	header := strings.Fields(r.Header.Get("Authorization"))
	if len(header) == 2 && strings.EqualFold(header[0], "Bearer") {
		return known(s.callerByToken(header[1]))
	}
	if id, secret, present := r.BasicAuth(); present {
		if s.dialect.losesKey(id) {
			return nil, refuse(http.StatusInternalServerError, messageInternal)
		}
		return known(s.callerByKey(id, secret))
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if token, opened := s.tokens.open(cookie.Value); opened {
			return known(s.callerByToken(token))
		}
	}
	return nil, s.dialect.refuseCookies(r)
}

// known refuses a caller that was not found.
func known(caller *user, ok bool) (*user, *reply) {
	if !ok {
		return nil, refuse(http.StatusUnauthorized, messageUnauthenticated)
	}
	return caller, nil
}

// losesKey reports whether an access key cannot be looked up, because its id
// makes another path of the request to the auth server.
func (d *dialect) losesKey(id string) bool {
	return d.behindAuthServer && (id == "" || id == "." || id == "..")
}

// refuseCookies refuses sessions of the ways to log in that the server does not
// have. Unlike its own cookie it does not ignore those that it cannot read.
func (d *dialect) refuseCookies(r *http.Request) *reply {
	for _, name := range []string{"oidc_auth_session", "saml_auth_session"} {
		cookie, err := r.Cookie(name)
		if err != nil {
			continue
		}
		message := messageUnauthenticated
		if d.cookieProblem {
			message = cookieProblem(cookie.Value)
		}
		return refuse(http.StatusUnauthorized, message)
	}
	return nil
}

func cookieProblem(value string) string {
	if _, err := base64.URLEncoding.DecodeString(value); err != nil {
		return "securecookie: base64 decode failed - caused by: " + err.Error()
	}
	return "securecookie: the value is not valid"
}

func (s *Server) callerByToken(token string) (*user, bool) {
	id, _, valid := s.tokens.verify(audienceLogin, token)
	if !valid {
		return nil, false
	}
	return s.callerByID(id)
}

func (s *Server) callerByKey(id, secret string) (*user, bool) {
	key, err := s.store.key(id)
	if err != nil || !sameSecret(key.secret, secret) {
		return nil, false
	}
	return s.callerByID(key.user)
}

func (s *Server) callerByID(id string) (*user, bool) {
	u, err := s.store.user(id)
	return &u, err == nil
}

func sameSecret(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// authorize decides whether the caller may do what the operation needs.
func (s *Server) authorize(c *call) *reply {
	if c.operation.needs == nil {
		return nil
	}
	if c.caller == nil {
		return refuse(http.StatusUnauthorized, messageUnauthenticated)
	}
	if s.basic {
		return nil
	}
	about := attributes{sourceIP: sourceAddress(c.request)}
	policies := s.store.authorizing(c.caller.id)
	v := s.dialect.rules.decide(policies, c.caller.id, about, c.operation.needs(c))
	if v.outcome == allow {
		return nil
	}
	return refuse(http.StatusUnauthorized, s.dialect.refusal(v))
}

// refusal is the text of a 401 for a caller who is known but not permitted.
func (d *dialect) refusal(v verdict) string {
	const text = "insufficient permissions"
	switch {
	case !d.explains:
		return text
	case v.deniedBy != "":
		return text + ": denied permission to " + v.deniedBy
	case v.missing != "":
		return text + ": not allowed to " + v.missing
	}
	return text + ": not allowed"
}

// sourceAddress is the address that conditions see. Like lakeFS it believes the
// headers a client sends.
func sourceAddress(r *http.Request) string {
	if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-For"), ","); first != "" {
		return strings.TrimSpace(first)
	}
	if address := r.Header.Get("X-Real-Ip"); address != "" {
		return strings.TrimSpace(address)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

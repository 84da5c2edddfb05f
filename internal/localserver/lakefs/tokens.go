// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// sessionCookie carries the login token of a browser.
	sessionCookie = "internal_auth_session"
	cookieAge     = 30 * 24 * time.Hour

	loginLifetime = 7 * 24 * time.Hour
	resetLifetime = 20 * time.Minute

	audienceLogin = "login"
	audienceReset = "reset_password"

	signingKeyBytes = 32
)

// tokens issues and verifies the JSON Web Tokens of one server. They are valid
// on that server alone and keep no state: only their age ends them.
type tokens struct {
	key    []byte
	issuer string
	now    func() time.Time
}

func newTokens(issuer string, now func() time.Time) *tokens {
	return &tokens{key: randomBytes(signingKeyBytes), issuer: issuer, now: now}
}

// issue makes a token for a subject and answers it with its expiry.
func (t *tokens) issue(audience, subject string, lifetime time.Duration) (string, time.Time, error) {
	issued := t.now()
	expires := issued.Add(lifetime)
	// A map, because lakeFS writes the audience as a string and not as a list.
	claims := jwt.MapClaims{
		"aud": audience,
		"sub": subject,
		"iat": issued.Unix(),
		"exp": expires.Unix(),
		"jti": newUUID(),
	}
	if t.issuer != "" {
		claims["iss"] = t.issuer
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(t.key)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("signing a token: %w", err)
	}
	return token, expires, nil
}

// verify returns the subject and the id of a token for the audience.
func (t *tokens) verify(audience, token string) (subject, id string, ok bool) {
	var claims jwt.RegisteredClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(t.now))
	if err != nil {
		return "", "", false
	}
	return claims.Subject, claims.ID, true
}

// cookie wraps a token for a browser. The signature tells a cookie of this
// server from any other value, which is ignored and not refused.
func (t *tokens) cookie(token string, flags bool) *http.Cookie {
	//nolint:gosec // The real cookie is not Secure either, and the older one has no flag at all.
	c := &http.Cookie{
		Name:   sessionCookie,
		Value:  base64.URLEncoding.EncodeToString([]byte(token + "." + t.seal(token))),
		Path:   "/",
		MaxAge: int(cookieAge.Seconds()),
	}
	if flags {
		c.HttpOnly = true
		c.SameSite = http.SameSiteLaxMode
	}
	return c
}

// open takes the token out of a cookie value.
func (t *tokens) open(value string) (token string, ok bool) {
	sealed, err := base64.URLEncoding.DecodeString(value)
	if err != nil {
		return "", false
	}
	end := bytes.LastIndexByte(sealed, '.')
	if end < 0 {
		return "", false
	}
	token = string(sealed[:end])
	return token, hmac.Equal(sealed[end+1:], []byte(t.seal(token)))
}

func (t *tokens) seal(token string) string {
	mac := hmac.New(sha256.New, t.key)
	// Writing to a hash never fails.
	_, _ = mac.Write([]byte(sessionCookie + "\x00" + token))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

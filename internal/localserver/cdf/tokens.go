// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer          = "https://local-server.invalid"
	audience        = "https://api.local-server.invalid"
	signingKeyBytes = 32
)

// tokens issues and verifies the access tokens of one server. They keep no state:
// only their age ends them.
type tokens struct {
	key      []byte
	now      func() time.Time
	lifetime time.Duration
}

func newTokens(now func() time.Time, lifetime time.Duration) *tokens {
	return &tokens{key: randomBytes(signingKeyBytes), now: now, lifetime: lifetime}
}

// claims is what a token says of its owner.
type claims struct {
	jwt.RegisteredClaims
	// Groups are the owner's groups at the identity provider, which groups refer to
	// by their sourceId. They are those of the time when the token was issued.
	Groups []string `json:"groups"`
}

// issue makes a token for a principal.
func (t *tokens) issue(owner principal) (string, error) {
	now := t.now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   owner.id,
			Audience:  jwt.ClaimStrings{audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(t.lifetime)),
			ID:        newUUID(),
		},
		Groups: owner.sourceIDs,
	}).SignedString(t.key)
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return token, nil
}

// verify returns what a token says, or an error that tells why it is not valid.
func (t *tokens) verify(token string) (claims, error) {
	var said claims
	_, err := jwt.ParseWithClaims(token, &said, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(issuer),
		jwt.WithAudience(audience),
		jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(t.now))
	return said, err
}

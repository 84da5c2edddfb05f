// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// credentials put themselves on requests. They are functions so that no way of
// printing a client reaches a secret.
type credentials struct {
	authorize func(ctx context.Context, r *http.Request) error
	secrets   func() []string
	// discard gives a token up that the server has rejected, and tells whether another
	// may be had; accept notes that the server knows one. Both are nil where there is no
	// other token.
	discard func(token string) bool
	accept  func(token string)
}

func newCredentials(config Config) credentials {
	if config.Token != "" {
		return credentials{
			authorize: func(_ context.Context, r *http.Request) error {
				setBearer(r, config.Token)
				return nil
			},
			secrets: func() []string { return []string{config.Token} },
		}
	}
	login := newLogin(config)
	return credentials{
		authorize: func(ctx context.Context, r *http.Request) error {
			token, err := login.token(ctx)
			if err != nil {
				return err
			}
			if err := useOf(ctx).take(token); err != nil {
				return err
			}
			setBearer(r, token)
			return nil
		},
		secrets: login.secrets,
		discard: login.discard,
		accept:  login.accept,
	}
}

// errSameToken ends a second try for which the identity provider has given the token
// again that the first was rejected with.
var errSameToken = errors.New("the identity provider gives the rejected token again")

// tokenUse is which token a call is made with.
type tokenUse struct {
	token, rejected string
}

type tokenUseKey struct{}

// useOf answers the use that a context carries, or one that nobody looks at.
func useOf(ctx context.Context) *tokenUse {
	if use, ok := ctx.Value(tokenUseKey{}).(*tokenUse); ok {
		return use
	}
	return new(tokenUse)
}

func (u *tokenUse) take(token string) error {
	if token == u.rejected {
		return errSameToken
	}
	u.token = token
	return nil
}

// send makes a call, and once more with a new token when the server rejects that of the
// first: it may have been revoked, or end earlier than the identity provider said. A
// server that answers 401 has not handled the call, so that is safe for any.
func (c credentials) send(ctx context.Context, call func(context.Context) error) error {
	if c.discard == nil {
		return call(ctx)
	}
	first := new(tokenUse)
	err := c.sendOnce(ctx, first, call)
	if httpapi.StatusOf(err) != http.StatusUnauthorized || !c.discard(first.token) {
		return err
	}
	again := c.sendOnce(ctx, &tokenUse{rejected: first.token}, call)
	if errors.Is(again, errSameToken) {
		return err
	}
	return again
}

func (c credentials) sendOnce(ctx context.Context, use *tokenUse, call func(context.Context) error) error {
	err := call(context.WithValue(ctx, tokenUseKey{}, use))
	if status := httpapi.StatusOf(err); err == nil || status != 0 && status != http.StatusUnauthorized && status < 500 {
		c.accept(use.token)
	}
	return err
}

func setBearer(r *http.Request, token string) {
	r.Header.Set("Authorization", "Bearer "+token)
}

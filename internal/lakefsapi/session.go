// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"errors"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// AuthCapabilities is what a server's authentication can do.
type AuthCapabilities struct {
	InviteUser bool `json:"invite_user"`
	// ForgotPassword is false on servers since v0.98, which don't send it.
	ForgotPassword bool `json:"forgot_password"`
}

// UnmarshalJSON refuses null; all members are optional.
func (a *AuthCapabilities) UnmarshalJSON(data []byte) error {
	type plain AuthCapabilities
	return httpapi.UnmarshalObject(data, (*plain)(a))
}

// LoginInformation is the body of login. It prints itself without the secret.
type LoginInformation struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
}

// AuthenticationToken is a login token. It prints itself without the token.
type AuthenticationToken struct {
	Token string `json:"token"`
	// Expiration is in Unix seconds, 0 when the server does not say.
	Expiration int64 `json:"token_expiration"`
}

// UnmarshalJSON refuses an answer without a token.
func (t *AuthenticationToken) UnmarshalJSON(data []byte) error {
	type plain AuthenticationToken
	return httpapi.UnmarshalObject(data, (*plain)(t), "token")
}

// StsAuthRequest is the body of stsLogin. It prints itself without the code.
type StsAuthRequest struct {
	Code        string `json:"code"`
	State       string `json:"state"`
	RedirectURI string `json:"redirect_uri"`
	// TTLSeconds is how long the token shall live: 0 means an hour, the most is
	// twelve.
	TTLSeconds int64 `json:"ttl_seconds,omitempty"`
}

// ExternalLoginInformation is the body of externalPrincipalLogin. It prints
// itself without the identity request, which is signed.
type ExternalLoginInformation struct {
	IdentityRequest map[string]any `json:"identityRequest"`
	// TokenExpirationDuration is in seconds, 0 leaves it to the server.
	TokenExpirationDuration int `json:"token_expiration_duration,omitempty"`
}

// GetAuthCapabilities answers what the server's authentication can do. It needs
// no credentials and sends none.
func (c *Client) GetAuthCapabilities(ctx context.Context) (AuthCapabilities, error) {
	return fetch[AuthCapabilities](ctx, c, opGetAuthCapabilities, arguments{})
}

// GetCurrentUser answers the user whose credentials the client sends. A server
// that took the caller for anonymous answers a user without id: that is an
// error for which [IsNotAuthenticated] is true.
func (c *Client) GetCurrentUser(ctx context.Context) (User, error) {
	answer, err := fetch[currentUser](ctx, c, opGetCurrentUser, arguments{})
	if err != nil {
		return User{}, err
	}
	if answer.User.ID == "" {
		return User{}, errNotAuthenticated
	}
	return answer.User, nil
}

var errNotAuthenticated = errors.New(
	"getCurrentUser (GET /user): not authenticated: the server took the caller for anonymous, as if no credentials had been sent")

type currentUser struct {
	User User `json:"user"`
}

// UnmarshalJSON refuses an answer without a user.
func (u *currentUser) UnmarshalJSON(data []byte) error {
	type plain currentUser
	return httpapi.UnmarshalObject(data, (*plain)(u), "user")
}

// Login answers a login token for a key pair. The client's own credentials are
// not sent.
func (c *Client) Login(ctx context.Context, login LoginInformation) (AuthenticationToken, error) {
	return fetch[AuthenticationToken](ctx, c, opLogin, arguments{object: login.AccessKeyID, body: login})
}

// OwnLogin answers the key pair that the client signs requests with, and whether it
// has one: with a token it has not.
func (c *Client) OwnLogin() (LoginInformation, bool) { return c.own() }

// StsLogin answers a login token for a code of an identity provider.
func (c *Client) StsLogin(ctx context.Context, login StsAuthRequest) (AuthenticationToken, error) {
	return fetch[AuthenticationToken](ctx, c, opStsLogin, arguments{body: login})
}

// ExternalPrincipalLogin answers a login token for an identity of another system,
// proven by a request that it signed.
func (c *Client) ExternalPrincipalLogin(ctx context.Context, login ExternalLoginInformation) (AuthenticationToken, error) {
	return fetch[AuthenticationToken](ctx, c, opExternalPrincipalLogin, arguments{body: login})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// SetupState says whether a server has been set up and how one logs in.
type SetupState struct {
	// State is "initialized" or "not_initialized".
	State string `json:"state"`
	// LoginConfig is for the web interface, but tells the kind of access control.
	LoginConfig LoginConfig `json:"login_config"`
}

// UnmarshalJSON refuses an answer without a state.
func (s *SetupState) UnmarshalJSON(data []byte) error {
	type plain SetupState
	return httpapi.UnmarshalObject(data, (*plain)(s), "state")
}

// LoginConfig is the part of the login configuration that concerns access.
type LoginConfig struct {
	// RBAC is none, simplified, internal or external, or "" when not told.
	RBAC string `json:"RBAC"`
}

// Setup is the body of setup. It prints itself without the secret.
type Setup struct {
	Username string
	// Key is the first administrator's; nil lets the server choose one.
	Key *LoginInformation
}

// UpdatePasswordByToken is the body of updatePassword. It prints itself without
// its secrets.
type UpdatePasswordByToken struct {
	// Token is the one from the e-mail that ForgotPassword sent.
	Token       string `json:"token"`
	NewPassword string `json:"newPassword"`
	// Email, when set, must be the address that the token was sent to.
	Email string `json:"email,omitempty"`
}

type forgotPasswordRequest struct {
	Email string `json:"email"`
}

// GetSetupState answers whether the server has been set up.
func (c *Client) GetSetupState(ctx context.Context) (SetupState, error) {
	return fetch[SetupState](ctx, c, opGetSetupState, arguments{})
}

// Setup makes the first administrator of a new server. A server that has been
// set up answers 409.
func (c *Client) Setup(ctx context.Context, setup Setup) (CredentialsWithSecret, error) {
	return fetch[CredentialsWithSecret](ctx, c, opSetup, arguments{object: setup.Username, body: setup})
}

// ForgotPassword has the server send an e-mail with a token to set a new
// password. It succeeds for every valid address, known or not. Servers since
// v0.98 don't have it and answer 404.
func (c *Client) ForgotPassword(ctx context.Context, email string) error {
	return c.call(ctx, opForgotPassword, arguments{object: email, body: forgotPasswordRequest{email}})
}

// UpdatePassword sets a new password with a token from an e-mail. Servers since
// v0.98 don't have it and answer 404.
func (c *Client) UpdatePassword(ctx context.Context, update UpdatePasswordByToken) error {
	return c.call(ctx, opUpdatePassword, arguments{object: update.Email, body: update})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"iter"
	"net/url"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// ExternalPrincipal is an identity of another system, such as an AWS role, that
// may log in as a user. lakeFS calls these operations experimental.
type ExternalPrincipal struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
	// Settings are for the server's authenticator to interpret.
	Settings map[string]any `json:"settings,omitempty"`
}

// UnmarshalJSON refuses a principal without its ids.
func (p *ExternalPrincipal) UnmarshalJSON(data []byte) error {
	type plain ExternalPrincipal
	return httpapi.UnmarshalObject(data, (*plain)(p), "id", "user_id")
}

// ExternalPrincipalCreation is the body of createUserExternalPrincipal.
type ExternalPrincipalCreation struct {
	Settings map[string]any `json:"settings,omitempty"`
}

// GetExternalPrincipal answers the user that a principal may log in as.
func (c *Client) GetExternalPrincipal(ctx context.Context, principalID string) (ExternalPrincipal, error) {
	return fetch[ExternalPrincipal](ctx, c, opGetExternalPrincipal, arguments{
		object: principalID,
		query:  ofPrincipal(principalID),
	})
}

// CreateUserExternalPrincipal lets a principal log in as a user. A principal that
// belongs to a user answers 409.
func (c *Client) CreateUserExternalPrincipal(ctx context.Context, userID, principalID string, principal ExternalPrincipalCreation) error {
	return c.call(ctx, opCreateUserExternalPrincipal, arguments{
		path:  ofUser(userID),
		query: ofPrincipal(principalID),
		body:  principal,
	})
}

// DeleteUserExternalPrincipal takes a principal from a user.
func (c *Client) DeleteUserExternalPrincipal(ctx context.Context, userID, principalID string) error {
	return c.call(ctx, opDeleteUserExternalPrincipal, arguments{
		path:  ofUser(userID),
		query: ofPrincipal(principalID),
	})
}

// ListUserExternalPrincipals answers the principals that may log in as a user.
func (c *Client) ListUserExternalPrincipals(ctx context.Context, userID string, options ListOptions) iter.Seq2[ExternalPrincipal, error] {
	return list[ExternalPrincipal](ctx, c, opListUserExternalPrincipals, arguments{path: ofUser(userID)}, options)
}

func ofPrincipal(principalID string) url.Values {
	return url.Values{"principalId": {principalID}}
}

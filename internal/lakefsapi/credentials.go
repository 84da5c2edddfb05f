// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Credentials is a key pair without its secret.
type Credentials struct {
	AccessKeyID string `json:"access_key_id"`
	// CreationDate is in Unix seconds.
	CreationDate int64 `json:"creation_date"`
}

// UnmarshalJSON refuses credentials without id or creation date.
func (c *Credentials) UnmarshalJSON(data []byte) error {
	type plain Credentials
	return httpapi.UnmarshalObject(data, (*plain)(c), "access_key_id", "creation_date")
}

// CredentialsWithSecret is a key pair. It prints itself without its secret.
type CredentialsWithSecret struct {
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
	// CreationDate is in Unix seconds, 0 when the answer lacks it.
	CreationDate int64 `json:"creation_date"`
}

// UnmarshalJSON refuses a key pair that lacks a half. A missing date, which a list
// tells too, is no reason to lose the secret, which nothing else ever tells.
func (c *CredentialsWithSecret) UnmarshalJSON(data []byte) error {
	type plain CredentialsWithSecret
	return httpapi.UnmarshalObject(data, (*plain)(c), "access_key_id", "secret_access_key")
}

// ListUserCredentials answers the keys of a user. For a user that does not exist
// it answers none, or those that a deleted user of that id left behind.
func (c *Client) ListUserCredentials(ctx context.Context, userID string, options ListOptions) iter.Seq2[Credentials, error] {
	return list[Credentials](ctx, c, opListUserCredentials, arguments{path: ofUser(userID)}, options)
}

// CreateCredentials makes a key pair for a user. This answer is the only one that
// ever holds the secret.
func (c *Client) CreateCredentials(ctx context.Context, userID string) (CredentialsWithSecret, error) {
	return fetch[CredentialsWithSecret](ctx, c, opCreateCredentials, arguments{path: ofUser(userID)})
}

// GetCredentials answers one key of a user.
func (c *Client) GetCredentials(ctx context.Context, userID, accessKeyID string) (Credentials, error) {
	return fetch[Credentials](ctx, c, opGetCredentials, arguments{path: ofKey(userID, accessKeyID)})
}

// DeleteCredentials deletes one key of a user. For a key of another user it
// succeeds and deletes nothing.
func (c *Client) DeleteCredentials(ctx context.Context, userID, accessKeyID string) error {
	return c.call(ctx, opDeleteCredentials, arguments{path: ofKey(userID, accessKeyID)})
}

func ofKey(userID, accessKeyID string) map[string]string {
	return map[string]string{"userId": userID, "accessKeyId": accessKeyID}
}

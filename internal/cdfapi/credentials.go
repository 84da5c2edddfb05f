// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"net/http"
)

// credentials put themselves on requests. They are functions so that no way of
// printing a client reaches a secret.
type credentials struct {
	authorize func(ctx context.Context, r *http.Request) error
	secrets   func() []string
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
			setBearer(r, token)
			return nil
		},
		secrets: login.secrets,
	}
}

func setBearer(r *http.Request, token string) {
	r.Header.Set("Authorization", "Bearer "+token)
}

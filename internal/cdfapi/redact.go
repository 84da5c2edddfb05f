// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// The types below hold secrets, so they print themselves: Format serves every
// verb of package fmt, also %#v, LogValue serves package slog, and MarshalJSON
// what logs values as JSON. What is sent is an httpapi.SecretBody.

// String describes the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("cdfapi.Config{Cluster:%q BaseURL:%q OrganizationURL:%q Project:%q Token:%s ClientID:%q ClientSecret:%s "+
		"TokenURL:%q TenantID:%q Scopes:%q Audience:%q BasicAuth:%t}",
		c.Cluster, httpapi.HidePassword(c.BaseURL), httpapi.HidePassword(c.OrganizationURL), c.Project, httpapi.ShowSecret(c.Token), c.ClientID, httpapi.ShowSecret(c.ClientSecret),
		httpapi.HidePassword(c.TokenURL), c.TenantID, c.Scopes, c.Audience, c.BasicAuth)
}

// Format writes String for every verb.
func (c Config) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, c) }

// LogValue is String for package slog.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON is String for what logs values as JSON.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// String describes the credentials without the secret.
func (s SessionCredentials) String() string {
	return fmt.Sprintf("cdfapi.SessionCredentials{ClientID:%q ClientSecret:%s TokenExchange:%t OneShotTokenExchange:%t}",
		s.ClientID, httpapi.ShowSecret(s.ClientSecret), s.TokenExchange, s.OneShotTokenExchange)
}

// Format writes String for every verb.
func (s SessionCredentials) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, s) }

// LogValue is String for package slog.
func (s SessionCredentials) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON is String for what logs values as JSON.
func (s SessionCredentials) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// Wire answers the body to be sent.
func (s SessionCredentials) Wire() any {
	switch {
	case s.TokenExchange:
		return batch(map[string]bool{"tokenExchange": true})
	case s.OneShotTokenExchange:
		return batch(map[string]bool{"oneshotTokenExchange": true})
	}
	return batch(map[string]string{"clientId": s.ClientID, "clientSecret": s.ClientSecret})
}

// Secrets answers the client secret.
func (s SessionCredentials) Secrets() []string { return []string{s.ClientSecret} }

// String describes the session without its nonce.
func (s CreatedSession) String() string {
	return fmt.Sprintf("cdfapi.CreatedSession{ID:%d Type:%q Status:%q ClientID:%q Nonce:%s}", s.ID, s.Type, s.Status, s.ClientID, httpapi.ShowSecret(s.Nonce))
}

// Format writes String for every verb.
func (s CreatedSession) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, s) }

// LogValue is String for package slog.
func (s CreatedSession) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON is String for what logs values as JSON.
func (s CreatedSession) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

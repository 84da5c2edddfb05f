// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// The types below hold secrets, so they print themselves: Format serves every
// verb of package fmt, also %#v, LogValue serves package slog, and MarshalJSON
// what logs values as JSON. Those that are sent are httpapi.SecretBody.

// String describes the configuration without its secrets.
func (c Config) String() string {
	return fmt.Sprintf("lakefsapi.Config{Endpoint:%q AccessKeyID:%q SecretAccessKey:%s Token:%s}",
		httpapi.HidePassword(c.Endpoint), c.AccessKeyID, httpapi.ShowSecret(c.SecretAccessKey), httpapi.ShowSecret(c.Token))
}

// Format writes String for every verb.
func (c Config) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, c) }

// LogValue is String for package slog.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON is String for what logs values as JSON.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// String describes the key pair without its secret.
func (c CredentialsWithSecret) String() string {
	return fmt.Sprintf("lakefsapi.CredentialsWithSecret{AccessKeyID:%q SecretAccessKey:%s CreationDate:%d}",
		c.AccessKeyID, httpapi.ShowSecret(c.SecretAccessKey), c.CreationDate)
}

// Format writes String for every verb.
func (c CredentialsWithSecret) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, c) }

// LogValue is String for package slog.
func (c CredentialsWithSecret) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON is String for what logs values as JSON.
func (c CredentialsWithSecret) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// String describes the login without its secret.
func (l LoginInformation) String() string {
	return fmt.Sprintf("lakefsapi.LoginInformation{AccessKeyID:%q SecretAccessKey:%s}", l.AccessKeyID, httpapi.ShowSecret(l.SecretAccessKey))
}

// Format writes String for every verb.
func (l LoginInformation) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, l) }

// LogValue is String for package slog.
func (l LoginInformation) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalJSON is String for what logs values as JSON.
func (l LoginInformation) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// Wire answers the body to be sent.
func (l LoginInformation) Wire() any {
	type wire LoginInformation
	return wire(l)
}

// Secrets answers the secret access key.
func (l LoginInformation) Secrets() []string { return []string{l.SecretAccessKey} }

// String describes the token without showing it.
func (t AuthenticationToken) String() string {
	return fmt.Sprintf("lakefsapi.AuthenticationToken{Token:%s Expiration:%d}", httpapi.ShowSecret(t.Token), t.Expiration)
}

// Format writes String for every verb.
func (t AuthenticationToken) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, t) }

// LogValue is String for package slog.
func (t AuthenticationToken) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalJSON is String for what logs values as JSON.
func (t AuthenticationToken) MarshalJSON() ([]byte, error) { return json.Marshal(t.String()) }

// String describes the request without the code and the state.
func (r StsAuthRequest) String() string {
	return fmt.Sprintf("lakefsapi.StsAuthRequest{Code:%s State:%s RedirectURI:%q TTLSeconds:%d}",
		httpapi.ShowSecret(r.Code), httpapi.ShowSecret(r.State), r.RedirectURI, r.TTLSeconds)
}

// Format writes String for every verb.
func (r StsAuthRequest) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, r) }

// LogValue is String for package slog.
func (r StsAuthRequest) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON is String for what logs values as JSON.
func (r StsAuthRequest) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// Wire answers the body to be sent.
func (r StsAuthRequest) Wire() any {
	type wire StsAuthRequest
	return wire(r)
}

// Secrets answers the code and the state.
func (r StsAuthRequest) Secrets() []string { return []string{r.Code, r.State} }

// String describes the login by the names, not the values, of its identity
// request.
func (l ExternalLoginInformation) String() string {
	return fmt.Sprintf("lakefsapi.ExternalLoginInformation{IdentityRequest:%q TokenExpirationDuration:%d}",
		slices.Sorted(maps.Keys(l.IdentityRequest)), l.TokenExpirationDuration)
}

// Format writes String for every verb.
func (l ExternalLoginInformation) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, l) }

// LogValue is String for package slog.
func (l ExternalLoginInformation) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalJSON is String for what logs values as JSON.
func (l ExternalLoginInformation) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// Wire answers the body to be sent.
func (l ExternalLoginInformation) Wire() any {
	type wire ExternalLoginInformation
	return wire(l)
}

// Secrets answers every text in the identity request, since which of them prove
// the identity depends on the system it comes from.
func (l ExternalLoginInformation) Secrets() []string {
	return texts(l.IdentityRequest)
}

func texts(value any) []string {
	var found []string
	switch value := value.(type) {
	case string:
		found = append(found, value)
	case []any:
		for _, item := range value {
			found = append(found, texts(item)...)
		}
	case map[string]any:
		for _, item := range value {
			found = append(found, texts(item)...)
		}
	}
	return found
}

// String describes the setup without its secret.
func (s Setup) String() string {
	if s.Key == nil {
		return fmt.Sprintf("lakefsapi.Setup{Username:%q}", s.Username)
	}
	return fmt.Sprintf("lakefsapi.Setup{Username:%q Key:%s}", s.Username, *s.Key)
}

// Format writes String for every verb.
func (s Setup) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, s) }

// LogValue is String for package slog.
func (s Setup) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON is String for what logs values as JSON.
func (s Setup) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// Wire answers the body to be sent.
func (s Setup) Wire() any {
	body := struct {
		Username string `json:"username"`
		Key      any    `json:"key,omitempty"`
	}{Username: s.Username}
	if s.Key != nil {
		body.Key = s.Key.Wire()
	}
	return body
}

// Secrets answers the secret access key.
func (s Setup) Secrets() []string {
	if s.Key == nil {
		return nil
	}
	return s.Key.Secrets()
}

// String describes the update without the token and the password.
func (u UpdatePasswordByToken) String() string {
	return fmt.Sprintf("lakefsapi.UpdatePasswordByToken{Token:%s NewPassword:%s Email:%q}",
		httpapi.ShowSecret(u.Token), httpapi.ShowSecret(u.NewPassword), u.Email)
}

// Format writes String for every verb.
func (u UpdatePasswordByToken) Format(state fmt.State, _ rune) { httpapi.FormatAsString(state, u) }

// LogValue is String for package slog.
func (u UpdatePasswordByToken) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalJSON is String for what logs values as JSON.
func (u UpdatePasswordByToken) MarshalJSON() ([]byte, error) { return json.Marshal(u.String()) }

// Wire answers the body to be sent.
func (u UpdatePasswordByToken) Wire() any {
	type wire UpdatePasswordByToken
	return wire(u)
}

// Secrets answers the token and the password.
func (u UpdatePasswordByToken) Secrets() []string { return []string{u.Token, u.NewPassword} }

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"cmp"
	"strings"
	"unicode"
)

// The variables that Cognite's Toolkit reads too, and one for the host of the
// organisation, whose address the Toolkit does not let one choose.
const (
	EnvCluster         = "CDF_CLUSTER"
	EnvBaseURL         = "CDF_URL"
	EnvOrganizationURL = "CDF_ORGANIZATION_URL"
	EnvProject         = "CDF_PROJECT"
	EnvToken           = "CDF_TOKEN"
	EnvClientID        = "IDP_CLIENT_ID"
	EnvClientSecret    = "IDP_CLIENT_SECRET" //nolint:gosec // a variable's name, no secret
	EnvTokenURL        = "IDP_TOKEN_URL"     //nolint:gosec // a variable's name, no secret
	EnvTenantID        = "IDP_TENANT_ID"
	EnvScopes          = "IDP_SCOPES"
	EnvAudience        = "IDP_AUDIENCE"
)

// Environment is where unset configuration may come from.
type Environment struct {
	// Getenv answers a variable, as os.Getenv does.
	Getenv func(name string) string
}

// ConfigFromEnvironment fills in what explicit leaves unset, each value by itself,
// from its variable, but nothing that would overrule or contradict what is
// explicit: of Cluster and BaseURL, of TenantID and TokenURL, and of Token and
// client credentials, an explicit one keeps the variables of the other out. A Token
// of the environment, too, keeps those of client credentials out. What then is still
// unset stays so; New says that it is missing.
func ConfigFromEnvironment(explicit Config, env Environment) Config {
	config := explicit
	fill := func(value *string, name string, unless ...string) {
		if cmp.Or(unless...) == "" {
			*value = cmp.Or(*value, env.Getenv(name))
		}
	}
	fill(&config.Cluster, EnvCluster, explicit.BaseURL)
	fill(&config.BaseURL, EnvBaseURL, explicit.Cluster)
	fill(&config.OrganizationURL, EnvOrganizationURL)
	fill(&config.Project, EnvProject)
	fill(&config.Token, EnvToken, explicit.ClientID, explicit.ClientSecret)
	if config.Token != "" {
		return config
	}
	fill(&config.ClientID, EnvClientID)
	fill(&config.ClientSecret, EnvClientSecret)
	fill(&config.TokenURL, EnvTokenURL, explicit.TenantID)
	fill(&config.TenantID, EnvTenantID, explicit.TokenURL)
	fill(&config.Audience, EnvAudience)
	if config.Scopes == nil {
		config.Scopes = splitScopes(env.Getenv(EnvScopes))
	}
	return config
}

// splitScopes reads scopes that are separated by commas, as the Toolkit has them,
// or by spaces, as OAuth has them. It answers nil when there are none.
func splitScopes(text string) []string {
	scopes := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if len(scopes) == 0 {
		return nil
	}
	return scopes
}

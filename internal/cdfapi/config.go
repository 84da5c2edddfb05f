// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Config says which project to work in and as whom. It prints itself without its
// secrets.
type Config struct {
	// Cluster is where the project lies, such as "westeurope-1". It is the host
	// of the API unless there is a BaseURL.
	Cluster string
	// BaseURL is the URL of the API, with or without /api/v1.
	BaseURL string
	// OrganizationURL serves the principals of the organisation; "" means
	// [DefaultOrganizationURL].
	OrganizationURL string
	// Project is the project's name in URLs.
	Project string
	// Token is an access token, to be used instead of client credentials.
	Token string
	// ClientID and ClientSecret are OAuth client credentials.
	ClientID, ClientSecret string
	// TokenURL is where client credentials are exchanged for access tokens.
	TokenURL string
	// TenantID is a tenant of Microsoft Entra. It gives the TokenURL and the
	// Scopes that are not set.
	TenantID string
	// Scopes are what an access token is asked for. Nil means none, or with a
	// TenantID the cluster's. An empty list means none.
	Scopes []string
	// Audience is sent to the TokenURL unless it is "".
	Audience string
	// BasicAuth sends the client credentials as HTTP Basic instead of in the
	// body. Identity providers differ in what they take.
	BasicAuth bool
	// HTTP configures how requests are sent, those for access tokens too.
	HTTP httpapi.Options
}

// Names that become a part of a URL.
var (
	clusterName = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	tenantName  = regexp.MustCompile(`^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$`)
	// clusterURL finds the cluster in the URL of the API, which may be one of a
	// private link.
	clusterURL = regexp.MustCompile(`^https://(?:[^./]+\.plink\.)?([^./]+)\.cognitedata\.com(?::\d+)?(?:/|$)`)
)

// ConfigError says what is wrong with a configuration, in words that are those of no
// user of this package. It holds no secret.
type ConfigError struct {
	// Variables are those of the settings that it is about, such as [EnvCluster].
	Variables []string
	// Detail says what is wrong.
	Detail string
}

// Error says what is wrong.
func (e *ConfigError) Error() string { return e.Detail }

func wrong(detail string, variables ...string) error {
	return &ConfigError{Variables: variables, Detail: detail}
}

// check refuses a configuration in which something is missing or said twice.
func (c Config) check() error {
	switch {
	case c.Cluster == "" && c.BaseURL == "":
		return wrong("neither a CDF cluster nor a base URL is set", EnvCluster, EnvBaseURL)
	case c.Cluster != "" && !clusterName.MatchString(c.Cluster):
		return wrong("the CDF cluster must be a name such as westeurope-1, unlike a base URL", EnvCluster)
	case c.Project == "":
		return wrong("no CDF project is set", EnvProject)
	}
	if err := c.checkCredentials(); err != nil {
		return err
	}
	return c.checkURLs()
}

func (c Config) checkCredentials() error {
	hasPair := c.ClientID != "" || c.ClientSecret != ""
	switch {
	case c.Token != "" && hasPair:
		return wrong("both a CDF token and client credentials are set: use one of them", EnvToken, EnvClientID, EnvClientSecret)
	case c.Token != "" && !isHeaderValue(c.Token):
		// net/http could only report it less well. Tokens read from a file end so.
		return wrong("the CDF token holds a character that cannot be in a header, such as a space or a newline", EnvToken)
	case c.Token != "":
		return nil
	case !hasPair:
		return wrong("no CDF credentials are set: neither a token nor client credentials", EnvToken, EnvClientID, EnvClientSecret)
	case c.ClientID == "":
		return wrong("a CDF client secret is set, but no client id", EnvClientID)
	case c.ClientSecret == "":
		return wrong("a CDF client id is set, but no client secret", EnvClientSecret)
	case c.TokenURL == "" && c.TenantID == "":
		return wrong("CDF client credentials are set, but neither a token URL to use them at nor a tenant", EnvTokenURL, EnvTenantID)
	case c.TenantID != "" && !tenantName.MatchString(c.TenantID):
		return wrong("the tenant must be the id or the domain of a tenant of Microsoft Entra", EnvTenantID)
	case c.TenantID != "" && c.Scopes == nil && c.scopeCluster() == "":
		return wrong("no scopes are set, and the base URL does not tell the cluster that they follow from: set the scopes or the cluster", EnvScopes, EnvCluster)
	}
	return nil
}

// checkURLs refuses URLs that nothing may be sent to.
func (c Config) checkURLs() error {
	for _, u := range []struct {
		name, text, variable string
		used                 bool
	}{
		{"the base URL of CDF", strings.TrimSpace(c.baseURL()), EnvBaseURL, true},
		{"the URL of organizations", strings.TrimSpace(c.organizationURL()), EnvOrganizationURL, true},
		{"the token URL", c.tokenURL(), EnvTokenURL, c.Token == ""},
	} {
		if !u.used {
			continue
		}
		if _, err := httpapi.CheckURL("the URL", u.text, c.HTTP.AllowPlaintextHTTP); err != nil {
			return wrong(u.name+": "+err.Error(), u.variable)
		}
	}
	return nil
}

func isHeaderValue(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
}

func (c Config) baseURL() string {
	return cmp.Or(c.BaseURL, fmt.Sprintf("https://%s.cognitedata.com", c.Cluster))
}

func (c Config) organizationURL() string {
	return cmp.Or(c.OrganizationURL, DefaultOrganizationURL)
}

func (c Config) tokenURL() string {
	return cmp.Or(c.TokenURL, fmt.Sprintf("https://login.microsoftonline.com/%s/oauth2/v2.0/token", c.TenantID))
}

// scopes answers what to ask for: Entra wants to know which API a token is for.
func (c Config) scopes() []string {
	if c.Scopes != nil || c.TenantID == "" {
		return c.Scopes
	}
	return []string{fmt.Sprintf("https://%s.cognitedata.com/.default", c.scopeCluster())}
}

// scopeCluster answers the cluster that tokens are for: that of the URL, to which
// they are sent, before the one that is only named.
func (c Config) scopeCluster() string {
	if found := clusterURL.FindStringSubmatch(c.BaseURL); found != nil {
		return found[1]
	}
	return c.Cluster
}

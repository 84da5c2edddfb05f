// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"cmp"
	"errors"
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

// check refuses a configuration in which something is missing or said twice.
func (c Config) check() error {
	switch {
	case c.Cluster == "" && c.BaseURL == "":
		return errors.New("no CDF Cluster is set, and no BaseURL")
	case c.Cluster != "" && !clusterName.MatchString(c.Cluster):
		return errors.New("the CDF Cluster must be a name such as westeurope-1: set BaseURL to use a URL")
	case c.Project == "":
		return errors.New("no CDF Project is set")
	}
	return c.checkCredentials()
}

func (c Config) checkCredentials() error {
	hasPair := c.ClientID != "" || c.ClientSecret != ""
	switch {
	case c.Token != "" && hasPair:
		return errors.New("both a CDF Token and client credentials (ClientID, ClientSecret) are set: use one of them")
	case c.Token != "":
		return checkHeaderValue(c.Token)
	case !hasPair:
		return errors.New("no CDF credentials are set: a Token, or a ClientID and a ClientSecret")
	case c.ClientID == "":
		return errors.New("a CDF ClientSecret is set, but no ClientID")
	case c.ClientSecret == "":
		return errors.New("a CDF ClientID is set, but no ClientSecret")
	case c.TokenURL == "" && c.TenantID == "":
		return errors.New("CDF client credentials are set, but no TokenURL to use them at, and no TenantID")
	case c.TenantID != "" && !tenantName.MatchString(c.TenantID):
		return errors.New("the TenantID must be the id or the domain of a tenant of Microsoft Entra")
	case c.TenantID != "" && c.Scopes == nil && c.scopeCluster() == "":
		return errors.New("no Scopes are set, and the BaseURL does not tell the Cluster that they follow from: set one of them")
	}
	return nil
}

// checkHeaderValue refuses what net/http would refuse in a header, such as the
// newline of a token read from a file, which it could only report less well.
func checkHeaderValue(token string) error {
	if !isHeaderValue(token) {
		return errors.New("the CDF Token holds a character that cannot be in a header, such as a space or a newline")
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

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

func TestNewChecksConfig(t *testing.T) {
	t.Parallel()
	const tokenURL = "https://idp.example.com/token"
	tests := map[string]struct {
		change  func(*cdfapi.Config) // of a configuration with client credentials
		wantErr string               // "": none
	}{
		"complete":           {func(*cdfapi.Config) {}, ""},
		"token":              {func(c *cdfapi.Config) { c.Token, c.ClientID, c.ClientSecret, c.TokenURL = grantedToken, "", "", "" }, ""},
		"token, a token URL": {func(c *cdfapi.Config) { c.Token, c.ClientID, c.ClientSecret = grantedToken, "", "" }, ""},
		"tenant":             {func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "", "x.onmicrosoft.com" }, ""},
		"URL, tenant, scopes": {func(c *cdfapi.Config) {
			c.Cluster, c.BaseURL, c.TokenURL, c.TenantID, c.Scopes = "", "https://x.io", "", "x", []string{"s"}
		}, ""},
		"loopback": {func(c *cdfapi.Config) {
			c.BaseURL, c.OrganizationURL, c.TokenURL = "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1/token"
		}, ""},
		"plaintext allowed":      {func(c *cdfapi.Config) { c.TokenURL, c.HTTP.AllowPlaintextHTTP = "http://idp.example.com/token", true }, ""},
		"no cluster":             {func(c *cdfapi.Config) { c.Cluster = "" }, "neither a CDF cluster nor a base URL is set"},
		"a URL for the cluster":  {func(c *cdfapi.Config) { c.Cluster = "https://api.cognitedata.com" }, "the CDF cluster must be a name"},
		"a host for the cluster": {func(c *cdfapi.Config) { c.Cluster = "api.cognitedata.com" }, "the CDF cluster must be a name"},
		"no project":             {func(c *cdfapi.Config) { c.Project = "" }, "no CDF project is set"},
		"no credentials":         {func(c *cdfapi.Config) { c.ClientID, c.ClientSecret = "", "" }, "no CDF credentials are set: neither a token nor client credentials"},
		"no client id":           {func(c *cdfapi.Config) { c.ClientID = "" }, "a CDF client secret is set, but no client id"},
		"no client secret":       {func(c *cdfapi.Config) { c.ClientSecret = "" }, "a CDF client id is set, but no client secret"},
		"no token URL":           {func(c *cdfapi.Config) { c.TokenURL = "" }, "neither a token URL to use them at nor a tenant"},
		"both":                   {func(c *cdfapi.Config) { c.Token = grantedToken }, "both a CDF token and client credentials"},
		"token and half a pair":  {func(c *cdfapi.Config) { c.Token, c.ClientID = grantedToken, "" }, "both a CDF token and client credentials"},
		"header in token": {func(c *cdfapi.Config) {
			c.Token, c.ClientID, c.ClientSecret = "t\r\nX-Injected: "+grantedToken, "", ""
		}, "cannot be in a header"},
		"newline in token":            {func(c *cdfapi.Config) { c.Token, c.ClientID, c.ClientSecret = grantedToken+"\n", "", "" }, "cannot be in a header"},
		"a path for the tenant":       {func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "", "x/../y" }, "the tenant must be"},
		"dots for the tenant":         {func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "", ".." }, "the tenant must be"},
		"scopes that cannot be known": {func(c *cdfapi.Config) { c.Cluster, c.BaseURL, c.TokenURL, c.TenantID = "", "https://x.io", "", "x" }, "no scopes are set, and the base URL does not tell the cluster"},
		"password in the URL":         {func(c *cdfapi.Config) { c.BaseURL = "https://me:" + testSecret + "@x.io" }, "the base URL of CDF: the URL "},
		"plaintext":                   {func(c *cdfapi.Config) { c.BaseURL = "http://x.io" }, "the base URL of CDF: http:// would send credentials unencrypted"},
		"organisation, plaintext":     {func(c *cdfapi.Config) { c.OrganizationURL = "http://x.io" }, "the URL of organizations: http:// would send credentials unencrypted"},
		"login, plaintext":            {func(c *cdfapi.Config) { c.TokenURL = "http://x.io/token" }, "the token URL: http:// would send credentials unencrypted"},
		"login, password":             {func(c *cdfapi.Config) { c.TokenURL = "https://me:hunter2@x.io/token" }, "the token URL: the URL must not hold a user name"},
		"no CA file":                  {func(c *cdfapi.Config) { c.HTTP.CAFile = filepath.Join(t.TempDir(), "none.pem") }, "reading the CA file"},
		"negative timeout":            {func(c *cdfapi.Config) { c.HTTP.RequestTimeout = -1 }, "timeout must not be negative"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := cdfapi.Config{Cluster: "api", Project: "acme", ClientID: testClientID, ClientSecret: testSecret, TokenURL: tokenURL}
			test.change(&config)
			client, err := cdfapi.New(config)
			if test.wantErr == "" {
				if err != nil {
					t.Errorf("New: %v", err)
				}
				return
			}
			if err == nil || client != nil || !strings.Contains(err.Error(), test.wantErr) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), testSecret) || strings.Contains(err.Error(), grantedToken) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
		})
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"https://api.cognitedata.com":          "https://api.cognitedata.com",
		"https://api.cognitedata.com/":         "https://api.cognitedata.com",
		"https://api.cognitedata.com/api/v1":   "https://api.cognitedata.com",
		"https://api.cognitedata.com/api/v1//": "https://api.cognitedata.com",
		" https://x.io/cdf/api/v1 ":            "https://x.io/cdf",
		"http://localhost:8000":                "http://localhost:8000",
		"":                                     "https://westeurope-1.cognitedata.com",
	}
	for baseURL, want := range tests {
		t.Run(baseURL, func(t *testing.T) {
			t.Parallel()
			client := connect(t, cdfapi.Config{Cluster: "westeurope-1", BaseURL: baseURL, Project: "acme", Token: "t", HTTP: httpapi.Options{}})
			if got := client.BaseURL(); got != want {
				t.Errorf("BaseURL = %q, want %q", got, want)
			}
		})
	}
}

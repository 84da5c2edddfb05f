// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// everyVariable sets all there are.
var everyVariable = map[string]string{
	cdfapi.EnvCluster: "env-cluster", cdfapi.EnvBaseURL: "https://env.example.com", cdfapi.EnvOrganizationURL: "https://org.example.com",
	cdfapi.EnvProject: "env-project", cdfapi.EnvToken: grantedToken, cdfapi.EnvClientID: "env-id", cdfapi.EnvClientSecret: testSecret,
	cdfapi.EnvTokenURL: "https://idp.example.com/token", cdfapi.EnvTenantID: "env-tenant", cdfapi.EnvScopes: "a, b c", cdfapi.EnvAudience: "env-audience",
}

// fromEveryVariable is what they make of an empty configuration.
func fromEveryVariable() cdfapi.Config {
	return cdfapi.Config{
		Cluster: "env-cluster", BaseURL: "https://env.example.com", OrganizationURL: "https://org.example.com",
		Project: "env-project", Token: grantedToken, ClientID: "env-id", ClientSecret: testSecret,
		TokenURL: "https://idp.example.com/token", TenantID: "env-tenant", Scopes: []string{"a", "b", "c"}, Audience: "env-audience",
	}
}

func TestConfigFromEnvironment(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		explicit cdfapi.Config
		want     func(*cdfapi.Config) // how it differs from fromEveryVariable
	}{
		"nothing explicit":  {cdfapi.Config{}, func(*cdfapi.Config) {}},
		"cluster":           {cdfapi.Config{Cluster: "c"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "c", "" }},
		"base URL":          {cdfapi.Config{BaseURL: "u"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "", "u" }},
		"cluster and URL":   {cdfapi.Config{Cluster: "c", BaseURL: "u"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "c", "u" }},
		"organisation":      {cdfapi.Config{OrganizationURL: "o"}, func(c *cdfapi.Config) { c.OrganizationURL = "o" }},
		"project":           {cdfapi.Config{Project: "p"}, func(c *cdfapi.Config) { c.Project = "p" }},
		"client id":         {cdfapi.Config{ClientID: "i"}, func(c *cdfapi.Config) { c.Token, c.ClientID = "", "i" }},
		"client secret":     {cdfapi.Config{ClientSecret: "s"}, func(c *cdfapi.Config) { c.Token, c.ClientSecret = "", "s" }},
		"token URL":         {cdfapi.Config{TokenURL: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "t", "" }},
		"tenant":            {cdfapi.Config{TenantID: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "", "t" }},
		"tenant, token URL": {cdfapi.Config{TokenURL: "u", TenantID: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "u", "t" }},
		"scopes":            {cdfapi.Config{Scopes: []string{"s"}}, func(c *cdfapi.Config) { c.Scopes = []string{"s"} }},
		"no scopes":         {cdfapi.Config{Scopes: []string{}}, func(c *cdfapi.Config) { c.Scopes = []string{} }},
		"audience":          {cdfapi.Config{Audience: "a"}, func(c *cdfapi.Config) { c.Audience = "a" }},
		"token": {cdfapi.Config{Token: "t"}, func(c *cdfapi.Config) {
			c.Token, c.ClientID, c.ClientSecret, c.TokenURL, c.TenantID, c.Scopes, c.Audience = "t", "", "", "", "", nil, ""
		}},
		"token and half a pair": {cdfapi.Config{Token: "t", ClientID: "i"}, func(c *cdfapi.Config) {
			c.Token, c.ClientID, c.ClientSecret, c.TokenURL, c.TenantID, c.Scopes, c.Audience = "t", "i", "", "", "", nil, ""
		}},
		"what has no variable": {cdfapi.Config{BasicAuth: true}, func(c *cdfapi.Config) { c.BasicAuth = true }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := fromEveryVariable()
			test.want(&want)
			got := cdfapi.ConfigFromEnvironment(test.explicit, environment(everyVariable))
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(httpapi.Options{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := cdfapi.ConfigFromEnvironment(test.explicit, environment(nil)); !cmp.Equal(test.explicit, got, cmpopts.IgnoreTypes(httpapi.Options{})) {
				t.Errorf("an empty environment changes %v to %v", test.explicit, got)
			}
		})
	}
}

func environment(variables map[string]string) cdfapi.Environment {
	return cdfapi.Environment{Getenv: func(name string) string { return variables[name] }}
}

func TestScopesFromEnvironment(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"":                                     nil,
		" , ":                                  nil,
		"a":                                    {"a"},
		"a,b":                                  {"a", "b"},
		"a b":                                  {"a", "b"},
		" a ,\tb,, c\n":                        {"a", "b", "c"},
		"https://api.cognitedata.com/.default": {"https://api.cognitedata.com/.default"},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got := cdfapi.ConfigFromEnvironment(cdfapi.Config{}, environment(map[string]string{cdfapi.EnvScopes: text}))
			if diff := cmp.Diff(want, got.Scopes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

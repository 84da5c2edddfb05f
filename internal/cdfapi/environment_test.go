// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"maps"
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

// fromEveryVariable is what they make of an empty configuration, by the credentials
// that count: the token keeps what belongs to client credentials out.
func fromEveryVariable(token bool) cdfapi.Config {
	config := cdfapi.Config{
		Cluster: "env-cluster", BaseURL: "https://env.example.com", OrganizationURL: "https://org.example.com", Project: "env-project",
	}
	if token {
		config.Token = grantedToken
		return config
	}
	config.ClientID, config.ClientSecret, config.TokenURL, config.TenantID = "env-id", testSecret, "https://idp.example.com/token", "env-tenant"
	config.Scopes, config.Audience = []string{"a", "b", "c"}, "env-audience"
	return config
}

func TestConfigFromEnvironment(t *testing.T) {
	t.Parallel()
	const token, pair = true, false
	tests := map[string]struct {
		counts   bool // a token in the environment, or client credentials
		explicit cdfapi.Config
		want     func(*cdfapi.Config) // how it differs from fromEveryVariable
	}{
		"nothing explicit":          {pair, cdfapi.Config{}, func(*cdfapi.Config) {}},
		"nothing explicit, a token": {token, cdfapi.Config{}, func(*cdfapi.Config) {}},
		"cluster":                   {pair, cdfapi.Config{Cluster: "c"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "c", "" }},
		"base URL":                  {pair, cdfapi.Config{BaseURL: "u"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "", "u" }},
		"cluster and URL":           {pair, cdfapi.Config{Cluster: "c", BaseURL: "u"}, func(c *cdfapi.Config) { c.Cluster, c.BaseURL = "c", "u" }},
		"organisation":              {pair, cdfapi.Config{OrganizationURL: "o"}, func(c *cdfapi.Config) { c.OrganizationURL = "o" }},
		"project":                   {token, cdfapi.Config{Project: "p"}, func(c *cdfapi.Config) { c.Project = "p" }},
		"client id":                 {pair, cdfapi.Config{ClientID: "i"}, func(c *cdfapi.Config) { c.ClientID = "i" }},
		"client secret":             {pair, cdfapi.Config{ClientSecret: "s"}, func(c *cdfapi.Config) { c.ClientSecret = "s" }},
		"token URL":                 {pair, cdfapi.Config{TokenURL: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "t", "" }},
		"token URL beside a token":  {token, cdfapi.Config{TokenURL: "t"}, func(c *cdfapi.Config) { c.TokenURL = "t" }},
		"tenant":                    {pair, cdfapi.Config{TenantID: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "", "t" }},
		"tenant, token URL":         {pair, cdfapi.Config{TokenURL: "u", TenantID: "t"}, func(c *cdfapi.Config) { c.TokenURL, c.TenantID = "u", "t" }},
		"scopes":                    {pair, cdfapi.Config{Scopes: []string{"s"}}, func(c *cdfapi.Config) { c.Scopes = []string{"s"} }},
		"no scopes":                 {pair, cdfapi.Config{Scopes: []string{}}, func(c *cdfapi.Config) { c.Scopes = []string{} }},
		"audience":                  {pair, cdfapi.Config{Audience: "a"}, func(c *cdfapi.Config) { c.Audience = "a" }},
		"token":                     {token, cdfapi.Config{Token: "t"}, func(c *cdfapi.Config) { c.Token = "t" }},
		"token and half a pair":     {token, cdfapi.Config{Token: "t", ClientID: "i"}, func(c *cdfapi.Config) { c.Token, c.ClientID = "t", "i" }},
		"what has no variable":      {pair, cdfapi.Config{BasicAuth: true}, func(c *cdfapi.Config) { c.BasicAuth = true }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			variables := maps.Clone(everyVariable)
			if test.counts == pair && test.explicit.ClientID+test.explicit.ClientSecret == "" {
				delete(variables, cdfapi.EnvToken) // explicit credentials keep it out by themselves
			}
			want := fromEveryVariable(test.counts)
			test.want(&want)
			got := cdfapi.ConfigFromEnvironment(test.explicit, environment(variables))
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

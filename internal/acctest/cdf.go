// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// CDF is a project of Cognite Data Fusion to test against.
type CDF struct {
	// Client speaks to the project as its administrator, beside the provider.
	Client *cdfapi.Client
	// Local is the local server; nil when the tests run live.
	Local *localserver.Server

	environment map[string]string
	suffix      string
}

// cdfVariables are the variables by which the provider finds a project.
var cdfVariables = []string{
	cdfapi.EnvCluster, cdfapi.EnvBaseURL, cdfapi.EnvOrganizationURL, cdfapi.EnvProject, cdfapi.EnvToken, cdfapi.EnvClientID,
	cdfapi.EnvClientSecret, cdfapi.EnvTokenURL, cdfapi.EnvTenantID, cdfapi.EnvScopes, cdfapi.EnvAudience,
}

// StartCDF returns the project that acceptance tests run against: one on a local
// server of this test's own, unless tests run live. Then it is the one that the
// environment names, and the test is skipped when it names none.
func StartCDF(t *testing.T) *CDF {
	t.Helper()
	if !Live() {
		return StartLocalCDF(t, localserver.Options{})
	}
	environment := map[string]string{}
	for _, name := range cdfVariables {
		environment[name] = os.Getenv(name)
	}
	if environment[cdfapi.EnvProject] == "" {
		t.Skipf("needs a CDF project: %s is not set", cdfapi.EnvProject)
	}
	return newCDF(t, nil, environment)
}

// StartLocalCDF starts a local server that behaves as the options say, for tests
// of projects that behave in a special way. It skips the test when tests run live.
func StartLocalCDF(t *testing.T, options localserver.Options) *CDF {
	t.Helper()
	if Live() {
		t.Skip("needs a local server")
	}
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return newCDF(t, server, map[string]string{
		cdfapi.EnvBaseURL:         listener.URL,
		cdfapi.EnvOrganizationURL: listener.URL,
		cdfapi.EnvProject:         server.Project(),
		cdfapi.EnvTokenURL:        listener.URL + "/oauth2/token",
		cdfapi.EnvClientID:        server.ClientID(),
		cdfapi.EnvClientSecret:    server.ClientSecret(),
	})
}

func newCDF(t *testing.T, server *localserver.Server, environment map[string]string) *CDF {
	t.Helper()
	getenv := func(name string) string { return environment[name] }
	client, err := cdfapi.New(cdfapi.ConfigFromEnvironment(cdfapi.Config{}, cdfapi.Environment{Getenv: getenv}))
	if err != nil {
		t.Fatal(err)
	}
	suffix := ""
	if server == nil {
		suffix = fmt.Sprintf("-%06x", rand.N(1<<24)) //nolint:gosec // a name, no secret
	}
	return &CDF{Client: client, Local: server, environment: environment, suffix: suffix}
}

// Name makes the name of an object of this test.
func (s *CDF) Name(name string) string { return NamePrefix + name + s.suffix }

// Project is the project's name in URLs.
func (s *CDF) Project() string { return s.environment[cdfapi.EnvProject] }

// Environment is the variables by which the provider finds the project.
func (s *CDF) Environment() map[string]string { return s.environment }

// Providers makes the provider, configured for the project by its environment.
func (s *CDF) Providers() Factories {
	return ProvidersWith(func(name string) string { return s.environment[name] })
}

// ProvidersAs makes the provider for another caller than the administrator.
func (s *CDF) ProvidersAs(clientID, clientSecret string) Factories {
	environment := maps.Clone(s.environment)
	environment[cdfapi.EnvClientID], environment[cdfapi.EnvClientSecret] = clientID, clientSecret
	return ProvidersWith(func(name string) string { return environment[name] })
}

// Caller makes a service principal that is in one group with exactly these
// capabilities, a JSON list in the shape of the API, and returns its client
// credentials. With an empty list it is a member of the project without any right.
// It skips the test when tests run live: there, service principals are up to the
// identity provider.
func (s *CDF) Caller(t *testing.T, name, capabilities string) (clientID, clientSecret string) {
	t.Helper()
	return s.CallerOf(t, name, capabilities)
}

// CallerOf is Caller for one that also belongs to other groups of the identity provider.
func (s *CDF) CallerOf(t *testing.T, name, capabilities string, sources ...string) (clientID, clientSecret string) {
	t.Helper()
	if s.Local == nil {
		t.Skip("needs a local server")
	}
	id := s.Name(name)
	client := cdf.Client{ID: "client-" + id, Secret: "secret-of-" + id, Name: id, SourceIDs: append([]string{"source-" + id}, sources...)}
	fatal(t, s.Local.AddCDFClient(client))
	group, err := json.Marshal(map[string]any{
		"name": id, "sourceId": client.SourceIDs[0], "capabilities": json.RawMessage(capabilities),
	})
	fatal(t, err)
	_, err = s.Local.AddCDFGroup(group)
	fatal(t, err)
	return client.ID, client.Secret
}

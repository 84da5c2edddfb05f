// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package acctest is what acceptance tests share: a lakeFS to test against, the
// provider configured for it, and names that do not collide.
//
// Tests run against a local server of their own, in parallel, without account
// and network. With IAM_ACC_LIVE=1 the same tests run against the lakeFS that
// the LAKECTL_* variables name.
package acctest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// NamePrefix begins every name that a live test gives an object, so that the
// sweeper knows what to remove.
const NamePrefix = "tfacc-"

// LakeFS is a server to test against.
type LakeFS struct {
	// Client speaks to the server as its administrator, beside the provider.
	Client *lakefsapi.Client
	// Local is the local server; nil when the tests run live.
	Local *localserver.Server

	environment map[string]string
	suffix      string
	connections *atomic.Int64
}

// envLive confirms, with the value 1, that tests may use the server that the
// environment names.
const envLive = "IAM_ACC_LIVE"

// Live tells whether tests run against the server that the environment names.
func Live() bool { return os.Getenv(envLive) == "1" }

// StartLakeFS returns the server that acceptance tests run against: a local one
// of this test's own, unless tests run live. Then it is the one that the environment
// names, and the test is skipped when it names none. IAM_ACC_GROUP_IDS=generated makes
// local servers choose the ids of groups.
func StartLakeFS(t *testing.T) *LakeFS {
	t.Helper()
	if Live() {
		environment := map[string]string{}
		for _, name := range []string{lakefsapi.EnvEndpoint, lakefsapi.EnvAccessKeyID, lakefsapi.EnvSecretAccessKey} {
			environment[name] = os.Getenv(name)
		}
		if environment[lakefsapi.EnvEndpoint] == "" {
			t.Skipf("needs a lakeFS: %s is not set", lakefsapi.EnvEndpoint)
		}
		return newLakeFS(t, nil, environment)
	}
	return StartLocalLakeFS(t, localserver.Options{GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")})
}

// StartLocalLakeFS starts a local server that behaves as the options say, for
// tests of servers that behave in a special way. It skips the test when tests
// run live.
func StartLocalLakeFS(t *testing.T, options localserver.Options) *LakeFS {
	t.Helper()
	if Live() {
		t.Skip("needs a local server")
	}
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	connections := new(atomic.Int64)
	listener := httptest.NewUnstartedServer(server)
	listener.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	listener.Start()
	t.Cleanup(listener.Close)
	s := newLakeFS(t, server, map[string]string{
		lakefsapi.EnvEndpoint:        listener.URL,
		lakefsapi.EnvAccessKeyID:     server.AccessKeyID(),
		lakefsapi.EnvSecretAccessKey: server.SecretAccessKey(),
	})
	s.connections = connections
	return s
}

// Connections is how many connections a local server has accepted so far.
func (s *LakeFS) Connections() int64 { return s.connections.Load() }

func newLakeFS(t *testing.T, server *localserver.Server, environment map[string]string) *LakeFS {
	t.Helper()
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint:        environment[lakefsapi.EnvEndpoint],
		AccessKeyID:     environment[lakefsapi.EnvAccessKeyID],
		SecretAccessKey: environment[lakefsapi.EnvSecretAccessKey],
	})
	if err != nil {
		t.Fatal(err)
	}
	suffix := ""
	if server == nil {
		suffix = fmt.Sprintf("-%06x", rand.N(1<<24)) //nolint:gosec // a name, no secret
	}
	return &LakeFS{Client: client, Local: server, environment: environment, suffix: suffix}
}

// Name makes the name of an object of this test.
func (s *LakeFS) Name(name string) string { return NamePrefix + name + s.suffix }

// Endpoint is the server's URL.
func (s *LakeFS) Endpoint() string { return s.environment[lakefsapi.EnvEndpoint] }

// Environment is the variables by which the provider finds the server.
func (s *LakeFS) Environment() map[string]string { return s.environment }

// Factories make the providers of a test case, by their names in Terraform.
type Factories = map[string]func() (tfprotov6.ProviderServer, error)

// Providers makes the provider, configured for the server by its environment.
func (s *LakeFS) Providers() Factories {
	return ProvidersWith(func(name string) string { return s.environment[name] })
}

// ProvidersAs makes the provider for another caller than the administrator.
func (s *LakeFS) ProvidersAs(accessKeyID, secretAccessKey string) Factories {
	return ProvidersWith(func(name string) string {
		switch name {
		case lakefsapi.EnvAccessKeyID:
			return accessKeyID
		case lakefsapi.EnvSecretAccessKey:
			return secretAccessKey
		default:
			return s.environment[name]
		}
	})
}

// ProvidersWith makes the provider with a given environment, anew for every
// command of Terraform, as Terraform itself does.
func ProvidersWith(getenv func(string) string) Factories {
	return Factories{"iam": func() (tfprotov6.ProviderServer, error) {
		return provider.NewServer(provider.NewWithEnvironment("test", getenv)()), nil
	}}
}

// Caller makes a user that may do what the statements say and nothing else, and
// returns its key pair.
func (s *LakeFS) Caller(t *testing.T, name string, statements ...lakefsapi.Statement) (accessKeyID, secretAccessKey string) {
	t.Helper()
	ctx, id := context.WithoutCancel(t.Context()), s.Name(name)
	_, err := s.Client.CreateUser(ctx, lakefsapi.UserCreation{ID: id})
	fatal(t, err)
	t.Cleanup(func() { fatal(t, s.Client.DeleteUser(ctx, id)) })
	if len(statements) > 0 {
		_, err = s.Client.CreatePolicy(ctx, lakefsapi.Policy{ID: id, Statement: statements})
		fatal(t, err)
		t.Cleanup(func() { fatal(t, s.Client.DeletePolicy(ctx, id)) })
		fatal(t, s.Client.AttachPolicyToUser(ctx, id, id))
	}
	key, err := s.Client.CreateCredentials(ctx, id)
	fatal(t, err)
	t.Cleanup(func() { fatal(t, s.Client.DeleteCredentials(ctx, id, key.AccessKeyID)) })
	return key.AccessKeyID, key.SecretAccessKey
}

// Authenticates tells whether the server accepts a key pair.
func (s *LakeFS) Authenticates(t *testing.T, accessKeyID, secretAccessKey string) bool {
	t.Helper()
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: s.Endpoint(), AccessKeyID: accessKeyID, SecretAccessKey: secretAccessKey})
	fatal(t, err)
	_, err = client.GetCurrentUser(t.Context())
	if !lakefsapi.IsCredentialsRejected(err) {
		fatal(t, err)
	}
	return err == nil
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

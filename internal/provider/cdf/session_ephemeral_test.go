// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// sessionConfig is a session with the arguments, and a resource of the echo
// provider that keeps in state what Terraform itself keeps nowhere.
func sessionConfig(arguments string) string {
	return fmt.Sprintf("ephemeral \"iam_cdf_session\" \"test\" {\n%s\n}\n", arguments) + `
provider "echo" {
  data = ephemeral.iam_cdf_session.test
}
resource "echo" "test" {}
`
}

// echoed checks an attribute of the session that the echo provider was given.
func echoed(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name), check)
}

// sessionTest runs steps with the providers and the echo provider.
func sessionTest(t *testing.T, providers acctest.Factories, steps ...resource.TestStep) {
	t.Helper()
	providers = maps.Clone(providers)
	providers["echo"] = echoprovider.NewProviderServer()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.EphemeralResources),
		ProtoV6ProviderFactories: providers,
		Steps:                    steps,
	})
}

// statuses counts the sessions of the project by their states.
func statuses(t *testing.T, server *acctest.CDF) map[string]int {
	t.Helper()
	counted := map[string]int{}
	for session, err := range server.Client.ListSessions(t.Context(), "", cdfapi.ListOptions{}) {
		must(t, err)
		counted[session.Status]++
	}
	return counted
}

// sessionRequests are the writes about sessions that a server got. They may be
// answered otherwise than by the server.
type sessionRequests struct {
	mu    sync.Mutex
	paths []string
	// deliver says whether the server gets the requests that are answered otherwise.
	deliver bool
	// answers are the other answers, by the ends of the paths.
	answers map[string]func(http.ResponseWriter, *http.Request)
}

func (r *sessionRequests) options() localserver.Options {
	return localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			_, end, about := strings.Cut(request.URL.Path, "/sessions")
			if !about || request.Method != http.MethodPost {
				next.ServeHTTP(w, request)
				return
			}
			r.mu.Lock()
			r.paths = append(r.paths, end)
			r.mu.Unlock()
			answer := r.answers[end]
			if answer == nil || r.deliver {
				recorded := httptest.NewRecorder()
				next.ServeHTTP(recorded, request)
				if answer == nil {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(recorded.Code)
					_, _ = w.Write(recorded.Body.Bytes())
					return
				}
			}
			answer(w, request)
		})
	}}
}

// count tells how many requests were made to a path.
func (r *sessionRequests) count(end string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.paths) - len(slices.DeleteFunc(slices.Clone(r.paths), func(path string) bool { return path == end }))
}

// errorAnswer answers with an error.
func errorAnswer(status int, message string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": status, "message": message}})
	}
}

// jsonAnswer answers with JSON.
func jsonAnswer(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(text))
	}
}

// sessionKinds are the ways to ask for a session, and whose and which it is.
var sessionKinds = map[string]struct {
	arguments, kind string
	other           bool
}{
	"default":                {"", "CLIENT_CREDENTIALS", false},
	"off is not set":         {"token_exchange = false\noneshot_token_exchange = false\nrevoke_on_close = false", "CLIENT_CREDENTIALS", false},
	"token exchange":         {"token_exchange = true", "TOKEN_EXCHANGE", false},
	"one-shot":               {"oneshot_token_exchange = true", "ONESHOT_TOKEN_EXCHANGE", false},
	"one-shot, other is off": {"oneshot_token_exchange = true\ntoken_exchange = false", "ONESHOT_TOKEN_EXCHANGE", false},
	"client credentials":     {"client_id = %q\nclient_secret = %q", "CLIENT_CREDENTIALS", true},
}

func TestAccCDFSession_kinds(t *testing.T) {
	t.Parallel()
	for name, test := range sessionKinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, localserver.Options{})
			client, arguments := server.Local.ClientID(), test.arguments
			if test.other {
				var secret string
				client, secret = server.Caller(t, "pipeline", `[]`)
				arguments = fmt.Sprintf(test.arguments, client, secret)
			}
			sessionTest(t, server.Providers(), resource.TestStep{
				Config: sessionConfig(arguments),
				ConfigStateChecks: []statecheck.StateCheck{
					echoed("id", knownvalue.NotNull()),
					echoed("type", knownvalue.StringExact(test.kind)),
					echoed("status", knownvalue.StringExact("READY")),
					echoed("client_id", knownvalue.StringExact(client)),
					echoed("nonce", knownvalue.NotNull()),
				},
			})
			// One is made by each plan and each apply, and none is revoked.
			if got := statuses(t, server); got["READY"] < 2 || len(got) != 1 {
				t.Errorf("the sessions are %v, want some that are READY", got)
			}
		})
	}
}

// A provider that logs in with a token has no client credentials to give: the
// token is exchanged.
func TestAccCDFSession_ofAToken(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	token, err := server.Local.CDFToken(server.Local.ClientID())
	must(t, err)
	environment := maps.Clone(server.Environment())
	environment[cdfapi.EnvToken], environment[cdfapi.EnvClientID], environment[cdfapi.EnvClientSecret] = token, "", ""
	sessionTest(t, acctest.ProvidersWith(func(name string) string { return environment[name] }), resource.TestStep{
		Config:            sessionConfig(""),
		ConfigStateChecks: []statecheck.StateCheck{echoed("type", knownvalue.StringExact("TOKEN_EXCHANGE"))},
	})
}

// Answers may leave out what the documentation does not promise.
func TestAccCDFSession_sparseAnswer(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{answers: map[string]func(http.ResponseWriter, *http.Request){
		"": jsonAnswer(`{"items":[{"id":9007199254740993,"nonce":"n"}]}`),
	}}
	server := acctest.StartLocalCDF(t, requests.options())
	sessionTest(t, server.Providers(),
		resource.TestStep{
			Config: sessionConfig(""),
			ConfigStateChecks: []statecheck.StateCheck{
				echoed("id", knownvalue.Int64Exact(9007199254740993)), echoed("type", knownvalue.StringExact("CLIENT_CREDENTIALS")),
				echoed("status", knownvalue.Null()), echoed("client_id", knownvalue.StringExact(server.Local.ClientID())),
			},
		},
		resource.TestStep{Config: sessionConfig("oneshot_token_exchange = true"), PlanOnly: true},
	)
	if requests.count("/revoke") > 0 {
		t.Error("a session was revoked")
	}
}

func TestAccCDFSession_revokeOnClose(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{}
	server := acctest.StartLocalCDF(t, requests.options())
	providers, kept := rememberOpen(server.Providers())
	sessionTest(t, providers, resource.TestStep{Config: sessionConfig("revoke_on_close = true")})
	got := statuses(t, server)
	if got["REVOKED"] < 2 || len(got) != 1 {
		t.Errorf("the sessions are %v, want some that are REVOKED", got)
	}
	if made, revoked := requests.count(""), requests.count("/revoke"); made != revoked {
		t.Errorf("%d sessions were made and %d revoked", made, revoked)
	}
	// What Terraform keeps until then is the id alone.
	for private, nonce := range kept.all() {
		if nonce == "" || strings.Contains(private, nonce) {
			t.Errorf("with the nonce %q, Terraform keeps %s", nonce, private)
		}
	}
}

// A session that is gone needs not be revoked.
func TestAccCDFSession_goneOnClose(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{answers: map[string]func(http.ResponseWriter, *http.Request){"/revoke": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":{"code":400,"message":"no such session","missing":[{"id":1}]}}`))
	}}}
	server := acctest.StartLocalCDF(t, requests.options())
	sessionTest(t, server.Providers(), resource.TestStep{Config: sessionConfig("revoke_on_close = true")})
	if requests.count("/revoke") == 0 {
		t.Error("nothing was revoked")
	}
}

// A session that was to be revoked and is not is an error: it goes on granting.
func TestAccCDFSession_closeRefused(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	id, secret := server.Caller(t, "creator", `[{"sessionsAcl": {"actions": ["CREATE"], "scope": {"all": {}}}}]`)
	providers, said := acctest.Listen(server.ProvidersAs(id, secret))
	sessionTest(t, providers, resource.TestStep{
		Config: sessionConfig("revoke_on_close = true"), PlanOnly: true, ExpectError: says("Could not close CDF session"),
	})
	if len(said.Errors()) == 0 {
		t.Fatal("nothing was said")
	}
	for _, text := range said.Errors() {
		for _, part := range []string{
			"Could not close CDF session: ephemeral.iam_cdf_session: not permitted.", "needs sessionsAcl:DELETE in all", "Server answer: The session ",
			"was not revoked, so it lasts until it expires", "403 Forbidden",
		} {
			if !strings.Contains(text, part) {
				t.Errorf("the error lacks %q: %s", part, text)
			}
		}
	}
}

// kept is what Terraform keeps of open sessions, with their nonces.
type kept struct {
	mu     sync.Mutex
	opened map[string]string
}

func (k *kept) all() map[string]string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.opened)
}

// rememberOpen wraps the provider so that the test sees what is kept.
func rememberOpen(factories acctest.Factories) (acctest.Factories, *kept) {
	all := &kept{opened: map[string]string{}}
	made := factories["iam"]
	return acctest.Factories{"iam": func() (tfprotov6.ProviderServer, error) {
		server, err := made()
		return &opener{ProviderServer: server, kept: all}, err
	}}, all
}

type opener struct {
	tfprotov6.ProviderServer
	kept *kept
}

func (o *opener) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := o.ProviderServer.OpenEphemeralResource(ctx, req)
	if err != nil || resp.Result == nil {
		return resp, err
	}
	nonce, err := nonceIn(ctx, o.ProviderServer, resp.Result)
	o.kept.mu.Lock()
	defer o.kept.mu.Unlock()
	o.kept.opened[string(resp.Private)] = nonce
	return resp, err
}

// nonceIn reads the nonce out of an opened session.
func nonceIn(ctx context.Context, server tfprotov6.ProviderServer, result *tfprotov6.DynamicValue) (nonce string, err error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return "", err
	}
	value, err := result.Unmarshal(schemas.EphemeralResourceSchemas["iam_cdf_session"].ValueType())
	if err != nil {
		return "", err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return "", err
	}
	err = attributes["nonce"].As(&nonce)
	return nonce, err
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// dropConnection breaks the connection off before an answer.
func dropConnection(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// When it is unknown whether a session was made, none is asked for again.
func TestAccCDFSession_unknownOutcome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		deliver bool
		answer  func(http.ResponseWriter, *http.Request)
		words   string
	}{
		"bad gateway":              {false, errorAnswer(http.StatusBadGateway, "no backend"), "502 Bad Gateway"},
		"unavailable":              {false, errorAnswer(http.StatusServiceUnavailable, "later"), "503 Service Unavailable"},
		"gateway timeout":          {false, errorAnswer(http.StatusGatewayTimeout, "too late"), "504 Gateway Timeout"},
		"connection lost":          {false, dropConnection, "createSession"},
		"lost after it was made":   {true, dropConnection, "createSession"},
		"answer without the nonce": {true, jsonAnswer(`{"items":[{"id":1}]}`), `the required member "nonce" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := &sessionRequests{deliver: test.deliver, answers: map[string]func(http.ResponseWriter, *http.Request){"": test.answer}}
			server := acctest.StartLocalCDF(t, requests.options())
			sessionTest(t, server.Providers(), resource.TestStep{
				Config: sessionConfig("revoke_on_close = true"), PlanOnly: true,
				ExpectError: says("Could not open CDF session", "ephemeral.iam_cdf_session: It is unknown whether the session was made", test.words,
					"It was not asked for again, so that there are not two.", "it can only expire, within about a minute"),
			})
			if made := requests.count(""); made != 1 {
				t.Errorf("a session was asked for %d times, want once", made)
			}
		})
	}
}

// A server that says to come back later has made nothing: the session is asked for
// again.
func TestAccCDFSession_throttled(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{answers: map[string]func(http.ResponseWriter, *http.Request){}}
	requests.answers[""] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if requests.count("") == 1 {
			w.Header().Set("Retry-After", "0")
			errorAnswer(http.StatusTooManyRequests, "slow down")(w, r)
			return
		}
		_, _ = w.Write([]byte(`{"items":[{"id":5,"status":"READY","nonce":"n"}]}`))
	}
	server := acctest.StartLocalCDF(t, requests.options())
	sessionTest(t, server.Providers(), resource.TestStep{
		Config:            sessionConfig(""),
		ConfigStateChecks: []statecheck.StateCheck{echoed("id", knownvalue.Int64Exact(5))},
	})
}

// Opening is refused to who lacks the right.
func TestAccCDFSession_notPermitted(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(server.ProvidersAs(server.Caller(t, "nobody", `[]`)))
	sessionTest(t, providers, resource.TestStep{Config: sessionConfig(""), PlanOnly: true, ExpectError: says("Could not open CDF session")})
	said.ExpectErrors(t, `(?s)^Could not open CDF session: ephemeral\.iam_cdf_session: not permitted\. The operation needs sessionsAcl:CREATE in all\. `+
		`Add this to a group of the caller:.*capability \{.*acl\s+= "sessionsAcl".*403 Forbidden`)
}

// No secret is in anything that is said, whatever the server makes of it.
func TestAccCDFSession_secrets(t *testing.T) {
	t.Parallel()
	const secret = "very-secret-of-the-client"
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"as the server answers":  nil,
		"repeated by the server": errorAnswer(http.StatusBadRequest, "the secret "+secret+" is wrong"),
		"repeated and unclear":   errorAnswer(http.StatusBadGateway, "the secret "+secret+" was not delivered"),
		"unreadable":             jsonAnswer(`{"items":[{"nonce":"` + secret + `","id":"` + secret + `"}]}`),
		"of another type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte(`{"items":[{"id":1,"nonce":"` + secret + `"}]}`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := &sessionRequests{answers: map[string]func(http.ResponseWriter, *http.Request){"": answer}}
			server := acctest.StartLocalCDF(t, requests.options())
			providers, said := acctest.Listen(server.Providers())
			sessionTest(t, providers, resource.TestStep{
				Config:   sessionConfig("client_id = \"client\"\nclient_secret = \"" + secret + "\""),
				PlanOnly: true, ExpectError: says("Could not open CDF session", "createSession"),
			})
			if texts := said.Errors(); len(texts) != 1 || strings.Contains(texts[0], secret) {
				t.Errorf("said %q, want one error without the secret", texts)
			}
		})
	}
}

// Combinations that say nothing clear are refused before anything is opened.
func TestAccCDFSession_refusals(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{}
	providers, said := acctest.Listen(acctest.StartLocalCDF(t, requests.options()).Providers())
	refusals := map[string]string{
		"token_exchange = true\noneshot_token_exchange = true":                    "ephemeral.iam_cdf_session: keep one of token_exchange and oneshot_token_exchange.",
		"token_exchange = true\nclient_id = \"a\"\nclient_secret = \"b\"":         "keep one of client_id with client_secret and token_exchange.",
		"oneshot_token_exchange = true\nclient_id = \"a\"\nclient_secret = \"b\"": "keep one of client_id with client_secret and oneshot_token_exchange.",
		"client_id = \"a\"":                       "ephemeral.iam_cdf_session: client_id is set without client_secret. Set both, or neither.",
		"client_secret = \"a\"":                   "ephemeral.iam_cdf_session: client_secret is set without client_id. Set both, or neither.",
		"client_id = \"\"\nclient_secret = \"b\"": "client_id string length must be at least 1",
		"client_id = \"a\"\nclient_secret = \"\"": "client_secret string length must be at least 1",
	}
	var config strings.Builder
	var words []string
	for i, arguments := range slices.Sorted(maps.Keys(refusals)) {
		fmt.Fprintf(&config, "ephemeral \"iam_cdf_session\" \"test%d\" {\n%s\n}\n", i, arguments)
		words = append(words, regexp.QuoteMeta(refusals[arguments]))
	}
	sessionTest(t, providers, resource.TestStep{Config: config.String(), PlanOnly: true, ExpectError: says("iam_cdf_session")})
	said.ExpectErrors(t, words...)
	if made := requests.count(""); made != 0 {
		t.Errorf("a session was asked for %d times, want never", made)
	}
}

// With an argument that is known only after apply, nothing is opened by the plan.
func TestAccCDFSession_unknownArgument(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{}
	server := acctest.StartLocalCDF(t, requests.options())
	id, secret := server.Caller(t, "later", `[]`)
	config := later(`{ id = "`+id+`", secret = "`+secret+`", exchange = false }`) +
		sessionConfig("client_id = terraform_data.later.output.id\nclient_secret = terraform_data.later.output.secret\ntoken_exchange = terraform_data.later.output.exchange")
	sessionTest(t, server.Providers(),
		resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() {
				if made := requests.count(""); made != 0 {
					t.Errorf("the plan asked for a session %d times", made)
				}
			},
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{echoed("client_id", knownvalue.StringExact(id)), echoed("type", knownvalue.StringExact("CLIENT_CREDENTIALS"))},
		},
	)
}

// What was unknown until the apply is validated then.
func TestAccCDFSession_wrongAfterApply(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	sessionTest(t, server.Providers(), resource.TestStep{
		Config:      later(`true`) + sessionConfig("token_exchange = terraform_data.later.output\noneshot_token_exchange = terraform_data.later.output"),
		ExpectError: says("keep one of token_exchange and oneshot_token_exchange."),
	})
	if got := statuses(t, server); len(got) != 0 {
		t.Errorf("there are sessions: %v", got)
	}
}

func TestAccCDFSession_notConfigured(t *testing.T) {
	t.Parallel()
	sessionTest(t, acctest.ProvidersWith(func(string) string { return "" }), resource.TestStep{
		Config: sessionConfig(""), PlanOnly: true, ExpectError: says("Could not open CDF session", "ephemeral.iam_cdf_session: Several settings are missing: - no cluster is set: set cluster or base_url"),
	})
}

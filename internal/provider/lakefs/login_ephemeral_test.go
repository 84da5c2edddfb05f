// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
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
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// userOfToken is the user that a token speaks for.
func userOfToken(t *testing.T, lakefs *acctest.LakeFS, token string) string {
	t.Helper()
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: lakefs.Endpoint(), Token: token})
	must(t, err)
	user, err := client.GetCurrentUser(t.Context())
	must(t, err)
	return user.ID
}

// tokensIn are the tokens that logins were answered with.
func tokensIn(t *testing.T, logins []exchange) (tokens []string) {
	t.Helper()
	for _, login := range logins {
		var answer lakefsapi.AuthenticationToken
		must(t, json.Unmarshal([]byte(login.answer), &answer))
		tokens = append(tokens, answer.Token)
	}
	return tokens
}

// The token is that of the provider's own key, or of the key that is given.
func TestAccLakefsLogin_basic(t *testing.T) {
	t.Parallel()
	logins := &traffic{about: "POST login"}
	lakefs := acctest.StartLocalLakeFS(t, logins.options())
	makeUser(t, lakefs, "etl")
	key := makeKey(t, lakefs, "etl")
	given := fmt.Sprintf("access_key_id = %q\nsecret_access_key = %q", key.AccessKeyID, key.SecretAccessKey)
	step := func(arguments, keyID string) resource.TestStep {
		return resource.TestStep{
			Config: ephemeralConfig("login", arguments),
			ConfigStateChecks: []statecheck.StateCheck{
				echoed("access_key_id", knownvalue.StringExact(keyID)),
				echoed("token", knownvalue.NotNull()),
				echoed("token_expiration", rfc3339),
			},
		}
	}
	ephemeralTest(t, lakefs.Providers(), step("", lakefs.Local.AccessKeyID()))
	tokens := tokensIn(t, logins.all())
	if len(tokens) < 2 || userOfToken(t, lakefs, tokens[0]) != "admin" {
		t.Errorf("%d tokens were made, want one by each plan and each apply, of the administrator", len(tokens))
	}
	ephemeralTest(t, lakefs.Providers(), step(given, key.AccessKeyID))
	if tokens = tokensIn(t, logins.all())[len(tokens):]; len(tokens) < 2 || userOfToken(t, lakefs, tokens[0]) != "etl" {
		t.Errorf("%d tokens were made, want one by each plan and each apply, of the user", len(tokens))
	}
}

// Answers may leave out what the documentation does not promise.
func TestAccLakefsLogin_sparseAnswer(t *testing.T) {
	t.Parallel()
	logins := &traffic{about: "POST login", otherwise: answers(http.StatusOK, `{"token":"t"}`)}
	ephemeralTest(t, acctest.StartLocalLakeFS(t, logins.options()).Providers(), resource.TestStep{
		Config:            ephemeralConfig("login", ""),
		ConfigStateChecks: []statecheck.StateCheck{echoed("token", knownvalue.StringExact("t")), echoed("token_expiration", knownvalue.Null())},
	})
}

// A login that may have reached the server is done again: it does nothing there.
func TestAccLakefsLogin_lostAnswer(t *testing.T) {
	t.Parallel()
	logins := &traffic{about: "POST login"}
	logins.otherwise = func(_ http.ResponseWriter, _ *http.Request, deliver func()) bool {
		if len(logins.all()) == 0 {
			deliver()
			panic(http.ErrAbortHandler)
		}
		return false
	}
	ephemeralTest(t, acctest.StartLocalLakeFS(t, logins.options()).Providers(), resource.TestStep{
		Config:            ephemeralConfig("login", ""),
		ConfigStateChecks: []statecheck.StateCheck{echoed("token", knownvalue.NotNull())},
	})
}

// A provider with a token has no key to log in with, unless one is given.
func TestAccLakefsLogin_ofAToken(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	key := lakefsapi.LoginInformation{AccessKeyID: lakefs.Local.AccessKeyID(), SecretAccessKey: lakefs.Local.SecretAccessKey()}
	session, err := lakefs.Client.Login(t.Context(), key)
	must(t, err)
	providers, said := acctest.Listen(acctest.ProvidersWith(func(string) string { return "" }))
	config := func(arguments string) string {
		return fmt.Sprintf("provider \"iam\" {\n  lakefs {\n    endpoint = %q\n    token = %q\n  }\n}\n", lakefs.Endpoint(), session.Token) + ephemeralConfig("login", arguments)
	}
	ephemeralTest(t, providers,
		resource.TestStep{Config: config(""), PlanOnly: true, ExpectError: says("Could not open lakeFS login")},
		resource.TestStep{
			Config:            config(fmt.Sprintf("access_key_id = %q\nsecret_access_key = %q", key.AccessKeyID, key.SecretAccessKey)),
			ConfigStateChecks: []statecheck.StateCheck{echoed("token", knownvalue.NotNull())},
		})
	said.ExpectErrors(t, `^Could not open lakeFS login: ephemeral\.iam_lakefs_login: The provider has a token, and a token cannot log in\. `+
		`Set access_key_id and secret_access_key of this resource, or give the provider an access key instead of the token\.$`)
}

// What is refused names the key, tells where it was set, and shows no secret.
func TestAccLakefsLogin_rejected(t *testing.T) {
	t.Parallel()
	const secret = "very-secret-of-the-key"
	for name, test := range map[string]struct {
		dialect, arguments string
		otherwise          func(http.ResponseWriter, *http.Request, func()) bool
		want               string
	}{
		"given": {"1.84", "access_key_id = \"AKIAJWRONG\"\nsecret_access_key = \"" + secret + "\"", nil,
			`ephemeral\.iam_lakefs_login: lakeFS rejected the access key "AKIAJWRONG"\. Check access_key_id and secret_access_key of this resource, .*Server answer: Login.*401`},
		"given, 0.97": {"0.97", "access_key_id = \"AKIAJWRONG\"\nsecret_access_key = \"" + secret + "\"", nil, `rejected the access key "AKIAJWRONG"`},
		"own":         {"1.84", "", nil, `lakeFS rejected the credentials\. Check access_key_id and secret_access_key \(or token\) in the provider's lakefs block`},
		"echoed":      {"1.84", "access_key_id = \"a\"\nsecret_access_key = \"" + secret + "\"", answers(http.StatusBadRequest, `{"message":"`+secret+` is wrong"}`), `400`},
		"unreadable":  {"1.84", "access_key_id = \"a\"\nsecret_access_key = \"" + secret + "\"", answers(http.StatusOK, `{"token":["`+secret+`"]}`), `login`},
		"no token":    {"1.84", "", answers(http.StatusOK, `{}`), `the required member "token" is missing`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logins := &traffic{about: "POST login", otherwise: test.otherwise}
			options := logins.options()
			options.Dialect = test.dialect
			lakefs := acctest.StartLocalLakeFS(t, options)
			factories := lakefs.Providers()
			if name == "own" {
				factories = lakefs.ProvidersAs("AKIAJWRONG", secret)
			}
			providers, said := acctest.Listen(factories)
			ephemeralTest(t, providers, resource.TestStep{Config: ephemeralConfig("login", test.arguments), PlanOnly: true, ExpectError: says("Could not open lakeFS login")})
			said.ExpectErrors(t, `(?s)^Could not open lakeFS login: `+`.*`+test.want)
			if text := strings.Join(said.Errors(), ""); strings.Contains(text, secret) {
				t.Errorf("the error shows the secret: %s", text)
			}
		})
	}
}

func TestAccLakefsLogin_refusals(t *testing.T) {
	t.Parallel()
	logins := &traffic{about: "POST login"}
	providers, said := acctest.Listen(acctest.StartLocalLakeFS(t, logins.options()).Providers())
	refusals := map[string]string{
		`access_key_id = "a"`:                             "ephemeral.iam_lakefs_login: access_key_id is set without secret_access_key. Set both, or neither.",
		`secret_access_key = "a"`:                         "ephemeral.iam_lakefs_login: secret_access_key is set without access_key_id. Set both, or neither.",
		"access_key_id = \"\"\nsecret_access_key = \"b\"": "access_key_id string length must be at least 1",
		"access_key_id = \"a\"\nsecret_access_key = \"\"": "secret_access_key string length must be at least 1",
	}
	var config strings.Builder
	var words []string
	for i, arguments := range slices.Sorted(maps.Keys(refusals)) {
		fmt.Fprintf(&config, "ephemeral \"iam_lakefs_login\" \"test%d\" {\n%s\n}\n", i, arguments)
		words = append(words, regexp.QuoteMeta(refusals[arguments]))
	}
	ephemeralTest(t, providers, resource.TestStep{Config: config.String(), PlanOnly: true, ExpectError: says("iam_lakefs_login")})
	said.ExpectErrors(t, words...)
	if made := logins.all(); len(made) > 0 {
		t.Errorf("there were logins: %v", made)
	}
}

// With an argument that is known only after apply, the plan does not log in; what turns
// out to be half a key is refused then.
func TestAccLakefsLogin_unknownArgument(t *testing.T) {
	t.Parallel()
	logins := &traffic{about: "POST login"}
	lakefs := acctest.StartLocalLakeFS(t, logins.options())
	makeUser(t, lakefs, "etl")
	key := makeKey(t, lakefs, "etl")
	const arguments = "access_key_id = terraform_data.later.output.id\nsecret_access_key = terraform_data.later.output.secret"
	config := later(fmt.Sprintf("{ id = %q, secret = %q }", key.AccessKeyID, key.SecretAccessKey)) + ephemeralConfig("login", arguments)
	ephemeralTest(t, lakefs.Providers(),
		resource.TestStep{Config: config, PlanOnly: true, ExpectNonEmptyPlan: true},
		resource.TestStep{
			PreConfig: func() {
				if made := logins.all(); len(made) > 0 {
					t.Errorf("the plan logged in: %v", made)
				}
			},
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{echoed("access_key_id", knownvalue.StringExact(key.AccessKeyID))},
		})
	ephemeralTest(t, lakefs.Providers(), resource.TestStep{
		Config:      later(`{ id = "a", secret = null }`) + ephemeralConfig("login", arguments),
		ExpectError: says("access_key_id is set without secret_access_key"),
	})
}

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
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const revokeSessions = "iam_cdf_revoke_sessions"

// makeSessions makes sessions past the provider.
func makeSessions(t *testing.T, server *acctest.CDF, count int) []int64 {
	t.Helper()
	ids := make([]int64, count)
	for i := range ids {
		session, err := server.Client.CreateSession(t.Context(), cdfapi.SessionCredentials{TokenExchange: true})
		must(t, err)
		ids[i] = session.ID
	}
	return ids
}

// invoke validates, plans and invokes an action, and returns what was told and said.
func invoke(direct *acctest.Direct, arguments acctest.Arguments) (progress, said []string) {
	if direct.ValidateAction(revokeSessions, arguments) && direct.PlanAction(revokeSessions, arguments) {
		progress, _ = direct.InvokeAction(revokeSessions, arguments)
	}
	return progress, direct.SaidText()
}

func TestRevokeSessions(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	ids := makeSessions(t, server, 3)
	must(t, server.Local.SetCDFSessionStatus(ids[1], "CANCELLED"))
	direct := acctest.NewDirect(t, server.Providers())
	progress, said := invoke(direct, acctest.Arguments{"ids": []int64{ids[0], 7, ids[1], ids[0], ids[2], 8}})
	if diff := cmp.Diff([]string{
		fmt.Sprintf("Had ended before: session %d (CANCELLED)", ids[1]),
		fmt.Sprintf("Revoked: sessions %d, %d", ids[0], ids[2]),
		"Does not exist: sessions 7, 8",
	}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`warning: Sessions that do not exist: action.iam_cdf_revoke_sessions: the project "local" has no sessions 7, 8, so there is nothing to revoke. ` +
		"Check the ids if that is not what you expect."}, said); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"REVOKED": 2, "CANCELLED": 1}, statuses(t, server)); diff != "" {
		t.Errorf("the sessions' states (-want +got):\n%s", diff)
	}
	if progress, said := invoke(direct, acctest.Arguments{"ids": ids[:1]}); !cmp.Equal([]string{fmt.Sprintf("Revoked: session %d", ids[0])}, progress) || len(said) > 0 {
		t.Errorf("once more: told %q, said %q", progress, said)
	}
	if progress, said := invoke(direct, acctest.Arguments{"ids": []int64{}}); !cmp.Equal([]string{"There are no sessions to revoke."}, progress) || len(said) > 0 {
		t.Errorf("of none: told %q, said %q", progress, said)
	}
}

// When the second of three parts fails, the error names what is left, and nothing is said twice.
func TestRevokeSessions_inPart(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request)
		where  string
		words  []string
	}{
		"refused": {errorAnswer(http.StatusForbidden, "no"), "Not revoked: sessions ", []string{"not permitted", "sessionsAcl:DELETE", "403 Forbidden"}},
		"unclear": {jsonAnswer(`{"items":[]}`), "Revoked or not, which is unknown: sessions ", []string{"the server's answer does not name them"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			server := acctest.StartLocalCDF(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/sessions/revoke") && asked.Add(1) > 1 {
						test.answer(w, r)
						return
					}
					next.ServeHTTP(w, r)
				})
			}})
			ids := makeSessions(t, server, 210)
			direct := acctest.NewDirect(t, server.Providers())
			progress, ok := direct.InvokeAction(revokeSessions, acctest.Arguments{"ids": ids})
			if ok || len(progress) != 1 || !strings.HasPrefix(progress[0], fmt.Sprintf("Revoked: sessions %d, ", ids[0])) {
				t.Errorf("ended well: %t, told %q, want one part", ok, progress)
			}
			said := direct.SaidText()
			if len(said) != 1 || !strings.Contains(said[0], "of 210 sessions, 100 are settled.") || !strings.Contains(said[0], "Invoke the action again when the cause is gone") {
				t.Fatalf("said %q", said)
			}
			for _, word := range test.words {
				if !strings.Contains(said[0], word) {
					t.Errorf("the error does not say %q: %s", word, said[0])
				}
			}
			for id, where := range map[int64]string{ids[100]: test.where, ids[205]: "Not revoked: sessions "} {
				_, list, _ := strings.Cut(said[0], where)
				list, _, _ = strings.Cut(list, ".")
				if !slices.Contains(strings.Split(list, ", "), fmt.Sprint(id)) {
					t.Errorf("the session %d is not under %q: %s", id, where, said[0])
				}
			}
			if got := statuses(t, server); got["REVOKED"] != 100 {
				t.Errorf("the sessions' states are %v", got)
			}
		})
	}
}

// A caller who may not list sessions revokes them all the same; one without the right is told at
// plan, and refused.
func TestRevokeSessions_rights(t *testing.T) {
	t.Parallel()
	const mayRevoke = `[{"sessionsAcl":{"actions":["DELETE"],"scope":{"all":{}}}}]`
	for name, test := range map[string]struct {
		capabilities, preflight string
		lacks                   string
		invoked                 bool
	}{
		"exactly":         {mayRevoke, "enforce", "", true},
		"none":            {`[]`, "warn", "warning: ", false},
		"none, enforced":  {`[]`, "enforce", "error: ", false},
		"none, unchecked": {`[]`, "off", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, localserver.Options{})
			ids := makeSessions(t, server, 1)
			environment := maps.Clone(server.Environment())
			environment[cdfapi.EnvClientID], environment[cdfapi.EnvClientSecret] = server.Caller(t, "caller", test.capabilities)
			environment["IAM_PREFLIGHT"] = test.preflight
			direct := acctest.NewDirect(t, acctest.ProvidersWith(func(name string) string { return environment[name] }))
			planned := direct.PlanAction(revokeSessions, acctest.Arguments{"ids": ids})
			said := strings.Join(direct.SaidText(), "\n")
			if planned != (test.lacks != "error: ") || (said != "") != (test.lacks != "") {
				t.Errorf("planned %t, said %q", planned, said)
			}
			if test.lacks != "" && (!strings.HasPrefix(said, test.lacks+fmt.Sprintf("Missing permission sessionsAcl:DELETE: action.iam_cdf_revoke_sessions for session %d: to invoke it, the caller needs sessionsAcl:DELETE in all", ids[0])) ||
				!strings.Contains(said, "capability {")) {
				t.Errorf("said %q", said)
			}
			progress, invoked := direct.InvokeAction(revokeSessions, acctest.Arguments{"ids": ids})
			said = strings.Join(direct.SaidText(), "\n")
			if invoked != test.invoked || (len(progress) > 0) != test.invoked {
				t.Errorf("invoked %t, told %q, said %q", invoked, progress, said)
			}
			if !test.invoked && !regexp.MustCompile(`(?s)^error: Could not revoke CDF sessions: action\.iam_cdf_revoke_sessions for session \d+: of 1 sessions, 0 are settled\. Not revoked: session \d+\. .*not permitted\. The operation needs sessionsAcl:DELETE in all`).MatchString(said) {
				t.Errorf("said %q", said)
			}
		})
	}
}

func TestRevokeSessions_configuration(t *testing.T) {
	t.Parallel()
	requests := &sessionRequests{}
	direct := acctest.NewDirect(t, acctest.StartLocalCDF(t, requests.options()).Providers())
	unknownID := []tftypes.Value{tftypes.NewValue(tftypes.Number, 5), tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)}
	for name, ids := range map[string]any{"an unknown list": tftypes.UnknownValue, "an unknown id": unknownID} {
		arguments := acctest.Arguments{"ids": ids}
		if ok := direct.ValidateAction(revokeSessions, arguments) && direct.PlanAction(revokeSessions, arguments); !ok {
			t.Errorf("%s: %q", name, direct.SaidText())
		}
	}
	for name, test := range map[string]struct {
		ids   any
		words string
	}{
		"nothing":  {nil, "Missing Configuration for Required Attribute"},
		"zero":     {[]int64{5, 0}, "Not the id of a session: action.iam_cdf_revoke_sessions: ids[1] is 0."},
		"negative": {[]int64{-4}, "ids[0] is -4."},
		"null":     {[]tftypes.Value{tftypes.NewValue(tftypes.Number, nil)}, "ids[0] is null."},
		"fraction": {[]tftypes.Value{tftypes.NewValue(tftypes.Number, 1.5)}, "1.5"},
	} {
		arguments := acctest.Arguments{"ids": test.ids}
		if valid, said := direct.ValidateAction(revokeSessions, arguments), direct.SaidText(); valid || !strings.Contains(strings.Join(said, "\n"), test.words) {
			t.Errorf("%s is valid: %t, said %q, want %q", name, valid, said, test.words)
		}
		if name == "nothing" {
			continue // the framework checks that at validate alone, where it is known already
		}
		_, invoked := direct.InvokeAction(revokeSessions, arguments)
		if said := direct.SaidText(); invoked || !strings.Contains(strings.Join(said, "\n"), test.words) {
			t.Errorf("%s, known only after the validation, is invoked: %t, said %q", name, invoked, said)
		}
	}
	if asked := requests.count("/revoke"); asked != 0 {
		t.Errorf("the server was asked %d times", asked)
	}
	unset := acctest.NewDirect(t, acctest.ProvidersWith(func(string) string { return "" }))
	if _, said := invoke(unset, acctest.Arguments{"ids": []int64{5}}); len(said) != 1 || !strings.HasPrefix(said[0], "error: CDF is not configured: action.iam_cdf_revoke_sessions for session 5: ") {
		t.Errorf("not configured: said %q", said)
	}
}

// Terraform itself invokes the action after a change, also with ids that are known only then.
func TestAccCDFRevokeSessions(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	ids := makeSessions(t, server, 3)
	config := func(word string) string {
		return fmt.Sprintf(`
resource "terraform_data" "list" {
  input = [%d, 7]
}
action "iam_cdf_revoke_sessions" "test" {
  config {
    ids = terraform_data.list.output
  }
}
resource "terraform_data" "test" {
  input = %q
  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.iam_cdf_revoke_sessions.test]
    }
  }
}
`, ids[map[string]int{"first": 0, "second": 1, "bad": 2}[word]], word)
	}
	revoked := func(want int) func() {
		return func() {
			if got := statuses(t, server); got["REVOKED"] != want {
				t.Errorf("the sessions' states are %v, want %d revoked", got, want)
			}
		}
	}
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.Actions),
		ProtoV6ProviderFactories: server.Providers(),
		Steps: []resource.TestStep{
			{Config: config("first")},
			{PreConfig: revoked(1), Config: config("second")},
			{PreConfig: revoked(2), Config: config("second"), PlanOnly: true},
			{
				Config:      strings.Replace(config("bad"), ", 7]", ", -7]", 1),
				ExpectError: says("Not the id of a session", "ids[1] is -7"),
			},
		},
	})
	revoked(2)()
}

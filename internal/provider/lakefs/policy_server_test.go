// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file tests policies on servers that do other than they are told.

var conditioned = with("condition", `{ IpAddress = { SourceIp = ["10.0.0.0/8"] } }`)

// A server that drops conditions would leave a policy that grants more than was
// asked for.
func TestAccLakefsPolicy_createOnServerWithoutConditions(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{DropConditions: true})
	id := lakefs.Name("Dropped")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             policyIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:      policyConfig(id, conditioned),
				ExpectError: says(id, "ignores the condition of a statement", "was deleted again"),
			},
			{
				// Nothing is in state: the next plan creates.
				PreConfig:        func() { must(t, policyIsGone(t, lakefs, id)(nil)) },
				Config:           policyConfig(id, allow("fs:ReadObject", "*")),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionCreate),
			},
		},
	})
}

func TestAccLakefsPolicy_updateOnServerWithoutConditions(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{DropConditions: true})
	id := lakefs.Name("Dropped")
	before := policyConfig(id, allow("fs:ListObjects", "arn:lakefs:fs:::repository/a"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: before},
			{
				Config:      policyConfig(id, conditioned),
				ExpectError: says(id, "ignores the condition of a statement", "the previous statements were put back"),
			},
			{
				Config: before, ConfigPlanChecks: nothingPlanned(),
				Check: func(*terraform.State) error {
					return serverHas(t, lakefs, id, []lakefsapi.Statement{{Effect: "allow", Action: []string{"fs:ListObjects"}, Resource: "arn:lakefs:fs:::repository/a"}})
				},
			},
		},
	})
}

// When a policy with a condition cannot be read back, the policy stays in state
// with the error, so that nothing is lost; the next apply makes it anew.
func TestAccLakefsPolicy_notReadBack(t *testing.T) {
	t.Parallel()
	var written atomic.Bool
	unreadable := &outage{strikes: func(r *http.Request) bool {
		written.CompareAndSwap(false, r.Method == http.MethodPost)
		return r.Method == http.MethodGet && written.Load()
	}}
	unreadable.on.Store(true)
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: unreadable.wrap})
	id := lakefs.Name("Unreadable")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             policyIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:      policyConfig(id, conditioned),
				ExpectError: says("Reading the policy back", "500"),
			},
			{
				PreConfig:        func() { unreadable.on.Store(false) },
				Config:           policyConfig(id, conditioned),
				ConfigPlanChecks: planned(thePolicy, plancheck.ResourceActionReplace),
			},
		},
	})
}

func TestAccLakefsPolicy_serverWithoutLists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97"})
	id := lakefs.Name("Lists")
	several := with("resources", `["arn:lakefs:fs:::repository/a", "arn:lakefs:fs:::repository/b"]`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config:      policyConfig(id, several),
				ExpectError: says("400", "Not every lakeFS takes several resources in one statement; write one statement for each resource"),
			},
			{
				Config:           policyConfig(id, allow("fs:ReadObject", "arn:lakefs:fs:::repository/a")+allow("fs:ReadObject", "arn:lakefs:fs:::repository/b")),
				ConfigPlanChecks: emptyPlanAfterApply(),
			},
			{
				// The same said in one statement is no change, so nothing is sent.
				Config: policyConfig(id, several), ConfigPlanChecks: nothingPlanned(),
			},
			{
				Config:      policyConfig(id, strings.Replace(several, "ReadObject", "WriteObject", 1)),
				ExpectError: says("Could not update", "write one statement for each resource"),
			},
		},
	})
}

// A policy that another tool wrote may hold a resource that looks like a list
// and is none. The server denies everything because of it; a plan shows it.
func TestAccLakefsPolicy_malformedOnServer(t *testing.T) {
	t.Parallel()
	var malformed atomic.Bool
	rewriting := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !malformed.Load() {
				next.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(answer.Code)
			_, _ = w.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte(`"resource":"*"`), []byte(`"resource":"[junk]"`)))
		})
	}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: rewriting})
	id := lakefs.Name("Malformed")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: policyConfig(id, allow("fs:ReadObject", "*"))},
			{
				PreConfig:          func() { malformed.Store(true) },
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(thePolicy, plancheck.ResourceActionUpdate),
				}},
			},
			{
				PreConfig: func() { malformed.Store(true) },
				Config:    "data \"iam_lakefs_policy\" \"test\" {\n  id = \"" + id + "\"\n}\n" + policyConfig(id, allow("fs:ReadObject", "*")),
				PlanOnly:  true, ExpectNonEmptyPlan: true,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("data.iam_lakefs_policy.test", tfjsonpath.New("statement"), knownvalue.ListExact([]knownvalue.Check{allowIs("fs:ReadObject", "[junk]")})),
				},
			},
			{
				PreConfig: func() { malformed.Store(false) },
				Config:    policyConfig(id, allow("fs:ReadObject", "*")), ConfigPlanChecks: nothingPlanned(),
			},
		},
	})
}

// Statements are a list because sets of objects take time that grows with the
// square of their number, in Terraform itself.
func TestAccLakefsPolicy_manyStatements(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: policyConfig(lakefs.Name("Many"), `
  dynamic "statement" {
    for_each = range(200)
    content {
      effect    = "allow"
      actions   = ["fs:ReadObject", "fs:ListObjects", "fs:WriteObject"]
      resources = ["arn:lakefs:fs:::repository/r${statement.value}/*", "arn:lakefs:fs:::repository/s${statement.value}"]
    }
  }`),
			ConfigPlanChecks:  emptyPlanAfterApply(),
			ConfigStateChecks: []statecheck.StateCheck{policyIs("statement", knownvalue.ListSizeExact(200))},
		}},
	})
}

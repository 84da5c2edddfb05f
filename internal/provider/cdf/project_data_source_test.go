// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// textsAre checks a list of texts.
func textsAre(texts ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(texts))
	for i, text := range texts {
		checks[i] = knownvalue.StringExact(text)
	}
	return knownvalue.ListExact(checks)
}

func TestAccCDFProjectDataSource_basic(t *testing.T) {
	t.Parallel()
	for status, options := range map[string]cdf.Options{
		"HYBRID":             {Project: "acme"},
		"DATA_MODELING_ONLY": {Project: "acme", DataModelingOnly: true, DisableUserProfiles: true},
	} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, localserver.Options{CDF: options})
			readSteps(t, server, read("project", ""),
				readHas("project", "url_name", knownvalue.StringExact("acme")),
				readHas("project", "name", knownvalue.StringExact("acme")),
				readHas("project", "organization", knownvalue.StringExact("acme-org")),
				readHas("project", "user_profiles_enabled", knownvalue.Bool(!options.DisableUserProfiles)),
				readHas("project", "data_modeling_status", knownvalue.StringExact(status)),
				readHas("project", "access_claims", textsAre("groups")),
				readHas("project", "scope_claims", knownvalue.ListExact(nil)),
				readHas("project", "log_claims", textsAre("sub")),
				readHas("project", "issuer", knownvalue.NotNull()),
				readHas("project", "audience", knownvalue.NotNull()),
				readHas("project", "jwks_url", knownvalue.NotNull()),
				readHas("project", "token_url", knownvalue.StringExact(server.Environment()["IDP_TOKEN_URL"])),
			)
		})
	}
}

// The data source follows the switch of the resource.
func TestAccCDFProjectDataSource_userProfiles(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	readSteps(t, server, `
resource "iam_cdf_user_profiles_configuration" "test" {
  enabled = false
}
data "iam_cdf_project" "test" {
  depends_on = [iam_cdf_user_profiles_configuration.test]
}
`, readHas("project", "user_profiles_enabled", knownvalue.Bool(false)))
}

// A caller who may not list projects goes without their status.
func TestAccCDFProjectDataSource_withoutListing(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.ProvidersAs(server.Caller(t, "reader", `[{"projectsAcl": {"actions": ["READ"], "scope": {"all": {}}}}]`)),
		Steps: []resource.TestStep{{
			Config: read("project", ""),
			ConfigStateChecks: []statecheck.StateCheck{
				readHas("project", "url_name", knownvalue.StringExact("local")),
				readHas("project", "data_modeling_status", knownvalue.Null()),
			},
		}},
	})
}

// What the project does not tell is null, not empty.
func TestAccCDFProjectDataSource_sparse(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/projects/local", http.StatusOK, `{"name":"Local","urlName":"local"}`))
	none := knownvalue.Null()
	readSteps(t, server, read("project", ""),
		readHas("project", "name", knownvalue.StringExact("Local")), readHas("project", "organization", none),
		readHas("project", "user_profiles_enabled", knownvalue.Bool(false)), readHas("project", "data_modeling_status", knownvalue.StringExact("HYBRID")),
		readHas("project", "access_claims", none), readHas("project", "scope_claims", none), readHas("project", "log_claims", none),
		readHas("project", "issuer", none), readHas("project", "audience", none), readHas("project", "jwks_url", none), readHas("project", "token_url", none),
	)
}

// Other failures to list projects are no answer.
func TestAccCDFProjectDataSource_listingFails(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/projects" {
				http.Error(w, `{"error":{"code":400,"message":"broken"}}`, http.StatusBadRequest)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		Steps:                    []resource.TestStep{{Config: read("project", ""), PlanOnly: true, ExpectError: says("Could not read CDF project", "listProjects", "broken")}},
	})
}

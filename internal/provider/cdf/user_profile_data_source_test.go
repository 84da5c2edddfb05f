// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestAccCDFUserProfileDataSource_basic(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	readSteps(t, server, read("user_profile", `user_identifier = "user-anna"`)+"data \"iam_cdf_user_profile\" \"me\" {}\n",
		readHas("user_profile", "user_identifier", knownvalue.StringExact("user-anna")),
		readHas("user_profile", "given_name", knownvalue.StringExact("Anna")),
		readHas("user_profile", "surname", knownvalue.StringExact("Berg")),
		readHas("user_profile", "email", knownvalue.StringExact("anna.berg@example.com")),
		readHas("user_profile", "display_name", knownvalue.StringExact("Anna Berg")),
		readHas("user_profile", "job_title", knownvalue.StringExact("Data engineer")),
		readHas("user_profile", "identity_type", knownvalue.StringExact("USER")),
		readHas("user_profile", "last_updated_time", isTime),
		attribute("data.iam_cdf_user_profile.me", "user_identifier", knownvalue.StringExact(server.Local.ClientID())),
		attribute("data.iam_cdf_user_profile.me", "identity_type", knownvalue.StringExact("SERVICE_PRINCIPAL")),
		attribute("data.iam_cdf_user_profile.me", "email", knownvalue.Null()),
		attribute("data.iam_cdf_user_profile.me", "given_name", knownvalue.Null()),
	)
}

// A profile that is not there is an error that says why it may be so.
func TestAccCDFUserProfileDataSource_absent(t *testing.T) {
	t.Parallel()
	const hint = "some seconds after a principal first uses the project.*enabled of iam_cdf_user_profiles_configuration"
	profiles := "/api/v1/projects/local/profiles"
	for name, test := range map[string]struct {
		options   localserver.Options
		arguments string
		words     string
	}{
		"own":        {answering(profiles, http.StatusNotFound, `{"error":{"code":404,"message":"gone"}}`), "", `: The caller has no user profile in the project "local"\. A profile comes to be ` + hint},
		"identifier": {localserver.Options{}, `user_identifier = "nobody"`, `with user_identifier "nobody": There are no user profiles with the identifiers "nobody"\. A profile comes to be ` + hint},
		"without missing": {
			answering(profiles, http.StatusNotFound, `{"error":{"code":404,"message":"gone"}}`), `user_identifier = "nobody"`,
			`: retrieveUserProfiles .*404 Not Found: gone.* A profile comes to be ` + hint,
		},
		"left out": {
			answering(profiles, http.StatusOK, `{"items":[]}`), `user_identifier = "nobody"`,
			`: There are no user profiles with the identifiers "nobody"\. A profile comes to be ` + hint,
		},
		"turned off":     {localserver.Options{CDF: cdf.Options{DisableUserProfiles: true}}, "", `not enabled in the project local.* Are user profiles enabled in the project\? See enabled of iam_cdf_user_profiles_configuration\.$`},
		"turned off, id": {localserver.Options{CDF: cdf.Options{DisableUserProfiles: true}}, `user_identifier = "user-anna"`, `not enabled in the project local.* Are user profiles enabled`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, test.options)
			providers, said := acctest.Listen(server.Providers())
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				Steps:                    []resource.TestStep{{Config: read("user_profile", test.arguments), PlanOnly: true, ExpectError: says("Could not read CDF user profile")}},
			})
			said.ExpectErrors(t, `(?s)^Could not read CDF user profile: data\.iam_cdf_user_profile.*`+test.words)
		})
	}
}

// A member without a profile is told so, too.
func TestAccCDFUserProfileDataSource_caller(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.ProvidersAs(server.Caller(t, "new", `[]`)),
		Steps:                    []resource.TestStep{{Config: read("user_profile", ""), PlanOnly: true, ExpectError: says("The caller has no user profile")}},
	})
}

func TestAccCDFUserProfileDataSource_refusals(t *testing.T) {
	t.Parallel()
	expectRefusals(t, "user_profile", map[string]string{`user_identifier = ""`: "user_identifier string length must be at least 1"})
}

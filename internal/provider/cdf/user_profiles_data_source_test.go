// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// profilesRead are ways to read profiles, by a name, and whose profiles come of it.
var profilesRead = map[string]struct {
	arguments string
	names     []string
}{
	"all":                 {"", []string{"Anna Berg", "Bo Chen", "Carla Diaz"}},
	"users":               {`identity_type = "USER"`, []string{"Anna Berg", "Bo Chen", "Carla Diaz"}},
	"every_kind":          {`identity_type = "ALL"`, []string{"Administrator", "Anna Berg", "Bo Chen", "Carla Diaz"}},
	"service_principals":  {`identity_type = "SERVICE_PRINCIPAL"`, []string{"Administrator"}},
	"internal_services":   {`identity_type = "INTERNAL_SERVICE"`, nil},
	"the_first":           {`limit = 2`, []string{"Anna Berg", "Bo Chen"}},
	"more_than_there_are": {`limit = 5000`, []string{"Anna Berg", "Bo Chen", "Carla Diaz"}},
	"in_order_and_once":   {`user_identifiers = ["user-carla", "user-anna", "user-carla"]`, []string{"Carla Diaz", "Anna Berg"}},
	"no_identifiers":      {`user_identifiers = []`, nil},
	"search":              {`search = "a"`, []string{"Anna Berg"}},
	"search_limited":      {"search = \"c\"\n  limit = 1", []string{"Bo Chen"}},
	"search_whole":        {"search = \"c\"\n  limit = 1000", []string{"Bo Chen", "Carla Diaz"}},
	"search_of_no_one":    {`search = "zz"`, nil},
}

func TestAccCDFUserProfilesDataSource_basic(t *testing.T) {
	t.Parallel()
	var config strings.Builder
	var checks []statecheck.StateCheck
	for name, test := range profilesRead {
		fmt.Fprintf(&config, "data \"iam_cdf_user_profiles\" %q {\n  %s\n}\n", name, test.arguments)
		checks = append(checks, attribute("data.iam_cdf_user_profiles."+name, "profiles", itemsAre("display_name", test.names...)))
	}
	readSteps(t, acctest.StartLocalCDF(t, localserver.Options{}), config.String(), checks...)
}

func TestAccCDFUserProfilesDataSource_attributes(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	readSteps(t, server, read("user_profiles", `search = "Carla"`),
		readHas("user_profiles", "profiles", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"user_identifier": knownvalue.StringExact("user-carla"), "given_name": knownvalue.StringExact("Carla"), "surname": knownvalue.StringExact("Diaz"),
			"email": knownvalue.StringExact("carla.diaz@example.com"), "display_name": knownvalue.StringExact("Carla Diaz"),
			"job_title": knownvalue.Null(), "identity_type": knownvalue.StringExact("USER"), "last_updated_time": isTime,
		})})))
}

// More identifiers than fit in one request are read in several.
func TestAccCDFUserProfilesDataSource_manyIdentifiers(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	const number = 1001
	for i := range number {
		must(t, server.Local.AddCDFUser(cdf.User{ID: fmt.Sprintf("u%d", i)}))
	}
	readSteps(t, server, read("user_profiles", fmt.Sprintf("user_identifiers = [for i in range(%d) : \"u${i}\"]", number))+
		"output \"read\" {\n  value = data.iam_cdf_user_profiles.test.profiles[*].user_identifier == data.iam_cdf_user_profiles.test.user_identifiers[*]\n}\n",
		readHas("user_profiles", "profiles", knownvalue.ListSizeExact(number)),
		statecheck.ExpectKnownOutputValue("read", knownvalue.Bool(true)))
}

func TestAccCDFUserProfilesDataSource_absent(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config:   read("user_profiles", `user_identifiers = ["user-anna", "nobody", "user-bo", "no one"]`),
			PlanOnly: true, ExpectError: says("There are no user profiles"),
		}},
	})
	said.ExpectErrors(t, `^Could not read CDF user profiles: data.iam_cdf_user_profiles: There are no user profiles with the identifiers "nobody", "no one"\. `+
		`A profile comes to be some seconds after a principal first uses the project.*iam_cdf_user_profiles_configuration\.$`)
}

func TestAccCDFUserProfilesDataSource_turnedOff(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{DisableUserProfiles: true}})
	providers, said := acctest.Listen(server.Providers())
	ways := []string{"", `search = "a"`, `user_identifiers = ["user-anna"]`}
	var config strings.Builder
	for i, way := range ways {
		fmt.Fprintf(&config, "data \"iam_cdf_user_profiles\" \"test%d\" {\n  %s\n}\n", i, way)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config.String(), PlanOnly: true, ExpectError: says("Are user profiles enabled in the project?")}},
	})
	const off = `.*not enabled.* Are user profiles enabled in the project\? See enabled of iam_cdf_user_profiles_configuration`
	said.ExpectErrors(t, `: listUserProfiles`+off, `with search "a": searchUserProfiles`+off, `: retrieveUserProfiles`+off)
}

// Ways that exclude each other, and limits that CDF would refuse.
func TestAccCDFUserProfilesDataSource_refusals(t *testing.T) {
	t.Parallel()
	expectRefusals(t, "user_profiles", map[string]string{
		"search = \"a\"\n  user_identifiers = [\"a\"]":          "Both search and user_identifiers of data.iam_cdf_user_profiles are set. Keep one of them.",
		"search = \"a\"\n  identity_type = \"ALL\"":             "Both identity_type and search of data.iam_cdf_user_profiles are set.",
		"user_identifiers = [\"a\"]\n  identity_type = \"ALL\"": "Both identity_type and user_identifiers of data.iam_cdf_user_profiles are set.",
		"user_identifiers = [\"a\"]\n  limit = 1":               "Both limit and user_identifiers of data.iam_cdf_user_profiles are set.",
		"limit = 0":                      "The limit of data.iam_cdf_user_profiles must be a whole number of at least 1, not 0.",
		"limit = 1.5":                    "The limit of data.iam_cdf_user_profiles must be a whole number of at least 1, not 1.5.",
		"search = \"a\"\n  limit = 1001": "With search, the limit of data.iam_cdf_user_profiles must be at most 1000",
		"search = \"\"":                  "search string length must be at least 1",
		"user_identifiers = [\"\"]":      "user_identifiers[0] string length must be at least 1",
		"user_identifiers = [null]":      "contains a null value",
		"identity_type = \"user\"":       `value must be one of: ["ALL" "USER" "SERVICE_PRINCIPAL" "INTERNAL_SERVICE"]`,
	})
}

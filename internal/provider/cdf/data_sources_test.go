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
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// This file tests what all data sources share: pages, inputs that are unknown at
// plan, callers without the right, and a provider that is not configured.

// read configures the data source "test" of a type.
func read(kind, arguments string) string {
	return fmt.Sprintf("data \"iam_cdf_%s\" \"test\" {\n%s\n}\n", kind, arguments)
}

// readHas checks one attribute of the data source "test" of a type.
func readHas(kind, name string, check knownvalue.Check) statecheck.StateCheck {
	return attribute("data.iam_cdf_"+kind+".test", name, check)
}

// itemsAre checks one text of the items of a list in a data source, in order.
func itemsAre(name string, texts ...string) knownvalue.Check {
	items := make([]knownvalue.Check, len(texts))
	for i, text := range texts {
		items[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{name: knownvalue.StringExact(text)})
	}
	return knownvalue.ListExact(items)
}

// isTime checks a time as Terraform users expect it.
var isTime = knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))

// readSteps reads with a local server that behaves as the options say, and checks
// what was read.
func readSteps(t *testing.T, server *acctest.CDF, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		Steps: []resource.TestStep{{
			Config: config, ConfigStateChecks: checks, ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
}

// answering makes a local server answer requests below a path in the one given way.
func answering(path string, status int, body string) localserver.Options {
	return localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, path) {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}}
}

// Lists are read whole, however many pages the server makes of them.
func TestAccCDFDataSources_pages(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]cdf.Options{"texts": {}, "objects": {CursorObjects: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, localserver.Options{PageSize: 2, CDF: options})
			for i := range 5 {
				_, err := server.Client.CreateSecurityCategory(t.Context(), fmt.Sprintf("category-%d", i))
				must(t, err)
			}
			credentials, _ := server.Client.OwnSessionCredentials()
			for range 4 { // two full pages
				_, err := server.Client.CreateSession(t.Context(), credentials)
				must(t, err)
			}
			readSteps(t, server,
				read("security_categories", "")+read("sessions", "")+read("user_profiles", "")+read("principals", ""),
				readHas("security_categories", "security_categories", itemsAre("name", "category-0", "category-1", "category-2", "category-3", "category-4")),
				readHas("sessions", "sessions", knownvalue.ListSizeExact(4)),
				readHas("user_profiles", "profiles", itemsAre("display_name", "Anna Berg", "Bo Chen", "Carla Diaz")),
				readHas("principals", "principals", knownvalue.ListSizeExact(5)),
			)
		})
	}
}

// A project may have nothing of a kind.
func TestAccCDFDataSources_empty(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	none := knownvalue.ListExact(nil)
	readSteps(t, server,
		read("security_categories", "")+read("sessions", "")+read("groups", `name = "nobody"`)+
			read("user_profiles", `identity_type = "INTERNAL_SERVICE"`)+read("principals", "ids = []"),
		readHas("security_categories", "security_categories", none), readHas("sessions", "sessions", none), readHas("groups", "groups", none),
		readHas("user_profiles", "profiles", none), readHas("principals", "principals", none),
	)
}

// unknownLookups are data sources each of whose arguments is known only after apply.
const unknownLookups = `
data "iam_cdf_groups" "test" {
  all  = terraform_data.later.output.yes
  name = terraform_data.later.output.administrators
}
data "iam_cdf_sessions" "test" {
  status = terraform_data.later.output.ready
}
data "iam_cdf_token_inspection" "test" {
  project = terraform_data.later.output.project
}
data "iam_cdf_user_profile" "test" {
  user_identifier = terraform_data.later.output.anna
}
data "iam_cdf_user_profiles" "test" {
  user_identifiers = [terraform_data.later.output.anna]
}
data "iam_cdf_user_profiles" "named" {
  search = terraform_data.later.output.bo
  limit  = terraform_data.later.output.one
}
data "iam_cdf_user_profiles" "listed" {
  identity_type = terraform_data.later.output.kind
  limit         = terraform_data.later.output.one
}
data "iam_cdf_principals" "test" {
  organization = terraform_data.later.output.organization
  types        = [terraform_data.later.output.user]
}
data "iam_cdf_principals" "given" {
  ids          = [terraform_data.later.output.anna]
  external_ids = [terraform_data.later.output.pipeline]
}
`

// A data source whose input is known only after apply is read during the apply.
func TestAccCDFDataSources_unknown(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	unknown := func(address, name string) plancheck.PlanCheck {
		return plancheck.ExpectUnknownValue("data.iam_cdf_"+address, tfjsonpath.New(name))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.Providers(),
		Steps: []resource.TestStep{{
			Config: later(`{
    yes = true, administrators = "administrators", ready = "READY", project = "local", anna = "user-anna", bo = "Bo", one = 1,
    kind = "SERVICE_PRINCIPAL", organization = "local-org", user = "USER", pipeline = "pipeline"
  }`) + unknownLookups,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					unknown("groups.test", "groups"), unknown("sessions.test", "sessions"), unknown("token_inspection.test", "subject"),
					unknown("user_profile.test", "email"), unknown("user_profiles.test", "profiles"), unknown("user_profiles.named", "profiles"),
					unknown("principals.test", "principals"), unknown("principals.given", "organization"),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				readHas("groups", "groups", itemsAre("name", "administrators")),
				readHas("sessions", "sessions", knownvalue.ListExact(nil)),
				readHas("token_inspection", "projects", itemsAre("project", "local")),
				readHas("user_profile", "display_name", knownvalue.StringExact("Anna Berg")),
				readHas("user_profiles", "profiles", itemsAre("user_identifier", "user-anna")),
				attribute("data.iam_cdf_user_profiles.named", "profiles", itemsAre("user_identifier", "user-bo")),
				attribute("data.iam_cdf_user_profiles.listed", "profiles", itemsAre("display_name", "Administrator")),
				readHas("principals", "principals", itemsAre("id", "user-anna", "user-bo", "user-carla")),
				attribute("data.iam_cdf_principals.given", "principals", itemsAre("id", "user-anna", "service-account-pipeline")),
			},
		}},
	})
}

// A value that turns out to be wrong only during the apply is refused then.
func TestAccCDFDataSources_wrongAfterApply(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	wrong := map[string]string{
		read("sessions", "status = terraform_data.later.output.text"):              `value must be one of: ["READY" "ACTIVE"`,
		read("user_profiles", "limit = terraform_data.later.output.number"):        "must be a whole number of at least 1",
		read("principals", "ids = [terraform_data.later.output.nothing]"):          "contains a null value",
		read("token_inspection", "project = terraform_data.later.output.text"):     `The token is not valid for the project "wrong"; the projects that it is valid for: "local"`,
		read("user_profile", "user_identifier = terraform_data.later.output.text"): `There are no user profiles with the identifiers "wrong"`,
	}
	var words []string
	for _, word := range wrong {
		words = append(words, regexp.QuoteMeta(word))
	}
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config:      later(`{ text = "wrong", number = 0, nothing = null }`) + strings.Join(slices.Collect(maps.Keys(wrong)), ""),
			ExpectError: says("contains a null value"),
		}},
	})
	said.ExpectErrors(t, words...)
}

// expectRefusals expects that each of the arguments of a data source is refused by
// the plan, with the words.
func expectRefusals(t *testing.T, kind string, refusals map[string]string) {
	t.Helper()
	var config strings.Builder
	var words []string
	for i, arguments := range slices.Sorted(maps.Keys(refusals)) {
		fmt.Fprintf(&config, "data \"iam_cdf_%s\" \"test%d\" {\n  %s\n}\n", kind, i, arguments)
		words = append(words, regexp.QuoteMeta(refusals[arguments]))
	}
	providers, said := acctest.Listen(acctest.StartLocalCDF(t, localserver.Options{}).Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config.String(), PlanOnly: true, ExpectError: says("iam_cdf_" + kind)}},
	})
	said.ExpectErrors(t, words...)
}

// refusedLookups are the data sources that need a capability, and which.
var refusedLookups = map[string]string{
	"groups":              "groupsAcl:LIST in all",
	"security_categories": "securityCategoriesAcl:LIST in all",
	"sessions":            "sessionsAcl:LIST in all",
	"project":             "projectsAcl:READ in all",
	"principals":          "projectsAcl:READ in all",
	"token_inspection":    "groupsAcl:LIST in all and projectsAcl:LIST in all",
}

// A caller that lacks a capability is told which, and how to grant it.
func TestAccCDFDataSources_notPermitted(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(server.ProvidersAs(server.Caller(t, "nobody", `[]`)))
	var config strings.Builder
	var wanted []string
	for kind, capability := range refusedLookups {
		config.WriteString(read(kind, ""))
		acl, _, _ := strings.Cut(capability, ":")
		wanted = append(wanted, `(?s)^Could not read CDF .*: data\.iam_cdf_`+kind+`: not permitted\. The operation needs `+capability+
			`\. Add this to a group of the caller:.*capability \{.*acl\s+= "`+acl+`".*Server answer: .*403 Forbidden`)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config.String(), PlanOnly: true, ExpectError: says("not permitted")}},
	})
	said.ExpectErrors(t, wanted...)
}

// Everybody in a group may read the own groups, profiles and, with the
// organization's id, its principals.
func TestAccCDFDataSources_withoutCapabilities(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	id, secret := server.Caller(t, "member", `[]`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: server.ProvidersAs(id, secret),
		Steps: []resource.TestStep{{
			Config: read("groups", "all = false") + read("user_profiles", "") +
				read("principals", fmt.Sprintf("organization = \"local-org\"\nids = [%q]", id)),
			ConfigStateChecks: []statecheck.StateCheck{
				readHas("groups", "groups", itemsAre("name", server.Name("member"))),
				readHas("user_profiles", "profiles", knownvalue.ListSizeExact(3)),
				readHas("principals", "principals", itemsAre("id", id)),
			},
		}},
	})
}

// lookupKinds are all the data sources of this file's rules.
var lookupKinds = append(slices.Sorted(maps.Keys(refusedLookups)), "user_profile", "user_profiles")

// Without a configured provider each data source says what is missing.
func TestAccCDFDataSources_notConfigured(t *testing.T) {
	t.Parallel()
	providers, said := acctest.Listen(acctest.ProvidersWith(func(string) string { return "" }))
	var config strings.Builder
	var wanted []string
	for _, kind := range lookupKinds {
		config.WriteString(read(kind, ""))
		wanted = append(wanted, `^Could not read CDF .*: data\.iam_cdf_`+kind+`: Several settings are missing:\n  - no cluster is set: set cluster or base_url in the provider's cdf block, or the environment variable CDF_CLUSTER or CDF_URL`)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config.String(), PlanOnly: true, ExpectError: says("no cluster is set")}},
	})
	said.ExpectErrors(t, wanted...)
}

// With a provider that is configured only after apply, data sources cannot be read
// at plan: the error names the argument.
func TestAccCDFDataSources_unknownProvider(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	config := later(`"local"`) + "provider \"iam\" {\n  cdf {\n    project = terraform_data.later.output\n  }\n}\n"
	for _, kind := range lookupKinds {
		config += read(kind, "")
	}
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config, ExpectError: says("cdf.project is known only after apply")}},
	})
	if errors := said.Errors(); len(errors) != len(lookupKinds) {
		t.Errorf("%d errors, want %d:\n%s", len(errors), len(lookupKinds), strings.Join(errors, "\n"))
	}
}

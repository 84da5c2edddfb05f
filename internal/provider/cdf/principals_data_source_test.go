// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestAccCDFPrincipalsDataSource_basic(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	must(t, server.Local.AddCDFUser(cdf.User{ID: "user-dora", DisplayName: "Dora E. Fox", GivenName: "Dora", MiddleName: "E.", Surname: "Fox", Email: "dora@example.com"}))
	readSteps(t, server, read("principals", `ids = ["user-dora"]`+"\n  external_ids = [\"pipeline\"]")+`
data "iam_cdf_principals" "users" {
  types = ["USER"]
}
data "iam_cdf_principals" "services" {
  types        = ["SERVICE_ACCOUNT"]
  organization = "local-org"
}
data "iam_cdf_principals" "both" {
  types = ["USER", "SERVICE_ACCOUNT"]
}
`,
		readHas("principals", "organization", knownvalue.StringExact("local-org")),
		readHas("principals", "principals", knownvalue.ListExact([]knownvalue.Check{
			knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": knownvalue.StringExact("user-dora"), "type": knownvalue.StringExact("USER"), "name": knownvalue.StringExact("Dora E. Fox"),
				"picture_url": knownvalue.NotNull(), "email": knownvalue.StringExact("dora@example.com"),
				"given_name": knownvalue.StringExact("Dora"), "middle_name": knownvalue.StringExact("E."), "family_name": knownvalue.StringExact("Fox"),
				"external_id": knownvalue.Null(), "description": knownvalue.Null(), "created_by": knownvalue.Null(),
				"created_time": knownvalue.Null(), "last_updated_time": knownvalue.Null(),
			}),
			knownvalue.ObjectExact(map[string]knownvalue.Check{
				"id": knownvalue.StringExact("service-account-pipeline"), "type": knownvalue.StringExact("SERVICE_ACCOUNT"), "name": knownvalue.StringExact("Pipeline"),
				"picture_url": knownvalue.NotNull(), "email": knownvalue.Null(),
				"given_name": knownvalue.Null(), "middle_name": knownvalue.Null(), "family_name": knownvalue.Null(),
				"external_id": knownvalue.StringExact("pipeline"), "description": knownvalue.StringExact("Loads the data of the plant"),
				"created_by": knownvalue.ObjectExact(map[string]knownvalue.Check{
					"organization": knownvalue.StringExact("local-org"), "user_id": knownvalue.StringExact("user-anna"),
				}),
				"created_time": isTime, "last_updated_time": isTime,
			}),
		})),
		attribute("data.iam_cdf_principals.users", "principals", itemsAre("id", "user-anna", "user-bo", "user-carla", "user-dora")),
		attribute("data.iam_cdf_principals.services", "principals", knownvalue.ListSizeExact(2)),
		attribute("data.iam_cdf_principals.both", "principals", knownvalue.ListSizeExact(6)),
	)
}

// A type may come to be that the provider does not know: it is passed on, with a
// warning that tells a misspelt one.
func TestAccCDFPrincipalsDataSource_types(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, answering("/api/v1/orgs/local-org/principals", http.StatusOK, `{"items":[{"id":"a","type":"AGENT"}]}`))
	providers, said := acctest.Listen(server.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config:            read("principals", `types = ["AGENT", "USER"]`),
			ConfigStateChecks: []statecheck.StateCheck{readHas("principals", "principals", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{"type": knownvalue.StringExact("AGENT"), "name": knownvalue.Null()})}))},
		}},
	})
	said.ExpectWarnings(t, `^Unknown type of principals: data\.iam_cdf_principals: the type "AGENT" is not known to the provider, which passes it on as it is; known are USER and SERVICE_ACCOUNT\.`)
}

// The API of organizations has rules of its own about who may call it.
func TestAccCDFPrincipalsDataSource_callers(t *testing.T) {
	t.Parallel()
	const issuer = "https://auth.cognite.com"
	for name, test := range map[string]struct {
		options   localserver.Options
		arguments string
		words     []string
	}{
		"token of another identity provider": {
			answering("/api/v1/orgs/", http.StatusUnauthorized, `{"code":401,"message":"wrong issuer"}`), "",
			[]string{"the API of organizations did not accept the caller's token. It accepts only tokens that Cognite's own identity provider, " + issuer + ", has issued", `token_url = "` + issuer + `/oauth2/token"`, "Server answer: ", "listPrincipals", "401 Unauthorized: wrong issuer"},
		},
		"the same by id": {
			answering("/api/v1/orgs/", http.StatusUnauthorized, `{"code":401,"message":"wrong issuer"}`), `ids = ["user-anna"]`,
			[]string{"It accepts only tokens that Cognite's own identity provider", "retrievePrincipals"},
		},
		"other organization": {
			localserver.Options{}, `organization = "other"`,
			[]string{`with organization "other": not permitted. The caller must belong to the organization, or be an administrator of one above it.`, "403 Forbidden"},
		},
		"unknown id": {
			localserver.Options{}, `ids = ["user-anna", "nobody"]`, []string{`retrievePrincipals`, `404 Not Found: there is no principal "nobody"`},
		},
		"project without organization": {
			answering("/api/v1/projects/local", http.StatusOK, `{"name":"local","urlName":"local"}`), "",
			[]string{`CDF does not say which organization the project "local" belongs to: set organization.`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := acctest.StartLocalCDF(t, test.options)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: server.Providers(),
				Steps: []resource.TestStep{{
					Config: read("principals", test.arguments), PlanOnly: true,
					ExpectError: says(append([]string{"Could not read CDF principals"}, test.words...)...),
				}},
			})
		})
	}
}

// Wrong credentials of the provider are no matter of the organization.
func TestAccCDFPrincipalsDataSource_wrongSecret(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	const secret = "wrong-secret-of-the-provider"
	providers, said := acctest.Listen(server.ProvidersAs(server.Local.ClientID(), secret))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: read("principals", `organization = "local-org"`), PlanOnly: true, ExpectError: says("CDF rejected the credentials")}},
	})
	said.ExpectErrors(t, `^Could not read CDF principals: .*CDF rejected the credentials\. Check token, or client_id and client_secret`)
	if all := strings.Join(said.Errors(), "\n"); strings.Contains(all, secret) {
		t.Errorf("the error holds the secret: %s", all)
	}
}

func TestAccCDFPrincipalsDataSource_refusals(t *testing.T) {
	t.Parallel()
	expectRefusals(t, "principals", map[string]string{
		"types = [\"USER\"]\n  ids = [\"a\"]": "In data.iam_cdf_principals, types cannot be combined with ids and external_ids.",
		`ids = [""]`:                          "ids[0] string length must be at least 1",
		`external_ids = [""]`:                 "external_ids[0] string length must be at least 1",
		`types = [null]`:                      "contains a null value",
		`organization = ""`:                   "organization string length must be at least 1",
	})
}

// More ids than fit in one request are read in several.
func TestAccCDFPrincipalsDataSource_manyIDs(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalCDF(t, localserver.Options{})
	const number = 101
	for i := range number {
		must(t, server.Local.AddCDFUser(cdf.User{ID: fmt.Sprintf("u%d", i)}))
	}
	readSteps(t, server, read("principals", fmt.Sprintf("ids = [for i in range(%d) : \"u${i}\"]", number)),
		readHas("principals", "principals", knownvalue.ListSizeExact(number)))
}

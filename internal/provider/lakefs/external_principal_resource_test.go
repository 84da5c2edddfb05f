// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

const (
	thePrincipal = "iam_lakefs_external_principal.test"
	// aRole is an id with everything that ids of AWS have.
	aRole       = "arn:aws:sts::1:assumed-role/x/y+z"
	anotherRole = "arn:aws:sts::1:assumed-role/x"
)

// principalConfig configures a user with a principal; more are arguments besides.
func principalConfig(principal, more string) string {
	return fmt.Sprintf(`
resource "iam_lakefs_user" "test" {
  id = "etl"
}
resource "iam_lakefs_external_principal" "test" {
  user_id      = iam_lakefs_user.test.id
  principal_id = %q
  %s
}
`, principal, more)
}

// startWithPrincipals starts a lakeFS that has the experimental operations.
func startWithPrincipals(t *testing.T) *acctest.LakeFS {
	t.Helper()
	return acctest.StartLocalLakeFS(t, localserver.Options{ExternalPrincipals: true})
}

// principalsAre checks which principals the server lists for the user.
func principalsAre(t *testing.T, lakefs *acctest.LakeFS, want ...string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for principal, err := range lakefs.Client.ListUserExternalPrincipals(context.WithoutCancel(t.Context()), "etl", lakefsapi.ListOptions{}) {
			if err != nil {
				return err
			}
			got = append(got, principal.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			return fmt.Errorf("principals (-want +got):\n%s", diff)
		}
		return nil
	}
}

func settingsAre(want map[string]knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(thePrincipal, tfjsonpath.New("settings"), knownvalue.MapExact(want))
}

func TestAccLakefsExternalPrincipal_basic(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: principalConfig(aRole, ""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(thePrincipal, tfjsonpath.New("user_id"), knownvalue.StringExact("etl")),
					statecheck.ExpectKnownValue(thePrincipal, tfjsonpath.New("principal_id"), knownvalue.StringExact(aRole)),
					settingsAre(nil),
				},
				ConfigPlanChecks: emptyPlanAfterApply(),
				Check:            principalsAre(t, lakefs, aRole),
			},
			// No settings and empty ones are the same.
			{Config: principalConfig(aRole, "settings = {}"), ConfigPlanChecks: nothingPlanned()},
			{
				Config:            principalConfig(aRole, `settings = { a = "1", b = "2" }`),
				ConfigStateChecks: []statecheck.StateCheck{settingsAre(map[string]knownvalue.Check{"a": knownvalue.StringExact("1"), "b": knownvalue.StringExact("2")})},
				ConfigPlanChecks:  planned(thePrincipal, plancheck.ResourceActionReplace),
			},
			// The server does not tell them: that is no drift, and their order is none.
			{Config: principalConfig(aRole, `settings = { b = "2", a = "1" }`), ConfigPlanChecks: nothingPlanned()},
			{
				Config: principalConfig(anotherRole, ""), ConfigPlanChecks: planned(thePrincipal, plancheck.ResourceActionReplace),
				Check: principalsAre(t, lakefs, anotherRole),
			},
			{
				// The principal alone is destroyed: its user stays.
				Config:           "resource \"iam_lakefs_user\" \"test\" {\n  id = \"etl\"\n}\n",
				ConfigPlanChecks: planned(thePrincipal, plancheck.ResourceActionDestroy),
				Check:            principalsAre(t, lakefs),
			},
		},
	})
}

func TestAccLakefsExternalPrincipal_disappears(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	ctx := t.Context()
	step := resource.TestStep{
		Config: principalConfig(aRole, ""), ConfigPlanChecks: planned(thePrincipal, plancheck.ResourceActionCreate), Check: principalsAre(t, lakefs, aRole),
	}
	without := func(remove func() error) resource.TestStep {
		again := step
		again.PreConfig = func() { must(t, remove()) }
		return again
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			step,
			without(func() error { return lakefs.Client.DeleteUserExternalPrincipal(ctx, "etl", aRole) }),
			without(func() error { return lakefs.Client.DeleteUser(ctx, "etl") }),
		},
	})
}

func TestAccLakefsExternalPrincipal_import(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	id := "etl/" + aRole
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: principalConfig(aRole, "")},
			{ResourceName: thePrincipal, ImportState: true, ImportStateId: id, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "principal_id"},
			{Config: principalConfig(aRole, ""), ResourceName: thePrincipal, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: id},
			{
				ResourceName: thePrincipal, ImportState: true, ImportStateId: "etl",
				ExpectError: says("is not an import id of this type", "Write user_id/principal_id, for example"),
			},
			// The principal of another user is not found.
			{ResourceName: thePrincipal, ImportState: true, ImportStateId: "admin/" + aRole, ExpectError: says("Cannot import non-existent remote object")},
		},
	})
}

func TestAccLakefsExternalPrincipal_unknown(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: fmt.Sprintf("resource \"iam_lakefs_user\" \"test\" {\n  id = \"etl\"\n}\n%s", later(fmt.Sprintf("{ user = iam_lakefs_user.test.id, principal = %q, settings = { a = \"1\" } }", aRole))) + `
resource "iam_lakefs_external_principal" "test" {
  user_id      = terraform_data.later.output.user
  principal_id = terraform_data.later.output.principal
  settings     = terraform_data.later.output.settings
}
`,
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectUnknownValue(thePrincipal, tfjsonpath.New("user_id")),
						plancheck.ExpectUnknownValue(thePrincipal, tfjsonpath.New("principal_id")),
						plancheck.ExpectUnknownValue(thePrincipal, tfjsonpath.New("settings")),
					},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				ConfigStateChecks: []statecheck.StateCheck{settingsAre(map[string]knownvalue.Check{"a": knownvalue.StringExact("1")})},
				Check:             principalsAre(t, lakefs, aRole),
			},
			{
				// What is unknown at plan is checked when it is known.
				Config:      later(`""`) + strings.Replace(principalConfig("x", ""), `"x"`, "terraform_data.later.output", 1),
				ExpectError: says("An id is empty", "principal_id is empty"),
			},
		},
	})
}

func TestAccLakefsExternalPrincipal_validation(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{PlanOnly: true, Config: principalConfig("", ""), ExpectError: says("An id is empty", "principal_id is empty")},
			{PlanOnly: true, Config: principalConfig(aRole, "settings = { a = null }"), ExpectError: says("A setting is null", `The setting "a" is null`)},
			{PlanOnly: true, Config: strings.Replace(principalConfig(aRole, ""), "iam_lakefs_user.test.id", `"a/b"`, 1), ExpectError: says(`"a/b"`)},
		},
	})
}

// A principal logs in as one user. One that is there is not taken over, whose ever it is.
func TestAccLakefsExternalPrincipal_exists(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	grant := func(user string) { // and to nobody else
		for _, other := range []string{"etl", "admin"} {
			err := lakefs.Client.DeleteUserExternalPrincipal(t.Context(), other, aRole)
			if !lakefsapi.IsNotFound(err) {
				must(t, err)
			}
		}
		must(t, lakefs.Client.CreateUserExternalPrincipal(t.Context(), user, aRole, lakefsapi.ExternalPrincipalCreation{}))
	}
	exists := func(user string) resource.TestStep {
		id := user + "/" + aRole
		return resource.TestStep{
			PreConfig: func() { grant(user) }, Config: principalConfig(aRole, ""),
			ExpectError: says("Could not create lakeFS external principal", `The external principal "`+id+`" exists already`, "to = iam_lakefs_external_principal.NAME", `id = "`+id+`"`),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps:                    []resource.TestStep{{Config: "resource \"iam_lakefs_user\" \"test\" {\n  id = \"etl\"\n}\n"}, exists("etl"), exists("admin")},
	})
}

// Two resources for one principal would undo each other.
func TestAccLakefsExternalPrincipal_twice(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      principalConfig(aRole, "count = 2"),
			ExpectError: says(`Another resource of this configuration manages the external principal "etl/`+aRole+`"`, "Keep one of the two"),
		}},
	})
}

// Servers without the experimental operations say so.
func TestAccLakefsExternalPrincipal_otherServers(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]localserver.Options{"off": {}, "lists": {RBAC: "simplified"}, "0.97": {Dialect: "0.97"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLocalLakeFS(t, options)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{{
					Config: principalConfig(aRole, ""),
					ExpectError: says("Could not create lakeFS external principal", "this lakeFS has no external principals: its server answered that it does not implement the operation",
						"They are experimental, and need an auth server that implements them"),
				}},
			})
		})
	}
}

// A user that is not there has no principals, and gets none.
func TestAccLakefsExternalPrincipal_noUser(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      strings.Replace(principalConfig(aRole, ""), "iam_lakefs_user.test.id", `"nobody"`, 1),
			ExpectError: says("Could not create lakeFS external principal", "So the user does not exist. Refer to the id of the resource that creates it"),
		}},
	})
}

// A caller that may not read principals is told which right it lacks.
func TestAccLakefsExternalPrincipal_notReadable(t *testing.T) {
	t.Parallel()
	lakefs := startWithPrincipals(t)
	must(t, lakefs.Client.CreateUserExternalPrincipal(t.Context(), "admin", aRole, lakefsapi.ExternalPrincipalCreation{}))
	direct := acctest.NewDirect(t, lakefs.ProvidersAs(lakefs.Caller(t, "caller")))
	if _, ok := direct.Import("iam_lakefs_external_principal", "admin/"+aRole); ok {
		t.Fatal("it can be read")
	}
	said := direct.Said()
	if want := "not permitted: needs auth:ReadExternalPrincipal on arn:lakefs:auth:::externalPrincipal/" + aRole; len(said) != 1 || !strings.Contains(said[0].Detail, want) {
		t.Errorf("said %v, want %q", said, want)
	}
}

// Settings that a server tells are drift when they are others.
func TestAccLakefsExternalPrincipal_settingsThatAreTold(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{ExternalPrincipals: true, Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/auth/external/principals") {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"id":"x","user_id":"etl","settings":{"a":"1","n":{"deep":[1]}}}`))
		})
	}})
	must(t, acctest.ErrorOf(lakefs.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "etl"})))
	direct := acctest.NewDirect(t, lakefs.Providers())
	object, ok := direct.Import("iam_lakefs_external_principal", "etl/x")
	if !ok {
		t.Fatal(direct.Said())
	}
	if diff := cmp.Diff(map[string]string{"a": "1", "n": `{"deep":[1]}`}, object.Texts("settings")); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	_, replaces, ok := direct.Plan("iam_lakefs_external_principal", object, acctest.Arguments{"user_id": "etl", "principal_id": "x"})
	if !ok || !replaces {
		t.Errorf("without settings, planned %t as a replacement %t; said %v", ok, replaces, direct.Said())
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/compare"
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

const theKey = "iam_lakefs_credentials.test"

// credentialsConfig is a user with a key.
func credentialsConfig(userID, arguments string) string {
	return userConfig(userID, "") + fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = %s.id\n  %s\n}\n", theUser, arguments)
}

func TestAccLakefsCredentials_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("keyed")
	secret := tfjsonpath.New("secret_access_key")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             resource.ComposeTestCheckFunc(userIsGone(t, lakefs, id), keysAre(t, lakefs, id)),
		Steps: []resource.TestStep{{
			Config: credentialsConfig(id, ""),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(theKey, tfjsonpath.New("user_id"), knownvalue.StringExact(id)),
				statecheck.ExpectKnownValue(theKey, tfjsonpath.New("access_key_id"), knownvalue.StringRegexp(regexp.MustCompile(`^AKIA[A-Z0-9]{16}$`))),
				statecheck.ExpectKnownValue(theKey, tfjsonpath.New("creation_date"), rfc3339),
				statecheck.ExpectKnownValue(theKey, secret, knownvalue.StringRegexp(regexp.MustCompile(`^\S{40}$`))),
				statecheck.ExpectSensitiveValue(theKey, secret),
			},
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectSensitiveValue(theKey, secret),
					plancheck.ExpectUnknownValue(theKey, tfjsonpath.New("access_key_id")),
				},
				PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			Check: func(state *terraform.State) error {
				made := state.RootModule().Resources[theKey].Primary.Attributes
				return authenticates(t, lakefs, lakefsapi.CredentialsWithSecret{
					AccessKeyID: made["access_key_id"], SecretAccessKey: made["secret_access_key"],
				}, true)(state)
			},
		}},
	})
}

// Rotation with create_before_destroy: the old key works until what uses it has
// changed.
func TestAccLakefsCredentials_rotate(t *testing.T) {
	t.Parallel()
	log := new(writes)
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: log.record})
	config := func(month string) string {
		return credentialsConfig("rotated", fmt.Sprintf(`
  rotate_triggers = { month = %q }
  lifecycle {
    create_before_destroy = true
  }`, month)) + `
resource "iam_lakefs_policy" "dependent" {
  id = "dependent"
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/${iam_lakefs_credentials.test.access_key_id}/*"]
  }
}`
	}
	var before []string
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             keysAre(t, lakefs, "rotated"),
		Steps: []resource.TestStep{
			{Config: config("2026-11"), ConfigPlanChecks: emptyPlanAfterApply()},
			{
				PreConfig: func() {
					var err error
					before, err = keysOf(t.Context(), lakefs, "rotated")
					must(t, err)
					log.take()
				},
				Config: config("2026-12"),
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionCreateBeforeDestroy,
					plancheck.ExpectResourceAction("iam_lakefs_policy.dependent", plancheck.ResourceActionUpdate)),
				Check: func(*terraform.State) error {
					wanted := []string{
						"POST users/rotated/credentials",
						"PUT policies/dependent",
						"DELETE users/rotated/credentials/" + before[0],
					}
					if diff := cmp.Diff(wanted, log.take()); diff != "" {
						return fmt.Errorf("the order of changes differs (-want +got):\n%s", diff)
					}
					return nil
				},
			},
		},
	})
}

func TestAccLakefsCredentials_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	one, other := lakefs.Name("one"), lakefs.Name("other")
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	keyOf := func(user int) string {
		return fmt.Sprintf(`
resource "iam_lakefs_user" "all" {
  count = 2
  id    = [%q, %q][count.index]
}
resource "iam_lakefs_credentials" "test" {
  user_id = iam_lakefs_user.all[%d].id
}`, one, other, user)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             resource.ComposeTestCheckFunc(keysAre(t, lakefs, one), keysAre(t, lakefs, other)),
		Steps: []resource.TestStep{
			{Config: keyOf(0), ConfigStateChecks: []statecheck.StateCheck{differs.AddStateValue(theKey, tfjsonpath.New("access_key_id"))}},
			{
				Config: keyOf(1), ConfigPlanChecks: planned(theKey, plancheck.ResourceActionReplace),
				ConfigStateChecks: []statecheck.StateCheck{differs.AddStateValue(theKey, tfjsonpath.New("access_key_id"))},
				Check:             keysAre(t, lakefs, one),
			},
		},
	})
}

// A key is gone when it was deleted, and when its user was: lakeFS goes on listing
// the keys of a deleted user.
func TestAccLakefsCredentials_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("vanishing")
	config := userConfig(id, "revoke_leftover_credentials = true") +
		"resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = " + theUser + ".id\n}\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             resource.ComposeTestCheckFunc(userIsGone(t, lakefs, id), keysAre(t, lakefs, id)),
		Steps: []resource.TestStep{
			{Config: config},
			{
				PreConfig: func() {
					keys, err := keysOf(t.Context(), lakefs, id)
					must(t, err)
					must(t, lakefs.Client.DeleteCredentials(t.Context(), id, keys[0]))
				},
				Config:           config,
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionCreate),
			},
			{
				PreConfig: func() { must(t, lakefs.Client.DeleteUser(t.Context(), id)) },
				Config:    config,
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionCreate,
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionCreate)),
				Check: func(state *terraform.State) error {
					return keysAre(t, lakefs, id, state.RootModule().Resources[theKey].Primary.Attributes["access_key_id"])(state)
				},
			},
		},
	})
}

// An imported key has no secret, and Terraform doesn't ask for one.
func TestAccLakefsCredentials_import(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("imported")
	makeUser(t, lakefs, id)
	key := makeKey(t, lakefs, id)
	importID := id + "/" + key.AccessKeyID
	config := fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = %q\n}\n", id)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             keysAre(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:           config + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theKey, importID),
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theKey, tfjsonpath.New("access_key_id"), knownvalue.StringExact(key.AccessKeyID)),
					statecheck.ExpectKnownValue(theKey, tfjsonpath.New("creation_date"), rfc3339),
					statecheck.ExpectKnownValue(theKey, tfjsonpath.New("secret_access_key"), knownvalue.Null()),
				},
			},
			{Config: config, ConfigPlanChecks: nothingPlanned()},
			{ResourceName: theKey, ImportState: true, ImportStateId: importID, ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "access_key_id"},
			{
				ResourceName: theKey, ImportState: true, ImportStateId: key.AccessKeyID,
				ExpectError: regexp.MustCompile(`Write\s+user_id/access_key_id,\s+for\s+example\s+"etl/AKIA`),
			},
			{
				ResourceName: theKey, ImportState: true, ImportStateId: id + "/AKIAJNOSUCHKEYATALLQ",
				ExpectError: regexp.MustCompile(`Cannot\s+import\s+non-existent\s+remote\s+object`),
			},
		},
	})
	must(t, lakefs.Client.DeleteUser(t.Context(), id))
}

func TestAccLakefsCredentials_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("unknown")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             keysAre(t, lakefs, id),
		Steps: []resource.TestStep{{
			Config: userConfig(id, "") + fmt.Sprintf(`
resource "terraform_data" "input" {
  input = { id = %q, triggers = { month = "2026-11" } }
}
resource "iam_lakefs_credentials" "test" {
  user_id         = terraform_data.input.output.id
  rotate_triggers = terraform_data.input.output.triggers
  depends_on      = [iam_lakefs_user.test]
}`, id),
			ConfigPlanChecks: planned(theKey, plancheck.ResourceActionCreate,
				plancheck.ExpectUnknownValue(theKey, tfjsonpath.New("user_id")),
				plancheck.ExpectUnknownValue(theKey, tfjsonpath.New("rotate_triggers"))),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(theKey, tfjsonpath.New("user_id"), knownvalue.StringExact(id)),
				statecheck.ExpectKnownValue(theKey, tfjsonpath.New("rotate_triggers").AtMapKey("month"), knownvalue.StringExact("2026-11")),
			},
		}},
	})
}

// Keys of one user that are made at the same time are told apart.
func TestAccLakefsCredentials_parallel(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("parallel")
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             keysAre(t, lakefs, id),
		Steps: []resource.TestStep{{
			Config: credentialsConfig(id, "count = 4") + "output \"keys\" {\n  value = length(toset(iam_lakefs_credentials.test[*].access_key_id))\n}\n",
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("keys", knownvalue.Int64Exact(4)),
			},
			ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
	said.ExpectWarnings(t)
}

// A key whose answer was lost is named, never used, and never deleted silently.
func TestAccLakefsCredentials_lostAnswer(t *testing.T) {
	t.Parallel()
	var lost atomic.Bool
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/credentials") && lost.CompareAndSwap(false, true) {
				next.ServeHTTP(httptest.NewRecorder(), r)
				panic(http.ErrAbortHandler) // the connection breaks
			}
			next.ServeHTTP(w, r)
		})
	}})
	providers, said := acctest.Listen(lakefs.Providers())
	var orphan string
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: credentialsConfig("unlucky", ""),
			Check: func(state *terraform.State) error {
				keys, err := keysOf(t.Context(), lakefs, "unlucky")
				must(t, err)
				used := state.RootModule().Resources[theKey].Primary.Attributes["access_key_id"]
				if len(keys) != 2 || !slices.Contains(keys, used) {
					return fmt.Errorf("the server lists the keys %q, want %s and one more", keys, used)
				}
				orphan = strings.Replace(keys[0]+keys[1], used, "", 1)
				return nil
			},
		}},
	})
	said.ExpectWarnings(t, `^lakeFS made access keys whose secret was lost: (.|\n)*"unlucky"(.|\n)*: `+orphan+`\. They were left alone`,
		// The destroy at the end of the test takes the orphan along.
		`^Deleting a lakeFS user removed what was tied to it: The user "unlucky" is deleted, and with it went 1 access key\.`)
}

func TestAccLakefsCredentials_refused(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	config := func(userID string) string {
		return fmt.Sprintf("resource \"iam_lakefs_credentials\" \"test\" {\n  user_id = %q\n}\n", userID)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config("a/b"), PlanOnly: true, ExpectError: regexp.MustCompile(`The\s+user\s+id\s+"a/b"\s+contains\s+"/"`)},
			{
				Config:      config(lakefs.Name("nobody")),
				ExpectError: regexp.MustCompile(`Could\s+not\s+create\s+lakeFS\s+credentials(.|\n)*createCredentials(.|\n)*404`),
			},
		},
	})
}

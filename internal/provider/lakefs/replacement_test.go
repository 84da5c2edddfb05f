// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Terraform replaces a tainted user and leaves alone what refers to its id, which
// stays the same. lakeFS removes that with the user, so it has to be said.
func TestAccLakefsUser_taintedWithEdges(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	name := lakefs.Name("tainted-edges")
	config := endsConfig(name) + membershipConfig + attachmentsConfig
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             userIsGone(t, lakefs, name),
		Steps: []resource.TestStep{
			{Config: config},
			{
				Taint:              []string{theUser},
				Config:             config,
				ConfigPlanChecks:   planned(theUser, plancheck.ResourceActionDestroyBeforeCreate),
				ExpectNonEmptyPlan: true,
			},
			{Config: config, ConfigPlanChecks: planned(theMembership, plancheck.ResourceActionCreate)},
		},
	})
	said.ExpectWarnings(t, `^Deleting a lakeFS user removed what was tied to it: The user "`+name+`(.|\n)*1 group membership and 1 attached policy(.|\n)*replace_triggered_by`)
}

// create_before_destroy of a key also holds for its user, and lakeFS cannot have
// two users of one id: the error must not send the reader to an import.
func TestAccLakefsUser_taintedBelowCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	config := credentialsConfig(lakefs.Name("below"), "lifecycle {\n    create_before_destroy = true\n  }")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config},
			{
				Taint: []string{theUser}, Config: config,
				ExpectError: says("exists already", "create_before_destroy", "terraform untaint"),
			},
		},
	})
}

// Some auth servers take a description, and echo it, without keeping it. That
// must not replace the group again and again.
func TestAccLakefsGroup_descriptionNotKept(t *testing.T) {
	t.Parallel()
	description := regexp.MustCompile(`"description":"[^"]*"`)
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/auth/groups") {
				next.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
			w.WriteHeader(answer.Code)
			_, _ = w.Write(description.ReplaceAll(answer.Body.Bytes(), []byte(`"description":""`)))
		})
	}})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig("forgetful", `description = "Reads."`), ConfigPlanChecks: emptyPlanAfterApply()},
			{
				Config:           groupConfig("forgetful", `description = "Writes."`),
				ConfigPlanChecks: planned(theGroup, plancheck.ResourceActionDestroyBeforeCreate),
			},
		},
	})
}

// The first triggers of an imported key must not revoke it; later ones rotate it.
func TestAccLakefsCredentials_triggersOfImported(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("adopted")
	makeUser(t, lakefs, id)
	key := makeKey(t, lakefs, id)
	config := func(month string) string {
		return fmt.Sprintf(`
import {
  to = %[1]s
  id = %[2]q
}
import {
  to = %[3]s
  id = "%[2]s/%[4]s"
}
`, theUser, id, theKey, key.AccessKeyID) + credentialsConfig(id, fmt.Sprintf("rotate_triggers = { month = %q }", month))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config: config("2026-11"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(theKey, plancheck.ResourceActionUpdate)},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theKey, tfjsonpath.New("access_key_id"), knownvalue.StringExact(key.AccessKeyID)),
					statecheck.ExpectKnownValue(theKey, tfjsonpath.New("secret_access_key"), knownvalue.Null()),
				},
				Check: authenticates(t, lakefs, key, true),
			},
			{
				Config:           config("2026-12"),
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionDestroyBeforeCreate),
				Check:            authenticates(t, lakefs, lakefsapi.CredentialsWithSecret{AccessKeyID: key.AccessKeyID, SecretAccessKey: key.SecretAccessKey}, false),
			},
		},
	})
}

// Triggers that are empty are triggers that are not set.
func TestAccLakefsCredentials_emptyTriggers(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("triggerless")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: credentialsConfig(id, "")},
			{Config: credentialsConfig(id, "rotate_triggers = {}"), ConfigPlanChecks: nothingPlanned()},
			{
				Config:           credentialsConfig(id, "rotate_triggers = { month = \"2026-11\" }"),
				ConfigPlanChecks: planned(theKey, plancheck.ResourceActionDestroyBeforeCreate),
			},
		},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

const theSwitch = "iam_cdf_user_profiles_configuration.test"

func switchConfig(enabled string) string {
	return "resource \"iam_cdf_user_profiles_configuration\" \"test\" {\n  enabled = " + enabled + "\n}\n"
}

// switchIs checks the setting of the project.
func switchIs(t *testing.T, project *acctest.CDF, want bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := project.Client.GetProject(context.WithoutCancel(t.Context()))
		if err == nil && got.UserProfilesEnabled != want {
			err = fmt.Errorf("user profiles are enabled: %t, want %t", got.UserProfilesEnabled, want)
		}
		return err
	}
}

// The setting is there once and always: it is set, changed, and left as it is. The
// tests of it run on projects of their own, since it is one for a whole project.
func TestAccCDFUserProfilesConfiguration_basic(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	providers, said := acctest.Listen(project.Providers())
	state := func(enabled bool) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			attribute(theSwitch, "project", knownvalue.StringExact("local")),
			attribute(theSwitch, "enabled", knownvalue.Bool(enabled)),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             switchIs(t, project, true), // as it was last
		Steps: []resource.TestStep{
			{
				Config: switchConfig("false"), ConfigStateChecks: state(false), Check: switchIs(t, project, false),
				ConfigPlanChecks: emptyPlanAfterApply(),
			},
			{
				Config: switchConfig("true"), ConfigStateChecks: state(true), Check: switchIs(t, project, true),
				ConfigPlanChecks: planned(theSwitch, plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(theSwitch, tfjsonpath.New("project"), knownvalue.StringExact("local"))),
			},
			{
				// Somebody else has changed it.
				PreConfig: func() {
					_, err := project.Client.SetUserProfilesEnabled(t.Context(), false)
					must(t, err)
				},
				Config: switchConfig("true"), ConfigPlanChecks: planned(theSwitch, plancheck.ResourceActionUpdate), Check: switchIs(t, project, true),
			},
		},
	})
	said.ExpectWarnings(t, `^The user profiles setting stays as it is: The setting of the project "local" is no longer managed\. It was left as it is: enabled = true\.$`)
}

func TestAccCDFUserProfilesConfiguration_import(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{DisableUserProfiles: true}})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{
				Config:           switchConfig("false") + "import {\n  to = " + theSwitch + "\n  id = \"local\"\n}\n",
				ConfigPlanChecks: planned(theSwitch, plancheck.ResourceActionNoop),
			},
			{ResourceName: theSwitch, ImportState: true, ImportStateId: "local", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "project"},
			{
				ResourceName: theSwitch, ImportState: true, ImportStateId: "elsewhere",
				ExpectError: says("Could not import CDF user profiles configuration", `it belongs to the project "elsewhere", but the provider is configured for the project "local"`),
			},
		},
	})
}

func TestAccCDFUserProfilesConfiguration_unknown(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{{
			Config:           later("false") + switchConfig("terraform_data.later.output"),
			ConfigPlanChecks: planned(theSwitch, plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(theSwitch, tfjsonpath.New("enabled"))),
			Check:            switchIs(t, project, false),
		}},
	})
}

// A project that is told one thing and answers another is not believed.
func TestAccCDFUserProfilesConfiguration_notTaken(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	w.breaks("POST /update", 1, rewritten(func(body string) string { return strings.Replace(body, `"enabled":false`, `"enabled":true`, 1) }))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{{
			Config:      switchConfig("false"),
			ExpectError: says("Could not create CDF user profiles configuration", "CDF was told enabled = false and answered enabled = true"),
		}},
	})
}

func TestAccCDFUserProfilesConfiguration_notPermitted(t *testing.T) {
	t.Parallel()
	project := acctest.StartLocalCDF(t, localserver.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.ProvidersAs(project.Caller(t, "reader", "[]")),
		Steps: []resource.TestStep{{
			Config:      switchConfig("false"),
			ExpectError: says("Could not create CDF user profiles configuration", "not permitted. The operation needs projectsAcl:UPDATE in all"),
		}},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const theUser = "iam_lakefs_user.test"

// rfc3339 matches the times that the provider shows.
var rfc3339 = knownvalue.StringRegexp(regexp.MustCompile(`^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))

func userConfig(id, arguments string) string {
	return fmt.Sprintf("resource \"iam_lakefs_user\" \"test\" {\n  id = %q\n  %s\n}\n", id, arguments)
}

func TestAccLakefsUser_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("etl")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config: userConfig(id, ""),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("id"), knownvalue.StringExact(id)),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("creation_date"), rfc3339),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("email"), knownvalue.StringExact("")),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("friendly_name"), knownvalue.StringExact("")),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("invite_user"), knownvalue.Bool(false)),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("revoke_credentials_on_destroy"), knownvalue.Bool(true)),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("revoke_leftover_credentials"), knownvalue.Bool(false)),
				},
				ConfigPlanChecks: emptyPlanAfterApply(),
			},
			{
				ResourceName: theUser, ImportState: true, ImportStateVerify: true, ImportStateId: id,
			},
		},
	})
}

func TestAccLakefsUser_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("update")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: userConfig(id, "")},
			{
				Config: userConfig(id, "revoke_credentials_on_destroy = false"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionUpdate),
					plancheck.ExpectKnownValue(theUser, tfjsonpath.New("creation_date"), rfc3339),
				}},
			},
			{
				Config: userConfig(lakefs.Name("renamed"), ""),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(theUser, plancheck.ResourceActionReplace),
				}},
			},
		},
	})
}

// emptyPlanAfterApply asks for an empty plan after the apply, refreshed or not.
func emptyPlanAfterApply() resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{
		PostApplyPreRefresh:  []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
}

// userIsGone checks that destroying the configuration removed the user.
func userIsGone(t *testing.T, lakefs *acctest.LakeFS, id string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		for user, err := range lakefs.Client.ListUsers(t.Context(), lakefsapi.ListOptions{Prefix: id, Limit: 1}) {
			if err != nil {
				return err
			}
			if user.ID == id {
				return fmt.Errorf("the user %q is still there", id)
			}
		}
		return nil
	}
}

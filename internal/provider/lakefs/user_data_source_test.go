// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// userIs is a user in a data source's list.
func userIs(id string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact(id), "creation_date": rfc3339,
		"email": knownvalue.StringExact(""), "friendly_name": knownvalue.StringExact(""),
	})
}

func TestAccLakefsUserDataSource_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("look me up? ü")
	const edges = "[iam_lakefs_group_membership.test, iam_lakefs_policy_attachment.user, iam_lakefs_credentials.test]"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: endsConfig(name) + membershipConfig + attachmentsConfig + fmt.Sprintf(`
resource "iam_lakefs_credentials" "test" {
  user_id = iam_lakefs_user.test.id
}
data "iam_lakefs_user" "test" {
  id                  = iam_lakefs_user.test.id
  include_groups      = true
  include_policies    = true
  include_credentials = true
  depends_on          = %[2]s
}
data "iam_lakefs_user" "bare" {
  id = iam_lakefs_user.test.id
}
data "iam_lakefs_users" "test" {
  prefix     = %[1]q
  depends_on = %[2]s
}
`, name, edges),
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("user", "id", knownvalue.StringExact(name)),
				dataHas("user", "creation_date", rfc3339),
				dataHas("user", "email", knownvalue.StringExact("")),
				dataHas("user", "friendly_name", knownvalue.StringExact("")),
				// The server leaves the descriptions out here, whatever they are.
				dataHas("user", "groups", knownvalue.ListExact([]knownvalue.Check{groupIs(name, knownvalue.Null())})),
				dataHas("user", "policies", knownvalue.ListExact([]knownvalue.Check{policyShown(name)})),
				dataHas("user", "credentials", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
					"access_key_id": knownvalue.NotNull(), "creation_date": rfc3339,
				})})),
				bareHas("user", "creation_date", rfc3339),
				bareHas("user", "groups", knownvalue.Null()),
				bareHas("user", "policies", knownvalue.Null()),
				bareHas("user", "credentials", knownvalue.Null()),
				dataHas("users", "users", knownvalue.ListExact([]knownvalue.Check{userIs(name)})),
			},
		}},
	})
}

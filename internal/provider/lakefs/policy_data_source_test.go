// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// policyShown is a policy in a data source that allows fs:ReadObject on
// everything, as the policy of endsConfig does.
func policyShown(id string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"id": knownvalue.StringExact(id), "creation_date": rfc3339,
		"statement": knownvalue.ListExact([]knownvalue.Check{allowIs("fs:ReadObject", "*")}),
		"document":  knownvalue.NotNull(),
	})
}

// What the data source shows of a policy can be written into a resource as it is.
func TestAccLakefsPolicyDataSource_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("Look me up? ü")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: policyConfig(id, twoBlocks) + fmt.Sprintf(`
data "iam_lakefs_policy" "test" {
  id = iam_lakefs_policy.test.id
}
data "iam_lakefs_policies" "test" {
  prefix     = %q
  depends_on = [iam_lakefs_policy.test]
}
resource "iam_lakefs_policy" "blocks" {
  id        = %q
  statement = data.iam_lakefs_policy.test.statement
}
resource "iam_lakefs_policy" "document" {
  id       = %q
  document = data.iam_lakefs_policy.test.document
}
`, id, lakefs.Name("Copied blocks"), lakefs.Name("Copied document")),
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("policy", "id", knownvalue.StringExact(id)),
				dataHas("policy", "creation_date", rfc3339),
				dataHas("policy", "statement", knownvalue.ListExact([]knownvalue.Check{
					statementIs("allow", []string{"fs:ReadObject", "fs:List*"}, []string{"arn:lakefs:fs:::repository/main/*", "arn:lakefs:fs:::repository/dev/*"}, knownvalue.Null()),
					statementIs("deny", []string{"fs:DeleteObject"}, []string{"*"}, knownvalue.MapExact(map[string]knownvalue.Check{
						"NotIpAddress": knownvalue.MapExact(map[string]knownvalue.Check{"SourceIp": setOf([]string{"10.0.0.0/8", "192.168.0.0/16"})}),
					})),
				})),
				dataHas("policies", "policies", idsAre("id", id)),
			},
			Check: resource.ComposeTestCheckFunc(
				func(*terraform.State) error { return serverHas(t, lakefs, lakefs.Name("Copied blocks"), twoOnServer) },
				func(*terraform.State) error { return serverHas(t, lakefs, lakefs.Name("Copied document"), twoOnServer) },
			),
		}},
	})
}

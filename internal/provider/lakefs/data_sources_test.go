// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file tests what all data sources share: prefixes, pages, inputs that are
// unknown at plan, objects that are not there, and servers without RBAC.

// dataHas checks one attribute of the data source "test" of a type.
func dataHas(kind, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.iam_lakefs_"+kind+".test", tfjsonpath.New(attribute), value)
}

// bareHas is dataHas for the data source "bare".
func bareHas(kind, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.iam_lakefs_"+kind+".bare", tfjsonpath.New(attribute), value)
}

// idsAre checks the ids of a list in a data source, in order. Groups have their
// names checked, since the server may choose their ids.
func idsAre(key string, ids ...string) knownvalue.Check {
	items := make([]knownvalue.Check, len(ids))
	for i, id := range ids {
		items[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{key: knownvalue.StringExact(id)})
	}
	return knownvalue.ListExact(items)
}

// manyOfAll configures a number of users, groups and policies, of which the first
// user has all groups and policies and the first group all members and policies.
const manyOfAll = `
locals {
  ids = [for i in range(%[2]d) : "%[1]s-${i}"]
}
resource "iam_lakefs_user" "test" {
  count = %[2]d
  id    = local.ids[count.index]
}
resource "iam_lakefs_group" "test" {
  count = %[2]d
  name  = local.ids[count.index]
}
resource "iam_lakefs_policy" "test" {
  count    = %[2]d
  id       = local.ids[count.index]
  document = jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })
}
resource "iam_lakefs_group_membership" "members" {
  count    = %[2]d
  group_id = iam_lakefs_group.test[0].id
  user_id  = iam_lakefs_user.test[count.index].id
}
resource "iam_lakefs_group_membership" "groups" {
  count    = %[2]d - 1
  group_id = iam_lakefs_group.test[count.index + 1].id
  user_id  = iam_lakefs_user.test[0].id
}
resource "iam_lakefs_policy_attachment" "user" {
  count     = %[2]d
  policy_id = iam_lakefs_policy.test[count.index].id
  user_id   = iam_lakefs_user.test[0].id
}
resource "iam_lakefs_policy_attachment" "group" {
  count     = %[2]d
  policy_id = iam_lakefs_policy.test[count.index].id
  group_id  = iam_lakefs_group.test[0].id
}
`

// lookupsOfMany looks up what manyOfAll configures, by a prefix.
const lookupsOfMany = `
data "iam_lakefs_users" "test" {
  prefix = %[1]q
}
data "iam_lakefs_groups" "test" {
  prefix = %[1]q
}
data "iam_lakefs_policies" "test" {
  prefix = %[1]q
}
data "iam_lakefs_user" "test" {
  id               = iam_lakefs_user.test[0].id
  include_groups   = true
  include_policies = true
}
data "iam_lakefs_group" "test" {
  name             = iam_lakefs_group.test[0].name
  include_members  = true
  include_policies = true
}
`

// Lists are read whole, however many pages the server makes of them, an exactly
// full last page included.
func TestAccLakefsDataSources_pages(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{PageSize: 3})
	const number = 6 // two full pages
	ids := make([]string, number)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s-%d", lakefs.Name("page"), i)
	}
	config := fmt.Sprintf(manyOfAll, lakefs.Name("page"), number)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: config, ConfigPlanChecks: emptyPlanAfterApply()},
			{
				Config: config + fmt.Sprintf(lookupsOfMany, lakefs.Name("page-")),
				ConfigStateChecks: []statecheck.StateCheck{
					dataHas("users", "users", idsAre("id", ids...)),
					dataHas("groups", "groups", idsAre("name", ids...)),
					dataHas("policies", "policies", idsAre("id", ids...)),
					dataHas("user", "groups", idsAre("name", ids...)),
					dataHas("user", "policies", idsAre("id", ids...)),
					dataHas("group", "members", idsAre("id", ids...)),
					dataHas("group", "policies", idsAre("id", ids...)),
				},
			},
		},
	})
}

// A prefix may match nothing, and a list without one holds everything.
func TestAccLakefsDataSources_prefix(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")})
	list := func(prefix string) string {
		var config strings.Builder
		for _, kind := range []string{"users", "groups", "policies"} {
			fmt.Fprintf(&config, "data \"iam_lakefs_%s\" \"test\" {\n  %s\n}\n", kind, prefix)
		}
		return config.String()
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: list(`prefix = "nothing begins so"`),
				ConfigStateChecks: []statecheck.StateCheck{
					dataHas("users", "users", knownvalue.ListExact(nil)),
					dataHas("groups", "groups", knownvalue.ListExact(nil)),
					dataHas("policies", "policies", knownvalue.ListExact(nil)),
				},
			},
			{
				Config: list(""),
				ConfigStateChecks: []statecheck.StateCheck{
					dataHas("users", "users", idsAre("id", "admin")),
					dataHas("groups", "groups", knownvalue.ListSizeExact(4)),
					dataHas("policies", "policies", idsAre("id", "AuthFullAccess", "AuthManageOwnCredentials", "CatalogReadAll", "CatalogReadWriteAll",
						"FSFullAccess", "FSReadAll", "FSReadWriteAll", "PRReadWriteAll", "RepoManagementFullAccess", "RepoManagementReadAll")),
				},
			},
		},
	})
}

// A data source whose input is known only after apply is read during the apply.
func TestAccLakefsDataSources_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("later")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: endsConfig(name) + membershipConfig + attachmentsConfig +
				later("[iam_lakefs_group_membership.test.user_id, iam_lakefs_policy_attachment.user.user_id]") + `
locals {
  name = terraform_data.later.output[0]
}
data "iam_lakefs_user" "test" {
  id               = local.name
  include_groups   = terraform_data.later.output[0] != ""
  include_policies = terraform_data.later.output[0] != ""
}
data "iam_lakefs_users" "test" {
  prefix = local.name
}
data "iam_lakefs_group" "test" {
  name = local.name
}
data "iam_lakefs_groups" "test" {
  prefix = local.name
}
data "iam_lakefs_policy" "test" {
  id = local.name
}
data "iam_lakefs_policies" "test" {
  prefix = local.name
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectUnknownValue("data.iam_lakefs_user.test", tfjsonpath.New("id")),
					plancheck.ExpectUnknownValue("data.iam_lakefs_users.test", tfjsonpath.New("users")),
					plancheck.ExpectUnknownValue("data.iam_lakefs_group.test", tfjsonpath.New("id")),
					plancheck.ExpectUnknownValue("data.iam_lakefs_policy.test", tfjsonpath.New("document")),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("user", "groups", idsAre("name", name)),
				dataHas("user", "policies", idsAre("id", name)),
				dataHas("users", "users", idsAre("id", name)),
				dataHas("group", "name", knownvalue.StringExact(name)),
				dataHas("policy", "id", knownvalue.StringExact(name)),
				dataHas("policies", "policies", idsAre("id", name)),
			},
		}},
	})
}

// lookupOf configures the data source "test" of each type that looks something
// up.
var lookupOf = map[string]string{
	"user":              "  id = \"absent\"\n",
	"users":             "",
	"group":             "  id = \"absent\"\n",
	"groups":            "",
	"policy":            "  id = \"absent\"\n",
	"policies":          "",
	"current_user":      "",
	"auth_capabilities": "",
}

// lookups configures data sources of the types.
func lookups(kinds ...string) string {
	var config strings.Builder
	for _, kind := range kinds {
		fmt.Fprintf(&config, "data \"iam_lakefs_%s\" \"test\" {\n%s}\n", kind, lookupOf[kind])
	}
	return config.String()
}

func TestAccLakefsDataSources_absent(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	config := lookups("user", "group", "policy") + "data \"iam_lakefs_group\" \"named\" {\n  name = \"absent\"\n}\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps:                    []resource.TestStep{{Config: config, PlanOnly: true, ExpectError: says("absent")}},
	})
	said.ExpectErrors(t,
		`^Could not read lakeFS user: data.iam_lakefs_user with id "absent": There is no user "absent"`,
		`^Could not read lakeFS group: data.iam_lakefs_group with id "absent": There is no group with the id "absent"`,
		`^Could not read lakeFS group: data.iam_lakefs_group with name "absent": There is no group of the name "absent"`,
		`^Could not read lakeFS policy: data.iam_lakefs_policy with id "absent": There is no policy "absent"`)
}

// A server with basic authentication has one user and nothing else.
func TestAccLakefsDataSources_withoutRBAC(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "none"})
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{
				Config:   lookups("group", "groups", "policy", "policies"),
				PlanOnly: true, ExpectError: says("runs without role-based access control"),
			},
			{
				Config: lookups("current_user", "auth_capabilities", "users"),
				ConfigStateChecks: []statecheck.StateCheck{
					dataHas("current_user", "id", knownvalue.StringExact("admin")),
					dataHas("users", "users", idsAre("id", "admin")),
				},
			},
		},
	})
	const reason = `: this lakeFS runs without role-based access control`
	said.ExpectErrors(t, `data.iam_lakefs_group with id "absent"`+reason, `data.iam_lakefs_groups`+reason,
		`data.iam_lakefs_policy with id "absent"`+reason, `data.iam_lakefs_policies`+reason)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
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
	providers, said := acctest.Listen(lakefs.Providers())
	id := lakefs.Name("etl")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{{
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
		}},
	})
	said.ExpectWarnings(t)
}

func TestAccLakefsUser_update(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	id, renamed := lakefs.Name("update@example.com"), lakefs.Name("renamed")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             resource.ComposeTestCheckFunc(userIsGone(t, lakefs, id), userIsGone(t, lakefs, renamed)),
		Steps: []resource.TestStep{
			{Config: userConfig(id, "")},
			{
				Config: userConfig(id, "revoke_credentials_on_destroy = false\n  revoke_leftover_credentials = true\n  invite_user = true"),
				ConfigPlanChecks: planned(theUser, plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(theUser, tfjsonpath.New("creation_date"), rfc3339)),
			},
			{
				Config:           userConfig(renamed, ""),
				ConfigPlanChecks: planned(theUser, plancheck.ResourceActionReplace),
			},
		},
	})
	said.ExpectWarnings(t, `No invitation is sent.*"`+regexp.QuoteMeta(id)+`"`)
}

func TestAccLakefsUser_disappears(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("disappears")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{Config: userConfig(id, "")},
			{
				PreConfig:        func() { must(t, lakefs.Client.DeleteUser(t.Context(), id)) },
				Config:           userConfig(id, ""),
				ConfigPlanChecks: planned(theUser, plancheck.ResourceActionCreate),
			},
		},
	})
}

func TestAccLakefsUser_import(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("import")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: userConfig(id, "")},
			{ResourceName: theUser, ImportState: true, ImportStateId: id, ImportStateVerify: true},
			{ResourceName: theUser, ImportState: true, ImportStateId: id, ImportStateKind: resource.ImportBlockWithID},
			{
				ResourceName: theUser, ImportState: true, ImportStateId: "users/" + id,
				ExpectError: regexp.MustCompile(`is\s+not\s+an\s+import\s+id\s+of\s+this\s+type\.\s+Write\s+id,\s+for\s+example\s+"etl"`),
			},
			{
				ResourceName: theUser, ImportState: true, ImportStateId: lakefs.Name("nobody"),
				ExpectError: regexp.MustCompile(`Cannot\s+import\s+non-existent\s+remote\s+object`),
			},
		},
	})
}

func TestAccLakefsUser_unknown(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("unknown")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config: fmt.Sprintf(`
resource "terraform_data" "input" {
  input = { id = %q, yes = true, no = false }
}
resource "iam_lakefs_user" "test" {
  id                            = terraform_data.input.output.id
  invite_user                   = terraform_data.input.output.no
  revoke_credentials_on_destroy = terraform_data.input.output.no
  revoke_leftover_credentials   = terraform_data.input.output.yes
}`, id),
				ConfigPlanChecks: planned(theUser, plancheck.ResourceActionCreate,
					plancheck.ExpectUnknownValue(theUser, tfjsonpath.New("id")),
					plancheck.ExpectUnknownValue(theUser, tfjsonpath.New("invite_user"))),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("id"), knownvalue.StringExact(id)),
					statecheck.ExpectKnownValue(theUser, tfjsonpath.New("revoke_leftover_credentials"), knownvalue.Bool(true)),
				},
			},
			{
				// What turns out to be wrong only at apply is refused then.
				Config: `
resource "terraform_data" "input" {
  input = "a/b"
}
resource "iam_lakefs_user" "wrong" {
  id = terraform_data.input.output
}`,
				ExpectError: regexp.MustCompile(`"a/b"\s+contains\s+"/"\s+or\s+"%"`),
			},
		},
	})
}

func TestAccLakefsUser_drift(t *testing.T) {
	t.Parallel()
	lakefs, clock := startWithClock(t)
	id := lakefs.Name("drift")
	differs := statecheck.CompareValue(compare.ValuesDiffer())
	created := func() []statecheck.StateCheck {
		return []statecheck.StateCheck{differs.AddStateValue(theUser, tfjsonpath.New("creation_date"))}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: userConfig(id, ""), ConfigStateChecks: created()},
			{
				// A user made anew out of band is one that exists: nothing to do.
				PreConfig: func() {
					must(t, lakefs.Client.DeleteUser(t.Context(), id))
					clock.advance()
					makeUser(t, lakefs, id)
				},
				Config:            userConfig(id, ""),
				ConfigPlanChecks:  nothingPlanned(),
				ConfigStateChecks: created(),
			},
		},
	})
}

func TestAccLakefsUser_exists(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("exists")
	makeUser(t, lakefs, id)
	providers, said := acctest.Listen(lakefs.Providers())
	block := fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theUser, id)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{
			{
				Config:      userConfig(id, ""),
				ExpectError: regexp.MustCompile(`exists\s+already\.\s+An\s+object\s+that\s+exists\s+is\s+never\s+taken\s+over`),
			},
			{
				// The block that the error prints works.
				Config:            userConfig(id, "") + block,
				ConfigPlanChecks:  planned(theUser, plancheck.ResourceActionNoop),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(theUser, tfjsonpath.New("id"), knownvalue.StringExact(id))},
			},
		},
	})
	said.ExpectErrors(t, regexp.QuoteMeta("import {\n    to = iam_lakefs_user.NAME\n    id = \""+id+"\"\n  }"))
}

// Two resources for one user would undo each other.
func TestAccLakefsUser_twice(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	id := lakefs.Name("twice")
	providers, said := acctest.Listen(lakefs.Providers())
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             userIsGone(t, lakefs, id),
		Steps: []resource.TestStep{{
			Config:      fmt.Sprintf("resource \"iam_lakefs_user\" \"test\" {\n  count = 2\n  id = %q\n}\n", id),
			ExpectError: regexp.MustCompile(`Could\s+not\s+create\s+lakeFS\s+user`),
		}},
	})
	said.ExpectErrors(t, `Another resource of this configuration manages the user ".*"\. Keep one of the two`)
}

// Ids that have a meaning in URLs are created, read, imported and destroyed.
func TestAccLakefsUser_oddIDs(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	var config, blocks strings.Builder
	var gone []resource.TestCheckFunc
	for i, name := range []string{"with space", "ünïcödé 漢字 👩‍💻", "what?", "c#", "a&b=c;d", `quote"back\slash`} {
		id := lakefs.Name(name)
		fmt.Fprintf(&config, "resource \"iam_lakefs_user\" \"odd%d\" {\n  id = %q\n}\n", i, id)
		fmt.Fprintf(&blocks, "import {\n  to = iam_lakefs_user.odd%d\n  id = %q\n}\n", i, id)
		gone = append(gone, userIsGone(t, lakefs, id))
	}
	everyone := resource.ComposeTestCheckFunc(gone...)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		CheckDestroy:             everyone,
		Steps: []resource.TestStep{
			{Config: config.String(), ConfigPlanChecks: emptyPlanAfterApply()},
			{Config: removedBlocks(6)},
			{Config: config.String() + blocks.String(), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

// removedBlocks forgets the users of TestAccLakefsUser_oddIDs without destroying
// them, so that they can be imported.
func removedBlocks(n int) string {
	var blocks strings.Builder
	for i := range n {
		fmt.Fprintf(&blocks, "removed {\n  from = iam_lakefs_user.odd%d\n  lifecycle {\n    destroy = false\n  }\n}\n", i)
	}
	return blocks.String()
}

func TestAccLakefsUser_refusedIDs(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	var config strings.Builder
	for i, arguments := range []string{
		`id = "a/b"`, `id = "50%"`, `id = "."`, `id = ".."`, `id = ""`,
		"invite_user = true\n  id = \"etl\"", "invite_user = true\n  id = \"Etl@Example.com\"",
	} {
		fmt.Fprintf(&config, "resource \"iam_lakefs_user\" \"refused%d\" {\n  %s\n}\n", i, arguments)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{{
			Config: config.String(), PlanOnly: true,
			ExpectError: regexp.MustCompile(`Invalid\s+character\s+in\s+id`),
		}},
	})
	said.ExpectErrors(t,
		`"a/b" contains "/" or "%", which lakeFS refuses`,
		`"50%" contains "/" or "%", which lakeFS refuses`,
		`"\." is "\." or "\.\.", which lakeFS stores but then can neither read nor delete`,
		`"\.\." is "\." or "\.\.", which lakeFS stores`,
		`"" is empty, which lakeFS refuses`,
		`"etl" is not an e-mail address`,
		`an address in lower case, for which lakeFS checks the permission\. Write "etl@example\.com"`)
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

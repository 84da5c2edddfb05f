// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
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
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const theCategory = "iam_cdf_security_category.test"

func categoryConfig(name string) string {
	return fmt.Sprintf("resource \"iam_cdf_security_category\" \"test\" {\n  name = %q\n}\n", name)
}

// categoryNamed finds the security category of a name; 0 when there is none.
func categoryNamed(ctx context.Context, project *acctest.CDF, name string) (int64, error) {
	for category, err := range project.Client.ListSecurityCategories(ctx, cdfapi.ListOptions{}) {
		if err != nil || category.Name == name {
			return category.ID, err
		}
	}
	return 0, nil
}

// categoryIDOf is categoryNamed for one that has to be there.
func categoryIDOf(t *testing.T, project *acctest.CDF, name string) int64 {
	t.Helper()
	id, err := categoryNamed(t.Context(), project, name)
	must(t, err)
	if id == 0 {
		t.Fatalf("the server has no security category %q", name)
	}
	return id
}

// categoryIsGone checks that destroying the configuration removed the category.
func categoryIsGone(t *testing.T, project *acctest.CDF, name string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		id, err := categoryNamed(context.WithoutCancel(t.Context()), project, name)
		if err == nil && id != 0 {
			err = fmt.Errorf("the security category %q is still there", name)
		}
		return err
	}
}

func TestAccCDFSecurityCategory_basic(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name := project.Name("confidential")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             categoryIsGone(t, project, name),
		Steps: []resource.TestStep{{
			// A group can refer to it.
			Config: categoryConfig(name) + groupConfig(name, grant("securityCategoriesAcl", `"MEMBEROF"`, "ids = [iam_cdf_security_category.test.id]")),
			ConfigStateChecks: []statecheck.StateCheck{
				attribute(theCategory, "id", knownvalue.NotNull()),
				attribute(theCategory, "name", knownvalue.StringExact(name)),
				statecheck.CompareValuePairs(theCategory, tfjsonpath.New("id"), theGroup, theScope.AtMapKey("ids").AtSliceIndex(0), compare.ValuesSame()),
			},
			ConfigPlanChecks: emptyPlanAfterApply(),
		}},
	})
	said.ExpectWarnings(t)
}

// CDF cannot rename a security category: the new one is another, on nothing.
func TestAccCDFSecurityCategory_rename(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name, renamed := project.Name("before"), project.Name("after")
	ids := statecheck.CompareValue(compare.ValuesDiffer())
	otherID := func() []statecheck.StateCheck {
		return []statecheck.StateCheck{ids.AddStateValue(theCategory, tfjsonpath.New("id"))}
	}
	var id int64
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             categoryIsGone(t, project, renamed),
		Steps: []resource.TestStep{
			{
				Config: categoryConfig(name), ConfigStateChecks: otherID(),
				Check: func(*terraform.State) error { id = categoryIDOf(t, project, name); return nil },
			},
			{
				Config: categoryConfig(renamed), ConfigStateChecks: otherID(),
				ConfigPlanChecks: planned(theCategory, plancheck.ResourceActionReplace, plancheck.ExpectUnknownValue(theCategory, tfjsonpath.New("id"))),
				Check:            categoryIsGone(t, project, name),
			},
		},
	})
	said.ExpectWarnings(t, fmt.Sprintf(`^Replacing a CDF security category takes it off everything: The security category "%s" \(id %d\) is deleted`, name, id))
}

// A new name that is taken is told at plan. With create_before_destroy nothing is lost by
// it.
func TestAccCDFSecurityCategory_renameToTaken(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name, taken := project.Name("renamed"), project.Name("taken")
	other, err := project.Client.CreateSecurityCategory(t.Context(), taken)
	must(t, err)
	t.Cleanup(func() { must(t, project.Client.DeleteSecurityCategories(context.WithoutCancel(t.Context()), other.ID)) })
	first := func(name string) string {
		return strings.Replace(categoryConfig(name), "\n}", "\n  lifecycle {\n    create_before_destroy = true\n  }\n}", 1)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: first(name)},
			{Config: first(taken), ExpectError: says("Could not create CDF security category", "exists already")},
			{Config: first(name), ConfigPlanChecks: nothingPlanned()},
		},
	})
	said.ExpectWarnings(t, "^Replacing a CDF security category", fmt.Sprintf(
		`^The name of a CDF security category is taken: The security category "%s" \(id \d+\) is to become "%s", but that is the name of another \(id %d\)\. .*create_before_destroy`, name, taken, other.ID))
}

func TestAccCDFSecurityCategory_disappears(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("disappears")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		CheckDestroy:             categoryIsGone(t, project, name),
		Steps: []resource.TestStep{
			{Config: categoryConfig(name)},
			{
				PreConfig: func() {
					must(t, project.Client.DeleteSecurityCategories(t.Context(), categoryIDOf(t, project, name)))
				},
				Config:           categoryConfig(name),
				ConfigPlanChecks: planned(theCategory, plancheck.ResourceActionCreate),
			},
		},
	})
}

func TestAccCDFSecurityCategory_import(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"wells/confidential", "007"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := acctest.StartLocalCDF(t, localserver.Options{PageSize: 2})
			for i := range 4 {
				_, err := project.Client.CreateSecurityCategory(t.Context(), fmt.Sprint("other ", i))
				must(t, err)
			}
			byID := func(*terraform.State) (string, error) {
				return strconv.FormatInt(categoryIDOf(t, project, name), 10), nil
			}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: project.Providers(),
				Steps: []resource.TestStep{
					{Config: categoryConfig(name)},
					{ResourceName: theCategory, ImportState: true, ImportStateIdFunc: byID, ImportStateVerify: true},
					{ResourceName: theCategory, ImportState: true, ImportStateId: name, ImportStateVerify: true},
				},
			})
		})
	}
}

func TestAccCDFSecurityCategory_refused(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	imported := func(id string, parts ...string) resource.TestStep {
		return resource.TestStep{Config: categoryConfig("a"), ResourceName: theCategory, ImportState: true, ImportStateId: id, ExpectError: says(parts...)}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: categoryConfig(""), PlanOnly: true, ExpectError: says("Attribute name string length must be at least 1")},
			imported(project.Name("nobody"), "There is no security category with the id or the name", "nobody"),
			imported("17", `There is no security category with the id or the name "17"`),
		},
	})
}

// One that is there already is not taken over. The import block that the error
// prints works.
func TestAccCDFSecurityCategory_exists(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	providers, said := acctest.Listen(project.Providers())
	name := project.Name("exists")
	_, err := project.Client.CreateSecurityCategory(t.Context(), name)
	must(t, err)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             categoryIsGone(t, project, name),
		Steps: []resource.TestStep{
			{Config: categoryConfig(name), ExpectError: says("The security category", "exists already. An object that exists is never taken over silently")},
			{
				Config:           categoryConfig(name) + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", theCategory, name),
				ConfigPlanChecks: planned(theCategory, plancheck.ResourceActionNoop),
			},
		},
	})
	said.ExpectErrors(t, regexp.QuoteMeta("import {\n    to = iam_cdf_security_category.NAME\n    id = \""+name+"\"\n  }"))
}

func TestAccCDFSecurityCategory_unknown(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("later")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		CheckDestroy:             categoryIsGone(t, project, name),
		Steps: []resource.TestStep{{
			Config:            later(fmt.Sprintf("%q", name)) + "resource \"iam_cdf_security_category\" \"test\" {\n  name = terraform_data.later.output\n}\n",
			ConfigPlanChecks:  planned(theCategory, plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(theCategory, tfjsonpath.New("name"))),
			ConfigStateChecks: []statecheck.StateCheck{attribute(theCategory, "name", knownvalue.StringExact(name))},
		}},
	})
}

// Whatever becomes of the answer, there is one category, and it is ours.
func TestAccCDFSecurityCategory_createLost(t *testing.T) {
	t.Parallel()
	again := []string{createCategory, createCategory}
	for title, test := range map[string]struct {
		happen happening
		writes []string
	}{
		"connection cut after commit": {lost(true), again[:1]},
		"503 before commit":           {answered(false, http.StatusServiceUnavailable), again},
		"unreadable":                  {garbled, again[:1]},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			w.breaks(createCategory, 1, test.happen)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: w.Providers(),
				CheckDestroy:             categoryIsGone(t, w.CDF, "lost"),
				Steps: []resource.TestStep{{
					Config: categoryConfig("lost"),
					Check: resource.ComposeTestCheckFunc(w.wantWrites(test.writes...), func(s *terraform.State) error {
						return resource.TestCheckResourceAttr(theCategory, "id", fmt.Sprint(categoryIDOf(t, w.CDF, "lost")))(s)
					}),
				}},
			})
		})
	}
}

// A caller that may list one category only cannot tell what became of another.
func TestAccCDFSecurityCategory_hidden(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	id, secret := w.Caller(t, "caller", `[{"securityCategoriesAcl":{"actions":["LIST"],"scope":{"idscope":{"ids":[1]}}}}]`)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		Steps: []resource.TestStep{
			{Config: categoryConfig("hidden")},
			{
				PreConfig: func() { w.as(id, secret) },
				Config:    categoryConfig("hidden"), PlanOnly: true,
				ExpectError: says("Could not read CDF security category", "is not among those that the caller can see", "The state is left as it is. The operation needs securityCategoriesAcl:LIST in all"),
			},
			{PreConfig: func() { w.as(w.Local.ClientID(), w.Local.ClientSecret()) }, Config: categoryConfig("hidden"), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

// What cannot be deleted stays in the state.
func TestAccCDFSecurityCategory_deleteFails(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.Providers(),
		CheckDestroy:             categoryIsGone(t, w.CDF, "stays"),
		Steps: []resource.TestStep{
			{Config: categoryConfig("stays")},
			{
				PreConfig: func() { w.breaks(deleteCategory, 1, answered(false, http.StatusForbidden)) },
				Config:    categoryConfig("stays"), Destroy: true,
				ExpectError: says("Could not delete CDF security category", "stays", "not permitted. The operation needs securityCategoriesAcl:DELETE in all"),
			},
			{Config: categoryConfig("stays"), ConfigPlanChecks: nothingPlanned()},
		},
	})
}

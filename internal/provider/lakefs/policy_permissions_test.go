// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const branches = "arn:lakefs:fs:::repository/main/branch/*"

func allowing(action string) acctest.Arguments {
	return acctest.Arguments{"id": "p", "document": fmt.Sprintf(`{"statement":[{"effect":"allow","action":[%s],"resource":%q}]}`, action, branches)}
}

// A plan that narrows what a policy allows lists exactly the actions that are lost, and a
// rewrite of equal access lists none.
func TestPlanOfPolicyPermissions(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	direct := acctest.NewDirect(t, server.Providers())
	prior, ok := direct.Apply("iam_lakefs_policy", acctest.Object{}, allowing(`"fs:*Branch*"`))
	if !ok {
		t.Fatal(direct.Said())
	}
	lines := func(of string, actions ...string) map[string]string {
		all := map[string]string{of + " (any other action) on " + branches: "allow"}
		for _, action := range actions {
			all["fs:"+action+" on "+branches] = "allow"
		}
		return all
	}
	before := lines("fs:*Branch*", "CreateBranch", "DeleteBranch", "ListBranches", "ReadBranch", "RevertBranch")
	if diff := cmp.Diff(before, prior.Texts("permissions")); diff != "" {
		t.Fatalf("after apply (-want +got):\n%s", diff)
	}
	for name, test := range map[string]struct {
		after acctest.Arguments
		want  map[string]string
	}{
		"narrowed":              {allowing(`"fs:Re*Branch*"`), lines("fs:Re*Branch*", "ReadBranch", "RevertBranch")},
		"written in two":        {allowing(`"fs:*Branch*","fs:ReadBranch"`), before},
		"with a covered action": {acctest.Arguments{"id": "p", "document": strings.Replace(prior.Text("document"), "branch/*", "branch/**", 1)}, before},
	} {
		planned, _, ok := direct.Plan("iam_lakefs_policy", prior, test.after)
		if !ok {
			t.Fatal(direct.Said())
		}
		if diff := cmp.Diff(test.want, planned.Texts("permissions")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}

	// A version with a larger catalogue, or another way to write, plans nothing by that.
	older := maps.Clone(before)
	delete(older, "fs:RevertBranch on "+branches)
	left := prior.WithTexts("permissions", older)
	for name, after := range map[string]acctest.Arguments{
		"unchanged": allowing(`"fs:*Branch*"`), "rewritten": allowing(`"fs:*Branch*","fs:ReadBranch"`),
	} {
		planned, _, _ := direct.Plan("iam_lakefs_policy", left, after)
		if diff := cmp.Diff(older, planned.Texts("permissions")); diff != "" {
			t.Errorf("%s, after an upgrade (-want +got):\n%s", name, diff)
		}
	}
}

// Permissions of statements that are not known are not known, and complete after apply.
func TestAccLakefsPolicy_unknownPermissions(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	config := fmt.Sprintf(`
resource "terraform_data" "repository" {
  input = "main"
}
resource "iam_lakefs_policy" "test" {
  id = %q
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["arn:lakefs:fs:::repository/${terraform_data.repository.output}/*"]
  }
}`, lakefs.Name("later"))
	permissions := tfjsonpath.New("permissions")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:           config,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownValue("iam_lakefs_policy.test", permissions)}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("iam_lakefs_policy.test", permissions, knownvalue.MapExact(map[string]knownvalue.Check{
				"fs:ReadObject on arn:lakefs:fs:::repository/main/*": knownvalue.StringExact("allow"),
			}))},
		}},
	})
}

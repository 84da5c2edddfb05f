// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
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
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	theACL  = "iam_lakefs_group_acl.test"
	aclType = "iam_lakefs_group_acl"
	// aclGroup is the group of a list, listed its list.
	aclGroup = "resource \"iam_lakefs_group\" \"test\" {\n  name = \"analysts\"\n}\n"
	listed   = "resource \"iam_lakefs_group_acl\" \"test\" {\n  group_id   = iam_lakefs_group.test.id\n  permission = %s\n}\n"
)

// aclConfig configures a group with a list; the permission is an expression.
func aclConfig(permission string) string { return aclGroup + fmt.Sprintf(listed, permission) }

// startWithACLs starts a lakeFS with access control lists in place of policies.
func startWithACLs(t *testing.T) *acctest.LakeFS {
	t.Helper()
	return acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "simplified"})
}

// setACL sets a list out of band.
func setACL(t *testing.T, lakefs *acctest.LakeFS, permission string) {
	t.Helper()
	must(t, lakefs.Client.SetGroupACL(t.Context(), "analysts", lakefsapi.ACL{Permission: permission}))
}

// aclIs checks the list that the server has.
func aclIs(t *testing.T, lakefs *acctest.LakeFS, want string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		got, err := lakefs.Client.GetGroupACL(context.WithoutCancel(t.Context()), "analysts")
		if err == nil && got.Permission != want {
			err = fmt.Errorf("the permission is %q, want %q", got.Permission, want)
		}
		return err
	}
}

func TestAccLakefsGroupACL_basic(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	providers, said := acctest.Listen(lakefs.Providers())
	state := func(permission string) []statecheck.StateCheck {
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue(theACL, tfjsonpath.New("permission"), knownvalue.StringExact(permission)),
			statecheck.CompareValuePairs(theACL, tfjsonpath.New("group_id"), theGroup, tfjsonpath.New("id"), compare.ValuesSame()),
		}
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		CheckDestroy:             aclIs(t, lakefs, ""), // it went with the group
		Steps: []resource.TestStep{
			{Config: aclConfig(`"Read"`), ConfigStateChecks: state("Read"), ConfigPlanChecks: emptyPlanAfterApply(), Check: aclIs(t, lakefs, "Read")},
			{
				Config: aclConfig(`"Super"`), ConfigStateChecks: state("Super"), Check: aclIs(t, lakefs, "Super"),
				ConfigPlanChecks: planned(theACL, plancheck.ResourceActionUpdate),
			},
			{
				// Another group gets a list of its own.
				PreConfig:        func() { said.ExpectWarnings(t) },
				Config:           strings.Replace(aclConfig(`"Super"`), `"analysts"`, `"others"`, 1),
				ConfigPlanChecks: planned(theACL, plancheck.ResourceActionReplace),
				Check:            aclIs(t, lakefs, ""),
			},
			{Config: aclConfig(`"Admin"`), ConfigStateChecks: state("Admin"), Check: aclIs(t, lakefs, "Admin")},
			{
				// The list alone is destroyed: it stays, and a warning says so.
				PreConfig:        said.Forget,
				Config:           aclGroup,
				ConfigPlanChecks: planned(theACL, plancheck.ResourceActionDestroy),
				Check: resource.ComposeTestCheckFunc(aclIs(t, lakefs, "Admin"), func(*terraform.State) error {
					said.ExpectWarnings(t, `^The access control list of a group stays as it is: The access control list of the group "analysts" is no longer managed\. lakeFS cannot remove it, so it was left as it is: Admin\. It goes when the group is deleted\.$`)
					return nil
				}),
			},
			{
				// From then on it is there, and not taken over.
				Config: aclConfig(`"Admin"`),
				ExpectError: says("Could not create lakeFS group ACL", `The group ACL "analysts" exists already`, "import {", "to = iam_lakefs_group_acl.NAME", `id = "analysts"`, "}",
					"if another resource manages it"),
			},
		},
	})
}

// A replacement sets the list anew, although the old one stays: this process has let it go.
func TestAccLakefsGroupACL_tainted(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: aclConfig(`"Read"`)},
			{
				Taint: []string{theACL}, Config: aclConfig(`"Write"`), ConfigPlanChecks: planned(theACL, plancheck.ResourceActionReplace),
				Check: aclIs(t, lakefs, "Write"),
			},
		},
	})
}

func TestAccLakefsGroupACL_drift(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: aclConfig(`"Read"`)},
			{
				PreConfig: func() { setACL(t, lakefs, "Admin") },
				Config:    aclConfig(`"Read"`), ConfigPlanChecks: planned(theACL, plancheck.ResourceActionUpdate), Check: aclIs(t, lakefs, "Read"),
			},
		},
	})
}

// A list is gone with its group, also where the group is there anew.
func TestAccLakefsGroupACL_disappears(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	remove := func(anew bool) func() {
		return func() {
			must(t, lakefs.Client.DeleteGroup(t.Context(), "analysts"))
			if anew {
				must(t, acctest.ErrorOf(lakefs.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "analysts"})))
			}
		}
	}
	step := resource.TestStep{
		Config: aclConfig(`"Write"`), ConfigPlanChecks: planned(theACL, plancheck.ResourceActionCreate), Check: aclIs(t, lakefs, "Write"),
	}
	gone, empty := step, step
	gone.PreConfig, empty.PreConfig = remove(false), remove(true)
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: lakefs.Providers(), Steps: []resource.TestStep{step, gone, empty}})
}

func TestAccLakefsGroupACL_import(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: aclConfig(`"Read"`)},
			{ResourceName: theACL, ImportState: true, ImportStateId: "analysts", ImportStateVerify: true, ImportStateVerifyIdentifierAttribute: "group_id"},
			{Config: aclConfig(`"Read"`), ResourceName: theACL, ImportState: true, ImportStateKind: resource.ImportBlockWithID, ImportStateId: "analysts"},
			{
				ResourceName: theACL, ImportState: true, ImportStateId: "a/b",
				ExpectError: says("is not an import id of this type", `Write group_id, for example "analysts"`),
			},
			{ResourceName: theACL, ImportState: true, ImportStateId: "nobody", ExpectError: says("Cannot import non-existent remote object")},
		},
	})
}

func TestAccLakefsGroupACL_unknown(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{
				Config: aclGroup + later(`{ group = iam_lakefs_group.test.id, permission = "Write" }`) + `
resource "iam_lakefs_group_acl" "test" {
  group_id   = terraform_data.later.output.group
  permission = terraform_data.later.output.permission
}
`,
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectUnknownValue(theACL, tfjsonpath.New("group_id")),
						plancheck.ExpectUnknownValue(theACL, tfjsonpath.New("permission")),
					},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				Check: aclIs(t, lakefs, "Write"),
			},
			{
				// What is unknown at plan is checked when it is known.
				Config:      aclGroup + later(`"write"`) + fmt.Sprintf(listed, "terraform_data.later.output"),
				ExpectError: says("No permission of an access control list", `The permission is "write". Use one of Read, Write, Super, Admin`),
			},
		},
	})
}

// What a configuration shows to be wrong is refused before anything is asked.
func TestAccLakefsGroupACL_validation(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{PlanOnly: true, Config: aclConfig(`"read"`), ExpectError: says("No permission of an access control list", `The permission is "read"`)},
			{
				PlanOnly: true, Config: "resource \"iam_lakefs_group_acl\" \"test\" {\n  group_id   = \"a/b\"\n  permission = \"Read\"\n}\n",
				ExpectError: says(`"a/b"`),
			},
		},
	})
}

// Two resources for one list would undo each other.
func TestAccLakefsGroupACL_twice(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      aclConfig(`"Read"`) + strings.Replace(fmt.Sprintf(listed, `"Write"`), `"test"`, `"other"`, 1),
			ExpectError: says(`Another resource of this configuration manages the group ACL "analysts"`, "Keep one of the two"),
		}},
	})
}

// A server that works with policies, or has no lists, says so: where it tells its mode, in
// the plan, before the group is made.
func TestAccLakefsGroupACL_otherServers(t *testing.T) {
	t.Parallel()
	const needs = "Access control lists of groups need a lakeFS with its ACL server (auth.ui_config.rbac set to simplified). Where lakeFS works with policies, use iam_lakefs_policy"
	atPlan := []string{"This lakeFS has no access control lists of groups", "iam_lakefs_group_acl of the group"}
	for name, test := range map[string]struct {
		options localserver.Options
		says    []string
		groups  int
	}{
		"policies": {localserver.Options{}, append(atPlan, `is "internal"`, needs), 0},
		"one user": {localserver.Options{RBAC: "none"}, append(atPlan, `is "none"`, needs), 0},
		"0.97":     {localserver.Options{Dialect: "0.97"}, []string{"Could not create lakeFS group ACL", "this lakeFS has no access control lists of groups: its server answered that it does not implement the operation", needs}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent := &writes{}
			test.options.Middleware = sent.record
			lakefs := acctest.StartLocalLakeFS(t, test.options)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{{
					PreConfig: func() { sent.take() },
					Config:    aclConfig(`"Read"`), ExpectError: says(test.says...),
				}},
			})
			made := 0
			for _, request := range sent.take() {
				if strings.HasPrefix(request, "POST ") {
					made++
				}
			}
			if made != test.groups {
				t.Errorf("%d objects were made, want %d", made, test.groups)
			}
		})
	}
}

// The policies of a group are not taken from it, neither by a new list nor by one that has
// given way to them.
func TestAccLakefsGroupACL_groupWithPolicies(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "external"})
	providers, said := acctest.Listen(lakefs.Providers())
	attach := func() {
		must(t, lakefs.Client.AttachPolicyToGroup(t.Context(), "analysts", "FSReadAll"))
		said.Forget()
	}
	kept := func() error {
		count := 0
		for _, err := range lakefs.Client.ListGroupPolicies(context.WithoutCancel(t.Context()), "analysts", lakefsapi.ListOptions{}) {
			if err != nil {
				return err
			}
			count++
		}
		if count != 2 {
			return fmt.Errorf("the group has %d policies, want 2", count)
		}
		return nil
	}
	refused := says("Could not create lakeFS group ACL", "has policies that are not those of an access control list", "Detach them first")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: providers,
		Steps: []resource.TestStep{
			{Config: aclConfig(`"Read"`)},
			{PreConfig: attach, Config: aclConfig(`"Read"`), ExpectError: refused},
			{
				PreConfig: func() {
					must(t, kept())
					said.ExpectWarnings(t, `^A group has policies in place of its access control list: The access control list of the group "analysts" is gone: (.|\n)*Multiple policies attached to group - no ACL(.|\n)*an apply refuses that`)
				},
				Config: aclGroup,
			},
			{PreConfig: func() { must(t, kept()) }, Config: aclConfig(`"Read"`), ExpectError: refused},
		},
	})
}

// A group that is not there has no list, and gets none.
func TestAccLakefsGroupACL_noGroup(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      "resource \"iam_lakefs_group_acl\" \"test\" {\n  group_id   = \"nobody\"\n  permission = \"Read\"\n}\n",
			ExpectError: says("Could not create lakeFS group ACL", `"nobody"`, "So the group does not exist. Refer to the id of the resource that creates it"),
		}},
	})
}

// A caller that may set a list but not read it sets none: it could be over another one.
func TestAccLakefsGroupACL_notReadable(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "external"})
	must(t, acctest.ErrorOf(lakefs.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "analysts"})))
	setACL(t, lakefs, "Admin")
	key, secret := lakefs.Caller(t, "setter", statementFor("auth:ReadGroup on *"), statementFor("auth:AttachPolicy on *"), statementFor("auth:UpdatePolicy on *"))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.ProvidersAs(key, secret),
		Steps: []resource.TestStep{{
			Config: "resource \"iam_lakefs_group_acl\" \"test\" {\n  group_id   = \"analysts\"\n  permission = \"Read\"\n}\n",
			ExpectError: says("Could not create lakeFS group ACL", "not permitted: needs auth:ReadGroup on arn:lakefs:auth:::group/analysts and auth:ReadPolicy on arn:lakefs:auth:::policy/ACL(_-_)analysts",
				"or, where there are no policies, make it a member of a group whose access control list is Admin", "was not created"),
		}},
	})
	must(t, aclIs(t, lakefs, "Admin")(nil))
}

// An auth server that takes a list and does not keep it as one is found out at once.
func TestAccLakefsGroupACL_notKept(t *testing.T) {
	t.Parallel()
	var set atomic.Bool
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "external", Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ofACL := strings.HasSuffix(r.URL.Path, "/acl"); ofACL && r.Method == http.MethodPost {
				set.Store(true)
			} else if ofACL && set.Load() {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"message":"Policy attached to group has no ACL","no_acl":true}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      aclConfig(`"Read"`),
			ExpectError: says("Could not create lakeFS group ACL", "its auth server does not keep access control lists"),
		}},
	})
}

// A server with lists sends whoever wants policies to them.
func TestAccLakefsPolicy_onAServerWithACLs(t *testing.T) {
	t.Parallel()
	lakefs := startWithACLs(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config:      endsConfig("analysts"),
			ExpectError: says("Could not create lakeFS policy", "Where it is set to simplified, iam_lakefs_group_acl takes the place of policies"),
		}},
	})
}

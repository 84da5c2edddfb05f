// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

func plannedCalls() []acctest.PlannedCall {
	group := func(description string) acctest.Arguments {
		return acctest.Arguments{"name": "new", "capabilities_json": `[{"` + description + `":{"actions":["READ"],"scope":{"all":{}}}}]`}
	}
	category := func(name string) acctest.Arguments { return acctest.Arguments{"name": name} }
	profiles := func(enabled bool) acctest.Arguments { return acctest.Arguments{"enabled": enabled} }
	const groups, categories = "groupsAcl:%s in all", "securityCategoriesAcl:%s in all"
	each := func(form string, actions ...string) (needs []string) {
		for _, action := range actions {
			needs = append(needs, fmt.Sprintf(form, action))
		}
		return needs
	}
	return []acctest.PlannedCall{
		acctest.Planned("create group", "iam_cdf_group", nil, group("assetsAcl"), each(groups, "CREATE", "LIST")...),
		acctest.Planned("change group", "iam_cdf_group", group("assetsAcl"), group("eventsAcl"), each(groups, "CREATE", "DELETE", "LIST")...),
		acctest.Planned("delete group", "iam_cdf_group", group("assetsAcl"), nil, each(groups, "DELETE")...),
		acctest.Planned("create category", "iam_cdf_security_category", nil, category("a"), each(categories, "CREATE", "LIST")...),
		acctest.Planned("rename category", "iam_cdf_security_category", category("a"), category("b"), each(categories, "CREATE", "DELETE", "LIST")...),
		acctest.Planned("delete category", "iam_cdf_security_category", category("a"), nil, each(categories, "DELETE")...),
		acctest.Planned("set profiles", "iam_cdf_user_profiles_configuration", nil, profiles(false), "projectsAcl:UPDATE in all"),
		acctest.Planned("change profiles", "iam_cdf_user_profiles_configuration", profiles(false), profiles(true), "projectsAcl:UPDATE in all"),
		acctest.Planned("leave profiles", "iam_cdf_user_profiles_configuration", profiles(false), nil),
	}
}

// With exactly the capabilities that preflight asks for a change succeeds, and with any
// one of them removed preflight names that one and the change is refused. It makes no
// difference whether the token may be inspected.
func TestPreflight(t *testing.T) {
	t.Parallel()
	for _, call := range plannedCalls() {
		for name, more := range map[string][]string{"exactly": nil, "with others": {"projectsAcl:LIST in all", "assetsAcl:READ in all"}} {
			t.Run(call.Name+" "+name, func(t *testing.T) {
				t.Parallel()
				call.Prove(t, "capability {", func(t *testing.T, rights []string) (*acctest.Direct, acctest.Object) {
					t.Helper()
					return callerOf(t, call, slices.Concat(rights, more))
				}, nil)
			})
		}
	}
}

// callerOf prepares a project and the prior object of a call and starts the provider as a
// caller with the given rights.
func callerOf(t *testing.T, call acctest.PlannedCall, rights []string) (*acctest.Direct, acctest.Object) {
	t.Helper()
	w := startWorld(t, localserver.Options{})
	prior := call.MakePrior(t, acctest.NewDirect(t, w.Providers()))
	var capabilities []string
	for _, right := range rights {
		acl, action, _ := strings.Cut(strings.TrimSuffix(right, " in all"), ":")
		capabilities = append(capabilities, fmt.Sprintf(`{%q:{"actions":[%q],"scope":{"all":{}}}}`, acl, action))
	}
	w.as(w.Caller(t, "caller", "["+strings.Join(capabilities, ",")+"]"))
	return acctest.NewDirect(t, w.Providers()), prior
}

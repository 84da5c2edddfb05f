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

// What a capability grants in another project is not held. What it grants in a narrower
// scope may do for the object at hand, so nothing is said of it; only a listing has to be whole.
func TestPreflightOfCapabilitiesThatAreLimited(t *testing.T) {
	t.Parallel()
	grant := func(acl, action, scope, limit string) string {
		return fmt.Sprintf(`{%q:{"actions":[%q],"scope":{%q:{}}}%s}`, acl, action, scope, limit)
	}
	const elsewhere, here = `,"projectUrlNames":{"urlNames":["another"]}`, `,"projectUrlNames":{"urlNames":["another","local"]}`
	for name, test := range map[string]struct {
		held []string
		want []string
	}{
		"in another project": {[]string{grant("groupsAcl", "LIST", "all", elsewhere), grant("groupsAcl", "CREATE", "all", elsewhere)}, []string{"groupsAcl:CREATE in all", "groupsAcl:LIST in all"}},
		"in this one, too":   {[]string{grant("groupsAcl", "LIST", "all", here), grant("groupsAcl", "CREATE", "all", here)}, nil},
		"in its own groups":  {[]string{grant("groupsAcl", "LIST", "currentuserscope", ""), grant("groupsAcl", "CREATE", "currentuserscope", "")}, []string{"groupsAcl:LIST in all"}},
		"of another ACL":     {[]string{grant("projectsAcl", "LIST", "all", ""), grant("projectsAcl", "UPDATE", "all", "")}, []string{"groupsAcl:CREATE in all", "groupsAcl:LIST in all"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			w.as(w.Caller(t, "caller", "["+strings.Join(test.held, ",")+"]"))
			direct := acctest.NewDirect(t, w.Providers())
			direct.Plan("iam_cdf_group", acctest.Object{}, acctest.Arguments{"name": "new", "capabilities_json": "[]"})
			got := acctest.Claims(t, direct.Said(), "capability {")
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("preflight names %q, want %q", got, test.want)
			}
		})
	}
}

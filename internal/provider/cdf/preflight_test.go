// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// plannedCall is a change of a resource and the permissions that preflight has to ask for.
type plannedCall struct {
	name, resource string
	prior, after   acctest.Arguments
	needs          []string
}

func plannedCalls() []plannedCall {
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
	return []plannedCall{
		{"create group", "iam_cdf_group", nil, group("assetsAcl"), each(groups, "CREATE", "LIST")},
		{"change group", "iam_cdf_group", group("assetsAcl"), group("eventsAcl"), each(groups, "CREATE", "DELETE", "LIST")},
		{"delete group", "iam_cdf_group", group("assetsAcl"), nil, each(groups, "DELETE")},
		{"create category", "iam_cdf_security_category", nil, category("a"), each(categories, "CREATE", "LIST")},
		{"rename category", "iam_cdf_security_category", category("a"), category("b"), each(categories, "CREATE", "DELETE", "LIST")},
		{"delete category", "iam_cdf_security_category", category("a"), nil, each(categories, "DELETE")},
		{"set profiles", "iam_cdf_user_profiles_configuration", nil, profiles(false), []string{"projectsAcl:UPDATE in all"}},
		{"change profiles", "iam_cdf_user_profiles_configuration", profiles(false), profiles(true), []string{"projectsAcl:UPDATE in all"}},
		{"leave profiles", "iam_cdf_user_profiles_configuration", profiles(false), nil, nil},
	}
}

var missingPermission = regexp.MustCompile(`(?s)^.*: to (\w+) it, the caller needs (\S+ in \S+), which it does not have`)

// claims are the permissions that warnings of preflight say are missing, sorted.
func claims(t *testing.T, said []*tfprotov6.Diagnostic) []string {
	t.Helper()
	var claimed []string
	for _, diagnostic := range said {
		action, isClaim := strings.CutPrefix(diagnostic.Summary, "Missing permission ")
		if !isClaim {
			continue
		}
		match := missingPermission.FindStringSubmatch(diagnostic.Detail)
		if match == nil || match[2] != action+" in all" || !strings.Contains(diagnostic.Detail, `capability {`) {
			t.Errorf("the detail does not fit its summary: %s: %s", diagnostic.Summary, diagnostic.Detail)
			continue
		}
		claimed = append(claimed, match[2])
	}
	slices.Sort(claimed)
	return claimed
}

// With exactly the capabilities that preflight asks for a change succeeds, and with any
// one of them removed preflight names that one and the change is refused. It makes no
// difference whether the token may be inspected.
func TestPreflight(t *testing.T) {
	t.Parallel()
	for _, call := range plannedCalls() {
		t.Run(call.name, func(t *testing.T) {
			t.Parallel()
			if got := call.plan(t, nil); !slices.Equal(got, call.needs) {
				t.Errorf("without any right, preflight names\n%v\nwant\n%v", got, call.needs)
			}
			if said, ok := call.apply(t, call.needs); !ok {
				t.Errorf("with all rights, the change was refused: %v", said)
			}
			for _, more := range []string{"projectsAcl:LIST in all", "assetsAcl:READ in all"} {
				if got := call.plan(t, append(slices.Clone(call.needs), more)); len(got) > 0 {
					t.Errorf("with all rights and %s, preflight names %v", more, got)
				}
			}
			for i, need := range call.needs {
				others := slices.Delete(slices.Clone(call.needs), i, i+1)
				if got := call.plan(t, others); !slices.Equal(got, []string{need}) {
					t.Errorf("without %s, preflight names %v", need, got)
				}
				if _, ok := call.apply(t, others); ok {
					t.Errorf("without %s, the change succeeded all the same", need)
				}
			}
		})
	}
}

// as prepares a project and the prior object and starts the provider as a caller with the
// given rights.
func (c plannedCall) as(t *testing.T, rights []string) (*acctest.Direct, acctest.Object) {
	t.Helper()
	w := startWorld(t, localserver.Options{})
	var prior acctest.Object
	if c.prior != nil {
		var ok bool
		admin := acctest.NewDirect(t, w.Providers())
		if prior, ok = admin.Apply(c.resource, acctest.Object{}, c.prior); !ok {
			t.Fatalf("the prior object could not be made: %v", admin.Said())
		}
	}
	capabilities := make([]string, len(rights))
	for i, right := range rights {
		acl, action, _ := strings.Cut(strings.TrimSuffix(right, " in all"), ":")
		capabilities[i] = fmt.Sprintf(`{%q:{"actions":[%q],"scope":{"all":{}}}}`, acl, action)
	}
	w.as(w.Caller(t, "caller", "["+strings.Join(capabilities, ",")+"]"))
	return acctest.NewDirect(t, w.Providers()), prior
}

func (c plannedCall) plan(t *testing.T, rights []string) []string {
	t.Helper()
	direct, prior := c.as(t, rights)
	if _, _, ok := direct.Plan(c.resource, prior, c.after); !ok {
		t.Errorf("the plan failed: %v", direct.Said())
	}
	return claims(t, direct.Said())
}

func (c plannedCall) apply(t *testing.T, rights []string) (said []string, ok bool) {
	t.Helper()
	direct, prior := c.as(t, rights)
	_, ok = direct.Apply(c.resource, prior, c.after)
	for _, diagnostic := range direct.Said() {
		said = append(said, fmt.Sprintf("%s: %s", diagnostic.Summary, diagnostic.Detail))
	}
	return said, ok
}

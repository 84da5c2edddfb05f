// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForProject(t *testing.T) {
	t.Parallel()
	text := `[
		{"assetsAcl":{"actions":["A"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}},
		{"assetsAcl":{"actions":["B"],"scope":{"all":{}}},"projectScope":{"projects":["q","p"]},"x":1},
		{"assetsAcl":{"actions":["C"],"scope":{"all":{}}},"projectScope":{"projects":["P"]}},
		{"assetsAcl":{"actions":["D"],"scope":{"all":{}}},"projectScope":{"projects":[],"allProjects":{}}},
		{"assetsAcl":{"actions":["E"],"scope":{"all":{}}},"projectScope":{}},
		{"assetsAcl":{"actions":["F"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["other"]}},
		{"assetsAcl":{"actions":["G"],"scope":{"all":{}}}},
		{"assetsAcl":{"actions":["H"],"scope":{"all":{}}},"projectScope":{"projects":["q","p"]}},
		{"assetsAcl":{"actions":["I"],"scope":{"all":{}}},"projectScope":{"allProjects":null}}]`
	list := parse(t, text)
	got, err := ForProject(list, "p")
	if err != nil {
		t.Fatal(err)
	}
	want := parse(t, `[
		{"assetsAcl":{"actions":["A"],"scope":{"all":{}}}},
		{"assetsAcl":{"actions":["B"],"scope":{"all":{}}},"x":1},
		{"assetsAcl":{"actions":["H"],"scope":{"all":{}}}},
		{"assetsAcl":{"actions":["I"],"scope":{"all":{}}}}]`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(parse(t, text), list); diff != "" {
		t.Errorf("input (-before +after):\n%s", diff)
	}
}

func TestForProjectRefuses(t *testing.T) {
	t.Parallel()
	const object = `must be an object with the member "projects" or "allProjects"`
	const list = `the member "projects" must be a list of strings`
	tests := []struct{ name, project, scope, want string }{
		{"no project", "", `{"allProjects":{}}`, "the capability holds in certain projects only: say with the option project which one is meant"},
		{"null", "p", `null`, object},
		{"a list", "p", `["p"]`, object},
		{"projects null", "p", `{"projects":null}`, list},
		{"projects a string", "p", `{"projects":"p"}`, list},
		{"projects of numbers", "p", `{"projects":["p",1]}`, list},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			entries := parse(t, `[{"newAcl":{"actions":["A"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["A"],"scope":{"all":{}}},"projectScope":`+test.scope+`}]`)
			if got, err := ForProject(entries, test.project); err == nil || err.Error() != "[1].projectScope: "+test.want {
				t.Errorf("%v, %v", got, err)
			}
			if got, _, err := Missing(entries, nil, Options{Project: test.project}); err == nil || err.Error() != "existing[1].projectScope: "+test.want {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// Nothing says in which projects an entry of a token holds that has no projectScope.
func TestMissingOfATokenWithEntriesOfNoProject(t *testing.T) {
	t.Parallel()
	const limited = `{"filesAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"projects":["p"]}}`
	desired := parse(t, `[{"newAcl":{"actions":["READ"],"scope":{"all":{}}}}]`)
	existing := parse(t, `[`+limited+`,{"newAcl":{"actions":["READ"],"scope":{"all":{}}}}]`)
	missing, _, err := Missing(existing, desired, Options{Project: "p"})
	if diff := cmp.Diff(desired, missing); err != nil || diff != "" {
		t.Errorf("an ACL outside of the catalogue: %v (-want +got):\n%s", err, diff)
	}
	existing = parse(t, `[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}},`+limited+`]`)
	_, _, err = Missing(existing, desired, Options{Project: "p"})
	if want := `existing[0]: the member "projectScope" is missing, which other entries of the list have`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][]string{
		`a.b`:                       {"a", "b"},
		`module.m["x.y"].a.b[0].id`: {"module", `m["x.y"]`, "a", "b[0]", "id"},
		`a.b["q\"]."].id`:           {"a", `b["q\"]."]`, "id"},
		`a`:                         {"a"},
	} {
		if diff := cmp.Diff(want, split(address)); diff != "" {
			t.Errorf("%s: %s", address, diff)
		}
	}
	for _, test := range []struct{ address, module string }{
		{`iam_lakefs_user.u`, ""},
		{`module.a.iam_lakefs_user.u["x"]`, "module.a"},
		{`module.a["iam_lakefs_user.u"].module.b[1].iam_lakefs_user.u`, `module.a["iam_lakefs_user.u"].module.b[1]`},
	} {
		if got := moduleOf(test.address, "iam_lakefs_user", "u"); got != test.module {
			t.Errorf("the module of %s is %q, not %q", test.address, got, test.module)
		}
	}
	parent, call := parentModule(`module.a["x"].module.b[1]`)
	if parent != `module.a["x"]` || call != "b[1]" {
		t.Errorf("got %q and %q", parent, call)
	}
	if plain := plainModule(`module.a["x"].module.b[1]`); plain != "module.a.module.b" {
		t.Errorf("got %q", plain)
	}
	if diff := cmp.Diff([]string{"a.b.id", "each.value"}, longest([]string{"a.b.id", "a.b", "each.value", "each.value"})); diff != "" {
		t.Error(diff)
	}
}

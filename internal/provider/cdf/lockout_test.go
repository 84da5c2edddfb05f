// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	groupRights   = `[{"groupsAcl":{"actions":["LIST","CREATE","DELETE"],"scope":{"all":{}}}}]`
	fewerRights   = `[{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`
	moreRights    = `[{"groupsAcl":{"actions":["LIST","CREATE","DELETE"],"scope":{"all":{}}}},{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`
	ofBoss        = "source-of-boss"
	lockedOutText = "This change locks its caller out"
)

// A change of the group that gives the caller groupsAcl is named when it takes that away,
// unless another group gives it all the same.
func TestLockoutGuard(t *testing.T) {
	t.Parallel()
	bosses := func(source, capabilities string) acctest.Arguments {
		return acctest.Arguments{"name": "bosses", "source_id": source, "capabilities_json": capabilities}
	}
	for name, test := range map[string]struct {
		after acctest.Arguments
		lost  []string
	}{
		"narrowed":              {bosses(ofBoss, fewerRights), []string{"groupsAcl:CREATE in all", "groupsAcl:DELETE in all"}},
		"widened":               {bosses(ofBoss, moreRights), nil},
		"deleted":               {nil, []string{"groupsAcl:LIST in all", "groupsAcl:CREATE in all"}},
		"given to other people": {bosses("others", groupRights), []string{"groupsAcl:LIST in all", "groupsAcl:CREATE in all", "groupsAcl:DELETE in all"}},
	} {
		for _, second := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", beside another group"}[second], func(t *testing.T) {
				t.Parallel()
				w := startWorld(t, localserver.Options{})
				admin := acctest.NewDirect(t, w.Providers())
				prior, ok := admin.Apply("iam_cdf_group", acctest.Object{}, bosses(ofBoss, groupRights))
				if !ok {
					t.Fatal(admin.Said())
				}
				other := "[]"
				if second {
					other = groupRights
				}
				id, secret := w.CallerOf(t, "boss", other, ofBoss)
				w.as(id, secret)
				direct := acctest.NewDirect(t, w.Providers())
				direct.Plan("iam_cdf_group", prior, test.after)
				wanted := len(test.lost) > 0 && !second
				for _, said := range direct.Said() {
					if strings.HasPrefix(said.Summary, "Missing permission") {
						t.Errorf("preflight says %s", said.Detail)
					}
					if said.Summary != lockedOutText {
						continue
					}
					if !wanted {
						t.Errorf("the guard says %s", said.Detail)
					}
					wanted = false
					if list := "  - " + strings.Join(test.lost, "\n  - ") + "\n\n"; !strings.Contains(said.Detail, list) || !strings.Contains(said.Detail, `the group "bosses"`) {
						t.Errorf("the guard says %s, want %s", said.Detail, list)
					}
				}
				if wanted {
					t.Error("the guard says nothing")
				}
			})
		}
	}
}

// A group that could not be deleted when another took its place still grants. Where that is
// what the caller has its rights by, the plan that deletes it locks the caller out.
func TestLockoutGuardOfSupersededGroups(t *testing.T) {
	t.Parallel()
	w := startWorld(t, localserver.Options{})
	bosses := func(capabilities string) acctest.Arguments {
		return acctest.Arguments{"name": "bosses", "source_id": ofBoss, "capabilities_json": capabilities}
	}
	old, ok := acctest.NewDirect(t, w.Providers()).Apply("iam_cdf_group", acctest.Object{}, bosses(groupRights))
	boss, bossSecret := w.CallerOf(t, "boss", "[]", ofBoss)
	w.as(w.Caller(t, "careless", `[{"groupsAcl":{"actions":["LIST","CREATE"],"scope":{"all":{}}}}]`))
	careless := acctest.NewDirect(t, w.Providers())
	left, deleted := careless.Apply("iam_cdf_group", old, bosses(fewerRights))
	if !ok || deleted {
		t.Fatalf("made %t, and the old group deleted %t: %v", ok, deleted, careless.Said())
	}
	w.as(boss, bossSecret)
	direct := acctest.NewDirect(t, w.Providers())
	left, ok = direct.Refresh("iam_cdf_group", left)
	if !ok {
		t.Fatal(direct.Said())
	}
	direct.Plan("iam_cdf_group", left, bosses(fewerRights))
	var guarded bool
	for _, said := range direct.Said() {
		guarded = guarded || said.Summary == lockedOutText && strings.Contains(said.Detail, "  - groupsAcl:CREATE in all\n")
	}
	if !guarded {
		t.Error("the guard says nothing")
	}
}

// Members are known by their ids: who stays a member is not locked out, and of an unknown
// member or a new way to be one nothing is said.
func TestLockoutGuardOfMembers(t *testing.T) {
	t.Parallel()
	const elsewhere = `[{"groupsAcl":{"actions":["LIST","CREATE","DELETE"],"scope":{"all":{}}},"projectUrlNames":{"urlNames":["elsewhere"]}}]`
	id := "client-" + acctest.NamePrefix + "boss"
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	bosses := func(capabilities string, members ...any) acctest.Arguments {
		list := make([]tftypes.Value, len(members))
		for i, member := range members {
			if value, ok := member.(tftypes.Value); ok {
				list[i] = value
				continue
			}
			list[i] = tftypes.NewValue(tftypes.String, member)
		}
		return acctest.Arguments{"name": "bosses", "members": list, "capabilities_json": capabilities}
	}
	everybody := acctest.Arguments{"name": "bosses", "all_user_accounts": true, "capabilities_json": groupRights}
	for name, test := range map[string]struct {
		before, after acctest.Arguments
		lost          bool
	}{
		"one more":                   {bosses(groupRights, id), bosses(groupRights, id, "ann"), false},
		"one more, unknown":          {bosses(groupRights, id), bosses(groupRights, id, unknown), false},
		"another, unknown":           {bosses(groupRights, id), bosses(groupRights, unknown), false},
		"another":                    {bosses(groupRights, id), bosses(groupRights, "ann"), true},
		"a colleague less":           {bosses(groupRights, id, "ann"), bosses(groupRights, id), false},
		"itself less":                {bosses(groupRights, id, "ann"), bosses(groupRights, "ann"), true},
		"of everybody":               {bosses(groupRights, id), everybody, false},
		"itself, with fewer rights":  {bosses(groupRights, id), bosses(fewerRights, id), true},
		"itself, in another project": {bosses(groupRights, id), bosses(elsewhere, id), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := startWorld(t, localserver.Options{})
			client, secret := w.CallerOf(t, "boss", `[{"projectsAcl":{"actions":["LIST"],"scope":{"all":{}}}}]`, ofBoss)
			if client != id {
				t.Fatalf("the caller is %s, want %s", client, id)
			}
			admin := acctest.NewDirect(t, w.Providers())
			prior, ok := admin.Apply("iam_cdf_group", acctest.Object{}, test.before)
			if !ok {
				t.Fatal(admin.Said())
			}
			w.as(client, secret)
			direct := acctest.NewDirect(t, w.Providers())
			direct.Plan("iam_cdf_group", prior, test.after)
			var guarded bool
			for _, said := range direct.Said() {
				guarded = guarded || said.Summary == lockedOutText
			}
			if guarded != test.lost {
				t.Errorf("the guard speaks: %t, want %t", guarded, test.lost)
			}
		})
	}
}

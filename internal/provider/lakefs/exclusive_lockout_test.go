// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const (
	membersType  = "iam_lakefs_group_memberships_exclusive"
	policiesType = "iam_lakefs_policy_attachments_exclusive"
)

// A whole set that leaves the caller out takes its rights from it as one edge does; and so
// do several policies that are detached at once, each of which would be no loss alone.
func TestLockoutGuardOfExclusives(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, false)
	must(t, h.server.Client.AttachPolicyToGroup(t.Context(), "admins", "Second"))
	admin := acctest.NewDirect(t, h.server.Providers())
	members, ok := admin.Import(membersType, "admins")
	policies, ok2 := admin.Import(policiesType, "group/admins")
	if !ok || !ok2 {
		t.Fatal(admin.Said())
	}
	must(t, acctest.ErrorOf(h.server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "locked"})))
	for resource, arguments := range map[string]acctest.Arguments{
		"iam_lakefs_policy": {"id": "NoChange", "document": `{"statement":[{"effect":"deny","action":["auth:DetachPolicy","auth:RemoveGroupMember"],"resource":"*"}]}`},
	} {
		if _, ok := admin.Apply(resource, acctest.Object{}, arguments); !ok {
			t.Fatal(admin.Said())
		}
	}
	must(t, h.server.Client.AttachPolicyToGroup(t.Context(), "locked", "NoChange"))
	key := h.objects["key"]
	for name, test := range map[string]struct {
		resource string
		prior    acctest.Object
		after    acctest.Arguments
		lost     []string
	}{
		"the caller is removed":           {membersType, members, acctest.Arguments{"group_id": "admins", "user_ids": []string{"clerk"}}, []string{"auth:AddGroupMember on arn:lakefs:auth:::group/admins", `its membership in the group "admins"`}},
		"the caller is removed at create": {membersType, acctest.Object{}, acctest.Arguments{"group_id": "admins", "user_ids": []string{"clerk"}}, []string{"auth:AddGroupMember on arn:lakefs:auth:::group/admins"}},
		"another is removed":              {membersType, members, acctest.Arguments{"group_id": "admins", "user_ids": []string{"boss"}}, nil},
		"destroying removes nobody":       {membersType, members, nil, nil},
		"a group that denies":             {membersType, acctest.Object{}, acctest.Arguments{"group_id": "locked", "user_ids": []string{"boss"}}, []string{"auth:RemoveGroupMember on arn:lakefs:auth:::group/locked", "It is denied by"}},
		"both policies":                   {policiesType, policies, acctest.Arguments{"group_id": "admins", "policy_ids": []string{"FSReadAll"}}, []string{"auth:AttachPolicy on arn:lakefs:auth:::group/admins", `the policy "Admin" of its group "admins" and the policy "Second" of its group "admins"`}},
		"both policies at create":         {policiesType, acctest.Object{}, acctest.Arguments{"group_id": "admins", "policy_ids": []string{}}, []string{"auth:AttachPolicy on arn:lakefs:auth:::group/admins"}},
		"one of two policies":             {policiesType, policies, acctest.Arguments{"group_id": "admins", "policy_ids": []string{"Second"}}, nil},
		"a policy that denies":            {policiesType, policies, acctest.Arguments{"group_id": "admins", "policy_ids": []string{"Admin", "Second", "NoChange"}}, []string{"auth:DetachPolicy on arn:lakefs:auth:::group/admins", "It is denied by a policy that it attaches"}},
		"policies of another":             {policiesType, acctest.Object{}, acctest.Arguments{"user_id": "clerk", "policy_ids": []string{"NoChange"}}, nil},
		"destroying detaches nothing":     {policiesType, policies, nil, nil},
	} {
		direct := acctest.NewDirect(t, h.server.ProvidersAs(key.Text("access_key_id"), key.Text("secret_access_key")))
		direct.Plan(test.resource, test.prior, test.after)
		said := ""
		for _, diagnostic := range direct.Said() {
			if diagnostic.Summary == "This change locks its caller out" {
				said += diagnostic.Detail
			}
		}
		if (said != "") != (len(test.lost) > 0) {
			t.Errorf("%s: the guard says %q", name, said)
		}
		for _, want := range test.lost {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the guard says %q, want %q", name, said, want)
			}
		}
	}
}

// What a new resource will remove needs the right to remove it, which only who may list can
// tell: for anybody else, the right to list is missing first.
func TestPreflightOfTakingOver(t *testing.T) {
	t.Parallel()
	const read, add, remove = "auth:ReadGroup on arn:lakefs:auth:::group/g", "auth:AddGroupMember on arn:lakefs:auth:::group/g", "auth:RemoveGroupMember on arn:lakefs:auth:::group/g"
	for _, test := range []struct{ rights, lacks []string }{
		{nil, []string{add, read}},
		{[]string{read}, []string{add, remove}},
		{[]string{read, add}, []string{remove}},
		{[]string{read, add, remove}, nil},
	} {
		call := acctest.Planned("take over", membersType, nil, acctest.Arguments{"group_id": "g", "user_ids": []string{"admin"}})
		call.Prior = acctest.Arguments{"group_id": "g", "user_ids": []string{"u"}}
		direct, _ := callerOf(t, call, test.rights)
		_, _, ok := direct.Plan(membersType, acctest.Object{}, acctest.Arguments{"group_id": "g", "user_ids": []string{"admin"}})
		said := direct.Said()
		if got := acctest.Claims(t, said, "statement {"); !ok || !slices.Equal(got, test.lacks) {
			t.Errorf("with %v: preflight names %v, want %v", test.rights, got, test.lacks)
		}
		told := slices.ContainsFunc(said, func(d *tfprotov6.Diagnostic) bool {
			return d.Summary == "What a new exclusive resource removes cannot be told"
		})
		if told != (len(test.rights) == 0) {
			t.Errorf("with %v: said that it cannot be told: %t", test.rights, told)
		}
	}
}

// A plan warns once of edges that are managed alone and as a whole, whichever Terraform
// comes to first.
func TestPlanWarnsOfBoth(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, false)
	for name, test := range map[string]struct {
		whole, wholeID, single, singleID string
		wholeAfter, singleAfter          acctest.Arguments
	}{
		"members": {
			membersType, "admins", "iam_lakefs_group_membership", "admins/boss",
			acctest.Arguments{"group_id": "admins", "user_ids": []string{"clerk"}}, acctest.Arguments{"group_id": "admins", "user_id": "admin"},
		},
		"policies": {
			policiesType, "group/admins", "iam_lakefs_policy_attachment", "group/admins/Admin",
			acctest.Arguments{"group_id": "admins", "policy_ids": []string{}}, acctest.Arguments{"group_id": "admins", "policy_id": "Second"},
		},
	} {
		for order, meet := range map[string]func(*acctest.Direct){
			"both are read": func(d *acctest.Direct) { d.Import(test.whole, test.wholeID); d.Import(test.single, test.singleID) },
			"one is added to the whole": func(d *acctest.Direct) {
				d.Import(test.whole, test.wholeID)
				d.Plan(test.single, acctest.Object{}, test.singleAfter)
			},
			"the whole is added to one": func(d *acctest.Direct) {
				d.Import(test.single, test.singleID)
				d.Plan(test.whole, acctest.Object{}, test.wholeAfter)
			},
			"the whole is changed, first": func(d *acctest.Direct) {
				whole, _ := d.Import(test.whole, test.wholeID)
				d.Plan(test.whole, whole, test.wholeAfter)
				d.Import(test.single, test.singleID)
			},
		} {
			direct := acctest.NewDirect(t, h.server.Providers())
			meet(direct)
			warned := 0
			for _, said := range direct.Said() {
				if said.Summary == "Two resources manage the same and undo each other" && strings.Contains(said.Detail, test.whole) && strings.Contains(said.Detail, test.single+" manages") {
					warned++
				}
			}
			if warned != 1 {
				t.Errorf("%s, %s: warned %d times", name, order, warned)
			}
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	everything = `{"statement":[{"effect":"allow","action":["auth:*"],"resource":"*"}]}`
	// noUpdates leaves everything but to change policies.
	noUpdates = `{"statement":[{"effect":"allow","action":["auth:*"],"resource":"*"},{"effect":"deny","action":["auth:UpdatePolicy"],"resource":"*"}]}`
	// readAndNoUpdates allows to read a repository and denies to change policies.
	readAndNoUpdates = `{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"*"},{"effect":"deny","action":["auth:UpdatePolicy"],"resource":"*"}]}`
	// ownPolicy leaves nothing but to change the policy itself.
	ownPolicy = `{"statement":[{"effect":"allow","action":["auth:UpdatePolicy","auth:Read*"],"resource":"*"}]}`
)

// household is a caller "boss" who may do everything in auth through a policy of its
// group, and every object of that as Terraform knows it.
type household struct {
	server  *acctest.LakeFS
	objects map[string]acctest.Object
}

var householdMembers = []struct {
	name, resource string
	arguments      acctest.Arguments
}{
	{"user", "iam_lakefs_user", acctest.Arguments{"id": "boss", "revoke_credentials_on_destroy": true, "revoke_leftover_credentials": false, "invite_user": false}},
	{"other user", "iam_lakefs_user", acctest.Arguments{"id": "clerk", "revoke_credentials_on_destroy": true, "revoke_leftover_credentials": false, "invite_user": false}},
	{"group", "iam_lakefs_group", acctest.Arguments{"name": "admins"}},
	{"policy", "iam_lakefs_policy", acctest.Arguments{"id": "Admin", "document": everything}},
	{"second policy", "iam_lakefs_policy", acctest.Arguments{"id": "Second", "document": everything}},
	{"membership", "iam_lakefs_group_membership", acctest.Arguments{"group_id": "admins", "user_id": "boss"}},
	{"other membership", "iam_lakefs_group_membership", acctest.Arguments{"group_id": "admins", "user_id": "clerk"}},
	{"attachment", "iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "Admin", "group_id": "admins"}},
	{"key", "iam_lakefs_credentials", acctest.Arguments{"user_id": "boss"}},
	{"other key", "iam_lakefs_credentials", acctest.Arguments{"user_id": "boss"}},
	// Only where the caller has a second way.
	{"second attachment", "iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "Second", "user_id": "boss"}},
}

func newHousehold(t *testing.T, secondWay bool) household {
	t.Helper()
	h := household{acctest.StartLocalLakeFS(t, localserver.Options{}), map[string]acctest.Object{}}
	admin := acctest.NewDirect(t, h.server.Providers())
	for _, member := range householdMembers {
		if member.name == "second attachment" && !secondWay {
			continue
		}
		object, ok := admin.Apply(member.resource, acctest.Object{}, member.arguments)
		if !ok {
			t.Fatalf("%s could not be made: %v", member.name, admin.Said())
		}
		h.objects[member.name] = object
	}
	return h
}

// plan plans a change of an object as the boss and returns what the guard says.
func (h household) plan(t *testing.T, name string, after acctest.Arguments) (said *tfprotov6.Diagnostic) {
	t.Helper()
	key := h.objects["key"]
	direct := acctest.NewDirect(t, h.server.ProvidersAs(key.Text("access_key_id"), key.Text("secret_access_key")))
	for _, member := range householdMembers {
		if member.name != name {
			continue
		}
		direct.Plan(member.resource, h.objects[name], after)
		for _, diagnostic := range direct.Said() {
			switch {
			case strings.HasPrefix(diagnostic.Summary, "Missing permission"):
				t.Errorf("preflight says %s", diagnostic.Detail)
			case diagnostic.Summary == "This change locks its caller out":
				said = diagnostic
			}
		}
	}
	return said
}

// A change that takes from the caller the right to undo it is named, with what is lost and
// through what. Where another policy gives the right all the same, nothing is said.
func TestLockoutGuard(t *testing.T) {
	t.Parallel()
	policy := func(document string) acctest.Arguments { return acctest.Arguments{"id": "Admin", "document": document} }
	for _, test := range []struct {
		name, object string
		after        acctest.Arguments
		says         []string
		// always is true where no second way helps.
		always bool
	}{
		{"a policy that denies to change it", "policy", policy(noUpdates), []string{"auth:UpdatePolicy on arn:lakefs:auth:::policy/Admin", `It is denied by the policy "Admin" itself`}, true},
		{"a policy that becomes another and denies to change it", "policy", policy(readAndNoUpdates), []string{"auth:UpdatePolicy on arn:lakefs:auth:::policy/Admin", `the policy "Admin" of its group "admins"`}, true},
		{"a policy that becomes another", "policy", policy(readMain), []string{"auth:UpdatePolicy on arn:lakefs:auth:::policy/Admin"}, false},
		{"a policy that keeps the right to change it", "policy", policy(ownPolicy), nil, false},
		{"a policy that is deleted", "policy", nil, []string{"auth:CreatePolicy on arn:lakefs:auth:::policy/Admin", "auth:AttachPolicy on arn:lakefs:auth:::group/admins"}, false},
		{"a policy that is replaced", "policy", acctest.Arguments{"id": "Renamed", "document": everything}, []string{"auth:CreatePolicy on arn:lakefs:auth:::policy/Admin"}, false},
		{"a policy that the caller does not have", "second policy", nil, nil, false},
		{"its membership", "membership", nil, []string{"auth:AddGroupMember on arn:lakefs:auth:::group/admins", `its membership in the group "admins"`}, false},
		{"the membership of another", "other membership", nil, nil, false},
		{"the attachment to its group", "attachment", nil, []string{"auth:AttachPolicy on arn:lakefs:auth:::group/admins", `the policy "Admin" of its group "admins"`}, false},
		{"its group", "group", nil, []string{"auth:CreateGroup on arn:lakefs:auth:::group/admins", `its group "admins"`}, false},
		{"itself", "user", nil, []string{"auth:CreateUser on arn:lakefs:auth:::user/boss", "the user that it is"}, true},
		{"another user", "other user", nil, nil, false},
		{"its key", "key", nil, []string{"auth:CreateCredentials on arn:lakefs:auth:::user/boss", "with which it has come"}, true},
		{"another key of it", "other key", nil, nil, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			said := newHousehold(t, false).plan(t, test.object, test.after)
			if (said != nil) != (len(test.says) > 0) {
				t.Fatalf("the guard says %v, want %v", said, test.says)
			}
			for _, want := range test.says {
				if !strings.Contains(said.Detail, want) || said.Severity != tfprotov6.DiagnosticSeverityWarning {
					t.Errorf("the guard says %s: %s, want %s", said.Severity, said.Detail, want)
				}
			}
			second := newHousehold(t, true).plan(t, test.object, test.after)
			if (second != nil) != test.always {
				t.Errorf("with a second way, the guard says %v", second)
			}
		})
	}
}

// A policy that denies takes away as well.
func TestLockoutGuardOfDenies(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, true)
	admin := acctest.NewDirect(t, h.server.Providers())
	for resource, arguments := range map[string]acctest.Arguments{
		"iam_lakefs_policy": {"id": "NoDetach", "document": `{"statement":[{"effect":"deny","action":["auth:DetachPolicy","auth:RemoveGroupMember"],"resource":"*"}]}`},
		"iam_lakefs_group":  {"name": "locked"},
	} {
		if _, ok := admin.Apply(resource, acctest.Object{}, arguments); !ok {
			t.Fatal(admin.Said())
		}
	}
	must(t, h.server.Client.AttachPolicyToGroup(t.Context(), "locked", "NoDetach"))
	key := h.objects["key"]
	for name, test := range map[string]struct {
		resource  string
		arguments acctest.Arguments
		lost      string
	}{
		"to itself":             {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "NoDetach", "user_id": "boss"}, "auth:DetachPolicy on arn:lakefs:auth:::user/boss"},
		"to its group":          {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "NoDetach", "group_id": "admins"}, "auth:DetachPolicy on arn:lakefs:auth:::group/admins"},
		"to another group":      {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "NoDetach", "group_id": "locked"}, ""},
		"a policy that allows":  {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "FSReadAll", "user_id": "boss"}, ""},
		"one that is not there": {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "Later", "user_id": "boss"}, ""},
		"a group that denies":   {"iam_lakefs_group_membership", acctest.Arguments{"group_id": "locked", "user_id": "boss"}, "auth:RemoveGroupMember on arn:lakefs:auth:::group/locked"},
		"another's membership":  {"iam_lakefs_group_membership", acctest.Arguments{"group_id": "locked", "user_id": "clerk"}, ""},
		"a new user":            {"iam_lakefs_user", acctest.Arguments{"id": "ann"}, ""},
		"a new group":           {"iam_lakefs_group", acctest.Arguments{"name": "new"}, ""},
		"a new policy":          {"iam_lakefs_policy", acctest.Arguments{"id": "new", "document": noUpdates}, ""},
		"a new key":             {"iam_lakefs_credentials", acctest.Arguments{"user_id": "boss"}, ""},
	} {
		direct := acctest.NewDirect(t, h.server.ProvidersAs(key.Text("access_key_id"), key.Text("secret_access_key")))
		direct.Plan(test.resource, acctest.Object{}, test.arguments)
		said := ""
		for _, diagnostic := range direct.Said() {
			said += diagnostic.Summary + ": " + diagnostic.Detail
		}
		if strings.Contains(said, "locks its caller out") != (test.lost != "") || !strings.Contains(said, test.lost) || strings.Contains(said, "It is denied by") != (test.lost != "") {
			t.Errorf("%s: %q, want %q", name, said, test.lost)
		}
	}
}

// Of two ways, the second is the one that remains.
func TestLockoutGuardOfTheSecondWay(t *testing.T) {
	t.Parallel()
	if said := newHousehold(t, true).plan(t, "second attachment", nil); said != nil {
		t.Errorf("the guard says %v", said)
	}
}

// Whom a change does not concern, the guard asks for next to nothing: the caller needs no
// right to read the policies of its groups.
func TestLockoutGuardAsksForLittle(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	key, secret := server.Caller(t, "clerk", statementFor("auth:CreateUser on arn:lakefs:auth:::user/*"), statementFor("auth:ReadUser on arn:lakefs:auth:::user/"+server.Name("clerk")))
	_, err := server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "clerks"})
	must(t, err)
	must(t, server.Client.AddGroupMembership(t.Context(), "clerks", server.Name("clerk")))
	admin := acctest.NewDirect(t, server.Providers())
	prior := map[string]acctest.Object{}
	for resource, arguments := range map[string]acctest.Arguments{
		"iam_lakefs_user":              {"id": "ann"},
		"iam_lakefs_group":             {"name": "others"},
		"iam_lakefs_policy":            {"id": "Own", "document": everything},
		"iam_lakefs_group_membership":  {"group_id": "clerks", "user_id": "admin"},
		"iam_lakefs_policy_attachment": {"policy_id": "FSReadAll", "user_id": "admin"},
	} {
		object, ok := admin.Apply(resource, acctest.Object{}, arguments)
		if !ok {
			t.Fatal(admin.Said())
		}
		prior[resource] = object
	}
	direct := acctest.NewDirect(t, server.ProvidersAs(key, secret))
	direct.Plan("iam_lakefs_user", acctest.Object{}, acctest.Arguments{"id": "bob"})
	for resource, object := range prior {
		direct.Plan(resource, object, nil)
	}
	for _, said := range direct.Said() {
		if !strings.HasPrefix(said.Summary, "Missing permission auth:") {
			t.Errorf("said %s: %s", said.Summary, said.Detail)
		}
	}
	// A change that does concern it cannot be judged, and preflight is not to blame.
	own, ok := admin.Apply("iam_lakefs_group_membership", acctest.Object{}, acctest.Arguments{"group_id": "others", "user_id": server.Name("clerk")})
	if !ok {
		t.Fatal(admin.Said())
	}
	again := acctest.NewDirect(t, server.ProvidersAs(key, secret))
	for range 2 {
		again.Plan("iam_lakefs_group_membership", own, nil)
	}
	var texts []string
	for _, said := range again.Said() {
		if !strings.HasPrefix(said.Summary, "Missing permission auth:RemoveGroupMember") {
			texts = append(texts, said.Summary+": "+said.Detail)
		}
	}
	if len(texts) != 1 || !strings.HasPrefix(texts[0], "Whether this plan locks out its caller cannot be told: iam_lakefs_group_membership") || !strings.Contains(texts[0], "auth:ReadGroup") {
		t.Errorf("said %q, want once that it cannot be told without auth:ReadGroup", texts)
	}
}

// Who deletes itself, or the key by which it comes, is locked out whatever it may do.
func TestLockoutGuardOfWhoMayDoLittle(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	key, secret := server.Caller(t, "clerk")
	clerk := server.Name("clerk")
	admin := acctest.NewDirect(t, server.Providers())
	_, err := server.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "ann"})
	must(t, err)
	other, ok := admin.Apply("iam_lakefs_credentials", acctest.Object{}, acctest.Arguments{"user_id": "ann"})
	if !ok {
		t.Fatal(admin.Said())
	}
	user, _ := admin.Import("iam_lakefs_user", clerk)
	own, _ := admin.Import("iam_lakefs_credentials", clerk+"/"+key)
	for name, test := range map[string]struct {
		resource string
		object   acctest.Object
		lost     string
	}{
		"itself":        {"iam_lakefs_user", user, "auth:CreateUser on arn:lakefs:auth:::user/" + clerk},
		"its key":       {"iam_lakefs_credentials", own, "auth:CreateCredentials on arn:lakefs:auth:::user/" + clerk},
		"another's key": {"iam_lakefs_credentials", other, ""},
	} {
		direct := acctest.NewDirect(t, server.ProvidersAs(key, secret))
		direct.Plan(test.resource, test.object, nil)
		var guarded string
		for _, said := range direct.Said() {
			if said.Summary == "This change locks its caller out" {
				guarded = said.Detail
			}
		}
		if (guarded != "") != (test.lost != "") || !strings.Contains(guarded, test.lost) {
			t.Errorf("%s: the guard says %q, want %q", name, guarded, test.lost)
		}
	}
}

// The half of a replacement that makes the new object is guarded as well: a membership moved
// to a group that denies, and a policy that denies in the place of another.
func TestLockoutGuardOfTheNewHalf(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, true)
	admin := acctest.NewDirect(t, h.server.Providers())
	for _, made := range []struct {
		resource  string
		arguments acctest.Arguments
	}{
		{"iam_lakefs_policy", acctest.Arguments{"id": "NoDetach", "document": `{"statement":[{"effect":"deny","action":["auth:DetachPolicy","auth:RemoveGroupMember"],"resource":"*"}]}`}},
		{"iam_lakefs_policy", acctest.Arguments{"id": "Harmless", "document": readMain}},
		{"iam_lakefs_group", acctest.Arguments{"name": "locked"}},
		{"iam_lakefs_group", acctest.Arguments{"name": "mine"}},
		{"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "NoDetach", "group_id": "locked"}},
	} {
		if _, ok := admin.Apply(made.resource, acctest.Object{}, made.arguments); !ok {
			t.Fatal(admin.Said())
		}
	}
	key := h.objects["key"]
	for name, test := range map[string]struct {
		resource      string
		before, after acctest.Arguments
		lost          string
	}{
		"a membership":           {"iam_lakefs_group_membership", acctest.Arguments{"group_id": "mine", "user_id": "boss"}, acctest.Arguments{"group_id": "locked", "user_id": "boss"}, "auth:RemoveGroupMember"},
		"an attachment to it":    {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "Harmless", "user_id": "boss"}, acctest.Arguments{"policy_id": "NoDetach", "user_id": "boss"}, "auth:DetachPolicy on arn:lakefs:auth:::user/boss"},
		"an attachment to group": {"iam_lakefs_policy_attachment", acctest.Arguments{"policy_id": "Harmless", "group_id": "admins"}, acctest.Arguments{"policy_id": "NoDetach", "group_id": "admins"}, "auth:DetachPolicy on arn:lakefs:auth:::group/admins"},
	} {
		prior, ok := admin.Apply(test.resource, acctest.Object{}, test.before)
		if !ok {
			t.Fatal(admin.Said())
		}
		direct := acctest.NewDirect(t, h.server.ProvidersAs(key.Text("access_key_id"), key.Text("secret_access_key")))
		direct.Plan(test.resource, prior, test.after)
		said := ""
		for _, diagnostic := range direct.Said() {
			said += diagnostic.Summary + ": " + diagnostic.Detail
		}
		if !strings.Contains(said, "locks its caller out") || !strings.Contains(said, test.lost) {
			t.Errorf("%s: %q, want %q", name, said, test.lost)
		}
	}
}

// An attachment to a user, whose import id is of another form than that to a group, is known
// again when it is replaced, too.
func TestLockoutGuardOfAReplacedAttachment(t *testing.T) {
	t.Parallel()
	h := newHousehold(t, false)
	admin := acctest.NewDirect(t, h.server.Providers())
	must(t, h.server.Client.AttachPolicyToUser(t.Context(), "boss", "Second"))
	must(t, h.server.Client.DetachPolicyFromGroup(t.Context(), "admins", "Admin"))
	own, ok := admin.Import("iam_lakefs_policy_attachment", "user/boss/Second")
	if !ok {
		t.Fatal(admin.Said())
	}
	key := h.objects["key"]
	direct := acctest.NewDirect(t, h.server.ProvidersAs(key.Text("access_key_id"), key.Text("secret_access_key")))
	direct.Plan("iam_lakefs_policy_attachment", own.Kept(), acctest.Arguments{"policy_id": "Second", "user_id": "boss"})
	for _, said := range direct.Said() {
		if said.Summary == "This change locks its caller out" && strings.Contains(said.Detail, "auth:AttachPolicy on arn:lakefs:auth:::user/boss") {
			return
		}
	}
	t.Error("the guard says nothing")
}

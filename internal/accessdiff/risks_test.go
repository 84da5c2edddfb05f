// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// allow and deny make policies of one statement; the actions come before the resources.
func allow(key, actions string, resources ...string) Policy {
	return Policy{Key: key, Statements: []lakefspolicy.Statement{{Effect: "allow", Actions: strings.Fields(actions), Resources: resources}}}
}

func deny(key, actions string, resources ...string) Policy {
	p := allow(key, actions, resources...)
	p.Statements[0].Effect = "deny"
	return p
}

// has is a world of users with policies: "ann p1 p2".
func has(policies []Policy, users ...string) World {
	w := World{Policies: policies}
	for _, user := range users {
		words := strings.Fields(user)
		w.Users = append(w.Users, User{Key: words[0]})
		for _, policy := range words[1:] {
			w.Attachments = append(w.Attachments, Attachment{Policy: policy, User: words[0]})
		}
	}
	return w
}

// found writes risks as "rule: about", with a "?" for those that are only possible.
func found(report Report) (list []string) {
	for _, r := range report.Risks {
		text := r.Rule + ": " + strings.Join(r.About, ", ")
		if !r.Certain {
			text += " ?"
		}
		list = append(list, text)
	}
	return list
}

func TestRisksOfLakeFS(t *testing.T) {
	t.Parallel()
	admin := allow("admin", "auth:*", "*")
	some := []Policy{
		admin, allow("read", "fs:ReadObject", "arn:lakefs:fs:::repository/a/*"), deny("nodelete", "auth:DeleteUser", "*"), allow("all", "fs:*", "arn:lakefs:fs:::*"),
		allow("attachself", "auth:AttachPolicy", "arn:lakefs:auth:::user/${user}"), allow("attachother", "auth:AttachPolicy", "arn:lakefs:auth:::user/zoe"),
		allow("ownkeys", "auth:CreateCredentials", "arn:lakefs:auth:::user/${user}"), allow("zoekeys", "auth:CreateCredentials", "arn:lakefs:auth:::user/zoe"),
		allow("updateit", "auth:UpdatePolicy", "arn:lakefs:auth:::policy/updateit"), allow("updateother", "auth:UpdatePolicy", "arn:lakefs:auth:::policy/admin"),
		allow("lists", "auth:ListUsers fs:ListRepositories", "*"), deny("noread", "fs:ReadObject", "arn:lakefs:fs:::repository/a/secret/*"),
		allow("addone", "auth:AddGroupMember", "arn:lakefs:auth:::group/one"), allow("attachone", "auth:AttachPolicy", "arn:lakefs:auth:::group/one"),
	}
	inGroup := func(w World) World {
		w.Memberships = []Membership{{User: "ann", Group: "one"}}
		return w
	}
	conditional := has(append(slices.Clone(some), Policy{Key: "there", Statements: []lakefspolicy.Statement{{Effect: "allow", Actions: []string{"auth:*"}, Resources: []string{"*"}, Condition: inside}}}), "ann there")
	for name, test := range map[string]struct {
		before, after World
		complete      bool
		caller        string
		want          []string
	}{
		"administration":                 {has(some, "ann"), has(some, "ann admin"), false, "", []string{"gains-administration: ann", "escalation: ann", "escalation: ann", "escalation: ann", "escalation: ann", "wildcard-resource: ann"}},
		"by condition":                   {has(some, "ann"), conditional, false, "", []string{"gains-administration: ann ?", "escalation: ann", "escalation: ann", "escalation: ann", "escalation: ann", "wildcard-resource: ann"}},
		"all but one right":              {has(some, "ann nodelete read"), has(some, "ann nodelete admin read"), false, "", []string{"escalation: ann", "escalation: ann", "escalation: ann", "escalation: ann", "escalation: ann", "escalation: ann", "wildcard-resource: ann"}},
		"was it before":                  {has(some, "ann admin"), has(some, "ann admin read"), false, "", nil},
		"attach to itself":               {has(some, "ann"), has(some, "ann attachself"), false, "", []string{"escalation: ann"}},
		"attach to another":              {has(some, "ann"), has(some, "ann attachother"), false, "", nil},
		"attach to its group":            {inGroup(has(some, "ann")), inGroup(has(some, "ann attachone")), false, "", []string{"escalation: ann"}},
		"attach to a group it is not in": {has(some, "ann"), has(some, "ann attachone"), false, "", nil},
		"own keys":                       {has(some, "ann"), has(some, "ann ownkeys"), false, "", nil},
		"keys of another":                {has(some, "ann"), has(some, "ann zoekeys"), false, "", []string{"escalation: ann"}},
		"update its policy":              {has(some, "ann"), has(some, "ann updateit"), false, "", []string{"escalation: ann"}},
		"update another":                 {has(some, "ann"), has(some, "ann updateother"), false, "", nil},
		"add members":                    {has(some, "ann"), has(some, "ann addone"), false, "", []string{"escalation: ann"}},
		"every object":                   {has(some, "ann"), has(some, "ann all"), false, "", []string{"wildcard-resource: ann"}},
		"lists":                          {has(some, "ann"), has(some, "ann lists"), false, "", nil},
		"pattern as id":                  {has(some, "w*"), has(some, "w* ownkeys"), false, "", []string{`escalation: "w*"`, `wildcard-user: "w*"`}},
		"deny gone":                      {has(some, "ann read noread"), has(some, "ann read"), false, "", []string{"deny-removed: ann"}},
		"deny of nothing":                {has(some, "ann noread"), has(some, "ann"), false, "", nil},
		"last one":                       {has(some, "ann admin", "bob"), has(some, "ann", "bob"), false, "", []string{"last-administrator: ann ?"}},
		"last one for sure":              {has(some, "ann admin", "bob"), has(some, "ann", "bob"), true, "", []string{"last-administrator: ann"}},
		"last but one":                   {has(some, "ann admin", "bob admin"), has(some, "ann", "bob admin"), true, "", nil},
		"handed over":                    {has(some, "ann admin", "bob"), has(some, "ann", "bob admin"), true, "", []string{"gains-administration: bob", "escalation: bob", "escalation: bob", "escalation: bob", "escalation: bob", "wildcard-resource: bob"}},
		"locked out":                     {has(some, "ann admin", "bob admin"), has(some, "ann", "bob admin"), true, "ann", []string{"caller-locked-out: ann"}},
		"caller deleted":                 {has(some, "ann read", "bob admin"), has(some, "bob admin"), true, "ann", []string{"caller-locked-out: ann"}},
		"another loses":                  {has(some, "ann admin", "bob admin"), has(some, "ann", "bob admin"), true, "bob", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := Compare(Change{Before: test.before, After: test.after, Complete: test.complete, Caller: test.caller})
			got := slices.DeleteFunc(found(report), func(text string) bool { return strings.HasPrefix(text, "dangling-policy") })
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\n%+v", diff, report.Risks)
			}
		})
	}
}

func TestRevivedAccess(t *testing.T) {
	t.Parallel()
	old := Key{User: "ann", ID: "AKIA1"}
	made := User{Key: "ann", Origin: Origin{Action: ActionCreated}}
	revoking, replaced, kept := made, made, User{Key: "ann", KeepsKeys: true}
	revoking.RevokesLeftovers = true
	replaced.Action = ActionReplaced
	for name, test := range map[string]struct {
		before, after World
		want          []string
	}{
		"keys are left":     {World{Keys: []Key{old}}, World{Users: []User{made}, Keys: []Key{old}}, []string{"revived-access: ann"}},
		"keys are revoked":  {World{Keys: []Key{old}}, World{Users: []User{revoking}}, nil},
		"no keys":           {World{}, World{Users: []User{made}}, nil},
		"replaced":          {World{Users: []User{{Key: "ann"}}, Keys: []Key{old}}, World{Users: []User{replaced}}, nil},
		"replaced and kept": {World{Users: []User{kept}, Keys: []Key{old}}, World{Users: []User{replaced}, Keys: []Key{old}}, []string{"revived-access: ann"}},
		"perhaps keys":      {World{Users: []User{kept}}, World{Users: []User{replaced}}, []string{"revived-access: ann ?"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(Compare(Change{Before: test.before, After: test.after}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDanglingPolicy(t *testing.T) {
	t.Parallel()
	policy := allow("read", "fs:ReadObject", "*")
	made := policy
	made.Action = ActionCreated
	toGroup := []Attachment{{Policy: "read", Group: "one"}}
	for name, test := range map[string]struct {
		before, after World
		complete      bool
		want          []string
	}{
		"new":                        {World{}, World{Policies: []Policy{made}}, false, []string{"dangling-policy: policy read"}},
		"new and attached":           {World{}, World{Policies: []Policy{made}, Attachments: toGroup}, false, nil},
		"to a group without members": {World{}, World{Policies: []Policy{made}, Attachments: toGroup}, true, []string{"dangling-policy: policy read"}},
		"has always been":            {World{Policies: []Policy{policy}}, World{Policies: []Policy{policy}}, true, nil},
		"the last attachment goes":   {World{Policies: []Policy{policy}, Attachments: toGroup}, World{Policies: []Policy{policy}}, true, []string{"dangling-policy: policy read"}},
		"the last known one does":    {World{Policies: []Policy{policy}, Attachments: toGroup}, World{Policies: []Policy{policy}}, false, []string{"dangling-policy: policy read ?"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(Compare(Change{Before: test.before, After: test.after, Complete: test.complete}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// cdfGroups reads groups of CDF from lines "name source acl:ACTION:scope".
func cdfGroups(t *testing.T, lines ...string) (w World) {
	t.Helper()
	for _, line := range lines {
		words := strings.Fields(line)
		g := CDFGroup{Name: words[0], SourceID: strings.Trim(words[1], "-")}
		for _, word := range words[2:] {
			parts := strings.Split(word, ":")
			list, err := cdfcapability.ParseList([]byte(`[{"` + parts[0] + `":{"actions":["` + parts[1] + `"],"scope":{"` + parts[2] + `":{}}}}]`))
			if err != nil {
				t.Fatal(err)
			}
			g.Capabilities = append(g.Capabilities, list...)
		}
		w.CDFGroups = append(w.CDFGroups, g)
	}
	return w
}

func TestRisksOfCDF(t *testing.T) {
	t.Parallel()
	admin, other := "admins src groupsAcl:CREATE:all groupsAcl:LIST:all", "others src2 groupsAcl:CREATE:all"
	caller := []Subject{{KindSourceID, "src"}}
	for name, test := range map[string]struct {
		before, after []string
		complete      bool
		want          []string
	}{
		"administration": {nil, []string{admin}, false, []string{"gains-administration: source id src", "escalation: source id src", "wildcard-resource: source id src"}},
		"one more way":   {[]string{admin}, []string{admin, "more src groupsAcl:UPDATE:all"}, false, []string{"escalation: source id src", "wildcard-resource: source id src"}},
		"only lists":     {nil, []string{"readers src groupsAcl:LIST:all sessionsAcl:LIST:all"}, false, []string{"wildcard-resource: source id src"}},
		"last one":       {[]string{admin}, nil, true, []string{"last-administrator: source id src", "caller-locked-out: the caller"}},
		"perhaps":        {[]string{admin}, nil, false, []string{"last-administrator: source id src ?", "caller-locked-out: the caller"}},
		"last but one":   {[]string{admin, other}, []string{admin}, true, nil},
		"moved":          {[]string{admin}, []string{"new" + strings.TrimPrefix(admin, "admins")}, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := Compare(Change{Before: cdfGroups(t, test.before...), After: cdfGroups(t, test.after...), Complete: test.complete, CDFCaller: caller})
			if diff := cmp.Diff(test.want, found(report)); diff != "" {
				t.Errorf("%s\n%+v", diff, report.Risks)
			}
		})
	}
}

// Every rule has a name of its own and says what it finds.
func TestRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, rule := range Rules() {
		if seen[rule.Name] || !strings.HasSuffix(rule.Summary, ".") {
			t.Errorf("%q: %q", rule.Name, rule.Summary)
		}
		seen[rule.Name] = true
	}
}

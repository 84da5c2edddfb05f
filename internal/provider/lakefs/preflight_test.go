// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	readMain    = `{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"arn:lakefs:fs:::repository/main/*"}]}`
	writeMain   = `{"statement":[{"effect":"allow","action":["fs:Write*"],"resource":"arn:lakefs:fs:::repository/main/*"}]}`
	conditional = `{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"*","condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}}}]}`
)

// plannedCall is a change of a resource and the permissions that preflight has to ask for.
type plannedCall struct {
	name, resource string
	prior, after   acctest.Arguments
	needs          []string
}

func plannedCalls() []plannedCall {
	auth := func(action, object string) string { return "auth:" + action + " on arn:lakefs:auth:::" + object }
	onUser := acctest.Arguments{"policy_id": "FSReadAll", "user_id": "u"}
	onGroup := acctest.Arguments{"policy_id": "FSReadAll", "group_id": "g"}
	member := acctest.Arguments{"group_id": "g", "user_id": "u"}
	user := func(keys bool) acctest.Arguments {
		return acctest.Arguments{"id": "new", "revoke_credentials_on_destroy": keys, "revoke_leftover_credentials": keys, "invite_user": false}
	}
	policy := func(document string) acctest.Arguments { return acctest.Arguments{"id": "new", "document": document} }
	createUser, deleteUser := auth("CreateUser", "user/new"), auth("DeleteUser", "user/new")
	listKeys, deleteKeys := auth("ListCredentials", "user/new"), auth("DeleteCredentials", "user/new")
	return []plannedCall{
		{"create user", "iam_lakefs_user", nil, user(false), []string{createUser}},
		{"create user, revoke leftovers", "iam_lakefs_user", nil, user(true), []string{createUser, listKeys, deleteKeys}},
		{"delete user", "iam_lakefs_user", user(false), nil, []string{deleteUser}},
		{"delete user and its keys", "iam_lakefs_user", user(true), nil, []string{deleteUser, listKeys, deleteKeys}},
		{"replace user", "iam_lakefs_user", user(false), acctest.Arguments{"id": "u2", "revoke_credentials_on_destroy": false, "revoke_leftover_credentials": false, "invite_user": false}, []string{deleteUser, auth("CreateUser", "user/u2")}},
		{"create group", "iam_lakefs_group", nil, acctest.Arguments{"name": "new"}, []string{auth("CreateGroup", "group/new")}},
		{"delete group", "iam_lakefs_group", acctest.Arguments{"name": "new"}, nil, []string{auth("DeleteGroup", "group/new")}},
		{"create policy", "iam_lakefs_policy", nil, policy(readMain), []string{auth("CreatePolicy", "policy/new")}},
		{"create policy with condition", "iam_lakefs_policy", nil, policy(conditional), []string{auth("CreatePolicy", "policy/new"), auth("ReadPolicy", "policy/new")}},
		{"update policy", "iam_lakefs_policy", policy(readMain), policy(writeMain), []string{auth("UpdatePolicy", "policy/new")}},
		{"update policy with condition", "iam_lakefs_policy", policy(readMain), policy(conditional), []string{auth("UpdatePolicy", "policy/new"), auth("ReadPolicy", "policy/new")}},
		{"delete policy", "iam_lakefs_policy", policy(readMain), nil, []string{auth("DeletePolicy", "policy/new")}},
		{"add member", "iam_lakefs_group_membership", nil, member, []string{auth("AddGroupMember", "group/g")}},
		{"remove member", "iam_lakefs_group_membership", member, nil, []string{auth("RemoveGroupMember", "group/g")}},
		{"attach to user", "iam_lakefs_policy_attachment", nil, onUser, []string{auth("AttachPolicy", "user/u")}},
		{"attach to group", "iam_lakefs_policy_attachment", nil, onGroup, []string{auth("AttachPolicy", "group/g")}},
		{"detach from user", "iam_lakefs_policy_attachment", onUser, nil, []string{auth("DetachPolicy", "user/u")}},
		{"detach from group", "iam_lakefs_policy_attachment", onGroup, nil, []string{auth("DetachPolicy", "group/g")}},
		{"create key", "iam_lakefs_credentials", nil, acctest.Arguments{"user_id": "u"}, []string{auth("CreateCredentials", "user/u")}},
		{"delete key", "iam_lakefs_credentials", acctest.Arguments{"user_id": "u"}, nil, []string{auth("DeleteCredentials", "user/u")}},
	}
}

var missingPermission = regexp.MustCompile(`(?s)^.*: to (\w+) it, the caller needs (\S+ on \S+), which it does not have`)

// claims are the permissions that warnings say are missing, sorted. Others than those of
// preflight are left out.
func claims(t *testing.T, said []*tfprotov6.Diagnostic) []string {
	t.Helper()
	var claimed []string
	for _, diagnostic := range said {
		action, isClaim := strings.CutPrefix(diagnostic.Summary, "Missing permission ")
		if !isClaim {
			continue
		}
		match := missingPermission.FindStringSubmatch(diagnostic.Detail)
		if match == nil || !strings.HasPrefix(match[2], action+" on ") {
			t.Errorf("the detail does not fit its summary: %s: %s", diagnostic.Summary, diagnostic.Detail)
			continue
		}
		claimed = append(claimed, match[2])
	}
	slices.Sort(claimed)
	return claimed
}

// statementFor grants a permission as messages write it.
func statementFor(permission string) lakefsapi.Statement {
	action, resource, _ := strings.Cut(permission, " on ")
	return lakefsapi.Statement{Effect: "allow", Action: []string{action}, Resource: resource}
}

// With exactly the permissions that preflight asks for a change succeeds, and with any
// one of them removed preflight names that one and the change is refused.
func TestPreflight(t *testing.T) {
	t.Parallel()
	for _, call := range plannedCalls() {
		t.Run(call.name, func(t *testing.T) {
			t.Parallel()
			needs := slices.Sorted(slices.Values(call.needs))
			if got := call.plan(t, nil); !slices.Equal(got, needs) {
				t.Errorf("without any right, preflight names\n%v\nwant\n%v", got, needs)
			}
			if said, ok := call.apply(t, needs); !ok {
				t.Errorf("with all rights, the change was refused: %v", said)
			}
			if got := call.plan(t, needs); len(got) > 0 {
				t.Errorf("with all rights, preflight names %v", got)
			}
			for i, need := range needs {
				others := slices.Delete(slices.Clone(needs), i, i+1)
				if got := call.plan(t, others); !slices.Equal(got, []string{need}) {
					t.Errorf("without %s, preflight names %v", need, got)
				}
				if _, ok := call.apply(t, others); ok && !call.optional(need) {
					t.Errorf("without %s, the change succeeded all the same", need)
				}
			}
		})
	}
}

// What a condition decides is not lacking for certain.
func TestPreflightUnderACondition(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	limited := statementFor("auth:CreateUser on arn:lakefs:auth:::user/new")
	limited.Condition = map[string]map[string][]string{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}}
	denied := statementFor("auth:CreateGroup on arn:lakefs:auth:::group/new")
	allowed := denied
	denied.Effect, denied.Condition = "deny", limited.Condition
	own := statementFor("auth:ReadUser on arn:lakefs:auth:::user/" + server.Name("caller"))
	direct := acctest.NewDirect(t, server.ProvidersAs(server.Caller(t, "caller", limited, allowed, denied, own)))
	direct.Plan("iam_lakefs_user", acctest.Object{}, acctest.Arguments{"id": "new"})
	direct.Plan("iam_lakefs_group", acctest.Object{}, acctest.Arguments{"name": "new"})
	if got := claims(t, direct.Said()); len(got) > 0 {
		t.Errorf("preflight names %v", got)
	}
	direct.Plan("iam_lakefs_user", acctest.Object{}, acctest.Arguments{"id": "another"})
	if got := claims(t, direct.Said()); len(got) != 1 {
		t.Errorf("of another user, preflight names %v", got)
	}
}

// optional tells of a right without which the change succeeds, with a warning that what
// was asked for could not be done.
func (c plannedCall) optional(need string) bool {
	return strings.HasPrefix(need, "auth:ListCredentials") && c.prior == nil
}

// as prepares a server and the prior object and starts the provider as a caller with the
// given rights, and that of reading its own policies.
func (c plannedCall) as(t *testing.T, rights []string) (*acctest.Direct, acctest.Object) {
	t.Helper()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	makeUser(t, server, "u")
	if c.resource == "iam_lakefs_user" && c.prior == nil {
		makeUser(t, server, "new") // and leave a key of it behind
		makeKey(t, server, "new")
		must(t, server.Client.DeleteUser(t.Context(), "new"))
	}
	_, err := server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "g"})
	must(t, err)
	var prior acctest.Object
	if c.prior != nil {
		var ok bool
		admin := acctest.NewDirect(t, server.Providers())
		if prior, ok = admin.Apply(c.resource, acctest.Object{}, c.prior); !ok {
			t.Fatalf("the prior object could not be made: %v", admin.Said())
		}
		if c.resource == "iam_lakefs_user" {
			makeKey(t, server, "new")
		}
	}
	statements := []lakefsapi.Statement{statementFor("auth:ReadUser on arn:lakefs:auth:::user/" + server.Name("caller"))}
	for _, right := range rights {
		statements = append(statements, statementFor(right))
	}
	return acctest.NewDirect(t, server.ProvidersAs(server.Caller(t, "caller", statements...))), prior
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

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const (
	readMain    = `{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"arn:lakefs:fs:::repository/main/*"}]}`
	writeMain   = `{"statement":[{"effect":"allow","action":["fs:Write*"],"resource":"arn:lakefs:fs:::repository/main/*"}]}`
	conditional = `{"statement":[{"effect":"allow","action":["fs:Read*"],"resource":"*","condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}}}]}`
)

func plannedCalls() []acctest.PlannedCall {
	auth := func(action, object string) string { return "auth:" + action + " on arn:lakefs:auth:::" + object }
	onUser := acctest.Arguments{"policy_id": "FSReadAll", "user_id": "u"}
	onGroup := acctest.Arguments{"policy_id": "FSReadAll", "group_id": "g"}
	member := acctest.Arguments{"group_id": "g", "user_id": "u"}
	user := func(keys bool) acctest.Arguments {
		return acctest.Arguments{"id": "new", "revoke_credentials_on_destroy": keys, "revoke_leftover_credentials": keys, "invite_user": false}
	}
	policy := func(document string) acctest.Arguments { return acctest.Arguments{"id": "new", "document": document} }
	members := func(ids ...string) acctest.Arguments {
		return acctest.Arguments{"group_id": "g", "user_ids": append([]string{}, ids...)}
	}
	policies := func(principal string, ids ...string) acctest.Arguments {
		return acctest.Arguments{principal + "_id": principal[:1], "policy_ids": append([]string{}, ids...)}
	}
	readGroup := auth("ReadGroup", "group/g")
	acl := func(permission string) acctest.Arguments {
		return acctest.Arguments{"group_id": "g", "permission": permission}
	}
	setACL := []string{readGroup, auth("ReadPolicy", "policy/ACL(_-_)g"), auth("AttachPolicy", "policy/ACL(_-_)g"), auth("UpdatePolicy", "policy/ACL(_-_)g")}
	external := acctest.Arguments{"user_id": "u", "principal_id": "arn:x/y"}
	createUser, deleteUser := auth("CreateUser", "user/new"), auth("DeleteUser", "user/new")
	listKeys, deleteKeys := auth("ListCredentials", "user/new"), auth("DeleteCredentials", "user/new")
	return []acctest.PlannedCall{
		acctest.Planned("create user", "iam_lakefs_user", nil, user(false), createUser),
		acctest.Planned("create user, revoke leftovers", "iam_lakefs_user", nil, user(true), createUser, listKeys, deleteKeys),
		acctest.Planned("delete user", "iam_lakefs_user", user(false), nil, deleteUser),
		acctest.Planned("delete user and its keys", "iam_lakefs_user", user(true), nil, deleteUser, listKeys, deleteKeys),
		acctest.Planned("replace user", "iam_lakefs_user", user(false), acctest.Arguments{"id": "u2", "revoke_credentials_on_destroy": false, "revoke_leftover_credentials": false, "invite_user": false}, deleteUser, auth("CreateUser", "user/u2")),
		acctest.Planned("create group", "iam_lakefs_group", nil, acctest.Arguments{"name": "new"}, auth("CreateGroup", "group/new")),
		acctest.Planned("delete group", "iam_lakefs_group", acctest.Arguments{"name": "new"}, nil, auth("DeleteGroup", "group/new")),
		acctest.Planned("create policy", "iam_lakefs_policy", nil, policy(readMain), auth("CreatePolicy", "policy/new")),
		acctest.Planned("create policy with condition", "iam_lakefs_policy", nil, policy(conditional), auth("CreatePolicy", "policy/new"), auth("ReadPolicy", "policy/new")),
		acctest.Planned("update policy", "iam_lakefs_policy", policy(readMain), policy(writeMain), auth("UpdatePolicy", "policy/new")),
		acctest.Planned("update policy with condition", "iam_lakefs_policy", policy(readMain), policy(conditional), auth("UpdatePolicy", "policy/new"), auth("ReadPolicy", "policy/new")),
		acctest.Planned("delete policy", "iam_lakefs_policy", policy(readMain), nil, auth("DeletePolicy", "policy/new")),
		acctest.Planned("add member", "iam_lakefs_group_membership", nil, member, auth("AddGroupMember", "group/g")),
		acctest.Planned("remove member", "iam_lakefs_group_membership", member, nil, auth("RemoveGroupMember", "group/g")),
		acctest.Planned("attach to user", "iam_lakefs_policy_attachment", nil, onUser, auth("AttachPolicy", "user/u")),
		acctest.Planned("attach to group", "iam_lakefs_policy_attachment", nil, onGroup, auth("AttachPolicy", "group/g")),
		acctest.Planned("detach from user", "iam_lakefs_policy_attachment", onUser, nil, auth("DetachPolicy", "user/u")),
		acctest.Planned("detach from group", "iam_lakefs_policy_attachment", onGroup, nil, auth("DetachPolicy", "group/g")),
		acctest.Planned("add all members", "iam_lakefs_group_memberships_exclusive", nil, members("u"), readGroup, auth("AddGroupMember", "group/g")),
		acctest.Planned("manage no members", "iam_lakefs_group_memberships_exclusive", nil, members(), readGroup),
		acctest.Planned("add one member more", "iam_lakefs_group_memberships_exclusive", members(), members("u"), auth("AddGroupMember", "group/g")),
		acctest.Planned("remove all members", "iam_lakefs_group_memberships_exclusive", members("u"), members(), auth("RemoveGroupMember", "group/g")),
		acctest.Planned("change members", "iam_lakefs_group_memberships_exclusive", members("admin"), members("u"), auth("AddGroupMember", "group/g"), auth("RemoveGroupMember", "group/g")),
		acctest.Planned("attach all to user", "iam_lakefs_policy_attachments_exclusive", nil, policies("user", "FSReadAll"), auth("ReadUser", "user/u"), auth("AttachPolicy", "user/u")),
		acctest.Planned("attach all to group", "iam_lakefs_policy_attachments_exclusive", nil, policies("group", "FSReadAll"), readGroup, auth("AttachPolicy", "group/g")),
		acctest.Planned("detach all from user", "iam_lakefs_policy_attachments_exclusive", policies("user", "FSReadAll"), policies("user"), auth("DetachPolicy", "user/u")),
		acctest.Planned("change policies of group", "iam_lakefs_policy_attachments_exclusive", policies("group", "FSReadAll"), policies("group", "FSFullAccess"), auth("AttachPolicy", "group/g"), auth("DetachPolicy", "group/g")),
		acctest.Planned("set list of group", "iam_lakefs_group_acl", nil, acl("Read"), setACL...),
		acctest.Planned("change list of group", "iam_lakefs_group_acl", acl("Read"), acl("Write"), setACL...),
		acctest.Planned("create external principal", "iam_lakefs_external_principal", nil, external, auth("CreateUserExternalPrincipal", "user/u")),
		acctest.Planned("delete external principal", "iam_lakefs_external_principal", external, nil, auth("DeleteUserExternalPrincipal", "user/u")),
		acctest.Planned("create key", "iam_lakefs_credentials", nil, acctest.Arguments{"user_id": "u"}, auth("CreateCredentials", "user/u")),
		acctest.Planned("delete key", "iam_lakefs_credentials", acctest.Arguments{"user_id": "u"}, nil, auth("DeleteCredentials", "user/u")),
	}
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
		t.Run(call.Name, func(t *testing.T) {
			t.Parallel()
			as := func(t *testing.T, rights []string) (*acctest.Direct, acctest.Object) {
				t.Helper()
				return callerOf(t, call, rights)
			}
			// Looking for leftover keys is given up with a warning.
			optional := func(need string) bool {
				return strings.HasPrefix(need, "auth:ListCredentials") && call.Prior == nil
			}
			call.Prove(t, "statement {", as, optional)
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
	if got := acctest.Claims(t, direct.Said(), "statement {"); len(got) > 0 {
		t.Errorf("preflight names %v", got)
	}
	direct.Plan("iam_lakefs_user", acctest.Object{}, acctest.Arguments{"id": "another"})
	if got := acctest.Claims(t, direct.Said(), "statement {"); len(got) != 1 {
		t.Errorf("of another user, preflight names %v", got)
	}
}

// A user that has no keys can be deleted without the right to delete keys.
func TestPreflightOfAUserWithoutKeys(t *testing.T) {
	t.Parallel()
	server := acctest.StartLocalLakeFS(t, localserver.Options{})
	user := acctest.Arguments{"id": "new", "revoke_credentials_on_destroy": true, "revoke_leftover_credentials": true, "invite_user": false}
	key, secret := server.Caller(t, "caller",
		statementFor("auth:ReadUser on arn:lakefs:auth:::user/*"), statementFor("auth:CreateUser on arn:lakefs:auth:::user/*"),
		statementFor("auth:DeleteUser on arn:lakefs:auth:::user/*"), statementFor("auth:ListCredentials on arn:lakefs:auth:::user/*"))
	var object acctest.Object
	for _, arguments := range []acctest.Arguments{user, nil} {
		direct := acctest.NewDirect(t, server.ProvidersAs(key, secret)) // which is silent after a write
		var ok bool
		object, ok = direct.Apply("iam_lakefs_user", object, arguments)
		if got := acctest.Claims(t, direct.Said(), "statement {"); len(got) > 0 || !ok {
			t.Errorf("with %v: applied %t, preflight names %v", arguments, ok, got)
		}
	}
}

// callerOf prepares a server and the prior object of a call and starts the provider as a
// caller with the given rights, and that of reading its own policies.
func callerOf(t *testing.T, call acctest.PlannedCall, rights []string) (*acctest.Direct, acctest.Object) {
	t.Helper()
	server := acctest.StartLocalLakeFS(t, localserver.Options{RBAC: "external", ExternalPrincipals: true})
	makeUser(t, server, "u")
	if call.Resource == "iam_lakefs_user" && call.Prior == nil {
		makeUser(t, server, "new") // and leave a key of it behind
		makeKey(t, server, "new")
		must(t, server.Client.DeleteUser(t.Context(), "new"))
	}
	_, err := server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "g"})
	must(t, err)
	prior := call.MakePrior(t, acctest.NewDirect(t, server.Providers()))
	if call.Resource == "iam_lakefs_user" && call.Prior != nil {
		makeKey(t, server, "new")
	}
	statements := []lakefsapi.Statement{statementFor("auth:ReadUser on arn:lakefs:auth:::user/" + server.Name("caller"))}
	for _, right := range rights {
		statements = append(statements, statementFor(right))
	}
	return acctest.NewDirect(t, server.ProvidersAs(server.Caller(t, "caller", statements...))), prior
}

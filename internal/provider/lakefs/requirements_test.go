// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// operations calls each operation that needs permissions, on the user "u", the group "g",
// the policy "p" and the key that is given.
func operations(ctx context.Context, c *lakefsapi.Client, key string) map[string]func() error {
	var every lakefsapi.ListOptions
	return map[string]func() error{
		"listUsers":             func() error { return acctest.Drain(c.ListUsers(ctx, every)) },
		"createUser":            func() error { return acctest.ErrorOf(c.CreateUser(ctx, lakefsapi.UserCreation{ID: "new"})) },
		"getUser":               func() error { return acctest.ErrorOf(c.GetUser(ctx, "u")) },
		"deleteUser":            func() error { return c.DeleteUser(ctx, "u") },
		"listUserGroups":        func() error { return acctest.Drain(c.ListUserGroups(ctx, "u", every)) },
		"listUserPolicies":      func() error { return acctest.Drain(c.ListUserPolicies(ctx, "u", true, every)) },
		"listGroups":            func() error { return acctest.Drain(c.ListGroups(ctx, every)) },
		"createGroup":           func() error { return acctest.ErrorOf(c.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "new"})) },
		"getGroup":              func() error { return acctest.ErrorOf(c.GetGroup(ctx, "g")) },
		"deleteGroup":           func() error { return c.DeleteGroup(ctx, "g") },
		"listGroupMembers":      func() error { return acctest.Drain(c.ListGroupMembers(ctx, "g", every)) },
		"listGroupPolicies":     func() error { return acctest.Drain(c.ListGroupPolicies(ctx, "g", every)) },
		"addGroupMembership":    func() error { return c.AddGroupMembership(ctx, "g", "u") },
		"deleteGroupMembership": func() error { return c.DeleteGroupMembership(ctx, "g", "member") },
		"listPolicies":          func() error { return acctest.Drain(c.ListPolicies(ctx, every)) },
		"createPolicy": func() error {
			return acctest.ErrorOf(c.CreatePolicy(ctx, lakefsapi.Policy{ID: "new", Statement: analyst[:1]}))
		},
		"getPolicy": func() error { return acctest.ErrorOf(c.GetPolicy(ctx, "p")) },
		"updatePolicy": func() error {
			return acctest.ErrorOf(c.UpdatePolicy(ctx, "p", lakefsapi.Policy{ID: "p", Statement: analyst[:1]}))
		},
		"deletePolicy":          func() error { return c.DeletePolicy(ctx, "p") },
		"attachPolicyToUser":    func() error { return c.AttachPolicyToUser(ctx, "u", "p") },
		"detachPolicyFromUser":  func() error { return c.DetachPolicyFromUser(ctx, "member", "p") },
		"attachPolicyToGroup":   func() error { return c.AttachPolicyToGroup(ctx, "other", "p") },
		"detachPolicyFromGroup": func() error { return c.DetachPolicyFromGroup(ctx, "g", "p") },
		"listUserCredentials":   func() error { return acctest.Drain(c.ListUserCredentials(ctx, "u", every)) },
		"createCredentials":     func() error { return acctest.ErrorOf(c.CreateCredentials(ctx, "u")) },
		"getCredentials":        func() error { return acctest.ErrorOf(c.GetCredentials(ctx, "u", key)) },
		"deleteCredentials":     func() error { return c.DeleteCredentials(ctx, "u", key) },
		"getGroupACL":           func() error { return acctest.ErrorOf(c.GetGroupACL(ctx, "other")) },
		"setGroupACL":           func() error { return c.SetGroupACL(ctx, "other", lakefsapi.ACL{Permission: "Read"}) },
		"createUserExternalPrincipal": func() error {
			return c.CreateUserExternalPrincipal(ctx, "u", "arn:new", lakefsapi.ExternalPrincipalCreation{})
		},
		"deleteUserExternalPrincipal": func() error { return c.DeleteUserExternalPrincipal(ctx, "member", "arn:x/y") },
		"getExternalPrincipal":        func() error { return acctest.ErrorOf(c.GetExternalPrincipal(ctx, "arn:x/y")) },
		"listUserExternalPrincipals":  func() error { return acctest.Drain(c.ListUserExternalPrincipals(ctx, "u", every)) },
	}
}

// objectOf names the objects of the calls.
func objectOf(operation string) lakefspolicy.Object {
	object := lakefspolicy.Object{"userId": "u", "groupId": "g", "policyId": "p", "principalId": "arn:x/y"}
	switch operation {
	case "createUser", "createGroup", "createPolicy":
		return lakefspolicy.Object{"userId": "new", "groupId": "new", "policyId": "new"}
	case "detachPolicyFromUser", "deleteUserExternalPrincipal":
		object["userId"] = "member"
	case "attachPolicyToGroup", "getGroupACL", "setGroupACL":
		object["groupId"] = "other"
	}
	return object
}

// With exactly the permissions that the table names an operation succeeds, and without
// any one of them it is refused.
func TestRequiredPermissionsOfOperations(t *testing.T) {
	t.Parallel()
	for operation := range operations(t.Context(), nil, "") {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			required, known := lakefspolicy.Required(operation, objectOf(operation))
			if !known {
				t.Fatal("nobody knows what it requires")
			}
			acctest.ProveRequired(t, required, func(t *testing.T, rights []lakefspolicy.Permission) error {
				t.Helper()
				return callAs(t, operation, rights)
			}, lakefsapi.IsNotPermitted)
		})
	}
}

// callAs calls an operation on a new server as a caller with some permissions only.
func callAs(t *testing.T, operation string, permissions lakefspolicy.Requirement) error {
	t.Helper()
	server := acctest.StartLocalLakeFS(t, localserver.Options{ExternalPrincipals: true})
	makeUser(t, server, "u")
	makeUser(t, server, "member")
	for _, id := range []string{"g", "other"} {
		must(t, acctest.ErrorOf(server.Client.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: id})))
	}
	must(t, acctest.ErrorOf(server.Client.CreatePolicy(t.Context(), lakefsapi.Policy{ID: "p", Statement: analyst[:1]})))
	must(t, server.Client.AddGroupMembership(t.Context(), "g", "member"))
	must(t, server.Client.AttachPolicyToGroup(t.Context(), "g", "p"))
	must(t, server.Client.AttachPolicyToUser(t.Context(), "member", "p"))
	must(t, server.Client.CreateUserExternalPrincipal(t.Context(), "member", "arn:x/y", lakefsapi.ExternalPrincipalCreation{}))
	key := makeKey(t, server, "u")
	statements := []lakefsapi.Statement{{Effect: "allow", Action: []string{"fs:ReadConfig"}, Resource: "*"}}
	for _, permission := range permissions {
		statements = append(statements, lakefsapi.Statement{Effect: "allow", Action: []string{permission.Action}, Resource: permission.Resource})
	}
	id, secret := server.Caller(t, "caller", statements...)
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: server.Endpoint(), AccessKeyID: id, SecretAccessKey: secret})
	must(t, err)
	return operations(t.Context(), client, key.AccessKeyID)[operation]()
}

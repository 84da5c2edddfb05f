// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"net/http"
	"strings"
)

// operation is one row of the table of operations: how to reach it, what it
// takes, what the caller must be permitted, and what it does.
type operation struct {
	// id is the operationId of the OpenAPI document of lakeFS.
	id     string
	method string
	// path is the template below /api/v1; segments are its parts.
	path     string
	segments []string
	// only names the one version that has the operation; empty means all.
	only string
	// open operations do not look at the credentials of the caller at all.
	open  bool
	query []parameter
	body  *bodySpec
	// early checks come before authorization, vet comes after it.
	early func(*Server, *call) *reply
	needs func(*call) need
	vet   func(*Server, *call) *reply
	run   func(*Server, *call) reply
	// basic replaces run on a server without RBAC. Without it such a server
	// answers that the operation is not implemented.
	basic func(*Server, *call) reply
}

// The bodies that operations take.
var (
	userBody  = &bodySpec{schema: "UserCreation", into: func(in *input) any { return &in.user }}
	groupBody = &bodySpec{
		schema: "GroupCreation", into: func(in *input) any { return &in.group },
		older: func(in *input) any { return &in.group.groupID },
	}
	policyBody   = &bodySpec{schema: "Policy", required: true, into: func(in *input) any { return &in.policy }}
	aclBody      = &bodySpec{schema: "ACL", required: true, into: func(in *input) any { return &in.acl }}
	loginBody    = &bodySpec{schema: "LoginInformation", into: func(in *input) any { return &in.login }}
	setupBody    = &bodySpec{schema: "Setup", required: true, into: func(in *input) any { return &in.setup }}
	externalBody = &bodySpec{schema: "ExternalPrincipalCreation", into: func(in *input) any { return &in.external }}
	forgotBody   = &bodySpec{schema: "ForgotPasswordRequest", required: true, into: func(in *input) any { return &in.forgot }}
	passwordBody = &bodySpec{
		schema: "UpdatePasswordByToken", required: true, into: func(in *input) any { return &in.password },
	}
	externalLoginBody = &bodySpec{schema: "ExternalLoginInformation", into: func(in *input) any { return &in.exLogin }}
	stsBody           = &bodySpec{schema: "StsAuthRequest", required: true, into: func(in *input) any { return &in.sts }}
)

const authARN = "arn:lakefs:auth:::"

// on requires an action on the object that a path parameter names.
func on(action, kind, parameter string) func(*call) need {
	return func(c *call) need {
		return need{action: action, resource: authARN + kind + "/" + c.path[parameter]}
	}
}

// anywhere requires an action on `*`, as all lists do.
func anywhere(action string) func(*call) need {
	return func(*call) need { return need{action: action, resource: "*"} }
}

func needsNewUser(c *call) need {
	id := c.input.user.ID
	if c.email != "" {
		// The right to invite is asked for the address in lower case, although the
		// user is made with the case as it came.
		id = strings.ToLower(c.email)
	}
	return need{action: "auth:CreateUser", resource: authARN + "user/" + id}
}

func needsNewGroup(c *call) need {
	return need{action: "auth:CreateGroup", resource: authARN + "group/" + c.input.group.ID}
}

func needsNewPolicy(c *call) need {
	return need{action: "auth:CreatePolicy", resource: authARN + "policy/" + c.input.policy.ID}
}

func needsExternal(c *call) need {
	return need{action: "auth:ReadExternalPrincipal", resource: authARN + "externalPrincipal/" + c.query.Get("principalId")}
}

func needsReadACL(c *call) need {
	return need{all: []need{
		on("auth:ReadGroup", kindGroup, "groupId")(c),
		{action: "auth:ReadPolicy", resource: authARN + "policy/" + aclPolicyID(c.path["groupId"])},
	}}
}

func needsWriteACL(c *call) need {
	acl := authARN + "policy/" + aclPolicyID(c.path["groupId"])
	return need{all: []need{
		on("auth:ReadGroup", kindGroup, "groupId")(c),
		{action: "auth:AttachPolicy", resource: acl},
		{action: "auth:UpdatePolicy", resource: acl},
	}}
}

// withPaging adds parameters to those of every list.
func withPaging(more ...parameter) []parameter {
	return append(append([]parameter{}, paging...), more...)
}

// operations is the whole API. Facts it rests on: the OpenAPI documents of the
// two versions and, for needs, the authorization calls of their handlers.
var operations = []operation{
	{
		id: "getSetupState", method: http.MethodGet, path: "/setup_lakefs", open: true,
		run: (*Server).getSetupState, basic: (*Server).getSetupState,
	},
	{
		id: "setup", method: http.MethodPost, path: "/setup_lakefs", open: true, body: setupBody,
		run: (*Server).setup, basic: (*Server).setup,
	},
	{
		id: "getAuthCapabilities", method: http.MethodGet, path: "/auth/capabilities", open: true,
		run: (*Server).getAuthCapabilities, basic: (*Server).getAuthCapabilities,
	},
	{
		id: "login", method: http.MethodPost, path: "/auth/login", open: true, body: loginBody,
		run: (*Server).login, basic: (*Server).login,
	},
	{
		id: "getCurrentUser", method: http.MethodGet, path: "/user",
		run: (*Server).getCurrentUser, basic: (*Server).getCurrentUser,
	},
	{
		id: "forgotPassword", method: http.MethodPost, path: "/auth/password/forgot", only: dialect097, open: true,
		body: forgotBody, run: (*Server).forgotPassword,
	},
	{
		id: "updatePassword", method: http.MethodPost, path: "/auth/password", only: dialect097, open: true,
		body: passwordBody, run: (*Server).updatePassword,
	},
	{
		id: "listUsers", method: http.MethodGet, path: "/auth/users", query: paging,
		needs: anywhere("auth:ListUsers"), run: (*Server).listUsers, basic: (*Server).listUsersBasic,
	},
	{
		id: "createUser", method: http.MethodPost, path: "/auth/users", body: userBody, early: (*Server).checkNewUser,
		needs: needsNewUser, run: (*Server).createUser, basic: (*Server).createUserBasic,
	},
	{
		id: "getUser", method: http.MethodGet, path: "/auth/users/{userId}",
		needs: on("auth:ReadUser", kindUser, "userId"), run: (*Server).getUser, basic: (*Server).getUser,
	},
	{
		id: "deleteUser", method: http.MethodDelete, path: "/auth/users/{userId}",
		needs: on("auth:DeleteUser", kindUser, "userId"), run: (*Server).deleteUser, basic: (*Server).deleteUserBasic,
	},
	{
		id: "listUserGroups", method: http.MethodGet, path: "/auth/users/{userId}/groups", query: paging,
		needs: on("auth:ReadUser", kindUser, "userId"), run: (*Server).listUserGroups,
	},
	{
		id: "listUserPolicies", method: http.MethodGet, path: "/auth/users/{userId}/policies",
		query: withPaging(effective...),
		needs: on("auth:ReadUser", kindUser, "userId"), run: (*Server).listUserPolicies,
	},
	{
		id: "attachPolicyToUser", method: http.MethodPut, path: "/auth/users/{userId}/policies/{policyId}",
		needs: on("auth:AttachPolicy", kindUser, "userId"), run: (*Server).attachPolicyToUser,
	},
	{
		id: "detachPolicyFromUser", method: http.MethodDelete, path: "/auth/users/{userId}/policies/{policyId}",
		needs: on("auth:DetachPolicy", kindUser, "userId"), run: (*Server).detachPolicyFromUser,
	},
	{
		id: "listUserCredentials", method: http.MethodGet, path: "/auth/users/{userId}/credentials", query: paging,
		needs: on("auth:ListCredentials", kindUser, "userId"), run: (*Server).listUserCredentials,
	},
	{
		id: "createCredentials", method: http.MethodPost, path: "/auth/users/{userId}/credentials",
		needs: on("auth:CreateCredentials", kindUser, "userId"),
		run:   (*Server).createCredentials, basic: (*Server).createCredentialsBasic,
	},
	{
		id: "getCredentials", method: http.MethodGet, path: "/auth/users/{userId}/credentials/{accessKeyId}",
		needs: on("auth:ReadCredentials", kindUser, "userId"),
		run:   (*Server).getCredentials, basic: (*Server).getCredentials,
	},
	{
		id: "deleteCredentials", method: http.MethodDelete, path: "/auth/users/{userId}/credentials/{accessKeyId}",
		needs: on("auth:DeleteCredentials", kindUser, "userId"), run: (*Server).deleteCredentials,
	},
	{
		id: "createUserExternalPrincipal", method: http.MethodPost, path: "/auth/users/{userId}/external/principals",
		only: dialect184, query: principalID, body: externalBody,
		early: (*Server).checkExternals,
		needs: on("auth:CreateUserExternalPrincipal", kindUser, "userId"), run: (*Server).createUserExternalPrincipal,
	},
	{
		id: "deleteUserExternalPrincipal", method: http.MethodDelete, path: "/auth/users/{userId}/external/principals",
		only: dialect184, query: principalID,
		early: (*Server).checkExternals,
		needs: on("auth:DeleteUserExternalPrincipal", kindUser, "userId"), run: (*Server).deleteUserExternalPrincipal,
	},
	{
		id: "listUserExternalPrincipals", method: http.MethodGet, path: "/auth/users/{userId}/external/principals/ls",
		only: dialect184, query: paging,
		early: (*Server).checkExternals,
		needs: on("auth:ReadUser", kindUser, "userId"), run: (*Server).listUserExternalPrincipals,
	},
	{
		id: "getExternalPrincipal", method: http.MethodGet, path: "/auth/external/principals",
		only: dialect184, query: principalID,
		early: (*Server).checkExternals,
		needs: needsExternal, run: (*Server).getExternalPrincipal,
	},
	{
		id: "externalPrincipalLogin", method: http.MethodPost, path: "/auth/external/principal/login",
		only: dialect184, open: true, body: externalLoginBody, run: (*Server).notImplemented,
	},
	{
		id: "stsLogin", method: http.MethodPost, path: "/sts/login", only: dialect184, open: true, body: stsBody,
		run: (*Server).notImplemented,
	},
	{
		id: "oauthCallback", method: http.MethodGet, path: "/oidc/callback", only: dialect184, open: true,
		run: (*Server).oauthCallback, basic: (*Server).oauthCallback,
	},
	{
		id: "listGroups", method: http.MethodGet, path: "/auth/groups", query: paging,
		needs: anywhere("auth:ListGroups"), run: (*Server).listGroups,
	},
	{
		id: "createGroup", method: http.MethodPost, path: "/auth/groups", body: groupBody,
		needs: needsNewGroup, vet: (*Server).vetNewGroup, run: (*Server).createGroup,
	},
	{
		id: "getGroup", method: http.MethodGet, path: "/auth/groups/{groupId}",
		needs: on("auth:ReadGroup", kindGroup, "groupId"), run: (*Server).getGroup,
	},
	{
		id: "deleteGroup", method: http.MethodDelete, path: "/auth/groups/{groupId}",
		needs: on("auth:DeleteGroup", kindGroup, "groupId"), run: (*Server).deleteGroup,
	},
	{
		id: "listGroupMembers", method: http.MethodGet, path: "/auth/groups/{groupId}/members", query: paging,
		needs: on("auth:ReadGroup", kindGroup, "groupId"), run: (*Server).listGroupMembers,
	},
	{
		id: "addGroupMembership", method: http.MethodPut, path: "/auth/groups/{groupId}/members/{userId}",
		needs: on("auth:AddGroupMember", kindGroup, "groupId"), run: (*Server).addGroupMembership,
	},
	{
		id: "deleteGroupMembership", method: http.MethodDelete, path: "/auth/groups/{groupId}/members/{userId}",
		needs: on("auth:RemoveGroupMember", kindGroup, "groupId"), run: (*Server).deleteGroupMembership,
	},
	{
		id: "listGroupPolicies", method: http.MethodGet, path: "/auth/groups/{groupId}/policies", query: paging,
		needs: on("auth:ReadGroup", kindGroup, "groupId"), run: (*Server).listGroupPolicies,
	},
	{
		id: "attachPolicyToGroup", method: http.MethodPut, path: "/auth/groups/{groupId}/policies/{policyId}",
		needs: on("auth:AttachPolicy", kindGroup, "groupId"), run: (*Server).attachPolicyToGroup,
	},
	{
		id: "detachPolicyFromGroup", method: http.MethodDelete, path: "/auth/groups/{groupId}/policies/{policyId}",
		needs: on("auth:DetachPolicy", kindGroup, "groupId"), run: (*Server).detachPolicyFromGroup,
	},
	{
		id: "getGroupACL", method: http.MethodGet, path: "/auth/groups/{groupId}/acl", only: dialect184,
		needs: needsReadACL, run: (*Server).getGroupACL,
	},
	{
		id: "setGroupACL", method: http.MethodPost, path: "/auth/groups/{groupId}/acl", only: dialect184, body: aclBody,
		needs: needsWriteACL, vet: (*Server).vetACL, run: (*Server).setGroupACL,
	},
	{
		id: "listPolicies", method: http.MethodGet, path: "/auth/policies", query: paging,
		needs: anywhere("auth:ListPolicies"), run: (*Server).listPolicies,
	},
	{
		id: "createPolicy", method: http.MethodPost, path: "/auth/policies", body: policyBody,
		needs: needsNewPolicy, vet: (*Server).vetNewPolicy, run: (*Server).createPolicy,
	},
	{
		id: "getPolicy", method: http.MethodGet, path: "/auth/policies/{policyId}",
		needs: on("auth:ReadPolicy", "policy", "policyId"), run: (*Server).getPolicy,
	},
	{
		id: "updatePolicy", method: http.MethodPut, path: "/auth/policies/{policyId}", body: policyBody,
		needs: on("auth:UpdatePolicy", "policy", "policyId"), vet: (*Server).vetPolicyUpdate, run: (*Server).updatePolicy,
	},
	{
		id: "deletePolicy", method: http.MethodDelete, path: "/auth/policies/{policyId}",
		needs: on("auth:DeletePolicy", "policy", "policyId"), run: (*Server).deletePolicy,
	},
}

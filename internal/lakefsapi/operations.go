// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import "net/http"

// The operations of the API. Reads, deletes and updatePolicy are idempotent, and so
// is login, of which the server keeps nothing; a PUT of a membership or an attachment
// is not, since it answers 409 when it exists. Anonymous are those that the API
// document marks as open.
var (
	opGetAuthCapabilities = operation{"getAuthCapabilities", http.MethodGet, "/auth/capabilities", true, true}
	opGetCurrentUser      = operation{"getCurrentUser", http.MethodGet, "/user", true, false}
	opLogin               = operation{"login", http.MethodPost, "/auth/login", true, true}
	opStsLogin            = operation{"stsLogin", http.MethodPost, "/sts/login", false, true}
	opGetSetupState       = operation{"getSetupState", http.MethodGet, "/setup_lakefs", true, true}
	opSetup               = operation{"setup", http.MethodPost, "/setup_lakefs", false, true}
	opForgotPassword      = operation{"forgotPassword", http.MethodPost, "/auth/password/forgot", false, true}
	opUpdatePassword      = operation{"updatePassword", http.MethodPost, "/auth/password", false, true}

	opListUsers            = operation{"listUsers", http.MethodGet, "/auth/users", true, false}
	opCreateUser           = operation{"createUser", http.MethodPost, "/auth/users", false, false}
	opGetUser              = operation{"getUser", http.MethodGet, "/auth/users/{userId}", true, false}
	opDeleteUser           = operation{"deleteUser", http.MethodDelete, "/auth/users/{userId}", true, false}
	opListUserGroups       = operation{"listUserGroups", http.MethodGet, "/auth/users/{userId}/groups", true, false}
	opListUserPolicies     = operation{"listUserPolicies", http.MethodGet, "/auth/users/{userId}/policies", true, false}
	opAttachPolicyToUser   = operation{"attachPolicyToUser", http.MethodPut, "/auth/users/{userId}/policies/{policyId}", false, false}
	opDetachPolicyFromUser = operation{"detachPolicyFromUser", http.MethodDelete, "/auth/users/{userId}/policies/{policyId}", true, false}

	opListUserCredentials = operation{"listUserCredentials", http.MethodGet, "/auth/users/{userId}/credentials", true, false}
	opCreateCredentials   = operation{"createCredentials", http.MethodPost, "/auth/users/{userId}/credentials", false, false}
	opGetCredentials      = operation{"getCredentials", http.MethodGet, "/auth/users/{userId}/credentials/{accessKeyId}", true, false}
	opDeleteCredentials   = operation{"deleteCredentials", http.MethodDelete, "/auth/users/{userId}/credentials/{accessKeyId}", true, false}

	opListGroups            = operation{"listGroups", http.MethodGet, "/auth/groups", true, false}
	opCreateGroup           = operation{"createGroup", http.MethodPost, "/auth/groups", false, false}
	opGetGroup              = operation{"getGroup", http.MethodGet, "/auth/groups/{groupId}", true, false}
	opDeleteGroup           = operation{"deleteGroup", http.MethodDelete, "/auth/groups/{groupId}", true, false}
	opListGroupMembers      = operation{"listGroupMembers", http.MethodGet, "/auth/groups/{groupId}/members", true, false}
	opAddGroupMembership    = operation{"addGroupMembership", http.MethodPut, "/auth/groups/{groupId}/members/{userId}", false, false}
	opDeleteGroupMembership = operation{"deleteGroupMembership", http.MethodDelete, "/auth/groups/{groupId}/members/{userId}", true, false}
	opListGroupPolicies     = operation{"listGroupPolicies", http.MethodGet, "/auth/groups/{groupId}/policies", true, false}
	opAttachPolicyToGroup   = operation{"attachPolicyToGroup", http.MethodPut, "/auth/groups/{groupId}/policies/{policyId}", false, false}
	opDetachPolicyFromGroup = operation{"detachPolicyFromGroup", http.MethodDelete, "/auth/groups/{groupId}/policies/{policyId}", true, false}
	opGetGroupACL           = operation{"getGroupACL", http.MethodGet, "/auth/groups/{groupId}/acl", true, false}
	opSetGroupACL           = operation{"setGroupACL", http.MethodPost, "/auth/groups/{groupId}/acl", false, false}

	opListPolicies = operation{"listPolicies", http.MethodGet, "/auth/policies", true, false}
	opCreatePolicy = operation{"createPolicy", http.MethodPost, "/auth/policies", false, false}
	opGetPolicy    = operation{"getPolicy", http.MethodGet, "/auth/policies/{policyId}", true, false}
	opUpdatePolicy = operation{"updatePolicy", http.MethodPut, "/auth/policies/{policyId}", true, false}
	opDeletePolicy = operation{"deletePolicy", http.MethodDelete, "/auth/policies/{policyId}", true, false}

	opGetExternalPrincipal        = operation{"getExternalPrincipal", http.MethodGet, "/auth/external/principals", true, false}
	opCreateUserExternalPrincipal = operation{"createUserExternalPrincipal", http.MethodPost, "/auth/users/{userId}/external/principals", false, false}
	opDeleteUserExternalPrincipal = operation{"deleteUserExternalPrincipal", http.MethodDelete, "/auth/users/{userId}/external/principals", true, false}
	opListUserExternalPrincipals  = operation{"listUserExternalPrincipals", http.MethodGet, "/auth/users/{userId}/external/principals/ls", true, false}
	opExternalPrincipalLogin      = operation{"externalPrincipalLogin", http.MethodPost, "/auth/external/principal/login", false, true}
)

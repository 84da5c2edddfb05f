// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "strings"

// Object holds the path parameters of a call by the names of the API: userId,
// groupId, policyId, principalId. For calls that create, the id to be created is
// given under the same names; that of an invited user in lower case, as lakeFS
// stores it.
type Object map[string]string

// Requirement lists the permissions that a call needs, all of them.
type Requirement []Permission

// requirement is one permission with the resource as a template: {NAME} stands for
// the path parameter of that name.
type requirement struct {
	action, resource string
}

const (
	userARN      = "arn:lakefs:auth:::user/{userId}"
	groupARN     = "arn:lakefs:auth:::group/{groupId}"
	policyARN    = "arn:lakefs:auth:::policy/{policyId}"
	aclPolicyARN = "arn:lakefs:auth:::policy/ACL(_-_){groupId}"
	principalARN = "arn:lakefs:auth:::externalPrincipal/{principalId}"
)

// requirements holds what lakeFS checks before each operation of its auth API, by
// operationId. Operations with an empty list are open to every caller.
var requirements = map[string][]requirement{
	"listUsers":        {{"auth:ListUsers", "*"}},
	"createUser":       {{"auth:CreateUser", userARN}},
	"getUser":          {{"auth:ReadUser", userARN}},
	"deleteUser":       {{"auth:DeleteUser", userARN}},
	"listUserGroups":   {{"auth:ReadUser", userARN}},
	"listUserPolicies": {{"auth:ReadUser", userARN}},

	"listGroups":        {{"auth:ListGroups", "*"}},
	"createGroup":       {{"auth:CreateGroup", groupARN}},
	"getGroup":          {{"auth:ReadGroup", groupARN}},
	"deleteGroup":       {{"auth:DeleteGroup", groupARN}},
	"listGroupMembers":  {{"auth:ReadGroup", groupARN}},
	"listGroupPolicies": {{"auth:ReadGroup", groupARN}},

	// A membership is guarded by its group alone, never by the user.
	"addGroupMembership":    {{"auth:AddGroupMember", groupARN}},
	"deleteGroupMembership": {{"auth:RemoveGroupMember", groupARN}},

	"listPolicies": {{"auth:ListPolicies", "*"}},
	"createPolicy": {{"auth:CreatePolicy", policyARN}},
	"getPolicy":    {{"auth:ReadPolicy", policyARN}},
	"updatePolicy": {{"auth:UpdatePolicy", policyARN}},
	"deletePolicy": {{"auth:DeletePolicy", policyARN}},

	// An attachment is guarded by the user or group alone, never by the policy.
	"attachPolicyToUser":    {{"auth:AttachPolicy", userARN}},
	"detachPolicyFromUser":  {{"auth:DetachPolicy", userARN}},
	"attachPolicyToGroup":   {{"auth:AttachPolicy", groupARN}},
	"detachPolicyFromGroup": {{"auth:DetachPolicy", groupARN}},

	"listUserCredentials": {{"auth:ListCredentials", userARN}},
	"createCredentials":   {{"auth:CreateCredentials", userARN}},
	"getCredentials":      {{"auth:ReadCredentials", userARN}},
	"deleteCredentials":   {{"auth:DeleteCredentials", userARN}},

	// Not in 0.97. The policy is the one in which lakeFS keeps the list.
	"getGroupACL": {{"auth:ReadGroup", groupARN}, {"auth:ReadPolicy", aclPolicyARN}},
	"setGroupACL": {{"auth:ReadGroup", groupARN}, {"auth:AttachPolicy", aclPolicyARN}, {"auth:UpdatePolicy", aclPolicyARN}},

	// Since 1.14.0.
	"createUserExternalPrincipal": {{"auth:CreateUserExternalPrincipal", userARN}},
	"deleteUserExternalPrincipal": {{"auth:DeleteUserExternalPrincipal", userARN}},
	"getExternalPrincipal":        {{"auth:ReadExternalPrincipal", principalARN}},
	"listUserExternalPrincipals":  {{"auth:ReadUser", userARN}},

	"getCurrentUser":         {},
	"getAuthCapabilities":    {},
	"login":                  {},
	"logout":                 {},
	"externalPrincipalLogin": {},
	"stsLogin":               {},
	"oauthCallback":          {},
	"getSetupState":          {},
	"setup":                  {},

	// Up to 0.97.
	"forgotPassword": {},
	"updatePassword": {},
}

// Required returns the permissions that lakeFS demands of the caller of an
// operation of its auth API, named by its operationId, on an object. The list is
// empty for operations open to every caller. It returns false for an operation
// that is not known here, and for an object that lacks a parameter the permissions
// depend on.
func Required(operation string, object Object) (Requirement, bool) {
	templates, ok := requirements[operation]
	if !ok {
		return nil, false
	}
	permissions := make(Requirement, len(templates))
	for i, template := range templates {
		resource, ok := fill(template.resource, object)
		if !ok {
			return nil, false
		}
		permissions[i] = Permission{Action: template.action, Resource: resource}
	}
	return permissions, true
}

// fill puts the value of the one parameter at the end of a template in its place.
// The value is not looked at: an id may itself hold braces.
func fill(template string, object Object) (string, bool) {
	prefix, parameter, ok := strings.Cut(template, "{")
	if !ok {
		return template, true
	}
	value, ok := object[strings.TrimSuffix(parameter, "}")]
	return prefix + value, ok
}

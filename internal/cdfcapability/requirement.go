// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import "slices"

// requirements holds what each operation of the IAM API demands of its caller, all of
// it. Operations with an empty list are open to every caller, as far as is known.
var requirements = map[string][]Permission{
	// Without this right, the listing holds the caller's own groups only.
	"listGroups":   {inAll("groupsAcl", "LIST")},
	"createGroups": {inAll("groupsAcl", "CREATE")},
	"deleteGroups": {inAll("groupsAcl", "DELETE")},

	"listSecurityCategories":   {inAll("securityCategoriesAcl", "LIST")},
	"createSecurityCategories": {inAll("securityCategoriesAcl", "CREATE")},
	"deleteSecurityCategories": {inAll("securityCategoriesAcl", "DELETE")},

	"createSession":    {inAll("sessionsAcl", "CREATE")},
	"listSessions":     {inAll("sessionsAcl", "LIST")},
	"retrieveSessions": {inAll("sessionsAcl", "LIST")},
	"revokeSessions":   {inAll("sessionsAcl", "DELETE")},

	// Every member of any group has this right by itself.
	"getMyUserProfile":     {inAll("userProfilesAcl", "READ")},
	"listUserProfiles":     {inAll("userProfilesAcl", "READ")},
	"retrieveUserProfiles": {inAll("userProfilesAcl", "READ")},
	"searchUserProfiles":   {inAll("userProfilesAcl", "READ")},

	"getProject":    {inAll("projectsAcl", "READ")},
	"updateProject": {inAll("projectsAcl", "UPDATE")},
	"listProjects":  {inAll("projectsAcl", "LIST")},

	"inspectToken": {inAll("groupsAcl", "LIST"), inAll("projectsAcl", "LIST")},

	// Of the organisation, where no capability of a project counts.
	"getMyPrincipal":     {},
	"listPrincipals":     {},
	"retrievePrincipals": {},
}

func inAll(acl, action string) Permission {
	return Permission{ACL: acl, Action: action, Scope: scopeAll}
}

// Required returns the permissions that Cognite Data Fusion demands of the caller of an
// operation of its IAM API. The list is empty for operations that need none. It returns
// false for an operation that is not known here.
func Required(operation string) ([]Permission, bool) {
	required, ok := requirements[operation]
	return slices.Clone(required), ok
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import "net/http"

// operation is one row of the table of operations: how to reach it, what the
// caller must be permitted, and what it does.
type operation struct {
	// id is the name of the operation; tests and the table of rights use it.
	id     string
	method string
	// path is the template; segments are its parts, parameters begin with a colon.
	path     string
	segments []string
	errors   errorForm
	access   access
	needs    []need
	run      func(*Server, *call) reply
}

const (
	projectPath      = "/api/v1/projects/:project"
	organizationPath = "/api/v1/orgs/:organization"
)

// needing requires one capability in scope all.
func needing(acl, action string) []need { return []need{{acl: acl, action: action}} }

// operations is the whole API. What they need is what the documentation says.
var operations = []operation{
	{id: "token", method: http.MethodPost, path: "/oauth2/token", errors: oauth, run: (*Server).token},
	{id: "keys", method: http.MethodGet, path: "/oauth2/jwks", run: (*Server).keys},
	{
		id: "inspectToken", method: http.MethodGet, path: "/api/v1/token/inspect", access: anybody,
		needs: append(needing(projectsACL, "LIST"), needing(groupsACL, "LIST")...), run: (*Server).inspectToken,
	},
	{
		id: "listProjects", method: http.MethodGet, path: "/api/v1/projects", access: anybody,
		needs: needing(projectsACL, "LIST"), run: (*Server).listProjects,
	},
	{
		id: "getProject", method: http.MethodGet, path: projectPath, access: member,
		needs: needing(projectsACL, "READ"), run: (*Server).getProject,
	},
	{
		id: "updateProject", method: http.MethodPost, path: projectPath + "/update", access: member,
		needs: needing(projectsACL, "UPDATE"), run: withBody((*Server).updateProject),
	},

	// Who may not list all groups may list the own ones, without any capability.
	{
		id: "listGroups", method: http.MethodGet, path: projectPath + "/groups", access: member,
		run: (*Server).listGroups,
	},
	{
		id: "createGroups", method: http.MethodPost, path: projectPath + "/groups", access: member,
		needs: needing(groupsACL, "CREATE"), run: withItems(maxItems, (*Server).createGroups),
	},
	{
		id: "deleteGroups", method: http.MethodPost, path: projectPath + "/groups/delete", access: member,
		needs: []need{{groupsACL, "DELETE", grant.toOwn}}, run: withItems(maxItems, (*Server).deleteGroups),
	},

	{
		id: "listSecurityCategories", method: http.MethodGet, path: projectPath + "/securitycategories", access: member,
		needs: []need{{categoriesACL, "LIST", grant.toSome}}, run: (*Server).listSecurityCategories,
	},
	{
		id: "createSecurityCategories", method: http.MethodPost, path: projectPath + "/securitycategories", access: member,
		needs: needing(categoriesACL, "CREATE"), run: withItems(maxItems, (*Server).createSecurityCategories),
	},
	{
		id: "deleteSecurityCategories", method: http.MethodPost, path: projectPath + "/securitycategories/delete", access: member,
		needs: []need{{categoriesACL, "DELETE", grant.toSome}}, run: withItems(maxItems, (*Server).deleteSecurityCategories),
	},

	{
		id: "createSession", method: http.MethodPost, path: projectPath + "/sessions", access: member,
		needs: needing(sessionsACL, "CREATE"), run: withItems(1, (*Server).createSession),
	},
	{
		id: "listSessions", method: http.MethodGet, path: projectPath + "/sessions", access: member,
		needs: needing(sessionsACL, "LIST"), run: (*Server).listSessions,
	},
	{
		id: "retrieveSessions", method: http.MethodPost, path: projectPath + "/sessions/byids", access: member,
		needs: needing(sessionsACL, "LIST"), run: withItems(maxItems, (*Server).retrieveSessions),
	},
	{
		id: "revokeSessions", method: http.MethodPost, path: projectPath + "/sessions/revoke", access: member,
		needs: needing(sessionsACL, "DELETE"), run: withItems(maxItems, (*Server).revokeSessions),
	},

	{
		id: "getMyUserProfile", method: http.MethodGet, path: projectPath + "/profiles/me", access: member,
		needs: needing(userProfilesACL, "READ"), run: withProfiles((*Server).getMyUserProfile),
	},
	{
		id: "listUserProfiles", method: http.MethodGet, path: projectPath + "/profiles", access: member,
		needs: needing(userProfilesACL, "READ"), run: withProfiles((*Server).listUserProfiles),
	},
	{
		id: "retrieveUserProfiles", method: http.MethodPost, path: projectPath + "/profiles/byids", access: member,
		needs: needing(userProfilesACL, "READ"), run: withProfiles(withItems(maxItems, (*Server).retrieveUserProfiles)),
	},
	{
		id: "searchUserProfiles", method: http.MethodPost, path: projectPath + "/profiles/search", access: member,
		needs: needing(userProfilesACL, "READ"), run: withProfiles(withBody((*Server).searchUserProfiles)),
	},

	{
		id: "getMyPrincipal", method: http.MethodGet, path: "/api/v1/principals/me", errors: flat, access: anybody,
		run: (*Server).getMyPrincipal,
	},
	{
		id: "listPrincipals", method: http.MethodGet, path: organizationPath + "/principals", errors: flat, access: anybody,
		run: (*Server).listPrincipals,
	},
	{
		id: "retrievePrincipals", method: http.MethodPost, path: organizationPath + "/principals/byids", errors: flat, access: anybody,
		run: withBody((*Server).retrievePrincipals),
	},
}

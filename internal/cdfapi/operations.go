// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import "net/http"

// Largest pages of the lists, and largest requests.
const (
	page           = 1000
	principalsPage = 100
	maxItems       = 1000
	maxPrincipals  = 100
)

// MaxSessions is of how many sessions one request can be about.
const MaxSessions = 100

// The operations of the API. Idempotent are reads, deletes, revokeSessions and
// updateProject; what makes an object is not: a second request would make a
// second one.
var (
	opListGroups   = operation{"listGroups", http.MethodGet, "/projects/{project}/groups", true, 0}
	opCreateGroups = operation{"createGroups", http.MethodPost, "/projects/{project}/groups", false, 0}
	opDeleteGroups = operation{"deleteGroups", http.MethodPost, "/projects/{project}/groups/delete", true, 0}

	opListSecurityCategories   = operation{"listSecurityCategories", http.MethodGet, "/projects/{project}/securitycategories", true, page}
	opCreateSecurityCategories = operation{"createSecurityCategories", http.MethodPost, "/projects/{project}/securitycategories", false, 0}
	opDeleteSecurityCategories = operation{"deleteSecurityCategories", http.MethodPost, "/projects/{project}/securitycategories/delete", true, 0}

	opCreateSession    = operation{"createSession", http.MethodPost, "/projects/{project}/sessions", false, 0}
	opListSessions     = operation{"listSessions", http.MethodGet, "/projects/{project}/sessions", true, page}
	opRetrieveSessions = operation{"retrieveSessions", http.MethodPost, "/projects/{project}/sessions/byids", true, 0}
	opRevokeSessions   = operation{"revokeSessions", http.MethodPost, "/projects/{project}/sessions/revoke", true, 0}

	opGetMyUserProfile     = operation{"getMyUserProfile", http.MethodGet, "/projects/{project}/profiles/me", true, 0}
	opListUserProfiles     = operation{"listUserProfiles", http.MethodGet, "/projects/{project}/profiles", true, page}
	opRetrieveUserProfiles = operation{"retrieveUserProfiles", http.MethodPost, "/projects/{project}/profiles/byids", true, 0}
	opSearchUserProfiles   = operation{"searchUserProfiles", http.MethodPost, "/projects/{project}/profiles/search", true, 0}

	opGetProject    = operation{"getProject", http.MethodGet, "/projects/{project}", true, 0}
	opUpdateProject = operation{"updateProject", http.MethodPost, "/projects/{project}/update", true, 0}
	opListProjects  = operation{"listProjects", http.MethodGet, "/projects", true, 0}
	opInspectToken  = operation{"inspectToken", http.MethodGet, "/token/inspect", true, 0}

	opGetMyPrincipal     = operation{"getMyPrincipal", http.MethodGet, "/principals/me", true, 0}
	opListPrincipals     = operation{"listPrincipals", http.MethodGet, "/orgs/{organization}/principals", true, principalsPage}
	opRetrievePrincipals = operation{"retrievePrincipals", http.MethodPost, "/orgs/{organization}/principals/byids", true, 0}
)

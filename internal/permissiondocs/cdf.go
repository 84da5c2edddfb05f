// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

var cdf = platform{
	prefix:       "cdf_",
	introduction: "The principal that the provider logs in as needs these capabilities; `in all` is the scope `all`.",
	right:        "Capability",
	none:         "None: no capability of a project matters here.",
	needs:        cdfNeeds,
	page:         cdfPage,
	grant:        cdfGroup,
	blocks:       cdfBlocks,
}

// cdfReference is where the reference of the API begins.
const cdfReference = "https://docs.cognite.com/20230101/"

// cdfPages are the operations' pages below it. There is none about listProjects.
var cdfPages = map[string]string{
	"listGroups":   "groups/list-groups",
	"createGroups": "groups/create-groups",
	"deleteGroups": "groups/delete-groups",

	"listSecurityCategories":   "security-categories/list-security-categories",
	"createSecurityCategories": "security-categories/create-security-categories",
	"deleteSecurityCategories": "security-categories/delete-security-categories",

	"createSession":    "sessions/create-sessions",
	"listSessions":     "sessions/list-sessions",
	"retrieveSessions": "sessions/retrieve-sessions-with-given-ids",
	"revokeSessions":   "sessions/revoke-sessions",

	"getMyUserProfile":     "user-profiles/deprecated-get-the-user-profile-of-the-principal-issuing-the-request",
	"listUserProfiles":     "user-profiles/list-all-user-profiles-in-the-current-project",
	"retrieveUserProfiles": "user-profiles/retrieve-profiles-by-id-in-the-current-project",
	"searchUserProfiles":   "user-profiles/search-user-profiles-in-the-current-project",

	"getProject":    "projects/retrieve-a-project",
	"updateProject": "projects/update-a-project",

	"inspectToken": "token/inspect",

	"getMyPrincipal":     "principals/get-the-current-callers-information",
	"listPrincipals":     "principals/list-principals",
	"retrievePrincipals": "principals/retrieve-principals-by-reference",
}

func cdfPage(operation string) string {
	page, ok := cdfPages[operation]
	if !ok {
		return ""
	}
	return cdfReference + page
}

func cdfNeeds(operation string) ([]string, bool) {
	required, ok := cdfcapability.Required(operation)
	texts := make([]string, len(required))
	for i, permission := range required {
		texts[i] = "`" + permission.String() + "`"
	}
	return texts, ok
}

// cdfGroup writes a group with the capabilities.
func cdfGroup(operations []string) string {
	return "This group grants them to whoever is in the group of the identity provider that `source_id` names:\n\n" +
		"```terraform\nresource \"iam_cdf_group\" \"terraform\" {\n  name      = \"terraform\"\n  source_id = \"b7c9a5a4-99c2-4785-bed3-5e6ad9a78603\"\n" +
		cdfBlocks(operations) + "}\n```"
}

// cdfBlocks writes the capabilities of a group.
func cdfBlocks(operations []string) string {
	var needed []cdfcapability.Capability
	for _, operation := range operations {
		required, _ := cdfcapability.Required(operation)
		for _, permission := range required {
			needed = append(needed, permission.Capability())
		}
	}
	var body strings.Builder
	for block := range strings.Lines(cdfcapability.HCL(cdfcapability.Merge(needed))) {
		if strings.HasPrefix(block, "capability ") {
			body.WriteByte('\n')
		}
		body.WriteString("  " + block)
	}
	return body.String()
}

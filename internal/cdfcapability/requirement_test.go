// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequired(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"listGroups":               {"groupsAcl:LIST in all"},
		"createGroups":             {"groupsAcl:CREATE in all"},
		"deleteGroups":             {"groupsAcl:DELETE in all"},
		"listSecurityCategories":   {"securityCategoriesAcl:LIST in all"},
		"createSecurityCategories": {"securityCategoriesAcl:CREATE in all"},
		"deleteSecurityCategories": {"securityCategoriesAcl:DELETE in all"},
		"createSession":            {"sessionsAcl:CREATE in all"},
		"listSessions":             {"sessionsAcl:LIST in all"},
		"retrieveSessions":         {"sessionsAcl:LIST in all"},
		"revokeSessions":           {"sessionsAcl:DELETE in all"},
		"getMyUserProfile":         {"userProfilesAcl:READ in all"},
		"listUserProfiles":         {"userProfilesAcl:READ in all"},
		"retrieveUserProfiles":     {"userProfilesAcl:READ in all"},
		"searchUserProfiles":       {"userProfilesAcl:READ in all"},
		"getProject":               {"projectsAcl:READ in all"},
		"updateProject":            {"projectsAcl:UPDATE in all"},
		"listProjects":             {"projectsAcl:LIST in all"},
		"inspectToken":             {"groupsAcl:LIST in all", "projectsAcl:LIST in all"},
		"getMyPrincipal":           nil,
		"listPrincipals":           nil,
		"retrievePrincipals":       nil,
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(tests)), slices.Sorted(maps.Keys(requirements))); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	for operation, want := range tests {
		required, ok := Required(operation)
		if !ok {
			t.Errorf("%s is not known", operation)
		}
		var got []string
		for _, p := range required {
			got = append(got, p.String())
			acl, _ := LookUpACL(p.ACL)
			if !slices.Contains(acl.Actions, p.Action) || !slices.Contains(acl.Scopes, p.Scope) {
				t.Errorf("%s: the catalogue does not know %s", operation, p)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", operation, diff)
		}
	}
	if got, ok := Required("listgroups"); ok || got != nil {
		t.Errorf("%v, %v", got, ok)
	}
}

// Callers cannot change the table.
func TestRequiredIsNotShared(t *testing.T) {
	t.Parallel()
	one, _ := Required("listGroups")
	one[0].Action = "x"
	if again, _ := Required("listGroups"); again[0].Action != "LIST" {
		t.Errorf("%v", again)
	}
}

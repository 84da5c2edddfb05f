// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// profileJSON is a user profile as it is answered. The time is in milliseconds.
type profileJSON struct {
	UserIdentifier  string `json:"userIdentifier"`
	GivenName       string `json:"givenName,omitempty"`
	Surname         string `json:"surname,omitempty"`
	Email           string `json:"email,omitempty"`
	DisplayName     string `json:"displayName,omitempty"`
	JobTitle        string `json:"jobTitle,omitempty"`
	IdentityType    string `json:"identityType"`
	LastUpdatedTime int64  `json:"lastUpdatedTime"`
}

// identityTypes are the filters of a list of profiles.
var identityTypes = []string{"ALL", "USER", "SERVICE_PRINCIPAL", "INTERNAL_SERVICE"}

// profileKey orders profiles by name.
func profileKey(p profileJSON) string { return p.DisplayName + "\x00" + p.UserIdentifier }

// profiles returns all profiles in their order.
func (s *Server) profiles() []profileJSON {
	var all []profileJSON
	for _, p := range s.store.listPrincipals() {
		if p.profile != nil {
			all = append(all, *p.profile)
		}
	}
	slices.SortFunc(all, func(a, b profileJSON) int { return strings.Compare(profileKey(a), profileKey(b)) })
	return all
}

// withProfiles makes an operation of one that needs user profiles to be turned on.
func withProfiles(run func(*Server, *call) reply) func(*Server, *call) reply {
	return func(s *Server, c *call) reply {
		if !s.store.userProfilesEnabled() {
			return fail(http.StatusBadRequest, "user profiles are not enabled in the project "+s.options.Project)
		}
		return run(s, c)
	}
}

func (s *Server) getMyUserProfile(c *call) reply {
	if c.caller.profile == nil {
		return fail(http.StatusNotFound, "the caller has no user profile")
	}
	return answer(c.caller.profile)
}

func (s *Server) listUserProfiles(c *call) reply {
	kind := "USER"
	if c.query.Has("identityType") {
		kind = c.query.Get("identityType")
	}
	if !slices.Contains(identityTypes, kind) {
		return fail(http.StatusBadRequest, fmt.Sprintf("identityType is %q: use one of %s", kind, strings.Join(identityTypes, ", ")))
	}
	shown := slices.DeleteFunc(s.profiles(), func(p profileJSON) bool { return kind != "ALL" && kind != p.IdentityType })
	return page(s, c, maxPage, shown, profileKey)
}

type profileRef struct {
	UserIdentifier string `json:"userIdentifier"`
}

func (s *Server) retrieveUserProfiles(_ *call, refs []profileRef) reply {
	var shown []profileJSON
	var missing []any
	for _, ref := range refs {
		p, known := s.store.principal(ref.UserIdentifier)
		if !known || p.profile == nil {
			missing = append(missing, ref)
			continue
		}
		shown = append(shown, *p.profile)
	}
	if missing != nil {
		return failMissing("there are no user profiles with these identifiers", missing)
	}
	return list(shown)
}

type profileSearch struct {
	Search struct {
		Name string `json:"name"`
	} `json:"search"`
	Limit *int `json:"limit"`
}

// searchUserProfiles finds users by the beginning of their name or of one of its
// words, in any case.
func (s *Server) searchUserProfiles(_ *call, search profileSearch) reply {
	limit := defaultPage
	if search.Limit != nil {
		limit = *search.Limit
	}
	if limit < 1 || limit > maxPage {
		return fail(http.StatusBadRequest, fmt.Sprintf("limit is %d: use 1 to %d", limit, maxPage))
	}
	found := slices.DeleteFunc(s.profiles(), func(p profileJSON) bool {
		return p.IdentityType != "USER" || !beginsIn(p.DisplayName, search.Search.Name)
	})
	return list(found[:min(limit, len(found))])
}

// beginsIn tells whether a name or one of its words begins with a text.
func beginsIn(name, text string) bool {
	return strings.Contains(" "+strings.ToLower(name), " "+strings.ToLower(text))
}

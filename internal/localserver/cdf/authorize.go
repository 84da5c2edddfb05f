// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"errors"
	"net/http"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// access is what an operation needs to know of its caller.
type access int

const (
	// open operations look at no token.
	open access = iota
	// anybody may call with a valid token.
	anybody
	// member must belong to a group of the project.
	member
)

// need is one capability that an operation needs.
type need struct {
	acl, action string
	// within tells whether a grant suffices that is not in scope all. What it does
	// not cover is then up to the operation.
	within func(grant) bool
}

func (n need) String() string { return n.acl + ":" + n.action }

// identify finds the caller by the token of the request.
func (s *Server) identify(c *call) *reply {
	if c.operation.access == open {
		return nil
	}
	scheme, token, _ := strings.Cut(c.request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return refuse(http.StatusUnauthorized, "Unauthorized: the request has no bearer token")
	}
	said, err := s.tokens.verify(strings.TrimSpace(token))
	owner, known := s.store.principal(said.Subject)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse(http.StatusUnauthorized, "Unauthorized: the token has expired")
	case err != nil || !known:
		return refuse(http.StatusUnauthorized, "Unauthorized: the token is not valid")
	}
	owner.sourceIDs = said.Groups
	c.caller = owner
	c.groups = s.store.effectiveGroups(c.caller)
	return nil
}

// admit refuses callers who do not belong to the project or organisation in the
// path.
func (s *Server) admit(c *call) *reply {
	if organization, given := c.path["organization"]; given && organization != s.organization {
		return refuse(http.StatusForbidden, "the caller does not belong to the organisation "+organization)
	}
	project, given := c.path["project"]
	if (given && project != s.options.Project) || (c.operation.access == member && len(c.groups) == 0) {
		return refuse(http.StatusUnauthorized, "Unauthorized: the caller is no member of the project "+project)
	}
	return nil
}

// authorize refuses callers who lack a capability that the operation needs.
func (s *Server) authorize(c *call) *reply {
	for _, n := range c.operation.needs {
		held := s.grant(c, n.acl, n.action)
		if !held.all && (n.within == nil || !n.within(held)) {
			return lacking(n)
		}
	}
	return nil
}

// lacking names the capability that the caller does not have.
func lacking(n need) *reply {
	return refuse(http.StatusForbidden, "Forbidden: the caller lacks the capability "+n.String())
}

// grant is what a caller may do by one action of an ACL.
type grant struct {
	// all objects.
	all bool
	// own objects: for groups, those that the caller belongs to.
	own bool
	// ids of single objects.
	ids map[string]bool
}

func (g grant) toOwn() bool  { return g.own }
func (g grant) toSome() bool { return len(g.ids) > 0 }

// The ACLs that this API knows.
const (
	groupsACL       = "groupsAcl"
	categoriesACL   = "securityCategoriesAcl"
	sessionsACL     = "sessionsAcl"
	projectsACL     = "projectsAcl"
	userProfilesACL = "userProfilesAcl"
)

// grant adds up what the groups of the caller grant. Members of any group may
// read user profiles without being granted it.
func (s *Server) grant(c *call, acl, action string) grant {
	g := grant{ids: map[string]bool{}}
	g.all = acl == userProfilesACL && action == "READ" && len(c.groups) > 0
	for _, group := range c.groups {
		for _, held := range group.capabilities {
			if held.acl == acl && held.allows(action) && held.holdsIn(s.options.Project) {
				held.addTo(&g)
			}
		}
	}
	return g
}

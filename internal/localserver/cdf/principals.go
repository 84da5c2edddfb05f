// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Types of principals.
const (
	kindUser           = "USER"
	kindServiceAccount = "SERVICE_ACCOUNT"
)

// principal is a user account, or a service account with the credentials of a
// client.
type principal struct {
	id   string
	kind string
	// secret is that of a client; empty for who cannot log in with one.
	secret string
	// sourceIDs are the groups at the identity provider.
	sourceIDs []string
	// shown is what the organisation API answers.
	shown principalJSON
	// profile is nil when there is none.
	profile *profileJSON
}

// principalJSON is a principal as it is answered. Times are milliseconds.
type principalJSON struct {
	ID              string       `json:"id"`
	Type            string       `json:"type"`
	Name            string       `json:"name"`
	PictureURL      string       `json:"pictureUrl"`
	Email           string       `json:"email,omitempty"`
	GivenName       string       `json:"givenName,omitempty"`
	MiddleName      string       `json:"middleName,omitempty"`
	FamilyName      string       `json:"familyName,omitempty"`
	ExternalID      string       `json:"externalId,omitempty"`
	Description     string       `json:"description,omitempty"`
	CreatedBy       *creatorJSON `json:"createdBy,omitempty"`
	CreatedTime     int64        `json:"createdTime,omitempty"`
	LastUpdatedTime int64        `json:"lastUpdatedTime,omitempty"`
}

// creatorJSON is who made a service account.
type creatorJSON struct {
	OrgID  string `json:"orgId"`
	UserID string `json:"userId"`
}

func (s *Server) getMyPrincipal(c *call) reply { return answer(c.caller.shown) }

func (s *Server) listPrincipals(c *call) reply {
	var types []string
	for _, value := range c.query["types"] {
		types = append(types, strings.Split(value, ",")...)
	}
	var shown []principalJSON
	for _, p := range s.store.listPrincipals() {
		if len(types) == 0 || slices.Contains(types, p.kind) {
			shown = append(shown, p.shown)
		}
	}
	return page(s, c, maxPrincipalPage, shown, func(p principalJSON) string { return p.ID })
}

// principalRef names a principal by either of its ids. Only service accounts have
// an external one.
type principalRef struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId"`
}

func (r principalRef) names(p principal) bool {
	return (r.ID != "" && r.ID == p.id) || (r.ExternalID != "" && r.ExternalID == p.shown.ExternalID)
}

type principalRefs struct {
	itemsOf[principalRef]
	IgnoreUnknownIDs bool `json:"ignoreUnknownIds"`
}

func (s *Server) retrievePrincipals(_ *call, wanted principalRefs) reply {
	if len(wanted.Items) == 0 || len(wanted.Items) > maxItems {
		return fail(http.StatusBadRequest, fmt.Sprintf("the request has %d items: give 1 to %d", len(wanted.Items), maxItems))
	}
	known, shown := s.store.listPrincipals(), []principalJSON{}
	for i, ref := range wanted.Items {
		if (ref.ID == "") == (ref.ExternalID == "") {
			return fail(http.StatusBadRequest, fmt.Sprintf("items[%d]: give either id or externalId", i))
		}
		at := slices.IndexFunc(known, ref.names)
		switch {
		case at >= 0:
			shown = append(shown, known[at].shown)
		case !wanted.IgnoreUnknownIDs:
			return fail(http.StatusNotFound, fmt.Sprintf("there is no principal %q", ref.ID+ref.ExternalID))
		}
	}
	return list(shown)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// listsAll tells whether the caller may list all objects of an ACL. One who may list
// some of them only is answered a shorter list, without a word.
//
// The caller's token tells what holds by now. Where it may not be inspected, a group
// that grants it and is among those that the caller sees does.
func (s *CDF) listsAll(ctx context.Context, acl string, visible []cdfapi.Group) bool {
	if inspection, err := s.InspectToken(ctx); err == nil {
		return s.grantsListing(inspection.Capabilities, acl)
	}
	return slices.ContainsFunc(visible, func(group cdfapi.Group) bool { return s.grantsListing(group.Capabilities, acl) })
}

// grantsListing tells whether capabilities grant to list all objects of an ACL in
// the project. What is of another shape than the API documents grants nothing.
func (s *CDF) grantsListing(capabilities json.RawMessage, acl string) bool {
	if !bytes.Contains(capabilities, []byte(acl)) {
		return false
	}
	var entries []map[string]json.RawMessage
	if json.Unmarshal(capabilities, &entries) != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(entry map[string]json.RawMessage) bool {
		var granted struct {
			Actions []string `json:"actions"`
			Scope   struct {
				All *struct{} `json:"all"`
			} `json:"scope"`
		}
		return json.Unmarshal(entry[acl], &granted) == nil && granted.Scope.All != nil && slices.Contains(granted.Actions, "LIST") &&
			s.holdsHere(entry)
	})
}

// holdsHere tells whether a capability holds in the project: it may be limited to
// others by projectUrlNames in a group, or by projectScope in a token.
func (s *CDF) holdsHere(entry map[string]json.RawMessage) bool {
	var inGroup struct {
		URLNames []string `json:"urlNames"`
	}
	if limit, limited := entry["projectUrlNames"]; limited && (json.Unmarshal(limit, &inGroup) != nil || !slices.Contains(inGroup.URLNames, s.Project())) {
		return false
	}
	var inToken struct {
		Projects    *[]string       `json:"projects"`
		AllProjects json.RawMessage `json:"allProjects"`
	}
	limit, limited := entry["projectScope"]
	switch {
	case !limited:
		return true
	case json.Unmarshal(limit, &inToken) != nil:
		return false
	}
	if inToken.Projects == nil {
		return len(inToken.AllProjects) > 0
	}
	return slices.Contains(*inToken.Projects, s.Project())
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// group is a stored group. Nothing of it changes but that it is deleted.
type group struct {
	id           int64
	name         string
	sourceID     string
	members      members
	capabilities []capability
	// fields are the members of its JSON form that do not depend on its id.
	fields object
	// live is its JSON form while it is not deleted, made when it is stored.
	live    json.RawMessage
	created time.Time
	// deleted is zero while the group is not deleted.
	deleted time.Time
}

func (g group) isDeleted() bool { return !g.deleted.IsZero() }

// has tells whether a principal belongs to the group.
func (g group) has(p principal) bool {
	return (g.sourceID != "" && slices.Contains(p.sourceIDs, g.sourceID)) || g.members.have(p)
}

// stored returns the group with its id.
func (g group) stored(id int64, created time.Time) group {
	g.id, g.created = id, created
	fields := maps.Clone(g.fields)
	fields["id"], fields["isDeleted"], fields["deletedTime"] = encode(id), encode(false), encode(notDeleted)
	g.live = encode(fields)
	return g
}

// MarshalJSON writes the group as it is answered. Of a deleted one little is left.
func (g group) MarshalJSON() ([]byte, error) {
	if !g.isDeleted() {
		return g.live, nil
	}
	return json.Marshal(map[string]any{"id": g.id, "name": g.name, "isDeleted": true, "deletedTime": g.deleted.UnixMilli()})
}

// notDeleted stands for the time of a deletion that did not happen.
const notDeleted = -1

// members are those of a group that is managed in the project itself.
type members struct {
	// all user accounts are members.
	all bool
	ids []string
}

func (m members) have(p principal) bool {
	return (m.all && p.kind == kindUser) || slices.Contains(m.ids, p.id)
}

// allUserAccounts stands for the members of a group that has all users.
const allUserAccounts = "allUserAccounts"

func (s *Server) listGroups(c *call) reply {
	all, err := boolOf(c, "all")
	if err != nil {
		return fail(http.StatusBadRequest, err.Error())
	}
	held := s.grant(c, groupsACL, "LIST")
	if all && !held.all && !held.own {
		return *lacking(need{acl: groupsACL, action: "LIST"})
	}
	shown := slices.DeleteFunc(s.store.listGroups(), func(g group) bool {
		return g.isDeleted() && !s.options.ListDeletedGroups
	})
	if !all || !held.all {
		shown = slices.DeleteFunc(shown, func(g group) bool { return !g.has(c.caller) })
	}
	return list(shown)
}

func (s *Server) createGroups(_ *call, items []json.RawMessage) reply {
	made := make([]group, len(items))
	for i, item := range items {
		g, err := s.parseGroup(item, true)
		if err != nil {
			return fail(http.StatusBadRequest, fmt.Sprintf("items[%d]: %v", i, err))
		}
		made[i] = g
	}
	made, err := s.store.addGroups(made)
	if err != nil {
		return fail(http.StatusBadRequest, fmt.Sprintf(
			"the project has reached its limit of %d groups, deleted ones included", s.options.GroupLimit))
	}
	return list(made)
}

func (s *Server) deleteGroups(c *call, ids []int64) reply {
	if held := s.grant(c, groupsACL, "DELETE"); !held.all && !s.ownAll(c, ids) {
		return *lacking(need{acl: groupsACL, action: "DELETE"})
	}
	if missing, isMissing := errors.AsType[missingError](s.store.deleteGroups(ids)); isMissing {
		return failMissing("there are no groups with these ids", idRefs(missing))
	}
	return answer(struct{}{})
}

// ownAll tells whether the caller belongs to every one of these groups.
func (s *Server) ownAll(c *call, ids []int64) bool {
	own := map[int64]bool{}
	for _, g := range c.groups {
		own[g.id] = true
	}
	return !slices.ContainsFunc(ids, func(id int64) bool { return !own[id] })
}

// idRefs names ids in an error.
func idRefs(ids []int64) []any {
	refs := make([]any, len(ids))
	for i, id := range ids {
		refs[i] = map[string]int64{"id": id}
	}
	return refs
}

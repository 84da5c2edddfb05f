// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import "net/http"

const messageNoGroup = "group not found"

func (s *Server) vetNewGroup(c *call) *reply {
	return nameCheck("Group", c.input.group.ID)
}

func (s *Server) createGroup(c *call) reply {
	in := c.input.group
	if refusal := s.storableName("groups/", in.ID, "save group (groupKey groups/"+in.ID+"): "); refusal != nil {
		return *refusal
	}
	description := ""
	if in.Description != nil {
		description = *in.Description
	}
	g, err := s.store.addGroup(in.ID, description)
	if err != nil {
		return s.storeFailure(err)
	}
	created := s.dialect.groups.created.of(g)
	if s.dialect.groups.created.description == whenSet {
		// An empty description that was sent comes back, one that was not does not.
		created.Description = in.Description
	}
	return answer(http.StatusCreated, created)
}

func (s *Server) listGroups(c *call) reply {
	groups, last := s.store.listGroups(c.page)
	return answer(http.StatusOK, listOf(listed(groups, s.dialect.groups.listed.of), c.page.offset(last)))
}

func (s *Server) getGroup(c *call) reply {
	g, err := s.store.group(c.path["groupId"])
	if err != nil {
		return fail(http.StatusNotFound, messageNoGroup)
	}
	return answer(http.StatusOK, s.dialect.groups.single.of(g))
}

func (s *Server) deleteGroup(c *call) reply {
	if err := s.store.deleteGroup(c.path["groupId"]); err != nil {
		return fail(http.StatusNotFound, messageNoGroup)
	}
	return empty(http.StatusNoContent)
}

func (s *Server) listGroupMembers(c *call) reply {
	users, last, err := s.store.listMembers(c.path["groupId"], c.page)
	if err != nil {
		return s.storeFailure(err)
	}
	return answer(http.StatusOK, listOf(listed(users, s.dialect.users.listed.of), c.page.offset(last)))
}

func (s *Server) addGroupMembership(c *call) reply {
	return s.done(http.StatusCreated, s.store.addMember(c.path["groupId"], c.path["userId"]))
}

func (s *Server) deleteGroupMembership(c *call) reply {
	return s.done(http.StatusNoContent, s.store.removeMember(c.path["groupId"], c.path["userId"]))
}

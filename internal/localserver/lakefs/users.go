// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/mail"
	"strings"
)

// spaceForPlus is what happens to ids on the way to an auth server.
var spaceForPlus = strings.NewReplacer("+", " ")

// maxKey is the longest key, in bytes, that the real store has room for. It
// shows maxDump bytes of one that is too long.
const (
	maxKey  = 65_000
	maxDump = 1 << 10
)

const messageNoUser = "user not found"

// nameCheck refuses ids with a percent sign, which could not be told apart in
// paths. kind begins the message.
func nameCheck(kind, name string) *reply {
	if strings.Contains(name, "%") {
		return refuse(http.StatusBadRequest, kind+" name cannot contain '%'")
	}
	return nil
}

// storableName checks an id as the store does. folder is where the objects of
// its kind are kept; what begins the message about a key that is too long.
func (s *Server) storableName(folder, name, what string) *reply {
	if err := validateName(name); err != nil {
		return s.invalid(err)
	}
	return s.storableKey(folder+name, what)
}

func (s *Server) storableKey(path, what string) *reply {
	key := "auth/" + path
	switch {
	case len(key) <= maxKey:
		return nil
	case s.dialect.behindAuthServer:
		return refuse(http.StatusInternalServerError, messageInternal)
	}
	return refuse(http.StatusInternalServerError, fmt.Sprintf("%sKey with size %d exceeded %d limit. Key:\n%s",
		what, len(key), maxKey, hex.Dump([]byte(key[:maxDump]))))
}

// checkNewUser comes before authorization. The id of an invited user is the
// bare address.
func (s *Server) checkNewUser(c *call) *reply {
	if refusal := nameCheck("User", c.input.user.ID); refusal != nil {
		return refusal
	}
	if !c.input.user.InviteUser {
		return nil
	}
	address, err := mail.ParseAddress(c.input.user.ID)
	if err != nil {
		return refuse(http.StatusBadRequest, "Invalid email format")
	}
	c.email = address.Address
	c.input.user.ID = address.Address
	return nil
}

func (s *Server) createUser(c *call) reply {
	id := c.input.user.ID
	if refusal := s.storableName("users/", id, "save user (userKey users/"+id+"): "); refusal != nil {
		return *refusal
	}
	u, err := s.store.addUser(id, c.email)
	if err != nil {
		return s.storeFailure(err)
	}
	if c.email == "" {
		return answer(http.StatusCreated, s.dialect.users.created.of(u))
	}
	if s.dialect.inviteNeedsMail {
		// The user stays: lakeFS stores it before it sends the invitation.
		return fail(http.StatusInternalServerError, "no smtp host configured")
	}
	return answer(http.StatusCreated, userJSON{ID: c.email})
}

// createUserBasic answers for a server with a single user, which counts as a
// conflict with every other one.
func (s *Server) createUserBasic(c *call) reply {
	switch err := validateName(c.input.user.ID); {
	case c.input.user.InviteUser:
		return s.notImplemented(c)
	case err != nil:
		return fail(http.StatusBadRequest, err.Error())
	}
	return s.storeFailure(errExists)
}

func (s *Server) listUsers(c *call) reply {
	users, last := s.store.listUsers(c.page)
	return answer(http.StatusOK, listOf(listed(users, s.dialect.users.listed.of), c.page.offset(last)))
}

// listUsersBasic answers the single user, whatever page was asked for.
func (s *Server) listUsersBasic(*call) reply {
	users, _ := s.store.listUsers(pageRequest{amount: maxPage})
	return answer(http.StatusOK, listOf(listed(users, s.dialect.users.listed.of), ""))
}

func (s *Server) getUser(c *call) reply {
	u, err := s.store.user(c.path["userId"])
	if err != nil {
		return fail(http.StatusNotFound, messageNoUser)
	}
	return answer(http.StatusOK, s.dialect.users.single.of(u))
}

func (s *Server) deleteUser(c *call) reply {
	if err := s.store.deleteUser(c.path["userId"]); err != nil {
		return fail(http.StatusNotFound, messageNoUser)
	}
	return empty(http.StatusNoContent)
}

// deleteUserBasic also deletes the keys: a server with a single user does.
func (s *Server) deleteUserBasic(c *call) reply {
	id := c.path["userId"]
	keys, _ := s.store.listKeys(id, pageRequest{amount: maxPage})
	for _, key := range keys {
		if err := s.store.deleteKey(id, key.id); err != nil {
			return s.storeFailure(err)
		}
	}
	return s.deleteUser(c)
}

func (s *Server) listUserGroups(c *call) reply {
	groups, last, err := s.store.listGroupsOf(c.path["userId"], c.page)
	if err != nil {
		return s.storeFailure(err)
	}
	// Unlike any other list this one answers a whole id as its next offset, and
	// still reads `after` relative to the prefix.
	return answer(http.StatusOK, listOf(listed(groups, s.dialect.groups.ofUser.of), last))
}

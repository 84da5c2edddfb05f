// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import "net/http"

// externalJSON is an external principal on the wire.
type externalJSON struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
}

// checkExternals comes before authorization: a server that is not configured
// for external principals has no operation on them.
func (s *Server) checkExternals(c *call) *reply {
	if s.externals {
		return nil
	}
	return new(s.notImplemented(c))
}

func (s *Server) createUserExternalPrincipal(c *call) reply {
	return s.done(http.StatusCreated, s.store.addExternal(c.path["userId"], c.query.Get("principalId")))
}

func (s *Server) deleteUserExternalPrincipal(c *call) reply {
	return s.done(http.StatusNoContent, s.store.deleteExternal(c.path["userId"], c.query.Get("principalId")))
}

func (s *Server) getExternalPrincipal(c *call) reply {
	id := c.query.Get("principalId")
	owner, err := s.store.externalOwner(id)
	if err != nil {
		return s.storeFailure(err)
	}
	return answer(http.StatusOK, externalJSON{ID: id, UserID: owner})
}

func (s *Server) listUserExternalPrincipals(c *call) reply {
	userID := c.path["userId"]
	ids, last, err := s.store.listExternals(userID, c.page)
	if err != nil {
		return s.storeFailure(err)
	}
	view := func(id string) externalJSON { return externalJSON{ID: id, UserID: userID} }
	return answer(http.StatusOK, listOf(listed(ids, view), c.page.offset(last)))
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"net/http"
	"net/mail"
	"sync"
)

func (s *Server) getSetupState(*call) reply {
	return answer(http.StatusOK, s.dialect.setupState)
}

// setup always refuses: the server has been set up before it serves.
func (s *Server) setup(c *call) reply {
	if c.input.setup.Username == "" {
		return fail(http.StatusBadRequest, "empty user display name")
	}
	return fail(http.StatusConflict, "lakeFS already initialized")
}

func (s *Server) getAuthCapabilities(*call) reply {
	return answer(http.StatusOK, s.dialect.capabilities)
}

// currentUserJSON wraps the caller. An anonymous one is a user without an id.
type currentUserJSON struct {
	User userJSON `json:"user"`
}

func (s *Server) getCurrentUser(c *call) reply {
	var current currentUserJSON
	if c.caller != nil {
		current.User = s.dialect.users.current.of(*c.caller)
	}
	return answer(http.StatusOK, current)
}

// loginJSON is the answer to a login. The expiry is in Unix seconds.
type loginJSON struct {
	Token           string `json:"token"`
	TokenExpiration int64  `json:"token_expiration"`
}

func (s *Server) login(c *call) reply {
	if id := c.input.login.AccessKeyID; s.dialect.losesKey(id) {
		return fail(http.StatusInternalServerError, "authenticate access key "+id+
			": 1 error occurred:\n\t* built in authenticator: "+messageInternal+"\n\n")
	}
	caller, ok := s.callerByKey(c.input.login.AccessKeyID, c.input.login.SecretAccessKey)
	if !ok {
		caller, ok = s.callerByPassword(c.input.login.AccessKeyID, c.input.login.SecretAccessKey)
	}
	if !ok {
		return s.dialect.loginRefused
	}
	token, expires, err := s.tokens.issue(audienceLogin, caller.id, loginLifetime)
	if err != nil {
		return fail(http.StatusInternalServerError, messageInternal)
	}
	r := answer(http.StatusOK, loginJSON{Token: token, TokenExpiration: expires.Unix()})
	r.cookie = s.tokens.cookie(token, s.dialect.cookieFlags)
	return r
}

// callerByPassword serves users who have set a password; only the version with
// the password operations lets them.
func (s *Server) callerByPassword(email, password string) (*user, bool) {
	known, set := s.store.login(email)
	if !set || !sameSecret(known.password, password) {
		return nil, false
	}
	return s.callerByID(known.user)
}

// oauthCallback does nothing: no provider of OpenID Connect is configured.
func (s *Server) oauthCallback(*call) reply { return empty(http.StatusOK) }

// logout clears the cookie of a browser. The server keeps no sessions, so the
// token in it stays valid.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	//nolint:gosec // It has the flags of the cookie that it replaces.
	expired := s.tokens.cookie("", s.dialect.cookieFlags)
	expired.Value, expired.MaxAge = "", -1
	http.SetCookie(w, expired)
	http.Redirect(w, r, "/auth/login", http.StatusTemporaryRedirect)
}

// forgotPassword tells nobody whether the address is known, and sends no mail.
func (s *Server) forgotPassword(c *call) reply {
	if _, err := mail.ParseAddress(c.input.forgot.Email); err != nil {
		return fail(http.StatusBadRequest, "invalid email")
	}
	return empty(http.StatusNoContent)
}

// updatePassword sets the password of the user whose address the token names.
func (s *Server) updatePassword(c *call) reply {
	email, id, valid := s.tokens.verify(audienceReset, c.input.password.Token)
	if !valid || !s.spent.claim(id) {
		return fail(http.StatusUnauthorized, messageUnauthenticated)
	}
	u, err := s.store.userByEmail(email)
	if err != nil {
		return fail(http.StatusNotFound, http.StatusText(http.StatusNotFound))
	}
	s.store.setPassword(u, c.input.password.NewPassword)
	return empty(http.StatusCreated)
}

// PasswordResetToken returns the token that a mail of the forgot-password
// operation would carry, for an address. It can be used once.
func (s *Server) PasswordResetToken(email string) (string, error) {
	token, _, err := s.tokens.issue(audienceReset, email, resetLifetime)
	return token, err
}

// spentTokens remembers the ids of tokens that may be used only once.
type spentTokens struct {
	mu  sync.Mutex
	ids map[string]bool
}

func newSpentTokens() *spentTokens {
	return &spentTokens{ids: map[string]bool{}}
}

// claim reports whether the id is used for the first time.
func (t *spentTokens) claim(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ids[id] {
		return false
	}
	t.ids[id] = true
	return true
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// States of a session.
const (
	statusReady   = "READY"
	statusActive  = "ACTIVE"
	statusExpired = "EXPIRED"
	statusRevoked = "REVOKED"
)

var sessionStatuses = []string{statusReady, statusActive, "CANCELLED", statusExpired, statusRevoked, "ACCESS_LOST"}

// sessionLifetime is how long a session lives once it is used.
const sessionLifetime = 30 * 24 * time.Hour

// session is a stored session. Its nonce is not kept: nothing here takes one.
type session struct {
	id       int64
	kind     string
	clientID string
	status   string
	created  time.Time
	expires  time.Time
}

func compareSession(one session, id int64) int { return cmp.Compare(one.id, id) }

// sessionJSON is a session as it is answered. Times are milliseconds.
type sessionJSON struct {
	ID             int64  `json:"id"`
	Type           string `json:"type,omitempty"`
	Status         string `json:"status,omitempty"`
	CreationTime   int64  `json:"creationTime,omitempty"`
	ExpirationTime int64  `json:"expirationTime,omitempty"`
	ClientID       string `json:"clientId,omitempty"`
	// Nonce is answered once, to who creates the session.
	Nonce string `json:"nonce,omitempty"`
}

func (one session) shown() sessionJSON {
	return sessionJSON{
		ID: one.id, Type: one.kind, Status: one.status, ClientID: one.clientID,
		CreationTime: one.created.UnixMilli(), ExpirationTime: one.expires.UnixMilli(),
	}
}

// at returns the session as it is at a time: one that is still to be used or in
// use expires.
func (one session) at(now time.Time) session {
	if (one.status == statusReady || one.status == statusActive) && !now.Before(one.expires) {
		one.status = statusExpired
	}
	return one
}

// sessionRequest asks for a session, in exactly one of three ways.
type sessionRequest struct {
	ClientID             string `json:"clientId"`
	ClientSecret         string `json:"clientSecret"`
	TokenExchange        bool   `json:"tokenExchange"`
	OneShotTokenExchange bool   `json:"oneshotTokenExchange"`
}

// kind is the type of session that is asked for; empty if that is not clear.
func (r sessionRequest) kind() string {
	kinds := map[string]bool{
		"CLIENT_CREDENTIALS":     r.ClientID != "" && r.ClientSecret != "",
		"TOKEN_EXCHANGE":         r.TokenExchange,
		"ONESHOT_TOKEN_EXCHANGE": r.OneShotTokenExchange,
	}
	kind, count := "", 0
	for name, wanted := range kinds {
		if wanted {
			kind, count = name, count+1
		}
	}
	if count != 1 {
		return ""
	}
	return kind
}

func (s *Server) createSession(c *call, items []sessionRequest) reply {
	wanted, kind := items[0], items[0].kind()
	if kind == "" {
		return fail(http.StatusBadRequest, "give either clientId and clientSecret, or tokenExchange, or oneshotTokenExchange")
	}
	clientID := c.caller.id
	if wanted.ClientID != "" {
		if _, known := s.store.client(wanted.ClientID, wanted.ClientSecret); !known {
			return fail(http.StatusBadRequest, "the identity provider does not accept these client credentials")
		}
		clientID = wanted.ClientID
	}
	made := s.store.addSession(kind, clientID)
	return list([]sessionJSON{{ID: made.id, Type: kind, Status: made.status, ClientID: clientID, Nonce: newSecret()}})
}

func (s *Server) listSessions(c *call) reply {
	status := c.query.Get("status")
	if status != "" && !slices.Contains(sessionStatuses, status) {
		return fail(http.StatusBadRequest, fmt.Sprintf("status is %q: use one of %s", status, strings.Join(sessionStatuses, ", ")))
	}
	var shown []sessionJSON
	for _, one := range s.store.listSessions() {
		if status == "" || status == one.status {
			shown = append(shown, one.shown())
		}
	}
	return page(s, c, maxPage, shown, func(one sessionJSON) string { return idKey(one.ID) })
}

type sessionRef struct {
	ID int64 `json:"id"`
}

func (s *Server) retrieveSessions(_ *call, refs []sessionRef) reply {
	return s.showSessions(refs, s.store.sessionsByID)
}

// revokeSessions ends sessions. Who may not list them is told their ids alone.
func (s *Server) revokeSessions(c *call, refs []sessionRef) reply {
	r := s.showSessions(refs, s.store.revokeSessions)
	if r.problem == nil && !s.grant(c, sessionsACL, "LIST").all {
		return list(refs)
	}
	return r
}

// showSessions answers the sessions that get returns for the ids.
func (s *Server) showSessions(refs []sessionRef, get func([]int64) ([]session, error)) reply {
	ids := make([]int64, len(refs))
	for i, ref := range refs {
		ids[i] = ref.ID
	}
	found, err := get(ids)
	if missing, isMissing := errors.AsType[missingError](err); isMissing {
		return failMissing("there are no sessions with these ids", idRefs(missing))
	}
	shown := make([]sessionJSON, len(found))
	for i, one := range found {
		shown[i] = one.shown()
	}
	return list(shown)
}

func (s *store) addSession(kind, clientID string) session {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	made := session{
		id: s.newID(), kind: kind, clientID: clientID, status: statusReady,
		created: now, expires: now.Add(nonceLifetime),
	}
	s.sessions = append(s.sessions, made)
	return made
}

func (s *store) listSessions() []session {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now, all := s.now(), make([]session, len(s.sessions))
	for i, one := range s.sessions {
		all[i] = one.at(now)
	}
	return all
}

// sessionsByID returns sessions, all or none.
func (s *store) sessionsByID(ids []int64) ([]session, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.findSessions(ids)
}

// findSessions is sessionsByID for who holds the lock.
func (s *store) findSessions(ids []int64) ([]session, error) {
	now, found := s.now(), make([]session, 0, len(ids))
	var missing missingError
	for _, id := range ids {
		at, known := slices.BinarySearchFunc(s.sessions, id, compareSession)
		if !known {
			missing = append(missing, id)
			continue
		}
		found = append(found, s.sessions[at].at(now))
	}
	if missing != nil {
		return nil, missing
	}
	return found, nil
}

// revokeSessions ends those sessions that have not ended, all or none.
func (s *store) revokeSessions(ids []int64) ([]session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.findSessions(ids)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if found[i].status == statusReady || found[i].status == statusActive {
			found[i].status = statusRevoked
			s.putSession(found[i])
		}
	}
	return found, nil
}

// putSession stores a session that is there. The caller holds the lock.
func (s *store) putSession(one session) {
	at, _ := slices.BinarySearchFunc(s.sessions, one.id, compareSession)
	s.sessions[at] = one
}

// setStatus moves a session to a state.
func (s *store) setStatus(id int64, status string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.findSessions([]int64{id})
	if err != nil {
		return err
	}
	found[0].status = status
	if status == statusActive {
		found[0].expires = s.now().Add(sessionLifetime)
	}
	s.putSession(found[0])
	return nil
}

// SetSessionStatus does to a session what only other services and time do: they
// use it (ACTIVE), finish with it (CANCELLED) or find its access gone
// (ACCESS_LOST).
func (s *Server) SetSessionStatus(id int64, status string) error {
	if !slices.Contains(sessionStatuses, status) {
		return fmt.Errorf("status is %q: use one of %s", status, strings.Join(sessionStatuses, ", "))
	}
	if err := s.store.setStatus(id, status); err != nil {
		return fmt.Errorf("session %d: %w", id, err)
	}
	return nil
}

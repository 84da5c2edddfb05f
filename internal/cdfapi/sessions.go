// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"errors"
	"iter"
	"net/url"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Session lets a service of CDF act for a principal for a while.
type Session struct {
	ID int64
	// Type is CLIENT_CREDENTIALS, TOKEN_EXCHANGE or ONESHOT_TOKEN_EXCHANGE.
	Type string
	// Status is READY, ACTIVE, CANCELLED, EXPIRED, REVOKED or ACCESS_LOST.
	Status string
	// ClientID is "" for sessions that were not made with client credentials.
	ClientID string
	// CreationTime and ExpirationTime are in Unix milliseconds, 0 when the answer
	// has none.
	CreationTime, ExpirationTime int64
}

// sessionObject is a session in JSON.
type sessionObject struct {
	ID             number `json:"id"`
	Type           string `json:"type"`
	Status         string `json:"status"`
	ClientID       string `json:"clientId"`
	Nonce          string `json:"nonce"`
	CreationTime   number `json:"creationTime"`
	ExpirationTime number `json:"expirationTime"`
}

func (o sessionObject) session() Session {
	return Session{
		ID: int64(o.ID), Type: o.Type, Status: o.Status, ClientID: o.ClientID,
		CreationTime: int64(o.CreationTime), ExpirationTime: int64(o.ExpirationTime),
	}
}

// UnmarshalJSON refuses a session without id or status.
func (s *Session) UnmarshalJSON(data []byte) error {
	var object sessionObject
	if err := httpapi.UnmarshalObject(data, &object, "id", "status"); err != nil {
		return err
	}
	*s = object.session()
	return nil
}

// revokedSession is a session as revokeSessions answers it: a caller who may not
// list sessions gets only the id.
type revokedSession Session

// UnmarshalJSON refuses a session without id.
func (s *revokedSession) UnmarshalJSON(data []byte) error {
	var object sessionObject
	if err := httpapi.UnmarshalObject(data, &object, "id"); err != nil {
		return err
	}
	*s = revokedSession(object.session())
	return nil
}

// SessionCredentials say for whom a session is made: exactly one of client
// credentials, the caller's token, and the caller's token for one use. They print
// themselves without the secret.
type SessionCredentials struct {
	ClientID, ClientSecret              string
	TokenExchange, OneShotTokenExchange bool
}

// kinds counts what is said.
func (s SessionCredentials) kinds() int {
	count := 0
	for _, said := range []bool{s.ClientID != "" || s.ClientSecret != "", s.TokenExchange, s.OneShotTokenExchange} {
		if said {
			count++
		}
	}
	return count
}

// Errors of session credentials that say nothing useful.
var (
	errNotOneKind = errors.New("session credentials are exactly one of ClientID with ClientSecret, TokenExchange and OneShotTokenExchange")
	errHalfPair   = errors.New("session credentials need both ClientID and ClientSecret")
)

func (s SessionCredentials) check() error {
	switch {
	case s.kinds() != 1:
		return errNotOneKind
	case (s.ClientID == "") != (s.ClientSecret == ""):
		return errHalfPair
	}
	return nil
}

// CreatedSession is a new session with the nonce by which a service takes it over,
// within about a minute. It prints itself without the nonce.
type CreatedSession struct {
	ID int64
	// Type and ClientID are "" in answers that leave them out.
	Type, Status, ClientID, Nonce string
}

// UnmarshalJSON refuses a session without id or nonce.
func (s *CreatedSession) UnmarshalJSON(data []byte) error {
	var object sessionObject
	if err := httpapi.UnmarshalObject(data, &object, "id", "nonce"); err != nil {
		return err
	}
	*s = CreatedSession{ID: int64(object.ID), Type: object.Type, Status: object.Status, ClientID: object.ClientID, Nonce: object.Nonce}
	return nil
}

// CreateSession makes a session. It is not sent again when its outcome is unknown.
// This answer is the only one that ever holds the nonce.
func (c *Client) CreateSession(ctx context.Context, credentials SessionCredentials) (CreatedSession, error) {
	if err := credentials.check(); err != nil {
		return CreatedSession{}, opCreateSession.failed(err)
	}
	got, err := fetch[created[CreatedSession]](ctx, c, opCreateSession, arguments{object: credentials.ClientID, body: credentials})
	return got.item, err
}

// OwnSessionCredentials answers the client credentials that the client logs in
// with, and whether it does. With a token it may exchange that instead.
func (c *Client) OwnSessionCredentials() (SessionCredentials, bool) {
	return c.own()
}

// ListSessions answers the sessions of the project, or those of one status.
func (c *Client) ListSessions(ctx context.Context, status string, options ListOptions) iter.Seq2[Session, error] {
	args := arguments{}
	if status != "" {
		args.query = url.Values{"status": {status}}
	}
	return list[Session](ctx, c, opListSessions, args, options)
}

// RetrieveSessions answers sessions by id. An unknown id fails all of them.
func (c *Client) RetrieveSessions(ctx context.Context, ids ...int64) ([]Session, error) {
	return retrieve[Session](ctx, c, opRetrieveSessions, ids, MaxSessions, byID)
}

// RevokeSessions ends sessions, which may take an hour to have an effect. Sessions
// that are revoked already stay so. For a caller who may not list sessions the
// answers hold only the ids.
func (c *Client) RevokeSessions(ctx context.Context, ids ...int64) ([]Session, error) {
	revoked, err := retrieve[revokedSession](ctx, c, opRevokeSessions, ids, MaxSessions, byID)
	if err != nil {
		return nil, err
	}
	sessions := make([]Session, len(revoked))
	for i, session := range revoked {
		sessions[i] = Session(session)
	}
	return sessions, nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// CreateSession makes a session.
func (s *CDF) CreateSession(ctx context.Context, credentials cdfapi.SessionCredentials) (cdfapi.CreatedSession, error) {
	return permitted(ctx, &s.writer, func(ctx context.Context) (cdfapi.CreatedSession, error) {
		return s.Client.CreateSession(ctx, credentials)
	})
}

// EndSessions revokes sessions, as many at a time as the API takes. After each time told
// hears which were revoked, as the server answered them, and which do not exist: those are
// no error. The error of the first time that fails is an [UnrevokedError]; then no further
// sessions are asked for.
func (s *CDF) EndSessions(ctx context.Context, ids []int64, told func(revoked []cdfapi.Session, gone []int64)) error {
	for i := 0; i < len(ids); i += cdfapi.MaxSessions {
		some := ids[i:min(i+cdfapi.MaxSessions, len(ids))]
		revoked, gone, err := s.endSome(ctx, some)
		if len(revoked)+len(gone) > 0 {
			told(revoked, gone)
		}
		left := slices.DeleteFunc(slices.Clone(some), func(id int64) bool {
			return slices.Contains(gone, id) || slices.ContainsFunc(revoked, func(session cdfapi.Session) bool { return session.ID == id })
		})
		if err == nil && len(left) > 0 {
			err = errUnanswered
		}
		if err != nil {
			return unrevoked(ids, i+len(some)-len(left), left, ids[i+len(some):], err)
		}
	}
	return nil
}

// endSome revokes so many sessions as one request can be about. The server revokes all or
// none, so those that it does not know are left out of another request.
func (s *CDF) endSome(ctx context.Context, ids []int64) (revoked []cdfapi.Session, gone []int64, err error) {
	for len(ids) > 0 {
		revoked, err = permitted(ctx, &s.writer, func(ctx context.Context) ([]cdfapi.Session, error) {
			return s.RevokeSessions(ctx, ids...)
		})
		var missing []int64
		for _, named := range cdfapi.MissingOf(err) {
			if id, parseErr := strconv.ParseInt(named["id"], 10, 64); parseErr == nil && slices.Contains(ids, id) && !slices.Contains(missing, id) {
				missing = append(missing, id)
			}
		}
		if len(missing) == 0 {
			return revoked, gone, err
		}
		gone = append(gone, missing...)
		ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return slices.Contains(missing, id) })
	}
	return nil, gone, nil
}

// errUnanswered is the error of a success that says nothing of some sessions.
var errUnanswered = errors.New("revokeSessions (POST /projects/{project}/sessions/revoke): the server's answer does not name them")

// UnrevokedError says that sessions were not revoked, or may not have been.
type UnrevokedError struct {
	// All is how many were to be revoked, Done of how many that is settled.
	All, Done int
	// Unclear may have been revoked, Left were not.
	Unclear, Left []int64
	// Err is why.
	Err error
}

// unrevoked makes the error of a request that failed: it was about the sessions asked, and
// there was none yet about the sessions later.
func unrevoked(all []int64, done int, asked, later []int64, err error) *UnrevokedError {
	if errors.Is(err, errUnanswered) || httpapi.OutcomeUnknown(err) {
		return &UnrevokedError{All: len(all), Done: done, Unclear: asked, Left: later, Err: err}
	}
	return &UnrevokedError{All: len(all), Done: done, Left: slices.Concat(asked, later), Err: err}
}

// Error counts the sessions and gives the cause; which they are is for a longer message.
func (e *UnrevokedError) Error() string {
	return fmt.Sprintf("of %d sessions %d were not revoked, and of %d it is unknown: %v", e.All, len(e.Left), len(e.Unclear), e.Err)
}

// Unwrap answers the cause.
func (e *UnrevokedError) Unwrap() error { return e.Err }

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// GetCredentials looks a key of a user up. lakeFS keeps the keys of a deleted
// user and goes on listing them, so the key counts only while its user exists.
func (s *LakeFS) GetCredentials(ctx context.Context, userID, accessKeyID string) (lakefsapi.Credentials, bool, error) {
	credentials, known, err := s.credentials.of(userID).look(ctx, accessKeyID, fewEdges)
	if err != nil {
		return lakefsapi.Credentials{}, false, err
	}
	if known == there {
		_, exists, err := s.GetUser(ctx, userID)
		if exists || err != nil && !lakefsapi.IsNotPermitted(err) {
			return credentials, exists, err
		}
	}
	return s.readCredentials(ctx, userID, accessKeyID)
}

func (s *LakeFS) readCredentials(ctx context.Context, userID, accessKeyID string) (lakefsapi.Credentials, bool, error) {
	credentials, ok, err := first(s.ListUserCredentials(ctx, userID, byID(accessKeyID)), func(c lakefsapi.Credentials) bool {
		return c.AccessKeyID == accessKeyID
	})
	if err == nil && ok {
		_, ok, err = s.readUser(ctx, userID)
	}
	switch {
	case lakefsapi.IsNotPermitted(err):
		return found(s.client.GetCredentials(ctx, userID, accessKeyID))
	case err != nil || !ok:
		return lakefsapi.Credentials{}, false, err
	}
	return credentials, true, nil
}

// ListUserCredentials lists the keys of a user, never their secrets. A user that
// was deleted may still have some.
func (s *LakeFS) ListUserCredentials(ctx context.Context, userID string, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Credentials, error] {
	return checked(func() error { return s.addressable(ctx, kindUser, userID) }, s.client.ListUserCredentials(ctx, userID, options))
}

// CreateCredentials makes a new key for a user. When an answer is lost, the key
// that the server may have made is unusable, since its secret is gone: it is
// returned in orphans, left alone, and another key is made, within the client's
// limit of retries. When the server reported the key as made, in an answer that
// could not be read, no other is made: the error is an [UnreadableError]. Orphans
// are returned with an error too. Creates of keys of one user are serialised, so
// that two of them do not take each other's key for an orphan.
func (s *LakeFS) CreateCredentials(ctx context.Context, userID string) (created lakefsapi.CredentialsWithSecret, orphans []string, err error) {
	lock := s.keyLock(userID)
	lock.Lock()
	defer lock.Unlock()
	defer s.credentials.forget(userID) // what was listed lacks the new key

	if err := s.addressable(ctx, kindUser, userID); err != nil {
		return created, nil, err
	}
	before, lookErr := s.keysOf(ctx, userID)
	if lookErr != nil && !lakefsapi.IsNotPermitted(lookErr) {
		return created, nil, lookErr
	}
	send := ctx
	for first := true; ; first = false {
		created, err = permitted(send, &s.writer, begun(&s.writer, func(ctx context.Context) (lakefsapi.CredentialsWithSecret, error) {
			return s.client.CreateCredentials(ctx, userID)
		}))
		certain := !httpapi.OutcomeUnknown(err)
		if certain && first {
			return s.dated(ctx, userID, created), nil, err
		}
		if lookErr != nil {
			return created, nil, unseen(kindCredentials, userID, err, lookErr)
		}
		// An earlier attempt may have arrived by now, so all are looked for anew.
		now, _, listErr := lookTwice(ctx, func(ctx context.Context) ([]string, bool, error) {
			ids, err := s.keysOf(ctx, userID)
			return ids, err == nil, err
		})
		if listErr == nil {
			orphans = slices.DeleteFunc(now, func(id string) bool {
				return id == created.AccessKeyID || slices.Contains(before, id)
			})
		}
		switch {
		case certain:
			return s.dated(ctx, userID, created), orphans, err
		case listErr != nil:
			return created, orphans, unseen(kindCredentials, userID, err, listErr)
		case httpapi.AnswerUnusable(err):
			return created, orphans, &UnreadableError{Kind: kindCredentials, ID: userID, Err: err}
		case len(orphans) >= maxOrphans:
			return created, orphans, err
		}
		if send, err = s.client.AwaitRetry(ctx, err); err != nil {
			return created, orphans, err
		}
	}
}

// dated looks up the date of a new key when the server's answer lacks it. It stays
// 0 when that fails: the key is made and works, and a later read tells the date.
func (s *LakeFS) dated(ctx context.Context, userID string, key lakefsapi.CredentialsWithSecret) lakefsapi.CredentialsWithSecret {
	if key.CreationDate != 0 || key.AccessKeyID == "" {
		return key
	}
	listed, ok, err := first(s.client.ListUserCredentials(ctx, userID, byID(key.AccessKeyID)), func(c lakefsapi.Credentials) bool {
		return c.AccessKeyID == key.AccessKeyID
	})
	if err == nil && ok {
		key.CreationDate = listed.CreationDate
	}
	return key
}

// DeleteCredentials revokes a key. A key that is gone is no error.
func (s *LakeFS) DeleteCredentials(ctx context.Context, userID, accessKeyID string) error {
	o := object[lakefsapi.Credentials]{
		kind: kindCredentials, id: userID + "/" + accessKeyID,
		look: func(ctx context.Context) (lakefsapi.Credentials, bool, error) {
			return s.readCredentials(ctx, userID, accessKeyID)
		},
		drop:  func() { s.credentials.of(userID).drop(accessKeyID) },
		doubt: func() { s.credentials.of(userID).doubt(accessKeyID) },
	}
	return remove(ctx, &s.writer, o, func(ctx context.Context) error {
		if err := s.addressable(ctx, kindUser, userID); err != nil {
			return err
		}
		return s.client.DeleteCredentials(ctx, userID, accessKeyID)
	})
}

// keyLock returns the lock that serialises creates of keys of one user.
func (s *LakeFS) keyLock(userID string) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	lock, ok := s.keyLocks[userID]
	if !ok {
		lock = new(sync.Mutex)
		s.keyLocks[userID] = lock
	}
	return lock
}

func (s *LakeFS) keysOf(ctx context.Context, userID string) ([]string, error) {
	var ids []string
	for credentials, err := range s.ListUserCredentials(ctx, userID, lakefsapi.ListOptions{}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, credentials.AccessKeyID)
	}
	return ids, nil
}

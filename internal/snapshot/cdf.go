// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// What users call the objects of CDF.
const (
	kindCDFGroup         = "CDF group"
	kindSecurityCategory = "security category"
)

const (
	// cdfGrantDelay is how long CDF may go on refusing what was just granted:
	// capabilities are eventually consistent there, within seconds as a rule.
	cdfGrantDelay = 25 * time.Second
	// cancelGrace is how long a write that has begun goes on when its command is
	// cancelled: nobody may be left without knowing what became of it.
	cancelGrace = 30 * time.Second
)

// CDF reads and writes the IAM objects of one CDF project for one provider
// instance. The operations that need no rule above a single call are the
// client's own. It is safe for concurrent use.
type CDF struct {
	writer
	*cdfapi.Client

	nameLocks map[string]*sync.Mutex
	listings  cdfListings
	caller    asked[CDFCaller]
}

// NewCDF returns a snapshot of the project that the client speaks to.
func NewCDF(client *cdfapi.Client, options ...Option) *CDF {
	s := &CDF{
		Client:    client,
		nameLocks: make(map[string]*sync.Mutex),
		writer: writer{
			notPermitted: lacksCapability,
			exists:       cdfapi.IsDuplicated,
			notFound:     namesMissing,
			awaitRetry:   client.AwaitRetry,
			grantDelay:   cdfGrantDelay,
		},
	}
	s.begin(options)
	s.openListings()
	return s
}

// namesMissing tells whether a refusal names what does not exist. A 404 alone says
// nothing about an object: the base URL may lead elsewhere.
func namesMissing(err error) bool { return len(cdfapi.MissingOf(err)) > 0 }

// SetUserProfilesEnabled switches the user profiles of the project on or off.
func (s *CDF) SetUserProfilesEnabled(ctx context.Context, enabled bool) (bool, error) {
	return permitted(ctx, &s.writer, func(ctx context.Context) (bool, error) {
		return s.Client.SetUserProfilesEnabled(ctx, enabled)
	})
}

// lacksCapability tells whether an error says that the caller lacks a capability.
func lacksCapability(err error) bool {
	_, partial := errors.AsType[*PartialListError](err)
	return partial || cdfapi.IsNotPermitted(err)
}

// nameLock returns the lock that serialises creates of groups of one name.
func (s *CDF) nameLock(name string) *sync.Mutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	lock, ok := s.nameLocks[name]
	if !ok {
		lock = new(sync.Mutex)
		s.nameLocks[name] = lock
	}
	return lock
}

// InspectTokenUntil inspects the caller's token. An answer that is not what the
// caller of this method waits for may be from before the last grant of this process:
// then it asks again until CDF must have learnt of it.
func (s *CDF) InspectTokenUntil(ctx context.Context, awaited func(cdfapi.TokenInspection) bool) (cdfapi.TokenInspection, error) {
	return askUntil(ctx, &s.writer, s.InspectToken, awaited)
}

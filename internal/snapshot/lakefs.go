// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"sync"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const (
	// grantDelay is how long lakeFS may go on refusing what was just granted: its
	// authorization cache keeps a user's policies for 20 s and up to 3 s more.
	grantDelay = 25 * time.Second
	// grantRetry is the pause between two attempts within grantDelay.
	grantRetry = 2 * time.Second
	// updates is how often an update is sent in all that meets false 404s.
	updates = 5
	// maxOrphans is how many keys of lost answers are left behind by one create.
	maxOrphans = 5
)

// LakeFS reads and writes the auth objects of one lakeFS server for one
// provider instance. It is safe for concurrent use.
type LakeFS struct {
	client *lakefsapi.Client
	now    func() time.Time
	sleep  func(context.Context, time.Duration) error

	mu        sync.Mutex
	claims    map[string]bool
	lastGrant time.Time
	keyLocks  map[string]*sync.Mutex
}

// LakeFSOption changes how a LakeFS behaves; tests use them to control time.
type LakeFSOption func(*LakeFS)

// WithClock replaces the clock and the pauses that wait for lakeFS to learn of a
// change. The pauses before a lost write is sent again are the client's.
func WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error) LakeFSOption {
	return func(s *LakeFS) { s.now, s.sleep = now, sleep }
}

// NewLakeFS returns a snapshot of the server that the client speaks to.
func NewLakeFS(client *lakefsapi.Client, options ...LakeFSOption) *LakeFS {
	s := &LakeFS{
		client:   client,
		now:      time.Now,
		sleep:    httpapi.Sleep,
		claims:   make(map[string]bool),
		keyLocks: make(map[string]*sync.Mutex),
	}
	for _, option := range options {
		option(s)
	}
	return s
}

// Endpoint is the URL of the server, for messages.
func (s *LakeFS) Endpoint() string { return s.client.Endpoint() }

// claim reserves an object for one resource of this process.
func (s *LakeFS) claim(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claims[key] {
		return false
	}
	s.claims[key] = true
	return true
}

func (s *LakeFS) release(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.claims, key)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"sync"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

const (
	// lakefsGrantDelay is how long lakeFS may go on refusing what was just granted:
	// its authorization cache keeps a user's policies for 20 s and up to 3 s more.
	lakefsGrantDelay = 25 * time.Second
	// grantRetry is the pause between two attempts while that may be so.
	grantRetry = 2 * time.Second
	// updates is how often an update is sent in all that meets false 404s.
	updates = 5
	// maxOrphans is how many keys of lost answers are left behind by one create.
	maxOrphans = 5
)

// LakeFS reads and writes the auth objects of one lakeFS server for one
// provider instance. It is safe for concurrent use.
type LakeFS struct {
	writer

	client       *lakefsapi.Client
	keyLocks     map[string]*sync.Mutex
	callerID     asked[string]
	callerGroups asked[[]string]
	caller       asked[LakeFSCaller]
	access       asked[LakeFSAccess]
}

// NewLakeFS returns a snapshot of the server that the client speaks to.
func NewLakeFS(client *lakefsapi.Client, options ...Option) *LakeFS {
	s := &LakeFS{
		client:   client,
		keyLocks: make(map[string]*sync.Mutex),
		writer: writer{
			notPermitted: lakefsapi.IsNotPermitted,
			exists:       lakefsapi.IsAlreadyExists,
			notFound:     lakefsapi.IsNotFound,
			awaitRetry:   client.AwaitRetry,
			grantDelay:   lakefsGrantDelay,
		},
	}
	s.begin(options)
	return s
}

// AccessKeyID is the key that the caller signs with; empty with a token.
func (s *LakeFS) AccessKeyID() string { return s.client.AccessKeyID() }

// Endpoint is the URL of the server, for messages.
func (s *LakeFS) Endpoint() string { return s.client.Endpoint() }

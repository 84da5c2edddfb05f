// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"iter"
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
	users        *listing[lakefsapi.User]
	groups       *listing[lakefsapi.Group]
	policies     *listing[lakefsapi.Policy]
	members      *listings[string, lakefsapi.User]
	attached     *listings[Principal, lakefsapi.Policy]
	credentials  *listings[string, lakefsapi.Credentials]
	keyLocks     map[string]*sync.Mutex
	callerID     asked[string]
	callerGroups asked[[]string]
	caller       asked[LakeFSCaller]
	access       asked[LakeFSAccess]
	setupState   asked[lakefsapi.SetupState]

	managedMu   sync.Mutex
	managedSets map[string]managers
}

// NewLakeFS returns a snapshot of the server that the client speaks to.
func NewLakeFS(client *lakefsapi.Client, options ...Option) *LakeFS {
	s := &LakeFS{
		client:      client,
		keyLocks:    make(map[string]*sync.Mutex),
		managedSets: make(map[string]managers),
		writer: writer{
			notPermitted: lakefsapi.IsNotPermitted,
			exists:       lakefsapi.IsAlreadyExists,
			notFound:     lakefsapi.IsNotFound,
			awaitRetry:   client.AwaitRetry,
			grantDelay:   lakefsGrantDelay,
			grace:        lakefsGrace,
		},
	}
	s.begin(options)
	s.openListings()
	return s
}

// openListings begins with nothing known of the server.
func (s *LakeFS) openListings() {
	policyID := func(p lakefsapi.Policy) string { return p.ID }
	userID := func(u lakefsapi.User) string { return u.ID }
	s.users = listingOfLakeFS(userID, s.client.ListUsers)
	s.groups = listingOfLakeFS(func(g lakefsapi.Group) string { return g.ID }, s.client.ListGroups)
	s.policies = listingOfLakeFS(policyID, s.client.ListPolicies)
	s.members = newListings(func(groupID string) *listing[lakefsapi.User] {
		return listingOfLakeFS(userID, func(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.User, error] {
			return s.ListGroupMembers(ctx, groupID, options)
		})
	})
	s.attached = newListings(func(principal Principal) *listing[lakefsapi.Policy] {
		return listingOfLakeFS(policyID, func(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Policy, error] {
			return s.ListAttachedPolicies(ctx, principal, options)
		})
	})
	s.credentials = newListings(func(userID string) *listing[lakefsapi.Credentials] {
		return listingOfLakeFS(func(c lakefsapi.Credentials) string { return c.AccessKeyID }, func(ctx context.Context, options lakefsapi.ListOptions) iter.Seq2[lakefsapi.Credentials, error] {
			return s.ListUserCredentials(ctx, userID, options)
		})
	})
}

// listingOfLakeFS reads a listing of lakeFS page by page.
func listingOfLakeFS[T any](id func(T) string, list func(context.Context, lakefsapi.ListOptions) iter.Seq2[T, error]) *listing[T] {
	return newListing(listed[T]{
		id: id,
		page: func(ctx context.Context, after string) (items []T, next string, more bool, err error) {
			options := lakefsapi.ListOptions{After: after, Page: func(at string, follows bool) { next, more = at, follows }}
			items, err = collect(list(ctx, options))
			return items, next, more, err
		},
		refused: func(err error) bool { return lakefsapi.IsNotPermitted(err) || lakefsapi.IsNotImplemented(err) },
		absent:  lakefsapi.IsNotFound,
	})
}

// Of how many objects of one listing each is looked up by itself before the listing is read.
// A user, group or policy is one of a server full; the members of a group may be very many,
// those of which Terraform manages a few; what is attached to a principal, and its keys, are
// few.
const (
	fewObjects = 1
	fewMembers = 3
	fewEdges   = 0
	// beforeWrite is for the look before an object is made, which as a rule is not there: an
	// apply that makes it makes others, too.
	beforeWrite = 0
)

// AccessKeyID is the key that the caller signs with; empty with a token.
func (s *LakeFS) AccessKeyID() string { return s.client.AccessKeyID() }

// Endpoint is the URL of the server, for messages.
func (s *LakeFS) Endpoint() string { return s.client.Endpoint() }

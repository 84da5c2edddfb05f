// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"time"
)

// Errors of the store.
var errFull = errors.New("the limit is reached")

// missingError lists the ids that a request needs and that do not exist.
type missingError []int64

// Error counts the ids.
func (e missingError) Error() string { return "ids do not exist" }

// duplicatedError lists the names that a request wants and that are taken.
type duplicatedError []string

// Error counts the names.
func (e duplicatedError) Error() string { return "names are taken" }

// store keeps everything in memory behind one lock. Lists are in the order of
// their ids, which is that of creation.
type store struct {
	now        func() time.Time
	delay      time.Duration
	groupLimit int

	mu sync.RWMutex
	// lastID is the last id that was given to anything.
	lastID int64
	// groups holds deleted ones, too: they count against the limit.
	groups     []group
	categories []category
	sessions   []session
	// principals are in the order of their ids.
	principals      []principal
	profilesEnabled bool
}

func newStore(options Options) *store {
	return &store{
		now:             options.Now,
		delay:           options.CapabilityDelay,
		groupLimit:      options.GroupLimit,
		lastID:          firstID,
		profilesEnabled: !options.DisableUserProfiles,
	}
}

// newID returns an id that nothing had before. The caller holds the lock.
func (s *store) newID() int64 {
	s.lastID += newIDStep()
	return s.lastID
}

// addGroups makes groups, all or none, and returns them with their ids.
func (s *store) addGroups(made []group) ([]group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.groups)+len(made) > s.groupLimit {
		return nil, errFull
	}
	for i := range made {
		made[i] = made[i].stored(s.newID(), s.now())
	}
	s.groups = append(s.groups, made...)
	return made, nil
}

// plantGroup stores a group that was there before the first request, or that
// nobody asked for. It holds at once, whatever the limit and the delay are.
func (s *store) plantGroup(g group) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	g = g.stored(s.newID(), time.Time{})
	s.groups = append(s.groups, g)
	return g.id
}

// deleteGroups deletes groups, all or none.
func (s *store) deleteGroups(ids []int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*group
	var missing missingError
	for _, id := range ids {
		at, known := slices.BinarySearchFunc(s.groups, id, func(g group, id int64) int { return cmp.Compare(g.id, id) })
		if !known || s.groups[at].isDeleted() {
			missing = append(missing, id)
			continue
		}
		found = append(found, &s.groups[at])
	}
	if missing != nil {
		return missing
	}
	for _, g := range found {
		g.deleted = s.now()
	}
	return nil
}

// listGroups returns all groups that are kept, deleted ones included.
func (s *store) listGroups() []group {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.groups)
}

// effectiveGroups returns the groups of a caller as authorization knows them: a
// change of groups reaches it only after the delay.
func (s *store) effectiveGroups(p principal) []group {
	s.mu.RLock()
	defer s.mu.RUnlock()
	known := s.now().Add(-s.delay)
	var groups []group
	for _, g := range s.groups {
		if !g.created.After(known) && (!g.isDeleted() || g.deleted.After(known)) && g.has(p) {
			groups = append(groups, g)
		}
	}
	return groups
}

// addPrincipal adds a user or a client. Their ids are unique.
func (s *store) addPrincipal(p principal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, taken := slices.BinarySearchFunc(s.principals, p.id, comparePrincipal)
	if taken {
		return errors.New("the id is taken")
	}
	s.principals = slices.Insert(s.principals, at, p)
	return nil
}

func (s *store) principal(id string) (principal, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, known := slices.BinarySearchFunc(s.principals, id, comparePrincipal)
	if !known {
		return principal{}, false
	}
	return s.principals[at], true
}

func comparePrincipal(p principal, id string) int { return cmp.Compare(p.id, id) }

func (s *store) listPrincipals() []principal {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.principals)
}

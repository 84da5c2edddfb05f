// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// Errors of the store. How they look on the wire is up to the dialect.
var (
	errExists = errors.New("it exists already")
	errNoKey  = errors.New("no such access key")
	// errNoUpdate is missing apart from other objects: its message never names it.
	errNoUpdate = errors.New("no such policy to update")
)

// missingError says which object a request needed and did not find.
type missingError struct{ id string }

// Error names the object.
func (e missingError) Error() string { return e.id + " does not exist" }

// user is a stored user.
type user struct {
	id      string
	email   string
	created int64
}

// group is a stored group; name and id differ when the server chooses ids.
type group struct {
	id          string
	name        string
	description string
	created     int64
}

// accessKey is a stored key pair. It outlives its user: lakeFS does not delete
// the keys of a deleted user, and they work again for a new one of that id.
type accessKey struct {
	id      string
	secret  string
	user    string
	created int64
}

// login is the password that a user has set.
type login struct {
	user     string
	password string
}

// principal is the user or group that a policy is attached to.
type principal struct {
	kind string
	id   string
}

// The kinds of principals, as paths and ARNs spell them.
const (
	kindUser  = "user"
	kindGroup = "group"
)

// store keeps everything in memory behind one lock. Every list has an ordered
// index, so a page costs the logarithm of the whole plus the page.
type store struct {
	now func() time.Time
	// newGroupID turns the name of a new group into its id.
	newGroupID func(name string) string
	cache      *authCache

	mu        sync.RWMutex
	users     map[string]user
	userIDs   index
	groups    map[string]group
	groupIDs  index
	names     map[string]string // group name to group id
	policies  map[string]policy
	policyIDs index

	members  map[string]*index // group id to user ids
	groupsOf map[string]*index // user id to group ids

	attached   map[principal]*index              // principal to policy ids
	attachedTo map[string]map[principal]struct{} // policy id to principals

	keys      map[string]accessKey
	keysOf    map[string]*index // user id to access key ids
	passwords map[string]login  // by e-mail address

	externals   map[string]string // external principal to user id
	externalsOf map[string]*index // user id to external principals
}

func newStore(now func() time.Time, newGroupID func(string) string, cache *authCache) *store {
	return &store{
		now:         now,
		newGroupID:  newGroupID,
		cache:       cache,
		users:       map[string]user{},
		groups:      map[string]group{},
		names:       map[string]string{},
		policies:    map[string]policy{},
		members:     map[string]*index{},
		groupsOf:    map[string]*index{},
		attached:    map[principal]*index{},
		attachedTo:  map[string]map[principal]struct{}{},
		keys:        map[string]accessKey{},
		keysOf:      map[string]*index{},
		passwords:   map[string]login{},
		externals:   map[string]string{},
		externalsOf: map[string]*index{},
	}
}

// indexOf returns the index under a key, making it when there is none.
func indexOf[K comparable](indexes map[K]*index, key K) *index {
	x := indexes[key]
	if x == nil {
		x = &index{}
		indexes[key] = x
	}
	return x
}

func (s *store) addUser(id, email string) (user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.users[id]; exists {
		return user{}, errExists
	}
	u := user{id: id, email: email, created: s.now().Unix()}
	s.users[id] = u
	s.userIDs.add(id)
	return u, nil
}

// user returns one user. With the auth cache on it may be one that was deleted
// a moment ago.
func (s *store) user(id string) (user, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.knownUser(id)
}

// knownUser is the lookup behind every operation that needs a user to exist,
// lists excepted. The caller holds the lock.
func (s *store) knownUser(id string) (user, error) {
	if u, cached := s.cache.user(id); cached {
		return u, nil
	}
	u, known := s.users[id]
	if !known {
		return user{}, missingError{id}
	}
	s.cache.keepUser(u)
	return u, nil
}

// userByEmail serves the password operations, which know no ids. It
// looks at every user, for an operation that is rare.
func (s *store) userByEmail(email string) (user, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, u := range s.users {
		if u.email != "" && u.email == email {
			return u, nil
		}
	}
	return user{}, missingError{email}
}

// deleteUser removes the user with its memberships and attachments. Its access
// keys stay, as they do in lakeFS.
func (s *store) deleteUser(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.knownUser(id); err != nil {
		return err
	}
	delete(s.passwords, s.users[id].email)
	delete(s.users, id)
	s.userIDs.remove(id)
	for groupID := range s.groupsOf[id].from("") {
		s.members[groupID].remove(id)
	}
	delete(s.groupsOf, id)
	s.detachAll(principal{kindUser, id})
	for external := range s.externalsOf[id].from("") {
		delete(s.externals, external)
	}
	delete(s.externalsOf, id)
	return nil
}

func (s *store) listUsers(p pageRequest) ([]user, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return page(&s.userIDs, p, s.storedUser)
}

func (s *store) storedUser(id string) (user, bool) {
	u, known := s.users[id]
	return u, known
}

// addGroup makes a group. Names are unique, whoever chooses the ids.
func (s *store) addGroup(name, description string) (group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.names[name]; exists {
		return group{}, errExists
	}
	g := group{id: s.newGroupID(name), name: name, description: description, created: s.now().Unix()}
	s.groups[g.id] = g
	s.names[name] = g.id
	s.groupIDs.add(g.id)
	return g, nil
}

func (s *store) group(id string) (group, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, known := s.groups[id]
	if !known {
		return group{}, missingError{id}
	}
	return g, nil
}

// groupIDByName answers the id of the group with a name.
func (s *store) groupIDByName(name string) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	id, known := s.names[name]
	if !known {
		return "", missingError{name}
	}
	return id, nil
}

// deleteGroup removes the group with its memberships and attachments.
func (s *store) deleteGroup(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, known := s.groups[id]
	if !known {
		return missingError{id}
	}
	delete(s.groups, id)
	delete(s.names, g.name)
	s.groupIDs.remove(id)
	for userID := range s.members[id].from("") {
		s.groupsOf[userID].remove(id)
	}
	delete(s.members, id)
	s.detachAll(principal{kindGroup, id})
	return nil
}

func (s *store) listGroups(p pageRequest) ([]group, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return page(&s.groupIDs, p, s.storedGroup)
}

func (s *store) storedGroup(id string) (group, bool) {
	g, known := s.groups[id]
	return g, known
}

func (s *store) addPolicy(p policy) (policy, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.policies[p.ID]; exists {
		return policy{}, errExists
	}
	p.Created = s.now().Unix()
	s.policies[p.ID] = p
	s.policyIDs.add(p.ID)
	return p, nil
}

// updatePolicy replaces a policy. Its creation date becomes now, even when
// nothing else changes.
func (s *store) updatePolicy(p policy) (policy, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.policies[p.ID]; !exists {
		return policy{}, errNoUpdate
	}
	p.Created = s.now().Unix()
	s.policies[p.ID] = p
	return p, nil
}

func (s *store) policy(id string) (policy, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, known := s.policies[id]
	if !known {
		return policy{}, missingError{id}
	}
	return p, nil
}

// deletePolicy removes the policy everywhere it is attached.
func (s *store) deletePolicy(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.policies[id]; !known {
		return missingError{id}
	}
	delete(s.policies, id)
	s.policyIDs.remove(id)
	for holder := range s.attachedTo[id] {
		s.attached[holder].remove(id)
	}
	delete(s.attachedTo, id)
	return nil
}

func (s *store) listPolicies(p pageRequest) ([]policy, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return page(&s.policyIDs, p, s.storedPolicy)
}

func (s *store) storedPolicy(id string) (policy, bool) {
	p, known := s.policies[id]
	return p, known
}

// effectivePolicies answers the union of the policies of the user and of the
// user's groups, sorted by id.
func (s *store) effectivePolicies(userID string) []policy {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := slices.Collect(s.attached[principal{kindUser, userID}].from(""))
	for groupID := range s.groupsOf[userID].from("") {
		ids = slices.AppendSeq(ids, s.attached[principal{kindGroup, groupID}].from(""))
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	policies := make([]policy, len(ids))
	for i, id := range ids {
		policies[i] = s.policies[id]
	}
	return policies
}

// authorizing answers the policies that decide a request of the user; with the
// auth cache on they may be some seconds old.
func (s *store) authorizing(userID string) []policy {
	if policies, cached := s.cache.policies(userID); cached {
		return policies
	}
	policies := s.effectivePolicies(userID)
	s.cache.keepPolicies(userID, policies)
	return policies
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

// This file holds the relations of the store: memberships, attachments, access
// keys and external principals.

// addMember puts a user into a group. The user is looked up first, so its
// absence is reported when both are missing.
func (s *store) addMember(groupID, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.requireMember(groupID, userID); err != nil {
		return err
	}
	if !indexOf(s.members, groupID).add(userID) {
		return errExists
	}
	indexOf(s.groupsOf, userID).add(groupID)
	return nil
}

// removeMember takes a user out of a group; it is no error when the user was
// not in it.
func (s *store) removeMember(groupID, userID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.requireMember(groupID, userID); err != nil {
		return err
	}
	s.members[groupID].remove(userID)
	s.groupsOf[userID].remove(groupID)
	return nil
}

func (s *store) requireMember(groupID, userID string) error {
	if _, err := s.knownUser(userID); err != nil {
		return err
	}
	if _, known := s.groups[groupID]; !known {
		return missingError{groupID}
	}
	return nil
}

func (s *store) listMembers(groupID string, p pageRequest) ([]user, string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, known := s.groups[groupID]; !known {
		return nil, "", missingError{groupID}
	}
	users, next := page(s.members[groupID], p, s.storedUser)
	return users, next, nil
}

func (s *store) listGroupsOf(userID string, p pageRequest) ([]group, string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, err := s.knownUser(userID); err != nil {
		return nil, "", err
	}
	groups, next := page(s.groupsOf[userID], p, s.storedGroup)
	return groups, next, nil
}

// attach gives a policy to a principal; the principal is looked up first.
func (s *store) attach(holder principal, policyID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.requireAttachment(holder, policyID); err != nil {
		return err
	}
	if !s.link(holder, policyID) {
		return errExists
	}
	return nil
}

// link records an attachment and reports whether it is new. The caller holds
// the lock.
func (s *store) link(holder principal, policyID string) bool {
	if !indexOf(s.attached, holder).add(policyID) {
		return false
	}
	if s.attachedTo[policyID] == nil {
		s.attachedTo[policyID] = map[principal]struct{}{}
	}
	s.attachedTo[policyID][holder] = struct{}{}
	return true
}

// detach takes a policy from a principal; it is no error when it was not
// attached.
func (s *store) detach(holder principal, policyID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.requireAttachment(holder, policyID); err != nil {
		return err
	}
	s.attached[holder].remove(policyID)
	delete(s.attachedTo[policyID], holder)
	return nil
}

func (s *store) requireAttachment(holder principal, policyID string) error {
	if holder.kind == kindUser {
		if _, err := s.knownUser(holder.id); err != nil {
			return err
		}
	} else if _, known := s.groups[holder.id]; !known {
		return missingError{holder.id}
	}
	if _, known := s.policies[policyID]; !known {
		return missingError{policyID}
	}
	return nil
}

// setGroupPolicy stores a policy, new or not, and makes it the only one of a
// group. The policy stays when there is no such group.
func (s *store) setGroupPolicy(groupID string, p policy) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Created = s.now().Unix()
	s.policies[p.ID] = p
	s.policyIDs.add(p.ID)
	if _, known := s.groups[groupID]; !known {
		return missingError{groupID}
	}
	holder := principal{kindGroup, groupID}
	s.detachAll(holder)
	s.link(holder, p.ID)
	return nil
}

// detachAll forgets all attachments of a principal. The caller holds the lock.
func (s *store) detachAll(holder principal) {
	for policyID := range s.attached[holder].from("") {
		delete(s.attachedTo[policyID], holder)
	}
	delete(s.attached, holder)
}

// listAttached answers the policies attached to a principal; a principal that
// does not exist has none.
func (s *store) listAttached(holder principal, p pageRequest) ([]policy, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return page(s.attached[holder], p, s.storedPolicy)
}

// addKey stores a key pair for a user.
func (s *store) addKey(userID, id, secret string) (accessKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.knownUser(userID); err != nil {
		return accessKey{}, err
	}
	if _, exists := s.keys[id]; exists {
		return accessKey{}, errExists
	}
	key := accessKey{id: id, secret: secret, user: userID, created: s.now().Unix()}
	s.keys[id] = key
	indexOf(s.keysOf, userID).add(id)
	return key, nil
}

// key finds a key pair by its id alone, as authentication does.
func (s *store) key(id string) (accessKey, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.knownKey(id)
}

// knownKey is the lookup of a key through the auth cache. lakeFS asks every user
// for the key, so it does not find those that a deleted user left. The caller
// holds the lock.
func (s *store) knownKey(id string) (accessKey, error) {
	if key, cached := s.cache.key(id); cached {
		return key, nil
	}
	key, known := s.keys[id]
	if _, owned := s.users[key.user]; !known || !owned {
		return accessKey{}, errNoKey
	}
	s.cache.keepKey(key)
	return key, nil
}

// keyOf finds a key of one user. The user must exist: the keys that a deleted
// user left behind are listed, but cannot be read one by one.
func (s *store) keyOf(userID, id string) (accessKey, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, err := s.knownUser(userID); err != nil {
		return accessKey{}, errNoKey
	}
	key, err := s.knownKey(id)
	if err != nil || key.user != userID {
		return accessKey{}, errNoKey
	}
	return key, nil
}

// deleteKey removes a key of a user. Naming the key of another user is no error
// and deletes nothing.
func (s *store) deleteKey(userID, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.knownUser(userID); err != nil {
		return errNoKey
	}
	key, err := s.knownKey(id)
	if err != nil {
		return err
	}
	if key.user == userID {
		delete(s.keys, id)
		s.keysOf[userID].remove(id)
	}
	return nil
}

// listKeys answers the keys of a user, also of one that no longer exists.
func (s *store) listKeys(userID string, p pageRequest) ([]accessKey, string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return page(s.keysOf[userID], p, func(id string) (accessKey, bool) {
		key, known := s.keys[id]
		return key, known
	})
}

// setPassword lets a user log in with its address and a password.
func (s *store) setPassword(u user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passwords[u.email] = login{user: u.id, password: password}
}

func (s *store) login(email string) (login, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found, known := s.passwords[email]
	return found, known
}

func (s *store) addExternal(userID, external string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.knownUser(userID); err != nil {
		return err
	}
	if _, exists := s.externals[external]; exists {
		return errExists
	}
	s.externals[external] = userID
	indexOf(s.externalsOf, userID).add(external)
	return nil
}

func (s *store) deleteExternal(userID, external string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.knownUser(userID); err != nil {
		return err
	}
	if s.externals[external] != userID {
		return missingError{external}
	}
	delete(s.externals, external)
	s.externalsOf[userID].remove(external)
	return nil
}

// externalOwner answers the user of an external principal.
func (s *store) externalOwner(external string) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	userID, known := s.externals[external]
	if !known {
		return "", missingError{external}
	}
	return userID, nil
}

func (s *store) listExternals(userID string, p pageRequest) ([]string, string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, err := s.knownUser(userID); err != nil {
		return nil, "", err
	}
	ids, next := page(s.externalsOf[userID], p, func(id string) (string, bool) { return id, true })
	return ids, next, nil
}

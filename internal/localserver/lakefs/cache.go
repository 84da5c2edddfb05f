// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"sync"
	"time"
)

// cacheSize bounds each part of the auth cache, as in lakeFS.
const cacheSize = 1024

// authCache is the cache that lakeFS keeps of users, access keys and effective
// policies. Writes do not touch it and failed lookups are not kept, so a deleted
// user stays readable, and a revoked right stays held, until the entry is old. A
// nil cache is always empty.
type authCache struct {
	now      func() time.Time
	lifetime time.Duration

	mu        sync.Mutex
	users     map[string]cached[user]
	keys      map[string]cached[accessKey]
	effective map[string]cached[[]policy]
}

type cached[T any] struct {
	value   T
	expires time.Time
}

// newAuthCache makes a cache whose entries live for lifetime, or none when
// lifetime is 0.
func newAuthCache(lifetime time.Duration, now func() time.Time) *authCache {
	if lifetime <= 0 {
		return nil
	}
	return &authCache{
		now:       now,
		lifetime:  lifetime,
		users:     map[string]cached[user]{},
		keys:      map[string]cached[accessKey]{},
		effective: map[string]cached[[]policy]{},
	}
}

func (c *authCache) user(id string) (user, bool) {
	if c == nil {
		return user{}, false
	}
	return lookup(c, c.users, id)
}

func (c *authCache) keepUser(u user) {
	if c != nil {
		keep(c, c.users, u.id, u)
	}
}

func (c *authCache) key(id string) (accessKey, bool) {
	if c == nil {
		return accessKey{}, false
	}
	return lookup(c, c.keys, id)
}

func (c *authCache) keepKey(key accessKey) {
	if c != nil {
		keep(c, c.keys, key.id, key)
	}
}

func (c *authCache) policies(userID string) ([]policy, bool) {
	if c == nil {
		return nil, false
	}
	return lookup(c, c.effective, userID)
}

func (c *authCache) keepPolicies(userID string, policies []policy) {
	if c != nil {
		keep(c, c.effective, userID, policies)
	}
}

func lookup[T any](c *authCache, entries map[string]cached[T], id string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry, known := entries[id]
	if !known || !c.now().Before(entry.expires) {
		var none T
		return none, false
	}
	return entry.value, true
}

// keep stores an entry. A full part is emptied: which entries lakeFS would throw
// out first makes no difference to what a client may rely on.
func keep[T any](c *authCache, entries map[string]cached[T], id string, value T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(entries) >= cacheSize {
		clear(entries)
	}
	entries[id] = cached[T]{value: value, expires: c.now().Add(c.lifetime)}
}

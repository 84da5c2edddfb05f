// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// askLimit is how long a plan waits for the first answer that its checks need. A server that
// cannot be reached is no reason to hold up a plan that does not need it otherwise. One that
// has answered is given the time that it takes.
const askLimit = 30 * time.Second

// withinLimit asks a question that is short.
func withinLimit[T any](ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	answer, err := ask(limited)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = fmt.Errorf("given up after %s: %w", askLimit, err)
	}
	return answer, err
}

// asked is an answer that a process asks for once, however many ask at a time. It is
// for what the checks at plan compare with: they are silent after the first write.
type asked[T any] struct {
	mu     sync.Mutex
	done   bool
	answer T
	err    error
}

// get asks, unless that was done before. A question that was broken off does not count.
func (a *asked[T]) get(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.done {
		a.answer, a.err = ask(ctx)
		a.done = ctx.Err() == nil
	}
	return a.answer, a.err
}

// LakeFSCaller is who the provider is to lakeFS, and what says what it may do.
type LakeFSCaller struct {
	ID string
	// Policies are the effective ones: its own and those of its groups.
	Policies []lakefsapi.Policy
}

// CallerID reads the user id of the caller, once per process. It needs no permission.
func (s *LakeFS) CallerID(ctx context.Context) (string, error) {
	return s.callerID.get(ctx, func(ctx context.Context) (string, error) {
		user, err := withinLimit(ctx, s.GetCurrentUser)
		return user.ID, err
	})
}

// Caller reads who the caller is and its effective policies, once per process.
func (s *LakeFS) Caller(ctx context.Context) (LakeFSCaller, error) {
	return s.caller.get(ctx, func(ctx context.Context) (LakeFSCaller, error) {
		id, err := s.CallerID(ctx)
		if err != nil {
			return LakeFSCaller{}, err
		}
		policies, err := collect(s.ListEffectivePolicies(ctx, id))
		return LakeFSCaller{ID: id, Policies: policies}, err
	})
}

// CallerGroups reads the ids of the groups that the caller is in, once per process.
func (s *LakeFS) CallerGroups(ctx context.Context) ([]string, error) {
	return s.callerGroups.get(ctx, func(ctx context.Context) ([]string, error) {
		id, err := s.CallerID(ctx)
		if err != nil {
			return nil, err
		}
		groups, err := collect(s.ListUserGroups(ctx, id, lakefsapi.ListOptions{}))
		ids := make([]string, len(groups))
		for i, group := range groups {
			ids[i] = group.ID
		}
		return ids, err
	})
}

// EffectivePoliciesUntil reads the effective policies of a user. An answer that is not
// what the caller of this method waits for may be from before the last grant of this
// process: then it asks again until lakeFS must have learnt of it.
func (s *LakeFS) EffectivePoliciesUntil(ctx context.Context, userID string, awaited func([]lakefsapi.Policy) bool) ([]lakefsapi.Policy, error) {
	return askUntil(ctx, &s.writer, func(ctx context.Context) ([]lakefsapi.Policy, error) {
		return collect(s.ListEffectivePolicies(ctx, userID))
	}, awaited)
}

// LakeFSAccess is by which paths the caller has its policies.
type LakeFSAccess struct {
	ID string
	// Direct are the policies attached to the caller, ByGroup those of each of its groups.
	Direct  []lakefsapi.Policy
	ByGroup map[string][]lakefsapi.Policy
}

// CallerAccess reads by which paths the caller has its policies, once per process.
func (s *LakeFS) CallerAccess(ctx context.Context) (LakeFSAccess, error) {
	return s.access.get(ctx, func(ctx context.Context) (LakeFSAccess, error) {
		groups, err := s.CallerGroups(ctx)
		if err != nil {
			return LakeFSAccess{}, err
		}
		id, err := s.CallerID(ctx)
		if err != nil {
			return LakeFSAccess{}, err
		}
		access := LakeFSAccess{ID: id, ByGroup: map[string][]lakefsapi.Policy{}}
		if access.Direct, err = collect(s.ListAttachedPolicies(ctx, Principal{UserID: id}, lakefsapi.ListOptions{})); err != nil {
			return LakeFSAccess{}, err
		}
		for _, group := range groups {
			if access.ByGroup[group], err = collect(s.ListAttachedPolicies(ctx, Principal{GroupID: group}, lakefsapi.ListOptions{})); err != nil {
				return LakeFSAccess{}, err
			}
		}
		return access, nil
	})
}

func collect[T any](items iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// CDFCaller is what says what the provider may do in a CDF project.
type CDFCaller struct {
	// Groups are those that it is in.
	Groups []cdfapi.Group
	// Subject is whom the identity provider says that it is; empty where the token may not
	// be inspected.
	Subject string
	// Token is what its token holds, a JSON array in the shape of the API, with a
	// projectScope in each; nil where the token may not be inspected.
	Token json.RawMessage
}

// Caller reads what the caller may do, once per process.
func (s *CDF) Caller(ctx context.Context) (CDFCaller, error) {
	return s.caller.get(ctx, func(ctx context.Context) (caller CDFCaller, err error) {
		if caller.Groups, err = withinLimit(ctx, func(ctx context.Context) ([]cdfapi.Group, error) { return s.ListGroups(ctx, false) }); err != nil {
			return CDFCaller{}, err
		}
		inspection, err := s.InspectToken(ctx)
		if err != nil && !cdfapi.IsNotPermitted(err) {
			return CDFCaller{}, err
		}
		caller.Token, caller.Subject = inspection.Capabilities, inspection.Subject
		return caller, nil
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// worker makes, removes and reads a membership, a policy and its attachment of its own, in
// listings that it shares with others.
type worker struct {
	*snapshot.LakeFS
	user, policy           string
	member, made, attached bool
}

var crowdGroup = snapshot.Principal{GroupID: "Crowd"}

// flip undoes what is there, or does it.
func flip(there *bool, undo, do func() error) error {
	*there = !*there
	if *there {
		return do()
	}
	return undo()
}

// wants is an error unless something is there as it should be.
func wants(what string, want, got bool, err error) error {
	if err == nil && got != want {
		err = fmt.Errorf("%s: read as %t, want %t", what, got, want)
	}
	return err
}

// steps are what a worker does, in any order.
func (w *worker) steps(ctx context.Context) []func() error {
	return []func() error{
		func() error {
			return flip(&w.member, func() error { return w.DeleteGroupMembership(ctx, "Crowd", w.user) }, func() error { return w.AddGroupMembership(ctx, "Crowd", w.user) })
		},
		func() error {
			if !w.made {
				return nil
			}
			return flip(&w.attached, func() error { return w.DetachPolicy(ctx, crowdGroup, w.policy) }, func() error { return w.AttachPolicy(ctx, crowdGroup, w.policy) })
		},
		func() error {
			if w.attached {
				return nil
			}
			return flip(&w.made, func() error { return w.DeletePolicy(ctx, w.policy) }, func() error {
				_, err := w.CreatePolicy(ctx, readAll(w.policy))
				return err
			})
		},
		func() error {
			there, err := w.GetGroupMembership(ctx, "Crowd", w.user)
			return wants("the membership", w.member, there, err)
		},
		func() error {
			there, err := w.GetPolicyAttachment(ctx, crowdGroup, w.policy)
			return wants("the attachment", w.attached, there, err)
		},
		func() error {
			there, err := exists(w.GetPolicy(ctx, w.policy))
			return wants("the policy", w.made, there, err)
		},
	}
}

// Whatever others do at the same time, nobody reads anything older than their own last write.
func TestReadsAreNeverOlderThanOnesOwnWrite(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		world := newWorld(t, localserver.Options{Seed: crowd(40), PageSize: 7})
		var wait sync.WaitGroup
		for i := range uint64(8) {
			w := &worker{LakeFS: world.LakeFS, user: fmt.Sprintf("user-%04d", i+1), policy: fmt.Sprintf("P%d", i), member: true}
			wait.Go(func() {
				random, steps := rand.New(rand.NewPCG(seed, i)), w.steps(t.Context()) //nolint:gosec // a test, no secret
				for step := range 120 {
					if err := steps[random.IntN(len(steps))](); err != nil {
						t.Errorf("seed %d, worker %d, step %d: %v", seed, i, step, err)
						return
					}
				}
			})
		}
		wait.Wait()
	}
}

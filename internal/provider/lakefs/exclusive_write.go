// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// edgesAtATime is how many edges of one set are written at once: as many as there are
// connections to a server.
const edgesAtATime = 10

// create takes a set over as it is on the server and makes it what the list says. After an
// error there is no state. Nothing is lost with it: the next plan lists the server again. State
// would be tainted, and planned to be replaced.
func (e exclusive) create(ctx context.Context, s *entity.Session[api], list types.List) error {
	if err := e.set.Hold(); err != nil {
		return err
	}
	found, there, err := e.set.IDs(ctx)
	switch {
	case err != nil:
		return err
	case !there:
		return errors.New("it does not exist. Refer to the id of the resource that creates it, so that Terraform makes it first")
	}
	if err := e.free(found); err != nil {
		return err
	}
	change := changeOf(found, list)
	done := e.write(ctx, s, "create", change)
	if len(done.removed) > 0 {
		s.Warn("A new exclusive resource removed what it does not list", fmt.Sprintf("%s: removed %s.", e.resource, entity.Names(done.removed)))
	}
	return nil
}

// update makes the changes that the plan has shown. What somebody has added since is left to
// the next plan: nothing is removed that no plan has named. After an error the state holds what
// is true.
func (e exclusive) update(ctx context.Context, s *entity.Session[api], prior types.List, list *types.List) error {
	if e.set == nil {
		return errParentless
	}
	if err := e.set.Hold(); err != nil {
		return err
	}
	before, _ := idsIn(prior)
	if err := e.free(before); err != nil {
		return err
	}
	change := changeOf(before, *list)
	done := e.write(ctx, s, "update", change)
	if len(done.added) < len(change.added) || len(done.removed) < len(change.removed) {
		*list = idList(append(idsWithout(before, done.removed), done.added...))
	}
	s.Exists()
	return nil
}

// free fails when another resource of this process has made one of the edges: neither may
// keep or remove what the other manages.
func (e exclusive) free(ids []string) error {
	for _, id := range ids {
		if err := e.set.Free(id); err != nil {
			return err
		}
	}
	return nil
}

// write adds, and when all is added it removes, so that access that moves from one id to
// another is never missing. It answers what was done, and has said what was not.
func (e exclusive) write(ctx context.Context, s *entity.Session[api], verb string, change edgeChange) (done edgeChange) {
	done.added = e.each(ctx, s, verb, "added", change.added, e.set.Add)
	if len(done.added) == len(change.added) {
		done.removed = e.each(ctx, s, verb, "removed", change.removed, e.set.Remove)
	}
	return done
}

// each does something with every id, some at a time, and begins no other once one has failed.
// It answers those with which it was done.
func (e exclusive) each(ctx context.Context, s *entity.Session[api], verb, participle string, ids []string, do func(context.Context, string) error) []string {
	var (
		workers errgroup.Group
		failed  atomic.Bool
		errs    = make([]error, len(ids))
		tried   = make([]bool, len(ids))
	)
	workers.SetLimit(edgesAtATime)
	for i, id := range ids {
		if failed.Load() {
			break
		}
		workers.Go(func() error {
			errs[i], tried[i] = do(ctx, id), true
			if errs[i] != nil {
				failed.Store(true)
			}
			return nil
		})
	}
	_ = workers.Wait() // each error has its place
	var done, refused []string
	var first error
	for i, id := range ids {
		switch {
		case errs[i] != nil:
			refused, first = append(refused, id), cmp.Or(first, errs[i])
		case tried[i]:
			done = append(done, id)
		}
	}
	if first != nil {
		also := ""
		if len(refused) > 1 {
			also = " Nor were these " + participle + ", which were under way: " + entity.Names(refused[1:]) + "."
		}
		s.Fail(fmt.Sprintf("Could not %s %s", verb, e.title), fmt.Sprintf("%s: the %s %q was not %s (%d of %d were): %s%s",
			e.resource, e.item, refused[0], participle, len(done), len(ids), explain(first), also))
	}
	return done
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// writer is what create and remove need to know of a platform and of what this
// process has written to it. LakeFS and CDF each hold one.
type writer struct {
	// notPermitted, exists and notFound recognise the answers of the platform.
	notPermitted, exists, notFound func(error) bool
	// awaitRetry is the client's.
	awaitRetry func(context.Context, error) (context.Context, error)
	// grantDelay is how long the server may go on refusing what was just granted.
	grantDelay time.Duration
	// grace is how long a create that was sent goes on when its command is cancelled, where
	// not all of it does.
	grace time.Duration
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu        sync.Mutex
	claims    map[string]bool
	lastGrant time.Time
}

// Option changes how a snapshot behaves; tests use them to control time.
type Option func(*writer)

// WithClock replaces the clock and the pauses that wait for a server to learn of a
// change. The pauses before a lost write is sent again are the client's.
func WithClock(now func() time.Time, sleep func(context.Context, time.Duration) error) Option {
	return func(w *writer) { w.now, w.sleep = now, sleep }
}

// begin completes a writer.
func (w *writer) begin(options []Option) {
	w.now, w.sleep, w.claims = time.Now, httpapi.Sleep, make(map[string]bool)
	for _, option := range options {
		option(w)
	}
}

// claim reserves an object for one resource of this process.
func (w *writer) claim(key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.claims[key] {
		return false
	}
	w.claims[key] = true
	return true
}

// claimed tells whether an object is reserved.
func (w *writer) claimed(key string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.claims[key]
}

func (w *writer) release(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.claims, key)
}

// object is one remote object in the eyes of create and remove.
type object[T any] struct {
	// kind is what users call it, id how the server knows it.
	kind, id string
	// look asks the server for the object.
	look func(context.Context) (T, bool, error)
	// before is the look before the object is made, which may answer from a listing; nil
	// means look. The server refuses what was made by somebody else since.
	before func(context.Context) (T, bool, error)
	// put, drop and doubt note what a write has left: the object, none, or nobody knows. They
	// may be nil. Not every answer to a write tells all: put may leave what was made to be
	// read anew when somebody asks for it. See listing.
	put         func(T)
	drop, doubt func()
	// idOf is the id of one that was found, where that is not what the object was
	// looked for by; it may be nil.
	idOf func(T) string
	// unheld fails when another resource of this process manages all objects of which this
	// would be one; nil where there is no such resource.
	unheld func() error
	// mustList says that nothing is made by a caller that may not list what is there:
	// it could neither tell a twin nor find its own object again.
	mustList bool
}

// existing is the error for an object that was found.
func (o object[T]) existing(found T) error {
	if o.idOf == nil {
		return &ExistsError{Kind: o.kind, ID: o.id}
	}
	return &ExistsError{Kind: o.kind, ID: o.idOf(found), Name: o.id}
}

func (o object[T]) key() string { return o.kind + "\x00" + o.id }

// create makes an object that is not there. An object is ours when it was absent
// from a look before the write and no other resource of this process claims it.
func create[T any](ctx context.Context, w *writer, o object[T], send func(context.Context) (T, error)) (T, error) {
	var (
		made T
		err  error
	)
	if !w.claim(o.key()) {
		return made, &ClaimedError{Kind: o.kind, ID: o.id}
	}
	if o.unheld != nil { // after the claim, which whoever holds the set looks for
		err = o.unheld()
	}
	if err == nil {
		made, err = createClaimed(ctx, w, o, begun(w, send))
	}
	if err != nil {
		w.release(o.key())
	}
	switch {
	case err == nil && o.put != nil:
		o.put(made)
	case err != nil && o.doubt != nil:
		o.doubt()
	}
	return made, err
}

func createClaimed[T any](ctx context.Context, w *writer, o object[T], send func(context.Context) (T, error)) (T, error) {
	var none T
	existing, found, lookErr := lookBefore(ctx, w, o)
	switch {
	case found:
		return none, o.existing(existing)
	case lookErr != nil && !w.notPermitted(lookErr):
		return none, lookErr
	case lookErr != nil && o.mustList:
		return none, &UnlistedError{Kind: o.kind, ID: o.id, Err: lookErr}
	}
	made, err := permitted(ctx, w, send)
	switch {
	case err == nil:
		return made, nil
	case w.exists(err):
		return none, conflict(ctx, o, err, lookErr)
	case !httpapi.OutcomeUnknown(err):
		return none, err
	case lookErr != nil:
		return none, unseen(o.kind, o.id, err, lookErr)
	}
	return resolve(ctx, w, o, send, err)
}

// lookBefore is the look before a write. Where listing is a must, a refusal shortly
// after a grant of our own is not final.
func lookBefore[T any](ctx context.Context, w *writer, o object[T]) (existing T, found bool, err error) {
	look := o.before
	if look == nil {
		look = o.look
	}
	if !o.mustList {
		return look(ctx)
	}
	existing, err = permitted(ctx, w, func(ctx context.Context) (there T, err error) {
		there, found, err = look(ctx)
		return there, err
	})
	return existing, found, err
}

// resolve finds out what became of a create whose answer was lost: what is there
// now is ours and is taken, otherwise the write is sent again, within the client's
// limit of retries. It is not sent again when the server reported it as done.
func resolve[T any](ctx context.Context, w *writer, o object[T], send func(context.Context) (T, error), lost error) (T, error) {
	var none T
	for {
		made, found, err := lookTwice(ctx, o.look)
		switch {
		case err != nil:
			return none, unseen(o.kind, o.id, lost, err)
		case found:
			return made, nil
		case httpapi.AnswerUnusable(lost):
			return none, &UnreadableError{Kind: o.kind, ID: o.id, Err: lost}
		}
		again, err := w.awaitRetry(ctx, lost)
		if err != nil {
			return none, err
		}
		made, err = permitted(again, w, send)
		switch {
		case err == nil:
			return made, nil
		case w.exists(err), httpapi.OutcomeUnknown(err):
			// 409 now means that the earlier write arrived after all.
			lost = err
		default:
			return none, err
		}
	}
}

// lookTwice looks for what may have been made: once more when the answer cannot be read,
// or the server has failed. That may have been an accident, and without an answer nobody
// would know of the object.
func lookTwice[T any](ctx context.Context, look func(context.Context) (T, bool, error)) (T, bool, error) {
	found, there, err := look(ctx)
	if httpapi.AnswerUnusable(err) || httpapi.StatusOf(err) == http.StatusInternalServerError {
		return look(ctx)
	}
	return found, there, err
}

// unseen is the error when the answer to a create is of no use and the object
// could not be looked for.
func unseen(kind, id string, lost, look error) error {
	if httpapi.AnswerUnusable(lost) {
		return &UnreadableError{Kind: kind, ID: id, Err: lost, Look: look}
	}
	return &UnresolvedError{Kind: kind, ID: id, Err: lost, Look: look}
}

// conflict explains a 409. A user that is not there all the same means a server
// that answers 409 to every creation of one; other kinds have no such server, and
// one of them may exist where the caller cannot find it.
func conflict[T any](ctx context.Context, o object[T], err, lookErr error) error {
	exists := &ExistsError{Kind: o.kind, ID: o.id}
	if o.kind != kindUser || lookErr != nil {
		return exists
	}
	if _, found, again := o.look(ctx); found || again != nil {
		return exists
	}
	return &NoRBACError{Err: err}
}

// permitted sends a write. A refusal shortly after a grant of our own may come
// from the server's authorization cache and is tried again until that is over. The
// server works as it should then, so this is no retry that max_retries limits.
func permitted[T any](ctx context.Context, w *writer, send func(context.Context) (T, error)) (T, error) {
	for {
		out, err := send(ctx)
		if !w.notPermitted(err) {
			return out, err
		}
		left := w.sinceGrant()
		if left <= 0 {
			return out, err
		}
		if w.sleep(ctx, min(left, grantRetry)) != nil {
			return out, err
		}
	}
}

// askUntil asks until the answer is awaited. One that is not may be from before the last
// grant of this process, so it is the last only when the server must have learnt of that.
func askUntil[T any](ctx context.Context, w *writer, ask func(context.Context) (T, error), awaited func(T) bool) (T, error) {
	for {
		answer, err := ask(ctx)
		if err != nil || awaited(answer) {
			return answer, err
		}
		left := w.sinceGrant()
		if left <= 0 {
			return answer, nil
		}
		if err := w.sleep(ctx, min(left, grantRetry)); err != nil {
			return answer, err
		}
	}
}

// sinceGrant is how much longer the server may not know of our last grant.
func (w *writer) sinceGrant() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.lastGrant.IsZero() {
		return 0
	}
	return w.grantDelay - w.now().Sub(w.lastGrant)
}

// granted records that a write of ours may have given the caller a right.
func (w *writer) granted() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lastGrant = w.now()
}

// remove deletes an object. One that is gone is done.
func remove[T any](ctx context.Context, w *writer, o object[T], send func(context.Context) error) error {
	_, err := permitted(ctx, w, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, send(ctx)
	})
	switch {
	case err == nil, w.notFound(err):
		err = nil
	case httpapi.OutcomeUnknown(err):
		if _, found, lookErr := o.look(ctx); lookErr == nil && !found {
			err = nil
		}
	}
	if err == nil {
		w.release(o.key())
	}
	switch {
	case err == nil && o.drop != nil:
		o.drop()
	case err != nil && o.doubt != nil:
		o.doubt()
	}
	return err
}

// done adapts an operation without a result.
func done(send func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, send(ctx) }
}

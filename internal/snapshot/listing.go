// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"sync"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// listing is what this process knows of one listing of the server, such as the members of
// one group: as many of its pages as have been worth reading, and above these its own writes.
// Terraform asks for one object at a time, ten at once, and a process lives for one walk.
//
// How much is read follows what is asked for. A page costs as much as a look at one object, so
// a page is read for as many looks as were made one by one before: few objects among very many
// never read the whole, and many read each page once.
//
// It is safe for concurrent use.
type listing[T any] struct {
	listed[T]

	mu       sync.Mutex
	items    map[string]T
	own      map[string]ownWrite[T]
	next     string
	seen     map[string]bool // the places where pages began
	complete bool            // the last page was read
	unusable bool            // a page could not be read
	closed   bool            // the caller may not list, or no page can be read
	pages    int
	single   int // looks that were left to be made one by one
	turn     *pageTurn
}

// listed says what a listing is of.
type listed[T any] struct {
	// id is what an item is known by.
	id func(T) string
	// page asks for the page that begins behind a place; the first begins behind "".
	page func(ctx context.Context, after string) (items []T, next string, more bool, err error)
	// refused recognises the answer to a caller that may not list, absent that of a listing
	// of something that is not there.
	refused, absent func(error) bool
}

// ownWrite is what a write of this process has left.
type ownWrite[T any] struct {
	item    T
	verdict verdict
}

// verdict is what a listing knows of an object.
type verdict int

const (
	unsure verdict = iota
	there
	gone
)

// pageTurn is a page on its way. Whoever needs it waits for it.
type pageTurn struct {
	done chan struct{}
	err  error
	// brokenOff means that the command of the one who asked was cancelled.
	brokenOff bool
}

func newListing[T any](of listed[T]) *listing[T] {
	return &listing[T]{listed: of, items: map[string]T{}, own: map[string]ownWrite[T]{}, seen: map[string]bool{"": true}}
}

// look tells what is known of an object, after reading a page where that is worth it: once
// patience looks were made one by one. An error is that of the page.
func (l *listing[T]) look(ctx context.Context, id string, patience int) (T, verdict, error) {
	var none T
	for {
		l.mu.Lock()
		item, known, doubted := l.known(id)
		if known != unsure || doubted || l.complete || l.closed || l.single < patience+l.pages {
			if known == unsure {
				l.single++
			}
			l.mu.Unlock()
			return item, known, nil
		}
		if err := l.awaitPage(ctx); err != nil {
			return none, unsure, err
		}
	}
}

// all answers every item, after reading all pages that are left; false where they cannot be
// listed. They come in no order.
func (l *listing[T]) all(ctx context.Context) ([]T, bool, error) {
	for {
		l.mu.Lock()
		if l.complete || l.closed {
			defer l.mu.Unlock()
			return l.current(), !l.closed, nil
		}
		if err := l.awaitPage(ctx); err != nil {
			return nil, false, err
		}
	}
}

// known is what is known of an object without asking. Doubted is one of which a write of this
// process has left nothing certain.
func (l *listing[T]) known(id string) (item T, known verdict, doubted bool) {
	if own, written := l.own[id]; written {
		return own.item, own.verdict, own.verdict == unsure
	}
	if item, listed := l.items[id]; listed {
		return item, there, false
	}
	if l.complete {
		return item, gone, false
	}
	return item, unsure, false
}

func (l *listing[T]) current() []T {
	var items []T
	for id, item := range l.items {
		if _, written := l.own[id]; !written {
			items = append(items, item)
		}
	}
	for _, own := range l.own {
		if own.verdict == there {
			items = append(items, own.item)
		}
	}
	return items
}

// awaitPage reads the next page, or waits for the one that is on its way. It is called with
// the lock held, and gives it up.
func (l *listing[T]) awaitPage(ctx context.Context) error {
	turn := l.turn
	if turn == nil {
		turn = &pageTurn{done: make(chan struct{})}
		l.turn = turn
		after := l.next
		l.mu.Unlock()
		l.readPage(ctx, turn, after)
		return turn.err
	}
	l.mu.Unlock()
	select {
	case <-turn.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if turn.brokenOff {
		return nil // the next one asks itself
	}
	return turn.err
}

// readPage reads the page behind a place and adds it to what is known.
func (l *listing[T]) readPage(ctx context.Context, turn *pageTurn, after string) {
	items, next, more, err := l.page(ctx, after)
	l.mu.Lock()
	defer l.mu.Unlock()
	defer close(turn.done)
	l.turn = nil
	switch {
	case err == nil && more && l.seen[next]:
		turn.err = errNoProgress
	case err == nil:
		for _, item := range items {
			l.items[l.id(item)] = item
		}
		l.pages++
		l.next, l.seen[next], l.complete = next, true, !more
	case l.refused(err):
		l.closed = true
	case httpapi.AnswerUnusable(err):
		// It may have been an accident. If not, an odd object must not hide the others.
		l.closed, l.unusable = l.unusable, true
	case l.absent(err):
		l.complete = true
	default:
		turn.err, turn.brokenOff = err, ctx.Err() != nil
	}
}

// errNoProgress guards against a server whose pages go round in a circle.
var errNoProgress = errors.New("the server says that the list goes on, but from where it was read before")

// put, drop and doubt note what a write of this process has left of an object: it is there, it
// is gone, or nobody knows. They count for more than any page, which may be older.
func (l *listing[T]) put(id string, item T) { l.write(id, ownWrite[T]{item, there}) }
func (l *listing[T]) drop(id string)        { l.write(id, ownWrite[T]{verdict: gone}) }
func (l *listing[T]) doubt(id string)       { l.write(id, ownWrite[T]{}) }

func (l *listing[T]) write(id string, own ownWrite[T]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own[id] = own
}

// listings are those of one kind, one for each parent that was asked for.
type listings[K comparable, T any] struct {
	open func(parent K) *listing[T]

	mu   sync.Mutex
	each map[K]*listing[T]
}

func newListings[K comparable, T any](open func(parent K) *listing[T]) *listings[K, T] {
	return &listings[K, T]{open: open, each: map[K]*listing[T]{}}
}

// of is the listing of a parent.
func (l *listings[K, T]) of(parent K) *listing[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.each[parent]
	if one == nil {
		one = l.open(parent)
		l.each[parent] = one
	}
	return one
}

// forget begins anew for a parent that was made or deleted.
func (l *listings[K, T]) forget(parent K) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.each, parent)
}

// drop notes in every listing that an object was deleted: its edges go with it.
func (l *listings[K, T]) drop(id string) { l.write(func(one *listing[T]) { one.drop(id) }) }

// doubt notes in every listing that nobody knows what became of an object.
func (l *listings[K, T]) doubt(id string) { l.write(func(one *listing[T]) { one.doubt(id) }) }

func (l *listings[K, T]) write(note func(*listing[T])) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.each {
		note(one)
	}
}

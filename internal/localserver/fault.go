// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// AllFaults in FaultOptions.Kinds stands for every kind.
const AllFaults = "all"

// defaultFaultDelay is how long an answer is held back by the slow kinds.
const defaultFaultDelay = 2 * time.Second

// FaultOptions make some requests fail on purpose. The zero value makes none.
type FaultOptions struct {
	// Kinds are the names of the kinds of faults, see [FaultKinds]; each request that
	// fails does so in one of those that can happen to it. AllFaults stands for all.
	Kinds []string
	// Rate is the share of requests that fail, from 0 to 1.
	Rate float64
	// Seed chooses which requests fail and how. The n-th request of a method and a path
	// has the same fate with the same seed, in whatever order requests arrive.
	Seed uint64
	// Delay is how long the slow kinds hold an answer back; 0 means two seconds.
	Delay time.Duration
	// Only, when set, limits faults to the requests for which it answers true. It is
	// asked last, about requests that would fail, so it may count them. Several may
	// come at a time.
	Only func(*http.Request) bool
}

// faults lets requests fail as its options say.
type faults struct {
	options FaultOptions
	kinds   []FaultKind
	next    http.Handler
	log     *slog.Logger // may be nil

	mu       sync.Mutex
	received map[string]uint64
	happened map[string]int64
}

// newFaults fails on options that make no sense.
func newFaults(options FaultOptions, next http.Handler, log *slog.Logger) (*faults, error) {
	if !(options.Rate >= 0 && options.Rate <= 1) { // also not a number
		return nil, fmt.Errorf("fault rate is %v: use 0 to 1", options.Rate)
	}
	if options.Delay < 0 {
		return nil, fmt.Errorf("fault delay is %s: use 0 or more", options.Delay)
	}
	if options.Delay == 0 {
		options.Delay = defaultFaultDelay
	}
	f := &faults{
		options: options, next: next, log: log,
		received: make(map[string]uint64), happened: make(map[string]int64),
	}
	for _, kind := range faultKinds {
		if slices.Contains(options.Kinds, kind.Name) || slices.Contains(options.Kinds, AllFaults) {
			f.kinds = append(f.kinds, kind)
		}
	}
	for _, name := range options.Kinds {
		if name != AllFaults && !slices.ContainsFunc(faultKinds, func(k FaultKind) bool { return k.Name == name }) {
			return nil, fmt.Errorf("no fault %q: use %s", name, strings.Join(append(FaultNames(), AllFaults), ", "))
		}
	}
	return f, nil
}

// ServeHTTP lets a request fail, or passes it on.
func (f *faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, fails := f.choose(r)
	if !fails {
		f.next.ServeHTTP(w, r)
		return
	}
	f.mu.Lock()
	f.happened[kind.Name]++
	f.mu.Unlock()
	if f.log != nil {
		f.log.LogAttrs(r.Context(), slog.LevelWarn, "fault",
			slog.String("kind", kind.Name), slog.String("method", r.Method), slog.String("path", r.URL.Path))
	}
	kind.happen(&failing{w: w, r: r, next: f.next, delay: f.options.Delay})
}

// choose decides the fate of a request.
func (f *faults) choose(r *http.Request) (FaultKind, bool) {
	var possible []FaultKind
	for _, kind := range f.kinds {
		if kind.applies == nil || kind.applies(r) {
			possible = append(possible, kind)
		}
	}
	if len(possible) == 0 {
		return FaultKind{}, false
	}
	dice := f.dice(r.Method + " " + r.URL.Path)
	if dice.Float64() >= f.options.Rate || f.options.Only != nil && !f.options.Only(r) {
		return FaultKind{}, false
	}
	return possible[dice.IntN(len(possible))], true
}

// dice are those of the next request of this name. They depend on the seed, the name
// and how many came before, and not on requests of other names: those of a command
// of Terraform come in another order every time.
func (f *faults) dice(name string) *rand.Rand {
	f.mu.Lock()
	f.received[name]++
	number := f.received[name]
	f.mu.Unlock()
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s %d", name, number)            // a hash takes everything
	return rand.New(rand.NewPCG(f.options.Seed, hash.Sum64())) //nolint:gosec // nothing to be guessed
}

// counts is how often each kind has happened.
func (f *faults) counts() map[string]int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.happened)
}

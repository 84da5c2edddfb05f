// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"maps"
	"slices"
)

// The limits of one search. Work is counted in steps of a machine word, about a nanosecond each;
// the states of a search take at most eight bytes for each of the words.
const (
	maxSearchWork  = 1 << 23
	maxSearchWords = 1 << 20
)

// role says what matching means for what is searched.
type role int

const (
	wanted   role = iota // must match
	excepted             // must not match
	allowed              // must not match, unless a denied one does
	denied
	roles
)

// roleSet is a set of roles, one bit each.
type roleSet uint8

func (s roleSet) has(r role) bool {
	return s&(1<<r) != 0
}

// accepts reports whether a text is searched that matches globs of these roles.
func (s roleSet) accepts() bool {
	return s.has(wanted) && !s.has(excepted) && (!s.has(allowed) || s.has(denied))
}

// automaton runs many globs at once over a text. A state has one bit for each glob and number
// of its tokens that are matched. Each role has words of its own, those of the wanted come first.
type automaton struct {
	starts [roles + 1]int
	// start, final and loop are the bits of states: where globs begin, have matched, and stay on any symbol.
	start, final, loop []uint64
	// step holds the bits that each symbol moves on. Symbols without an entry move like otherSymbol.
	step map[rune][]uint64
	// alphabet are the symbols to try, otherSymbol first.
	alphabet []rune
	// always are the roles in which everything matches.
	always roleSet
}

func newAutomaton(globs *[roles][]*glob, always roleSet) *automaton {
	a := &automaton{step: map[rune][]uint64{}, always: always}
	for r, list := range globs {
		bits := 0
		for _, g := range list {
			bits += len(g.tokens) + 1
		}
		const wordBits = 64
		a.starts[r+1] = a.starts[r] + (bits+wordBits-1)/wordBits
	}
	words := a.starts[roles]
	a.start, a.final, a.loop = make([]uint64, words), make([]uint64, words), make([]uint64, words)
	a.step[otherSymbol] = make([]uint64, words)
	for r, list := range globs {
		at := a.starts[r] * 64
		for _, g := range list {
			setBit(a.start, at)
			for i, token := range g.tokens {
				if token == anyOne {
					token = otherSymbol
				}
				if a.step[token] == nil {
					a.step[token] = make([]uint64, words)
				}
				setBit(a.step[token], at+i)
			}
			for i, loop := range g.loops {
				if loop {
					setBit(a.loop, at+i)
				}
			}
			at += len(g.tokens) + 1
			setBit(a.final, at-1)
		}
	}
	for symbol, mask := range a.step {
		if symbol >= 0 {
			for i, word := range a.step[otherSymbol] {
				mask[i] |= word
			}
		}
	}
	// The negative ones come first, otherSymbol before theUser.
	a.alphabet = slices.Sorted(maps.Keys(a.step))
	return a
}

func setBit(words []uint64, bit int) {
	words[bit/64] |= 1 << (bit % 64)
}

// advance gives the words from first to end of the state after a symbol.
func (a *automaton) advance(next, state, mask []uint64, first, end int) (alive uint64) {
	carry := uint64(0)
	for i := first; i < end; i++ {
		moved := state[i] & mask[i]
		next[i] = moved<<1 | carry | state[i]&a.loop[i]
		carry = moved >> 63
		alive |= next[i]
	}
	return alive
}

// matched gives the roles of which a glob has matched.
func (a *automaton) matched(state []uint64) roleSet {
	set := a.always
	for r := range roles {
		for i := a.starts[r]; i < a.starts[r+1]; i++ {
			if state[i]&a.final[i] != 0 {
				set |= 1 << r
				break
			}
		}
	}
	return set
}

// hopeless reports whether no text that goes on from a state is searched.
func (a *automaton) hopeless(state []uint64) bool {
	forever := a.always
	alive := a.always
	for r := range roles {
		for i := a.starts[r]; i < a.starts[r+1]; i++ {
			if state[i] != 0 {
				alive |= 1 << r
			}
			if state[i]&a.final[i]&a.loop[i] != 0 {
				forever |= 1 << r
			}
		}
	}
	return !alive.has(wanted) || forever.has(excepted) || forever.has(allowed) && !alive.has(denied)
}

// finding is what a search came to.
type finding int

const (
	nothing   finding = iota // certain: there is no such text
	something                // a text was found
	exhausted                // the limits were reached
)

// search looks for a shortest text, not empty, in symbols.
func (a *automaton) search() ([]rune, finding) {
	words := len(a.start)
	states := newStateSet(words)
	states.add(a.start, -1, 0)
	// The start is no way back to: the empty text is not searched, but one that leads there may be.
	clear(states.heads)
	next := make([]uint64, words)
	work := 0
	for at := 0; at < states.len(); at++ { //nolint:intrange // the set grows meanwhile
		for _, symbol := range a.alphabet {
			work += words + 1
			if work > maxSearchWork || states.len()*words > maxSearchWords {
				return nil, exhausted
			}
			state, mask := states.state(at), a.step[symbol]
			if a.advance(next, state, mask, 0, a.starts[1]) == 0 {
				continue
			}
			a.advance(next, state, mask, a.starts[1], words)
			if a.hopeless(next) || !states.add(next, at, symbol) {
				continue
			}
			if a.matched(next).accepts() {
				return states.path(states.len() - 1), something
			}
		}
	}
	return nil, nothing
}

// stateSet holds the states of a search in the order found, with the way to each.
type stateSet struct {
	words   int
	bits    []uint64
	parents []int
	symbols []rune
	// heads and older find the states of equal hash.
	heads map[uint64]int
	older []int
}

func newStateSet(words int) *stateSet {
	return &stateSet{words: words, heads: map[uint64]int{}}
}

func (s *stateSet) len() int {
	return len(s.parents)
}

func (s *stateSet) state(i int) []uint64 {
	return s.bits[i*s.words : (i+1)*s.words]
}

// add adds a state that was reached from another by a symbol, unless it is there.
func (s *stateSet) add(state []uint64, parent int, symbol rune) bool {
	const prime, basis = 0x9E3779B97F4A7C15, 14695981039346656037
	hash := uint64(basis)
	for _, word := range state {
		hash = (hash ^ word) * prime
		hash ^= hash >> 29
	}
	head, ok := s.heads[hash]
	if !ok {
		head = -1
	}
	for i := head; i >= 0; i = s.older[i] {
		if slices.Equal(s.state(i), state) {
			return false
		}
	}
	s.heads[hash] = s.len()
	s.older = append(s.older, head)
	s.bits = append(s.bits, state...)
	s.parents = append(s.parents, parent)
	s.symbols = append(s.symbols, symbol)
	return true
}

// path gives the symbols on the way to a state.
func (s *stateSet) path(i int) []rune {
	var path []rune
	for ; s.parents[i] >= 0; i = s.parents[i] {
		path = append(path, s.symbols[i])
	}
	slices.Reverse(path)
	return path
}

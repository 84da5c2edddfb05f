// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"slices"
	"strings"
)

// unknownAction stands for all names that lakeFS 1.84 does not check and that the same patterns match.
type unknownAction struct {
	// matching are the patterns that match, sorted.
	matching []string
	// name is one of the shortest such names, for the sake of an example.
	name string
}

func (u *unknownAction) matches(pattern string) bool {
	_, found := slices.BinarySearch(u.matching, pattern)
	return found
}

// knownActions are Actions, made once.
var knownActions = Actions()

func isKnownAction(name string) bool {
	_, found := slices.BinarySearch(knownActions, name)
	return found
}

// isPattern reports whether there are wildcards in an action.
func isPattern(action string) bool {
	return strings.ContainsAny(action, "*?")
}

// reachesUnknown reports whether a pattern can match a name that is not in the catalogue.
// Literal patterns are names themselves; "auth:" alone is none.
func reachesUnknown(pattern string) bool {
	if isPattern(pattern) {
		return true
	}
	_, name, _ := strings.Cut(pattern, ":")
	return name != "" && !isKnownAction(pattern)
}

// unknownActions divides the names that are unknown, of known services, by the patterns that match
// them. Names that no pattern matches are left out. It returns false if there are too many kinds.
func unknownActions(patterns []string) ([]unknownAction, bool) {
	var reaching []string
	for _, pattern := range patterns {
		if reachesUnknown(pattern) {
			reaching = append(reaching, pattern)
		}
	}
	slices.Sort(reaching)
	reaching = slices.Compact(reaching)
	var all []unknownAction
	seen := map[string]bool{}
	for _, service := range actionServices {
		classes, ok := unknownOfService(service+":", reaching)
		if !ok {
			return nil, false
		}
		for _, class := range classes {
			if key := strings.Join(class.matching, "\n"); !seen[key] {
				seen[key] = true
				all = append(all, class)
			}
		}
	}
	return all, true
}

// unknownOfService divides the unknown names that begin with the given text.
func unknownOfService(start string, patterns []string) ([]unknownAction, bool) {
	var globs [roles][]*glob
	var used []string
	outer := glob{prefix: start}
	for _, pattern := range patterns {
		if g, ok := parseGlob(pattern, readingOfGlob{}); ok && compatible(&g, &outer) {
			globs[wanted] = append(globs[wanted], &g)
			used = append(used, pattern)
		}
	}
	if len(used) == 0 {
		return nil, true
	}
	a := newAutomaton(&globs, 0)
	for _, name := range knownActions {
		for _, r := range name {
			if a.step[r] == nil {
				a.step[r] = a.step[otherSymbol]
				a.alphabet = append(a.alphabet, r)
			}
		}
	}
	walk := actionWalk{automaton: a, globs: globs[wanted], patterns: used, seen: map[string]bool{}}
	return walk.run(start)
}

// actionWalk visits the states of an automaton of action patterns, each once for every
// beginning of a known name and once for all other texts.
type actionWalk struct {
	*automaton
	globs    []*glob
	patterns []string
	seen     map[string]bool
	classes  []unknownAction
}

func (w *actionWalk) run(start string) ([]unknownAction, bool) {
	words := len(w.start)
	state, next := slices.Clone(w.start), make([]uint64, words)
	for _, r := range start {
		mask := w.step[r]
		if mask == nil {
			mask = w.step[otherSymbol]
		}
		w.advance(next, state, mask, 0, words)
		state, next = next, state
	}
	states := newStateSet(words + 1)
	nodes := newNameTree()
	states.add(append(slices.Clone(state), nodes.enter(start)), -1, 0)
	withNode := make([]uint64, words+1)
	work := 0
	for at := 0; at < states.len(); at++ { //nolint:intrange // the set grows meanwhile
		for _, symbol := range w.alphabet {
			work += words + 1
			if work > maxSearchWork || states.len()*(words+1) > maxSearchWords {
				return nil, false
			}
			if symbol == ':' {
				continue
			}
			state := states.state(at)
			alive := w.advance(withNode[:words], state[:words], w.step[symbol], 0, words)
			withNode[words] = nodes.child(state[words], symbol)
			if alive == 0 || !states.add(withNode, at, symbol) || nodes.isName(withNode[words]) {
				continue
			}
			w.note(withNode[:words], func() string { return start + w.spell(states.path(states.len()-1)) })
		}
	}
	return w.classes, true
}

// note adds the class of a state, if it is new and some pattern matches.
func (w *actionWalk) note(state []uint64, name func() string) {
	var matching []string
	bit := -1
	for i, g := range w.globs {
		bit += len(g.tokens) + 1
		if state[bit/64]&(1<<(bit%64)) != 0 {
			matching = append(matching, w.patterns[i])
		}
	}
	key := strings.Join(matching, "\n")
	if len(matching) == 0 || w.seen[key] {
		return
	}
	w.seen[key] = true
	w.classes = append(w.classes, unknownAction{matching: matching, name: name()})
}

// nameTree numbers the beginnings of known names; 0 is for texts that no known name begins with.
type nameTree struct {
	numbers map[string]uint64
	texts   []string
}

func newNameTree() *nameTree {
	return &nameTree{numbers: map[string]uint64{}, texts: []string{""}}
}

func (t *nameTree) enter(text string) uint64 {
	at, _ := slices.BinarySearch(knownActions, text)
	if at == len(knownActions) || !strings.HasPrefix(knownActions[at], text) {
		return 0
	}
	number, ok := t.numbers[text]
	if !ok {
		number = uint64(len(t.texts))
		t.numbers[text] = number
		t.texts = append(t.texts, text)
	}
	return number
}

func (t *nameTree) child(node uint64, symbol rune) uint64 {
	if node == 0 || symbol < 0 {
		return 0
	}
	return t.enter(t.texts[node] + string(symbol))
}

func (t *nameTree) isName(node uint64) bool {
	return node != 0 && isKnownAction(t.texts[node])
}

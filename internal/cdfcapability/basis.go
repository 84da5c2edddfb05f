// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"cmp"
	"math/bits"
	"slices"
)

// exactActions is up to how many actions the smallest list is searched for. No ACL
// of the catalogue has more than five.
const exactActions = 6

// actionSet is a set of actions, one bit each.
type actionSet uint8

func (s actionSet) within(other actionSet) bool {
	return s&^other == 0
}

// class is what values of a scope have in common: the actions they need, and those that
// they may be given since something else grants them anyway. The first are part of the second.
type class struct {
	need, allowed actionSet
}

func compareClasses(a, b class) int {
	return cmp.Or(
		cmp.Compare(bits.OnesCount8(uint8(a.allowed)), bits.OnesCount8(uint8(b.allowed))),
		cmp.Compare(a.allowed, b.allowed),
		cmp.Compare(a.need, b.need),
	)
}

// smallestBasis returns the fewest sets of actions of which every class can put together
// what it needs, from those that it is allowed: the sets of actions of a smallest list of
// capabilities. One set for each class always does, and so does one for each action; the
// search, which goes through everything that makes a difference, is for fewer.
func smallestBasis(classes []class, actions int) []actionSet {
	slices.SortFunc(classes, compareClasses)
	needs := make([]actionSet, len(classes))
	for i, c := range classes {
		needs[i] = c.need
	}
	slices.Sort(needs)
	needs = slices.Compact(needs)
	search := basisSearch{classes: classes, candidates: candidateSets(classes, actions)}
	for size := 1; size < min(len(needs), actions); size++ {
		if search.extend(size) {
			return search.chosen
		}
	}
	if len(needs) <= actions {
		return needs
	}
	single := make([]actionSet, actions)
	for i := range single {
		single[i] = 1 << i
	}
	return single
}

// candidateSets gives the sets worth trying: a set that some classes may use can as well be
// everything that all of these are allowed.
func candidateSets(classes []class, actions int) []actionSet {
	var candidates []actionSet
	for set := actionSet(1); set < 1<<actions; set++ {
		largest := actionSet(1<<actions - 1)
		used := false
		for _, c := range classes {
			if set.within(c.allowed) {
				largest &= c.allowed
				used = true
			}
		}
		if used {
			candidates = append(candidates, largest)
		}
	}
	slices.Sort(candidates)
	return slices.Compact(candidates)
}

// basisSearch is a search in depth for sets that serve all classes.
type basisSearch struct {
	classes    []class
	candidates []actionSet
	chosen     []actionSet
}

// extend adds up to so many sets to the chosen ones, so that they serve all classes.
// It takes an action that a class still lacks and tries each set that can give it.
func (s *basisSearch) extend(size int) bool {
	lacking, allowed := s.firstLacking()
	if lacking == 0 {
		return true
	}
	if size == 0 {
		return false
	}
	lowest := lacking & -lacking
	for _, set := range s.candidates {
		if set&lowest == 0 || !set.within(allowed) {
			continue
		}
		s.chosen = append(s.chosen, set)
		if s.extend(size - 1) {
			return true
		}
		s.chosen = s.chosen[:len(s.chosen)-1]
	}
	return false
}

// firstLacking gives what the first class lacks that the chosen sets do not serve.
func (s *basisSearch) firstLacking() (lacking, allowed actionSet) {
	for _, c := range s.classes {
		lacking := c.need
		for _, set := range s.chosen {
			if set.within(c.allowed) {
				lacking &^= set
			}
		}
		if lacking != 0 {
			return lacking, c.allowed
		}
	}
	return 0, 0
}

// assignSets gives each class the sets of a basis that it needs, by their indexes, and
// leaves in each set the actions that some class needs it for. Large sets are given first:
// then fewer are needed.
func assignSets(classes []class, basis []actionSet) (sets []actionSet, assigned map[class][]int) {
	order := slices.Clone(basis)
	slices.SortFunc(order, func(a, b actionSet) int {
		return cmp.Or(cmp.Compare(bits.OnesCount8(uint8(b)), bits.OnesCount8(uint8(a))), cmp.Compare(a, b))
	})
	sets = make([]actionSet, len(order))
	assigned = make(map[class][]int, len(classes))
	for _, c := range classes {
		lacking := c.need
		for i, set := range order {
			if set.within(c.allowed) && set&lacking != 0 {
				sets[i] |= set & lacking
				assigned[c] = append(assigned[c], i)
				lacking &^= set
			}
		}
	}
	return sets, assigned
}

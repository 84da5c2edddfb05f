// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"cmp"
	"slices"
)

// MissingPermission is something desired that is not allowed for sure.
type MissingPermission struct {
	// Permission has the name of one action, or a pattern if AnyOther is set, and one resource pattern.
	Permission
	// AnyOther is set where the action stands for the names it matches that are not in the catalogue.
	AnyOther bool
	// Condition limits what is desired, as PermissionLines writes it; empty: always.
	Condition string
	// Coverage has the answer NotCovered or CannotTell.
	Coverage
}

// String gives what is missing as PermissionLines would.
func (m MissingPermission) String() string {
	return line{action: m.Action, anyOther: m.AnyOther, resource: m.Resource, condition: m.Condition}.String()
}

// Missing returns what of desired statements the existing ones do not allow for sure, with one action and
// one resource pattern each, sorted. Both are for the same user; see CoverOptions for the id "". The existing statements are
// those of all policies of the user.
//
// A desired statement may have a condition; then it is covered also by what is allowed under the same condition.
// What desired statements deny without a condition is not desired.
func Missing(existing, desired []Statement, user string) []MissingPermission {
	m := missing{checker: newChecker(existing, user), wanted: newRuleSet(desired, user), done: map[string]bool{}}
	m.classes, m.complete = unknownActions(slices.Concat(m.rules.patterns, m.wanted.patterns))
	for _, pattern := range m.wanted.patterns {
		actions := m.patternActions(pattern)
		for _, number := range m.wanted.byAction[pattern] {
			r := &m.wanted.rules[number]
			if r.deny {
				continue
			}
			for _, resource := range r.resources {
				for _, action := range actions {
					m.check(action, desire{resource: resource, condition: r.condition})
				}
			}
		}
	}
	slices.SortFunc(m.found, func(a, b MissingPermission) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Condition, b.Condition), cmp.Compare(a.Answer, b.Answer))
	})
	return m.found
}

// MissingKnown is Missing without the names beyond the catalogue that a desired pattern matches. A desired name
// without wildcards is compared as it is.
func MissingKnown(existing, desired []Statement, user string) []MissingPermission {
	return slices.DeleteFunc(Missing(existing, desired, user), func(m MissingPermission) bool { return m.AnyOther })
}

// missing is the work of Missing.
type missing struct {
	*checker
	wanted   *ruleSet
	classes  []unknownAction
	complete bool
	done     map[string]bool
	found    []MissingPermission
}

// missingAction is what stands in an entry: one action, or the kinds of unknown ones together.
type missingAction struct {
	label    string
	anyOther bool
	kinds    []desiredAction
	// denied tells for each kind what the desired statements deny.
	denied [][]*resourcePattern
}

// patternActions gives the entries that a desired action pattern makes.
func (m *missing) patternActions(pattern string) []missingAction {
	var list []missingAction
	for _, name := range knownActions {
		if matchGlob(pattern, name) {
			denied := m.wanted.viewOf(func(p string) bool { return matchGlob(p, name) }).deny[""]
			list = append(list, missingAction{label: name, kinds: []desiredAction{m.action(name)}, denied: [][]*resourcePattern{denied}})
		}
	}
	if !reachesUnknown(pattern) {
		return list
	}
	unknown := missingAction{label: pattern, anyOther: isPattern(pattern)}
	if !unknown.anyOther {
		unknown.kinds = []desiredAction{m.action(pattern)}
		unknown.denied = [][]*resourcePattern{m.wanted.viewOf(func(p string) bool { return matchGlob(p, pattern) }).deny[""]}
		return append(list, unknown)
	}
	for i := range m.classes {
		if m.classes[i].matches(pattern) {
			unknown.kinds = append(unknown.kinds, desiredAction{name: m.classes[i].name, view: m.rules.viewOf(m.classes[i].matches)})
			unknown.denied = append(unknown.denied, m.wanted.viewOf(m.classes[i].matches).deny[""])
		}
	}
	return append(list, unknown)
}

// check adds an entry, unless everything is covered.
func (m *missing) check(action missingAction, want desire) {
	entry := MissingPermission{
		Permission: Permission{Action: action.label, Resource: want.resource.text},
		AnyOther:   action.anyOther, Condition: want.condition,
	}
	key := entry.String()
	if m.done[key] {
		return
	}
	m.done[key] = true
	entry.Coverage = Coverage{Answer: Covered}
	if action.anyOther && !m.complete {
		entry.Coverage = tooManyActions
	}
	for i, kind := range action.kinds {
		want.excepted = action.denied[i]
		entry.Coverage = worse(entry.Coverage, m.cover(kind, want))
	}
	if entry.Answer != Covered {
		m.found = append(m.found, entry)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Merge returns the smallest list that grants the same, in canonical order: by ACL, scope,
// actions and values, each sorted. Lists that are Equal give the same list. What another
// entry covers is left out, unless keeping it saves an entry. An unknown scope is
// joined with the very same only.
//
// Where one ACL has more than 6 actions in one scope, which none of the catalogue has, entries of
// the same actions are joined, and then those of the same values: that is never longer than
// the list given, but may be longer than necessary, and depends on how the list is split.
func Merge(list []Capability) []Capability {
	merged := []Capability{}
	groups := byQualifier(list)
	for _, qualifier := range slices.Sorted(maps.Keys(groups)) {
		group := groups[qualifier]
		for _, relation := range group.relations() {
			for _, e := range relation.entries(group) {
				merged = append(merged, e.capability(relation.kind, group.model))
			}
		}
	}
	slices.SortStableFunc(merged, compareEntries)
	return merged
}

// compareEntries gives the order of merged entries. Those that differ in their qualifiers
// only stay in the order of these.
func compareEntries(a, b Capability) int {
	return cmp.Or(
		strings.Compare(a.ACL, b.ACL),
		strings.Compare(a.Scope.Name, b.Scope.Name),
		slices.Compare(a.Actions, b.Actions),
	)
}

// scopeOfACL is what entries must have in common to be joined. Text is the object of
// an unknown scope.
type scopeOfACL struct {
	acl, scope, text string
}

// relation says which actions are needed for which values of one scope of one ACL.
type relation struct {
	kind scopeOfACL
	// actions are sorted.
	actions []string
	// needed holds the reduced permissions: the sorted actions by value.
	needed map[Permission][]string
	// covered tells what is granted anyway.
	covered coverers
}

// entry is a set of actions on a set of values, both sorted.
type entry struct {
	actions []string
	// values are permissions without their action.
	values []Permission
}

// relations gives the permissions of a group by what can be joined, in canonical order.
func (q *qualified) relations() []*relation {
	covered := coverersOf(q.permissions)
	byKind := map[scopeOfACL]*relation{}
	for _, p := range q.permissions {
		kind := kindOfScope(p)
		r := byKind[kind]
		if r == nil {
			r = &relation{kind: kind, needed: map[Permission][]string{}, covered: covered}
			byKind[kind] = r
		}
		action := p.Action
		p.Action = ""
		r.needed[p] = append(r.needed[p], action)
		if last := len(r.actions) - 1; last < 0 || r.actions[last] != action {
			r.actions = append(r.actions, action)
		}
	}
	kinds := slices.SortedFunc(maps.Keys(byKind), func(a, b scopeOfACL) int {
		return cmp.Or(strings.Compare(a.acl, b.acl), strings.Compare(a.scope, b.scope), strings.Compare(a.text, b.text))
	})
	relations := make([]*relation, len(kinds))
	for i, kind := range kinds {
		relations[i] = byKind[kind]
	}
	return relations
}

func kindOfScope(p Permission) scopeOfACL {
	kind := scopeOfACL{acl: p.ACL, scope: p.Scope}
	if scopesByName[p.Scope] == nil {
		kind.text = p.Text
	}
	return kind
}

// entries gives the fewest entries for a relation.
func (r *relation) entries(q *qualified) []entry {
	if len(r.actions) > exactActions {
		return r.joined(q)
	}
	values := slices.SortedFunc(maps.Keys(r.needed), Compare)
	classes := make([]class, len(values))
	distinct := map[class]bool{}
	for i, value := range values {
		classes[i] = r.classOf(value)
		distinct[classes[i]] = true
	}
	order := slices.SortedFunc(maps.Keys(distinct), compareClasses)
	sets, assigned := assignSets(order, smallestBasis(order, len(r.actions)))
	entries := make([]entry, len(sets))
	for i, value := range values {
		for _, set := range assigned[classes[i]] {
			entries[set].values = append(entries[set].values, value)
		}
	}
	for i, set := range sets {
		for bit, action := range r.actions {
			if set&(1<<bit) != 0 {
				entries[i].actions = append(entries[i].actions, action)
			}
		}
	}
	slices.SortFunc(entries, func(a, b entry) int { return slices.CompareFunc(a.values, b.values, Compare) })
	return entries
}

// classOf gives what a value needs and what it is granted anyway.
func (r *relation) classOf(value Permission) class {
	var c class
	needed := r.needed[value]
	for bit, action := range r.actions {
		value.Action = action
		switch {
		case slices.Contains(needed, action):
			c.need |= 1 << bit
			c.allowed |= 1 << bit
		case r.covered.coverAnother(value):
			c.allowed |= 1 << bit
		}
	}
	return c
}

// joined gives entries for a relation of many actions, from those that it was given by.
func (r *relation) joined(q *qualified) []entry {
	var entries []entry
	for _, c := range q.entries {
		if c.ACL != r.kind.acl || c.Scope.Name != r.kind.scope {
			continue
		}
		e := r.neededPart(c)
		if len(e.values) > 0 && kindOfScope(e.values[0]) == r.kind {
			entries = append(entries, e)
		}
	}
	entries = joinBy(entries, func(e entry) string { return string(appendStrings(nil, e.actions)) })
	entries = joinBy(entries, func(e entry) string {
		var key []byte
		for _, value := range e.values {
			key = append(key, value.place()...)
			key = append(key, '\n')
		}
		return string(key)
	})
	return entries
}

// neededPart gives what of an entry is not covered by others.
func (r *relation) neededPart(c *Capability) entry {
	var e entry
	for value := range c.places() {
		if slices.ContainsFunc(c.Actions, func(action string) bool { return r.needs(value, action) }) {
			e.values = append(e.values, value)
		}
	}
	for _, action := range c.Actions {
		if slices.ContainsFunc(e.values, func(value Permission) bool { return r.needs(value, action) }) {
			e.actions = append(e.actions, action)
		}
	}
	return e.normalize()
}

func (r *relation) needs(value Permission, action string) bool {
	_, found := slices.BinarySearch(r.needed[value], action)
	return found
}

func (e entry) normalize() entry {
	slices.Sort(e.actions)
	return entry{actions: slices.Compact(e.actions), values: sortPermissions(e.values)}
}

// joinBy joins the entries of the same key, in the order of the keys.
func joinBy(entries []entry, key func(entry) string) []entry {
	byKey := map[string]entry{}
	for _, e := range entries {
		k := key(e)
		byKey[k] = entry{
			actions: slices.Concat(byKey[k].actions, e.actions),
			values:  slices.Concat(byKey[k].values, e.values),
		}.normalize()
	}
	joined := make([]entry, 0, len(byKey))
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		joined = append(joined, byKey[k])
	}
	return joined
}

// capability writes an entry in API shape, with the qualifier of the model.
func (e entry) capability(kind scopeOfACL, model *Capability) Capability {
	c := Capability{
		ACL: kind.acl, Actions: e.actions, Scope: Scope{
			Name:   kind.scope,
			Extra:  canonicalMembers(model.Scope.Extra),
			Beside: canonicalMembers(model.Scope.Beside),
		},
		Siblings: canonicalSiblings(model.Siblings),
		Extra:    canonicalMembers(model.Extra),
	}
	row, known := scopesByName[kind.scope]
	if !known {
		c.Scope.Raw = json.RawMessage(kind.text)
		return c
	}
	for _, value := range e.values {
		switch row.Values {
		case Numbers:
			c.Scope.IDs = append(c.Scope.IDs, value.ID)
		case Texts:
			c.Scope.Texts = append(c.Scope.Texts, value.Text)
		case Tables:
			c.Scope.addTable(value, kind.acl == aclRaw)
		}
	}
	return c
}

// addTable adds a table of sorted values; a whole database comes before its tables. Where
// it covers them, as it does in rawAcl, they add nothing to it.
func (s *Scope) addTable(value Permission, covered bool) {
	if s.Tables == nil {
		s.Tables = map[string][]string{}
	}
	tables, there := s.Tables[value.Text]
	switch {
	case !there:
		s.Tables[value.Text] = tablesOf(value.Table)
	case len(tables) > 0:
		s.Tables[value.Text] = append(tables, value.Table)
	case !covered:
		s.Tables[value.Text] = []string{"", value.Table}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"maps"
	"slices"
	"strings"
)

// Addition returns a short list of what to grant so that nothing is missing any more when it
// is compared by the same options. What is missing is a result of Missing. As a rule the list is
// merged. Where nothing covers anything but itself, every permission has to be in it.
func Addition(missing []Capability, o Options) []Capability {
	if !o.IgnoreAllScopeMeaning {
		merged := Merge(missing)
		if !slices.ContainsFunc(merged, listsNoTable) {
			return merged
		}
	}
	return join(missing)
}

// listsNoTable reports whether a list of tables has an element that stands for the whole
// database. Nobody is to write that: see ParseGrants.
func listsNoTable(c Capability) bool {
	for _, tables := range c.Scope.Tables {
		if slices.Contains(tables, "") {
			return true
		}
	}
	return false
}

// actionsOfScope is what entries have in common that join puts together. A whole database is
// written as an empty list, so it has no place in an entry that lists tables of it.
type actionsOfScope struct {
	scopeOfACL
	whole   bool
	actions string
}

// join puts permissions together that have the same actions on other things of one
// scope, and leaves out none of them. Members beside actions and scope are not looked at.
func join(list []Capability) []Capability {
	actions := map[Permission][]string{}
	for _, p := range Flatten(list) {
		action := p.Action
		p.Action = ""
		actions[p] = append(actions[p], action)
	}
	entries := map[actionsOfScope]entry{}
	for _, value := range slices.SortedFunc(maps.Keys(actions), Compare) {
		key := actionsOfScope{
			scopeOfACL: kindOfScope(value),
			whole:      value.Table == "",
			actions:    strings.Join(actions[value], "\n"),
		}
		entries[key] = entry{actions: actions[value], values: append(entries[key].values, value)}
	}
	joined := make([]Capability, 0, len(entries))
	for _, key := range slices.SortedFunc(maps.Keys(entries), compareActionsOfScope) {
		joined = append(joined, entries[key].capability(key.scopeOfACL, &Capability{}))
	}
	slices.SortStableFunc(joined, compareEntries)
	return joined
}

// compareActionsOfScope orders what compareEntries does not tell apart.
func compareActionsOfScope(a, b actionsOfScope) int {
	switch {
	case a.text != b.text:
		return strings.Compare(a.text, b.text)
	case a.whole == b.whole:
		return 0
	case a.whole:
		return -1
	}
	return 1
}

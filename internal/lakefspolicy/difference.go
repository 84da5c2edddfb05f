// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// AccessChange is what is granted, or revoked, for one action: the requests that match Resource and none of Except.
type AccessChange struct {
	// Action is the name of an action. If AnyOther is set, it is a pattern, or several joined by
	// " and ", for the names that it matches and the catalogue does not have.
	Action   string
	AnyOther bool
	// ExceptActions are patterns of which the names do not match, if AnyOther is set.
	ExceptActions []string
	// Resource is a resource pattern, Except what of it is left out, sorted.
	Resource string
	Except   []string
	// Condition says when, as PermissionLines writes it, "not (…)" for when a condition does not
	// hold; empty: always.
	Condition string
	// Witness is one such request. Its user is made up if no user was given.
	Witness Request
}

// ActionText gives the action as PermissionLines writes it.
func (c AccessChange) ActionText() string {
	text := quoteWord(c.Action)
	if len(c.ExceptActions) > 0 {
		text += " except " + strings.Join(c.ExceptActions, ", ")
	}
	if c.AnyOther {
		text += anyOtherAction
	}
	return text
}

// String gives the change as messages show it.
func (c AccessChange) String() string {
	text := c.ActionText()
	text += " on " + quoteWord(c.Resource)
	if len(c.Except) > 0 {
		text += " except " + strings.Join(c.Except, ", ")
	}
	if c.Condition != "" {
		text += " if " + c.Condition
	}
	return text
}

// AccessDifference is what a change of statements changes.
type AccessDifference struct {
	// Granted and Revoked are sorted by action, resource and condition. Entries may overlap.
	Granted, Revoked []AccessChange
	// Uncertain says in a sentence why more may change than the lists say, or less; empty: they
	// are exact.
	Uncertain string
}

// Same reports whether it is certain that nothing changes.
func (d AccessDifference) Same() bool {
	return len(d.Granted) == 0 && len(d.Revoked) == 0 && d.Uncertain == ""
}

// Same reports whether it is certain that two lists of statements mean the same access for every
// user. Lists that mean the same may be so different that it returns false.
func Same(before, after []Statement) bool {
	return Difference(before, after, "").Same()
}

// Difference returns what is allowed after and not before, and the other way round, exactly: the
// requests of the entries of an action are those that change. The statements are those of all policies of the user; a user of ""
// is not known, and "${user}" stays in the patterns.
//
// Every condition is taken for something that may hold or not, whatever the others
// do. So a statement with an unchanged condition makes no difference, and a condition that is dropped from an
// allow is a grant where it does not hold.
func Difference(before, after []Statement, user string) AccessDifference {
	return NewDiffer().Difference(before, after, user)
}

// Differ answers Difference for many pairs of statements. It keeps what depends on nothing but the action
// patterns, of which policies tend to have few sets. It is not safe for concurrent use.
type Differ struct {
	kinds map[string]unknownKinds
}

// unknownKinds is a result of unknownActions.
type unknownKinds struct {
	classes  []unknownAction
	complete bool
}

// NewDiffer makes a Differ.
func NewDiffer() *Differ { return &Differ{kinds: map[string]unknownKinds{}} }

// unknownActions is the function unknownActions, once for each set of patterns.
func (m *Differ) unknownActions(patterns []string) ([]unknownAction, bool) {
	patterns = sortedSet(patterns)
	key := fmt.Sprintf("%q", patterns)
	kinds, ok := m.kinds[key]
	if !ok {
		kinds.classes, kinds.complete = unknownActions(patterns)
		m.kinds[key] = kinds
	}
	return kinds.classes, kinds.complete
}

// Difference answers as the function Difference does.
func (m *Differ) Difference(before, after []Statement, user string) AccessDifference {
	if Equal(before, after) {
		return AccessDifference{}
	}
	d := differ{Differ: m, user: user, before: newRuleSet(before, user), after: newRuleSet(after, user), known: map[viewPair]*viewChange{}}
	switch {
	case d.before.denyAll && d.after.denyAll:
		return AccessDifference{}
	case d.before.denyAll != d.after.denyAll || !maps.Equal(d.before.failing, d.after.failing):
		d.doubt("a condition that may be impossible to evaluate makes lakeFS deny every request, before or after the change")
	}
	for _, name := range knownActions {
		matches := func(pattern string) bool { return matchGlob(pattern, name) }
		change := d.compare(d.before.viewOf(matches), d.after.viewOf(matches))
		d.Granted = append(d.Granted, d.entries(name, change.granted)...)
		d.Revoked = append(d.Revoked, d.entries(name, change.revoked)...)
	}
	d.addUnknown()
	sortChanges(d.Granted)
	sortChanges(d.Revoked)
	return d.AccessDifference
}

func sortChanges(list []AccessChange) {
	slices.SortFunc(list, func(a, b AccessChange) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), slices.Compare(a.ExceptActions, b.ExceptActions),
			cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Condition, b.Condition), slices.Compare(a.Except, b.Except))
	})
}

// differ is the work of Difference.
type differ struct {
	*Differ
	AccessDifference
	user          string
	before, after *ruleSet
	known         map[viewPair]*viewChange
}

// doubt notes why the lists are not exact; the first reason counts.
func (d *differ) doubt(reason string) {
	if d.Uncertain == "" {
		d.Uncertain = reason
	}
}

type viewPair struct {
	before, after *view
}

// viewChange is what changes for the actions of two views.
type viewChange struct {
	granted, revoked []regionChange
}

// regionChange is a region of resources under a condition.
type regionChange struct {
	region
	condition string
}

// entries writes changes for an action.
func (d *differ) entries(action string, changes []regionChange) []AccessChange {
	list := make([]AccessChange, len(changes))
	for i, c := range changes {
		list[i] = AccessChange{Action: action, Resource: c.resource, Except: c.except, Condition: c.condition, Witness: d.witness(action, c.witness)}
	}
	return list
}

func (d *differ) witness(action, resource string) Request {
	return (&checker{user: d.user}).request(action, resource)
}

// addUnknown adds what changes for actions that the catalogue does not have. Kinds of
// them for which the same changes are written together, as far as patterns can.
func (d *differ) addUnknown() {
	classes, complete := d.unknownActions(slices.Concat(d.before.patterns, d.after.patterns))
	if !complete {
		d.doubt(tooManyActions.Reason)
	}
	granted, revoked := changedKinds{}, changedKinds{}
	for i := range classes {
		change := d.compare(d.before.viewOf(classes[i].matches), d.after.viewOf(classes[i].matches))
		granted.add(change.granted, i)
		revoked.add(change.revoked, i)
	}
	d.Granted = append(d.Granted, d.unknownEntries(granted, classes)...)
	d.Revoked = append(d.Revoked, d.unknownEntries(revoked, classes)...)
}

// changedKinds gives for each change, by its text, the numbers of the kinds of actions that it is for.
type changedKinds map[string]*changedKind

type changedKind struct {
	regionChange
	kinds []int
}

func (k changedKinds) add(changes []regionChange, kind int) {
	for _, c := range changes {
		key := c.key() + "\n" + c.condition
		if k[key] == nil {
			k[key] = &changedKind{regionChange: c}
		}
		k[key].kinds = append(k[key].kinds, kind)
	}
}

func (d *differ) unknownEntries(changes changedKinds, classes []unknownAction) []AccessChange {
	var list []AccessChange
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		c := changes[key]
		for _, name := range describeKinds(c.kinds, classes) {
			entry := d.entries(name.example, []regionChange{c.regionChange})[0]
			entry.Action, entry.ExceptActions, entry.AnyOther = name.action, name.except, isPattern(name.action)
			list = append(list, entry)
		}
	}
	return list
}

// kindName is how a set of unknown actions is written.
type kindName struct {
	action  string
	except  []string
	example string
}

// describeKinds writes kinds of unknown actions as patterns of which all kinds are
// among them, and the others one by one.
func describeKinds(kinds []int, classes []unknownAction) []kindName {
	members := map[string]map[int]bool{}
	for i := range classes {
		for _, pattern := range classes[i].matching {
			if members[pattern] == nil {
				members[pattern] = map[int]bool{}
			}
			members[pattern][i] = true
		}
	}
	byReach := slices.SortedFunc(maps.Keys(members), func(a, b string) int {
		return cmp.Or(-cmp.Compare(len(members[a]), len(members[b])), cmp.Compare(a, b))
	})
	left := map[int]bool{}
	for _, kind := range kinds {
		left[kind] = true
	}
	all := maps.Clone(left)
	var names []kindName
	for _, pattern := range byReach {
		if within(members[pattern], all) && touches(members[pattern], left) {
			names = append(names, kindName{action: pattern, example: classes[slices.Min(slices.Collect(maps.Keys(members[pattern])))].name})
			maps.DeleteFunc(left, func(kind int, _ bool) bool { return members[pattern][kind] })
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(left)) {
		names = append(names, describeKind(kind, classes, members, byReach))
	}
	return names
}

// describeKind writes one kind: the narrowest patterns that match, and the widest of the others.
func describeKind(kind int, classes []unknownAction, members map[string]map[int]bool, byReach []string) kindName {
	var positive, except []string
	reached := map[int]bool{}
	for i := range classes {
		reached[i] = true
	}
	for i := range byReach {
		pattern := byReach[len(byReach)-1-i] // narrow ones first
		if members[pattern][kind] && !within(reached, members[pattern]) {
			positive = append(positive, pattern)
			maps.DeleteFunc(reached, func(k int, _ bool) bool { return !members[pattern][k] })
		}
	}
	if len(positive) == 0 {
		positive = byReach[:1] // all kinds match it, and there is only one
	}
	for _, pattern := range byReach {
		if !members[pattern][kind] && touches(members[pattern], reached) {
			except = append(except, pattern)
			maps.DeleteFunc(reached, func(k int, _ bool) bool { return members[pattern][k] })
		}
	}
	slices.Sort(positive)
	slices.Sort(except)
	return kindName{action: strings.Join(positive, " and "), except: except, example: classes[kind].name}
}

func within[K comparable](inner, outer map[K]bool) bool {
	for kind := range inner {
		if !outer[kind] {
			return false
		}
	}
	return true
}

func touches[K comparable](a, b map[K]bool) bool {
	for kind := range a {
		if b[kind] {
			return true
		}
	}
	return false
}

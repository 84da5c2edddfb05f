// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// maxLines bounds the lines in which actions are named one by one. Plans of more are read by
// nobody, and Terraform keeps each line in its state.
const maxLines = 2000

// line is one permission of a policy.
type line struct {
	action   string
	anyOther bool
	resource string
	// condition is canonical; empty: none.
	condition string
}

// anyOtherAction marks that an action pattern stands for unknown names only.
const anyOtherAction = " (any other action)"

// String gives the line as plans show it. Different lines give different texts.
func (l line) String() string {
	action := quoteWord(l.action)
	if l.anyOther {
		action += anyOtherAction
	}
	return action + whereText(l.resource, l.condition)
}

// whereText gives what stands behind the action.
func whereText(resource, condition string) string {
	if condition == "" {
		return " on " + quoteWord(resource)
	}
	return " on " + quoteWord(resource) + " if " + condition
}

// PermissionLines returns what statements say as a map from one permission, such as
// "fs:ReadObject on arn:lakefs:fs:::repository/main/*", to its effect "allow" or "deny". Patterns of
// actions are written as the actions of the catalogue that they match and one line for the names they match that
// are not in it, "fs:* (any other action) on …". A condition follows the resource:
// "… if IpAddress SourceIp in 10.0.0.0/8".
//
// Left out is what never matches, what other lines of the effect cover, together or alone, and what is
// allowed and denied at once. A line without a condition covers those with one. The user's id takes the place of
// "${user}", which with the id "" stays. Equal maps mean equal access, then for every user. Where comparing takes too long, lines are kept.
//
// Beyond 2,000 lines actions stay patterns: the map has one line for each pattern and resource of the statements.
func PermissionLines(statements []Statement, user string) map[string]string {
	set := newRuleSet(statements, user)
	lines := map[string]string{}
	b := lineBuilder{set: set, lines: lines, views: map[*view]map[string]string{}}
	for _, condition := range slices.Sorted(maps.Keys(set.failing)) {
		lines["any action on * if it cannot be evaluated whether "+condition] = EffectDeny
	}
	for _, name := range knownActions {
		v := set.viewOf(func(pattern string) bool { return matchGlob(pattern, name) })
		for where, effect := range b.reduced(v) {
			lines[quoteWord(name)+where] = effect
		}
		if len(lines) > maxLines {
			break
		}
	}
	b.addUnknown()
	if len(lines) > maxLines {
		return patternLines(set)
	}
	return lines
}

// patternLines writes a line for each action pattern and resource.
func patternLines(set *ruleSet) map[string]string {
	lines := map[string]string{}
	for condition := range set.failing {
		lines["any action on * if it cannot be evaluated whether "+condition] = EffectDeny
	}
	for _, pattern := range set.patterns {
		for _, number := range set.byAction[pattern] {
			r := &set.rules[number]
			for _, resource := range r.resources {
				key := line{action: pattern, resource: resource.text, condition: r.condition}.String()
				if r.deny {
					lines[key] = EffectDeny
				} else if lines[key] == "" {
					lines[key] = EffectAllow
				}
			}
		}
	}
	return lines
}

// place is a resource pattern under a condition, of the statements with one effect.
type place struct {
	condition string
	pattern   *resourcePattern
	deny      bool
}

// lineBuilder is the work of PermissionLines.
type lineBuilder struct {
	set   *ruleSet
	lines map[string]string
	views map[*view]map[string]string
}

// reduced gives what a view says without what says nothing more, as the end of lines with their effect.
func (b *lineBuilder) reduced(v *view) map[string]string {
	if texts, ok := b.views[v]; ok {
		return texts
	}
	denied := withoutCovered(placesOf(v.deny, true))
	var allowed []place
	for _, p := range placesOf(v.allow, false) {
		if !covered(p, denied) {
			allowed = append(allowed, p)
		}
	}
	texts := map[string]string{}
	for _, p := range append(withoutCovered(allowed), denied...) {
		texts[whereText(p.pattern.text, p.condition)] = p.effect()
	}
	b.views[v] = texts
	return texts
}

func (p *place) effect() string {
	if p.deny {
		return EffectDeny
	}
	return EffectAllow
}

// placesOf lists the patterns of one effect, in an order in which the narrow ones tend to be first.
func placesOf(side map[string][]*resourcePattern, deny bool) []place {
	var places []place
	for condition, list := range side {
		for _, p := range list {
			places = append(places, place{condition, p, deny})
		}
	}
	slices.SortFunc(places, comparePlaces)
	return places
}

func comparePlaces(a, b place) int {
	return cmp.Or(
		-cmp.Compare(len(a.condition), len(b.condition)),
		-cmp.Compare(len(a.pattern.text), len(b.pattern.text)),
		strings.Compare(a.pattern.text, b.pattern.text),
		strings.Compare(a.condition, b.condition),
	)
}

// withoutCovered drops places, one after the other, that the rest covers.
func withoutCovered(places []place) []place {
	return reduce(places, covered)
}

// reduce drops items, one after the other, that the rest makes needless. As they are looked at in
// canonical order, what stays is canonical. It comes in no order.
func reduce[T any](items []T, needless func(item T, rest []T) bool) []T {
	kept := slices.Clone(items)
	for at := 0; at < len(kept); {
		// The front is for what is looked at; what was there has been looked at before.
		kept[0], kept[at] = kept[at], kept[0]
		if needless(kept[0], kept[1:]) {
			kept = kept[1:]
		} else {
			at++
		}
	}
	return kept
}

// covered reports whether places together match everything that one does, on the server, for every user.
func covered(p place, by []place) bool {
	var candidates []*resourcePattern
	for _, other := range by {
		if other.condition != "" && other.condition != p.condition {
			continue
		}
		if includesForSure(other.pattern, p.pattern) {
			return true
		}
		if other.pattern.kind == ids && p.pattern.kind != opaque && (p.pattern.kind == everything ||
			p.pattern.service == other.pattern.service && compatible(&other.pattern.glob, &p.pattern.glob)) {
			candidates = append(candidates, other.pattern)
		}
	}
	if len(candidates) == 0 || p.pattern.kind == everything {
		return false
	}
	return covers(p.pattern, candidates)
}

// covers reports whether the others together match everything that a pattern does.
func covers(p *resourcePattern, others []*resourcePattern) bool {
	wide := p.widestForUser()
	q := question{wanted: &wide, allowed: others, guesses: true}
	_, found := q.search()
	return found == nothing
}

// unknownPlace is a place for the names that an action pattern matches and the catalogue has not.
type unknownPlace struct {
	place
	action string
}

// addUnknown writes the lines for unknown actions. One is covered by others whose action patterns
// include its own.
func (b *lineBuilder) addUnknown() {
	if len(b.lines) > maxLines {
		return
	}
	outer := b.wideActions()
	var denied, allowed []unknownPlace
	for _, p := range b.unknownPlaces() {
		if p.deny {
			denied = append(denied, p)
		} else {
			allowed = append(allowed, p)
		}
	}
	denied = outer.reduce(denied)
	allowed = slices.DeleteFunc(allowed, func(p unknownPlace) bool { return covered(p.place, outer.places(nil, p.action, denied)) })
	allowed = outer.reduce(allowed)
	for _, p := range slices.Concat(denied, allowed) {
		l := line{action: p.action, anyOther: isPattern(p.action), resource: p.pattern.text, condition: p.condition}
		b.lines[l.String()] = p.effect()
	}
}

// wideActions gives for each action pattern those that include it, itself among them.
func (b *lineBuilder) wideActions() actionSets {
	var patterns []string
	var globs []glob
	for _, pattern := range b.set.patterns {
		if g, ok := parseGlob(pattern, readingOfGlob{}); ok && reachesUnknown(pattern) {
			patterns = append(patterns, pattern)
			globs = append(globs, g)
		}
	}
	outer := actionSets{}
	for i, inner := range patterns {
		outer[inner] = map[string]bool{}
		for j, pattern := range patterns {
			if i == j || includes(&globs[j], &globs[i]) {
				outer[inner][pattern] = true
			}
		}
	}
	return outer
}

// unknownPlaces lists the places of the action patterns that reach unknown names, in canonical order.
func (b *lineBuilder) unknownPlaces() []unknownPlace {
	var places []unknownPlace
	for _, pattern := range b.set.patterns {
		if !reachesUnknown(pattern) {
			continue
		}
		for _, number := range b.set.byAction[pattern] {
			r := &b.set.rules[number]
			for _, resource := range r.resources {
				places = append(places, unknownPlace{place{r.condition, resource, r.deny}, pattern})
			}
		}
	}
	slices.SortFunc(places, func(a, b unknownPlace) int {
		order := cmp.Or(-cmp.Compare(len(a.action), len(b.action)), strings.Compare(a.action, b.action), comparePlaces(a.place, b.place))
		if order == 0 && a.deny != b.deny {
			return map[bool]int{true: 1, false: -1}[a.deny]
		}
		return order
	})
	return slices.Compact(places)
}

// actionSets gives for an action pattern those that include it.
type actionSets map[string]map[string]bool

// places appends the places of the others whose action patterns include an action pattern. It is cheap if
// the others of one action stand together.
func (s actionSets) places(list []place, action string, others []unknownPlace) []place {
	outer := s[action]
	last, included := "", false
	for _, other := range others {
		if other.action != last {
			last, included = other.action, outer[other.action]
		}
		if included {
			list = append(list, other.place)
		}
	}
	return list
}

// reduce drops places for unknown actions that others cover.
func (s actionSets) reduce(places []unknownPlace) []unknownPlace {
	var list []place
	return reduce(places, func(p unknownPlace, rest []unknownPlace) bool {
		list = s.places(list[:0], p.action, rest)
		return covered(p.place, list)
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"maps"
	"slices"
	"strings"
)

// maxConditions bounds the conditions of which every combination is looked at.
const maxConditions = 6

// The reasons why a difference is not exact.
const (
	dependsOnUser      = "what changes depends on the id of the user"
	tooManyConditions  = "there are too many conditions to look at every combination of them"
	tooTangled         = "the patterns are too many and too tangled to compare within the limits"
	widerThanPatterns  = `of characters of three and four bytes lakeFS may allow or deny more than the patterns say, where "*" comes before "??"`
	tooManyIntersected = "what was denied before and is allowed now, or the other way round, is too many patterns to write"
)

// compare finds what changes between two views, once for each pair.
func (d *differ) compare(before, after *view) *viewChange {
	pair := viewPair{before, after}
	change := d.known[pair]
	if change == nil {
		change = &viewChange{}
		if !sameTexts(before.allow, after.allow) || !sameTexts(before.deny, after.deny) {
			d.compareViews(before, after, change)
		}
		d.known[pair] = change
	}
	return change
}

// sameTexts compares the texts of patterns, condition by condition.
func sameTexts(a, b map[string][]*resourcePattern) bool {
	return maps.EqualFunc(a, b, func(a, b []*resourcePattern) bool {
		return slices.EqualFunc(a, b, func(a, b *resourcePattern) bool { return a.text == b.text })
	})
}

func (d *differ) compareViews(before, after *view, change *viewChange) {
	conditions := map[string]bool{}
	for _, side := range []map[string][]*resourcePattern{before.allow, before.deny, after.allow, after.deny} {
		for condition := range side {
			conditions[condition] = true
		}
	}
	delete(conditions, "")
	if len(conditions) > maxConditions {
		d.doubt(tooManyConditions)
		return
	}
	names := slices.Sorted(maps.Keys(conditions))
	granted, revoked := regionsByAssignment{}, regionsByAssignment{}
	for assignment := range uint(1) << len(names) {
		was, is := before.given(names, assignment), after.given(names, assignment)
		granted.add(d.regions(was, is), assignment)
		revoked.add(d.regions(is, was), assignment)
	}
	change.granted, change.revoked = granted.changes(names), revoked.changes(names)
	d.doubtUser(before, after, len(change.granted)+len(change.revoked) > 0)
}

// given gives the patterns of a view when the conditions hold whose bits are set.
func (v *view) given(conditions []string, assignment uint) *given {
	g := &given{allow: v.allow[""], deny: v.deny[""]}
	for i, condition := range conditions {
		if assignment&(1<<i) != 0 {
			g.allow = slices.Concat(g.allow, v.allow[condition])
			g.deny = slices.Concat(g.deny, v.deny[condition])
		}
	}
	g.allow, g.deny = widestOf(g.allow), widestOf(g.deny)
	return g
}

// given is what is allowed and denied when it is known which conditions hold.
type given struct {
	allow, deny []*resourcePattern
}

// widestOf drops patterns that another one includes; of equal ones the first stays.
func widestOf(list []*resourcePattern) []*resourcePattern {
	list = distinct(list)
	var kept []*resourcePattern
	for i, p := range list {
		if !slices.ContainsFunc(list, func(other *resourcePattern) bool {
			return other != p && includesForSure(other, p) && (!includesForSure(p, other) || slices.Index(list, other) < i)
		}) {
			kept = append(kept, p)
		}
	}
	return kept
}

// includesForSure is within on the server: what the matcher makes of several "?" counts.
func includesForSure(outer, inner *resourcePattern) bool {
	return inner.text == outer.text || outer.kind == everything ||
		inner.kind == ids && !inner.glob.wider && inner.within(outer)
}

// region is a resource pattern without others.
type region struct {
	resource string
	except   []string
	witness  string
	pattern  *resourcePattern
}

func (r *region) key() string {
	return r.resource + "\n" + strings.Join(r.except, "\n")
}

// regions gives what is allowed and was not: of each pattern that allows, what was not allowed, and
// what was denied.
func (d *differ) regions(was, is *given) []region {
	var fresh, undenied []region
	for _, p := range is.allow {
		if p.kind == opaque {
			continue // see doubtUser
		}
		q := question{wanted: p, excepted: is.deny, allowed: was.allow}
		if resource, ok := d.ask(&q); ok {
			resource = d.sureWitness(q, resource)
			except := slices.Concat(is.deny, was.allow)
			fresh = append(fresh, newRegion(p, except, resource))
			d.doubtLeftOut(p, except)
		} else {
			d.doubtWider(p, is.deny, was.allow)
		}
		for _, denial := range was.deny {
			undenied = append(undenied, d.undenied(p, denial, was, is)...)
		}
	}
	undenied = slices.DeleteFunc(undenied, func(r region) bool {
		return slices.ContainsFunc(undenied, func(other region) bool {
			return other.resource != r.resource && r.pattern.within(other.pattern) && !other.pattern.within(r.pattern)
		})
	})
	fresh = slices.DeleteFunc(fresh, func(r region) bool {
		return slices.ContainsFunc(undenied, func(other region) bool { return includesForSure(other.pattern, r.pattern) })
	})
	return append(fresh, undenied...)
}

// ask searches, and doubts if the limits are reached.
func (d *differ) ask(q *question) (string, bool) {
	resource, found := q.search()
	if found == exhausted {
		d.doubt(tooTangled)
	}
	return resource, found == something
}

// sureWitness gives an answer to a question that the server agrees with, if there are patterns of which it may
// match more.
func (d *differ) sureWitness(q question, resource string) string {
	isWider := func(p *resourcePattern) bool { return p.glob.wider }
	if !slices.ContainsFunc(q.excepted, isWider) && !slices.ContainsFunc(q.allowed, isWider) {
		return resource
	}
	q.excepted, q.allowed = widestEach(q.excepted), widestEach(q.allowed)
	if sure, ok := d.ask(&q); ok {
		return sure
	}
	d.doubt(widerThanPatterns)
	return resource
}

func widestEach(list []*resourcePattern) []*resourcePattern {
	wide := slices.Clone(list)
	for i, p := range list {
		if p.glob.wider {
			widest := p.widestForUser()
			wide[i] = &widest
		}
	}
	return wide
}

// undenied gives what a pattern allows, was allowed too, but was denied.
func (d *differ) undenied(p, denial *resourcePattern, was, is *given) []region {
	if denial.kind == opaque || slices.ContainsFunc(is.deny, func(other *resourcePattern) bool { return includesForSure(other, denial) }) {
		return nil
	}
	if p.glob.wider || denial.glob.wider {
		wideAllow, wideDeny := p.widest(), denial.widest()
		q := question{wanted: &wideAllow, excepted: is.deny, allowed: allResources, denied: []*resourcePattern{&wideDeny}}
		narrow := question{wanted: p, excepted: is.deny, allowed: allResources, denied: []*resourcePattern{denial}}
		if _, maybe := d.ask(&q); maybe {
			if _, sure := d.ask(&narrow); !sure {
				d.doubt(widerThanPatterns)
			}
		}
	}
	pieces, ok := overlap(p, denial)
	if !ok {
		d.doubt(tooManyIntersected)
		return nil
	}
	var regions []region
	for _, piece := range pieces {
		// All of it is granted. Where it was not allowed it is so anyway, but for what the
		// matcher makes of patterns that are exceptions there.
		widest := piece.widest()
		q := question{wanted: &widest, excepted: is.deny, allowed: allResources, denied: widestEach(was.allow)}
		if _, ok := d.ask(&q); !ok {
			continue
		}
		whole := question{wanted: piece, excepted: is.deny}
		resource, ok := d.ask(&whole)
		if !ok {
			d.doubt(widerThanPatterns)
			continue
		}
		regions = append(regions, newRegion(piece, is.deny, d.sureWitness(whole, resource)))
		d.doubtLeftOut(piece, is.deny)
	}
	if len(regions) > 0 && (p.symbolic || denial.symbolic) && !p.within(denial) && !denial.within(p) {
		d.doubt(dependsOnUser)
	}
	if len(regions) > 0 && (p.glob.wider || denial.glob.wider) && !includesAtWidest(p, denial) && !includesAtWidest(denial, p) {
		d.doubt(widerThanPatterns)
	}
	return regions
}

// overlap gives what two patterns match both: the inner one where that is certain.
func overlap(p, other *resourcePattern) ([]*resourcePattern, bool) {
	switch {
	case includesAtWidest(p, other):
		return []*resourcePattern{other}, true
	case includesAtWidest(other, p):
		return []*resourcePattern{p}, true
	}
	return intersect(p, other)
}

// includesAtWidest reports whether a pattern includes all that the matcher may make of
// another one.
func includesAtWidest(outer, inner *resourcePattern) bool {
	widest := inner.widest()
	return inner.text == outer.text || widest.within(outer)
}

func newRegion(p *resourcePattern, except []*resourcePattern, witness string) region {
	r := region{resource: p.text, witness: witness, pattern: p}
	for _, other := range widestOf(slices.DeleteFunc(slices.Clone(except), func(other *resourcePattern) bool { return !other.touches(p) })) {
		r.except = append(r.except, other.text)
	}
	return r
}

// doubtLeftOut doubts that what does not seem to touch a pattern can be left out as an exception.
func (d *differ) doubtLeftOut(p *resourcePattern, except []*resourcePattern) {
	for _, other := range except {
		if wide, widest := other.widest(), p.widest(); (p.glob.wider || other.glob.wider) && !other.touches(p) && wide.touches(&widest) {
			d.doubt(widerThanPatterns)
		}
	}
}

// doubtWider doubts that nothing changes if the matcher of lakeFS may match more.
func (d *differ) doubtWider(p *resourcePattern, excepted, allowed []*resourcePattern) {
	if !p.glob.wider || slices.ContainsFunc(allowed, func(other *resourcePattern) bool { return includesForSure(other, p) }) {
		return
	}
	wide := p.widest()
	if _, ok := d.ask(&question{wanted: &wide, excepted: excepted, allowed: allowed}); ok {
		d.doubt(widerThanPatterns)
	}
}

// doubtUser doubts what was found if the user is not known and it depends on the user.
func (d *differ) doubtUser(before, after *view, changed bool) {
	all := slices.Concat(before.patterns(), after.patterns())
	if !slices.ContainsFunc(all, (*resourcePattern).isForAnyUser) {
		return
	}
	isOpaque := func(p *resourcePattern) bool { return p.kind == opaque }
	switch {
	case slices.ContainsFunc(all, isOpaque) && (changed || !sameTexts(before.opaque(), after.opaque())):
		d.doubt(dependsOnUser)
	case !coversEach(before.deny, after.deny) || !coversEach(after.deny, before.deny):
		d.doubt(dependsOnUser)
	case changed && slices.ContainsFunc(all, func(p *resourcePattern) bool { return p.symbolic && meetsUnseen(p, all) }):
		d.doubt(dependsOnUser)
	}
}

// meetsUnseen reports whether a pattern for any user may match what another one does, although
// they seem to have nothing in common.
func meetsUnseen(p *resourcePattern, others []*resourcePattern) bool {
	wide := p.widest()
	return slices.ContainsFunc(others, func(other *resourcePattern) bool {
		wideOther := other.widest()
		return other.text != p.text && !other.touches(p) && wideOther.touches(&wide)
	})
}

// coversEach reports whether for every user some patterns are among others, condition by condition.
func coversEach(outer, inner map[string][]*resourcePattern) bool {
	for condition, list := range inner {
		for _, p := range list {
			others := under(outer, condition)
			if slices.ContainsFunc(others, func(other *resourcePattern) bool { return other.text == p.text }) {
				continue
			}
			q := question{wanted: p, allowed: others}
			if _, found := q.search(); found != nothing || p.kind == opaque {
				return false
			}
		}
	}
	return true
}

func (v *view) patterns() []*resourcePattern {
	var all []*resourcePattern
	for _, side := range []map[string][]*resourcePattern{v.allow, v.deny} {
		for _, list := range side {
			all = append(all, list...)
		}
	}
	return all
}

// opaque gives the opaque patterns by effect and condition.
func (v *view) opaque() map[string][]*resourcePattern {
	found := map[string][]*resourcePattern{}
	for effect, side := range map[string]map[string][]*resourcePattern{EffectAllow: v.allow, EffectDeny: v.deny} {
		for condition, list := range side {
			for _, p := range list {
				if p.kind == opaque {
					found[effect+condition] = append(found[effect+condition], p)
				}
			}
		}
	}
	return found
}

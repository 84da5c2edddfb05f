// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"maps"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// cdfComparison compares what groups of CDF grant to those of whom they are made.
type cdfComparison struct {
	change        Change
	before, after map[Subject][]*cdfHolding
	changed       []cdfChange
}

// cdfChange is a subject whose capabilities differ.
type cdfChange struct {
	subject       Subject
	before, after *granted
	*outcome
}

// cdfHolding is a group that a subject belongs to.
type cdfHolding struct {
	*CDFGroup
	permissions []cdfcapability.Permission
	possible    bool
}

func newCDFComparison(change Change) *cdfComparison {
	return &cdfComparison{change: change, before: bySubject(change.Before.CDFGroups), after: bySubject(change.After.CDFGroups)}
}

// bySubject gives the groups of everyone. Whether somebody who is named has a user account, which may
// belong to a group of all of them, nobody knows: such a group is only possible.
func bySubject(groups []CDFGroup) map[Subject][]*cdfHolding {
	subjects := map[Subject][]*cdfHolding{}
	for i := range groups {
		h := &cdfHolding{CDFGroup: &groups[i], permissions: withImplied(cdfcapability.Flatten(groups[i].Capabilities))}
		for _, s := range h.subjects() {
			subjects[s] = append(subjects[s], h)
		}
	}
	everyone := subjects[Subject{Kind: KindAllAccounts}]
	for s := range subjects {
		if s.Kind != KindMember {
			continue
		}
		for _, h := range everyone {
			subjects[s] = append(subjects[s], &cdfHolding{CDFGroup: h.CDFGroup, permissions: h.permissions, possible: true})
		}
	}
	return subjects
}

// withImplied adds the actions that another action includes, so that each is compared by itself: what
// includes an action may go while the action stays.
func withImplied(permissions []cdfcapability.Permission) []cdfcapability.Permission {
	for _, p := range permissions {
		if p.ACL != "dataModelInstancesAcl" || p.Action != "WRITE" {
			continue
		}
		implied := p
		implied.Action = "WRITE_PROPERTIES"
		if covers(p, implied) && !slices.Contains(permissions, implied) {
			permissions = append(permissions, implied)
		}
	}
	return permissions
}

// subjects are those of whom a group is made.
func (g *CDFGroup) subjects() []Subject {
	switch {
	case g.AllUserAccounts:
		return []Subject{{Kind: KindAllAccounts}}
	case g.SourceID != "":
		return []Subject{{KindSourceID, g.SourceID}}
	case len(g.Members) > 0 && !g.UnknownMembers:
		list := make([]Subject, 0, len(g.Members))
		for _, member := range slices.Sorted(slices.Values(g.Members)) {
			if s := (Subject{KindMember, member}); !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
		return list
	}
	return []Subject{{KindNobody, g.Name}}
}

// granted is what a subject has: for sure, at most, and why that may differ from what is known.
type granted struct {
	least, most []cdfcapability.Permission
	notes       []note
}

func grantedBy(holdings []*cdfHolding, side string) *granted {
	g := &granted{}
	for _, h := range holdings {
		if !h.possible {
			g.least = append(g.least, h.permissions...)
		}
		g.most = append(g.most, h.permissions...)
		if h.Unknown {
			g.notes = append(g.notes, note{side + " the group " + shown(h.Name) + ", whose capabilities are known only after apply", noPolicy})
		}
		if h.UnknownMembers {
			g.notes = append(g.notes, note{side + " the group " + shown(h.Name) + ", whose members are known only after apply: somebody else has what it grants", noPolicy})
		}
	}
	return g
}

func (c *cdfComparison) principals() []PrincipalChange {
	groups := newGrouping(CDF)
	all := map[Subject]bool{}
	for _, side := range []map[Subject][]*cdfHolding{c.before, c.after} {
		for s := range side {
			all[s] = true
		}
	}
	for _, s := range slices.SortedFunc(maps.Keys(all), compareSubjects) {
		had, has := c.before[s], c.after[s]
		if s.Kind == KindMember { // who is named on one side only may have an account on both
			had, has = c.withEveryone(s, c.before), c.withEveryone(s, c.after)
		}
		if slices.EqualFunc(had, has, sameHolding) {
			continue
		}
		before, after := grantedBy(had, "was in"), grantedBy(has, "is in")
		o := compareGranted(before, after)
		if len(o.gained)+len(o.lost)+len(o.notes) == 0 {
			continue
		}
		c.changed = append(c.changed, cdfChange{subject: s, before: before, after: after, outcome: o})
		explainCDF(o.gained, has)
		explainCDF(o.lost, had)
		groups.add(s, "", o, pathsByGroup(had), pathsByGroup(has))
	}
	return groups.changes()
}

func (c *cdfComparison) withEveryone(s Subject, side map[Subject][]*cdfHolding) []*cdfHolding {
	if list := side[s]; list != nil {
		return list
	}
	var list []*cdfHolding
	for _, h := range side[Subject{Kind: KindAllAccounts}] {
		list = append(list, &cdfHolding{CDFGroup: h.CDFGroup, permissions: h.permissions, possible: true})
	}
	return list
}

func sameHolding(a, b *cdfHolding) bool {
	return a.Name == b.Name && a.Unknown == b.Unknown && !a.Unknown && a.UnknownMembers == b.UnknownMembers && a.possible == b.possible && slices.Equal(a.permissions, b.permissions)
}

// compareGranted finds what is granted on one side and not on the other.
func compareGranted(before, after *granted) *outcome {
	o := &outcome{notes: slices.Concat(before.notes, after.notes)}
	certain := len(o.notes) == 0
	o.gained = withPossible(cdfLines(before.most, after.least, certain), cdfLines(before.least, after.most, false))
	o.lost = withPossible(cdfLines(after.most, before.least, certain), cdfLines(after.least, before.most, false))
	if slices.ContainsFunc(slices.Concat(o.gained, o.lost), func(l lineCause) bool { return !l.Certain }) && certain {
		o.notes = append(o.notes, note{"whether this principal is a user account, which has what all user accounts have, is not known", noPolicy})
	}
	return o
}

// cdfLines gives what is held and not covered by others, action by action.
func cdfLines(others, held []cdfcapability.Permission, certain bool) (lines []lineCause) {
	type action struct{ acl, name string }
	there, beside, mine := map[cdfcapability.Permission]bool{}, map[action][]cdfcapability.Permission{}, map[action][]cdfcapability.Permission{}
	for _, p := range others {
		if key := (action{p.ACL, p.Action}); !there[p] {
			there[p], beside[key] = true, append(beside[key], p)
		}
	}
	for _, p := range held {
		mine[action{p.ACL, p.Action}] = append(mine[action{p.ACL, p.Action}], p)
	}
	var found []cdfcapability.Permission
	for key, list := range mine {
		for _, p := range cdfcapability.Reduce(slices.Concat(beside[key], list)) {
			if !there[p] {
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, cdfcapability.Compare)
	for _, p := range found {
		l := Line{Text: p.String(), Certain: certain}
		l.Action, l.Resource, _ = strings.Cut(l.Text, " in ")
		for _, other := range cdfcapability.Reduce(beside[action{p.ACL, p.Action}]) {
			if covers(p, other) {
				_, place, _ := strings.Cut(other.String(), " in ")
				l.Except = append(l.Except, place)
			}
		}
		if len(l.Except) > 0 {
			l.Text += " except " + strings.Join(l.Except, ", ")
		}
		lines = append(lines, lineCause{Line: l})
	}
	return lines
}

// covers reports whether a permission covers another one.
func covers(p, other cdfcapability.Permission) bool {
	rest := cdfcapability.Reduce([]cdfcapability.Permission{p, other})
	return len(rest) == 1 && rest[0] == p
}

// explainCDF finds the groups that grant a line.
func explainCDF(lines []lineCause, holdings []*cdfHolding) {
	for i := range lines {
		text, _, _ := strings.Cut(lines[i].Text, " except ")
		for number, h := range holdings {
			if slices.ContainsFunc(h.permissions, func(p cdfcapability.Permission) bool { return p.String() == text }) {
				lines[i].through = append(lines[i].through, number)
			}
		}
	}
}

func pathsByGroup(holdings []*cdfHolding) map[int][]Path {
	paths := map[int][]Path{}
	for number, h := range holdings {
		p := Path{Group: shown(h.Name), Possible: h.possible}
		if h.Action != "" && h.Address != "" {
			p.Changes = []string{h.Address + " (" + h.Action + ")"}
		}
		paths[number] = []Path{p}
	}
	return paths
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// grouping puts principals together whose change is equal, line by line and path by path.
type grouping struct {
	platform string
	order    []*groupedChange
	byKey    map[string]*groupedChange
}

// groupedChange is a change with what the paths of all its principals change.
type groupedChange struct {
	PrincipalChange
	// changes are by side and path.
	changes map[string]map[string]bool
}

func newGrouping(platform string) *grouping {
	return &grouping{platform: platform, byKey: map[string]*groupedChange{}}
}

// add adds a principal. The paths are by the numbers of the policies, before and after.
func (g *grouping) add(subject Subject, existence string, o *outcome, before, after map[int][]Path) {
	gained, lost := withPaths(o.gained, after, before), withPaths(o.lost, before, after)
	notes := notesWithPaths(o.notes, after, before)
	var key strings.Builder
	key.WriteString(existence + "\n" + subject.Kind + "\n" + strings.Join(notes, "\n"))
	for _, side := range [][]Line{gained, lost} {
		key.WriteString("\n\n")
		for i := range side {
			side[i].writeKey(&key)
		}
	}
	change := g.byKey[key.String()]
	if change == nil {
		change = &groupedChange{
			PrincipalChange: PrincipalChange{Platform: g.platform, Existence: existence, Gained: gained, Lost: lost, Notes: notes},
			changes:         map[string]map[string]bool{},
		}
		g.byKey[key.String()] = change
		g.order = append(g.order, change)
	}
	change.Subjects = append(change.Subjects, subject)
	change.note("before", before)
	change.note("after", after)
}

func (l *Line) writeKey(b *strings.Builder) {
	b.WriteString("\n" + l.Text)
	if !l.Certain {
		b.WriteString(" ?")
	}
	for _, p := range slices.Concat(l.Through, []Path{{}}, l.Denied) {
		b.WriteString("\t" + p.String())
	}
}

func (c *groupedChange) note(side string, paths map[int][]Path) {
	for _, list := range paths {
		for _, p := range list {
			key := side + p.String()
			if c.changes[key] == nil {
				c.changes[key] = map[string]bool{}
			}
			for _, change := range p.Changes {
				c.changes[key][change] = true
			}
		}
	}
}

// withPaths gives lines with the paths of the policies that cause them.
func withPaths(causes []lineCause, with, without map[int][]Path) []Line {
	lines := make([]Line, len(causes))
	for i, cause := range causes {
		lines[i] = cause.Line
		lines[i].Through = pathsOf(cause.through, with)
		lines[i].Denied = pathsOf(cause.denied, without)
	}
	return lines
}

// notesWithPaths adds to notes about a policy how it comes to the principal.
func notesWithPaths(notes []note, after, before map[int][]Path) []string {
	var texts []string
	for _, n := range notes {
		parts := []string{n.text}
		paths := pathsOf([]int{n.policy}, after)
		if len(paths) == 0 {
			paths = pathsOf([]int{n.policy}, before)
		}
		for _, p := range paths {
			parts = append(parts, "through "+p.String())
		}
		texts = append(texts, strings.Join(parts, "; "))
	}
	return texts
}

func pathsOf(numbers []int, paths map[int][]Path) (list []Path) {
	for _, number := range numbers {
		list = append(list, paths[number]...)
	}
	slices.SortFunc(list, func(a, b Path) int { return strings.Compare(a.String(), b.String()) })
	return slices.CompactFunc(list, func(a, b Path) bool { return a.String() == b.String() })
}

// changes gives the principals in order.
func (g *grouping) changes() []PrincipalChange {
	list := make([]PrincipalChange, len(g.order))
	for i, change := range g.order {
		all := map[string][]string{}
		for path, set := range change.changes {
			all[path] = slices.Sorted(maps.Keys(set))
		}
		fill(change.Gained, all, "after", "before")
		fill(change.Lost, all, "before", "after")
		list[i] = change.PrincipalChange
		slices.SortFunc(list[i].Subjects, compareSubjects)
	}
	slices.SortFunc(list, func(a, b PrincipalChange) int { return compareSubjects(a.Subjects[0], b.Subjects[0]) })
	return list
}

func fill(lines []Line, changes map[string][]string, with, without string) {
	for i := range lines {
		for j := range lines[i].Through {
			lines[i].Through[j].Changes = changes[with+lines[i].Through[j].String()]
		}
		for j := range lines[i].Denied {
			lines[i].Denied[j].Changes = changes[without+lines[i].Denied[j].String()]
		}
	}
}

var kindOrder = []string{KindUser, KindSourceID, KindMember, KindAllAccounts, KindNobody}

func compareSubjects(a, b Subject) int {
	return cmp.Or(cmp.Compare(slices.Index(kindOrder, a.Kind), slices.Index(kindOrder, b.Kind)), cmp.Compare(a.ID, b.ID))
}

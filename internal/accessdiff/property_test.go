// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// Two servers, one for each side, are asked every request of the universe: what is gained is what
// only the second allows, what is lost what only the first allows, and nothing else is reported.
func TestReportAgreesWithServers(t *testing.T) {
	t.Parallel()
	all := questions()
	rapid.Check(t, func(t *rapid.T) {
		before := drawWorld(t)
		after := drawNext(t, before)
		report := Compare(Change{Before: before, After: after, Complete: true})
		was, is := before.server(t), after.server(t)
		for _, q := range all {
			change := report.of(q.user)
			had, has := allows(t, was, before, q), allows(t, is, after, q)
			certain := len(change.Notes) == 0
			if gained := says(change.Gained, q, false); certain && gained != (has && !had) {
				t.Fatalf("%+v: allowed before %t, after %t, and gained is %t in %+v", q, had, has, gained, change)
			}
			if lost := says(change.Lost, q, false); certain && lost != (had && !has) {
				t.Fatalf("%+v: allowed before %t, after %t, and lost is %t in %+v", q, had, has, lost, change)
			}
		}
		checkWitnesses(t, report, was, is, before, after)
	})
}

// checkWitnesses asks the servers for those witnesses that are requests of the universe.
func checkWitnesses(t *rapid.T, report Report, was, is *localserver.Server, before, after World) {
	for _, q := range questions() {
		change := report.of(q.user)
		for _, side := range []struct {
			lines         []Line
			without, with *localserver.Server
			w, wWith      World
		}{{change.Gained, was, is, before, after}, {change.Lost, is, was, after, before}} {
			for _, l := range side.lines {
				if !l.Certain || l.Condition != "" || *l.Witness != (Witness{q.user, q.action, q.resource}) {
					continue
				}
				if allows(t, side.without, side.w, q) || !allows(t, side.with, side.wWith, q) {
					t.Fatalf("the witness of %q is none: %+v", l.Text, q)
				}
				if len(l.Through) == 0 {
					t.Fatalf("%q of %s has no path: %+v", l.Text, q.user, l)
				}
			}
		}
	}
}

// Where it is open whether some edges are there, what is certain is true whichever are, and what
// is true for some is reported.
func TestPossibleEdges(t *testing.T) {
	t.Parallel()
	all := questions()
	rapid.Check(t, func(t *rapid.T) {
		before := drawWorld(t)
		after := drawNext(t, before)
		open := drawOpen(t, &after)
		report := Compare(Change{Before: before, After: after})
		was := before.server(t)
		seen := map[question][2]int{}
		worlds := settled(after, open)
		for _, w := range worlds {
			is := w.server(t)
			for _, q := range all {
				counts := seen[q]
				switch had, has := allows(t, was, before, q), allows(t, is, w, q); {
				case has && !had:
					counts[0]++
				case had && !has:
					counts[1]++
				}
				seen[q] = counts
			}
		}
		for _, q := range all {
			change := report.of(q.user)
			for i, lines := range [][]Line{change.Gained, change.Lost} {
				switch count := seen[q][i]; {
				case says(lines, q, true) && count < len(worlds):
					t.Fatalf("%+v is said to be certain, but true in %d of %d cases: %+v", q, count, len(worlds), lines)
				case count > 0 && !says(lines, q, false) && !isUnsure(change):
					t.Fatalf("%+v is true in %d of %d cases, and not reported: %+v", q, count, len(worlds), change)
				}
			}
		}
	})
}

// isUnsure reports whether the algebra has given up.
func isUnsure(change PrincipalChange) bool {
	return slices.ContainsFunc(change.Notes, func(note string) bool { return len(note) > 22 && note[:22] == "more or less may chang" })
}

// drawOpen marks up to two edges of a world as possible; the result are their places.
func drawOpen(t *rapid.T, w *World) (open []*bool) {
	for i := range w.Memberships {
		if len(open) < 1 && rapid.Bool().Draw(t, "open membership") {
			w.Memberships[i].Possible = true
			open = append(open, &w.Memberships[i].Possible)
		}
	}
	for i := range w.Attachments {
		if len(open) < 2 && rapid.Bool().Draw(t, "open attachment") {
			w.Attachments[i].Possible = true
			open = append(open, &w.Attachments[i].Possible)
		}
	}
	return open
}

// settled gives the worlds that a world with open edges may turn out to be.
func settled(w World, open []*bool) (worlds []World) {
	for choice := range 1 << len(open) {
		next := w
		next.Memberships, next.Attachments = nil, nil
		number := 0
		keep := func(possible bool) bool {
			if !possible {
				return true
			}
			number++
			return choice&(1<<(number-1)) != 0
		}
		for _, m := range w.Memberships {
			if keep(m.Possible) {
				next.Memberships = append(next.Memberships, m)
			}
		}
		for _, a := range w.Attachments {
			if keep(a.Possible) {
				next.Attachments = append(next.Attachments, a)
			}
		}
		worlds = append(worlds, next)
	}
	return worlds
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"maps"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// userVariable is what stands for the caller's id in a resource.
const userVariable = "${user}"

// lakeFSComparison compares the access of the users of lakeFS.
type lakeFSComparison struct {
	change        Change
	contents      *contents
	before, after *graph
	differ        *lakefspolicy.Differ
	users         []string
	// known are outcomes by the sets before and after, and the user where they depend on it.
	known map[string]*outcome
	// changed are the users whose access changes, for the rules.
	changed []userChange
}

// userChange is a user whose policies differ.
type userChange struct {
	user          string
	before, after set
	*outcome
}

func newLakeFSComparison(change Change) *lakeFSComparison {
	numbers := &contents{number: map[string]int{}}
	c := &lakeFSComparison{
		change: change, contents: numbers, known: map[string]*outcome{}, differ: lakefspolicy.NewDiffer(),
		before: newGraph(change.Before, change.Complete, numbers), after: newGraph(change.After, change.Complete, numbers),
	}
	users := map[string]bool{}
	c.before.everyone(users)
	c.after.everyone(users)
	c.users = slices.Sorted(maps.Keys(users))
	return c
}

// principals compares user by user. Those with the same policies before and after share the work.
func (c *lakeFSComparison) principals() []PrincipalChange {
	groups := newGrouping(LakeFS)
	for _, user := range c.users {
		had, has := c.before.holdings(user), c.after.holdings(user)
		before, after := setOf(had), setOf(has)
		if maps.Equal(before, after) {
			continue
		}
		o := c.outcome(user, before, after)
		if len(o.gained)+len(o.lost)+len(o.notes) == 0 {
			continue
		}
		c.changed = append(c.changed, userChange{user: user, before: before, after: after, outcome: o})
		groups.add(Subject{Kind: KindUser, ID: user}, c.existence(user), o, pathsByNumber(c.before, had), pathsByNumber(c.after, has))
	}
	return groups.changes()
}

func (c *lakeFSComparison) existence(user string) string {
	_, was := c.before.users[user]
	_, is := c.after.users[user]
	switch {
	case is && !was && c.after.users[user].Action == ActionCreated:
		return ActionCreated
	case was && !is:
		return ActionDeleted
	}
	return ""
}

// The actions of an Origin that have a meaning.
const (
	ActionCreated = "created"
	ActionDeleted = "deleted"
	ActionUpdated = "updated"
	// ActionReplaced is for what is deleted and created anew.
	ActionReplaced = "replaced"
)

func pathsByNumber(g *graph, list []holding) map[int][]Path {
	paths := make(map[int][]Path, len(list))
	for _, h := range list {
		paths[h.number] = append(paths[h.number], g.path(h))
	}
	return paths
}

// outcome is what changes for all users with the same policies on both sides.
type outcome struct {
	gained, lost []lineCause
	notes        []note
}

// note is a sentence about what is not certain, with the policy that it is about, by number.
type note struct {
	text   string
	policy int
}

// noPolicy is the number of a note that is about no policy.
const noPolicy = -1

// lineCause is a line with the policies that cause it, by number.
type lineCause struct {
	Line
	through, denied []int
}

// outcome compares two sets, once for all users where it does not depend on the user.
func (c *lakeFSComparison) outcome(user string, before, after set) *outcome {
	symbolic := c.mentionsUser(before) || c.mentionsUser(after)
	if symbolic && !isPlainID(user) {
		if isPending(user) {
			user = "" // it will be some id
		}
		o, _ := c.compare(user, before, after)
		return o
	}
	key := before.key() + "|" + after.key()
	o, known := c.known[key]
	if !known {
		o = c.shared(symbolic, before, after)
		c.known[key] = o
	}
	if o == nil {
		o, _ = c.compare(user, before, after)
		return o
	}
	return o.forUser(user)
}

// shared compares two sets for every user at once; nil where the result depends on the user.
func (c *lakeFSComparison) shared(symbolic bool, before, after set) *outcome {
	if !symbolic {
		o, _ := c.compare(someUser, before, after)
		return o
	}
	if o, exact := c.compare("", before, after); exact {
		return o
	}
	return nil
}

// someUser stands for the user in witnesses of comparisons that do not depend on it.
const someUser = "some-user"

// isPlainID reports whether an id has only characters that mean themselves in a pattern.
func isPlainID(user string) bool {
	return user != "" && !strings.ContainsFunc(user, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.@", r)
	})
}

func (c *lakeFSComparison) mentionsUser(s set) bool {
	for number := range s {
		if slices.ContainsFunc(c.contents.list[number].statements, func(statement lakefspolicy.Statement) bool {
			return slices.ContainsFunc(statement.Resources, func(resource string) bool { return strings.Contains(resource, userVariable) })
		}) {
			return true
		}
	}
	return false
}

// forUser puts a user into the witnesses.
func (o *outcome) forUser(user string) *outcome {
	mine := *o
	mine.gained, mine.lost = linesFor(o.gained, user), linesFor(o.lost, user)
	return &mine
}

func linesFor(lines []lineCause, user string) []lineCause {
	if isPending(user) {
		return lines // the witnesses keep the user that is made up
	}
	lines = slices.Clone(lines)
	for i, l := range lines {
		w := *l.Witness
		if w.User != someUser {
			w.Resource = strings.ReplaceAll(w.Resource, w.User, user)
		}
		w.User = user
		lines[i].Witness = &w
	}
	return lines
}

// sides are the least and the most that a set may mean.
type sides struct {
	least, most []lakefspolicy.Statement
	// exact is set where both mean the same.
	exact bool
}

// sidesOf takes what is only possible for an allow out of the least and for a deny out of the most.
func (c *lakeFSComparison) sidesOf(s set) sides {
	result := sides{exact: true}
	for _, number := range slices.Sorted(maps.Keys(s)) {
		for _, statement := range c.contents.list[number].statements {
			deny := statement.Effect == lakefspolicy.EffectDeny
			if !s[number] || deny {
				result.least = append(result.least, statement)
			}
			if !s[number] || !deny {
				result.most = append(result.most, statement)
			}
			result.exact = result.exact && !s[number]
		}
	}
	return result
}

// compare compares two sets for a user, or for every user if that is "". It answers false
// where the algebra is not sure.
func (c *lakeFSComparison) compare(user string, before, after set) (*outcome, bool) {
	o := &outcome{notes: c.unknown(before, after)}
	certain := len(o.notes) == 0
	was, is := c.sidesOf(before), c.sidesOf(after)
	// What is gained for sure was not even possible before, and is the least after; and so on.
	gain := c.differ.Difference(was.most, is.least, user)
	o.gained, o.lost = c.lines(gain.Granted, certain), c.lines(gain.Revoked, certain)
	doubts := []string{gain.Uncertain}
	if !was.exact || !is.exact {
		loss := c.differ.Difference(was.least, is.most, user)
		doubts = append(doubts, loss.Uncertain)
		o.lost = withPossible(c.lines(loss.Revoked, certain), c.lines(gain.Revoked, false))
		o.gained = withPossible(o.gained, c.lines(loss.Granted, false))
		o.notes = append(o.notes, c.whyPossible(before, after)...)
	}
	for i := range o.gained {
		c.explain(&o.gained[i], before, after, false)
	}
	for i := range o.lost {
		c.explain(&o.lost[i], after, before, true)
	}
	exact := true
	for _, doubt := range doubts {
		if doubt != "" {
			exact = false
			if n := (note{"more or less may change: " + doubt, noPolicy}); !slices.Contains(o.notes, n) {
				o.notes = append(o.notes, n)
			}
		}
	}
	if !exact {
		for _, list := range [][]lineCause{o.gained, o.lost} {
			for i := range list {
				list[i].Certain = false
			}
		}
	}
	return o, exact
}

// unknown says why nothing is certain: a policy says what nobody knows.
func (c *lakeFSComparison) unknown(before, after set) (notes []note) {
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, number := range slices.Sorted(maps.Keys(all)) {
		reason := c.contents.list[number].unknown
		if reason == "" {
			continue
		}
		_, was := before[number]
		_, is := after[number]
		switch {
		case was && is:
			notes = append(notes, note{"has a policy on both sides that may change what the lines say: " + reason, number})
		case is:
			notes = append(notes, note{"gains a policy: " + reason, number})
		default:
			notes = append(notes, note{"loses a policy: " + reason, number})
		}
	}
	return notes
}

// whyPossible names the policies of which it is not sure that the user has them.
func (c *lakeFSComparison) whyPossible(before, after set) []note {
	possible := map[string]bool{}
	for _, s := range []set{before, after} {
		for number, only := range s {
			if only {
				possible[shown(c.contents.list[number].key)] = true
			}
		}
	}
	return []note{{"whether the policy applies is known only after apply: " + strings.Join(slices.Sorted(maps.Keys(possible)), ", "), noPolicy}}
}

func (c *lakeFSComparison) lines(changes []lakefspolicy.AccessChange, certain bool) []lineCause {
	lines := make([]lineCause, len(changes))
	for i, change := range changes {
		lines[i] = lineCause{Line: Line{
			Text: change.String(), Action: change.ActionText(), Resource: change.Resource, Except: change.Except, Condition: change.Condition,
			Certain: certain, Witness: &Witness{User: change.Witness.User, Action: change.Witness.Action, Resource: change.Witness.Resource},
		}}
	}
	return lines
}

// withPossible adds the lines that are not there yet.
func withPossible(certain, possible []lineCause) []lineCause {
	texts := map[string]bool{}
	for _, l := range certain {
		texts[l.Text] = true
	}
	for _, l := range possible {
		if !texts[l.Text] {
			certain = append(certain, l)
		}
	}
	return certain
}

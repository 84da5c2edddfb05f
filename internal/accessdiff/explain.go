// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"maps"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// explain finds which policies make a line: those of the side with the permission that allow
// its witness, and denies of the other side that are not on this one. What is lost because nothing
// allows it any more is not lost because of a deny.
func (c *lakeFSComparison) explain(l *lineCause, without, with set, lost bool) {
	allowing := c.concerned(*l.Witness, with, lakefspolicy.EffectAllow)
	if !lost || len(c.concerned(*l.Witness, without, lakefspolicy.EffectAllow)) > 0 {
		l.denied = missingIn(with, c.concerned(*l.Witness, without, lakefspolicy.EffectDeny))
	}
	l.through = missingIn(without, allowing)
	if len(l.through) == 0 {
		l.through = allowing
	}
}

// missingIn gives the numbers that a set does not have, or has for possible only.
func missingIn(s set, numbers []int) (list []int) {
	for _, number := range numbers {
		if possible, there := s[number]; !there || possible {
			list = append(list, number)
		}
	}
	return list
}

// concerned gives the policies of a set with a statement of an effect that fits a request, whether
// or not its condition holds.
func (c *lakeFSComparison) concerned(w Witness, s set, effect string) (numbers []int) {
	for _, number := range slices.Sorted(maps.Keys(s)) {
		if c.fits(w, number, effect) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func (c *lakeFSComparison) fits(w Witness, number int, effect string) bool {
	return slices.ContainsFunc(c.contents.list[number].statements, func(s lakefspolicy.Statement) bool {
		return (s.Effect == lakefspolicy.EffectDeny) == (effect == lakefspolicy.EffectDeny) && fitsStatement(w, s)
	})
}

// fitsStatement reports whether a statement is about a request, its condition apart.
func fitsStatement(w Witness, s lakefspolicy.Statement) bool {
	request := lakefspolicy.Request{User: w.User, Action: w.Action, Resource: w.Resource}
	one := []lakefspolicy.StoredStatement{{Effect: lakefspolicy.EffectAllow, Actions: s.Actions}}
	policies := []lakefspolicy.Policy{{Statements: one}}
	// One by one, since several in one text would have to be parsed for each request.
	return slices.ContainsFunc(s.Resources, func(resource string) bool {
		one[0].Resource = lakefspolicy.EncodeResources([]string{resource})
		return lakefspolicy.Decide(policies, request) == lakefspolicy.DecisionAllow
	})
}

// may reports whether a user with a set of policies may make a request in some circumstances:
// conditions of what allows count as held, those of what denies as not.
func (c *lakeFSComparison) may(w Witness, s set) bool {
	allowed := false
	for number, possible := range s {
		for _, statement := range c.contents.list[number].statements {
			switch {
			case !fitsStatement(w, statement):
			case statement.Effect != lakefspolicy.EffectDeny:
				allowed = true
			case len(statement.Condition) == 0 && !possible:
				return false
			}
		}
	}
	return allowed
}

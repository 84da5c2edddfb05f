// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checker compares desires with the statements of a user.
type checker struct {
	user  string
	rules *ruleSet
	// known tells of views and desires what was found, since many actions share them.
	known map[checked]outcome
	names map[string]*view
}

type checked struct {
	view                *view
	resource, condition string
}

// outcome is what was found for one view and one desire.
type outcome struct {
	answer   Answer
	resource string // of the witness
	reason   string
}

func newChecker(statements []Statement, user string) *checker {
	return &checker{
		user: user, rules: newRuleSet(statements, user),
		known: map[checked]outcome{}, names: map[string]*view{},
	}
}

// desiredAction is one action, or one kind of unknown ones.
type desiredAction struct {
	name string
	view *view
}

// actions gives what an action pattern stands for.
func (c *checker) actions(pattern string, options CoverOptions) ([]desiredAction, bool) {
	var list []desiredAction
	if options.Literal || !isPattern(pattern) {
		return []desiredAction{c.action(pattern)}, true
	}
	for _, name := range knownActions {
		if matchGlob(pattern, name) {
			list = append(list, c.action(name))
		}
	}
	if !options.AnyOtherAction {
		return list, true
	}
	unknown, complete := unknownActions(append(slices.Clone(c.rules.patterns), pattern))
	return append(list, c.unknown(pattern, unknown)...), complete
}

func (c *checker) action(name string) desiredAction {
	v := c.names[name]
	if v == nil {
		v = c.rules.viewOf(func(pattern string) bool { return matchGlob(pattern, name) })
		c.names[name] = v
	}
	return desiredAction{name: name, view: v}
}

// unknown gives the kinds of unknown actions that a pattern matches.
func (c *checker) unknown(pattern string, classes []unknownAction) []desiredAction {
	var list []desiredAction
	for i := range classes {
		if classes[i].matches(pattern) {
			list = append(list, desiredAction{name: classes[i].name, view: c.rules.viewOf(classes[i].matches)})
		}
	}
	return list
}

// desire is a resource pattern of which some may be excepted, under a condition.
type desire struct {
	resource  *resourcePattern
	excepted  []*resourcePattern
	condition string
}

// cover compares one desired action with the statements.
func (c *checker) cover(action desiredAction, want desire) Coverage {
	key := checked{action.view, want.resource.text, want.condition}
	found, ok := c.known[key]
	if !ok || len(want.excepted) > 0 {
		found = c.compare(action.view, want)
		if len(want.excepted) == 0 {
			c.known[key] = found
		}
	}
	witness := c.request(action.name, found.resource)
	switch {
	case found.answer == Covered:
		return Coverage{Answer: Covered}
	case found.answer == CannotTell:
		return Coverage{Witness: witness, Reason: found.reason}
	case !c.rules.denyAll && action.view.allows(witness.Resource, witness.User):
		return Coverage{Witness: witness, Reason: c.whyAllowed(action.view, want)}
	}
	return Coverage{Answer: NotCovered, Witness: witness}
}

// whyAllowed says why a request is allowed that was found to be not.
func (c *checker) whyAllowed(v *view, want desire) string {
	if want.condition != "" {
		return "whether it is allowed depends on the condition " + want.condition
	}
	if want.resource.isForAnyUser() || slices.ContainsFunc(slices.Concat(v.allow[""], v.deny[""]), (*resourcePattern).isForAnyUser) {
		return "whether it is allowed depends on the id of the user"
	}
	return `of characters of three and four bytes lakeFS allows more than the patterns say, where "*" comes before "??"`
}

// madeUpUser is longer than what the "?" of usual patterns match together.
const madeUpUser = "some-user-of-a-long-name"

// request makes a request of a resource in which the unknown user may stand.
func (c *checker) request(action, resource string) Request {
	if resource == "" {
		return Request{}
	}
	request := Request{User: c.user, Action: action, Resource: resource}
	if c.user == "" {
		request.User = madeUpUser
		request.Resource = strings.ReplaceAll(resource, userVariable, madeUpUser)
	}
	return request
}

// compare finds whether a desired resource is allowed.
func (c *checker) compare(v *view, want desire) outcome {
	if want.resource.kind == opaque {
		return c.compareOpaque(v, want)
	}
	q := question{
		wanted: want.resource, excepted: want.excepted, knownServices: true,
		allowed: under(v.allow, want.condition), denied: under(v.deny, want.condition),
	}
	if c.rules.denyAll {
		q.allowed = nil
	}
	resource, found := q.search()
	switch {
	case found == something:
		return outcome{answer: NotCovered, resource: resource}
	case found == exhausted:
		return outcome{reason: "the patterns are too many and too tangled to compare within the limits"}
	case want.resource.kind == never:
		return outcome{answer: Covered}
	}
	return c.doubt(v, want)
}

// compareOpaque compares a resource that only equals itself.
func (c *checker) compareOpaque(v *view, want desire) outcome {
	same := func(p *resourcePattern) bool { return want.resource.within(p) }
	if !c.rules.denyAll && slices.ContainsFunc(under(v.allow, want.condition), same) {
		return c.doubt(v, want)
	}
	return outcome{reason: fmt.Sprintf("what the resource %q means depends on the id of the user, or it is no text", want.resource.text)}
}

// doubt looks for what makes an allowed request unsure.
func (c *checker) doubt(v *view, want desire) outcome {
	if len(c.rules.failing) > 0 {
		return outcome{reason: "lakeFS denies every request while a condition of the user's policies cannot be evaluated"}
	}
	for _, condition := range slices.Sorted(maps.Keys(v.deny)) {
		for _, p := range v.deny[condition] {
			if !p.glob.wider && condition == "" && !p.isForAnyUser() && !want.resource.isForAnyUser() {
				continue
			}
			reason := doubtful(p, condition, want)
			if reason == "" {
				continue
			}
			wide := p.widest()
			q := question{wanted: want.resource, excepted: want.excepted, allowed: allResources, denied: []*resourcePattern{&wide}, knownServices: true}
			if want.resource.isForAnyUser() {
				widest := want.resource.widest()
				q.wanted, q.excepted = &widest, nil
			}
			if resource, found := q.search(); found != nothing {
				return outcome{resource: resource, reason: reason}
			}
		}
	}
	return outcome{answer: Covered}
}

var allResources = []*resourcePattern{{kind: everything, text: anyResource}}

// isForAnyUser reports whether a pattern means something else for every user.
func (p *resourcePattern) isForAnyUser() bool {
	return p.symbolic || p.kind == opaque
}

// doubtful says why a pattern may deny some of a desired resource that it does not match for sure; or nothing.
func doubtful(p *resourcePattern, condition string, want desire) string {
	switch {
	case condition != "" && condition != want.condition:
		return fmt.Sprintf("a statement denies %s if %s", p.text, condition)
	case p.isForAnyUser() || want.resource.isForAnyUser():
		return fmt.Sprintf("whether the statement that denies %s applies depends on the id of the user", p.text)
	case p.glob.wider:
		return fmt.Sprintf(`of characters of three and four bytes lakeFS denies more than %s says, since "*" comes before "??" there`, p.text)
	}
	return ""
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is covered is allowed by every statement of the server's own rules, and what is not has a
// witness. Where nothing makes it unsure, the answer is one of the two.
func TestCoverAgreesWithDecide(t *testing.T) {
	t.Parallel()
	worlds := map[string]world{
		"allows": {}, "denies": {denies: true}, "variable": {denies: true, variable: true},
		"conditions": {denies: true, conditions: true}, "wide characters": {denies: true, wide: true},
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				statements := w.statements("statements", 0, 5, t)
				desired := Permission{rapid.SampledFrom(worldPatterns).Draw(t, "action"), w.resource().Draw(t, "resource")}
				user := rapid.SampledFrom(worldUsers).Draw(t, "user")
				got := Cover(statements, desired, CoverOptions{User: user, AnyOtherAction: true})
				checkWitness(t, statements, desired, user, got)
				if got.Answer == CannotTell && !w.conditions && !w.wide && user != "€" {
					t.Fatalf("cannot tell: %s", got.Reason)
				}
				if got.Answer != Covered {
					return
				}
				checkAllowed(t, statements, desired, user, w.callers())
			})
		})
	}
}

// checkAllowed checks every request of the small world that is desired.
func checkAllowed(t failer, statements []Statement, desired Permission, user string, callers []string) {
	t.Helper()
	policies := storedPolicies(statements)
	worldRequests(user, callers, func(r Request) {
		if matchGlob(desired.Action, r.Action) && desiresRunes(desired.Resource, user, r.Resource) && Decide(policies, r) != DecisionAllow {
			t.Fatalf("%+v is not allowed", r)
		}
	})
}

// An answer for a user who is not known holds for every user.
func TestCoverForAnyUser(t *testing.T) {
	t.Parallel()
	w := world{denies: true, variable: true}
	rapid.Check(t, func(t *rapid.T) {
		statements := w.statements("statements", 0, 5, t)
		desired := Permission{rapid.SampledFrom(worldPatterns).Draw(t, "action"), w.resource().Draw(t, "resource")}
		got := Cover(statements, desired, CoverOptions{AnyOtherAction: true})
		checkWitness(t, statements, desired, "", got)
		if got.Answer == Covered {
			for _, user := range worldUsers {
				checkAllowed(t, statements, desired, user, w.callers())
			}
		}
	})
}

// What is desired and not missing is allowed, and each missing entry has a witness.
func TestMissingAgreesWithDecide(t *testing.T) {
	t.Parallel()
	for name, w := range map[string]world{"plain": {denies: true, variable: true}, "conditions": {denies: true, conditions: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				existing, desired := w.statements("existing", 0, 4, t), w.statements("desired", 1, 3, t)
				user := rapid.SampledFrom(worldUsers[:4]).Draw(t, "user")
				checkMissing(t, existing, desired, user, w)
			})
		})
	}
}

func checkMissing(t failer, existing, desired []Statement, user string, w world) {
	t.Helper()
	missing := Missing(existing, desired, user)
	for i, m := range missing {
		if i > 0 && missing[i-1].String() >= m.String() && missing[i-1].Action >= m.Action && missing[i-1].Resource >= m.Resource && missing[i-1].Condition >= m.Condition {
			t.Fatalf("%s before %s", missing[i-1], m)
		}
		if m.AnyOther && isKnownAction(m.Witness.Action) || !m.AnyOther && m.Answer == NotCovered && m.Action != m.Witness.Action {
			t.Fatalf("%s with the witness %+v", m, m.Witness)
		}
		if m.Answer == CannotTell && !w.conditions {
			t.Fatalf("%s: cannot tell: %s", m, m.Reason)
		}
		checkWitness(t, existing, m.Permission, user, m.Coverage)
	}
	policies := storedPolicies(existing)
	var undesired []Policy // what is denied without a condition
	for _, s := range desired {
		if s.Effect == EffectDeny && readCondition(s.Condition).text == "" {
			undesired = append(undesired, storedPolicies([]Statement{s})...)
		}
	}
	wanted := storedPolicies(desired)
	for i := range wanted {
		if wanted[i].Statements[0].Effect == EffectDeny {
			wanted[i].Statements = nil
		}
	}
	worldRequests(user, w.callers(), func(r Request) {
		if Decide(wanted, r) != DecisionAllow || Decide(undesired, r) == DecisionDeny || Decide(policies, r) == DecisionAllow {
			return
		}
		for _, m := range missing {
			if matchGlob(m.Action, r.Action) && m.AnyOther != isKnownAction(r.Action) && matchResource(m.Resource, r.Resource) {
				return
			}
			if m.Action == r.Action && matchResource(m.Resource, r.Resource) {
				return
			}
		}
		t.Fatalf("%+v is desired, not allowed, and not missing in %v", r, missing)
	})
}

// Lines mean the same as the statements, to the server itself, for every user.
func TestPermissionLinesAgreeWithDecide(t *testing.T) {
	t.Parallel()
	w := world{denies: true, conditions: true, variable: true, wide: true}
	rapid.Check(t, func(t *rapid.T) {
		statements := w.statements("statements", 0, 6, t)
		user := rapid.SampledFrom(worldUsers).Draw(t, "user")
		checkLines(t, statements, PermissionLines(statements, ""), user)
		checkLines(t, statements, PermissionLines(statements, user), user)
		checkLines(t, statements, patternLines(newRuleSet(statements, "")), user)
		shuffled := rapid.Permutation(statements).Draw(t, "order")
		if a, b := PermissionLines(statements, ""), PermissionLines(shuffled, ""); len(a) != len(b) || !withinLines(a, b) {
			t.Fatalf("in another order:\n%v\n%v", a, b)
		}
	})
}

func withinLines(a, b map[string]string) bool {
	for key, effect := range a {
		if b[key] != effect {
			return false
		}
	}
	return true
}

// parsedLine is a line read back.
type parsedLine struct {
	action, resource, condition, effect string
	anyOther                            bool
}

func parseLines(t failer, lines map[string]string) []parsedLine {
	t.Helper()
	var parsed []parsedLine
	for text, effect := range lines {
		rest, condition, _ := strings.Cut(text, " if ")
		action, resource, ok := strings.Cut(rest, " on ")
		if !ok {
			t.Fatalf("the line %q", text)
		}
		action, anyOther := strings.CutSuffix(action, anyOtherAction)
		parsed = append(parsed, parsedLine{action, resource, condition, effect, anyOther})
	}
	return parsed
}

func decideLines(t failer, lines []parsedLine, r Request) Decision {
	decision := DecisionNeutral
	for _, l := range lines {
		if l.action != r.Action && (!matchGlob(l.action, r.Action) || l.anyOther && isKnownAction(r.Action)) ||
			!matchResource(strings.ReplaceAll(l.resource, userVariable, r.User), r.Resource) ||
			!conditionHolds(t, l.condition, r.Context["SourceIp"]) {
			continue
		}
		if l.effect == EffectDeny {
			return DecisionDeny
		}
		decision = DecisionAllow
	}
	return decision
}

// checkLines compares lines with statements. What is denied may as well be not allowed: lines that are
// denied anyway are dropped.
func checkLines(t failer, statements []Statement, lines map[string]string, user string) {
	t.Helper()
	policies, parsed := storedPolicies(statements), parseLines(t, lines)
	worldRequests(user, worldCallers, func(r Request) {
		if want, got := Decide(policies, r), decideLines(t, parsed, r); got != want {
			t.Fatalf("%+v: lines say %s, statements %s: %v", r, got, want, lines)
		}
	})
}

// What changes is what the entries say, no more and no less, unless the answer says that it is not exact.
func TestDifferenceAgreesWithDecide(t *testing.T) {
	t.Parallel()
	worlds := map[string]struct {
		world
		anyUser bool
	}{
		"allows": {}, "denies": {world: world{denies: true}}, "conditions": {world: world{denies: true, conditions: true}},
		"user": {world: world{denies: true, variable: true}}, "any user": {world: world{denies: true, variable: true}, anyUser: true},
		"wide characters": {world: world{denies: true, wide: true}},
	}
	for name, w := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				before, after := w.statements("before", 0, 3, t), w.statements("after", 0, 3, t)
				if common := w.statements("common", 0, 2, t); len(common) > 0 {
					before, after = append(common, before...), append(common, after...)
				}
				users := worldUsers
				user := ""
				if !w.anyUser {
					user = rapid.SampledFrom(worldUsers[:4]).Draw(t, "user")
					users = []string{user}
				}
				d := Difference(before, after, user)
				if d.Uncertain == "" {
					checkDifference(t, before, after, d, users, w.callers())
				} else if !w.wide && !w.anyUser && d.Uncertain != widerThanPatterns {
					t.Fatalf("uncertain: %s", d.Uncertain)
				}
			})
		})
	}
}

func checkDifference(t failer, before, after []Statement, d AccessDifference, users, callers []string) {
	t.Helper()
	was, is := storedPolicies(before), storedPolicies(after)
	for _, user := range users {
		worldRequests(user, callers, func(r Request) {
			allowedBefore, allowedAfter := Decide(was, r) == DecisionAllow, Decide(is, r) == DecisionAllow
			if got, want := inChanges(t, d.Granted, r), allowedAfter && !allowedBefore; got != want {
				t.Fatalf("%+v is granted: %v, the list says %v: %v", r, want, got, d.Granted)
			}
			if got, want := inChanges(t, d.Revoked, r), allowedBefore && !allowedAfter; got != want {
				t.Fatalf("%+v is revoked: %v, the list says %v: %v", r, want, got, d.Revoked)
			}
		})
		for _, c := range d.Granted {
			checkChangeWitness(t, c, is, was, user)
		}
		for _, c := range d.Revoked {
			checkChangeWitness(t, c, was, is, user)
		}
	}
}

// checkChangeWitness checks an unconditional change of a user who was given.
func checkChangeWitness(t failer, c AccessChange, allowing, refusing []Policy, user string) {
	t.Helper()
	if c.Condition != "" || c.Witness.User != user {
		return
	}
	c.Witness.Context = map[string]string{"SourceIp": "n"}
	if Decide(allowing, c.Witness) != DecisionAllow || Decide(refusing, c.Witness) == DecisionAllow || !inChanges(t, []AccessChange{c}, c.Witness) {
		t.Fatalf("the witness of %v is %+v", c, c.Witness)
	}
}

// inChanges reports whether entries say that a request changes.
func inChanges(t failer, changes []AccessChange, r Request) bool {
	resourceIn := func(pattern string) bool {
		return matchResource(strings.ReplaceAll(pattern, userVariable, r.User), r.Resource)
	}
	for _, c := range changes {
		if !changesAction(c, r.Action) || !resourceIn(c.Resource) || !conditionHolds(t, c.Condition, r.Context["SourceIp"]) {
			continue
		}
		excepted := false
		for _, pattern := range c.Except {
			excepted = excepted || resourceIn(pattern)
		}
		if !excepted {
			return true
		}
	}
	return false
}

func changesAction(c AccessChange, action string) bool {
	if !c.AnyOther {
		return c.Action == action
	}
	for pattern := range strings.SplitSeq(c.Action, " and ") {
		if !matchGlob(pattern, action) {
			return false
		}
	}
	for _, pattern := range c.ExceptActions {
		if matchGlob(pattern, action) {
			return false
		}
	}
	return !isKnownAction(action)
}

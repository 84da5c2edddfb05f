// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"testing"
)

// fuzzStatements reads statements from lines such as "deny fs:Read* a*b|c?": effect, action and ids, with
// "x" or "y" as the effect for an allow under a condition. What is left over is no id.
func fuzzStatements(text string) []Statement {
	const most, longest = 5, 12
	var statements []Statement
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) != 3 || len(statements) == most {
			continue
		}
		s := Statement{Effect: EffectAllow, Actions: []string{fields[1]}}
		switch fields[0] {
		case EffectDeny:
			s.Effect = EffectDeny
		case "x":
			s.Condition = startsWithX
		case "y":
			s.Condition = endsWithY
		}
		for id := range strings.SplitSeq(fields[2], "|") {
			if len(id) > longest || len(s.Resources) == most {
				continue
			}
			if id != "*" && !strings.HasPrefix(id, "arn:") {
				id = "arn:lakefs:fs:::" + id
			}
			s.Resources = append(s.Resources, id)
		}
		statements = append(statements, s)
	}
	return statements
}

func addSeeds(f *testing.F) {
	f.Helper()
	for _, seed := range [][3]string{
		{"allow fs:* a*|*b", "allow fs:Read* ?*", "a"},
		{"deny fs:ReadObject a*b\nallow * *", "allow fs:Read* a?|${user}*", "b*"},
		{"x fs:* *??\ny fs:Y €", "allow fs:* arn:lakefs:auth:::*", ""},
		{"x fs:* a*\ndeny fs:?eadObject *", "y fs:* a*\nallow fs:Y* a*", "€"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
}

// readable reports whether lines of the statements can be read back by the test's simple reader.
func readable(statements []Statement) bool {
	for _, s := range statements {
		for _, text := range append(s.Actions, s.Resources...) {
			if quoteWord(text) != text || strings.ContainsAny(text, "(),") {
				return false
			}
		}
	}
	return true
}

// FuzzCover compares what is covered and missing with the decisions of a small world.
func FuzzCover(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, existing, desired, user string) {
		have, want := fuzzStatements(existing), fuzzStatements(desired)
		for _, s := range want {
			for _, resource := range s.Resources {
				permission := Permission{s.Actions[0], resource}
				got := Cover(have, permission, CoverOptions{User: user, AnyOtherAction: true})
				checkWitness(t, have, permission, user, got)
				if got.Answer == Covered && user != "" && !isUnusual(user) {
					checkAllowed(t, have, permission, user, worldCallers)
				}
			}
		}
		Missing(have, want, user)
	})
}

// isUnusual reports users and patterns for whom the test's reading by characters is another one.
func isUnusual(text string) bool {
	return strings.Contains(text, ":") || strings.Contains(text, "\uFFFD") || strings.ToValidUTF8(text, "") != text
}

// FuzzDifference compares lines and changes with the decisions of a small world.
func FuzzDifference(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, one, two, user string) {
		before, after := fuzzStatements(one), fuzzStatements(two)
		d := Difference(before, after, user)
		if !readable(before) || !readable(after) || isUnusual(user) || isUnusual(one) || isUnusual(two) || strings.Contains(user, userVariable) {
			return
		}
		users := []string{user}
		if user == "" {
			users = worldUsers
		}
		if d.Uncertain == "" {
			checkDifference(t, before, after, d, users, worldCallers)
		}
		checkLines(t, before, PermissionLines(before, ""), users[0])
	})
}

// FuzzDecide decides anything without a panic, and reads no pattern otherwise than the matcher but for
// characters that it counts the bytes of.
func FuzzDecide(f *testing.F) {
	f.Add("a*??b", "a€b", `["arn:lakefs:fs:::a"]`)
	f.Add("[", "]", "[]")
	f.Fuzz(func(_ *testing.T, pattern, text, resource string) {
		statement := StoredStatement{Effect: EffectAllow, Actions: []string{pattern}, Resource: resource, Condition: Condition{"IpAddress": {text: {pattern}}}}
		Decide([]Policy{{Statements: []StoredStatement{statement}}}, Request{User: text, Action: text, Resource: resource, Context: map[string]string{text: pattern}})
		PermissionLines([]Statement{{Effect: text, Actions: []string{pattern}, Resources: []string{resource, text}, Condition: statement.Condition}}, "")
	})
}

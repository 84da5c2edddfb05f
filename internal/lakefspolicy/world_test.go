// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// The properties in this package compare answers with Decide on every request of a small world: few actions, ids of up
// to four characters, callers for whom each combination of two conditions holds.
var (
	worldActions = []string{"auth:ReadUser", "fs:ListTags", "fs:ReadObject", "fs:ReadX", "fs:Y", "fs:Yx"}
	worldUsers   = []string{"a", "ab", "b*", "a?", "€"}
	worldIDs     = idsUpTo(4, "ab")
	// wideIDs hold characters of which the matcher of lakeFS may count the bytes.
	wideIDs      = []string{"€", "a€", "€a", "€b€", "😀", "b😀", "é", "c", "ccccc", "ca", "aaaaac"}
	startsWithX  = Condition{"StringLike": {"SourceIp": {"x*"}}}
	endsWithY    = Condition{"StringLike": {"SourceIp": {"*y"}}}
	worldCallers = []string{"n", "x", "y", "xy"}
)

func idsUpTo(length int, letters string) []string {
	ids := []string{""}
	for start := 0; length > 0; length-- {
		end := len(ids)
		for _, id := range ids[start:end] {
			for _, letter := range letters {
				ids = append(ids, id+string(letter))
			}
		}
		start = end
	}
	return ids[1:]
}

// worldResources are the resources that requests of the small world are for.
var worldResources = func() []string {
	resources := []string{"*", "arn:lakefs:auth:::a", "arn:lakefs:auth:::ba"}
	for _, id := range slices.Concat(worldIDs, wideIDs) {
		resources = append(resources, "arn:lakefs:fs:::"+id)
	}
	return resources
}()

// worldRequests calls for every request of a user.
func worldRequests(user string, callers []string, call func(Request)) {
	for _, caller := range callers {
		context := map[string]string{"SourceIp": caller}
		for _, action := range worldActions {
			for _, resource := range worldResources {
				call(Request{User: user, Action: action, Resource: resource, Context: context})
			}
		}
	}
}

// world says what statements are drawn from.
type world struct {
	conditions, variable, denies, wide bool
}

// callers are those for whom something may differ.
func (w world) callers() []string {
	if w.conditions {
		return worldCallers
	}
	return worldCallers[:1]
}

// id draws the last part of an ARN. "??" behind a star is for wide worlds only.
func (w world) id(t *rapid.T, letters []string, most int) string {
	id := strings.Join(rapid.SliceOfN(rapid.SampledFrom(letters), 1, most).Draw(t, "id"), "")
	for !w.wide && strings.Contains(id, "*?") {
		id = strings.ReplaceAll(id, "*?", "?*")
	}
	return id
}

func (w world) resource() *rapid.Generator[string] {
	letters := []string{"a", "b", "*", "?"}
	if w.variable {
		letters = append(letters, userVariable)
	}
	if w.wide {
		letters = append(letters, "*??", "€")
	}
	return rapid.Custom(func(t *rapid.T) string {
		switch rapid.IntRange(0, 19).Draw(t, "form") {
		case 0:
			return "*"
		case 1:
			return "arn:lakefs:auth:::" + rapid.SampledFrom([]string{"*", "a", "?a"}).Draw(t, "id")
		case 2:
			return rapid.SampledFrom([]string{"arn:lakefs:fs::1:*", "arn:aws:fs:::*", "arn:lakefs:fs:*", "arn:lakefs:fs:::", "arn:lakefs:*:::a", "arn:lakefs:FS:::*"}).Draw(t, "never")
		case 3:
			return "arn:lakefs:fs:region::" + w.id(t, letters, 3)
		}
		return "arn:lakefs:fs:::" + w.id(t, letters, 4)
	})
}

var worldPatterns = []string{
	"fs:*", "fs:Read*", "fs:ReadObject", "fs:?eadObject", "fs:*Tag*", "fs:Y", "fs:Y*", "fs:?", "auth:*", "*", "fs:**", "fs:read*", "ci:Z", "fs:R*X",
}

func (w world) statement() *rapid.Generator[Statement] {
	return rapid.Custom(func(t *rapid.T) Statement {
		s := Statement{
			Effect:    EffectAllow,
			Actions:   rapid.SliceOfN(rapid.SampledFrom(worldPatterns), 1, 2).Draw(t, "actions"),
			Resources: rapid.SliceOfN(w.resource(), 1, 2).Draw(t, "resources"),
		}
		if w.denies && rapid.IntRange(0, 3).Draw(t, "effect") == 0 {
			s.Effect = EffectDeny
		}
		if w.conditions {
			s.Condition = rapid.SampledFrom([]Condition{nil, nil, {"IpAddress": {}}, startsWithX, endsWithY}).Draw(t, "condition")
		}
		return s
	})
}

func (w world) statements(label string, least, most int, t *rapid.T) []Statement {
	return rapid.SliceOfN(w.statement(), least, most).Draw(t, label)
}

// matchesRunes is the plain glob that the server's matcher is not quite: by characters.
func matchesRunes(pattern, text string) bool {
	expression := strings.NewReplacer(`\*`, "(?s:.*)", `\?`, "(?s:.)").Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile("^" + expression + "$").MatchString(text)
}

// desiresRunes reports whether a resource matches a desired pattern, by characters.
func desiresRunes(pattern, user, resource string) bool {
	pattern = strings.ReplaceAll(pattern, userVariable, user)
	return matchResource(pattern, resource) && (pattern == anyResource || matchesRunes(pattern[strings.LastIndex(pattern, ":")+1:], resource[strings.LastIndex(resource, ":")+1:]))
}

// conditionHolds evaluates the text of a condition for a caller.
func conditionHolds(t failer, text, caller string) bool {
	t.Helper()
	if text == "" {
		return true
	}
	for part := range strings.SplitSeq(text, " and ") {
		inner, negated := strings.CutPrefix(part, "not (")
		var holds bool
		switch strings.TrimSuffix(inner, ")") {
		case "StringLike SourceIp in x*":
			holds = strings.HasPrefix(caller, "x")
		case "StringLike SourceIp in *y":
			holds = strings.HasSuffix(caller, "y")
		default:
			t.Fatalf("the condition %q", part)
		}
		if holds == negated {
			return false
		}
	}
	return true
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"testing"
)

// What depends on a condition is not sure, and one that cannot be evaluated makes
// everything of the user unsure, or denies it.
func TestCoverUnderConditions(t *testing.T) {
	t.Parallel()
	statement := func(effect, resource string, condition Condition) Statement {
		return Statement{Effect: effect, Actions: []string{"fs:*"}, Resources: []string{resource}, Condition: condition}
	}
	const mine, other = "arn:lakefs:fs:::repository/a*", "arn:lakefs:fs:::repository/b"
	inside := Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}}
	allow := statement(EffectAllow, mine, nil)
	for name, test := range map[string]struct {
		statements []Statement
		want       Answer
		reason     string
	}{
		"allowed":                        {[]Statement{allow}, Covered, ""},
		"allowed inside only":            {[]Statement{statement(EffectAllow, mine, inside)}, NotCovered, ""},
		"denied inside":                  {[]Statement{allow, statement(EffectDeny, "*", inside)}, CannotTell, "IpAddress SourceIp in 10.0.0.0/8"},
		"another is denied inside":       {[]Statement{allow, statement(EffectDeny, other, inside)}, Covered, ""},
		"a bad address anywhere":         {[]Statement{allow, statement(EffectAllow, other, Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8", "junk"}}})}, CannotTell, "cannot be evaluated"},
		"an unknown operator beside one": {[]Statement{allow, statement(EffectAllow, other, Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}, "Sometimes": {"SourceIp": {"x"}}})}, CannotTell, "cannot be evaluated"},
		"an unknown operator anywhere":   {[]Statement{allow, statement(EffectAllow, other, Condition{"Sometimes": {"SourceIp": {"x"}}})}, NotCovered, ""},
	} {
		got := Cover(test.statements, Permission{Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::repository/ab"}, CoverOptions{User: "u"})
		if got.Answer != test.want || !strings.Contains(got.Reason, test.reason) || (got.Reason == "") != (test.want != CannotTell) {
			t.Errorf("%s: %v because %q, want %v because %q", name, got.Answer, got.Reason, test.want, test.reason)
		}
	}
}

// What desired statements deny is not desired.
func TestMissingOfWhatIsDenied(t *testing.T) {
	t.Parallel()
	const all, secret = "arn:lakefs:fs:::repository/a/*", "arn:lakefs:fs:::repository/a/secret/*"
	allow := Statement{Effect: EffectAllow, Actions: []string{"fs:ReadObject"}, Resources: []string{all}}
	deny := Statement{Effect: EffectDeny, Actions: []string{"fs:Read*"}, Resources: []string{secret}}
	if missing := Missing([]Statement{allow, deny}, []Statement{allow, deny}, "u"); len(missing) > 0 {
		t.Errorf("missing of itself: %v", missing)
	}
	if missing := Missing([]Statement{allow, deny}, []Statement{allow}, "u"); len(missing) != 1 || missing[0].Witness.Resource != "arn:lakefs:fs:::repository/a/secret/" {
		t.Errorf("missing of what is denied: %+v", missing)
	}
}

// Two patterns that lakeFS counts differently have no exact difference, unless one is in the
// other however it counts.
func TestDifferenceOfWidePatterns(t *testing.T) {
	t.Parallel()
	statement := func(effect, id string) Statement {
		return Statement{Effect: effect, Actions: []string{"fs:ReadTag"}, Resources: []string{"arn:lakefs:fs:::" + id}}
	}
	for name, test := range map[string]struct {
		allowed, denied string
		uncertain       bool
	}{
		"one counts three": {"*???", "a*??", true},
		"one is a prefix":  {"a*", "a*??", false},
		"plain":            {"a*", "*b", false},
	} {
		before := []Statement{statement(EffectAllow, test.allowed)}
		difference := Difference(before, append(before, statement(EffectDeny, test.denied)), "u")
		if (difference.Uncertain != "") != test.uncertain || len(difference.Revoked) == 0 {
			t.Errorf("%s: %+v", name, difference)
		}
	}
}

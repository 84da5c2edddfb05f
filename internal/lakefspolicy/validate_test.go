// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline gives findings as "severity: summary", for tables that need no more.
func outline(findings []Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%v: %s", f.Severity, f.Summary))
	}
	return lines
}

// elementTest is one value with what is found and words that the details must have.
type elementTest struct {
	value   string
	want    []string
	details []string
}

func checkElements(t *testing.T, rule func(string) []Finding, tests []elementTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.value, func(t *testing.T) {
			t.Parallel()
			findings := rule(test.value)
			if diff := cmp.Diff(test.want, outline(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			var details strings.Builder
			for _, f := range findings {
				details.WriteString(f.Detail + "\n")
				if f.Path != (Path{}) {
					t.Errorf("path %+v, want none", f.Path)
				}
			}
			for _, words := range test.details {
				if !strings.Contains(details.String(), words) {
					t.Errorf("details lack %q:\n%s", words, details.String())
				}
			}
		})
	}
}

func TestValidateEffect(t *testing.T) {
	t.Parallel()
	invalid := []string{"error: Invalid effect"}
	checkElements(t, ValidateEffect, []elementTest{
		{value: "allow"},
		{value: "deny"},
		{"Allow", invalid, []string{`Did you mean "allow"?`}},
		{"denny", invalid, []string{`Did you mean "deny"?`}},
		{" deny", invalid, []string{`" deny"`, `Did you mean "deny"?`}},
		{"", invalid, []string{`The effect ""`}},
	})
}

func TestValidateAction(t *testing.T) {
	t.Parallel()
	invalid, unknown := []string{"error: Invalid action"}, []string{"warning: Unknown action"}
	checkElements(t, ValidateAction, []elementTest{
		{value: "fs:ReadObject"},
		{value: "fs:*"},
		{value: "auth:*User"},
		{value: "auth:R*d*r"},
		{value: "auth:ReadUse?"},
		{value: "pr:ListPullRequests"},
		{value: "catalog:View*Create*", want: unknown},
		{value: "fs:CreateMetaRange"},
		{" fs:ReadObject", invalid, []string{"white space", `Write "fs:ReadObject".`}},
		{"fs:ReadObject\n", invalid, []string{"white space"}},
		{"", invalid, []string{"exactly one colon"}},
		{"*", invalid, []string{`such as "fs:*"`}},
		{"readobject", invalid, []string{`Did you mean "fs:ReadObject"?`}},
		{"fs:a:b", invalid, []string{"exactly one colon"}},
		{"*:*", invalid, []string{"wildcard cannot stand"}},
		{"FS:ReadObject", invalid, []string{`Did you mean "fs:ReadObject"?`}},
		{"f*:x", invalid, nil},
		{"s3:GetObject", invalid, []string{"fs, auth, ci, retention, branches, pr, catalog"}},
		{"fs:", invalid, []string{`Write "fs:*"`}},
		{"fs:ReadObjects", unknown, []string{`Did you mean "fs:ReadObject"?`}},
		{"fs:readobject", unknown, []string{`Did you mean "fs:ReadObject"?`}},
		{"auth:LsitUsers", unknown, []string{`Did you mean "auth:ListUsers"?`}},
		{"fs:Delte*", unknown, []string{`Did you mean "fs:DeleteBranch"?`}},
		{"fs:Nope", unknown, []string{"passed on as it is"}},
	})
}

func TestValidateResource(t *testing.T) {
	t.Parallel()
	invalid, doubtful := "error: Invalid resource", "warning: Doubtful resource"
	checkElements(t, ValidateResource, []elementTest{
		{value: "*"},
		{value: "arn:lakefs:fs:::*"},
		{value: "arn:lakefs:fs:::repository/main/object/a:b c"},
		{value: "arn:lakefs:auth:::user/${user}"},
		{value: "arn:lakefs:catalog:::namespace/r/n"},
		{"", []string{invalid}, []string{"five colons"}},
		{"**", []string{invalid}, nil},
		{"* ", []string{invalid}, nil},
		{"ARN:lakefs:fs:::x", []string{invalid}, nil},
		{" arn:lakefs:fs:::x", []string{invalid}, nil},
		{"arn:lakefs:fs::x", []string{invalid}, []string{"refuses"}},
		{`["*"]`, []string{invalid}, []string{"JSON list"}},
		{"arn:aws:fs:::x", []string{invalid}, []string{`partition is "aws"`}},
		{"arn:lakefs::::x", []string{invalid}, []string{"no service"}},
		{"arn:lakefs:*:::x", []string{invalid}, []string{"literally"}},
		{"arn:lakefs:f?:::x", []string{invalid}, []string{"literally"}},
		{"arn:lakefs:FS:::x", []string{doubtful}, []string{`Did you mean "fs"?`}},
		{"arn:lakefs:ci:::x", []string{doubtful}, []string{"fs, auth, catalog"}},
		{"arn:lakefs:fs:eu:1:x", []string{doubtful, invalid}, []string{"ignores", `account is "1"`}},
		{"arn:lakefs:fs::*:x", []string{invalid}, []string{"wildcard does not help"}},
		{"arn:lakefs:fs:::", []string{invalid}, []string{"nothing follows"}},
		{"arn:::::", []string{invalid, invalid, invalid}, nil},
		{"arn:lakefs:fs:::x ", []string{doubtful}, []string{"white space"}},
		{"arn:lakefs:auth:::user/${User}", []string{doubtful}, []string{`"${User}"`}},
		{"arn:lakefs:auth:::user/$${user}/${user}", []string{doubtful}, []string{`"$${user}"`}},
	})
}

func TestValidateConditionOperator(t *testing.T) {
	t.Parallel()
	unknown := []string{"error: Unknown condition operator"}
	options := Options{ExtraConditionOperators: []string{"DateLessThan"}}
	checkElements(t, func(operator string) []Finding { return ValidateConditionOperator(operator, options) }, []elementTest{
		{value: "IpAddress"},
		{value: "NotIpAddress"},
		{value: "StringLike"},
		{value: "StringNotLike"},
		{value: "DateLessThan"},
		{"IPAddress", unknown, []string{`Did you mean "IpAddress"?`, "denies every request"}},
		{"DateLesThan", unknown, []string{`Did you mean "DateLessThan"?`}},
		{"Bool", unknown, []string{"IpAddress, NotIpAddress, StringLike, StringNotLike, DateLessThan"}},
	})
}

func TestValidateConditionField(t *testing.T) {
	t.Parallel()
	unknown := []string{"warning: Unknown condition field"}
	checkElements(t, ValidateConditionField, []elementTest{
		{value: "SourceIp"},
		{"sourceip", unknown, []string{`Did you mean "SourceIp"?`, "never present in requests to the API"}},
		{"aws:SourceIp", unknown, nil},
	})
}

func TestValidateConditionValue(t *testing.T) {
	t.Parallel()
	invalid := []string{"error: Invalid IP address in condition"}
	rule := func(value string) []Finding { return ValidateConditionValue("NotIpAddress", value) }
	checkElements(t, rule, []elementTest{
		{value: "10.1.2.3"},
		{value: "10.1.2.3/8"},
		{value: "2001:db8::/32"},
		{value: "::1"},
		{"", invalid, nil},
		{"10.0.0.0/33", invalid, []string{`"10.0.0.0/33"`, "NotIpAddress"}},
		{"10.0.0", invalid, nil},
		{"010.0.0.1", invalid, nil},
		{"fe80::1%eth0", invalid, nil},
		{" 10.0.0.1", invalid, nil},
		{"10.*", invalid, nil},
	})
	for _, operator := range []string{"StringLike", "StringNotLike", "DateLessThan"} {
		if findings := ValidateConditionValue(operator, "10.*"); findings != nil {
			t.Errorf("%s: %v, want nothing", operator, findings)
		}
	}
}

// The places that Validate names, in order.
func TestValidate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		statements []Statement
		want       []string
	}{
		"nothing": {nil, []string{"statement: error: Policy without statements"}},
		"fine": {[]Statement{{
			Effect: EffectAllow, Actions: []string{"fs:*"}, Resources: []string{"*"},
			Condition: Condition{"IpAddress": {"SourceIp": {"::1"}}},
		}}, nil},
		"empty": {[]Statement{{}}, []string{
			"statement[0].effect: error: Invalid effect",
			"statement[0].actions: error: Empty list of actions",
			"statement[0].resources: error: Empty list of resources",
		}},
		"everything": {
			[]Statement{
				{Effect: EffectAllow, Actions: []string{"fs:*"}, Resources: []string{"*"}},
				{Effect: EffectDeny, Actions: []string{"fs:*", "fs"}, Resources: []string{"*", "*", "x"}, Condition: Condition{
					"StringLike": {},
					"IpAddress":  {"SourceIp": {"::1", "x"}, "Other": {}},
					"A b":        {"SourceIp": {"x"}},
				}},
			},
			[]string{
				"statement[1].actions[1]: error: Invalid action",
				"statement[1].resources[2]: error: Invalid resource",
				`statement[1].condition["A b"]: error: Unknown condition operator`,
				"statement[1].condition.IpAddress.Other: warning: Unknown condition field",
				"statement[1].condition.IpAddress.Other: error: Condition field without values",
				"statement[1].condition.IpAddress.SourceIp[1]: error: Invalid IP address in condition",
				"statement[1].condition.StringLike: error: Condition operator without fields",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range Validate(test.statements, Options{}) {
				got = append(got, fmt.Sprintf("%v: %v: %s", f.Path, f.Severity, f.Summary))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestIDFindings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, id string
		want     []string
	}{
		{KindUser, "etl", nil},
		{KindGroup, "données 数据 👩\u200d💻", nil},
		{KindPolicy, "a@b:c\\d${user}...", nil},
		{KindUser, strings.Repeat("x", 60_000), nil},
		{KindUser, "", []string{"error: Empty id"}},
		{KindGroup, ".", []string{"error: Id that cannot be addressed"}},
		{KindPolicy, "..", []string{"error: Id that cannot be addressed"}},
		{KindUser, "a/b", []string{"error: Invalid character in id"}},
		{KindUser, "50%", []string{"error: Invalid character in id"}},
		{KindGroup, strings.Repeat("é", 30_001), []string{"error: Id too long"}},
		{KindUser, "me+tag@example.com", []string{"warning: Id that cannot be addressed"}},
		{KindUser, " x", []string{"warning: White space around id"}},
		{KindUser, "x\n", []string{"warning: White space around id", "warning: Invisible character in id"}},
		{KindPolicy, "a\x00b", []string{"warning: Invisible character in id"}},
		{KindPolicy, "a\u202eb", []string{"warning: Invisible character in id"}},
		{KindUser, "w*", []string{"warning: Wildcard in user id"}},
		{KindUser, "w?", []string{"warning: Wildcard in user id"}},
		{KindGroup, "w*", nil},
		{KindPolicy, "w?", nil},
	}
	for _, test := range tests {
		t.Run(test.kind+" "+test.id[:min(len(test.id), 30)], func(t *testing.T) {
			t.Parallel()
			findings := IDFindings(test.kind, test.id)
			if diff := cmp.Diff(test.want, outline(findings)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for _, f := range findings {
				if !strings.HasPrefix(f.Detail, "The "+test.kind+` id "`) || len(f.Detail) > 1000 {
					t.Errorf("detail %q does not name the object, or is too long", f.Detail)
				}
			}
		})
	}
}

func BenchmarkValidate(b *testing.B) {
	for name, actions := range map[string][]string{
		"2000 known actions":   slices.Repeat([]string{"fs:ReadObject", "auth:List*"}, 1000),
		"2000 unknown actions": names("fs:GetObject", 2000),
	} {
		b.Run(name, func(b *testing.B) {
			statements := []Statement{{Effect: EffectAllow, Actions: actions, Resources: []string{"*"}}}
			for b.Loop() {
				Validate(statements, Options{})
			}
		})
	}
}

func BenchmarkParseDocument(b *testing.B) {
	document := []byte(RenderDocument([]Statement{{Effect: EffectAllow, Actions: names("fs:Action", 2000), Resources: names("arn:lakefs:fs:::repository/r", 100)}}))
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if _, err := ParseDocument(document); err != nil {
			b.Fatal(err)
		}
	}
}

// A desired pattern that matches no action of the catalogue would never be missing.
func TestValidateDesiredAction(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"fs:ReadObject":      "",
		"fs:Read*":           "",
		"ReadObject":         `error: The action "ReadObject" is not of the form`,
		"fs:Raed*":           `error: The desired action "fs:Raed*" matches none of the actions that lakeFS 1.84 checks, so it would never be missing. Did you mean "fs:Read`,
		"fs:CreateMeta*":     `error: The desired action "fs:CreateMeta*" matches none`,
		"fs:CreateMetaRange": "",
		"fs:ReadObjekt":      `warning: The desired action "fs:ReadObjekt" is not known here. It is compared as it is, since the server may be newer. Did you mean "fs:ReadObject"?`,
	} {
		got := ""
		for _, finding := range ValidateDesiredAction(action) {
			got += finding.Severity.String() + ": " + finding.Detail
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %s, want %s", action, got, want)
		}
	}
}

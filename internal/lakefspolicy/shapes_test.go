// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseStatements(t *testing.T) {
	t.Parallel()
	const statement = `{"effect":"allow","action":["fs:*"],"resource":"*"}`
	read := []Statement{{Effect: "allow", Actions: []string{"fs:*"}, Resources: []string{"*"}}}
	for text, want := range map[string][]Statement{
		"\ufeff []":            nil,
		" [" + statement + "]": read,
		`{"statement":[` + statement + `],"id":"p","creation_date":1}`: read,
	} {
		got, err := ParseStatements([]byte(text), NullRefused)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	got, err := ParseStatements([]byte(`{"id":null,"creation_date":null,"statement":[`+strings.Replace(statement, "}", `,"condition":null}`, 1)+`]}`), NullAbsent)
	if diff := cmp.Diff(read, got); err != nil || diff != "" {
		t.Errorf("null: %v (-want +got):\n%s", err, diff)
	}
}

func TestParseStatementsRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		nulls Nulls
		want  string
	}{
		{`"a"`, NullAbsent, `the document: must be a policy or a list of statements, not a string`},
		{`{"statement":[]}`, NullAbsent, `statement: must not be an empty list`},
		{`[null]`, NullAbsent, `statement[0]: must be an object, not null`},
		{`[{"effect":null,"action":["a"],"resource":"*"}]`, NullAbsent, `statement[0].effect: must be a string, not null`},
		{`[{"effect":"allow","action":["a"],"resource":"*","condition":null}]`, NullRefused, `statement[0].condition: must be an object, not null`},
		{`[{"effect":"allow","action":["a"],"resource":"*","condition":{"condition":null}}]`, NullAbsent, `statement[0].condition.condition: must be an object, not null`},
	} {
		if got, err := ParseStatements([]byte(test.text), test.nulls); err == nil || err.Error() != test.want || got != nil {
			t.Errorf("%s: got %v, %v, want %s", test.text, got, err, test.want)
		}
	}
}

// What a server stores is not judged.
func TestParsePolicies(t *testing.T) {
	t.Parallel()
	got, err := ParsePolicies([]byte(`[{"id":null,"creation_date":1,"statement":[
		{"effect":"Deny","action":[],"resource":"[no list]","condition":{"Sometimes":{"":[]}}},
		{"effect":"","action":["x",""],"resource":"","condition":null}]},
		{"id":"q","creation_date":null,"statement":[]}]`))
	want := []Policy{
		{Statements: []StoredStatement{
			{Effect: "Deny", Resource: "[no list]", Condition: Condition{"Sometimes": {"": {}}}},
			{Actions: []string{"x", ""}},
		}},
		{ID: "q"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestParsePoliciesRefuses(t *testing.T) {
	t.Parallel()
	const rest = `"effect":"allow","resource":"*"`
	for text, want := range map[string]string{
		`{}`:                        `the document: must be a list, not an object`,
		`[null]`:                    `[0]: must be an object, not null`,
		`[{"statements":[]}]`:       `[0].statements: unknown member, did you mean "statement"?`,
		`[{"id":"p"}]`:              `[0]: the member "statement" is missing`,
		`[{"id":1,"statement":[]}]`: `[0].id: must be a string, not a number`,
		`[{"statement":null}]`:      `[0].statement: must be a list, not null`,
		`[{"statement":[{` + rest + `,"action":["a"]},{` + rest + `,"action":["a","b",null]}]}]`: `[0].statement[1].action[2]: must be a string, not null`,
		`[{"statement":[{"Effect":"allow","action":["a"],"resource":"*"}]}]`:                     `[0].statement[0].Effect: unknown member, did you mean "effect"?`,
		`[{"statement":[{` + rest + `,"action":"a"}]}]`:                                          `[0].statement[0].action: must be a list, not a string`,
		`[{"statement":[{"effect":"allow","action":["a"],"resource":["*"]}]}]`:                   `[0].statement[0].resource: must be a string, not a list`,
		`[{"statement":[{` + rest + `,"action":[],"condition":{"A":{"B":[1]}}}]}]`:               `[0].statement[0].condition.A.B[0]: must be a string, not a number`,
	} {
		if got, err := ParsePolicies([]byte(text)); err == nil || err.Error() != want || got != nil {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
}

func TestParseRequest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Request{
		`{"user":"u","action":"a","resource":"*"}`:                   {User: "u", Action: "a", Resource: "*"},
		`{"user":"","action":"a","resource":"*","source_ip":null}`:   {Action: "a", Resource: "*"},
		`{"user":"u","action":"a","resource":"*","source_ip":"::1"}`: {User: "u", Action: "a", Resource: "*", Context: map[string]string{"SourceIp": "::1"}},
	} {
		got, err := ParseRequest([]byte(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for text, want := range map[string]string{
		`{"user":"u","action":"a"}`:                                `request: the member "resource" is missing`,
		`{"user":"u","action":["a"],"resource":"*"}`:               `request.action: must be a string, not a list`,
		`{"user":null,"action":"a","resource":"*"}`:                `request.user: must be a string, not null`,
		`{"user":"u","action":"a","resource":"*","source_IP":"1"}`: `request.source_IP: unknown member, did you mean "source_ip"?`,
	} {
		if _, err := ParseRequest([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestParsePermissions(t *testing.T) {
	t.Parallel()
	got, err := ParsePermissions([]byte(`[{"action":"fs:*","resource":"*"}]`))
	if diff := cmp.Diff([]Permission{{"fs:*", "*"}}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for text, want := range map[string]string{
		`["fs:*"]`:            `[0]: must be an object, not a string`,
		`[{"action":"fs:*"}]`: `[0]: the member "resource" is missing`,
		`[{"action":"fs:*","resource":"*"},{"Action":"fs:*"}]`: `[1].Action: unknown member, did you mean "action"?`,
		`[{"action":"fs:*","resource":null}]`:                  `[0].resource: must be a string, not null`,
	} {
		if got, err := ParsePermissions([]byte(text)); err == nil || err.Error() != want || got != nil {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
}

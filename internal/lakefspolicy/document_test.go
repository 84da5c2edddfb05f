// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseDocument(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want Document
	}{
		"all members": {
			`{"id": "ReadMain", "creation_date": 1795320183, "statement": [{"effect": "allow", "action": ["fs:ReadObject", "fs:List*"],
			  "resource": "arn:lakefs:fs:::repository/main/*", "condition": {"IpAddress": {"SourceIp": ["10.0.0.0/8", "::1"]}}}]}`,
			Document{ID: "ReadMain", Statements: []Statement{{
				Effect:    EffectAllow,
				Actions:   []string{"fs:ReadObject", "fs:List*"},
				Resources: []string{"arn:lakefs:fs:::repository/main/*"},
				Condition: Condition{"IpAddress": {"SourceIp": {"10.0.0.0/8", "::1"}}},
			}}},
		},
		"byte order mark": {
			"\ufeff" + `{"statement":[{"effect":"deny","action":["fs:*"],"resource":"*"}]}`,
			Document{Statements: []Statement{{Effect: EffectDeny, Actions: []string{"fs:*"}, Resources: []string{"*"}}}},
		},
		"escapes of whole characters": {
			`{"statement":[{"effect":"deny","action":["\\ud800","\ud83d\ude00","\uFFFD","�"],"resource":"[\"\\ud83d\\ude00\"]"}]}`,
			Document{Statements: []Statement{{Effect: EffectDeny, Actions: []string{`\ud800`, "😀", "\ufffd", "\ufffd"}, Resources: []string{"😀"}}}},
		},
		"several resources": {
			`{"statement":[{"effect":"deny","action":["fs:*"],"resource":"[\"a\", \"b\"]"}]}`,
			Document{Statements: []Statement{{Effect: EffectDeny, Actions: []string{"fs:*"}, Resources: []string{"a", "b"}}}},
		},
		"two statements, one with an empty condition": {
			`{"statement":[{"effect":"deny","action":["fs:*"],"resource":"*","condition":{}},{"effect":"?","action":[""],"resource":""}]}`,
			Document{Statements: []Statement{
				{Effect: EffectDeny, Actions: []string{"fs:*"}, Resources: []string{"*"}},
				{Effect: "?", Actions: []string{""}, Resources: []string{""}},
			}},
		},
		"empty lists in a condition": {
			`{"statement":[{"effect":"deny","action":["fs:*"],"resource":"*","condition":{"IpAddress":{"SourceIp":[]},"StringLike":{}}}]}`,
			Document{Statements: []Statement{{
				Effect: EffectDeny, Actions: []string{"fs:*"}, Resources: []string{"*"},
				Condition: Condition{"IpAddress": {"SourceIp": {}}, "StringLike": {}},
			}}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDocument([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
}

// inStatement gives a document whose second statement has these members.
func inStatement(members string) string {
	return `{"statement":[{"effect":"allow","action":["fs:*"],"resource":"*"},{` + members + `}]}`
}

func TestParseDocumentRefuses(t *testing.T) {
	t.Parallel()
	const rest = `,"effect":"allow","resource":"*"`
	tests := []struct{ name, text, want string }{
		{"nothing", ``, `the document is not valid JSON: line 1, column 1: unexpected end of JSON input`},
		{"bad syntax", "{\n  \"é\": x}", `the document is not valid JSON: line 2, column 8: invalid character 'x' looking for beginning of value`},
		{"trailing data", `{"statement":[]} {}`, `the document is not valid JSON: line 1, column 18: invalid character '{' after top-level value`},
		{"not UTF-8", "{\n \"é\xff\":1}", `the document is not valid UTF-8: line 2, column 4`},
		{"not UTF-8 after a byte order mark", "\ufeff\xff", `the document is not valid UTF-8: line 1, column 1`},
		{"UTF-16", "\xff\xfe{\x00}\x00", `the document is not valid UTF-8: line 1, column 1`},
		{"bad syntax after a byte order mark", "\ufeff{x}", `the document is not valid JSON: line 1, column 2: invalid character 'x' looking for beginning of object key string`},
		{"first half of a character", `{"id":"a\ud800"}`, `the document: line 1, column 9: \ud800 is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`},
		{"second half of a character", "{\n\"id\":\"é\\uDE00\"}", `the document: line 2, column 8: \uDE00 is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`},
		{"halves in the wrong order", `{"id":"\ude00\ud83d"}`, `the document: line 1, column 8: \ude00 is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`},
		{"half of a character in a name", `{"\ud83d\u0041":1}`, `the document: line 1, column 3: \ud83d is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`},
		{
			"half of a character in a list of resources", inStatement(`"resource":"[\"a\\ud800\"]"`),
			`statement[1].resource: \ud800 is half of a character (UTF-16 writes one as two escapes, the other of which is missing)`,
		},
		{"null", `null`, `the document: must be an object, not null`},
		{"a list", `[]`, `the document: must be an object, not a list`},
		{"a string", `"x"`, `the document: must be an object, not a string`},
		{"no statement", `{"id":"x"}`, `the document: the member "statement" is missing`},
		{"no statements", `{"statement":[]}`, `statement: must not be an empty list`},
		{"statement null", `{"statement":null}`, `statement: must be a list, not null`},
		{"statement an object", `{"statement":{"effect":"allow"}}`, `statement: must be a list, not an object`},
		{"statement of nulls", `{"statement":[null]}`, `statement[0]: must be an object, not null`},
		{"member in another case", `{"Statement":[]}`, `Statement: unknown member, did you mean "statement"?`},
		{"misspelt member", `{"statements":[]}`, `statements: unknown member, did you mean "statement"?`},
		{"foreign member", `{"Version":"2012-10-17"}`, `Version: unknown member; the members here are creation_date, id, statement`},
		{"odd member", `{"a.b":1}`, `["a.b"]: unknown member; the members here are creation_date, id, statement`},
		{"nameless member", `{"":1}`, `[""]: unknown member; the members here are creation_date, id, statement`},
		{"repeated member", `{"id":"a","id":"a"}`, `id: the member is there more than once`},
		{"repeated by an escape", `{"id":"a","\u0069d":"a"}`, `id: the member is there more than once`},
		{"id null", `{"id":null}`, `id: must be a string, not null`},
		{"date a string", `{"creation_date":"1"}`, `creation_date: must be a number, not a string`},
		{"effect missing", inStatement(`"action":["fs:*"],"resource":"*"`), `statement[1]: the member "effect" is missing`},
		{"effect a boolean", inStatement(`"effect":true`), `statement[1].effect: must be a string, not a boolean`},
		{"misspelt in statement", inStatement(`"conditions":{}`), `statement[1].conditions: unknown member, did you mean "condition"?`},
		{"action a string", inStatement(`"action":"fs:*"` + rest), `statement[1].action: must be a list, not a string`},
		{"action empty", inStatement(`"action":[]` + rest), `statement[1].action: must not be an empty list`},
		{"action of numbers", inStatement(`"action":["fs:*",1e999]` + rest), `statement[1].action[1]: must be a string, not a number`},
		{"action of nulls", inStatement(`"action":[null]` + rest), `statement[1].action[0]: must be a string, not null`},
		{"resource a number", inStatement(`"resource":1`), `statement[1].resource: must be a string, not a number`},
		{
			"resource a list", inStatement(`"resource":["*"]`),
			`statement[1].resource: must be a string, not a list: lakeFS refuses a list here. Write several resources as a list inside a string: ` +
				`"[\"arn:lakefs:fs:::repository/a\",\"arn:lakefs:fs:::repository/b\"]"`,
		},
		{"resource an empty list", inStatement(`"resource":"[]"`), `statement[1].resource: must not be an empty list`},
		{"resource a list with an empty element", inStatement(`"resource":"[\"\"]"`), `statement[1].resource: the list of resources holds an empty resource`},
		{
			"resource a bad list", inStatement(`"resource":"[*]"`),
			`statement[1].resource: the resource "[*]" starts with [ and ends with ], but is not a JSON list of strings: invalid character '*' looking for beginning of value`,
		},
		{"condition null", inStatement(`"condition":null`), `statement[1].condition: must be an object, not null`},
		{"condition without fields", inStatement(`"condition":{"IpAddress":["::1"]}`), `statement[1].condition.IpAddress: must be an object, not a list`},
		{"repeated operator", inStatement(`"condition":{"A":{},"A":{}}`), `statement[1].condition.A: the member is there more than once`},
		{"repeated field", inStatement(`"condition":{"A":{"B":[],"B":[]}}`), `statement[1].condition.A.B: the member is there more than once`},
		{"value null", inStatement(`"condition":{"A":{"B":["",null]}}`), `statement[1].condition.A.B[1]: must be a string, not null`},
		{"deep", strings.Repeat("[", 20_000), `the document is not valid JSON: line 1, column 10001: invalid character '[' exceeded max depth`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseDocument([]byte(test.text))
			if err == nil {
				t.Fatalf("read as %v, want an error", got)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRenderDocument(t *testing.T) {
	t.Parallel()
	got := RenderDocument([]Statement{
		{Effect: EffectAllow, Actions: []string{"fs:*"}, Resources: []string{"arn:lakefs:fs:::repository/<a&b>"}},
		{Effect: EffectDeny, Resources: []string{"a", "b"}, Condition: Condition{"StringLike": {"SourceIp": nil}, "IpAddress": nil}},
	})
	want := `{
  "statement": [
    {
      "action": [
        "fs:*"
      ],
      "effect": "allow",
      "resource": "arn:lakefs:fs:::repository/<a&b>"
    },
    {
      "action": [],
      "condition": {
        "IpAddress": {},
        "StringLike": {
          "SourceIp": []
        }
      },
      "effect": "deny",
      "resource": "[\"a\",\"b\"]"
    }
  ]
}`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("{\n  \"statement\": []\n}", RenderDocument(nil)); diff != "" {
		t.Errorf("empty document (-want +got):\n%s", diff)
	}
}

func TestResourceStrings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text      string
		resources []string
	}{
		{"*", []string{"*"}},
		{"", []string{""}},
		{"arn:lakefs:fs:::repository/[a]", []string{"arn:lakefs:fs:::repository/[a]"}},
		{`["a","<b>"]`, []string{"a", "<b>"}},
		{`["[a]"]`, []string{"[a]"}},
		{`[]`, []string{}},
	}
	for _, test := range tests {
		if got := EncodeResources(test.resources); got != test.text {
			t.Errorf("EncodeResources(%q) = %s, want %s", test.resources, got, test.text)
		}
		got, err := DecodeResource(test.text)
		if diff := cmp.Diff(test.resources, got); err != nil || diff != "" {
			t.Errorf("DecodeResource(%s): %v (-want +got):\n%s", test.text, err, diff)
		}
	}
	if got := EncodeResources(nil); got != "[]" {
		t.Errorf("EncodeResources(nil) = %s, want []", got)
	}
	for _, text := range []string{"[", "]"} {
		if got, err := DecodeResource(text + "x"); err != nil || len(got) != 1 {
			t.Errorf("DecodeResource(%q) = %q, %v, want it unchanged", text+"x", got, err)
		}
	}
	for _, text := range []string{"[]]", "[1]", "[null]", `["a",""]`, `[["a"]]`, "[a-z]", "[*]"} {
		if got, err := DecodeResource(text); err == nil {
			t.Errorf("DecodeResource(%q) = %q, want an error", text, got)
		}
	}
}

// anyText mixes text that has a meaning here with arbitrary text.
var anyText = rapid.OneOf(
	rapid.SampledFrom([]string{"", "*", "[a]", "[]", `["x"]`, "fs:*", "arn:lakefs:fs:::x", "${user}", "\u2028"}),
	rapid.String(),
)

// anyStatement gives statements that a document can express, sensible or not.
var anyStatement = rapid.Custom(func(t *rapid.T) Statement {
	resources := rapid.SliceOfN(anyText, 1, 3).Draw(t, "resources")
	// An empty element is not allowed in a list, only as the one resource.
	for i := range resources {
		if resources[i] == "" && len(resources) > 1 {
			resources[i] = "*"
		}
	}
	condition := Condition(rapid.MapOfN(anyText,
		rapid.MapOfN(anyText, rapid.SliceOfN(anyText, 0, 2), 0, 2), 0, 2).Draw(t, "condition"))
	if len(condition) == 0 {
		condition = nil
	}
	return Statement{
		Effect:    anyText.Draw(t, "effect"),
		Actions:   rapid.SliceOfN(anyText, 1, 3).Draw(t, "actions"),
		Resources: resources,
		Condition: condition,
	}
})

func TestRenderParseRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(anyStatement, 1, 4).Draw(t, "statements")
		got, err := ParseDocument([]byte(RenderDocument(want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(Document{Statements: want}, got); diff != "" {
			t.Fatalf("document (-want +got):\n%s", diff)
		}
	})
}

func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(`{"id":"x","creation_date":1,"statement":[{"effect":"allow","action":["fs:*"],"resource":"*","condition":{"IpAddress":{"SourceIp":["::1"]}}}]}`))
	f.Add([]byte(inStatement(`"effect":"deny","action":["a","b"],"resource":"[\"x\",\"[y]\"]","condition":{"":{}}`)))
	f.Add([]byte("\ufeff" + inStatement(`"effect":"\\ud83d\\ude00","action":["\\ud800"],"resource":"[\"\\\\ud800\"]"`)))
	f.Add([]byte(`{"statement":[{"Effect":null}],"statement":1}x`))
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := ParseDocument(text)
		if err != nil {
			return
		}
		second, err := ParseDocument([]byte(RenderDocument(first.Statements)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Statements, second.Statements); diff != "" {
			t.Errorf("statements (-first +second):\n%s", diff)
		}
	})
}

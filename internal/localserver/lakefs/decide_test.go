// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readCases decodes a file with one JSON object a line.
func readCases[T any](t *testing.T, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var cases []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one T
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		cases = append(cases, one)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return cases
}

func TestGlobMatchesRealMatcher(t *testing.T) {
	t.Parallel()
	type globCase struct {
		Pattern, String string
		Match           bool
	}
	for path, count := range map[string]int{"testdata/glob.jsonl": 3000, "testdata/glob-exhaustive.jsonl": 18876} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			cases := readCases[globCase](t, path)
			if len(cases) != count {
				t.Errorf("%d cases, want %d", len(cases), count)
			}
			for _, c := range cases {
				if got := globMatch(c.Pattern, c.String); got != c.Match {
					t.Errorf("globMatch(%q, %q) = %v, want %v", c.Pattern, c.String, got, c.Match)
				}
			}
		})
	}
}

func TestGlobCountsBytesAfterStar(t *testing.T) {
	t.Parallel()
	cases := []struct {
		pattern, text string
		want          bool
	}{
		{"*??", "€", true},
		{"*???", "😀", true},
		{"*????", "😀", false},
		{"a*??", "a€", true},
		{"*??a", "€a", true},
		{"*?*?", "€", false},
		{"??", "€", false},
		{"?", "€", true},
		{"?", "\xff", true},
		{"??", "\xff\xfe", true},
		{`\*`, `\x`, true},
		{"[ab]", "a", false},
	}
	for _, c := range cases {
		if got := globMatch(c.pattern, c.text); got != c.want {
			t.Errorf("globMatch(%q, %q) = %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

// authzCase is one recorded decision of the real authorizer.
type authzCase struct {
	Name     string
	User     string
	Policies []policy
	SourceIP *string `json:"source_ip"`
	Action   string
	Resource string
	Decision string
}

func TestDecideAgreesWithRealAuthorizer(t *testing.T) {
	t.Parallel()
	cases := readCases[authzCase](t, "testdata/authz.jsonl")
	if len(cases) != 2000 {
		t.Errorf("%d cases, want 2000", len(cases))
	}
	names := map[outcome]string{neutral: "neutral", allow: "allow", deny: "deny"}
	language := rules{conditions: true, resourceLists: true}
	for _, c := range cases {
		about := attributes{}
		if c.SourceIP != nil {
			about[sourceIP] = *c.SourceIP
		}
		v := language.decide(c.Policies, c.User, about, need{action: c.Action, resource: c.Resource})
		if diff := cmp.Diff(c.Decision, names[v.outcome]); diff != "" {
			t.Errorf("%s: decision (-want +got):\n%s", c.Name, diff)
		}
	}
}

func TestDecideAll(t *testing.T) {
	t.Parallel()
	policies := []policy{{ID: "p", Statements: []statement{
		{Action: []string{"auth:Read*"}, Effect: effectAllow, Resource: "*"},
		{Action: []string{"auth:Del*"}, Effect: effectDeny, Resource: "*"},
	}}}
	read := need{action: "auth:ReadUser", resource: "arn:lakefs:auth:::user/a"}
	remove := need{action: "auth:DeleteUser", resource: "arn:lakefs:auth:::user/a"}
	list := need{action: "auth:ListUsers", resource: "*"}
	cases := []struct {
		name string
		all  []need
		want verdict
	}{
		{"all allowed", []need{read, read}, verdict{outcome: allow}},
		{"neutral hides a later deny", []need{read, list, remove}, verdict{missing: "auth:ListUsers"}},
		{"deny first", []need{remove, list}, verdict{outcome: deny, deniedBy: "auth:Del*"}},
	}
	for _, c := range cases {
		got := rules{}.decide(policies, "a", nil, need{all: c.all})
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(verdict{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestOldRules covers the version without conditions and resource lists, which
// takes both as if they were not there.
func TestOldRules(t *testing.T) {
	t.Parallel()
	broken := condition{"Nope": {"SourceIp": {"x"}}}
	policies := []policy{{ID: "p", Statements: []statement{
		{Action: []string{"auth:*"}, Effect: effectAllow, Resource: "*", Condition: broken},
		{Action: []string{"auth:*"}, Effect: effectDeny, Resource: `["*"]`},
	}}}
	required := need{action: "auth:ReadUser", resource: "arn:lakefs:auth:::user/a"}
	if got := (rules{}).decide(policies, "a", nil, required).outcome; got != allow {
		t.Errorf("without conditions and lists: outcome %d, want %d", got, allow)
	}
	if got := (rules{conditions: true}).decide(policies, "a", nil, required).outcome; got != deny {
		t.Errorf("with conditions: outcome %d, want %d", got, deny)
	}
	if got := (rules{resourceLists: true}).decide(policies, "a", nil, required).outcome; got != deny {
		t.Errorf("with lists: outcome %d, want %d", got, deny)
	}
}

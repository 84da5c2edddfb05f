// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"encoding/json"
	"flag"
	"strings"
	"testing"
)

// Cases recorded from lakeFS elsewhere can be replayed with
//
//	go test ./internal/lakefspolicy -run TestDecideAgreesWithLakeFS -args -cases FILE
//
// and so for TestMatchGlobAgreesWithLakeFS and TestCoverAgreesWithEnumeration.
var casesFlag = flag.String("cases", "", "compare as in this `file` instead of those in testdata")

// readCases gives the cases of a file of testdata, or of the file that the flag names. The count
// sees to it that none gets lost from testdata.
func readCases[T any](t *testing.T, name string, count int) []T {
	t.Helper()
	var lines [][]byte
	if *casesFlag == "" {
		if lines = readLines(t, name); len(lines) != count {
			t.Errorf("%d cases in %s, want %d", len(lines), name, count)
		}
	} else {
		lines = readFile(t, *casesFlag)
	}
	cases := make([]T, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &cases[i]); err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

func TestMatchGlobAgreesWithLakeFS(t *testing.T) {
	t.Parallel()
	type globCase struct {
		Pattern, String string
		Match           bool
	}
	for name, count := range map[string]int{"glob.jsonl": 3000, "glob-exhaustive.jsonl": 18876} {
		for _, c := range readCases[globCase](t, name, count) {
			if got := matchGlob(c.Pattern, c.String); got != c.Match {
				t.Errorf("matchGlob(%q, %q) = %v, want %v", c.Pattern, c.String, got, c.Match)
			}
		}
	}
}

// recordedStatement is a statement as the API shows them.
type recordedStatement struct {
	Effect    string
	Action    []string
	Resource  string
	Condition Condition
}

func (s recordedStatement) stored() StoredStatement {
	return StoredStatement{Effect: s.Effect, Actions: s.Action, Resource: s.Resource, Condition: s.Condition}
}

// decideCase is one decision of lakeFS 1.84.
type decideCase struct {
	Name, User string
	Policies   []struct {
		ID        string
		Statement []recordedStatement
	}
	SourceIP         *string `json:"source_ip"`
	Action, Resource string
	Decision         string
}

func (c *decideCase) input() ([]Policy, Request) {
	var policies []Policy
	for _, p := range c.Policies {
		policy := Policy{ID: p.ID}
		for _, s := range p.Statement {
			policy.Statements = append(policy.Statements, s.stored())
		}
		policies = append(policies, policy)
	}
	request := Request{User: c.User, Action: c.Action, Resource: c.Resource}
	if c.SourceIP != nil {
		request.Context = map[string]string{"SourceIp": *c.SourceIP}
	}
	return policies, request
}

func TestDecideAgreesWithLakeFS(t *testing.T) {
	t.Parallel()
	for _, c := range readCases[decideCase](t, "authz.jsonl", 2000) {
		if got := Decide(c.input()); got.String() != c.Decision {
			t.Errorf("%s: %s, want %s", c.Name, got, c.Decision)
		}
	}
}

// coverCase is a comparison that was answered by enumeration.
type coverCase struct {
	User     string
	Existing []recordedStatement
	Desired  struct{ Action, Resource string }
	Covered  bool
	Kind     string
}

// statements gives the existing statements in normal shape.
func (c *coverCase) statements(t *testing.T) []Statement {
	t.Helper()
	var statements []Statement
	for _, s := range c.Existing {
		resources, err := DecodeResource(s.Resource)
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, Statement{Effect: s.Effect, Actions: s.Action, Resources: resources, Condition: s.Condition})
	}
	return statements
}

func TestCoverAgreesWithEnumeration(t *testing.T) {
	t.Parallel()
	for _, c := range readCases[coverCase](t, "cover.jsonl", 300) {
		statements := c.statements(t)
		desired := Permission(c.Desired)
		got := Cover(statements, desired, CoverOptions{User: c.User})
		want := NotCovered
		if c.Covered {
			want = Covered
		}
		if got.Answer != want {
			t.Errorf("%s %+v for %q: %s, want %s (%s, %+v)", c.Kind, desired, c.User, got.Answer, want, got.Reason, got.Witness)
		}
		checkWitness(t, statements, desired, c.User, got)
	}
}

// failer is a test, a benchmark, or a property test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkWitness checks that a witness is desired and not allowed.
func checkWitness(t failer, statements []Statement, desired Permission, user string, got Coverage) {
	t.Helper()
	if got.Answer != NotCovered {
		return
	}
	if user == "" {
		user = got.Witness.User
	}
	if got.Witness.User != user {
		t.Fatalf("the witness %+v is for another user than %q", got.Witness, user)
	}
	if !matchGlob(desired.Action, got.Witness.Action) ||
		!matchResource(strings.ReplaceAll(desired.Resource, userVariable, user), got.Witness.Resource) {
		t.Fatalf("the witness %+v is not desired by %+v", got.Witness, desired)
	}
	if Decide(storedPolicies(statements), got.Witness) == DecisionAllow {
		t.Fatalf("the witness %+v is allowed", got.Witness)
	}
}

func storedPolicies(statements []Statement) []Policy {
	policies := make([]Policy, len(statements))
	for i, s := range statements {
		policies[i].Statements = []StoredStatement{s.Stored()}
	}
	return policies
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// PlannedCall is a change of a resource and the rights that preflight has to ask for.
type PlannedCall struct {
	Name, Resource string
	Prior, After   Arguments
	Needs          []string
}

// Planned is a planned call.
func Planned(name, resource string, prior, after Arguments, needs ...string) PlannedCall {
	return PlannedCall{Name: name, Resource: resource, Prior: prior, After: after, Needs: needs}
}

// Prove shows that with exactly the rights that preflight asks for a change succeeds, and
// that with any one of them removed preflight names that one and the change is refused.
// As starts a provider on a new server with the prior object, as a caller with the given
// rights only; every claim of preflight must show the remedy. Without what is optional the
// change succeeds, with a warning that something could not be done; optional may be nil.
func (c PlannedCall) Prove(t *testing.T, remedy string, as func(t *testing.T, rights []string) (*Direct, Object), optional func(need string) bool) {
	t.Helper()
	needs := slices.Sorted(slices.Values(c.Needs))
	claimed := func(rights []string) []string {
		t.Helper()
		direct, prior := as(t, rights)
		if _, _, ok := direct.Plan(c.Resource, prior, c.After); !ok {
			t.Errorf("the plan failed: %v", direct.Said())
		}
		return Claims(t, direct.Said(), remedy)
	}
	apply := func(rights []string) (said string, ok bool) {
		direct, prior := as(t, rights)
		_, ok = direct.Apply(c.Resource, prior, c.After)
		for _, diagnostic := range direct.Said() {
			said += fmt.Sprintf("%s: %s\n", diagnostic.Summary, diagnostic.Detail)
		}
		return said, ok
	}
	if got := claimed(nil); !slices.Equal(got, needs) {
		t.Errorf("without any right, preflight names\n%v\nwant\n%v", got, needs)
	}
	if said, ok := apply(needs); !ok {
		t.Errorf("with all rights, the change was refused: %s", said)
	}
	if got := claimed(needs); len(got) > 0 {
		t.Errorf("with all rights, preflight names %v", got)
	}
	for i, need := range needs {
		others := slices.Delete(slices.Clone(needs), i, i+1)
		if got := claimed(others); !slices.Equal(got, []string{need}) {
			t.Errorf("without %s, preflight names %v", need, got)
		}
		if _, ok := apply(others); ok && (optional == nil || !optional(need)) {
			t.Errorf("without %s, the change succeeded all the same", need)
		}
	}
}

// MakePrior makes the prior object, if there is to be one.
func (c PlannedCall) MakePrior(t *testing.T, admin *Direct) Object {
	t.Helper()
	if c.Prior == nil {
		return Object{}
	}
	prior, ok := admin.Apply(c.Resource, Object{}, c.Prior)
	if !ok {
		t.Fatalf("the prior object could not be made: %v", admin.Said())
	}
	return prior
}

var missingPermission = regexp.MustCompile(`(?s)^.*: to \w+ it, the caller needs (\S+ (?:on|in) \S+), which it does not have`)

// Claims are the permissions that warnings of preflight say are missing, sorted. Each must
// show the remedy.
func Claims(t *testing.T, said []*tfprotov6.Diagnostic, remedy string) []string {
	t.Helper()
	var claimed []string
	for _, diagnostic := range said {
		action, isClaim := strings.CutPrefix(diagnostic.Summary, "Missing permission ")
		if !isClaim {
			continue
		}
		match := missingPermission.FindStringSubmatch(diagnostic.Detail)
		if match == nil || !strings.HasPrefix(match[1], action+" ") || !strings.Contains(diagnostic.Detail, remedy) {
			t.Errorf("the detail does not fit its summary: %s: %s", diagnostic.Summary, diagnostic.Detail)
			continue
		}
		claimed = append(claimed, match[1])
	}
	slices.Sort(claimed)
	return claimed
}

// ProveRequired shows that an operation succeeds with exactly the rights that it requires,
// and that it is refused without any one of them. Call makes it on a new server as a caller
// with the given rights only.
func ProveRequired[Right fmt.Stringer](t *testing.T, required []Right, call func(*testing.T, []Right) error, isRefusal func(error) bool) {
	t.Helper()
	if len(required) == 0 {
		t.Fatal("nothing is required")
	}
	if err := call(t, required); err != nil {
		t.Errorf("with %v: %v", required, err)
	}
	for i := range required {
		others := slices.Delete(slices.Clone(required), i, i+1)
		if err := call(t, others); !isRefusal(err) {
			t.Errorf("without %s: error %v, want a refusal", required[i], err)
		}
	}
}

// Drain reads a list to its end and returns its error.
func Drain[T any](list iter.Seq2[T, error]) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// ErrorOf drops the other result of an operation.
func ErrorOf[T any](_ T, err error) error { return err }

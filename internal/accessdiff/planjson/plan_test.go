// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
	"github.com/dataiam/terraform-provider-iam/internal/accessdiff/planjson"
)

// changesIn reads the plan of a scenario.
func changesIn(t *testing.T, scenario, name string) []accessdiff.Change {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", scenario, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	plan, err := planjson.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Changes(nil)
}

// unmanaged are users of whom the next plan knows less or more: what was removed from the state
// or left by an exclusive resource is there and not managed, and what was unknown is known.
var unmanaged = map[string][]string{
	"exclusive": {"ann"}, "refactored": {"ann"}, "elements": {"iam_lakefs_user.pending (id known after apply)", "pending-b"},
	"unknown": {"iam_lakefs_user.pending (id known after apply)", "bob"},
}

// What a plan is said to lead to is what the next plan, after it was applied, finds.
func TestNextPlanFindsWhatWasPredicted(t *testing.T) {
	t.Parallel()
	for _, scenario := range scenarios(t) {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			changes, next := changesIn(t, scenario, "plan.json"), changesIn(t, scenario, "next.json")
			if len(changes) != len(next) {
				t.Fatalf("%d servers, then %d", len(changes), len(next))
			}
			var differing []string
			for i, change := range changes {
				report := accessdiff.Compare(accessdiff.Change{Before: change.After, After: next[i].Before})
				for _, p := range report.Principals {
					certain := func(l accessdiff.Line) bool { return l.Certain }
					if slices.ContainsFunc(p.Gained, certain) || slices.ContainsFunc(p.Lost, certain) {
						differing = append(differing, p.Subjects[0].String())
					}
				}
			}
			if diff := cmp.Diff(unmanaged[scenario], differing); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// startChecked starts a provider whose caller lacks the right to the given operations.
func startChecked(t *testing.T, preflight, guard entity.Mode, unreadable error, lacking ...string) *terraform {
	t.Helper()
	return startCheckedOn(t, newShelf(), preflight, guard, unreadable, lacking...)
}

// startCheckedOn is startChecked on a shelf that may hold something.
func startCheckedOn(t *testing.T, holding *shelf, preflight, guard entity.Mode, unreadable error, lacking ...string) *terraform {
	t.Helper()
	definition := note(connected(holding))
	definition.Platform.Lacks = func(_ context.Context, _ *shelf, call entity.Call) ([]entity.Lack, error) {
		if unreadable != nil || !slices.Contains(lacking, call.Operation) {
			return nil, unreadable
		}
		return []entity.Lack{{Action: call.Operation, Permission: call.Operation + " on shelf", Remedy: "  may " + call.Operation}}, nil
	}
	definition.Lockout = func(_ context.Context, _ *shelf, change entity.Change[noteModel]) (*entity.Lockout, error) {
		if unreadable != nil || change.Planned != nil {
			return nil, unreadable
		}
		return &entity.Lockout{Caller: "ann", Lost: []string{"createNote on shelf"}, Through: "the note"}, nil
	}
	return start(t, &hosting{
		resources: []func() resource.Resource{entity.New(definition)},
		data:      &entity.Connections{Preflight: preflight, LockoutGuard: guard},
	}, resourceType, true)
}

const (
	lacksDelete = `Missing permission deleteNote: iam_shelf_note "kitchen/milk": to destroy it, the caller needs deleteNote on shelf, which it does not have. Grant it to the caller:` +
		"\n\n  may deleteNote\n\nOther objects of this plan may need deleteNote as well. If this plan itself grants it first, the apply succeeds all the same."
	lockedOut = `This change locks its caller out: iam_shelf_note "kitchen/milk": applied alone, this change takes from the caller "ann" what it needs to undo it:` +
		"\n\n  - createNote on shelf\n\nIt has that through the note, and through nothing that remains. Let another path grant it first, or apply with other credentials."
	cannotBeRead = `The caller's rights on The shelf cannot be read: Whether the caller may apply this plan is not checked. the shelf says: The shelf is broken.` +
		"\n\nTo plan without this check, set preflight = \"off\" in the provider block."
	cannotBeTold = `Whether this plan locks out its caller cannot be told: iam_shelf_note "kitchen/milk": this change may concern what the caller may do, but how it has its rights on The shelf cannot be read. ` +
		"the shelf says: The shelf is broken.\n\nTo plan without this check, set lockout_guard = \"off\" in the provider block."
)

func TestChecksAtPlan(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		preflight, guard entity.Mode
		unreadable       error
		prior, config    values
		want             diagnostics
	}{
		"a delete":               {"warn", "warn", nil, milkMade, nil, diagnostics{"warning: " + lacksDelete, "warning: " + lockedOut}},
		"a delete, enforced":     {"enforce", "enforce", nil, milkMade, nil, diagnostics{"error: " + lacksDelete, "error: " + lockedOut}},
		"a delete, one enforced": {"warn", "enforce", nil, milkMade, nil, diagnostics{"warning: " + lacksDelete, "error: " + lockedOut}},
		"a delete, unchecked":    {"off", "off", nil, milkMade, nil, nil},
		"the delete half of a replacement": {
			"warn", "warn", nil, milkMade, milk.with("name", "tea"),
			diagnostics{"warning: " + lacksDelete, "warning: " + lockedOut},
		},
		"a create that may":    {"enforce", "enforce", nil, nil, milk, nil},
		"an update that may":   {"enforce", "enforce", nil, milkMade, milk.with("text", "three"), nil},
		"no change":            {"enforce", "enforce", nil, milkMade, milk, nil},
		"rights that are dark": {"enforce", "enforce", errBroken, milkMade, nil, diagnostics{"warning: " + cannotBeRead, "warning: " + cannotBeTold}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, said := startChecked(t, test.preflight, test.guard, test.unreadable, "deleteNote").plan(test.prior, test.config)
			if diff := cmp.Diff(test.want, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// What one object lacks is not said of the next, and a provider that stands beside says
// it for itself.
func TestPreflightSpeaksOnce(t *testing.T) {
	t.Parallel()
	for range 2 {
		tf := startChecked(t, "warn", "off", nil, "deleteNote", "createNote")
		said := diagnostics{}
		for _, name := range []string{"milk", "tea", "salt"} {
			_, _, planned := tf.plan(milkMade.with("name", name), nil)
			_, _, created := tf.plan(nil, milk.with("name", name))
			said = append(append(said, planned...), created...)
		}
		if len(said) != 2 {
			t.Errorf("said %d things, want two:\n%v", len(said), said)
		}
	}
}

// After the first write of the process, rights are not what they were: nothing is said.
// Before, what Terraform offers does not tell an apply from a plan for certain.
func TestChecksAreSilentAfterAWrite(t *testing.T) {
	t.Parallel()
	tf := startChecked(t, "enforce", "enforce", nil, "deleteNote")
	state := tf.mustApply(nil, milk)
	if _, _, said := tf.plan(state, nil); len(said) > 0 {
		t.Errorf("after a write: %v", said)
	}
	again := startChecked(t, "enforce", "enforce", nil, "deleteNote")
	again.deferral = true
	if _, _, said := again.plan(state, nil); len(said) != 2 {
		t.Errorf("before any write: %v, want both checks", said)
	}
}

// A replacement that no argument forces is planned as a create: what Terraform keeps with the
// object tells it, or that the object was read before.
func TestChecksOfAReplacementThatNoArgumentForces(t *testing.T) {
	t.Parallel()
	both := diagnostics{"warning: " + lacksDelete, "warning: " + lockedOut}
	holding := newShelf()
	maker := startCheckedOn(t, holding, "warn", "warn", nil)
	state := maker.mustApply(nil, milk)
	for name, test := range map[string]struct {
		kept, read bool
		config     values
		want       diagnostics
	}{
		"-replace or replace_triggered_by": {kept: true, config: milk, want: both},
		"a tainted object":                 {read: true, config: milk, want: both},
		"another object in place of it":    {kept: true, config: milk.with("name", "tea"), want: both},
		"an object that Terraform has not": {config: milk},
		"another object than the read one": {read: true, config: milk.with("name", "tea")},
		"one whose name is known too late": {read: true, config: milk.with("name", unknown)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tf := startCheckedOn(t, holding, "warn", "warn", nil, "deleteNote")
			if test.read {
				if _, said := tf.refresh(state); len(said) > 0 {
					t.Fatal(said)
				}
				tf.private = nil
			}
			if test.kept {
				tf.private = maker.private
			}
			_, _, said := tf.plan(nil, test.config)
			if diff := cmp.Diff(test.want, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// Terraform drops the warnings of the second plan of a replacement. What was said there is said
// again of the next object; an error is shown.
func TestChecksThatNobodyHears(t *testing.T) {
	t.Parallel()
	holding := newShelf()
	maker := startCheckedOn(t, holding, "warn", "warn", nil)
	state := maker.mustApply(nil, milk)
	tf := startCheckedOn(t, holding, "warn", "warn", nil, "deleteNote")
	for range 2 { // the replacement, and an object that is deleted
		tf.private = maker.private
		_, _, said := tf.plan(nil, milk)
		if diff := cmp.Diff(diagnostics{"warning: " + lacksDelete, "warning: " + lockedOut}, said); diff != "" {
			t.Errorf("the replacement (-want +got):\n%s", diff)
		}
	}
	_, _, said := tf.plan(state, nil)
	if diff := cmp.Diff(diagnostics{"warning: " + lacksDelete, "warning: " + lockedOut}, said); diff != "" {
		t.Errorf("the delete (-want +got):\n%s", diff)
	}
}

// What is gone is not replaced when it is made anew: what Terraform keeps with it outlives it.
func TestChecksOfAnObjectThatIsMadeAnew(t *testing.T) {
	t.Parallel()
	holding := newShelf()
	maker := startCheckedOn(t, holding, "warn", "warn", nil)
	state := maker.mustApply(nil, milk)
	delete(holding.notes, "kitchen/milk")
	tf := startCheckedOn(t, holding, "enforce", "enforce", nil, "deleteNote")
	tf.private = maker.private
	if left, said := tf.refresh(state); left != nil || len(said) > 0 {
		t.Fatalf("refreshed to %v: %v", left, said)
	}
	if _, _, said := tf.plan(nil, milk); len(said) > 0 {
		t.Errorf("said %v", said)
	}
}

// A replacement needs the rights of a delete and of a create, also when only an unknown
// value causes it.
func TestReplacementIsADeleteAndACreate(t *testing.T) {
	t.Parallel()
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	definition := note(connected(newShelf()))
	definition.Schema.Attributes["text"] = schema.StringAttribute{Optional: true, PlanModifiers: replace}
	definition.Platform.Lacks = func(_ context.Context, _ *shelf, call entity.Call) ([]entity.Lack, error) {
		return []entity.Lack{{Action: call.Operation, Permission: call.Operation}}, nil
	}
	tf := start(t, &hosting{resources: []func() resource.Resource{entity.New(definition)}, data: &entity.Connections{}}, resourceType, true)
	_, replaces, said := tf.plan(milkMade, milk.with("text", unknown))
	if len(replaces) != 1 || len(said) != 3 {
		t.Errorf("an unknown text that replaces: %v, said %v, want a read, a create and a delete", replaces, said)
	}
}

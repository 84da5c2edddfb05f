// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const resourceType = "iam_shelf_note"

// The note that most tests are about, as configured, planned and in state.
var (
	milk        = values{"board": "kitchen", "name": "milk", "text": "two"}
	milkPlanned = values{"board": "kitchen", "name": "milk", "text": "two", "stamp": unknown}
	milkMade    = values{"board": "kitchen", "name": "milk", "text": "two", "stamp": "created"}
)

// with returns an object with one attribute changed.
func (v values) with(name string, value any) values {
	changed := maps.Clone(v)
	changed[name] = value
	return changed
}

func TestLifecycle(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startNote(t, resourceType, connected(board), nil)

	if said := tf.validate(milk); len(said) > 0 {
		t.Errorf("validate: %v", said)
	}
	planned, _, said := tf.plan(nil, milk)
	if diff := cmp.Diff(milkPlanned, planned); diff != "" || len(said) > 0 {
		t.Errorf("plan of a create said %v (-want +got):\n%s", said, diff)
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("validate and plan made the calls %v", calls)
	}
	state, said := tf.apply(nil, planned, milk)
	if diff := cmp.Diff(milkMade, state); diff != "" || len(said) > 0 {
		t.Errorf("create said %v (-want +got):\n%s", said, diff)
	}
	state, said = tf.refresh(state)
	if diff := cmp.Diff(milkMade.with("stamp", "read"), state); diff != "" || len(said) > 0 {
		t.Errorf("read said %v (-want +got):\n%s", said, diff)
	}
	state = tf.mustApply(state, milk.with("text", "three"))
	if diff := cmp.Diff(milkMade.with("text", "three").with("stamp", "updated"), state); diff != "" {
		t.Errorf("update (-want +got):\n%s", diff)
	}
	_, replaces, _ := tf.plan(state, milk.with("board", "hall"))
	if len(replaces) != 1 {
		t.Errorf("a change of the board replaces because of %v, want one path", replaces)
	}
	if state = tf.mustApply(state, nil); state != nil {
		t.Errorf("after the delete the state is %v", state)
	}
	if diff := cmp.Diff([]string{"create", "read", "update", "delete"}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if names := board.names(); len(names) > 0 {
		t.Errorf("notes left: %v", names)
	}
}

// An operation that fails leaves in state what there is on the platform.
func TestStateAfterError(t *testing.T) {
	t.Parallel()
	changed := milk.with("text", "three")
	for _, test := range []struct {
		name string
		// fails and late are the operation that fails, before or after it did
		// what it should.
		fails, late   string
		prior, config values
		want          values
		summary       string
	}{
		{"create did nothing", "create", "", nil, milk, nil, "Could not create note on the shelf"},
		{"create made it", "", "create", nil, milk, milk, "Could not create note on the shelf"},
		{"update did nothing", "update", "", milkMade, changed, milkMade, "Could not update note on the shelf"},
		{"update changed it", "", "update", milkMade, changed, changed, "Could not update note on the shelf"},
		{"delete did nothing", "delete", "", milkMade, nil, milkMade, "Could not delete note on the shelf"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			board := newShelf()
			board.before[test.fails], board.after[test.late] = errBroken, errBroken
			tf := startNote(t, resourceType, connected(board), nil)
			planned, _, said := tf.plan(test.prior, test.config)
			if len(said) > 0 {
				t.Fatalf("plan: %v", said)
			}
			state, said := tf.apply(test.prior, planned, test.config)
			if diff := cmp.Diff(test.want, state); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			want := diagnostics{"error: " + test.summary + `: iam_shelf_note "kitchen/milk": the shelf says: The shelf is broken.`}
			if diff := cmp.Diff(want, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWarningsAreGivenWithAnError(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.after["create"] = errBroken
	tf := startNote(t, resourceType, connected(board), nil)
	loud := milk.with("text", "loud")
	state, said := tf.apply(nil, loud.with("stamp", unknown), loud)
	if diff := cmp.Diff(loud, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	want := diagnostics{
		`warning: Loud note: The note "kitchen/milk" is loud.`,
		`error: Could not create note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: The shelf is broken.`,
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

func TestReadOfWhatIsGone(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, connected(newShelf()), nil)
	state, said := tf.refresh(milkMade)
	if state != nil || len(said) > 0 {
		t.Errorf("state is %v after the diagnostics %v, want neither", state, said)
	}
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.before["read"] = errBroken
	tf := startNote(t, resourceType, connected(board), nil)
	state, said := tf.refresh(milkMade)
	if diff := cmp.Diff(milkMade, state); diff != "" {
		t.Errorf("state (-want +got):\n%s", diff)
	}
	want := diagnostics{`error: Could not read note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: The shelf is broken.`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
}

// While a provider argument is unknown, everything that can wait waits.
func TestProviderArgumentNotYetKnown(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, notYetKnown(), nil)
	const advice = "The value of the provider argument shelf.address is known only after apply. " +
		"Apply what it depends on first, for example with -target, or set it to a value that is known at plan."

	planned, _, said := tf.plan(nil, milk)
	if diff := cmp.Diff(milkPlanned, planned); diff != "" || len(said) > 0 {
		t.Errorf("plan said %v (-want +got):\n%s", said, diff)
	}
	state, said := tf.refresh(milkMade)
	if diff := cmp.Diff(milkMade, state); diff != "" {
		t.Errorf("state after a read (-want +got):\n%s", diff)
	}
	want := diagnostics{`warning: Not refreshed: The shelf cannot be reached yet: iam_shelf_note "kitchen/milk" is kept as it was last seen: ` + advice}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	for verb, attempt := range map[string]func() diagnostics{
		"create": func() diagnostics { _, said := tf.apply(nil, milkPlanned, milk); return said },
		"delete": func() diagnostics { _, said := tf.apply(milkMade, nil, nil); return said },
		"import": func() diagnostics { _, said := tf.imports("kitchen/milk"); return said },
	} {
		want := diagnostics{"error: Could not " + verb + ` note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: ` + advice}
		if diff := cmp.Diff(want, attempt()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", verb, diff)
		}
	}
}

// A platform that is not configured is found out at plan.
func TestPlatformNotConfigured(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, notConfigured(), nil)
	const reason = "o address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."
	for name, change := range map[string]struct{ prior, config values }{
		"create": {nil, milk}, "update": {milkMade, milk.with("text", "three")}, "delete": {milkMade, nil},
	} {
		_, _, said := tf.plan(change.prior, change.config)
		want := diagnostics{`error: The shelf is not configured: iam_shelf_note "kitchen/milk": N` + reason}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("plan of a %s (-want +got):\n%s", name, diff)
		}
	}
	if _, _, said := tf.plan(milkMade, milk); len(said) > 0 {
		t.Errorf("a plan without a change said %v", said)
	}
	for verb, attempt := range map[string]func() diagnostics{
		"create": func() diagnostics { _, said := tf.apply(nil, milkPlanned, milk); return said },
		"read":   func() diagnostics { _, said := tf.refresh(milkMade); return said },
		"update": func() diagnostics {
			_, said := tf.apply(milkMade, milkPlanned.with("text", "three"), milk.with("text", "three"))
			return said
		},
		"delete": func() diagnostics { _, said := tf.apply(milkMade, nil, nil); return said },
		"import": func() diagnostics { _, said := tf.imports("kitchen/milk"); return said },
	} {
		want := diagnostics{"error: Could not " + verb + ` note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: N` + reason}
		if diff := cmp.Diff(want, attempt()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", verb, diff)
		}
	}
}

func TestProviderNotConfigured(t *testing.T) {
	t.Parallel()
	host := &hosting{resources: []func() resource.Resource{entity.New(note(connected(newShelf())))}}
	tf := start(t, host, resourceType, false)
	_, said := tf.refresh(milkMade)
	want := diagnostics{`error: Could not read note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: The provider has not been configured.`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	// Terraform validates before it configures.
	if diff := cmp.Diff(diagnostics{`warning: Says little: The note "milk" says little.`}, tf.validate(milk.with("text", "TODO"))); diff != "" {
		t.Errorf("validate (-want +got):\n%s", diff)
	}
}

func TestUnexpectedProviderData(t *testing.T) {
	t.Parallel()
	host := &hosting{
		resources:   []func() resource.Resource{entity.New(note(connected(newShelf())))},
		dataSources: []func() datasource.DataSource{entity.NewDataSource(lookup(connected(newShelf())))},
		data:        "something else",
	}
	want := diagnostics{"error: Unexpected provider data: Expected *entity.Connections, got string. Please report this to the provider's developers."}
	_, said := start(t, host, resourceType, true).refresh(milkMade)
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
	_, said = start(t, host, "data."+resourceType, true).readData(milk)
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("data source (-want +got):\n%s", diff)
	}
}

// What was unknown at plan is validated before anything is sent.
func TestValidationIsRepeatedAtApply(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startNote(t, resourceType, connected(board), nil)
	refusal := diagnostics{`error: Not for the shelf: Everybody reads the note "milk".`}
	later, secret := milk.with("text", unknown), milk.with("text", "secret")

	if said := tf.validate(later); len(said) > 0 {
		t.Errorf("validate of an unknown text: %v", said)
	}
	if diff := cmp.Diff(refusal, tf.validate(secret)); diff != "" {
		t.Errorf("validate of a known text (-want +got):\n%s", diff)
	}
	state, said := tf.apply(nil, secret.with("stamp", unknown), secret)
	if diff := cmp.Diff(refusal, said); diff != "" || state != nil {
		t.Errorf("create left the state %v (-want +got):\n%s", state, diff)
	}
	state, said = tf.apply(milkMade, secret.with("stamp", unknown), secret)
	if diff := cmp.Diff(refusal, said); diff != "" {
		t.Errorf("update (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(milkMade, state); diff != "" {
		t.Errorf("state after the update (-want +got):\n%s", diff)
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("calls were made: %v", calls)
	}
	// The warning of the validation was given at plan already.
	little := milk.with("text", "TODO")
	if _, said := tf.apply(nil, little.with("stamp", unknown), little); len(said) > 0 {
		t.Errorf("create: %v", said)
	}
}

func TestDefinitionWithoutOptionalParts(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, connected(newShelf()), func(d *entity.Definition[*shelf, noteModel]) {
		d.Validate, d.Update = nil, nil
	})
	if said := tf.validate(milk.with("text", "secret")); len(said) > 0 {
		t.Errorf("validate: %v", said)
	}
	state := tf.mustApply(nil, milk.with("text", "secret"))
	_, said := tf.apply(state, milkPlanned, milk)
	want := diagnostics{`error: Could not update note on the shelf: iam_shelf_note "kitchen/milk" has no argument that can be updated in place. Please report this to the provider's developers.`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("update (-want +got):\n%s", diff)
	}
}

// An object whose id is not complete yet is named by its type at least.
func TestObjectWithoutID(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, notConfigured(), nil)
	_, _, said := tf.plan(nil, milk.with("name", unknown))
	if len(said) != 1 || !strings.Contains(said[0], ": iam_shelf_note (id known after apply): ") {
		t.Errorf("got %v, want an error that names the type", said)
	}
	tf = startNote(t, resourceType, notConfigured(), func(d *entity.Definition[*shelf, noteModel]) {
		d.Imports = []entity.ImportForm{{Pattern: "{no_such_attribute}"}, {Pattern: "note/{name}"}}
	})
	_, _, said = tf.plan(nil, milk)
	if len(said) != 1 || !strings.Contains(said[0], `: iam_shelf_note "note/milk": `) {
		t.Errorf("got %v, want an error that names the object by the form that fits", said)
	}
}

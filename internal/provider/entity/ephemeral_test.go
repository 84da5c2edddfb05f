// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const loanType = "ephemeral.iam_shelf_note"

// loan is the definition of an ephemeral resource that takes a note off the shelf
// and puts it back.
func loan(connection *entity.Connection[*shelf]) entity.Ephemeral[*shelf, noteModel] {
	return entity.Ephemeral[*shelf, noteModel]{
		Name: "shelf_note", Title: "loan of a note",
		Platform: note(connection).Platform,
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"board": schema.StringAttribute{Required: true},
			"name":  schema.StringAttribute{Required: true},
			"text":  schema.StringAttribute{Optional: true},
			"stamp": schema.StringAttribute{Computed: true},
		}},
		Validate: validateNote,
		Open: func(ctx context.Context, s *entity.Session[*shelf], m *noteModel) error {
			if m.Text.ValueString() == "loud" {
				s.Warn("Loud note", fmt.Sprintf("The note %q is loud.", m.key()))
			}
			m.Stamp = types.StringValue("lent")
			s.Remember(ctx, "note", fmt.Appendf(nil, "%q", m.key()))
			return s.API.do("open", func() {})
		},
		Close: func(ctx context.Context, s *entity.Session[*shelf]) error {
			kept := s.Recall(ctx, "note")
			if kept == nil {
				s.Warn("Nothing lent", "There is nothing to put back.")
			}
			return s.API.do("close "+string(kept), func() {})
		},
		OpenCalls:  []entity.Call{{Operation: "readNote"}},
		CloseCalls: []entity.Call{{Operation: "updateNote"}},
	}
}

func startLoan(t *testing.T, connection *entity.Connection[*shelf], change func(*entity.Ephemeral[*shelf, noteModel])) *terraform {
	t.Helper()
	definition := loan(connection)
	if change != nil {
		change(&definition)
	}
	return start(t, &hosting{ephemerals: []func() ephemeral.EphemeralResource{entity.NewEphemeral(definition)}, data: new(entity.Connections)}, loanType, true)
}

func TestEphemeral(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startLoan(t, connected(board), nil)
	loud := milk.with("text", "loud")
	result, said := tf.open(loud)
	if diff := cmp.Diff(loud.with("stamp", "lent"), result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(diagnostics{`warning: Loud note: The note "kitchen/milk" is loud.`}, said); diff != "" {
		t.Errorf("open: diagnostics (-want +got):\n%s", diff)
	}
	if said := tf.close(); len(said) > 0 {
		t.Errorf("close said %v", said)
	}
	if diff := cmp.Diff([]string{"open", `close "kitchen/milk"`}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	tf.private = nil
	if diff := cmp.Diff(diagnostics{"warning: Nothing lent: There is nothing to put back."}, tf.close()); diff != "" {
		t.Errorf("close of nothing: diagnostics (-want +got):\n%s", diff)
	}
}

func TestEphemeralFails(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.before["open"] = errBroken
	board.before[`close "kitchen/milk"`] = errors.New("the shelf is full")
	tf := startLoan(t, connected(board), nil)
	result, said := tf.open(milk)
	if diff := cmp.Diff(diagnostics{"error: Could not open loan of a note: ephemeral.iam_shelf_note: the shelf says: The shelf is broken."}, said); diff != "" {
		t.Errorf("open: diagnostics (-want +got):\n%s", diff)
	}
	if result["stamp"] != nil {
		t.Errorf("the result is %v, want none", result)
	}
	if diff := cmp.Diff(diagnostics{"error: Could not close loan of a note: ephemeral.iam_shelf_note: the shelf says: The shelf is full."}, tf.close()); diff != "" {
		t.Errorf("close: diagnostics (-want +got):\n%s", diff)
	}
}

func TestEphemeralWithoutPlatform(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connection *entity.Connection[*shelf]
		why        string
	}{
		"not yet known": {notYetKnown(), "The value of the provider argument shelf.address is known only after apply. " +
			"Apply what it depends on first, for example with -target, or set it to a value that is known at plan."},
		"not configured": {notConfigured(), "No address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."},
	} {
		tf := startLoan(t, test.connection, nil)
		_, said := tf.open(milk)
		if diff := cmp.Diff(diagnostics{"error: Could not open loan of a note: ephemeral.iam_shelf_note: the shelf says: " + test.why}, said); diff != "" {
			t.Errorf("%s: open: diagnostics (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(diagnostics{"error: Could not close loan of a note: ephemeral.iam_shelf_note: the shelf says: " + test.why}, tf.close()); diff != "" {
			t.Errorf("%s: close: diagnostics (-want +got):\n%s", name, diff)
		}
	}
	host := &hosting{ephemerals: []func() ephemeral.EphemeralResource{entity.NewEphemeral(loan(connected(newShelf())))}}
	_, said := start(t, host, loanType, false).open(milk)
	if diff := cmp.Diff(diagnostics{"error: Could not open loan of a note: ephemeral.iam_shelf_note: the shelf says: The provider has not been configured."}, said); diff != "" {
		t.Errorf("provider not configured: diagnostics (-want +got):\n%s", diff)
	}
}

// A configuration is checked at validate, and again with what was unknown then.
func TestEphemeralValidation(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startLoan(t, connected(board), nil)
	secret, want := milk.with("text", "secret"), diagnostics{`error: Not for the shelf: Everybody reads the note "milk".`}
	if diff := cmp.Diff(want, tf.validateEphemeral(secret)); diff != "" {
		t.Errorf("validate (-want +got):\n%s", diff)
	}
	if said := tf.validateEphemeral(milk.with("text", unknown)); len(said) > 0 {
		t.Errorf("validate of an unknown text: %v", said)
	}
	if _, said := tf.open(secret); cmp.Diff(want, said) != "" {
		t.Errorf("open said %v, want %v", said, want)
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("calls were made: %v", calls)
	}
	unchecked := startLoan(t, connected(board), func(d *entity.Ephemeral[*shelf, noteModel]) { d.Validate = nil })
	if said := unchecked.validateEphemeral(secret); len(said) > 0 {
		t.Errorf("validate without a Validate: %v", said)
	}
}

// What has nothing to take back is closed without a word, and without its platform.
func TestEphemeralWithoutClose(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startLoan(t, connected(board), func(d *entity.Ephemeral[*shelf, noteModel]) { d.Close, d.CloseCalls = nil, nil })
	if _, said := tf.open(milk); len(said) > 0 {
		t.Errorf("open said %v", said)
	}
	if said := tf.close(); len(said) > 0 {
		t.Errorf("close said %v", said)
	}
	if diff := cmp.Diff([]string{"open"}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if said := startLoan(t, notConfigured(), func(d *entity.Ephemeral[*shelf, noteModel]) { d.Close = nil }).close(); len(said) > 0 {
		t.Errorf("close without a platform said %v", said)
	}
}

// What Terraform has not closed is closed at the end of the process, and nothing twice.
func TestEphemeral_leftOpen(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*entity.Ephemeral[*shelf, noteModel])
		closes bool
		want   []string
	}{
		"left open":        {nil, false, []string{"open", `close "kitchen/milk"`}},
		"closed":           {nil, true, []string{"open", `close "kitchen/milk"`}},
		"nothing to close": {func(e *entity.Ephemeral[*shelf, noteModel]) { e.Close = nil }, false, []string{"open"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			board, connections := newShelf(), new(entity.Connections)
			definition := loan(connected(board))
			if test.change != nil {
				test.change(&definition)
			}
			tf := start(t, &hosting{ephemerals: []func() ephemeral.EphemeralResource{entity.NewEphemeral(definition)}, data: connections}, loanType, true)
			if _, said := tf.open(milk); len(said) > 0 {
				t.Fatalf("open said %v", said)
			}
			if test.closes {
				if said := tf.close(); len(said) > 0 {
					t.Fatalf("close said %v", said)
				}
			}
			connections.CloseLeftOpen(t.Context())
			connections.CloseLeftOpen(t.Context())
			if diff := cmp.Diff(test.want, board.made()); diff != "" {
				t.Errorf("calls (-want +got):\n%s", diff)
			}
		})
	}
}

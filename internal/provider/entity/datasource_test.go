// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const dataType = "data." + resourceType

func TestDataSource(t *testing.T) {
	t.Parallel()
	where := values{"board": "kitchen", "name": "milk"}
	const (
		failed = "error: Could not read note on the shelf: data.iam_shelf_note "
		ofMilk = `with board "kitchen" and name "milk": the shelf says: `
		ofTea  = `with board "kitchen" and name "tea": the shelf says: `
	)
	for _, test := range []struct {
		name       string
		connection func(*shelf) *entity.Connection[*shelf]
		config     values
		broken     error
		// want is nil when the read fails: then nobody looks at the answer.
		want values
		said diagnostics
	}{
		{
			name: "there", connection: connected, config: where,
			want: values{"board": "kitchen", "name": "milk", "text": "two", "stamp": "read"},
		},
		{
			name: "not there", connection: connected, config: where.with("name", "tea"),
			said: diagnostics{`warning: Nothing there: There is no note "kitchen/tea".`, failed + ofTea + "There is no such note."},
		},
		{
			name: "read fails", connection: connected, config: where, broken: errBroken,
			said: diagnostics{failed + ofMilk + "The shelf is broken."},
		},
		{
			name: "read fails, in words that a terminal would obey", connection: connected, config: where,
			broken: errors.New("it is\n  \x1b[2Jgone\r\x07\u202e"),
			said:   diagnostics{failed + ofMilk + "It is\n  �[2Jgone���."},
		},
		{
			name: "provider argument not yet known", config: where,
			connection: func(*shelf) *entity.Connection[*shelf] { return notYetKnown() },
			said: diagnostics{failed + ofMilk + "The value of the provider argument shelf.address is known only after apply. " +
				"Apply what it depends on first, for example with -target, or set it to a value that is known at plan."},
		},
		{
			name: "not configured", config: where,
			connection: func(*shelf) *entity.Connection[*shelf] { return notConfigured() },
			said:       diagnostics{failed + ofMilk + "No address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			board := newShelf()
			board.notes["kitchen/milk"] = "two"
			board.before["read"] = test.broken
			got, said := startNote(t, dataType, test.connection(board), nil).readData(test.config)
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, got); diff != "" && test.want != nil {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDataSourceValidation(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startNote(t, dataType, connected(board), nil)
	want := diagnostics{`error: Not for the shelf: Everybody reads the note "milk".`}
	if diff := cmp.Diff(want, tf.validateData(milk.with("text", "secret"))); diff != "" {
		t.Errorf("validate (-want +got):\n%s", diff)
	}
	if said := tf.validateData(milk.with("name", unknown)); len(said) > 0 {
		t.Errorf("validate of an unknown name: %v", said)
	}
	unchecked := lookup(connected(board))
	unchecked.Validate = nil
	tf = start(t, &hosting{
		dataSources: []func() datasource.DataSource{entity.NewDataSource(unchecked)},
		data:        new(entity.Connections),
	}, dataType, true)
	if said := tf.validateData(milk.with("text", "secret")); len(said) > 0 {
		t.Errorf("validate without a Validate: %v", said)
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("validate made the calls %v", calls)
	}
}

// What needs no platform is answered without one.
func TestDataSourceOffline(t *testing.T) {
	t.Parallel()
	definition := lookup(notConfigured())
	definition.Offline = func(m noteModel) bool { return m.Text.ValueString() == "given" }
	read := definition.Read
	definition.Read = func(ctx context.Context, s *entity.Session[*shelf], m *noteModel) error {
		if s.API != nil {
			return read(ctx, s, m)
		}
		m.Stamp = types.StringValue("offline")
		return nil
	}
	tf := start(t, &hosting{
		dataSources: []func() datasource.DataSource{entity.NewDataSource(definition)},
		data:        new(entity.Connections),
	}, dataType, true)
	given := milk.with("text", "given")
	got, said := tf.readData(given)
	if diff := cmp.Diff(given.with("stamp", "offline"), got); diff != "" || len(said) > 0 {
		t.Errorf("read said %v (-want +got):\n%s", said, diff)
	}
	if _, said := tf.readData(milk); len(said) != 1 || !strings.Contains(said[0], "No address is set") {
		t.Errorf("read of what is not given said %v, want that nothing is configured", said)
	}
}

// A long text does not help to tell two data sources apart, so it is left out.
func TestDataSourceWithLongTexts(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.before["read"] = errBroken
	tf := startNote(t, dataType, connected(board), nil)
	for _, length := range []int{10, 200, 201, 100_000} {
		text := strings.Repeat("x", length)
		_, said := tf.readData(milk.with("text", text))
		if shown := strings.Contains(said[0], text); shown != (length <= 200) {
			t.Errorf("a text of %d bytes is shown: %t, in %.100s", length, shown, said[0])
		}
	}
}

// An error of its own summary ends a read.
func TestDataSourceFails(t *testing.T) {
	t.Parallel()
	definition := lookup(connected(newShelf()))
	definition.Read = func(_ context.Context, s *entity.Session[*shelf], _ *noteModel) error {
		s.Fail("Not as wanted", "The note is not as it should be.")
		return nil
	}
	tf := start(t, &hosting{
		dataSources: []func() datasource.DataSource{entity.NewDataSource(definition)},
		data:        new(entity.Connections),
	}, dataType, true)
	if _, said := tf.readData(milk); cmp.Diff(diagnostics{"error: Not as wanted: The note is not as it should be."}, said) != "" {
		t.Errorf("read said %v", said)
	}
}

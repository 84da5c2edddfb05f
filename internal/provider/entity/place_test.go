// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// What was last seen in one place is neither read, changed nor deleted in another.
func TestAnotherPlace(t *testing.T) {
	t.Parallel()
	board, place := newShelf(), "hall"
	tf := startNote(t, resourceType, connected(board), func(d *entity.Definition[*shelf, noteModel]) {
		d.Platform.Place = func(*shelf) string { return place }
	})
	state := tf.mustApply(nil, milk)
	changed := milk.with("text", "three")
	planned, _, said := tf.plan(state, changed)
	if len(said) > 0 {
		t.Fatalf("plan: %v", said)
	}
	board.made()

	place = "attic"
	for what, do := range map[string]func() (values, diagnostics){
		"read":   func() (values, diagnostics) { return tf.refresh(state) },
		"update": func() (values, diagnostics) { return tf.apply(state, planned, changed) },
		"delete": func() (values, diagnostics) { return tf.apply(state, nil, nil) },
		"plan": func() (values, diagnostics) {
			planned, _, said := tf.plan(state, changed)
			return planned, said
		},
	} {
		after, said := do()
		want := `error: Could not ` + what + ` note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: It belongs to "hall", but the provider is configured for "attic".`
		if len(said) != 1 || said[0] != want {
			t.Errorf("%s said\n%v\nwant\n%s", what, strings.Join(said, "\n"), want)
		}
		if after == nil {
			t.Errorf("%s dropped the note", what)
		}
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("the calls %v were made in another place", calls)
	}

	place = "hall"
	if _, said := tf.refresh(state); len(said) > 0 {
		t.Errorf("back in its place, a read said %v", said)
	}
}

// What was made before places were remembered, or was imported, is where it is found.
func TestPlaceIsLearnt(t *testing.T) {
	t.Parallel()
	board, place := newShelf(), "hall"
	var remembers bool
	tf := startNote(t, resourceType, connected(board), func(d *entity.Definition[*shelf, noteModel]) {
		d.Platform.Place = func(*shelf) string { return place }
		d.Imports = d.Imports[:1]
	})
	board.notes["kitchen/milk"] = "two"
	state, said := tf.imports("kitchen/milk")
	if len(said) > 0 {
		t.Fatalf("import: %v", said)
	}
	state, said = tf.refresh(state)
	if len(said) > 0 {
		t.Fatalf("read: %v", said)
	}
	place = "attic"
	_, said = tf.refresh(state)
	for _, text := range said {
		remembers = remembers || strings.Contains(text, `It belongs to "hall"`)
	}
	if !remembers {
		t.Errorf("after an import and a read elsewhere: %v", said)
	}
}

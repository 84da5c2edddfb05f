// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func TestImport(t *testing.T) {
	t.Parallel()
	const rightForms = `Write board/name, for example "kitchen/milk"; or on/board/name, for example "on/kitchen/milk".`
	wrong := func(id string) diagnostics {
		return diagnostics{`error: Could not import note on the shelf: "` + id + `" is not an import id of this type. ` + rightForms}
	}
	for _, test := range []struct {
		id   string
		want values
		said diagnostics
	}{
		{id: "kitchen/milk", want: values{"board": "kitchen", "name": "milk"}},
		{id: "on/kitchen/milk", want: values{"board": "kitchen", "name": "milk"}},
		{id: "on/milk", want: values{"board": "on", "name": "milk"}},
		{id: "a b+c%/ö", want: values{"board": "a b+c%", "name": "ö"}},
		{id: "", said: wrong("")},
		{id: "kitchen", said: wrong("kitchen")},
		{id: "kitchen/", said: wrong("kitchen/")},
		{id: "/milk", said: wrong("/milk")},
		{id: "off/kitchen/milk", said: wrong("off/kitchen/milk")},
		{id: "on/kitchen/milk/two", said: wrong("on/kitchen/milk/two")},
	} {
		t.Run(test.id, func(t *testing.T) {
			t.Parallel()
			board := newShelf()
			state, said := startNote(t, resourceType, connected(board), nil).imports(test.id)
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, state); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			if calls := board.made(); len(calls) > 0 {
				t.Errorf("calls were made: %v", calls)
			}
		})
	}
}

func TestImportAdopts(t *testing.T) {
	t.Parallel()
	adopting := func(d *entity.Definition[*shelf, noteModel]) {
		d.Adopt = func(_ context.Context, s *entity.Session[*shelf], m *noteModel) error {
			m.Text = types.StringValue("unknown to the shelf")
			return s.API.do("adopt", func() {})
		}
	}
	board := newShelf()
	state, said := startNote(t, resourceType, connected(board), adopting).imports("kitchen/milk")
	if diff := cmp.Diff(values{"board": "kitchen", "name": "milk", "text": "unknown to the shelf"}, state); diff != "" || len(said) > 0 {
		t.Errorf("import said %v (-want +got):\n%s", said, diff)
	}
	if diff := cmp.Diff([]string{"adopt"}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	board.before["adopt"] = errBroken
	_, said = startNote(t, resourceType, connected(board), adopting).imports("kitchen/milk")
	want := diagnostics{`error: Could not import note on the shelf: iam_shelf_note "kitchen/milk": the shelf says: The shelf is broken.`}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("import of a broken shelf (-want +got):\n%s", diff)
	}
}

func TestImportForm(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, id string
		want        map[string]string
	}{
		{"{id}", "etl", map[string]string{"id": "etl"}},
		{"{id}", "etl/x", nil},
		{"group/{group_id}/{policy_id}", "group/g/p", map[string]string{"group_id": "g", "policy_id": "p"}},
		{"group/{group_id}/{policy_id}", "user/g/p", nil},
		{"group/{group_id}/{policy_id}", "group//p", nil},
		{"group/{group_id}/{policy_id}", "{group}/g/p", nil},
		{"{name...}", "readers", map[string]string{"name": "readers"}},
		{"{name...}", "teams/wells/", map[string]string{"name": "teams/wells/"}},
		{"{name...}", "/", map[string]string{"name": "/"}},
		{"{name...}", "", nil},
		{"group/{name...}", "group/teams/wells", map[string]string{"name": "teams/wells"}},
		{"group/{name...}", "group//", map[string]string{"name": "/"}},
		{"group/{name...}", "group/", nil},
		{"group/{name...}", "group", nil},
		{"group/{name...}", "user/teams/wells", nil},
		{"{group_id}/{name...}", "g/n/m", map[string]string{"group_id": "g", "name": "n/m"}},
	} {
		t.Run(test.pattern+" "+test.id, func(t *testing.T) {
			t.Parallel()
			form := entity.ImportForm{Pattern: test.pattern}
			got, ok := form.Parse(test.id)
			if diff := cmp.Diff(test.want, got); diff != "" || ok != (test.want != nil) {
				t.Fatalf("Parse answered %t (-want +got):\n%s", ok, diff)
			}
			value := func(name string) (string, bool) {
				v, there := got[name]
				return v, there
			}
			id, rendered := form.Render(value)
			if rendered != ok || ok && id != test.id {
				t.Errorf("Render answered %q and %t, want what was parsed", id, rendered)
			}
		})
	}
}

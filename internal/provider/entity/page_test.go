// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const pageType = "iam_shelf_page"

// pageModel is a page of a book on the shelf. The shelf gives it a number, and a new
// one with every change. A page that was changed is torn out, if that can be done.
type pageModel struct {
	Number types.Int64  `tfsdk:"number"`
	Title  types.String `tfsdk:"title"`
	// Left is the number of a page that is still to be torn out.
	Left types.String `tfsdk:"left"`
}

// leftKey is where a page remembers what is still to be torn out.
const leftKey = "left"

// page is the definition of a resource whose ids are numbers, and which remembers.
func page(connection *entity.Connection[*shelf]) entity.Definition[*shelf, pageModel] {
	recall := func(ctx context.Context, s *entity.Session[*shelf]) types.String {
		return types.StringValue(string(s.Recall(ctx, leftKey)))
	}
	return entity.Definition[*shelf, pageModel]{
		Name: "shelf_page", Title: "page on the shelf", Label: "title",
		Platform: note(connection).Platform,
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"number": schema.Int64Attribute{Computed: true},
			"title":  schema.StringAttribute{Required: true},
			"left":   schema.StringAttribute{Computed: true},
		}},
		Plan: func(ctx context.Context, p *entity.Planning[*shelf], change *entity.Change[pageModel]) {
			left := recall(ctx, &p.Session)
			p.Remember(ctx, leftKey, []byte(`"planned"`)) // is not kept
			if change.Planned != nil {
				change.Planned.Left = left
			}
		},
		Create: func(ctx context.Context, s *entity.Session[*shelf], m *pageModel) error {
			err := s.API.do("create", func() {
				s.API.notes["1"] = m.Title.ValueString()
				m.Number = types.Int64Value(1)
				s.Exists()
			})
			s.Remember(ctx, leftKey, []byte(`"made"`))
			m.Left = recall(ctx, s)
			return err
		},
		Read: func(ctx context.Context, s *entity.Session[*shelf], m *pageModel) (bool, error) {
			found := false
			err := s.API.do("read", func() { _, found = s.API.notes[strconv.FormatInt(m.Number.ValueInt64(), 10)] })
			m.Left = recall(ctx, s)
			s.Remember(ctx, leftKey, []byte(`"read"`))
			return found, err
		},
		Update: func(ctx context.Context, s *entity.Session[*shelf], prior pageModel, m *pageModel) error {
			m.Number, m.Left = types.Int64Value(prior.Number.ValueInt64()+1), recall(ctx, s)
			s.API.notes[strconv.FormatInt(m.Number.ValueInt64(), 10)] = m.Title.ValueString()
			s.Exists()
			s.Remember(ctx, leftKey, fmt.Appendf(nil, "%d", prior.Number.ValueInt64()))
			return s.API.do("tear", func() { s.Remember(ctx, leftKey, nil) })
		},
		Delete: func(ctx context.Context, s *entity.Session[*shelf], _ pageModel) error {
			return s.API.do("delete, left "+string(s.Recall(ctx, leftKey)), func() {})
		},
		Imports: []entity.ImportForm{
			{Pattern: "{number}", Example: "17"},
			{Pattern: "{title...}", Example: "of mice"},
		},
		Identity: []string{"number"}, MutableIdentity: true,
		Calls: func(entity.Change[pageModel]) []entity.Call { return nil },
	}
}

// startPage starts a provider with the resource of pages.
func startPage(t *testing.T, connection *entity.Connection[*shelf], change func(*entity.Definition[*shelf, pageModel])) *terraform {
	t.Helper()
	definition := page(connection)
	if change != nil {
		change(&definition)
	}
	return start(t, &hosting{resources: []func() resource.Resource{entity.New(definition)}, data: new(entity.Connections)}, pageType, true)
}

// What is remembered with an object is there in every later step, other commands
// included, and nothing else is.
func TestMemory(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startPage(t, connected(board), nil)
	mice := values{"title": "of mice"}

	planned, _, said := tf.plan(nil, mice)
	if diff := cmp.Diff(values{"title": "of mice", "number": unknown, "left": ""}, planned); diff != "" || len(said) > 0 {
		t.Errorf("plan of a create said %v (-want +got):\n%s", said, diff)
	}
	state, said := tf.apply(nil, planned.with("left", unknown), mice)
	if diff := cmp.Diff(values{"title": "of mice", "number": int64(1), "left": `"made"`}, state); diff != "" || len(said) > 0 {
		t.Errorf("create said %v (-want +got):\n%s", said, diff)
	}
	state, said = tf.refresh(state)
	if diff := cmp.Diff(`"made"`, state["left"]); diff != "" || len(said) > 0 {
		t.Errorf("first read said %v (-want +got):\n%s", said, diff)
	}
	state, _ = tf.refresh(state)
	if diff := cmp.Diff(`"read"`, state["left"]); diff != "" {
		t.Errorf("second read (-want +got):\n%s", diff)
	}
	for range 2 { // planning keeps nothing
		planned, _, _ = tf.plan(state, mice.with("title", "of men"))
		if diff := cmp.Diff(`"read"`, planned["left"]); diff != "" {
			t.Errorf("plan of an update (-want +got):\n%s", diff)
		}
	}

	// What a failing update leaves to be done is remembered, since the object changed.
	board.before["tear"] = errBroken
	state, said = tf.apply(state, planned.with("number", unknown), mice.with("title", "of men"))
	if diff := cmp.Diff(values{"title": "of men", "number": int64(2), "left": `"read"`}, state); diff != "" || len(said) != 1 {
		t.Errorf("update said %v (-want +got):\n%s", said, diff)
	}
	planned, _, _ = tf.plan(state, mice)
	if diff := cmp.Diff("1", planned["left"]); diff != "" {
		t.Errorf("plan after the update failed (-want +got):\n%s", diff)
	}
	// And forgotten when it is done.
	board.before["tear"] = nil
	state, said = tf.apply(state, planned.with("number", unknown), mice)
	if diff := cmp.Diff(values{"title": "of mice", "number": int64(3), "left": "1"}, state); diff != "" || len(said) > 0 {
		t.Errorf("second update said %v (-want +got):\n%s", said, diff)
	}
	board.made()
	if _, said = tf.apply(state, nil, nil); len(said) > 0 {
		t.Errorf("delete said %v", said)
	}
	if diff := cmp.Diff([]string{"delete, left "}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestMemoryIsThereToDelete(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startPage(t, connected(board), nil)
	mice := values{"title": "of mice"}
	state, _ := tf.apply(nil, mice.with("number", unknown).with("left", unknown), mice)
	board.made()
	board.before[`delete, left "made"`] = errBroken
	for range 2 { // what a failing delete was to do is not forgotten
		if _, said := tf.apply(state, nil, nil); len(said) != 1 {
			t.Errorf("delete said %v, want an error", said)
		}
	}
	if diff := cmp.Diff([]string{`delete, left "made"`, `delete, left "made"`}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// Nothing is remembered of what was not made.
func TestMemoryOfNothing(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.before["create"] = errBroken
	tf := startPage(t, connected(board), nil)
	mice := values{"title": "of mice"}
	if state, said := tf.apply(nil, mice.with("number", unknown).with("left", unknown), mice); state != nil || len(said) != 1 {
		t.Errorf("create left the state %v and said %v", state, said)
	}
}

// Terraform keeps JSON only; anything else is a mistake of the provider that shows.
func TestMemoryOfNonsense(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startPage(t, connected(board), func(d *entity.Definition[*shelf, pageModel]) {
		d.Read = func(ctx context.Context, s *entity.Session[*shelf], _ *pageModel) (bool, error) {
			s.Remember(ctx, leftKey, []byte("no JSON"))
			return true, nil
		}
	})
	_, said := tf.refresh(values{"title": "of mice", "number": int64(1)})
	if len(said) != 1 {
		t.Errorf("read said %v, want one error", said)
	}
}

// Where nothing changes, a plan is asked for only of a resource that may have left
// something to be done.
func TestPlanUnchanged(t *testing.T) {
	t.Parallel()
	state := values{"title": "of mice", "number": int64(1), "left": "2"}
	const advice = `: iam_shelf_page "of mice" (id 1): `
	for _, test := range []struct {
		name       string
		asked      bool
		connection func(*shelf) *entity.Connection[*shelf]
		want       values
		said       diagnostics
	}{
		{"not asked for", false, connected, state, nil},
		{"asked for", true, connected, state.with("left", ""), nil},
		{"not asked for, not configured", false, func(*shelf) *entity.Connection[*shelf] { return notConfigured() }, state, nil},
		{"asked for, not yet reachable", true, func(*shelf) *entity.Connection[*shelf] { return notYetKnown() }, state.with("left", ""), nil},
		{
			"asked for, not configured", true, func(*shelf) *entity.Connection[*shelf] { return notConfigured() }, state,
			diagnostics{"error: The shelf is not configured" + advice + "No address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tf := startPage(t, test.connection(newShelf()), func(d *entity.Definition[*shelf, pageModel]) { d.PlanUnchanged = test.asked })
			got, _, said := tf.plan(state, values{"title": "of mice"})
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// An error of its own summary ends what is under way, like one that is returned.
func TestFail(t *testing.T) {
	t.Parallel()
	fail := func(s *entity.Session[*shelf]) { s.Fail("Out of paper", "The shelf has no paper.") }
	prior, mice := values{"title": "of mice", "number": int64(1)}, values{"title": "of mice"}
	for _, made := range []bool{false, true} {
		t.Run(fmt.Sprintf("made %t", made), func(t *testing.T) {
			t.Parallel()
			failing := func(s *entity.Session[*shelf], m *pageModel) {
				if made {
					m.Number = types.Int64Value(7)
					s.Exists()
				}
				fail(s)
			}
			tf := startPage(t, connected(newShelf()), func(d *entity.Definition[*shelf, pageModel]) {
				d.Plan = nil
				d.Create = func(_ context.Context, s *entity.Session[*shelf], m *pageModel) error {
					failing(s, m)
					return nil
				}
				d.Read = func(_ context.Context, s *entity.Session[*shelf], _ *pageModel) (bool, error) {
					fail(s)
					return false, nil
				}
				d.Update = func(_ context.Context, s *entity.Session[*shelf], _ pageModel, m *pageModel) error {
					failing(s, m)
					return nil
				}
				d.Delete = func(_ context.Context, s *entity.Session[*shelf], _ pageModel) error {
					fail(s)
					return nil
				}
				d.Adopt = func(_ context.Context, s *entity.Session[*shelf], _ *pageModel) error {
					fail(s)
					return nil
				}
			})
			planned := mice.with("number", unknown).with("left", unknown)
			created, updated := values(nil), prior
			if made {
				created, updated = mice.with("number", int64(7)), mice.with("number", int64(7))
			}
			for name, step := range map[string]struct {
				do   func() (values, diagnostics)
				want values
			}{
				"create": {func() (values, diagnostics) { return tf.apply(nil, planned, mice) }, created},
				"read":   {func() (values, diagnostics) { return tf.refresh(prior) }, prior},
				"update": {func() (values, diagnostics) { return tf.apply(prior, planned, mice) }, updated},
				"delete": {func() (values, diagnostics) { return tf.apply(prior, nil, nil) }, prior},
			} {
				state, said := step.do()
				if diff := cmp.Diff(diagnostics{"error: Out of paper: The shelf has no paper."}, said); diff != "" {
					t.Errorf("%s: diagnostics (-want +got):\n%s", name, diff)
				}
				if diff := cmp.Diff(step.want, state); diff != "" {
					t.Errorf("%s: state (-want +got):\n%s", name, diff)
				}
			}
			if _, said := tf.imports("17"); len(said) != 1 {
				t.Errorf("import said %v, want one error", said)
			}
		})
	}
}

// An id that is a number, and a label beside it, in messages and import ids.
func TestNumbersAndLabels(t *testing.T) {
	t.Parallel()
	var adopted []string
	tf := startPage(t, connected(newShelf()), func(d *entity.Definition[*shelf, pageModel]) {
		d.Adopt = func(_ context.Context, _ *entity.Session[*shelf], m *pageModel) error {
			adopted = append(adopted, m.Number.String()+" "+m.Title.String())
			if m.Title.ValueString() == "nobody" || m.Number.ValueInt64() == 404 {
				return errors.New("there is no such page")
			}
			return nil
		}
	})
	for _, test := range []struct{ id, adopted, said string }{
		{id: "17", adopted: "17 <null>"},
		{id: "-17", adopted: "-17 <null>"},
		{id: "9223372036854775807", adopted: "9223372036854775807 <null>"},
		{id: "9223372036854775808", adopted: `<null> "9223372036854775808"`},
		{id: "007", adopted: `<null> "007"`},
		{id: "+17", adopted: `<null> "+17"`},
		{id: "-0", adopted: `<null> "-0"`},
		{id: "of mice", adopted: `<null> "of mice"`},
		{id: "a/b//c", adopted: `<null> "a/b//c"`},
		{id: "17/18", adopted: `<null> "17/18"`},
		{id: "/", adopted: `<null> "/"`},
		{id: "404", adopted: "404 <null>", said: `iam_shelf_page "404": the shelf says: There is no such page.`},
		{id: "nobody", adopted: `<null> "nobody"`, said: `iam_shelf_page "nobody": the shelf says: There is no such page.`},
		{id: "", said: `"" is not an import id of this type. Write number, for example "17"; or title, for example "of mice".`},
	} {
		adopted = nil
		_, said := tf.imports(test.id)
		var want diagnostics
		if test.said != "" {
			want = diagnostics{"error: Could not import page on the shelf: " + test.said}
		}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("import of %q: diagnostics (-want +got):\n%s", test.id, diff)
		}
		if got := fmt.Sprint(adopted); test.adopted != "" && got != "["+test.adopted+"]" {
			t.Errorf("import of %q adopted %s, want [%s]", test.id, got, test.adopted)
		}
	}
	board := newShelf()
	board.before["read"] = errBroken
	tf = startPage(t, connected(board), nil)
	for want, state := range map[string]values{
		`iam_shelf_page "of mice" (id 17)`:      {"title": "of mice", "number": int64(17)},
		`iam_shelf_page "17"`:                   {"title": "17", "number": int64(17)},
		`iam_shelf_page "18"`:                   {"number": int64(18)},
		`iam_shelf_page "of men"`:               {"title": "of men"},
		"iam_shelf_page (id known after apply)": {},
	} {
		_, said := tf.refresh(state)
		if diff := cmp.Diff(diagnostics{"error: Could not read page on the shelf: " + want + ": the shelf says: The shelf is broken."}, said); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
	}
}

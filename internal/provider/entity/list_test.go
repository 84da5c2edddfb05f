// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type notesFilter struct {
	Board types.String `tfsdk:"board"`
}

// notes is the definition of a list resource of notes: it looks at the next one only when that
// is wanted.
func notes(connection *entity.Connection[*shelf]) entity.Listing[*shelf, noteModel, notesFilter] {
	return entity.Listing[*shelf, noteModel, notesFilter]{
		Of:     note(connection),
		Schema: listschema.Schema{Attributes: map[string]listschema.Attribute{"board": listschema.StringAttribute{Optional: true}}},
		Validate: func(_ context.Context, f notesFilter) (diags diag.Diagnostics) {
			if f.Board.ValueString() == "attic" {
				diags.AddAttributeError(path.Root("board"), "Nobody goes there", "The board \"attic\" is not listed.")
			}
			return diags
		},
		Find: func(_ context.Context, api *shelf, filter notesFilter, limit int) iter.Seq2[entity.Found, error] {
			return func(yield func(entity.Found, error) bool) {
				for _, key := range api.names() {
					if err := api.do(fmt.Sprintf("look at most at %d", limit), func() {}); err != nil {
						yield(entity.Found{}, err)
						return
					}
					board, name, _ := strings.Cut(key, "/")
					found := entity.Found{Identity: map[string]any{"board": board, "name": name}}
					if board == "named" {
						found.Name = "the note\x1b[2J " + name
					}
					if filter.Board.ValueString() != "" && filter.Board.ValueString() != board {
						continue
					}
					if !yield(found, nil) {
						return
					}
				}
			}
		},
		Calls: []entity.Call{{Operation: "listNotes"}},
	}
}

// listing is what a list said: of each object its name, its identity, and itself if that was
// asked for.
type listing struct {
	name             string
	identity, object values
	said             diagnostics
}

func startNotes(t *testing.T, connection *entity.Connection[*shelf]) *terraform {
	t.Helper()
	return start(t, &hosting{
		resources: []func() resource.Resource{entity.New(note(connection))},
		lists:     []func() list.ListResource{entity.NewList(notes(connection))},
		data:      new(entity.Connections),
	}, "list."+resourceType, true)
}

func (tf *terraform) listServer() tfprotov6.ListResourceServer {
	tf.t.Helper()
	server, ok := tf.server.(tfprotov6.ListResourceServer)
	if !ok {
		tf.t.Fatal("the server lists nothing")
	}
	return server
}

func (tf *terraform) lists(board string, limit int64, include bool) (all []listing) {
	tf.t.Helper()
	filter := values{}
	if board != "" {
		filter["board"] = board
	}
	stream, err := tf.listServer().ListResource(tf.t.Context(), &tfprotov6.ListResourceRequest{TypeName: tf.typeName, Config: tf.encode(filter), Limit: limit, IncludeResource: include})
	tf.must(err, nil)
	for result := range stream.Results {
		one := listing{name: result.DisplayName, said: read(result.Diagnostics)}
		if result.Identity != nil {
			one.identity = decodeAs(tf, tf.identityType(), result.Identity.IdentityData)
		}
		if result.Resource != nil {
			one.object = decodeAs(tf, tf.listed, result.Resource)
		}
		all = append(all, one)
	}
	return all
}

func filled() *shelf {
	board := newShelf()
	board.notes = map[string]string{"hall/keys": "here", "kitchen/bread": "", "kitchen/milk": "two", "named/x": "y"}
	return board
}

func TestList(t *testing.T) {
	t.Parallel()
	keys := listing{name: "hall/keys", identity: values{"board": "hall", "name": "keys"}}
	bread := listing{name: "kitchen/bread", identity: values{"board": "kitchen", "name": "bread"}}
	milk := listing{name: "kitchen/milk", identity: values{"board": "kitchen", "name": "milk"}}
	named := listing{name: "the note�[2J x", identity: values{"board": "named", "name": "x"}}
	for name, test := range map[string]struct {
		board string
		limit int64
		want  []listing
		calls int
	}{
		"all":                   {want: []listing{keys, bread, milk, named}, calls: 4},
		"of one board":          {board: "kitchen", want: []listing{bread, milk}, calls: 4},
		"none":                  {board: "cellar", calls: 4},
		"no more than is asked": {limit: 2, want: []listing{keys, bread}, calls: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			board := filled()
			got := startNotes(t, connected(board)).lists(test.board, test.limit, false)
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(listing{})); diff != "" {
				t.Errorf("listed (-want +got):\n%s", diff)
			}
			if calls := board.made(); len(calls) != test.calls || calls[0] != fmt.Sprintf("look at most at %d", test.limit) {
				t.Errorf("calls were %v, want %d", calls, test.calls)
			}
		})
	}
}

// With the object, it is as a read would leave it. One that is gone by then is left out, one
// that cannot be read is an error of its own.
func TestListIncludesTheObject(t *testing.T) {
	t.Parallel()
	board := filled()
	tf := startNotes(t, connected(board))
	got := tf.lists("kitchen", 0, true)
	want := []listing{
		{name: "kitchen/bread", identity: values{"board": "kitchen", "name": "bread"}, object: values{"board": "kitchen", "name": "bread", "stamp": "read"}},
		{name: "kitchen/milk", identity: values{"board": "kitchen", "name": "milk"}, object: values{"board": "kitchen", "name": "milk", "text": "two", "stamp": "read"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(listing{})); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	board.before["read"] = errBroken
	got = tf.lists("hall", 0, true)
	said := diagnostics{`error: Could not list note on the shelf: list.iam_shelf_note "hall/keys": the shelf says: The shelf is broken.`}
	if len(got) != 1 || !cmp.Equal(said, got[0].said) {
		t.Errorf("listed %v, want %v", got, said)
	}
}

func TestListLeavesOutWhatIsGone(t *testing.T) {
	t.Parallel()
	board := filled()
	definition := notes(connected(board))
	definition.Of.Read = func(_ context.Context, s *entity.Session[*shelf], m *noteModel) (bool, error) {
		s.Warn("Looked", "Somebody looked for "+m.key()+".")
		m.Text = types.StringValue("seen")
		return m.Name.ValueString() != "bread", nil
	}
	definition.Of.Adopt = func(_ context.Context, _ *entity.Session[*shelf], m *noteModel) error {
		if m.Name.ValueString() == "milk" {
			return errors.New("it is sour")
		}
		m.Stamp = types.StringValue("adopted")
		return nil
	}
	tf := start(t, &hosting{
		resources: []func() resource.Resource{entity.New(definition.Of)},
		lists:     []func() list.ListResource{entity.NewList(definition)}, data: new(entity.Connections),
	}, "list."+resourceType, true)
	got := tf.lists("", 3, true)
	if len(got) != 3 || got[0].object["stamp"] != "adopted" || got[0].object["text"] != "seen" || len(got[0].said) != 1 ||
		!cmp.Equal(got[1].said, diagnostics{`error: Could not list note on the shelf: list.iam_shelf_note "kitchen/milk": the shelf says: It is sour.`}) || got[2].identity["board"] != "named" {
		t.Errorf("listed %v", got)
	}
}

// What is left out does not end the list.
func TestListLeavesOut(t *testing.T) {
	t.Parallel()
	definition := notes(connected(filled()))
	definition.Find = func(context.Context, *shelf, notesFilter, int) iter.Seq2[entity.Found, error] {
		return func(yield func(entity.Found, error) bool) {
			_ = yield(entity.Found{}, &entity.LeftOutError{Err: errBroken}) &&
				yield(entity.Found{Identity: map[string]any{"board": "hall", "name": "keys"}}, nil)
		}
	}
	tf := start(t, &hosting{
		resources: []func() resource.Resource{entity.New(definition.Of)},
		lists:     []func() list.ListResource{entity.NewList(definition)}, data: new(entity.Connections),
	}, "list."+resourceType, true)
	want := []listing{
		{said: diagnostics{"warning: Not all is listed: list.iam_shelf_note leaves out a part: the shelf says: The shelf is broken."}},
		{name: "hall/keys", identity: values{"board": "hall", "name": "keys"}},
	}
	if diff := cmp.Diff(want, tf.lists("", 1, false), cmp.AllowUnexported(listing{})); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
}

func TestListThatFails(t *testing.T) {
	t.Parallel()
	broken := filled()
	broken.before["look at most at 0"] = errBroken
	const start = "error: Could not list note on the shelf: list.iam_shelf_note: the shelf says: "
	for name, test := range map[string]struct {
		connection *entity.Connection[*shelf]
		board      string
		want       string
	}{
		"the server":      {connected(broken), "", start + "The shelf is broken."},
		"not configured":  {notConfigured(), "", start + "No address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."},
		"not yet known":   {notYetKnown(), "", start + "The value of the provider argument shelf.address is known only after apply. Apply what it depends on first, for example with -target, or set it to a value that is known at plan."},
		"a wrong request": {connected(filled()), "attic", `error: Nobody goes there: The board "attic" is not listed.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := startNotes(t, test.connection).lists(test.board, 0, false)
			if len(got) != 1 || !cmp.Equal(diagnostics{test.want}, got[0].said) {
				t.Errorf("listed %v, want %q", got, test.want)
			}
		})
	}
	tf := startNotes(t, connected(filled()))
	answer, err := tf.listServer().ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: tf.typeName, Config: tf.encode(values{"board": "attic"}),
	})
	tf.must(err, nil)
	if said := read(answer.Diagnostics); len(said) != 1 {
		t.Errorf("validate said %v", said)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func TestIdentitySchema(t *testing.T) {
	t.Parallel()
	tf := startNote(t, resourceType, connected(newShelf()), func(d *entity.Definition[*shelf, noteModel]) {
		d.Identity = []string{"board", "name", "text"}
		name := schema.StringAttribute{Required: true, MarkdownDescription: "Its name, for example `milk`. Changing it replaces the note."}
		d.Schema.Attributes["name"] = name
	})
	got := map[string]tfprotov6.ResourceIdentitySchemaAttribute{}
	for _, attribute := range tf.identitySchema().IdentityAttributes {
		got[attribute.Name] = tfprotov6.ResourceIdentitySchemaAttribute{
			Description: attribute.Description, RequiredForImport: attribute.RequiredForImport, OptionalForImport: attribute.OptionalForImport,
		}
	}
	want := map[string]tfprotov6.ResourceIdentitySchemaAttribute{
		"board": {RequiredForImport: true},
		"name":  {RequiredForImport: true, Description: "Its name, for example `milk`."},
		"text":  {OptionalForImport: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identity schema (-want +got):\n%s", diff)
	}
}

// The identity is there from the first state on, and stays what it is.
func TestIdentityIsKept(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startNote(t, resourceType, connected(board), nil)
	wantIdentity := func(after string, want values) {
		t.Helper()
		if diff := cmp.Diff(want, tf.identified()); diff != "" {
			t.Errorf("identity after %s (-want +got):\n%s", after, diff)
		}
	}
	milk := values{"board": "kitchen", "name": "milk"}
	state := tf.mustApply(nil, values{"board": "kitchen", "name": "milk", "text": "one"})
	wantIdentity("create", milk)
	state = tf.mustApply(state, values{"board": "kitchen", "name": "milk", "text": "two"})
	wantIdentity("update", milk)
	state, said := tf.refresh(state)
	if len(said) > 0 {
		t.Errorf("refresh: %v", said)
	}
	wantIdentity("refresh", milk)

	// A Terraform that does not know of identities, or a state from before there were any.
	tf.identity = nil
	state = tf.mustApply(state, values{"board": "kitchen", "name": "milk", "text": "three"})
	wantIdentity("update without any", milk)
	tf.identity = nil
	if state, said = tf.refresh(state); len(said) > 0 {
		t.Errorf("refresh without identity: %v", said)
	}
	wantIdentity("refresh without any", milk)

	tf.identity = nil
	board.before["update"] = errBroken
	planned, _, _ := tf.plan(state, values{"board": "kitchen", "name": "milk", "text": "four"})
	if _, said := tf.apply(state, planned, values{"board": "kitchen", "name": "milk", "text": "four"}); len(said) != 1 {
		t.Errorf("a broken update said %v", said)
	}
	wantIdentity("a failed update", milk)

	tf.identity = nil
	clear(board.notes)
	if state, said = tf.refresh(state); state != nil || len(said) > 0 {
		t.Errorf("refresh of what is gone answered %v and said %v", state, said)
	}
}

// What was made is identified also when the create has failed.
func TestIdentityOfAFailedCreate(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.after["create"] = errBroken
	tf := startNote(t, resourceType, connected(board), nil)
	config := values{"board": "kitchen", "name": "milk"}
	planned, _, _ := tf.plan(nil, config)
	if state, said := tf.apply(nil, planned, config); state == nil || len(said) != 1 {
		t.Fatalf("create answered %v and said %v", state, said)
	}
	if diff := cmp.Diff(values{"board": "kitchen", "name": "milk"}, tf.identified()); diff != "" {
		t.Errorf("identity (-want +got):\n%s", diff)
	}
}

// An update that makes a new object changes the identity.
func TestMutableIdentity(t *testing.T) {
	t.Parallel()
	tf := startPage(t, connected(newShelf()), nil)
	state := tf.mustApply(nil, values{"title": "of mice"})
	before := tf.identified()
	state = tf.mustApply(state, values{"title": "and men"})
	if diff := cmp.Diff(values{"number": fmt.Sprint(state["number"])}, tf.identified()); diff != "" || cmp.Equal(before, tf.identified()) {
		t.Errorf("identity was %v (-want +got):\n%s", before, diff)
	}
}

func TestImportByIdentity(t *testing.T) {
	t.Parallel()
	optional := func(d *entity.Definition[*shelf, noteModel]) {
		d.Schema.Attributes["name"] = schema.StringAttribute{Optional: true}
		d.Schema.Attributes["text"] = schema.StringAttribute{Optional: true}
		d.Identity = []string{"board", "name", "text"}
		d.Imports = []entity.ImportForm{{Pattern: "{board}/{name}"}, {Pattern: "text/{board}/{text}"}, {Pattern: "{stamp}"}}
	}
	const start = "error: Could not import note on the shelf: An identity with "
	const right = " does not tell which object is meant. Set board and name, or board and text."
	for name, test := range map[string]struct {
		identity, want values
		said           diagnostics
	}{
		"one form":       {identity: values{"board": "kitchen", "name": "milk"}, want: values{"board": "kitchen", "name": "milk"}},
		"the other":      {identity: values{"board": "kitchen", "text": "a/b"}, want: values{"board": "kitchen", "text": "a/b"}},
		"too much":       {identity: values{"board": "kitchen", "name": "milk", "text": "x"}, said: diagnostics{start + "board and name and text" + right}},
		"too little":     {identity: values{"board": "kitchen"}, said: diagnostics{start + "board" + right}},
		"an empty value": {identity: values{"board": "kitchen", "name": ""}, said: diagnostics{"error: Could not import note on the shelf: The attribute \"name\" of the identity is empty."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tf := startNote(t, resourceType, connected(newShelf()), optional)
			state, said := tf.importsBy(test.identity)
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, state); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, tf.identified()); diff != "" {
				t.Errorf("identity (-want +got):\n%s", diff)
			}
		})
	}
}

// A number is a text in an identity, and a number in the state.
func TestImportIdentifies(t *testing.T) {
	t.Parallel()
	tf := startPage(t, connected(newShelf()), nil)
	state, said := tf.importsBy(values{"number": "17"})
	if diff := cmp.Diff(values{"number": int64(17)}, state); diff != "" || len(said) > 0 {
		t.Errorf("import by identity said %v (-want +got):\n%s", said, diff)
	}
	if _, said := tf.imports("17"); len(said) > 0 {
		t.Errorf("import by id said %v", said)
	}
	if diff := cmp.Diff(values{"number": "17"}, tf.identified()); diff != "" {
		t.Errorf("identity after an import by id (-want +got):\n%s", diff)
	}
	_, said = tf.importsBy(values{"number": "1.5"})
	if diff := cmp.Diff(diagnostics{`error: Could not import page on the shelf: The attribute "number" of the identity is "1.5", which is no whole number.`}, said); diff != "" {
		t.Errorf("import by half a number (-want +got):\n%s", diff)
	}
}

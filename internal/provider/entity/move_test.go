// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// theMoves are what notes can be moved from: sheets and, with nothing to read but their
// place, stickers.
var theMoves = []entity.Move[noteModel]{
	{Provider: "Old-Shelf/shelf", Type: "shelf_sheet", Model: func(s *entity.Source) noteModel {
		if s.TextOrNull("text").ValueString() == "illegible" {
			s.Fail(errors.New("its text is illegible"))
		}
		stamp := types.StringNull()
		if number := s.NumberOrNull("stamp"); number.ValueInt64() == 7 {
			stamp = types.StringValue("seven")
		}
		return noteModel{Board: s.Text("board_id"), Name: s.Text("id"), Text: s.TextOrNull("text"), Stamp: stamp}
	}},
	{Provider: "Old-Shelf/shelf", Type: "shelf_sticker", Model: func(s *entity.Source) noteModel {
		return noteModel{Board: types.StringValue("stickers"), Name: s.Text("id")}
	}},
}

// moved moves a state to a note. Terraform does so before it configures the provider.
func moved(t *testing.T, moves []entity.Move[noteModel], request tfprotov6.MoveResourceStateRequest) (values, diagnostics) {
	t.Helper()
	definition := note(notConfigured())
	definition.Moves = moves
	tf := start(t, &hosting{
		resources:   []func() resource.Resource{entity.New(definition)},
		dataSources: []func() datasource.DataSource{},
	}, resourceType, false)
	request.TargetTypeName = resourceType
	answer, err := tf.server.MoveResourceState(t.Context(), &request)
	tf.must(err, nil)
	if answer.TargetState == nil {
		return nil, read(answer.Diagnostics)
	}
	return tf.decode(answer.TargetState), read(answer.Diagnostics)
}

func TestMove(t *testing.T) {
	t.Parallel()
	const instead = " To have Terraform manage the object as iam_shelf_note all the same, replace the moved block by an import block for iam_shelf_note " +
		"and a removed block with destroy = false for the old resource."
	fails := func(text string) diagnostics {
		return diagnostics{"error: Could not move to note on the shelf: " + text + instead}
	}
	broken := func(named, why string) diagnostics {
		return fails("shelf_sheet of the provider Old-Shelf/shelf " + named + " cannot become iam_shelf_note: " + why + ". Nothing was changed.")
	}
	noObject := broken("without a readable state", "its state is no JSON object")
	refused := func(typeName, provider string) diagnostics {
		return fails(`iam_shelf_note cannot be moved from "` + typeName + `" of the provider "` + provider + `", only from shelf_sheet of the provider Old-Shelf/shelf and shelf_sticker of the provider Old-Shelf/shelf.`)
	}
	const theirs = "registry.terraform.io/old-shelf/shelf"
	for name, test := range map[string]struct {
		provider, typeName, state string
		want                      values
		said                      diagnostics
	}{
		"all":             {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","text":"two","stamp":7}`, values{"board": "kitchen", "name": "milk", "text": "two", "stamp": "seven"}, nil},
		"nulls":           {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","text":null,"stamp":null}`, values{"board": "kitchen", "name": "milk"}, nil},
		"older":           {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk"}`, values{"board": "kitchen", "name": "milk"}, nil},
		"newer":           {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","colour":{"of":["x",{}]},"other_id":7}`, values{"board": "kitchen", "name": "milk"}, nil},
		"second source":   {theirs, "shelf_sticker", `{"id":"milk"}`, values{"board": "stickers", "name": "milk"}, nil},
		"OpenTofu":        {"registry.opentofu.org/old-shelf/shelf", "shelf_sticker", `{"id":"milk"}`, values{"board": "stickers", "name": "milk"}, nil},
		"as it's written": {"example.com:8443/Old-Shelf/shelf", "shelf_sticker", `{"id":"milk"}`, values{"board": "stickers", "name": "milk"}, nil},

		"other type":      {theirs, "shelf_board", `{"id":"milk"}`, nil, refused("shelf_board", theirs)},
		"other provider":  {"registry.terraform.io/new-shelf/shelf", "shelf_sheet", `{}`, nil, refused("shelf_sheet", "registry.terraform.io/new-shelf/shelf")},
		"other name":      {"registry.terraform.io/old-shelf/shelves", "shelf_sheet", `{}`, nil, refused("shelf_sheet", "registry.terraform.io/old-shelf/shelves")},
		"longer address":  {"a/b/old-shelf/shelf", "shelf_sheet", `{}`, nil, refused("shelf_sheet", "a/b/old-shelf/shelf")},
		"no host":         {"old-shelf/shelf", "shelf_sheet", `{}`, nil, refused("shelf_sheet", "old-shelf/shelf")},
		"no address":      {"", "", `{}`, nil, refused("", "")},
		"escape sequence": {theirs, "\x1b[2Jx", `{}`, nil, refused(`\x1b[2Jx`, theirs)},

		"nothing":           {theirs, "shelf_sheet", ``, nil, noObject},
		"half":              {theirs, "shelf_sheet", `{"id":"secret`, nil, noObject},
		"two":               {theirs, "shelf_sheet", `{"id":"a"}{}`, nil, noObject},
		"null":              {theirs, "shelf_sheet", `null`, nil, noObject},
		"list":              {theirs, "shelf_sheet", `[{"id":"a"}]`, nil, noObject},
		"text":              {theirs, "shelf_sheet", `"secret"`, nil, noObject},
		"empty":             {theirs, "shelf_sheet", `{}`, nil, broken("without any id", "its attribute board_id is not set")},
		"no id":             {theirs, "shelf_sheet", `{"board_id":"kitchen"}`, nil, broken(`with board_id = "kitchen"`, "its attribute id is not set")},
		"null id":           {theirs, "shelf_sheet", `{"board_id":"kitchen","id":null}`, nil, broken(`with board_id = "kitchen"`, "its attribute id is not set")},
		"empty id":          {theirs, "shelf_sheet", `{"board_id":"kitchen","id":""}`, nil, broken(`with board_id = "kitchen"`, "its attribute id is not set")},
		"id of other case":  {theirs, "shelf_sheet", `{"board_id":"kitchen","ID":"milk"}`, nil, broken(`with board_id = "kitchen"`, "its attribute id is not set")},
		"number for text":   {theirs, "shelf_sheet", `{"board_id":"kitchen","id":7}`, nil, broken(`with board_id = "kitchen"`, "its attribute id is not a text")},
		"object for text":   {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","text":{"secret":1}}`, nil, broken(`with board_id = "kitchen", id = "milk"`, "its attribute text is not a text")},
		"text for number":   {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","stamp":"7"}`, nil, broken(`with board_id = "kitchen", id = "milk"`, "its attribute stamp is not a whole number")},
		"fraction":          {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","stamp":7.5}`, nil, broken(`with board_id = "kitchen", id = "milk"`, "its attribute stamp is not a whole number")},
		"too large":         {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","stamp":9223372036854775808}`, nil, broken(`with board_id = "kitchen", id = "milk"`, "its attribute stamp is not a whole number")},
		"refused by a type": {theirs, "shelf_sheet", `{"board_id":"kitchen","id":"milk","text":"illegible","stamp":[]}`, nil, broken(`with board_id = "kitchen", id = "milk"`, "its text is illegible")},
		"escape in an id":   {theirs, "shelf_sheet", `{"board_id":"\u001b[2J"}`, nil, broken(`with board_id = "\x1b[2J"`, "its attribute id is not set")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, said := moved(t, theMoves, tfprotov6.MoveResourceStateRequest{
				SourceProviderAddress: test.provider, SourceTypeName: test.typeName,
				SourceState: &tfprotov6.RawState{JSON: []byte(test.state)},
				// What the other provider keeps with an object is its own.
				SourcePrivate: []byte(`{"place":"eyJhIjoxfQ=="}`), SourceSchemaVersion: 3,
			})
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, state); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

// A type that nothing can be moved to says so itself.
func TestMoveToATypeWithoutMoves(t *testing.T) {
	t.Parallel()
	state, said := moved(t, nil, tfprotov6.MoveResourceStateRequest{
		SourceProviderAddress: "registry.terraform.io/old-shelf/shelf", SourceTypeName: "shelf_sheet",
		SourceState: &tfprotov6.RawState{JSON: []byte(`{"id":"milk"}`)},
	})
	if state != nil || len(said) != 1 || !strings.Contains(said[0], `iam_shelf_note cannot be moved from "shelf_sheet" of the provider "registry.terraform.io/old-shelf/shelf", only within its own type.`) {
		t.Errorf("the state is %v, said %v", state, said)
	}
}

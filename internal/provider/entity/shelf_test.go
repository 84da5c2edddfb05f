// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// shelf is a platform as small as can be: it keeps notes by name.
type shelf struct {
	mu    sync.Mutex
	notes map[string]string
	calls []string
	// before and after are the errors of an operation that does nothing, and of
	// one that does what it should and then fails.
	before, after map[string]error
}

func newShelf() *shelf {
	return &shelf{notes: map[string]string{}, before: map[string]error{}, after: map[string]error{}}
}

// do counts an operation and carries it out unless it is to fail.
func (s *shelf) do(operation string, change func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, operation)
	if err := s.before[operation]; err != nil {
		return err
	}
	change()
	return s.after[operation]
}

// made returns what was asked of the shelf since the last time.
func (s *shelf) made() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// names returns the names of all notes, sorted.
func (s *shelf) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.notes))
}

// noteModel is a note on a board of the shelf: the API knows it as "board/name".
type noteModel struct {
	Board types.String `tfsdk:"board"`
	Name  types.String `tfsdk:"name"`
	Text  types.String `tfsdk:"text"`
	Stamp types.String `tfsdk:"stamp"`
}

func (m noteModel) key() string { return m.Board.ValueString() + "/" + m.Name.ValueString() }

var errBroken = errors.New("the shelf is broken")

func explainShelf(err error) string { return "the shelf says: " + entity.Sentence(err.Error()) }

// note is the definition of a resource that uses everything of the envelope.
func note(connection *entity.Connection[*shelf]) entity.Definition[*shelf, noteModel] {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	return entity.Definition[*shelf, noteModel]{
		Name:  "shelf_note",
		Title: "note on the shelf",
		Platform: entity.Platform[*shelf]{
			Title:      "The shelf",
			Connection: func(*entity.Connections) *entity.Connection[*shelf] { return connection },
			Explain:    explainShelf,
		},
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"board": schema.StringAttribute{Required: true, PlanModifiers: replace},
			"name":  schema.StringAttribute{Required: true, PlanModifiers: replace},
			"text":  schema.StringAttribute{Optional: true},
			"stamp": schema.StringAttribute{Computed: true},
		}},
		Validate: validateNote,
		Create:   createNote,
		Read:     readNote,
		Update: func(_ context.Context, s *entity.Session[*shelf], prior noteModel, m *noteModel) error {
			err := s.API.do("update", func() {
				s.API.notes[prior.key()] = m.Text.ValueString()
				s.Exists()
			})
			if err == nil {
				m.Stamp = types.StringValue("updated")
			}
			return err
		},
		Delete: func(_ context.Context, s *entity.Session[*shelf], m noteModel) error {
			return s.API.do("delete", func() { delete(s.API.notes, m.key()) })
		},
		Imports: []entity.ImportForm{
			{Pattern: "{board}/{name}", Example: "kitchen/milk"},
			{Pattern: "on/{board}/{name}", Example: "on/kitchen/milk"},
		},
		Identity: []string{"board", "name"},
		Reads:    []entity.Call{{Operation: "readNote"}},
		Calls: func(change entity.Change[noteModel]) []entity.Call {
			switch {
			case change.Prior == nil:
				return []entity.Call{{Operation: "readNote"}, {Operation: "createNote"}}
			case change.Planned == nil:
				return []entity.Call{{Operation: "deleteNote"}}
			default:
				return []entity.Call{{Operation: "updateNote", Only: "when the text changes"}}
			}
		},
	}
}

// validateNote refuses a text and warns of another.
func validateNote(_ context.Context, m noteModel) (diags diag.Diagnostics) {
	switch m.Text.ValueString() {
	case "secret":
		diags.AddAttributeError(path.Root("text"), "Not for the shelf", fmt.Sprintf("Everybody reads the note %q.", m.Name.ValueString()))
	case "TODO":
		diags.AddAttributeWarning(path.Root("text"), "Says little", fmt.Sprintf("The note %q says little.", m.Name.ValueString()))
	}
	return diags
}

func createNote(_ context.Context, s *entity.Session[*shelf], m *noteModel) error {
	err := s.API.do("create", func() {
		s.API.notes[m.key()] = m.Text.ValueString()
		s.Exists()
	})
	if m.Text.ValueString() == "loud" {
		s.Warn("Loud note", fmt.Sprintf("The note %q is loud.", m.key()))
	}
	if err == nil {
		m.Stamp = types.StringValue("created")
	}
	return err
}

func readNote(_ context.Context, s *entity.Session[*shelf], m *noteModel) (found bool, err error) {
	err = s.API.do("read", func() {
		var text string
		if text, found = s.API.notes[m.key()]; found && (text != "" || !m.Text.IsNull()) {
			m.Text = types.StringValue(text)
		}
		m.Stamp = types.StringValue("read")
	})
	return found, err
}

// lookup is the definition of a data source that reads a note.
func lookup(connection *entity.Connection[*shelf]) entity.DataSource[*shelf, noteModel] {
	return entity.DataSource[*shelf, noteModel]{
		Name:     "shelf_note",
		Title:    "note on the shelf",
		Platform: note(connection).Platform,
		Schema: datasourceschema.Schema{Attributes: map[string]datasourceschema.Attribute{
			"board": datasourceschema.StringAttribute{Required: true},
			"name":  datasourceschema.StringAttribute{Required: true},
			"text":  datasourceschema.StringAttribute{Optional: true},
			"stamp": datasourceschema.StringAttribute{Computed: true},
		}},
		Validate: validateNote,
		Read: func(ctx context.Context, s *entity.Session[*shelf], m *noteModel) error {
			found, err := readNote(ctx, s, m)
			if err == nil && !found {
				s.Warn("Nothing there", fmt.Sprintf("There is no note %q.", m.key()))
				err = errors.New("there is no such note")
			}
			return err
		},
		Calls: []entity.Call{{Operation: "readNote"}},
	}
}

// A connection is in one of three states.
func connected(s *shelf) *entity.Connection[*shelf] {
	return entity.NewConnection(func() (*shelf, error) { return s, nil })
}

func notYetKnown() *entity.Connection[*shelf] {
	return entity.UnknownConnection[*shelf]("shelf.address")
}

func notConfigured() *entity.Connection[*shelf] {
	return entity.NewConnection(func() (*shelf, error) {
		return nil, errors.New("no address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS")
	})
}

// startNote starts a provider with the resource and the data source of notes.
func startNote(t *testing.T, typeName string, connection *entity.Connection[*shelf], change func(*entity.Definition[*shelf, noteModel])) *terraform {
	t.Helper()
	definition := note(connection)
	if change != nil {
		change(&definition)
	}
	return start(t, &hosting{
		resources:   []func() resource.Resource{entity.New(definition)},
		dataSources: []func() datasource.DataSource{entity.NewDataSource(lookup(connection))},
		data:        new(entity.Connections),
	}, typeName, true)
}

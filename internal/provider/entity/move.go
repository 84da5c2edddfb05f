// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Move says how an object in the state of another provider becomes one of this type, for
// a `moved` block between the two.
type Move[Model any] struct {
	// Provider is the other provider without the host of a registry, which Terraform and
	// OpenTofu each have their own of: "Face-to-Face-IT/lakefs".
	Provider string
	// Type is the other provider's type, for example "lakefs_user".
	Type string
	// Model makes the model of what the other provider has left in the state. Terraform moves
	// before it configures a provider, so no server can be asked. An argument with a default
	// gets it here, otherwise the move would plan a change; the next refresh reads the rest.
	Model func(*Source) Model
}

// from names what is moved as messages do.
func (m Move[Model]) from() string { return fmt.Sprintf("%s of the provider %s", m.Type, m.Provider) }

// Source is an object in the state of another provider. Attributes that nobody asks for
// may be anything: the other provider has them in some versions only. The first one that is
// asked for and of a wrong kind fails the move; what is read then is null.
type Source struct {
	attributes map[string]json.RawMessage
	err        error
}

// newSource reads the state of an object. The error quotes nothing of it: it may hold a
// secret.
func newSource(state []byte) (*Source, error) {
	var attributes map[string]json.RawMessage
	if err := json.Unmarshal(state, &attributes); err != nil || attributes == nil {
		return nil, errors.New("its state is no JSON object")
	}
	return &Source{attributes: attributes}, nil
}

// Text is an attribute that has to be a text and not empty.
func (s *Source) Text(name string) types.String {
	text := s.TextOrNull(name)
	if text.ValueString() == "" {
		s.Fail(fmt.Errorf("its attribute %s is not set", name))
	}
	return text
}

// TextOrNull is an attribute that is a text, or is not set.
func (s *Source) TextOrNull(name string) types.String {
	var text *string
	s.decode(name, "a text", &text)
	return types.StringPointerValue(text)
}

// NumberOrNull is an attribute that is a whole number, or is not set.
func (s *Source) NumberOrNull(name string) types.Int64 {
	var number *int64
	s.decode(name, "a whole number", &number)
	return types.Int64PointerValue(number)
}

// Fail fails the move, unless it has failed already.
func (s *Source) Fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

func (s *Source) decode(name, kind string, target any) {
	value, there := s.attributes[name]
	if there && json.Unmarshal(value, target) != nil {
		s.Fail(fmt.Errorf("its attribute %s is not %s", name, kind))
	}
}

// named tells by which ids the other provider knows the object: Terraform shows messages
// that read the same only once.
func (s *Source) named() string {
	var ids []string
	for _, name := range slices.Sorted(maps.Keys(s.attributes)) {
		var text string
		if isID := name == "id" || strings.HasSuffix(name, "_id"); isID && json.Unmarshal(s.attributes[name], &text) == nil && text != "" {
			ids = append(ids, fmt.Sprintf("%s = %q", name, text))
		}
	}
	if len(ids) == 0 {
		return "without any id"
	}
	return "with " + strings.Join(ids, ", ")
}

// instead ends a message about a move that cannot be.
const instead = "To have Terraform manage the object as %[1]s all the same, replace the moved block by an import block for %[1]s " +
	"and a removed block with destroy = false for the old resource."

var _ resource.ResourceWithMoveState = (*managed[any, any])(nil)

// MoveState implements [resource.ResourceWithMoveState]. It is one mover for all sources,
// so that a refusal can tell which there are.
func (r *managed[API, Model]) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.moveState}}
}

func (r *managed[API, Model]) moveState(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	at := slices.IndexFunc(r.Moves, func(m Move[Model]) bool {
		return m.Type == req.SourceTypeName && isProvider(req.SourceProviderAddress, m.Provider)
	})
	if at < 0 {
		resp.Diagnostics.AddError("Could not move to "+r.Title, visible(fmt.Sprintf("%s cannot be moved from %q of the provider %q, only %s. ",
			r.typeName(), req.SourceTypeName, req.SourceProviderAddress, r.movable())+fmt.Sprintf(instead, r.typeName())))
		return
	}
	move := r.Moves[at]
	source, err := newSource(req.SourceRawState.JSON)
	if err != nil {
		resp.Diagnostics.AddError("Could not move to "+r.Title, r.cannotMove(move, "without a readable state", err))
		return
	}
	model := move.Model(source)
	if source.err != nil {
		resp.Diagnostics.AddError("Could not move to "+r.Title, r.cannotMove(move, source.named(), source.err))
		return
	}
	resp.Diagnostics.Append(resp.TargetState.Set(ctx, &model)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.TargetState, resp.TargetIdentity)...)
}

func (r *managed[API, Model]) cannotMove(move Move[Model], named string, err error) string {
	return visible(fmt.Sprintf("%s %s cannot become %s: %s. Nothing was changed. ", move.from(), named, r.typeName(), err) + fmt.Sprintf(instead, r.typeName()))
}

// movable lists what can be moved to this type.
func (r *managed[API, Model]) movable() string {
	if len(r.Moves) == 0 {
		return "within its own type"
	}
	sources := make([]string, len(r.Moves))
	for i, move := range r.Moves {
		sources[i] = move.from()
	}
	return "from " + strings.Join(sources, " and ")
}

// isProvider tells whether an address is that of a provider, in whichever registry.
// Addresses are in lower case whatever a configuration has.
func isProvider(address, provider string) bool {
	_, named, ok := strings.Cut(address, "/")
	return ok && strings.EqualFold(named, provider)
}

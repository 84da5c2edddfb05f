// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Definition is what a resource says of itself. Model is the struct with tfsdk
// tags that the schema decodes into, API the platform's client.
type Definition[API, Model any] struct {
	// Name is the type's name without the provider, for example "lakefs_user".
	Name string
	// Title is what users call the object, for example "lakeFS user".
	Title string
	// Label is the attribute that users know an object by, where that is not
	// part of an import id: it then stands in front of the id in messages.
	Label    string
	Platform Platform[API]
	Schema   schema.Schema

	// Validate checks a configuration without any server. Values may be unknown.
	// It runs at validate and plan, and again before Create and Update on values
	// that were unknown until then. It may be nil.
	Validate func(context.Context, Model) diag.Diagnostics
	// Plan may adjust the planned model of a create or update and warn about a
	// change. It is not called when nothing changes, unless PlanUnchanged is set.
	// It may be nil.
	Plan func(context.Context, *Planning[API], *Change[Model])
	// PlanUnchanged calls Plan also when nothing changes, for a resource that may
	// have left something to be done (see Session.Remember).
	PlanUnchanged bool

	// Create makes the object and fills in what the server chose. It calls
	// Session.Exists as soon as the remote object exists.
	Create func(context.Context, *Session[API], *Model) error
	// Read fills in what the server holds, or answers false when it is gone.
	Read func(context.Context, *Session[API], *Model) (found bool, err error)
	// Update changes the object from prior to planned. It may be nil when every
	// argument replaces the object.
	Update func(ctx context.Context, s *Session[API], prior Model, planned *Model) error
	// Delete removes the object. An object that is gone already is no error.
	Delete func(context.Context, *Session[API], Model) error

	// Imports are the id strings by which an existing object can be imported.
	// The first whose attributes are all set also names the object in messages.
	Imports []ImportForm
	// Identity names the attributes that together tell the object from all others of its type,
	// and that it can be imported by. One that may be left out of a configuration may be left
	// out of an identity.
	Identity []string
	// MutableIdentity is set where an update makes a new object.
	MutableIdentity bool
	// Adopt completes a model that was filled from an import id or an identity, before it is
	// read: defaults of arguments the server does not know, a name resolved to
	// an id. It may be nil.
	Adopt func(context.Context, *Session[API], *Model) error
	// Moves are the types of other providers that can be moved to this one.
	Moves []Move[Model]

	// Reads lists the API operations that Read makes, in order: every plan that
	// refreshes makes them.
	Reads []Call
	// Calls lists the API operations that a change makes, in order. With Reads, it
	// is the source of the required permissions in the documentation.
	Calls func(Change[Model]) []Call

	// Lockout tells what a change, applied alone, takes from the caller that
	// it would need to undo it; nil when that is nothing, or cannot be told. It fails when
	// the rights of the caller cannot be read. It may be nil itself, where a change can
	// take no right from its caller.
	Lockout func(context.Context, API, Change[Model]) (*Lockout, error)
}

// Change is a planned change of one object. Prior is nil for a create; Config
// and Planned are nil for a delete.
type Change[Model any] struct {
	Prior, Config, Planned *Model
}

// Call is one operation of a platform's API as its document names it, for
// example {Operation: "createUser"}.
type Call struct {
	Operation string
	// Only says under which condition the operation is needed, for the
	// documentation; empty means always.
	Only string
	// Object holds the path parameters of the call by the names of the API. One that is
	// unknown is known only after apply.
	Object map[string]types.String
	// Skip means that the change at hand does not make the call.
	Skip bool
	// BestEffort means that the change succeeds where the call is refused.
	BestEffort bool
	// ForEachFound means that the call is made for each thing that an earlier one finds,
	// which may be none.
	ForEachFound bool
}

// Session is what a Definition's functions get beside their model: the
// platform's API and a place for warnings.
type Session[API any] struct {
	API         API
	diagnostics diag.Diagnostics
	exists      bool
	memory      memory
	listing     bool
}

// Listing tells whether an object is read for a list only: nothing manages it by that.
func (s *Session[API]) Listing() bool { return s.listing }

// memory is what Terraform keeps with an object for the provider alone: the
// framework's private state.
type memory interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// Recall returns what Remember has kept with the object under a key, also in an
// earlier command; nil when there is nothing.
func (s *Session[API]) Recall(ctx context.Context, key string) []byte {
	if s.memory == nil {
		return nil
	}
	value, diags := s.memory.GetKey(ctx, key)
	s.diagnostics.Append(diags...)
	return value
}

// Remember keeps a JSON value with the object, which nobody but the provider
// sees; nil forgets it. It is kept where state is: after Exists, and by Read and
// Open. While planning and deleting, nothing is kept.
func (s *Session[API]) Remember(ctx context.Context, key string, value []byte) {
	if s.memory != nil {
		s.diagnostics.Append(s.memory.SetKey(ctx, key, value)...)
	}
}

// Exists records that the remote object exists now (after Create) or has
// changed (in Update): the model is saved in state even when an error follows.
func (s *Session[API]) Exists() { s.exists = true }

// Warn adds a warning. Terraform folds warnings of one summary into one, so the
// object has to stand in the detail.
func (s *Session[API]) Warn(summary, detail string) {
	s.diagnostics.AddWarning(summary, visible(detail))
}

// Fail adds an error of its own summary beside those that the functions of a
// definition return. It ends what is under way.
func (s *Session[API]) Fail(summary, detail string) {
	s.diagnostics.AddError(summary, visible(detail))
}

// Planning is what Definition.Plan gets beside the change.
type Planning[API any] struct {
	Session[API]
	// Connected is false when the platform is not configured or cannot be
	// reached at plan; API must not be used then.
	Connected bool
	// Applying is true when Terraform plans an object once more while it applies a
	// plan that held unknown values: then every value that was known has to come
	// out as the first plan showed it. The protocol does not tell the two apart.
	// Under Terraform it is right. Under OpenTofu it may be wrong either way, see
	// the rule at managed.applying.
	Applying bool
}

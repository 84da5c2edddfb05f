// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

// Facts is what a definition says that can be told without its model, beside
// its schema and its operations (see [Operator]).
type Facts struct {
	// TypeName is the complete name, for example "iam_lakefs_user".
	TypeName string
	// UpdatesInPlace is false where every argument replaces the object.
	UpdatesInPlace bool
	// Imports are the id strings that the object can be imported by.
	Imports []ImportForm
	// Identity names the attributes of its identity.
	Identity []string
	// Moves are the types of other providers that can be moved to this one.
	Moves []string
}

// Described is implemented by all resources of [New], whatever their model, so
// that tests can hold all of them to one rule.
type Described interface {
	// Facts tells what the definition says.
	Facts() Facts
}

var _ Described = (*managed[any, any])(nil)

// Facts implements [Described].
func (r *managed[API, Model]) Facts() Facts {
	facts := Facts{TypeName: r.typeName(), UpdatesInPlace: r.Definition.Update != nil, Imports: r.Imports, Identity: r.Identity}
	for _, move := range r.Moves {
		facts.Moves = append(facts.Moves, move.Type)
	}
	return facts
}

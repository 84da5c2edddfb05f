// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import "slices"

// Occasion is something that a Terraform type does with its object.
type Occasion struct {
	// Name is "read", "create", "update" or "destroy"; of ephemeral resources
	// "open" or "close", of actions "invoke".
	Name string
	// Calls are the API operations that it makes, in order.
	Calls []Call
}

// The occasions on which a resource changes its object, and that of an action.
const (
	occasionCreate  = "create"
	occasionUpdate  = "update"
	occasionDestroy = "destroy"
	occasionInvoke  = "invoke"
)

// Operator is a resource, data source, ephemeral resource or action that tells which API operations it
// makes. All that [New], [NewDataSource], [NewEphemeral] and [NewAction] make are operators; the
// documentation derives the permissions that a caller needs from it.
type Operator interface {
	// Operations lists the occasions on which operations are made.
	Operations() []Occasion
}

var (
	_ Operator = (*managed[any, any])(nil)
	_ Operator = (*looked[any, any])(nil)
)

// Operations lists what the resource does to read, create, update and destroy
// its object. Occasions without any operation are left out.
func (r *managed[API, Model]) Operations() []Occasion {
	object := new(Model)
	occasions := []Occasion{
		{Name: "read", Calls: r.Reads},
		{Name: occasionCreate, Calls: r.Calls(Change[Model]{Config: object, Planned: object})},
	}
	if r.Definition.Update != nil {
		update := Change[Model]{Prior: object, Config: object, Planned: object}
		occasions = append(occasions, Occasion{Name: occasionUpdate, Calls: r.Calls(update)})
	}
	occasions = append(occasions, Occasion{Name: occasionDestroy, Calls: r.Calls(Change[Model]{Prior: object})})
	return withCalls(occasions...)
}

// withCalls leaves out the occasions on which nothing is called.
func withCalls(occasions ...Occasion) []Occasion {
	return slices.DeleteFunc(occasions, func(o Occasion) bool { return len(o.Calls) == 0 })
}

// Operations lists what the data source does to read.
func (d *looked[API, Model]) Operations() []Occasion {
	return []Occasion{{Name: "read", Calls: d.Calls}}
}

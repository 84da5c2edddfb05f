// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

// Facts is what documentation, and tests that look at all types, need to know of
// a type beside its schema.
type Facts struct {
	// TypeName is the complete name, for example "iam_lakefs_user".
	TypeName string
	// UpdatesInPlace is false where every argument replaces the object, and for
	// data sources.
	UpdatesInPlace bool
	// Imports are the id strings that a resource can be imported by.
	Imports []ImportForm
	// Create, Update and Delete are the API operations of a resource's changes,
	// Read those of a data source. Where nothing is updated in place, Update is
	// empty.
	Create, Read, Update, Delete []Call
}

// Described is implemented by all resources of [New] and all data sources of
// [NewDataSource], whatever their model.
type Described interface {
	// Facts tells what the type's definition says.
	Facts() Facts
}

var (
	_ Described = (*managed[any, any])(nil)
	_ Described = (*looked[any, any])(nil)
)

// Facts implements [Described]. A definition without Calls has none.
func (r *managed[API, Model]) Facts() Facts {
	facts := Facts{TypeName: r.typeName(), UpdatesInPlace: r.Definition.Update != nil, Imports: r.Imports}
	if r.Calls == nil {
		return facts
	}
	prior, config, planned := new(Model), new(Model), new(Model)
	facts.Create = r.Calls(Change[Model]{Config: config, Planned: planned})
	facts.Delete = r.Calls(Change[Model]{Prior: prior})
	if facts.UpdatesInPlace {
		facts.Update = r.Calls(Change[Model]{Prior: prior, Config: config, Planned: planned})
	}
	return facts
}

// Facts implements [Described].
func (d *looked[API, Model]) Facts() Facts {
	return Facts{TypeName: "iam_" + d.Name, Read: d.Calls}
}

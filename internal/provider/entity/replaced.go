// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// objectKey is where an object remembers its own import id, as a JSON string.
const objectKey = "object"

// importID writes the import id of an object in its first form, or answers false while
// part of it is not known.
func (r *managed[API, Model]) importID(ctx context.Context, object attributes) (string, bool) {
	if len(r.Imports) == 0 {
		return "", false
	}
	return r.Imports[0].Render(func(name string) (string, bool) { return r.attributeText(ctx, object, name) })
}

// rememberObject keeps what an object is. A plan that replaces it without an argument that
// forces it, because of -replace or replace_triggered_by, shows a provider nothing of it but
// what it has Terraform keep.
func (r *managed[API, Model]) rememberObject(ctx context.Context, s *Session[API], object attributes) {
	id, ok := r.importID(ctx, object)
	if !ok {
		return
	}
	text, _ := json.Marshal(id) // a string always has JSON
	s.Remember(ctx, objectKey, text)
	r.connections.seen.first(r.typeName() + "\x00" + id)
}

// replacedBy answers which object a planned create takes the place of, if any.
//
// Terraform plans a replacement a second time, as a create. What it keeps for the provider
// comes along then, as it does not with a plain create. A tainted object comes without: it is
// known by having been read before, as far as its id is known at plan.
func (r *managed[API, Model]) replacedBy(ctx context.Context, s *Session[API], planned attributes) (id string, replaces bool) {
	if kept := s.Recall(ctx, objectKey); len(kept) > 0 && json.Unmarshal(kept, &id) == nil {
		return id, true
	}
	id, known := r.importID(ctx, planned)
	return id, known && r.connections.seen.has(r.typeName()+"\x00"+id)
}

// revealReplaced completes the plan of a create that takes the place of another object: the
// prior state is what is planned, but for what names the object. It reports whether there
// is one.
func (r *managed[API, Model]) revealReplaced(ctx context.Context, s *Session[API], req *resource.ModifyPlanRequest, change *Change[Model]) bool {
	id, replaces := r.replacedBy(ctx, s, req.Plan)
	if !replaces {
		return false
	}
	names, err := parseImportID(r.Imports[:1], id, r.attributeValue)
	if err != nil {
		return false
	}
	prior := req.State
	prior.Raw = req.Plan.Raw.Copy()
	for name, value := range names {
		if prior.SetAttribute(ctx, path.Root(name), value).HasError() {
			return false
		}
	}
	model := new(Model)
	if prior.Get(ctx, model).HasError() {
		return false
	}
	req.State, change.Prior = prior, model
	return true
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// objectKey is where an object remembers its own import id, as a JSON string.
const objectKey = "object"

// importID writes the import id of an object in the first form of which no part is null, or
// answers false while a part is not known: another form could be that of many objects.
func (r *managed[API, Model]) importID(ctx context.Context, object attributes) (string, bool) {
	for _, form := range r.Imports {
		null := false
		id, known := form.Render(func(name string) (string, bool) {
			null = null || r.isNull(ctx, object, name)
			return r.attributeText(ctx, object, name)
		})
		if !null {
			return id, known
		}
	}
	return "", false
}

// isNull tells whether an attribute of an import id has no value, and will have none.
func (r *managed[API, Model]) isNull(ctx context.Context, object attributes, name string) bool {
	if r.isNumber(name) {
		var v types.Int64
		return object.GetAttribute(ctx, path.Root(name), &v).HasError() || v.IsNull()
	}
	var v types.String
	return object.GetAttribute(ctx, path.Root(name), &v).HasError() || v.IsNull()
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

// forgetObject forgets what an object is that is gone: what Terraform keeps outlives it, into
// the plan that makes it anew.
func (r *managed[API, Model]) forgetObject(ctx context.Context, s *Session[API]) {
	if len(s.Recall(ctx, objectKey)) > 0 {
		s.Remember(ctx, objectKey, nil)
	}
}

// replacedBy answers which object a planned create takes the place of, if any.
//
// Terraform plans a replacement a second time, as a create. What it keeps for the provider
// comes along then, as it does not with a plain create; again is true. A tainted object comes
// without: it is known by having been read before, as far as its id is known at plan.
func (r *managed[API, Model]) replacedBy(ctx context.Context, s *Session[API], planned attributes) (id string, replaces, again bool) {
	if kept := s.Recall(ctx, objectKey); len(kept) > 0 && json.Unmarshal(kept, &id) == nil {
		return id, true, true
	}
	id, known := r.importID(ctx, planned)
	return id, known && r.connections.seen.has(r.typeName()+"\x00"+id), false
}

// revealReplaced completes the plan of a create that takes the place of the object of an id:
// the prior state is what is planned, but for what names the object. It reports whether that
// could be done.
func (r *managed[API, Model]) revealReplaced(ctx context.Context, id string, req *resource.ModifyPlanRequest, change *Change[Model]) bool {
	names, err := parseImportID(r.Imports, id, r.attributeValue)
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

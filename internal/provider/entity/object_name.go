// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// describe names an object in a message: its type and its import id, as far as
// it is known. Objects that left the configuration have no address, and
// Terraform drops diagnostics that read the same, so every message needs this.
func (r *managed[API, Model]) describe(ctx context.Context, object attributes) string {
	value := func(name string) (string, bool) { return r.attributeText(ctx, object, name) }
	label, labelled := value(r.Label)
	for _, form := range r.Imports {
		id, ok := form.Render(value)
		switch {
		case !ok:
		case labelled && id != label:
			return fmt.Sprintf("%s %q (id %s)", r.typeName(), label, id)
		default:
			return fmt.Sprintf("%s %q", r.typeName(), id)
		}
	}
	return r.typeName() + " (id known after apply)"
}

// isNumber tells whether an attribute is a whole number; those of import ids that
// are not are texts.
func (r *managed[API, Model]) isNumber(name string) bool {
	attribute, ok := r.Definition.Schema.Attributes[name]
	return ok && attribute.GetType().Equal(types.Int64Type)
}

// attributeText writes an attribute of an import id, or answers false while it has
// no value.
func (r *managed[API, Model]) attributeText(ctx context.Context, object attributes, name string) (string, bool) {
	if r.isNumber(name) {
		var v types.Int64
		if object.GetAttribute(ctx, path.Root(name), &v).HasError() || v.IsNull() || v.IsUnknown() {
			return "", false
		}
		return strconv.FormatInt(v.ValueInt64(), 10), true
	}
	var v types.String
	if object.GetAttribute(ctx, path.Root(name), &v).HasError() || v.IsNull() || v.IsUnknown() {
		return "", false
	}
	return v.ValueString(), true
}

// attributeValue reads an attribute of an import id, or answers false when the text
// is no value of it. A number is one in its only spelling: "007" is a text.
func (r *managed[API, Model]) attributeValue(name, text string) (any, bool) {
	if !r.isNumber(name) {
		return text, true
	}
	number, err := strconv.ParseInt(text, 10, 64)
	return number, err == nil && strconv.FormatInt(number, 10) == text
}

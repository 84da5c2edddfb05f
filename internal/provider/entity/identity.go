// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// IdentitySchema is made of the attributes that Identity names: they are what they are in the
// schema, but that numbers are texts: Terraform prints a long number in an identity as 4e+15, so
// that nobody could copy it and two could look the same. What a configuration may leave out, an
// identity may.
func (r *managed[API, Model]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	attributes := map[string]identityschema.Attribute{}
	for _, name := range r.Identity {
		attribute := r.Definition.Schema.Attributes[name]
		description, optional := firstSentence(attribute.GetMarkdownDescription()), attribute.IsOptional()
		attributes[name] = identityschema.StringAttribute{Description: description, RequiredForImport: !optional, OptionalForImport: optional}
	}
	resp.IdentitySchema = identityschema.Schema{Attributes: attributes}
}

// firstSentence leaves out of a description what does not concern an identity, such as what a
// change does.
func firstSentence(description string) string {
	if sentence, _, more := strings.Cut(description, ". "); more {
		return sentence + "."
	}
	return description
}

// identify copies what identifies an object into its identity, as far as it is known. There is
// none where Terraform does not know of identities, or the type has none.
func (r *managed[API, Model]) identify(ctx context.Context, object attributes, identity *tfsdk.ResourceIdentity) (diags diag.Diagnostics) {
	if identity == nil {
		return nil
	}
	for _, name := range r.Identity {
		text, set := r.attributeText(ctx, object, name)
		switch {
		case set:
			diags.Append(identity.SetAttribute(ctx, path.Root(name), text)...)
		case !identity.Raw.IsNull():
			diags.Append(identity.SetAttribute(ctx, path.Root(name), types.StringNull())...)
		}
	}
	return diags
}

// importValues are the attributes of the object to import, by its identity where Terraform gives
// one, by its import id otherwise.
func (r *managed[API, Model]) importValues(ctx context.Context, req resource.ImportStateRequest) (map[string]any, error) {
	if req.Identity == nil || req.Identity.Raw.IsNull() {
		return parseImportID(r.Imports, req.ID, r.attributeValue)
	}
	values := map[string]any{}
	for _, name := range r.Identity {
		var text types.String
		if req.Identity.GetAttribute(ctx, path.Root(name), &text).HasError() || text.IsNull() {
			continue
		}
		value, fits := r.attributeValue(name, text.ValueString())
		switch {
		case text.ValueString() == "":
			return nil, fmt.Errorf("the attribute %q of the identity is empty", name)
		case !fits:
			return nil, fmt.Errorf("the attribute %q of the identity is %q, which is no whole number", name, text.ValueString())
		}
		values[name] = value
	}
	given := slices.Sorted(maps.Keys(values))
	var right []string
	for _, form := range r.Imports {
		needed := form.attributes()
		if slices.Equal(given, needed) {
			return values, nil
		}
		if !slices.ContainsFunc(needed, func(name string) bool { return !slices.Contains(r.Identity, name) }) {
			right = append(right, strings.Join(needed, " and "))
		}
	}
	return nil, fmt.Errorf("an identity with %s does not tell which object is meant. Set %s", cmp.Or(strings.Join(given, " and "), "no value"), strings.Join(slices.Compact(right), ", or "))
}

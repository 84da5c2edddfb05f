// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Every object can be imported by its identity, which is the one that an import by its id
// leads to, and is the same object then.
func TestImportOfEveryTypeByIdentity(t *testing.T) {
	t.Parallel()
	r, objects := newStateReader(t)
	answer, err := r.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	mustBe(t, err)
	for typeName, schema := range r.schemas {
		identitySchema := answer.IdentitySchemas[typeName]
		if identitySchema == nil {
			t.Errorf("%s has no identity", typeName)
			continue
		}
		for _, attribute := range identitySchema.IdentityAttributes {
			wantSentence(t, typeName+" identity "+attribute.Name, attribute.Description, tfprotov6.StringKindMarkdown)
		}
		byID := r.importAndRead(&tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: objects[typeName]})
		byIdentity := r.importAndRead(&tfprotov6.ImportResourceStateRequest{TypeName: typeName, Identity: byID.NewIdentity})
		for _, read := range []*tfprotov6.ReadResourceResponse{byID, byIdentity} {
			identity, err := read.NewIdentity.IdentityData.Unmarshal(identitySchema.ValueType())
			mustBe(t, err)
			if identity.IsNull() || !identity.IsFullyKnown() {
				t.Errorf("%s: the identity is %s", typeName, identity)
			}
		}
		if diff := cmp.Diff(byID.NewIdentity, byIdentity.NewIdentity); diff != "" {
			t.Errorf("%s: identity after an import by it (-id +identity):\n%s", typeName, diff)
		}
		one, err := byID.NewState.Unmarshal(schema.ValueType())
		mustBe(t, err)
		other, err := byIdentity.NewState.Unmarshal(schema.ValueType())
		mustBe(t, err)
		if one.IsNull() || !one.Equal(other) {
			t.Errorf("%s: imported by id it is %s, by identity %s", typeName, one, other)
		}
	}
}

// importAndRead imports an object and refreshes it, as Terraform does.
func (r *stateReader) importAndRead(request *tfprotov6.ImportResourceStateRequest) *tfprotov6.ReadResourceResponse {
	r.t.Helper()
	imported, err := r.server.ImportResourceState(r.t.Context(), request)
	mustBe(r.t, err)
	if failed(imported.Diagnostics) {
		r.t.Fatalf("%s cannot be imported: %v", request.TypeName, texts(imported.Diagnostics))
	}
	object := imported.ImportedResources[0]
	read, err := r.server.ReadResource(r.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: request.TypeName, CurrentState: object.State, CurrentIdentity: object.Identity, Private: object.Private,
	})
	mustBe(r.t, err)
	if failed(read.Diagnostics) {
		r.t.Fatalf("%s cannot be read: %v", request.TypeName, texts(read.Diagnostics))
	}
	return read
}

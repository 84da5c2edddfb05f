// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
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

// identified is a configuration of all types whose objects have an identity on every server.
const identified = `
	provider "iam" {}
	resource "iam_lakefs_user" "ann" {
		id = "ann"
	}
	resource "iam_lakefs_group" "staff" {
		name = "staff"
	}
	resource "iam_lakefs_policy" "read" {
		id = "Read"
		statement {
			effect    = "allow"
			actions   = ["fs:Read*"]
			resources = ["*"]
		}
	}
	resource "iam_lakefs_group_membership" "ann" {
		group_id = iam_lakefs_group.staff.id
		user_id  = iam_lakefs_user.ann.id
	}
	resource "iam_lakefs_policy_attachment" "staff" {
		policy_id = iam_lakefs_policy.read.id
		group_id  = iam_lakefs_group.staff.id
	}
	resource "iam_lakefs_policy_attachments_exclusive" "ann" {
		policy_ids = [iam_lakefs_policy.read.id]
		user_id    = iam_lakefs_user.ann.id
	}
	resource "iam_lakefs_credentials" "ann" {
		user_id = iam_lakefs_user.ann.id
	}
	resource "iam_cdf_group" "readers" {
		name      = "readers"
		source_id = "%s"
		capability {
			acl     = "assetsAcl"
			actions = ["READ"]
			scope {
				all = true
			}
		}
	}
	resource "iam_cdf_security_category" "secret" {
		name = "secret"
	}
`

// The identities are in the state, the same after a refresh, and each imports its object. That
// of a CDF group changes with the group.
func TestAccIdentity(t *testing.T) {
	t.Parallel()
	text := func(value string) knownvalue.Check { return knownvalue.StringExact(value) }
	identities := map[string]map[string]knownvalue.Check{
		"iam_lakefs_user.ann":                         {"id": text("ann")},
		"iam_lakefs_group.staff":                      {"id": knownvalue.NotNull()},
		"iam_lakefs_policy.read":                      {"id": text("Read")},
		"iam_lakefs_group_membership.ann":             {"group_id": knownvalue.NotNull(), "user_id": text("ann")},
		"iam_lakefs_policy_attachment.staff":          {"policy_id": text("Read"), "group_id": knownvalue.NotNull(), "user_id": knownvalue.Null()},
		"iam_lakefs_policy_attachments_exclusive.ann": {"user_id": text("ann"), "group_id": knownvalue.Null()},
		"iam_lakefs_credentials.ann":                  {"user_id": text("ann"), "access_key_id": knownvalue.NotNull()},
		"iam_cdf_group.readers":                       {"id": knownvalue.NotNull()},
		"iam_cdf_security_category.secret":            {"id": knownvalue.NotNull()},
	}
	var checks []statecheck.StateCheck
	for _, address := range slices.Sorted(maps.Keys(identities)) {
		checks = append(checks, statecheck.ExpectIdentity(address, identities[address]))
	}
	steps := []resource.TestStep{
		{Config: fmt.Sprintf(identified, "one"), ConfigStateChecks: checks},
		{RefreshState: true},
		{Config: fmt.Sprintf(identified, "two"), ConfigStateChecks: checks},
	}
	for _, address := range slices.Sorted(maps.Keys(identities)) {
		steps = append(steps, resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.Identities),
		ProtoV6ProviderFactories: acctest.ProvidersWith(environment(bothPlatforms(t))),
		Steps:                    steps,
	})
}

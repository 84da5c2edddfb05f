// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// server is a provider that answers only what describe asks.
type server struct {
	tfprotov6.ProviderServer

	schemas                   tfprotov6.GetProviderSchemaResponse
	identities                tfprotov6.GetResourceIdentitySchemasResponse
	schemasErr, identitiesErr error
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schemas, s.schemasErr
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identities, s.identitiesErr
}

// everything offers one of each kind, with every member of a schema used somewhere.
func everything() *server {
	one := func(a *tfprotov6.SchemaAttribute) *tfprotov6.Schema {
		return &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{a}}}
	}
	return &server{
		schemas: tfprotov6.GetProviderSchemaResponse{
			Provider: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Description: "text", DescriptionKind: tfprotov6.StringKindMarkdown}},
			ResourceSchemas: map[string]*tfprotov6.Schema{"iam_r": {Version: 3, Block: &tfprotov6.SchemaBlock{
				Deprecated: true,
				Attributes: []*tfprotov6.SchemaAttribute{
					{Name: "id", Type: tftypes.String, Computed: true, Sensitive: true, Description: "An id."},
					{Name: "tags", Type: tftypes.Map{ElementType: tftypes.List{ElementType: tftypes.Number}}, Optional: true, Deprecated: true},
					{Name: "nested", Required: true, NestedType: &tfprotov6.SchemaObject{
						Nesting:    tfprotov6.SchemaObjectNestingModeList,
						Attributes: []*tfprotov6.SchemaAttribute{{Name: "flag", Type: tftypes.Bool, Optional: true, WriteOnly: true}},
					}},
				},
				BlockTypes: []*tfprotov6.SchemaNestedBlock{{
					TypeName: "scope", Nesting: tfprotov6.SchemaNestedBlockNestingModeSet, MinItems: 1, MaxItems: 2,
					Block: &tfprotov6.SchemaBlock{},
				}},
			}}},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"iam_d": one(&tfprotov6.SchemaAttribute{Name: "d", Type: tftypes.String, Required: true})},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"iam_e": one(&tfprotov6.SchemaAttribute{Name: "e", Type: tftypes.String, Required: true})},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"iam_l": one(&tfprotov6.SchemaAttribute{Name: "l", Type: tftypes.String, Required: true})},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"iam_a": {Schema: one(&tfprotov6.SchemaAttribute{Name: "a", Type: tftypes.String, Required: true})}},
			Functions: map[string]*tfprotov6.Function{"merge": {
				Summary: "Merges.", Description: "It merges.", DeprecationMessage: "old",
				Return:            &tfprotov6.FunctionReturn{Type: tftypes.DynamicPseudoType},
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "a", Type: tftypes.String, AllowNullValue: true}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "more", Type: tftypes.String, Description: "More."},
			}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"iam_r": {Version: 1, IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
				{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "An id."},
				{Name: "host", Type: tftypes.String, OptionalForImport: true},
			}}},
		},
	}
}

// everythingJSON is what Terraform prints for that provider.
const everythingJSON = `{
  "format_version": "1.0",
  "provider_schemas": {"iam": {
    "provider": {"version": 0, "block": {"description": "text", "description_kind": "markdown"}},
    "resource_schemas": {"iam_r": {"version": 3, "block": {
      "deprecated": true, "description_kind": "plain",
      "attributes": {
        "id":   {"type": "string", "description": "An id.", "description_kind": "plain", "computed": true, "sensitive": true},
        "tags": {"type": ["map", ["list", "number"]], "description_kind": "plain", "optional": true, "deprecated": true},
        "nested": {"description_kind": "plain", "required": true, "nested_type": {"nesting_mode": "list", "attributes": {
          "flag": {"type": "bool", "description_kind": "plain", "optional": true, "write_only": true}}}}
      },
      "block_types": {"scope": {"nesting_mode": "set", "min_items": 1, "max_items": 2, "block": {"description_kind": "plain"}}}
    }}},
    "data_source_schemas":        {"iam_d": {"version": 0, "block": {"description_kind": "plain", "attributes": {"d": {"type": "string", "description_kind": "plain", "required": true}}}}},
    "ephemeral_resource_schemas": {"iam_e": {"version": 0, "block": {"description_kind": "plain", "attributes": {"e": {"type": "string", "description_kind": "plain", "required": true}}}}},
    "list_resource_schemas":      {"iam_l": {"version": 0, "block": {"description_kind": "plain", "attributes": {"l": {"type": "string", "description_kind": "plain", "required": true}}}}},
    "action_schemas":             {"iam_a": {"block": {"description_kind": "plain", "attributes": {"a": {"type": "string", "description_kind": "plain", "required": true}}}}},
    "functions": {"merge": {
      "summary": "Merges.", "description": "It merges.", "deprecation_message": "old", "return_type": "dynamic",
      "parameters": [{"name": "a", "type": "string", "is_nullable": true}],
      "variadic_parameter": {"name": "more", "description": "More.", "type": "string"}
    }},
    "resource_identity_schemas": {"iam_r": {"version": 1, "attributes": {
      "id":   {"type": "string", "description": "An id.", "required_for_import": true},
      "host": {"type": "string", "optional_for_import": true}
    }}}
  }}
}`

func TestDescribe(t *testing.T) {
	t.Parallel()
	schemas, err := describe(t.Context(), everything())
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(generic(t, []byte(everythingJSON)), generic(t, encoded)); diff != "" {
		t.Errorf("schemas (-want +got):\n%s", diff)
	}
}

// generic decodes JSON of any form.
func generic(t *testing.T, encoded []byte) any {
	t.Helper()
	var decoded any
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatalf("%v in %s", err, encoded)
	}
	return decoded
}

func TestDescribePassesErrorsOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	bad := []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Old"},
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Bad", Detail: "schema"},
	}
	tests := map[string]struct {
		server server
		want   string
	}{
		"schemas fail":        {server: server{schemasErr: broken}, want: "reading the schemas: broken"},
		"schemas are bad":     {server: server{schemas: tfprotov6.GetProviderSchemaResponse{Diagnostics: bad}}, want: "reading the schemas: Bad: schema"},
		"identities fail":     {server: server{identitiesErr: broken}, want: "reading the identity schemas: broken"},
		"identities are bad":  {server: server{identities: tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: bad}}, want: "reading the identity schemas: Bad: schema"},
		"nothing to complain": {server: server{}, want: ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := describe(t.Context(), &test.server)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("error %q, want %q", got, test.want)
			}
		})
	}
}

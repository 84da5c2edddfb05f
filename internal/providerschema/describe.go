// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// providerName is the key that the documentation generator looks for.
const providerName = "iam"

// describe asks a provider for everything that it offers. A type that JSON cannot
// express or an error that the provider answers ends it.
func describe(ctx context.Context, server tfprotov6.ProviderServer) (document, error) {
	answer, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return document{}, fmt.Errorf("reading the schemas: %w", err)
	}
	if err := firstError(answer.Diagnostics); err != nil {
		return document{}, fmt.Errorf("reading the schemas: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return document{}, fmt.Errorf("reading the identity schemas: %w", err)
	}
	if err := firstError(identities.Diagnostics); err != nil {
		return document{}, fmt.Errorf("reading the identity schemas: %w", err)
	}

	var c converter
	configuration := c.schema(answer.Provider)
	result := document{
		FormatVersion: "1.0",
		ProviderSchemas: map[string]providerSchema{providerName: {
			Provider:                 &configuration,
			ResourceSchemas:          each(answer.ResourceSchemas, c.schema),
			DataSourceSchemas:        each(answer.DataSourceSchemas, c.schema),
			EphemeralResourceSchemas: each(answer.EphemeralResourceSchemas, c.schema),
			ListResourceSchemas:      each(answer.ListResourceSchemas, c.schema),
			ActionSchemas:            each(answer.ActionSchemas, c.action),
			Functions:                each(answer.Functions, c.function),
			ResourceIdentitySchemas:  each(identities.IdentitySchemas, c.identity),
		}},
	}
	return result, c.err
}

// firstError is the first error among the diagnostics, or nil.
func firstError(diagnostics []*tfprotov6.Diagnostic) error {
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return nil
}

// each converts every value of a map.
func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := make(map[string]To, len(from))
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

// named converts a list of things that know their names to a map by name.
func named[From, To any](from []From, name func(From) string, convert func(From) To) map[string]To {
	to := make(map[string]To, len(from))
	for _, value := range from {
		to[name(value)] = convert(value)
	}
	return to
}

// converter turns protocol messages into the document's types. It keeps the first
// error, so that the conversions themselves stay plain expressions.
type converter struct {
	err error
}

func (c *converter) schema(from *tfprotov6.Schema) schema {
	if from == nil {
		return schema{}
	}
	return schema{Version: from.Version, Block: c.block(from.Block)}
}

func (c *converter) action(from *tfprotov6.ActionSchema) actionSchema {
	return actionSchema{Block: c.schema(from.Schema).Block}
}

func (c *converter) block(from *tfprotov6.SchemaBlock) block {
	if from == nil {
		return block{}
	}
	return block{
		Attributes:      c.attributes(from.Attributes),
		BlockTypes:      named(from.BlockTypes, func(b *tfprotov6.SchemaNestedBlock) string { return b.TypeName }, c.blockType),
		Description:     from.Description,
		DescriptionKind: lower(from.DescriptionKind),
		Deprecated:      from.Deprecated,
	}
}

func (c *converter) blockType(from *tfprotov6.SchemaNestedBlock) blockType {
	return blockType{
		NestingMode: lower(from.Nesting),
		Block:       c.block(from.Block),
		MinItems:    from.MinItems,
		MaxItems:    from.MaxItems,
	}
}

func (c *converter) attributes(from []*tfprotov6.SchemaAttribute) map[string]attribute {
	return named(from, func(a *tfprotov6.SchemaAttribute) string { return a.Name }, c.attribute)
}

func (c *converter) attribute(from *tfprotov6.SchemaAttribute) attribute {
	to := attribute{
		Description:     from.Description,
		DescriptionKind: lower(from.DescriptionKind),
		Deprecated:      from.Deprecated,
		Required:        from.Required,
		Optional:        from.Optional,
		Computed:        from.Computed,
		Sensitive:       from.Sensitive,
		WriteOnly:       from.WriteOnly,
	}
	if from.NestedType == nil {
		to.Type = c.typ(from.Type)
		return to
	}
	to.NestedType = &nestedType{
		Attributes:  c.attributes(from.NestedType.Attributes),
		NestingMode: lower(from.NestedType.Nesting),
	}
	return to
}

func (c *converter) identity(from *tfprotov6.ResourceIdentitySchema) identitySchema {
	name := func(a *tfprotov6.ResourceIdentitySchemaAttribute) string { return a.Name }
	return identitySchema{
		Version: from.Version,
		Attributes: named(from.IdentityAttributes, name, func(a *tfprotov6.ResourceIdentitySchemaAttribute) identityAttribute {
			return identityAttribute{
				Type:              c.typ(a.Type),
				Description:       a.Description,
				RequiredForImport: a.RequiredForImport,
				OptionalForImport: a.OptionalForImport,
			}
		}),
	}
}

func (c *converter) function(from *tfprotov6.Function) function {
	to := function{
		Description:        from.Description,
		Summary:            from.Summary,
		DeprecationMessage: from.DeprecationMessage,
		ReturnType:         c.typ(from.Return.Type),
	}
	for _, p := range from.Parameters {
		to.Parameters = append(to.Parameters, c.parameter(p))
	}
	if from.VariadicParameter != nil {
		variadic := c.parameter(from.VariadicParameter)
		to.VariadicParameter = &variadic
	}
	return to
}

func (c *converter) parameter(from *tfprotov6.FunctionParameter) parameter {
	return parameter{
		Name:        from.Name,
		Description: from.Description,
		IsNullable:  from.AllowNullValue,
		Type:        c.typ(from.Type),
	}
}

// typ encodes a type. The protocol's types encode themselves in Terraform's notation.
func (c *converter) typ(from tftypes.Type) json.RawMessage {
	encoded, err := json.Marshal(from)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("encoding the type %s: %w", from, err)
	}
	return encoded
}

// lower names a nesting mode or a kind of text as Terraform's JSON does.
func lower(name fmt.Stringer) string {
	return strings.ToLower(name.String())
}

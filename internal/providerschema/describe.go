// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// providerName is the key that the documentation generator looks for.
const providerName = "iam"

// describe asks a provider for everything that it offers. An error that the provider
// answers ends it.
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

	configuration := schemaOf(answer.Provider)
	return document{
		FormatVersion: "1.0",
		ProviderSchemas: map[string]providerSchema{providerName: {
			Provider:                 &configuration,
			ResourceSchemas:          each(answer.ResourceSchemas, schemaOf),
			DataSourceSchemas:        each(answer.DataSourceSchemas, schemaOf),
			EphemeralResourceSchemas: each(answer.EphemeralResourceSchemas, schemaOf),
			ListResourceSchemas:      each(answer.ListResourceSchemas, schemaOf),
			ActionSchemas:            each(answer.ActionSchemas, actionOf),
			Functions:                each(answer.Functions, functionOf),
			ResourceIdentitySchemas:  each(identities.IdentitySchemas, identityOf),
		}},
	}, nil
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

func schemaOf(from *tfprotov6.Schema) schema {
	if from == nil {
		return schema{}
	}
	return schema{Version: from.Version, Block: blockOf(from.Block)}
}

func actionOf(from *tfprotov6.ActionSchema) actionSchema {
	return actionSchema{Block: schemaOf(from.Schema).Block}
}

func blockOf(from *tfprotov6.SchemaBlock) block {
	if from == nil {
		return block{}
	}
	return block{
		Attributes:      attributesOf(from.Attributes),
		BlockTypes:      named(from.BlockTypes, func(b *tfprotov6.SchemaNestedBlock) string { return b.TypeName }, blockTypeOf),
		Description:     from.Description,
		DescriptionKind: lower(from.DescriptionKind),
		Deprecated:      from.Deprecated,
	}
}

func blockTypeOf(from *tfprotov6.SchemaNestedBlock) blockType {
	return blockType{
		NestingMode: lower(from.Nesting),
		Block:       blockOf(from.Block),
		MinItems:    from.MinItems,
		MaxItems:    from.MaxItems,
	}
}

func attributesOf(from []*tfprotov6.SchemaAttribute) map[string]attribute {
	return named(from, func(a *tfprotov6.SchemaAttribute) string { return a.Name }, attributeOf)
}

func attributeOf(from *tfprotov6.SchemaAttribute) attribute {
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
		to.Type = from.Type
		return to
	}
	to.NestedType = &nestedType{
		Attributes:  attributesOf(from.NestedType.Attributes),
		NestingMode: lower(from.NestedType.Nesting),
	}
	return to
}

func identityOf(from *tfprotov6.ResourceIdentitySchema) identitySchema {
	name := func(a *tfprotov6.ResourceIdentitySchemaAttribute) string { return a.Name }
	return identitySchema{
		Version: from.Version,
		Attributes: named(from.IdentityAttributes, name, func(a *tfprotov6.ResourceIdentitySchemaAttribute) identityAttribute {
			return identityAttribute{
				Type:              a.Type,
				Description:       a.Description,
				RequiredForImport: a.RequiredForImport,
				OptionalForImport: a.OptionalForImport,
			}
		}),
	}
}

func functionOf(from *tfprotov6.Function) function {
	to := function{
		Description:        from.Description,
		Summary:            from.Summary,
		DeprecationMessage: from.DeprecationMessage,
		ReturnType:         from.Return.Type,
	}
	for _, p := range from.Parameters {
		to.Parameters = append(to.Parameters, parameterOf(p))
	}
	if from.VariadicParameter != nil {
		variadic := parameterOf(from.VariadicParameter)
		to.VariadicParameter = &variadic
	}
	return to
}

func parameterOf(from *tfprotov6.FunctionParameter) parameter {
	return parameter{
		Name:        from.Name,
		Description: from.Description,
		IsNullable:  from.AllowNullValue,
		Type:        from.Type,
	}
}

// lower names a nesting mode or a kind of text as Terraform's JSON does.
func lower(name fmt.Stringer) string {
	return strings.ToLower(name.String())
}

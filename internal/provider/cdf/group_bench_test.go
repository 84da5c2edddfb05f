// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// BenchmarkPlanGroup plans a new group of many capabilities as Terraform asks the
// provider to: validation and plan. Twice the capabilities should take twice the time.
func BenchmarkPlanGroup(b *testing.B) {
	for _, count := range []int{125, 250, 500, 1000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			server := configuredServer(b)
			kind, config := groupOf(b, server, count)
			for b.Loop() {
				validated, err := server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "iam_cdf_group", Config: config})
				if err != nil || len(validated.Diagnostics) > 0 {
					b.Fatal(err, validated.Diagnostics)
				}
				nothing, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
				if err != nil {
					b.Fatal(err)
				}
				planned, err := server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: "iam_cdf_group", PriorState: &nothing, Config: config, ProposedNewState: config,
				})
				if err != nil || len(planned.Diagnostics) > 0 {
					b.Fatal(err, planned.Diagnostics)
				}
			}
		})
	}
}

// configuredServer is the provider, configured for a project that it never has to ask.
func configuredServer(b *testing.B) tfprotov6.ProviderServer {
	b.Helper()
	environment := map[string]string{cdfapi.EnvCluster: "none", cdfapi.EnvProject: "none", cdfapi.EnvToken: "none"}
	server := providerserver.NewProtocol6(provider.NewWithEnvironment("test", func(name string) string { return environment[name] })())()
	schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	kind := schemas.Provider.ValueType()
	values := map[string]tftypes.Value{}
	for name, attribute := range kind.(tftypes.Object).AttributeTypes { //nolint:forcetypeassert // a schema is an object
		values[name] = tftypes.NewValue(attribute, nil)
	}
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	if err != nil {
		b.Fatal(err)
	}
	answer, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
	if err != nil || len(answer.Diagnostics) > 0 {
		b.Fatal(err, answer)
	}
	return server
}

// groupOf is the configuration of a group with so many capabilities.
func groupOf(b *testing.B, server tfprotov6.ProviderServer, count int) (tftypes.Type, *tfprotov6.DynamicValue) {
	b.Helper()
	schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	kind := schemas.ResourceSchemas["iam_cdf_group"].Block.ValueType()
	object, ok := kind.(tftypes.Object)
	if !ok {
		b.Fatalf("the schema is a %s", kind)
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	values["name"] = tftypes.NewValue(tftypes.String, "readers")
	list := object.AttributeTypes["capability"]
	capabilities := make([]tftypes.Value, count)
	for i := range capabilities {
		capabilities[i] = capabilityOf(list, int64(i)+1)
	}
	values["capability"] = tftypes.NewValue(list, capabilities)
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	if err != nil {
		b.Fatal(err)
	}
	return kind, &config
}

// capabilityOf is one capability on a time series.
func capabilityOf(list tftypes.Type, id int64) tftypes.Value {
	capability := list.(tftypes.List).ElementType.(tftypes.Object) //nolint:forcetypeassert // the schema says so
	scopes := capability.AttributeTypes["scope"].(tftypes.List)    //nolint:forcetypeassert // as above
	scope := scopes.ElementType.(tftypes.Object)                   //nolint:forcetypeassert // as above
	arguments := map[string]tftypes.Value{}
	for name, kind := range scope.AttributeTypes {
		arguments[name] = tftypes.NewValue(kind, nil)
	}
	number := tftypes.NewValue(tftypes.Number, id)
	arguments["ids"] = tftypes.NewValue(scope.AttributeTypes["ids"], []tftypes.Value{number})
	return tftypes.NewValue(capability, map[string]tftypes.Value{
		"acl":     tftypes.NewValue(tftypes.String, "timeSeriesAcl"),
		"actions": tftypes.NewValue(capability.AttributeTypes["actions"], []tftypes.Value{tftypes.NewValue(tftypes.String, "READ"), tftypes.NewValue(tftypes.String, "WRITE")}),
		"scope":   tftypes.NewValue(scopes, []tftypes.Value{tftypes.NewValue(scope, arguments)}),
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// BenchmarkReadGroups reads all groups of a project, up to its limit, as Terraform
// asks the provider to. Twice the groups should take twice the time.
func BenchmarkReadGroups(b *testing.B) {
	for _, count := range []int{375, 750, 1500} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			server := serverOfGroups(b, count)
			schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				b.Fatal(err)
			}
			nothing := unset(b, schemas.DataSourceSchemas["iam_cdf_groups"])
			answer, err := server.ConfigureProvider(b.Context(), &tfprotov6.ConfigureProviderRequest{Config: unset(b, schemas.Provider)})
			if err != nil || len(answer.Diagnostics) > 0 {
				b.Fatal(err, answer.Diagnostics)
			}
			for b.Loop() {
				read, err := server.ReadDataSource(b.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "iam_cdf_groups", Config: nothing})
				if err != nil || len(read.Diagnostics) > 0 {
					b.Fatal(err, read.Diagnostics)
				}
			}
		})
	}
}

// serverOfGroups is the provider for a project with so many groups.
func serverOfGroups(b *testing.B, count int) tfprotov6.ProviderServer {
	b.Helper()
	groups := make([]json.RawMessage, count)
	for i := range groups {
		groups[i] = fmt.Appendf(nil, `{"id":%d,"name":"group-%[1]d","capabilities":[{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[1,2,3,4,5]}}}}]}`, i)
	}
	body, err := json.Marshal(map[string]any{"items": groups})
	if err != nil {
		b.Fatal(err)
	}
	cdf := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	b.Cleanup(cdf.Close)
	environment := map[string]string{cdfapi.EnvBaseURL: cdf.URL, cdfapi.EnvProject: "acme", cdfapi.EnvToken: "none"}
	return providerserver.NewProtocol6(provider.NewWithEnvironment("test", func(name string) string { return environment[name] })())()
}

// unset is a configuration that sets nothing.
func unset(b *testing.B, schema *tfprotov6.Schema) *tfprotov6.DynamicValue {
	b.Helper()
	kind := schema.ValueType()
	object, ok := kind.(tftypes.Object)
	if !ok {
		b.Fatalf("the schema is a %s", kind)
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	config, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	if err != nil {
		b.Fatal(err)
	}
	return &config
}

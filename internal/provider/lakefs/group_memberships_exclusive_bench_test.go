// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/sync/errgroup"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// BenchmarkPlanMembers plans as Terraform asks the provider to (validation, refresh, plan) a
// group of many members, of which one is replaced by another and the order is turned around.
// Twice the members should take twice the time.
func BenchmarkPlanMembers(b *testing.B) {
	for _, count := range []int{1250, 2500, 5000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			environment := largeGroup(b, count)
			for b.Loop() {
				server := configuredServer(b, environment)
				prior, config := members(b, server, count, false), members(b, server, count, true)
				validated, err := server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: membersType, Config: config})
				if err != nil || len(validated.Diagnostics) > 0 {
					b.Fatal(err, validated.Diagnostics)
				}
				read, err := server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: membersType, CurrentState: prior})
				if err != nil || len(read.Diagnostics) > 0 {
					b.Fatal(err, read.Diagnostics)
				}
				planned, err := server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: membersType, PriorState: read.NewState, PriorPrivate: read.Private, Config: config, ProposedNewState: config,
				})
				if err != nil || len(planned.Diagnostics) != 1 { // the warning of the order
					b.Fatal(err, planned.Diagnostics)
				}
			}
		})
	}
}

func memberID(i int) string { return fmt.Sprintf("user-%05d", i) }

// largeGroup starts a server with a group "crowd" of many members, and one user more.
func largeGroup(b *testing.B, count int) map[string]string {
	b.Helper()
	local, err := localserver.New(localserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	listening := httptest.NewServer(local)
	b.Cleanup(listening.Close)
	client, err := lakefsapi.New(lakefsapi.Config{Endpoint: listening.URL, AccessKeyID: local.AccessKeyID(), SecretAccessKey: local.SecretAccessKey()})
	if err == nil {
		_, err = client.CreateGroup(b.Context(), lakefsapi.GroupCreation{ID: "crowd"})
	}
	if err != nil {
		b.Fatal(err)
	}
	workers, ctx := errgroup.WithContext(b.Context())
	workers.SetLimit(10)
	for i := range count + 1 {
		workers.Go(func() error { return addMember(ctx, client, i, count) })
	}
	if err := workers.Wait(); err != nil {
		b.Fatal(err)
	}
	return map[string]string{
		lakefsapi.EnvEndpoint: listening.URL, lakefsapi.EnvAccessKeyID: local.AccessKeyID(), lakefsapi.EnvSecretAccessKey: local.SecretAccessKey(),
	}
}

func addMember(ctx context.Context, client *lakefsapi.Client, i, count int) error {
	_, err := client.CreateUser(ctx, lakefsapi.UserCreation{ID: memberID(i)})
	if err == nil && i < count {
		err = client.AddGroupMembership(ctx, "crowd", memberID(i))
	}
	return err
}

// configuredServer is the provider, configured by its environment.
func configuredServer(b *testing.B, environment map[string]string) tfprotov6.ProviderServer {
	b.Helper()
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

// members is the group's members, or what it is to have: without the first one, with one more,
// and the other way round.
func members(b *testing.B, server tfprotov6.ProviderServer, count int, changed bool) *tfprotov6.DynamicValue {
	b.Helper()
	schemas, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]tftypes.Value, count)
	for i := range ids {
		id := memberID(i)
		if changed {
			id = memberID(count - i)
		}
		ids[i] = tftypes.NewValue(tftypes.String, id)
	}
	kind := schemas.ResourceSchemas[membersType].Block.ValueType()
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, map[string]tftypes.Value{
		"group_id": tftypes.NewValue(tftypes.String, "crowd"),
		"user_ids": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, ids),
	}))
	if err != nil {
		b.Fatal(err)
	}
	return &value
}

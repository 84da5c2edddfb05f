// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"context"
	"encoding/json"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// peerProvider stands in for the provider Face-to-Face-IT/lakefs: it has the same types with
// the same attributes, and makes the same objects. It never deletes one.
type peerProvider struct{}

func (peerProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "lakefs"
}
func (peerProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (peerProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (peerProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (peerProvider) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, object := range peerTypes {
		all = append(all, func() resource.Resource { return object })
	}
	return all
}

// peerType is a type of the other provider. What create answers are its computed attributes.
type peerType struct {
	name       string
	attributes map[string]schema.Attribute
	create     func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error)
}

var (
	peerArgument = schema.StringAttribute{Required: true}
	peerTime     = schema.Int64Attribute{Computed: true}
)

var peerTypes = []peerType{
	{
		name:       "user",
		attributes: map[string]schema.Attribute{"id": peerArgument, "creation_date": peerTime, "friendly_name": schema.StringAttribute{Computed: true}},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			user, err := client.CreateUser(ctx, lakefsapi.UserCreation{ID: argument("id")})
			return map[string]any{"creation_date": user.CreationDate, "friendly_name": types.StringNull()}, err
		},
	},
	{
		name:       "group",
		attributes: map[string]schema.Attribute{"id": peerArgument, "description": schema.StringAttribute{Optional: true}, "creation_date": peerTime},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			group, err := client.CreateGroup(ctx, lakefsapi.GroupCreation{ID: argument("id"), Description: argument("description")})
			return map[string]any{"creation_date": group.CreationDate}, err
		},
	},
	{
		name:       "policy",
		attributes: map[string]schema.Attribute{"id": peerArgument, "statement": peerArgument, "creation_date": peerTime},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			var statements []lakefsapi.Statement
			if err := json.Unmarshal([]byte(argument("statement")), &statements); err != nil {
				return nil, err
			}
			policy, err := client.CreatePolicy(ctx, lakefsapi.Policy{ID: argument("id"), Statement: statements})
			return map[string]any{"creation_date": policy.CreationDate}, err
		},
	},
	{
		name:       "group_membership",
		attributes: map[string]schema.Attribute{"group_id": peerArgument, "user_id": peerArgument},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			return nil, client.AddGroupMembership(ctx, argument("group_id"), argument("user_id"))
		},
	},
	{
		name:       "user_policy_attachment",
		attributes: map[string]schema.Attribute{"user_id": peerArgument, "policy_id": peerArgument},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			return nil, client.AttachPolicyToUser(ctx, argument("user_id"), argument("policy_id"))
		},
	},
	{
		name:       "group_policy_attachment",
		attributes: map[string]schema.Attribute{"group_id": peerArgument, "policy_id": peerArgument},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			return nil, client.AttachPolicyToGroup(ctx, argument("group_id"), argument("policy_id"))
		},
	},
	{
		name: "user_credentials",
		attributes: map[string]schema.Attribute{
			"user_id": peerArgument, "creation_date": peerTime, "access_key_id": schema.StringAttribute{Computed: true},
			"secret_access_key": schema.StringAttribute{Computed: true, Sensitive: true},
		},
		create: func(ctx context.Context, client *lakefsapi.Client, argument func(string) string) (map[string]any, error) {
			key, err := client.CreateCredentials(ctx, argument("user_id"))
			return map[string]any{"access_key_id": key.AccessKeyID, "secret_access_key": key.SecretAccessKey, "creation_date": key.CreationDate}, err
		},
	},
}

func (p peerType) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "lakefs_" + p.name
}

func (p peerType) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: p.attributes}
}

func (p peerType) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: os.Getenv(lakefsapi.EnvEndpoint), AccessKeyID: os.Getenv(lakefsapi.EnvAccessKeyID), SecretAccessKey: os.Getenv(lakefsapi.EnvSecretAccessKey),
	})
	var computed map[string]any
	if err == nil {
		computed, err = p.create(ctx, client, func(name string) string {
			var value types.String
			resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root(name), &value)...)
			return value.ValueString()
		})
	}
	if err != nil {
		resp.Diagnostics.AddError("Could not create lakefs_"+p.name, err.Error())
		return
	}
	resp.State.Raw = req.Plan.Raw
	for name, value := range computed {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
}

func (p peerType) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (p peerType) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("lakefs_"+p.name+" is changed", "The test changes none.")
}

func (p peerType) Delete(_ context.Context, _ resource.DeleteRequest, resp *resource.DeleteResponse) {
	resp.Diagnostics.AddError("lakefs_"+p.name+" is deleted", "Moving deletes nothing.")
}

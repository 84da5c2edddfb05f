// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package scale

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// stubProvider has one resource, which does nothing: what Terraform and the protocol take by
// themselves.
type stubProvider struct{}

func (stubProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "stub"
}
func (stubProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (stubProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (stubProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (stubProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return stubObject{} }}
}

type stubObject struct{}

type stubModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
}

func (stubObject) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "stub_object"
}

func (stubObject) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"name": schema.StringAttribute{Required: true},
	}}
}

func (stubObject) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model stubModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	model.ID = model.Name
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

func (stubObject) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (stubObject) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (stubObject) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DataSource is what a data source says of itself.
type DataSource[API, Model any] struct {
	// Name is the type's name without the provider, for example "lakefs_users".
	Name string
	// Title is what users call the object, for example "lakeFS users".
	Title    string
	Platform Platform[API]
	Schema   schema.Schema
	// Validate checks a configuration without any server. Values may be unknown.
	// It may be nil.
	Validate func(context.Context, Model) diag.Diagnostics
	// Read fills in the model. An object that does not exist is an error.
	Read func(context.Context, *Session[API], *Model) error
	// Calls lists the API operations that a read makes, in order. It is the
	// source of the required permissions in the documentation.
	Calls []Call
	// Offline tells for a configuration that Read does not need the platform. Then
	// it need not be configured, and Session.API must not be used. It may be nil.
	Offline func(Model) bool
}

// NewDataSource returns a function that makes the framework data source of a
// definition, as provider.DataSources wants it.
func NewDataSource[API, Model any](definition DataSource[API, Model]) func() datasource.DataSource {
	return func() datasource.DataSource {
		return &looked[API, Model]{DataSource: definition}
	}
}

// looked is the framework data source of a definition.
type looked[API, Model any] struct {
	DataSource[API, Model]
	connections *Connections
}

var (
	_ datasource.DataSourceWithConfigure      = (*looked[any, any])(nil)
	_ datasource.DataSourceWithValidateConfig = (*looked[any, any])(nil)
)

func (d *looked[API, Model]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "iam_" + d.Name
}

func (d *looked[API, Model]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = d.DataSource.Schema
}

func (d *looked[API, Model]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.connections = connectionsOf(req.ProviderData, &resp.Diagnostics)
}

func (d *looked[API, Model]) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	if d.Validate == nil {
		return
	}
	var config Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(d.Validate(ctx, config)...)
	}
}

func (d *looked[API, Model]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	session := &Session[API]{}
	var err error
	if d.Offline == nil || !d.Offline(model) {
		session.API, err = d.Platform.connect(d.connections)
	}
	if err == nil {
		err = d.DataSource.Read(ctx, session, &model)
	}
	resp.Diagnostics.Append(session.diagnostics...)
	if err != nil {
		resp.Diagnostics.AddError("Could not read "+d.Title, d.describe(ctx, req.Config)+": "+visible(d.Platform.Explain(err)))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// maxAsked is the longest text, in bytes, that helps to tell data sources apart.
const maxAsked = 200

// describe names a data source in a message by its type and the texts that it was
// asked with, so that two of a type do not read the same.
func (d *looked[API, Model]) describe(ctx context.Context, config attributes) string {
	var asked []string
	for _, name := range slices.Sorted(maps.Keys(d.DataSource.Schema.Attributes)) {
		attribute := d.DataSource.Schema.Attributes[name]
		if attribute.IsSensitive() || !attribute.GetType().Equal(types.StringType) {
			continue
		}
		var value types.String
		if config.GetAttribute(ctx, path.Root(name), &value).HasError() || value.IsNull() || value.IsUnknown() || len(value.ValueString()) > maxAsked {
			continue
		}
		asked = append(asked, fmt.Sprintf("%s %q", name, value.ValueString()))
	}
	described := "data.iam_" + d.Name
	if len(asked) > 0 {
		described += " with " + strings.Join(asked, " and ")
	}
	return described
}

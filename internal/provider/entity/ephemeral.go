// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
)

// Ephemeral is what an ephemeral resource says of itself. Terraform opens it in
// every plan and in every apply that refers to it, and keeps nothing of it.
type Ephemeral[API, Model any] struct {
	// Name is the type's name without the provider, for example "cdf_session".
	Name string
	// Title is what users call the object, for example "CDF session".
	Title    string
	Platform Platform[API]
	Schema   schema.Schema
	// Validate checks a configuration without any server. Values may be unknown.
	// It runs at validate, and again before Open. It may be nil.
	Validate func(context.Context, Model) diag.Diagnostics
	// Open makes the object and fills in the model. What Close needs to know is
	// remembered in the session.
	Open func(context.Context, *Session[API], *Model) error
	// Close takes the object back, by what Open has remembered; it has no model. It is
	// nil where there is nothing to take back.
	Close func(context.Context, *Session[API]) error
	// OpenCalls and CloseCalls list the API operations that each makes, in order.
	OpenCalls, CloseCalls []Call
}

// NewEphemeral returns a function that makes the framework ephemeral resource of a
// definition, as provider.EphemeralResources wants it.
func NewEphemeral[API, Model any](definition Ephemeral[API, Model]) func() ephemeral.EphemeralResource {
	return func() ephemeral.EphemeralResource {
		return &opened[API, Model]{Ephemeral: definition}
	}
}

// opened is the framework ephemeral resource of a definition.
type opened[API, Model any] struct {
	Ephemeral[API, Model]
	connections *Connections
}

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*opened[any, any])(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*opened[any, any])(nil)
	_ ephemeral.EphemeralResourceWithClose          = (*opened[any, any])(nil)
	_ Operator                                      = (*opened[any, any])(nil)
)

func (e *opened[API, Model]) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "iam_" + e.Name
}

func (e *opened[API, Model]) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = e.Ephemeral.Schema
}

func (e *opened[API, Model]) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.connections = connectionsOf(req.ProviderData, &resp.Diagnostics)
}

func (e *opened[API, Model]) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var config Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	e.validate(ctx, config, &resp.Diagnostics)
}

func (e *opened[API, Model]) validate(ctx context.Context, model Model, diags *diag.Diagnostics) {
	if e.Validate != nil && !diags.HasError() {
		diags.Append(e.Validate(ctx, model)...)
	}
}

func (e *opened[API, Model]) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var model Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	e.validate(ctx, model, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	remembered := noted{}
	session := &Session[API]{memory: noting{resp.Private, remembered}}
	api, err := e.Platform.connect(e.connections)
	if err == nil {
		session.API = api
		err = e.Ephemeral.Open(ctx, session, &model)
	}
	if err == nil {
		e.leave(ctx, session, remembered)
	}
	resp.Diagnostics.Append(session.diagnostics...)
	if err != nil {
		resp.Diagnostics.AddError("Could not open "+e.Title, "ephemeral.iam_"+e.Name+": "+visible(e.Platform.Explain(err)))
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, &model)...)
}

func (e *opened[API, Model]) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	if e.Ephemeral.Close == nil {
		return
	}
	session := &Session[API]{memory: req.Private}
	api, err := e.Platform.connect(e.connections)
	if err == nil {
		session.API = api
		e.connections.leftOpen.forget(string(session.Recall(ctx, openedNumber)))
		err = e.Ephemeral.Close(ctx, session)
	}
	resp.Diagnostics.Append(session.diagnostics...)
	if err != nil {
		resp.Diagnostics.AddError("Could not close "+e.Title, "ephemeral.iam_"+e.Name+": "+visible(e.Platform.Explain(err)))
	}
}

// Operations lists what the ephemeral resource does to open and to close.
func (e *opened[API, Model]) Operations() []Occasion {
	return withCalls(Occasion{Name: "open", Calls: e.OpenCalls}, Occasion{Name: "close", Calls: e.CloseCalls})
}

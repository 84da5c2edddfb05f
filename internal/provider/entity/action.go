// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Action is what an action says of itself. Terraform invokes it when a resource that
// names it changes, or when it is told to, and keeps nothing of it.
type Action[API, Model any] struct {
	// Name is the type's name without the provider, for example "cdf_revoke_sessions".
	Name string
	// Title says in messages what the action does: "Could not " stands before it. An example
	// is "revoke CDF sessions".
	Title    string
	Platform Platform[API]
	Schema   schema.Schema
	// Object names in messages what the action is about, as far as it is known; empty when
	// nothing is. No secret may be in it.
	Object func(Model) string
	// Validate checks a configuration without any server. Values may be unknown. It runs
	// at validate, and again before Invoke. It may be nil.
	Validate func(context.Context, Model) diag.Diagnostics
	// Invoke does what the action is for. What it tells progress is shown at once, also
	// when an error follows.
	Invoke func(ctx context.Context, s *Session[API], m Model, progress func(message string)) error
	// Calls lists the API operations that Invoke makes, in order. Values may be unknown.
	Calls func(Model) []Call
}

// NewAction returns a function that makes the framework action of a definition, as
// provider.Actions wants it.
func NewAction[API, Model any](definition Action[API, Model]) func() action.Action {
	return func() action.Action {
		return &invoked[API, Model]{Action: definition}
	}
}

// invoked is the framework action of a definition.
type invoked[API, Model any] struct {
	Action[API, Model]
	connections *Connections
}

var (
	_ action.ActionWithConfigure      = (*invoked[any, any])(nil)
	_ action.ActionWithValidateConfig = (*invoked[any, any])(nil)
	_ action.ActionWithModifyPlan     = (*invoked[any, any])(nil)
	_ Operator                        = (*invoked[any, any])(nil)
)

func (a *invoked[API, Model]) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "iam_" + a.Name
}

func (a *invoked[API, Model]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = a.Action.Schema
}

func (a *invoked[API, Model]) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.connections = connectionsOf(req.ProviderData, &resp.Diagnostics)
}

func (a *invoked[API, Model]) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var config Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if a.Validate != nil && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(a.Validate(ctx, config)...)
	}
}

// decode reads a configuration and repeats the validation on values that were unknown when
// Terraform validated. Its warnings have been given before.
func (a *invoked[API, Model]) decode(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (model Model, ok bool) {
	diags.Append(config.Get(ctx, &model)...)
	if a.Validate != nil && !diags.HasError() {
		diags.Append(a.Validate(ctx, model).Errors()...)
	}
	return model, !diags.HasError()
}

// ModifyPlan checks what can be known before anything is done: the configuration, that the
// platform is configured, and the caller's rights.
func (a *invoked[API, Model]) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	model, ok := a.decode(ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	api, err := a.Platform.connect(a.connections)
	if err != nil {
		if _, unknown := errors.AsType[*UnknownArgumentError](err); !unknown { // otherwise the apply will reach the server
			resp.Diagnostics.AddError(a.Platform.Title+" is not configured", a.describe(model)+": "+Sentence(err.Error()))
		}
		return
	}
	if a.connections.applied.Load() {
		return // as of a resource, see checkAccess
	}
	check := rightsCheck[API]{Platform: a.Platform, api: api, mode: a.connections.Preflight, tells: a.connections.told.first}
	check.report(ctx, func() string { return a.describe(model) }, Occasion{Name: occasionInvoke, Calls: a.Calls(model)}, &resp.Diagnostics)
}

func (a *invoked[API, Model]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	model, ok := a.decode(ctx, req.Config, &resp.Diagnostics)
	if !ok {
		return
	}
	session := &Session[API]{}
	api, err := a.Platform.connect(a.connections)
	if err == nil {
		session.API = api
		a.connections.applied.Store(true)
		err = a.Action.Invoke(ctx, session, model, func(message string) {
			resp.SendProgress(action.InvokeProgressEvent{Message: visible(message)})
		})
	}
	resp.Diagnostics.Append(session.diagnostics...)
	if err != nil {
		resp.Diagnostics.AddError("Could not "+a.Title, a.describe(model)+": "+visible(a.Platform.Explain(err)))
	}
}

// describe names the action in a message, and what it is about: Terraform drops
// diagnostics that read the same.
func (a *invoked[API, Model]) describe(model Model) string {
	described := "action.iam_" + a.Name
	if object := a.Object(model); object != "" {
		described += " for " + visible(object)
	}
	return described
}

// Operations lists what the action does when it is invoked.
func (a *invoked[API, Model]) Operations() []Occasion {
	var nothing Model
	return withCalls(Occasion{Name: occasionInvoke, Calls: a.Calls(nothing)})
}

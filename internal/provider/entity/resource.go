// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// New returns a function that makes the framework resource of a definition, as
// provider.Resources wants it.
func New[API, Model any](definition Definition[API, Model]) func() resource.Resource {
	return func() resource.Resource {
		return &managed[API, Model]{Definition: definition}
	}
}

// managed is the framework resource of a definition.
type managed[API, Model any] struct {
	Definition[API, Model]
	connections *Connections
}

var (
	_ resource.ResourceWithConfigure      = (*managed[any, any])(nil)
	_ resource.ResourceWithIdentity       = (*managed[any, any])(nil)
	_ resource.ResourceWithImportState    = (*managed[any, any])(nil)
	_ resource.ResourceWithModifyPlan     = (*managed[any, any])(nil)
	_ resource.ResourceWithValidateConfig = (*managed[any, any])(nil)
)

func (r *managed[API, Model]) typeName() string { return "iam_" + r.Name }

func (r *managed[API, Model]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.typeName()
	resp.ResourceBehavior.MutableIdentity = r.MutableIdentity
}

func (r *managed[API, Model]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.Definition.Schema
}

func (r *managed[API, Model]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.connections = connectionsOf(req.ProviderData, &resp.Diagnostics)
}

// connectionsOf reads what the provider's Configure prepared. It is absent when
// Terraform only validates.
func connectionsOf(providerData any, diags *diag.Diagnostics) *Connections {
	if providerData == nil {
		return nil
	}
	connections, ok := providerData.(*Connections)
	if !ok {
		diags.AddError("Unexpected provider data", fmt.Sprintf("Expected *entity.Connections, got %T. Please report this to the provider's developers.", providerData))
	}
	return connections
}

// connect opens the platform. With no connection prepared it says so.
func (p Platform[API]) connect(connections *Connections) (API, error) {
	if connections == nil {
		var none API
		return none, errors.New("the provider has not been configured")
	}
	return p.Connection(connections).API()
}

func (r *managed[API, Model]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if r.Validate == nil {
		return
	}
	var config Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.Validate(ctx, config)...)
	}
}

func (r *managed[API, Model]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.Equal(req.State.Raw) && !r.PlanUnchanged {
		return // nothing changes, so there is nothing to adjust or to warn of
	}
	change, diags := decodeChange[Model](ctx, req)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	planning := &Planning[API]{Session: Session[API]{memory: req.Private}, Applying: r.applying(req)}
	api, err := r.Platform.connect(r.connections)
	var unknown *UnknownArgumentError
	switch {
	case err == nil:
		planning.API, planning.Connected = api, true
	case errors.As(err, &unknown):
		// The plan can be made without the server; the apply will reach it.
	default:
		resp.Diagnostics.AddError(r.Platform.Title+" is not configured", r.describe(ctx, attributesOf(req))+": "+Sentence(err.Error()))
		return
	}
	if planning.Connected && change.Prior != nil {
		if err := r.Platform.checkPlace(ctx, &planning.Session); err != nil {
			r.fail(ctx, "plan", req.State, err, &resp.Diagnostics)
			return
		}
	}
	if r.Plan != nil {
		r.Plan(ctx, planning, change)
		resp.Diagnostics.Append(planning.diagnostics...)
		if change.Planned != nil && !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(resp.Plan.Set(ctx, change.Planned)...)
		}
	}
	if planning.Connected && !resp.Diagnostics.HasError() && !resp.Plan.Raw.Equal(req.State.Raw) {
		req.Plan = resp.Plan
		r.checkAccess(ctx, planning, change, req, &resp.Diagnostics)
	}
}

// applying tells an apply from a plan by what came before it. A resource that was
// changed since the provider was configured proves an apply, one that was read a
// plan. Without either, it goes by whether deferred answers are accepted, as
// these do (measured):
//
//	Terraform 1.11     in an apply only; in a plan experimental builds do, too
//	OpenTofu 1.11      always: a plan with -refresh=false passes for an apply
//	OpenTofu 1.12      never: the first change of an apply passes for a plan
func (r *managed[API, Model]) applying(req resource.ModifyPlanRequest) bool {
	if r.connections == nil {
		return false
	}
	return r.connections.applied.Load() || req.ClientCapabilities.DeferralAllowed && !r.connections.refreshed.Load()
}

// decodeChange reads the three values of a plan request that are there.
func decodeChange[Model any](ctx context.Context, req resource.ModifyPlanRequest) (*Change[Model], diag.Diagnostics) {
	var (
		diags  diag.Diagnostics
		change = &Change[Model]{}
	)
	if !req.State.Raw.IsNull() {
		change.Prior = new(Model)
		diags.Append(req.State.Get(ctx, change.Prior)...)
	}
	if !req.Plan.Raw.IsNull() {
		change.Config, change.Planned = new(Model), new(Model)
		diags.Append(req.Config.Get(ctx, change.Config)...)
		diags.Append(req.Plan.Get(ctx, change.Planned)...)
	}
	return change, diags
}

func (r *managed[API, Model]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model Model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	session := r.beginChange(ctx, "create", req.Plan, resp.Private, &resp.Diagnostics)
	if session == nil || !r.stillValid(ctx, model, &resp.Diagnostics) {
		return
	}
	err := r.Definition.Create(ctx, session, &model)
	if err == nil || session.exists {
		r.Platform.rememberPlace(ctx, session)
	}
	failed := r.end(ctx, "create", req.Plan, session, err, &resp.Diagnostics)
	if !failed || session.exists {
		resp.Diagnostics.Append(saveState(ctx, &resp.State, &model, failed)...)
		resp.Diagnostics.Append(r.identify(ctx, resp.State, resp.Identity)...)
		r.rememberObject(ctx, session, resp.State)
	}
}

func (r *managed[API, Model]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model Model
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(r.identify(ctx, req.State, resp.Identity)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.connections != nil {
		r.connections.refreshed.Store(true)
	}
	api, err := r.Platform.connect(r.connections)
	if _, unknown := errors.AsType[*UnknownArgumentError](err); unknown {
		resp.Diagnostics.AddWarning("Not refreshed: "+r.Platform.Title+" cannot be reached yet",
			fmt.Sprintf("%s is kept as it was last seen: %s", r.describe(ctx, req.State), Sentence(err.Error())))
		return
	}
	session := &Session[API]{API: api, memory: resp.Private}
	var found bool
	if err == nil {
		err = r.Platform.checkPlace(ctx, session)
	}
	if err == nil {
		found, err = r.Definition.Read(ctx, session, &model)
	}
	if found {
		r.Platform.rememberPlace(ctx, session)
	}
	failed := r.end(ctx, "read", req.State, session, err, &resp.Diagnostics)
	switch {
	case failed:
	case !found:
		r.forgetObject(ctx, session)
		resp.State.RemoveResource(ctx)
	default:
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
		resp.Diagnostics.Append(r.identify(ctx, resp.State, resp.Identity)...)
		r.rememberObject(ctx, session, resp.State)
	}
}

func (r *managed[API, Model]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var prior, model Model
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	resp.Diagnostics.Append(r.identify(ctx, req.State, resp.Identity)...)
	session := r.beginChange(ctx, "update", req.State, resp.Private, &resp.Diagnostics)
	if session == nil || !r.stillValid(ctx, model, &resp.Diagnostics) {
		return
	}
	if r.Definition.Update == nil {
		resp.Diagnostics.AddError("Could not update "+r.Title, r.describe(ctx, req.State)+" has no argument that can be updated in place. Please report this to the provider's developers.")
		return
	}
	err := r.Platform.checkPlace(ctx, session)
	if err == nil {
		err = r.Definition.Update(ctx, session, prior, &model)
	}
	failed := r.end(ctx, "update", req.State, session, err, &resp.Diagnostics)
	if !failed || session.exists {
		resp.Diagnostics.Append(saveState(ctx, &resp.State, &model, failed)...)
		resp.Diagnostics.Append(r.identify(ctx, resp.State, resp.Identity)...)
		r.rememberObject(ctx, session, resp.State)
	}
}

func (r *managed[API, Model]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var model Model
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	session := r.beginChange(ctx, "delete", req.State, req.Private, &resp.Diagnostics)
	if session == nil {
		return
	}
	err := r.Platform.checkPlace(ctx, session)
	if err == nil {
		err = r.Definition.Delete(ctx, session, model)
	}
	r.end(ctx, "delete", req.State, session, err, &resp.Diagnostics)
}

func (r *managed[API, Model]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	values, err := r.importValues(ctx, req)
	if err != nil {
		resp.Diagnostics.AddError("Could not import "+r.Title, Sentence(err.Error()))
		return
	}
	for name, value := range values {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	session := r.begin(ctx, "import", resp.State, nil, &resp.Diagnostics)
	if session == nil {
		return
	}
	if r.Adopt == nil {
		resp.Diagnostics.Append(r.identify(ctx, resp.State, resp.Identity)...)
		return
	}
	var model Model
	resp.Diagnostics.Append(resp.State.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err = r.Adopt(ctx, session, &model)
	if !r.end(ctx, "import", resp.State, session, err, &resp.Diagnostics) {
		resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
		resp.Diagnostics.Append(r.identify(ctx, resp.State, resp.Identity)...)
	}
}

// beginChange is begin for what happens only in an apply.
func (r *managed[API, Model]) beginChange(ctx context.Context, verb string, object attributes, memory memory, diags *diag.Diagnostics) *Session[API] {
	if r.connections != nil {
		r.connections.applied.Store(true)
	}
	return r.begin(ctx, verb, object, memory, diags)
}

// begin opens the platform for a change or an import. It answers nil, and has explained why,
// when the request could not be decoded or the platform cannot be used.
func (r *managed[API, Model]) begin(ctx context.Context, verb string, object attributes, memory memory, diags *diag.Diagnostics) *Session[API] {
	if diags.HasError() {
		return nil
	}
	api, err := r.Platform.connect(r.connections)
	if err != nil {
		r.fail(ctx, verb, object, err, diags)
		return nil
	}
	return &Session[API]{API: api, memory: memory}
}

// end adds what a session has said and the error that ended it, if any. It tells
// whether the session failed, in either way.
func (r *managed[API, Model]) end(ctx context.Context, verb string, object attributes, session *Session[API], err error, diags *diag.Diagnostics) (failed bool) {
	diags.Append(session.diagnostics...)
	if err != nil {
		r.fail(ctx, verb, object, err, diags)
	}
	return err != nil || session.diagnostics.HasError()
}

func (r *managed[API, Model]) fail(ctx context.Context, verb string, object attributes, err error, diags *diag.Diagnostics) {
	diags.AddError(fmt.Sprintf("Could not %s %s", verb, r.Title), r.describe(ctx, object)+": "+visible(r.Platform.Explain(err)))
}

// stillValid repeats the validation on values that were unknown at plan. Its
// warnings have been given before.
func (r *managed[API, Model]) stillValid(ctx context.Context, model Model, diags *diag.Diagnostics) bool {
	if r.Validate != nil {
		diags.Append(r.Validate(ctx, model).Errors()...)
	}
	return !diags.HasError()
}

// attributes is a configuration, a plan or a state.
type attributes interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}

// attributesOf returns the values that name the object of a plan request.
func attributesOf(req resource.ModifyPlanRequest) attributes {
	if req.Plan.Raw.IsNull() {
		return req.State
	}
	return req.Plan
}

// saveState writes a model to state. After an error, what is still unknown
// becomes null: Terraform saves no unknown values, and losing the object would
// be worse than losing a computed attribute that the next refresh reads anyway.
func saveState(ctx context.Context, state *tfsdk.State, model any, partial bool) diag.Diagnostics {
	diags := state.Set(ctx, model)
	if diags.HasError() || !partial {
		return diags
	}
	known, err := tftypes.Transform(state.Raw, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return tftypes.NewValue(v.Type(), nil), nil
	})
	if err != nil {
		diags.AddError("Could not save state", err.Error())
		return diags
	}
	state.Raw = known
	return diags
}

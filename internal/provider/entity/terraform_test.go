// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are the attributes of an object, strings and whole numbers (int64): nil
// stands for null, unknown for what is known after apply. An attribute that is left
// out is null, and a nil map is no object at all.
type values map[string]any

const unknown = "(known after apply)"

// hosting is a provider that offers the types of a test.
type hosting struct {
	resources   []func() resource.Resource
	dataSources []func() datasource.DataSource
	ephemerals  []func() ephemeral.EphemeralResource
	lists       []func() list.ListResource
	actions     []func() action.Action
	data        any
}

func (h *hosting) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "iam"
}

func (h *hosting) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (h *hosting) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = h.data, h.data, h.data
	resp.ListResourceData, resp.ActionData = h.data, h.data
}

func (h *hosting) Resources(context.Context) []func() resource.Resource { return h.resources }

func (h *hosting) DataSources(context.Context) []func() datasource.DataSource { return h.dataSources }

func (h *hosting) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return h.ephemerals
}

func (h *hosting) ListResources(context.Context) []func() list.ListResource { return h.lists }

func (h *hosting) Actions(context.Context) []func() action.Action { return h.actions }

// terraform speaks to a provider as Terraform does, about one type.
type terraform struct {
	t        *testing.T
	server   tfprotov6.ProviderServer
	typeName string
	object   tftypes.Object
	// listed is the resource of a list.
	listed   tftypes.Object
	computed map[string]bool
	// deferral is whether Terraform offers to take deferred answers to a plan.
	deferral bool
	// private is what the provider has Terraform keep with the object of the test, identity
	// what identifies it; nil with a Terraform that does not know of identities.
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// start starts a provider for a resource or, with the name "data.…", "ephemeral.…", "list.…" or
// "action.…", for another type. Terraform configures a
// provider unless it only validates.
func start(t *testing.T, host *hosting, typeName string, configure bool) *terraform {
	t.Helper()
	tf := &terraform{t: t, server: providerserver.NewProtocol6(host)(), computed: map[string]bool{}}
	answer, err := tf.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	tf.must(err, answer.Diagnostics)
	kind, name, ok := strings.Cut(typeName, ".")
	if !ok {
		kind, name = "resource", typeName
	}
	tf.typeName = name
	schema := map[string]*tfprotov6.Schema{
		"resource":  answer.ResourceSchemas[name],
		"data":      answer.DataSourceSchemas[name],
		"ephemeral": answer.EphemeralResourceSchemas[name],
		"list":      answer.ListResourceSchemas[name],
	}[kind]
	if kind == "list" {
		tf.listed, _ = answer.ResourceSchemas[name].ValueType().(tftypes.Object)
	}
	if kind == "action" {
		schema = answer.ActionSchemas[name].Schema
	}
	attributes := map[string]tftypes.Type{}
	for _, attribute := range schema.Block.Attributes {
		attributes[attribute.Name] = attribute.Type
		tf.computed[attribute.Name] = attribute.Computed
	}
	tf.object = tftypes.Object{AttributeTypes: attributes}
	if configure {
		nothing := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
		config, err := tfprotov6.NewDynamicValue(nothing, tftypes.NewValue(nothing, map[string]tftypes.Value{}))
		tf.must(err, nil)
		configured, err := tf.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &config})
		tf.must(err, configured.Diagnostics)
	}
	return tf
}

func (tf *terraform) must(err error, diagnostics []*tfprotov6.Diagnostic) {
	tf.t.Helper()
	if err != nil {
		tf.t.Fatalf("the provider does not answer: %v", err)
	}
	if len(diagnostics) > 0 {
		tf.t.Fatalf("the provider complains: %v", read(diagnostics))
	}
}

// encode writes an object as the protocol does.
func (tf *terraform) encode(object values) *tfprotov6.DynamicValue {
	tf.t.Helper()
	value := tftypes.NewValue(tf.object, nil)
	if object != nil {
		attributes := map[string]tftypes.Value{}
		for name, kind := range tf.object.AttributeTypes {
			switch object[name] {
			case unknown:
				attributes[name] = tftypes.NewValue(kind, tftypes.UnknownValue)
			default:
				attributes[name] = tftypes.NewValue(kind, object[name])
			}
		}
		value = tftypes.NewValue(tf.object, attributes)
	}
	encoded, err := tfprotov6.NewDynamicValue(tf.object, value)
	tf.must(err, nil)
	return &encoded
}

// decode reads an object; attributes that are null are left out.
func (tf *terraform) decode(encoded *tfprotov6.DynamicValue) values {
	tf.t.Helper()
	if encoded == nil {
		return nil
	}
	return decodeAs(tf, tf.object, encoded)
}

func decodeAs(tf *terraform, kind tftypes.Object, encoded *tfprotov6.DynamicValue) values {
	tf.t.Helper()
	value, err := encoded.Unmarshal(kind)
	tf.must(err, nil)
	if value.IsNull() {
		return nil
	}
	var attributes map[string]tftypes.Value
	tf.must(value.As(&attributes), nil)
	object := values{}
	for name, attribute := range attributes {
		switch {
		case !attribute.IsKnown():
			object[name] = unknown
		case attribute.IsNull():
		case attribute.Type().Is(tftypes.Number):
			var number big.Float
			tf.must(attribute.As(&number), nil)
			object[name], _ = number.Int64()
		default:
			var text string
			tf.must(attribute.As(&text), nil)
			object[name] = text
		}
	}
	return object
}

// diagnostics are what the provider said, as "error: summary: detail".
type diagnostics []string

func read(raw []*tfprotov6.Diagnostic) diagnostics {
	var all diagnostics
	for _, d := range raw {
		severity := "warning: "
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			severity = "error: "
		}
		all = append(all, severity+d.Summary+": "+d.Detail)
	}
	return all
}

func (tf *terraform) validate(config values) diagnostics {
	tf.t.Helper()
	answer, err := tf.server.ValidateResourceConfig(tf.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: tf.typeName, Config: tf.encode(config),
	})
	tf.must(err, nil)
	return read(answer.Diagnostics)
}

// plan plans the change from prior to config. Like Terraform, it proposes the
// prior value for a computed attribute that is not configured.
func (tf *terraform) plan(prior, config values) (planned values, replaces []string, said diagnostics) {
	tf.t.Helper()
	var proposed values
	if config != nil {
		proposed = values{}
		for name := range tf.object.AttributeTypes {
			proposed[name] = config[name]
			if config[name] == nil && tf.computed[name] {
				proposed[name] = prior[name]
			}
		}
	}
	answer, err := tf.server.PlanResourceChange(tf.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: tf.typeName, PriorState: tf.encode(prior), ProposedNewState: tf.encode(proposed), Config: tf.encode(config), PriorPrivate: tf.private,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: tf.deferral},
	})
	tf.must(err, nil)
	for _, path := range answer.RequiresReplace {
		replaces = append(replaces, path.String())
	}
	return tf.decode(answer.PlannedState), replaces, read(answer.Diagnostics)
}

func (tf *terraform) apply(prior, planned, config values) (values, diagnostics) {
	tf.t.Helper()
	answer, err := tf.server.ApplyResourceChange(tf.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: tf.typeName, PriorState: tf.encode(prior), PlannedState: tf.encode(planned), Config: tf.encode(config), PlannedPrivate: tf.private,
		PlannedIdentity: tf.identity,
	})
	tf.must(err, nil)
	tf.private, tf.identity = answer.Private, answer.NewIdentity
	return tf.decode(answer.NewState), read(answer.Diagnostics)
}

// mustApply plans a change and applies it.
func (tf *terraform) mustApply(prior, config values) values {
	tf.t.Helper()
	planned, _, said := tf.plan(prior, config)
	if len(said) > 0 {
		tf.t.Fatalf("plan: %v", said)
	}
	state, said := tf.apply(prior, planned, config)
	if len(said) > 0 {
		tf.t.Fatalf("apply: %v", said)
	}
	return state
}

func (tf *terraform) refresh(state values) (values, diagnostics) {
	tf.t.Helper()
	answer, err := tf.server.ReadResource(tf.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: tf.typeName, CurrentState: tf.encode(state), Private: tf.private, CurrentIdentity: tf.identity,
	})
	tf.must(err, nil)
	tf.private, tf.identity = answer.Private, answer.NewIdentity
	return tf.decode(answer.NewState), read(answer.Diagnostics)
}

func (tf *terraform) imports(id string) (values, diagnostics) {
	tf.t.Helper()
	return tf.importing(&tfprotov6.ImportResourceStateRequest{TypeName: tf.typeName, ID: id})
}

// importsBy imports by an identity.
func (tf *terraform) importsBy(identity values) (values, diagnostics) {
	tf.t.Helper()
	kind := tf.identityType()
	attributes := map[string]tftypes.Value{}
	for name, attribute := range kind.AttributeTypes {
		attributes[name] = tftypes.NewValue(attribute, identity[name])
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, attributes))
	tf.must(err, nil)
	return tf.importing(&tfprotov6.ImportResourceStateRequest{TypeName: tf.typeName, Identity: &tfprotov6.ResourceIdentityData{IdentityData: &encoded}})
}

func (tf *terraform) importing(request *tfprotov6.ImportResourceStateRequest) (values, diagnostics) {
	tf.t.Helper()
	answer, err := tf.server.ImportResourceState(tf.t.Context(), request)
	tf.must(err, nil)
	if len(answer.ImportedResources) == 0 {
		return nil, read(answer.Diagnostics)
	}
	tf.identity = answer.ImportedResources[0].Identity
	return tf.decode(answer.ImportedResources[0].State), read(answer.Diagnostics)
}

// identitySchema is that of the type.
func (tf *terraform) identitySchema() *tfprotov6.ResourceIdentitySchema {
	tf.t.Helper()
	answer, err := tf.server.GetResourceIdentitySchemas(tf.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	tf.must(err, answer.Diagnostics)
	return answer.IdentitySchemas[tf.typeName]
}

func (tf *terraform) identityType() tftypes.Object {
	tf.t.Helper()
	attributes := map[string]tftypes.Type{}
	for _, attribute := range tf.identitySchema().IdentityAttributes {
		attributes[attribute.Name] = attribute.Type
	}
	return tftypes.Object{AttributeTypes: attributes}
}

// identified reads the identity of the object of the test; nil when it has none.
func (tf *terraform) identified() values {
	tf.t.Helper()
	if tf.identity == nil || tf.identity.IdentityData == nil {
		return nil
	}
	return decodeAs(tf, tf.identityType(), tf.identity.IdentityData)
}

func (tf *terraform) validateData(config values) diagnostics {
	tf.t.Helper()
	answer, err := tf.server.ValidateDataResourceConfig(tf.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: tf.typeName, Config: tf.encode(config),
	})
	tf.must(err, nil)
	return read(answer.Diagnostics)
}

func (tf *terraform) readData(config values) (values, diagnostics) {
	tf.t.Helper()
	answer, err := tf.server.ReadDataSource(tf.t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: tf.typeName, Config: tf.encode(config),
	})
	tf.must(err, nil)
	return tf.decode(answer.State), read(answer.Diagnostics)
}

func (tf *terraform) validateEphemeral(config values) diagnostics {
	tf.t.Helper()
	answer, err := tf.server.ValidateEphemeralResourceConfig(tf.t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: tf.typeName, Config: tf.encode(config),
	})
	tf.must(err, nil)
	return read(answer.Diagnostics)
}

func (tf *terraform) open(config values) (values, diagnostics) {
	tf.t.Helper()
	answer, err := tf.server.OpenEphemeralResource(tf.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: tf.typeName, Config: tf.encode(config),
	})
	tf.must(err, nil)
	tf.private = answer.Private
	return tf.decode(answer.Result), read(answer.Diagnostics)
}

func (tf *terraform) close() diagnostics {
	tf.t.Helper()
	answer, err := tf.server.CloseEphemeralResource(tf.t.Context(), &tfprotov6.CloseEphemeralResourceRequest{
		TypeName: tf.typeName, Private: tf.private,
	})
	tf.must(err, nil)
	return read(answer.Diagnostics)
}

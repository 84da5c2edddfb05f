// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Direct speaks to a provider as Terraform does, without Terraform: for tests of many
// plans that differ little. What the server answers is not checked as Terraform would. It is
// safe for concurrent use: Terraform works on ten objects at a time.
type Direct struct {
	t       *testing.T
	server  tfprotov6.ProviderServer
	schemas map[string]*tfprotov6.Schema

	mu   sync.Mutex
	said []*tfprotov6.Diagnostic
}

// Object is an object in state, with what the provider has Terraform keep with it. The
// zero value is none.
type Object struct {
	value   map[string]tftypes.Value
	private []byte
}

// Exists tells whether there is an object.
func (o Object) Exists() bool { return o.value != nil }

// Same tells whether two objects have the same values.
func (o Object) Same(other Object) bool {
	return maps.EqualFunc(o.value, other.value, tftypes.Value.Equal)
}

// Kept is what Terraform shows of an object when it plans its replacement the second time: no
// value, and what the provider has it keep.
func (o Object) Kept() Object { return Object{private: o.private} }

// Arguments are the arguments of a resource or an action: strings, booleans, whole numbers, lists of strings or
// numbers, and tftypes.UnknownValue for what is known after apply. Those that are left out are null; nil is no
// configuration.
type Arguments map[string]any

// NewDirect starts the provider of factories, configured by its environment alone.
func NewDirect(t *testing.T, factories Factories) *Direct {
	t.Helper()
	server, err := factories["iam"]()
	fatal(t, err)
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	fatal(t, err)
	d := &Direct{t: t, server: server, schemas: maps.Clone(schemas.ResourceSchemas)}
	for name, action := range schemas.ActionSchemas { // none has the name of a resource
		d.schemas[name] = action.Schema
	}
	kind := schemas.Provider.ValueType()
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: d.encode(kind, map[string]tftypes.Value{})})
	fatal(t, err)
	d.hear(configured.Diagnostics)
	return d
}

// Said returns and forgets what the provider has said.
func (d *Direct) Said() []*tfprotov6.Diagnostic {
	d.mu.Lock()
	defer d.mu.Unlock()
	said := d.said
	d.said = nil
	return said
}

func (d *Direct) hear(said []*tfprotov6.Diagnostic) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said = append(d.said, said...)
	for _, diagnostic := range said {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			return false
		}
	}
	return true
}

// Plan plans a change of an object. It returns what an apply needs, and false after an
// error.
func (d *Direct) Plan(typeName string, prior Object, arguments Arguments) (planned Object, replaces, ok bool) {
	d.t.Helper()
	kind := d.schemas[typeName].ValueType()
	config := d.config(typeName, arguments)
	answer, err := d.server.PlanResourceChange(d.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: d.encode(kind, prior.value), Config: d.encode(kind, config),
		ProposedNewState: d.encode(kind, d.proposed(typeName, prior, config)), PriorPrivate: prior.private,
	})
	fatal(d.t, err)
	if ok = d.hear(answer.Diagnostics); !ok {
		return Object{}, false, false
	}
	return Object{value: d.decode(kind, answer.PlannedState), private: answer.PlannedPrivate}, len(answer.RequiresReplace) > 0, true
}

// Apply plans and applies a change of an object: a replacement as a delete and a create.
// It returns the object as it is afterwards, and false after an error.
func (d *Direct) Apply(typeName string, prior Object, arguments Arguments) (Object, bool) {
	d.t.Helper()
	planned, replaces, ok := d.Plan(typeName, prior, arguments)
	if !ok {
		return prior, false
	}
	if replaces && prior.Exists() && arguments != nil {
		if prior, ok = d.Apply(typeName, prior, nil); !ok {
			return prior, false
		}
		if planned, _, ok = d.Plan(typeName, prior, arguments); !ok {
			return prior, false
		}
	}
	kind := d.schemas[typeName].ValueType()
	answer, err := d.server.ApplyResourceChange(d.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: d.encode(kind, prior.value), Config: d.encode(kind, d.config(typeName, arguments)),
		PlannedState: d.encode(kind, planned.value), PlannedPrivate: planned.private,
	})
	fatal(d.t, err)
	ok = d.hear(answer.Diagnostics)
	return Object{value: d.decode(kind, answer.NewState), private: answer.Private}, ok
}

// Import imports an object by its id and reads it.
func (d *Direct) Import(typeName, id string) (Object, bool) {
	d.t.Helper()
	answer, err := d.server.ImportResourceState(d.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	fatal(d.t, err)
	if !d.hear(answer.Diagnostics) {
		return Object{}, false
	}
	imported := answer.ImportedResources[0]
	return d.Refresh(typeName, Object{d.decode(d.schemas[typeName].ValueType(), imported.State), imported.Private})
}

// Move takes over an object from the state of another provider's type, as a `moved` block asks
// for. The state is what Terraform's file has under `attributes`.
func (d *Direct) Move(typeName, fromProvider, fromType, state string) (Object, bool) {
	d.t.Helper()
	answer, err := d.server.MoveResourceState(d.t.Context(), &tfprotov6.MoveResourceStateRequest{
		TargetTypeName: typeName, SourceProviderAddress: fromProvider, SourceTypeName: fromType,
		SourceState: &tfprotov6.RawState{JSON: []byte(state)},
	})
	fatal(d.t, err)
	if !d.hear(answer.Diagnostics) {
		return Object{}, false
	}
	return Object{d.decode(d.schemas[typeName].ValueType(), answer.TargetState), answer.TargetPrivate}, true
}

// Refresh reads an object. One that is gone does not exist any more.
func (d *Direct) Refresh(typeName string, prior Object) (Object, bool) {
	d.t.Helper()
	kind := d.schemas[typeName].ValueType()
	answer, err := d.server.ReadResource(d.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: d.encode(kind, prior.value), Private: prior.private,
	})
	fatal(d.t, err)
	ok := d.hear(answer.Diagnostics)
	return Object{d.decode(kind, answer.NewState), answer.Private}, ok
}

// config completes arguments with nulls.
func (d *Direct) config(typeName string, arguments Arguments) map[string]tftypes.Value {
	if arguments == nil {
		return nil
	}
	kind, _ := d.schemas[typeName].ValueType().(tftypes.Object)
	config := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, of := range kind.AttributeTypes {
		config[name] = argument(of, arguments[name])
	}
	return config
}

// argument makes a value of an argument; a list one by one.
func argument(of tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case []string:
		return listArgument(of, tftypes.String, value)
	case []int64:
		return listArgument(of, tftypes.Number, value)
	default:
		return tftypes.NewValue(of, value)
	}
}

func listArgument[T any](of, element tftypes.Type, values []T) tftypes.Value {
	elements := make([]tftypes.Value, len(values))
	for i, value := range values {
		elements[i] = tftypes.NewValue(element, value)
	}
	return tftypes.NewValue(of, elements)
}

// proposed is what Terraform proposes: what is not configured stays as it was.
func (d *Direct) proposed(typeName string, prior Object, config map[string]tftypes.Value) map[string]tftypes.Value {
	if config == nil || !prior.Exists() {
		return config
	}
	proposed := maps.Clone(config)
	for _, attribute := range d.schemas[typeName].Block.Attributes {
		if attribute.Computed && config[attribute.Name].IsNull() {
			proposed[attribute.Name] = prior.value[attribute.Name]
		}
	}
	return proposed
}

func (d *Direct) encode(kind tftypes.Type, object map[string]tftypes.Value) *tfprotov6.DynamicValue {
	d.t.Helper()
	value := tftypes.NewValue(kind, nil)
	if object != nil {
		complete := map[string]tftypes.Value{}
		of, _ := kind.(tftypes.Object)
		for name, attribute := range of.AttributeTypes {
			complete[name] = tftypes.NewValue(attribute, nil)
		}
		maps.Copy(complete, object)
		value = tftypes.NewValue(kind, complete)
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, value)
	fatal(d.t, err)
	return &encoded
}

func (d *Direct) decode(kind tftypes.Type, encoded *tfprotov6.DynamicValue) map[string]tftypes.Value {
	d.t.Helper()
	value, err := encoded.Unmarshal(kind)
	fatal(d.t, err)
	if value.IsNull() {
		return nil
	}
	var object map[string]tftypes.Value
	fatal(d.t, value.As(&object))
	return object
}

// Text is a string attribute of an object; empty when it is null or unknown.
func (o Object) Text(name string) string {
	var text string
	if value, there := o.value[name]; there && value.IsKnown() && !value.IsNull() {
		_ = value.As(&text) // attributes of another type have no text
	}
	return text
}

// Texts is an attribute of an object that is a map of strings.
func (o Object) Texts(name string) map[string]string {
	var values map[string]tftypes.Value
	if value, there := o.value[name]; there && value.IsKnown() && !value.IsNull() {
		_ = value.As(&values) // attributes of another type have no texts
	}
	texts := make(map[string]string, len(values))
	for key, value := range values {
		var text string
		_ = value.As(&text)
		texts[key] = text
	}
	return texts
}

// WithTexts is an object with another map of strings, as another version of the provider
// may have left it.
func (o Object) WithTexts(name string, texts map[string]string) Object {
	values := make(map[string]tftypes.Value, len(texts))
	for key, text := range texts {
		values[key] = tftypes.NewValue(tftypes.String, text)
	}
	o.value = maps.Clone(o.value)
	o.value[name] = tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
	return o
}

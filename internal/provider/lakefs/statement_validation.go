// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// statementCheck validates the value of `statement`, element by element: what is
// unknown is passed over, what is null is refused. Terraform lets a null inside a
// map or set through, and a condition that is dropped widens access.
type statementCheck struct {
	// named names a statement, or what is like one, in a message, by its index.
	named     func(int) string
	operators *ConditionOperators
	diags     diag.Diagnostics
}

// inPolicy names the statements of a policy.
func inPolicy(id string) func(int) string {
	return func(statement int) string { return fmt.Sprintf("Policy %q, statement %d: ", id, statement+1) }
}

// list checks all statements.
func (c *statementCheck) list(list types.List) {
	for i, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok || !entity.Known(object) {
			continue
		}
		at := path.Root("statement").AtListIndex(i)
		attributes := object.Attributes()
		c.effect(at.AtName("effect"), i, attributes["effect"])
		c.set(at.AtName("actions"), i, "actions", attributes["actions"], lakefspolicy.ValidateAction)
		c.set(at.AtName("resources"), i, "resources", attributes["resources"], lakefspolicy.ValidateResource)
		c.condition(at.AtName("condition"), i, attributes["condition"])
	}
}

func (c *statementCheck) fail(at path.Path, statement int, summary, detail string) {
	c.diags.AddAttributeError(at, summary, c.named(statement)+detail)
}

func (c *statementCheck) effect(at path.Path, statement int, value attr.Value) {
	effect, ok := value.(types.String)
	switch {
	case !ok || effect.IsUnknown():
	case effect.IsNull():
		c.fail(at, statement, "Missing effect", "effect is required: \"allow\" or \"deny\".")
	default:
		c.diags.Append(diagnose(at, c.named(statement), lakefspolicy.ValidateEffect(effect.ValueString()))...)
	}
}

// set checks a set of strings that must not be empty.
func (c *statementCheck) set(at path.Path, statement int, name string, value attr.Value, rule func(string) []lakefspolicy.Finding) {
	set, ok := value.(types.Set)
	if !ok || set.IsUnknown() {
		return
	}
	if len(set.Elements()) == 0 {
		c.fail(at, statement, "Missing "+name, name+" needs at least one element.")
	}
	for _, element := range set.Elements() {
		c.text(at.AtSetValue(element), statement, name, element, rule)
	}
}

func (c *statementCheck) text(at path.Path, statement int, name string, value attr.Value, rule func(string) []lakefspolicy.Finding) {
	s, ok := value.(types.String)
	switch {
	case !ok || s.IsUnknown():
	case s.IsNull():
		c.fail(at, statement, "Null in "+name, "a value in "+name+" is null. Remove it, or give it a value.")
	default:
		c.diags.Append(diagnose(at, c.named(statement), rule(s.ValueString()))...)
	}
}

func (c *statementCheck) condition(at path.Path, statement int, value attr.Value) {
	operators, ok := value.(types.Map)
	if !ok || !entity.Known(operators) {
		return
	}
	for _, operator := range slices.Sorted(maps.Keys(operators.Elements())) {
		at := at.AtMapKey(operator)
		c.diags.Append(diagnose(at, c.named(statement), c.operators.findings(operator))...)
		fields, ok := operators.Elements()[operator].(types.Map)
		switch {
		case !ok || fields.IsUnknown():
		case fields.IsNull():
			c.fail(at, statement, "Null in condition", fmt.Sprintf("the condition operator %s is null, so it would be dropped and the statement would apply without it. Remove it, or give it fields.", operator))
		case len(fields.Elements()) == 0:
			c.fail(at, statement, "Condition operator without fields", fmt.Sprintf("the condition operator %s has no fields, so it would limit nothing. Remove it, or give it a field such as SourceIp.", operator))
		default:
			c.fields(at, statement, operator, fields)
		}
	}
}

func (c *statementCheck) fields(at path.Path, statement int, operator string, fields types.Map) {
	for _, field := range slices.Sorted(maps.Keys(fields.Elements())) {
		at := at.AtMapKey(field)
		c.diags.Append(diagnose(at, c.named(statement), lakefspolicy.ValidateConditionField(field))...)
		c.set(at, statement, fmt.Sprintf("condition %s %s", operator, field), fields.Elements()[field], func(value string) []lakefspolicy.Finding {
			return lakefspolicy.ValidateConditionValue(operator, value)
		})
	}
}

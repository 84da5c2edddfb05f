// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// The Terraform type of a statement. A condition is operator to field to values.
var (
	conditionType = types.MapType{ElemType: types.MapType{ElemType: types.SetType{ElemType: types.StringType}}}
	statementType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"effect":    types.StringType,
		"actions":   types.SetType{ElemType: types.StringType},
		"resources": types.SetType{ElemType: types.StringType},
		"condition": conditionType,
	}}
)

// noStatements is the value of `statement` where `document` is used. It is empty
// rather than null, because Terraform lets a provider keep only a prior value
// that is not null.
func noStatements() types.List {
	return types.ListValueMust(statementType, []attr.Value{})
}

// statementList writes statements as the value of `statement`.
func statementList(statements []lakefspolicy.Statement) types.List {
	values := make([]attr.Value, len(statements))
	for i, statement := range statements {
		values[i] = types.ObjectValueMust(statementType.AttrTypes, map[string]attr.Value{
			"effect":    types.StringValue(statement.Effect),
			"actions":   stringSet(statement.Actions),
			"resources": stringSet(statement.Resources),
			"condition": conditionMap(statement.Condition),
		})
	}
	return types.ListValueMust(statementType, values)
}

// stringSet makes a set; duplicates on the server are one element.
func stringSet(texts []string) types.Set {
	seen := make(map[string]bool, len(texts))
	values := []attr.Value{}
	for _, s := range texts {
		if !seen[s] {
			seen[s] = true
			values = append(values, types.StringValue(s))
		}
	}
	return types.SetValueMust(types.StringType, values)
}

func conditionMap(condition lakefspolicy.Condition) types.Map {
	if len(condition) == 0 {
		return types.MapNull(conditionType.ElemType)
	}
	setType := types.SetType{ElemType: types.StringType}
	operators := make(map[string]attr.Value, len(condition))
	for operator, fields := range condition {
		values := make(map[string]attr.Value, len(fields))
		for field, texts := range fields {
			values[field] = stringSet(texts)
		}
		operators[operator] = types.MapValueMust(setType, values)
	}
	return types.MapValueMust(conditionType.ElemType, operators)
}

// statementsIn reads the value of `statement`. It answers false while anything in
// it is unknown.
func statementsIn(list types.List) ([]lakefspolicy.Statement, bool) {
	if list.IsUnknown() {
		return nil, false
	}
	var statements []lakefspolicy.Statement
	for _, element := range list.Elements() {
		object, isObject := element.(types.Object)
		if !isObject || !entity.Known(object) {
			return nil, false
		}
		attributes := object.Attributes()
		effect, ok1 := stringIn(attributes["effect"])
		actions, ok2 := stringsIn(attributes["actions"])
		resources, ok3 := stringsIn(attributes["resources"])
		condition, ok4 := conditionIn(attributes["condition"])
		if !ok1 || !ok2 || !ok3 || !ok4 {
			return nil, false
		}
		statements = append(statements, lakefspolicy.Statement{Effect: effect, Actions: actions, Resources: resources, Condition: condition})
	}
	return statements, true
}

func stringIn(value attr.Value) (string, bool) {
	s, ok := value.(types.String)
	return s.ValueString(), ok && !s.IsUnknown()
}

func stringsIn(value attr.Value) ([]string, bool) {
	set, ok := value.(types.Set)
	if !ok || set.IsUnknown() {
		return nil, false
	}
	var texts []string
	for _, element := range set.Elements() {
		s, ok := stringIn(element)
		if !ok {
			return nil, false
		}
		texts = append(texts, s)
	}
	return texts, true
}

func conditionIn(value attr.Value) (lakefspolicy.Condition, bool) {
	operators, ok := value.(types.Map)
	if !ok || operators.IsUnknown() {
		return nil, false
	}
	if operators.IsNull() {
		return nil, true
	}
	condition := lakefspolicy.Condition{}
	for operator, inner := range operators.Elements() {
		fields, ok := inner.(types.Map)
		if !ok || fields.IsUnknown() {
			return nil, false
		}
		condition[operator] = map[string][]string{}
		for field, values := range fields.Elements() {
			texts, ok := stringsIn(values)
			if !ok {
				return nil, false
			}
			condition[operator][field] = texts
		}
	}
	return condition, true
}

// toWire writes statements as the API takes them.
func toWire(statements []lakefspolicy.Statement) []lakefsapi.Statement {
	wire := make([]lakefsapi.Statement, len(statements))
	for i, statement := range statements {
		wire[i] = lakefsapi.Statement{
			Effect:    statement.Effect,
			Action:    statement.Actions,
			Resource:  lakefspolicy.EncodeResources(statement.Resources),
			Condition: maps.Clone(statement.Condition),
		}
	}
	return wire
}

// fromWire reads the statements of the API. A resource that looks like a list and
// is none is kept as it is: the server denies everything because of it, which a
// plan must show rather than fail on.
func fromWire(wire []lakefsapi.Statement) []lakefspolicy.Statement {
	statements := make([]lakefspolicy.Statement, len(wire))
	for i, statement := range wire {
		resources, err := lakefspolicy.DecodeResource(statement.Resource)
		if err != nil {
			resources = []string{statement.Resource}
		}
		statements[i] = lakefspolicy.Statement{
			Effect:    statement.Effect,
			Actions:   statement.Action,
			Resources: resources,
			Condition: statement.Condition,
		}
	}
	return statements
}

// newPolicyItem shows a policy in a data source.
func newPolicyItem(policy lakefsapi.Policy) (policyItem, error) {
	statements := fromWire(policy.Statement)
	return policyItem{
		ID:           types.StringValue(policy.ID),
		CreationDate: rfc3339(policy.CreationDate),
		Statement:    statementList(statements),
		Document:     types.StringValue(lakefspolicy.RenderDocument(statements)),
	}, nil
}

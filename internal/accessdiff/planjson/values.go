// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"encoding/json"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// isUnknown reports whether anything in a value is known only after apply.
func isUnknown(value any) bool {
	switch value := value.(type) {
	case bool:
		return value
	case []any:
		return slices.ContainsFunc(value, isUnknown)
	case map[string]any:
		for _, element := range value {
			if isUnknown(element) {
				return true
			}
		}
	}
	return false
}

// isUnknown reports whether anything in an attribute is known only after apply.
func (v *values) isUnknown(attribute string) bool { return isUnknown(v.unknown[attribute]) }

// text gives a known text, "" for null.
func (v *values) text(attribute string) string {
	text, _ := v.known[attribute].(string)
	return text
}

func (v *values) flag(attribute string) bool {
	flag, _ := v.known[attribute].(bool)
	return flag
}

func (v *values) number(attribute string) int64 {
	number, _ := numberIn(v.known[attribute])
	return number
}

func numberIn(value any) (int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	whole, err := number.Int64()
	return whole, err == nil
}

// texts gives the known texts of a list, and how many of its elements are not known; whole is false where
// not even their number is.
func (v *values) texts(attribute string) (known []string, unknown int, whole bool) {
	if open, ok := v.unknown[attribute].(bool); ok && open {
		return nil, 0, false
	}
	list, _ := v.known[attribute].([]any)
	open, _ := v.unknown[attribute].([]any)
	for i, element := range list {
		text, ok := element.(string)
		switch {
		case i < len(open) && isUnknown(open[i]):
			unknown++
		case ok:
			known = append(known, text)
		}
	}
	return known, unknown, true
}

// textsIn gives the elements of a list; false where one is no text.
func textsIn(value any) ([]string, bool) {
	list, ok := value.([]any)
	texts := make([]string, 0, len(list))
	for _, element := range list {
		text, isText := element.(string)
		if !isText {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, ok
}

// statements gives what a policy says; false where that is not known.
func (v *values) statements() ([]lakefspolicy.Statement, bool) {
	if v.isUnknown("document") || v.isUnknown("statement") {
		return nil, false
	}
	if document := v.text("document"); document != "" {
		parsed, err := lakefspolicy.ParseDocument([]byte(document))
		return parsed.Statements, err == nil
	}
	list, _ := v.known["statement"].([]any)
	statements := make([]lakefspolicy.Statement, 0, len(list))
	for _, element := range list {
		object, _ := element.(map[string]any)
		effect, ok1 := object["effect"].(string)
		actions, ok2 := textsIn(object["actions"])
		resources, ok3 := textsIn(object["resources"])
		condition, ok4 := conditionIn(object["condition"])
		if !ok1 || !ok2 || !ok3 || !ok4 {
			return nil, false
		}
		statements = append(statements, lakefspolicy.Statement{Effect: effect, Actions: actions, Resources: resources, Condition: condition})
	}
	return statements, true
}

func conditionIn(value any) (lakefspolicy.Condition, bool) {
	if value == nil {
		return nil, true
	}
	operators, ok := value.(map[string]any)
	if !ok {
		return nil, false
	}
	condition := lakefspolicy.Condition{}
	for operator, inner := range operators {
		fields, ok := inner.(map[string]any)
		if !ok {
			return nil, false
		}
		condition[operator] = map[string][]string{}
		for field, list := range fields {
			if condition[operator][field], ok = textsIn(list); !ok {
				return nil, false
			}
		}
	}
	return condition, true
}

// capabilities gives what a group of CDF grants; false where that is not known.
func (v *values) capabilities() ([]cdfcapability.Capability, bool) {
	if v.isUnknown("capabilities_json") || v.isUnknown("capability") {
		return nil, false
	}
	if text := v.text("capabilities_json"); text != "" {
		list, err := cdfcapability.ParseList([]byte(text))
		return list, err == nil
	}
	blocks, _ := v.known["capability"].([]any)
	capabilities := make([]cdfcapability.Capability, 0, len(blocks))
	for _, element := range blocks {
		block, _ := element.(map[string]any)
		acl, ok1 := block["acl"].(string)
		actions, ok2 := textsIn(block["actions"])
		scopes, ok3 := block["scope"].([]any)
		if !ok1 || !ok2 || !ok3 || len(scopes) != 1 {
			return nil, false
		}
		object, _ := scopes[0].(map[string]any)
		scope, ok := scopeIn(object, acl)
		if !ok {
			return nil, false
		}
		capabilities = append(capabilities, cdfcapability.Capability{ACL: acl, Actions: actions, Scope: scope})
	}
	return capabilities, true
}

// scopeIn reads a scope block of an ACL.
func scopeIn(block map[string]any, acl string) (cdfcapability.Scope, bool) {
	var argument string
	for name, value := range block {
		if value != nil {
			argument = name
		}
	}
	if argument == "json" {
		text, _ := block[argument].(string)
		list, err := cdfcapability.ParseList([]byte(`[{"anyAcl":{"actions":[],"scope":` + text + `}}]`))
		if err != nil || len(list) != 1 {
			return cdfcapability.Scope{}, false
		}
		return list[0].Scope, true
	}
	name, ok := cdfcapability.ScopeNameFor(argument, acl)
	kind, known := cdfcapability.LookUpScope(name)
	scope := cdfcapability.Scope{Name: name}
	if !ok || !known {
		return scope, false
	}
	switch kind.Values {
	case cdfcapability.Numbers:
		scope.IDs, ok = numbersIn(block[argument])
	case cdfcapability.Texts:
		scope.Texts, ok = textsIn(block[argument])
	case cdfcapability.Tables:
		scope.Tables, ok = tablesIn(block[argument])
	}
	return scope, ok
}

func numbersIn(value any) ([]int64, bool) {
	list, ok := value.([]any)
	numbers := make([]int64, 0, len(list))
	for _, element := range list {
		number, whole := numberIn(element)
		if !whole {
			return nil, false
		}
		numbers = append(numbers, number)
	}
	return numbers, ok
}

func tablesIn(value any) (map[string][]string, bool) {
	databases, ok := value.(map[string]any)
	tables := make(map[string][]string, len(databases))
	for database, list := range databases {
		if tables[database], ok = textsIn(list); !ok {
			return nil, false
		}
	}
	return tables, ok
}

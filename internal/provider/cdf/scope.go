// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// The Terraform types of what a scope may hold.
var (
	numbersType = types.ListType{ElemType: types.NumberType}
	textsType   = types.ListType{ElemType: types.StringType}
	tablesType  = types.MapType{ElemType: textsType}
)

// scopeArgument is one of the arguments of a `scope` block, of which each block
// sets exactly one.
type scopeArgument struct {
	name        string
	kind        attr.Type
	description string
}

// scopeArguments lists them in the order of the documentation. The algebra knows
// which scope of the API each stands for.
var scopeArguments = []scopeArgument{
	{"all", types.BoolType, "`true`: everything of the kind in the project"},
	{"current_user", types.BoolType, "`true`: what belongs to the caller, for `groupsAcl` the groups it is in"},
	{"data_set_ids", numbersType, "ids of data sets"},
	{"ids", numbersType, "ids of the objects themselves (time series, security categories, data sets, extraction pipelines, location filters)"},
	{"extraction_pipeline_ids", numbersType, "ids of extraction pipelines"},
	{"asset_root_ids", numbersType, "ids of root assets"},
	{"partition_ids", numbersType, "ids of seismic partitions"},
	{"tables", tablesType, "for `rawAcl`, a map from a database to its tables; `[]` is the whole database"},
	{"space_ids", textsType, "ids of spaces"},
	{"instances", textsType, "SAP instances"},
	{"usernames", textsType, "names of users of the Postgres gateway"},
	{"experiments", textsType, "experiments"},
	{"apps", textsType, "apps, today `SEARCH`"},
	{"app_external_ids", textsType, "external ids of apps"},
	{"agent_external_ids", textsType, "external ids of agents"},
	{"json", types.StringType, "the scope as the API has it, for one that the provider does not know, such as `jsonencode({ newScope = { ids = [1] } })`"},
}

// scopeType is the type of the one element of the list `scope`: an attribute that
// is a list of objects is written as blocks.
var scopeType = types.ObjectType{AttrTypes: scopeAttrTypes()}

func scopeAttrTypes() map[string]attr.Type {
	kinds := make(map[string]attr.Type, len(scopeArguments))
	for _, argument := range scopeArguments {
		kinds[argument.name] = argument.kind
	}
	return kinds
}

// describeScope lists the arguments of a scope for the documentation.
func describeScope() string {
	texts := make([]string, len(scopeArguments))
	for i, argument := range scopeArguments {
		texts[i] = fmt.Sprintf("`%s` (%s)", argument.name, argument.description)
	}
	return strings.Join(texts, ", ")
}

// isSet tells whether an argument of a scope is given, perhaps with a value that is
// not known yet.
func isSet(value attr.Value) bool { return value != nil && !value.IsNull() }

// setArguments names the arguments that a scope sets.
func setArguments(scope types.Object) []string {
	var names []string
	for _, argument := range scopeArguments {
		if isSet(scope.Attributes()[argument.name]) {
			names = append(names, argument.name)
		}
	}
	return names
}

// scopeIn reads a scope of an ACL. It answers false while it is unknown or where it
// is not valid, which is reported elsewhere.
func scopeIn(object types.Object, acl string) (cdfcapability.Scope, bool) {
	names := setArguments(object)
	if len(names) != 1 {
		return cdfcapability.Scope{}, false
	}
	value := object.Attributes()[names[0]]
	if names[0] == "json" {
		return scopeInJSON(value)
	}
	name, ok := cdfcapability.ScopeNameFor(names[0], acl)
	scope := cdfcapability.Scope{Name: name}
	if !ok {
		return scope, false
	}
	switch value := value.(type) {
	case types.Bool:
		return scope, value.ValueBool()
	case types.Map:
		scope.Tables, ok = tablesIn(value)
	case types.List:
		if scopeType.AttrTypes[names[0]].Equal(numbersType) {
			scope.IDs, ok = idsIn(value)
		} else {
			scope.Texts, ok = textsIn(value)
		}
	}
	return scope, ok
}

// scopeInJSON reads a scope in the API's own form.
func scopeInJSON(value attr.Value) (cdfcapability.Scope, bool) {
	text, ok := value.(types.String)
	if !ok || text.IsUnknown() {
		return cdfcapability.Scope{}, false
	}
	scope, err := parseScope(text.ValueString(), cdfcapability.ParseList)
	return scope, err == nil
}

// parse reads a list of capabilities in the API's shape.
type parse func(text []byte) ([]cdfcapability.Capability, error)

// anyACL stands for the ACL where a scope is read or written by itself, and anyPath leads
// to its object in a list.
const (
	anyACL  = "anyAcl"
	anyPath = "[0]." + anyACL + "."
)

// parseScope reads a scope in the API's own form, by the rules for a capability.
func parseScope(text string, list parse) (cdfcapability.Scope, error) {
	if !json.Valid([]byte(text)) {
		return cdfcapability.Scope{}, fmt.Errorf("it is not valid JSON")
	}
	capabilities, err := list([]byte(`[{"` + anyACL + `":{"actions":[],"scope":` + text + `}}]`))
	if err != nil {
		return cdfcapability.Scope{}, fmt.Errorf("%s", strings.TrimPrefix(err.Error(), anyPath))
	}
	return capabilities[0].Scope, nil
}

// textsIn reads a list of strings. It answers false while anything in it is
// unknown, or null.
func textsIn(list types.List) ([]string, bool) {
	texts := []string{}
	for _, element := range list.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() || text.IsNull() {
			return nil, false
		}
		texts = append(texts, text.ValueString())
	}
	return texts, !list.IsUnknown()
}

// idsIn reads a list of ids, likewise.
func idsIn(list types.List) ([]int64, bool) {
	ids := []int64{}
	for _, element := range list.Elements() {
		number, ok := element.(types.Number)
		if !ok || number.IsUnknown() || number.IsNull() {
			return nil, false
		}
		id, ok := wholeNumber(number.ValueBigFloat())
		if !ok {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, !list.IsUnknown()
}

// wholeNumber is a number as an id: whole, and of 64 bits.
func wholeNumber(number *big.Float) (int64, bool) {
	id, accuracy := number.Int64()
	return id, accuracy == big.Exact
}

// tablesIn reads a map of databases, likewise.
func tablesIn(value types.Map) (map[string][]string, bool) {
	if value.IsUnknown() {
		return nil, false
	}
	databases := make(map[string][]string, len(value.Elements()))
	for database, element := range value.Elements() {
		list, ok := element.(types.List)
		if !ok || list.IsNull() {
			return nil, false
		}
		if databases[database], ok = textsIn(list); !ok {
			return nil, false
		}
	}
	return databases, true
}

// scopeValue writes a scope of an ACL as the one element of `scope`. It answers
// false for one that no argument can hold whole.
func scopeValue(scope cdfcapability.Scope, acl string) (attr.Value, bool) {
	attributes := make(map[string]attr.Value, len(scopeArguments))
	for _, argument := range scopeArguments {
		attributes[argument.name] = nullOf(argument.kind)
	}
	name := cdfcapability.Argument(scope.Name)
	// The argument of an ACL that is not known to take this scope may stand for
	// another one: "ids" for idScope instead of idscope.
	stands, _ := cdfcapability.ScopeNameFor(name, acl)
	switch {
	case len(scope.Beside) > 0:
		return nil, false
	case stands != scope.Name || len(scope.Extra) > 0:
		encoded, err := encodeScope(scope)
		if err != nil {
			return nil, false
		}
		attributes["json"] = types.StringValue(encoded)
	case scopeType.AttrTypes[name].Equal(types.BoolType):
		attributes[name] = types.BoolValue(true)
	case scopeType.AttrTypes[name].Equal(tablesType):
		attributes[name] = tablesValue(scope.Tables)
	case scopeType.AttrTypes[name].Equal(numbersType):
		attributes[name] = numbersValue(scope.IDs)
	default:
		attributes[name] = textsValue(scope.Texts)
	}
	return types.ObjectValueMust(scopeType.AttrTypes, attributes), true
}

// encodeScope writes a scope in the API's own form.
func encodeScope(scope cdfcapability.Scope) (string, error) {
	encoded, err := json.Marshal(cdfcapability.Capability{ACL: anyACL, Actions: []string{}, Scope: scope})
	if err != nil {
		return "", err
	}
	var whole map[string]struct {
		Scope json.RawMessage `json:"scope"`
	}
	err = json.Unmarshal(encoded, &whole)
	return string(whole[anyACL].Scope), err
}

// nullOf is the null value of one of the types of scopeArguments.
func nullOf(kind attr.Type) attr.Value {
	switch kind := kind.(type) {
	case types.ListType:
		return types.ListNull(kind.ElemType)
	case types.MapType:
		return types.MapNull(kind.ElemType)
	}
	if kind.Equal(types.BoolType) {
		return types.BoolNull()
	}
	return types.StringNull()
}

func textsValue(texts []string) types.List {
	values := make([]attr.Value, len(texts))
	for i, text := range texts {
		values[i] = types.StringValue(text)
	}
	return types.ListValueMust(types.StringType, values)
}

func numbersValue(ids []int64) types.List {
	values := make([]attr.Value, len(ids))
	for i, id := range ids {
		values[i] = types.NumberValue(new(big.Float).SetInt64(id))
	}
	return types.ListValueMust(types.NumberType, values)
}

func tablesValue(tables map[string][]string) types.Map {
	values := make(map[string]attr.Value, len(tables))
	for _, database := range slices.Sorted(maps.Keys(tables)) {
		values[database] = textsValue(tables[database])
	}
	return types.MapValueMust(textsType, values)
}

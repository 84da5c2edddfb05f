// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// numberPrecision is the precision in which Terraform itself reads numbers, in bits.
const numberPrecision = 512

// JSONOf writes a dynamic value as JSON, whatever of Terraform's types it came as:
// literals are tuples and objects, converted values lists, sets and maps. Numbers
// stay exact.
func JSONOf(value attr.Value) ([]byte, error) {
	tree, err := treeOf(value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

func treeOf(value attr.Value) (any, error) {
	if value == nil || value.IsNull() {
		return nil, nil //nolint:nilnil // the JSON value null
	}
	switch value := value.(type) {
	case types.Dynamic:
		return treeOf(value.UnderlyingValue())
	case types.String:
		return value.ValueString(), nil
	case types.Bool:
		return value.ValueBool(), nil
	case types.Number:
		return json.Number(value.ValueBigFloat().Text('f', -1)), nil
	case types.Tuple:
		return treesOf(value.Elements())
	case types.List:
		return treesOf(value.Elements())
	case types.Set:
		return treesOf(value.Elements())
	case types.Map:
		return membersOf(value.Elements())
	case types.Object:
		return membersOf(value.Attributes())
	}
	return nil, fmt.Errorf("a value is of a type that JSON does not have: %T", value)
}

func treesOf(values []attr.Value) (any, error) {
	trees := make([]any, len(values))
	for i, value := range values {
		var err error
		if trees[i], err = treeOf(value); err != nil {
			return nil, err
		}
	}
	return trees, nil
}

func membersOf(values map[string]attr.Value) (any, error) {
	members := make(map[string]any, len(values))
	for name, value := range values {
		var err error
		if members[name], err = treeOf(value); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// DynamicOf reads JSON as the value that Terraform's jsondecode would make of it.
func DynamicOf(ctx context.Context, text []byte) (types.Dynamic, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return types.DynamicNull(), err
	}
	value, err := valueOf(ctx, tree)
	return types.DynamicValue(value), err
}

func valueOf(ctx context.Context, tree any) (attr.Value, error) {
	switch tree := tree.(type) {
	case string:
		return types.StringValue(tree), nil
	case bool:
		return types.BoolValue(tree), nil
	case json.Number:
		number, _, err := big.ParseFloat(tree.String(), 10, numberPrecision, big.ToNearestEven)
		return types.NumberValue(number), err
	case []any:
		values, kinds := make([]attr.Value, len(tree)), make([]attr.Type, len(tree))
		for i, element := range tree {
			var err error
			if values[i], err = valueOf(ctx, element); err != nil {
				return nil, err
			}
			kinds[i] = values[i].Type(ctx)
		}
		return types.TupleValueMust(kinds, values), nil
	case map[string]any:
		values, kinds := make(map[string]attr.Value, len(tree)), make(map[string]attr.Type, len(tree))
		for name, member := range tree {
			var err error
			if values[name], err = valueOf(ctx, member); err != nil {
				return nil, err
			}
			kinds[name] = values[name].Type(ctx)
		}
		return types.ObjectValueMust(kinds, values), nil
	}
	return types.DynamicNull(), nil
}

// SetResult returns JSON as the value of a function.
func SetResult(ctx context.Context, text []byte, resp *function.RunResponse) {
	result, err := DynamicOf(ctx, text)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = function.ConcatFuncErrors(resp.Error, resp.Result.Set(ctx, result))
}

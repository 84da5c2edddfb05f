// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Literal encodes a decoded JSON value as an argument of a function, of the types that
// Terraform gives to what is written in a configuration.
func Literal(t *testing.T, value any) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, LiteralValue(t, value))
	fatal(t, err)
	return &encoded
}

// LiteralValue makes tuples and objects of lists and maps.
func LiteralValue(t *testing.T, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case []any:
		values, kinds := make([]tftypes.Value, len(value)), make([]tftypes.Type, len(value))
		for i, element := range value {
			values[i] = LiteralValue(t, element)
			kinds[i] = values[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: kinds}, values)
	case map[string]any:
		values, kinds := make(map[string]tftypes.Value, len(value)), make(map[string]tftypes.Type, len(value))
		for name, member := range value {
			values[name] = LiteralValue(t, member)
			kinds[name] = values[name].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values)
	case json.Number:
		number, _, err := big.ParseFloat(value.String(), 10, 512, big.ToNearestEven)
		fatal(t, err)
		return tftypes.NewValue(tftypes.Number, number)
	case nil:
		return tftypes.NewValue(tftypes.DynamicPseudoType, nil) // as Terraform sends a null without a type
	case string:
		return tftypes.NewValue(tftypes.String, value)
	case bool:
		return tftypes.NewValue(tftypes.Bool, value)
	}
	t.Fatalf("this test makes no value of a %T", value)
	return tftypes.Value{}
}

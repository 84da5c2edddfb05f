// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// A block as configured: a name, texts, and blocks within it.
var (
	innerType = types.ObjectType{AttrTypes: map[string]attr.Type{"size": types.Int64Type}}
	outerType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name": types.StringType, "texts": types.ListType{ElemType: types.StringType}, "inner": types.ListType{ElemType: innerType},
	}}
	texts = types.ListValueMust(types.StringType, []attr.Value{types.StringUnknown()})
)

func outer(name types.String, texts types.List, inner ...attr.Value) attr.Value {
	return types.ObjectValueMust(outerType.AttrTypes, map[string]attr.Value{
		"name": name, "texts": texts, "inner": types.ListValueMust(innerType, inner),
	})
}

func inner(size types.Int64) attr.Value {
	return types.ObjectValueMust(innerType.AttrTypes, map[string]attr.Value{"size": size})
}

func TestHasUnknownCount(t *testing.T) {
	t.Parallel()
	none, unknownTexts := types.ListNull(types.StringType), types.ListUnknown(types.StringType)
	for name, test := range map[string]struct {
		block attr.Value
		want  bool
	}{
		"all known":                             {outer(types.StringValue("a"), none, inner(types.Int64Value(1))), false},
		"name known":                            {outer(types.StringValue("a"), unknownTexts, inner(types.Int64Unknown())), false},
		"one of the texts unknown":              {outer(types.StringUnknown(), texts, inner(types.Int64Unknown())), false},
		"name and texts unknown":                {outer(types.StringUnknown(), unknownTexts), true},
		"name unknown, no texts":                {outer(types.StringUnknown(), none), true},
		"all unknown, also within":              {outer(types.StringUnknown(), unknownTexts, inner(types.Int64Unknown())), true},
		"all unknown, something known within":   {outer(types.StringUnknown(), unknownTexts, inner(types.Int64Value(1))), false},
		"all unknown, known and unknown within": {outer(types.StringUnknown(), none, inner(types.Int64Unknown()), inner(types.Int64Value(1))), false},
		"the block itself":                      {types.ObjectUnknown(outerType.AttrTypes), true},
		"no block":                              {types.ObjectNull(outerType.AttrTypes), false},
	} {
		known := outer(types.StringValue("before"), none)
		list := types.ListValueMust(outerType, []attr.Value{known, test.block})
		if got := entity.HasUnknownCount(list); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
	for name, list := range map[string]types.List{
		"empty": types.ListValueMust(outerType, nil), "null": types.ListNull(outerType), "unknown as a whole": types.ListUnknown(outerType),
	} {
		if entity.HasUnknownCount(list) {
			t.Errorf("%s: true, want false", name)
		}
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value attr.Value
		want  bool
	}{
		"a value": {types.StringValue(""), true}, "null": {types.StringNull(), false}, "unknown": {types.StringUnknown(), false}, "a list of unknowns": {texts, true},
	} {
		if got := entity.Known(test.value); got != test.want {
			t.Errorf("%s: %t, want %t", name, got, test.want)
		}
	}
}

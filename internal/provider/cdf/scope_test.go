// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// Every scope of the catalogue has an argument whose type is what it lists, and
// every argument stands for a scope.
func TestScopeArguments(t *testing.T) {
	t.Parallel()
	kinds := map[cdfcapability.Values]attr.Type{
		cdfcapability.NoValues: types.BoolType, cdfcapability.Numbers: numbersType, cdfcapability.Texts: textsType, cdfcapability.Tables: tablesType,
	}
	used := map[string]bool{"json": true}
	for _, scope := range cdfcapability.ScopeKinds() {
		name := cdfcapability.Argument(scope.Name)
		used[name] = true
		if kind := scopeType.AttrTypes[name]; name != "json" && (kind == nil || !kind.Equal(kinds[scope.Values])) {
			t.Errorf("the argument %q of the scope %q is a %v, want a %v", name, scope.Name, kind, kinds[scope.Values])
		}
	}
	for _, argument := range scopeArguments {
		if !used[argument.name] {
			t.Errorf("the argument %q stands for no scope", argument.name)
		}
		if !strings.Contains(describeScope(), "`"+argument.name+"` (") {
			t.Errorf("the argument %q is not described", argument.name)
		}
	}
}

// scopes generates scopes of every kind, known or not.
func scopes() *rapid.Generator[cdfcapability.Scope] {
	names := []string{"newScope", "dataSetScope"}
	for _, kind := range cdfcapability.ScopeKinds() {
		names = append(names, kind.Name)
	}
	texts := rapid.SliceOf(rapid.String())
	members := rapid.MapOf(rapid.StringMatching(`x[a-z]{1,3}`), rapid.SampledFrom([]json.RawMessage{
		json.RawMessage(`null`), json.RawMessage(`1.50`), json.RawMessage(`{"a":["b"]}`),
	}))
	return rapid.Custom(func(t *rapid.T) cdfcapability.Scope {
		scope := cdfcapability.Scope{Name: rapid.SampledFrom(names).Draw(t, "name")}
		kind, known := cdfcapability.LookUpScope(scope.Name)
		if !known {
			scope.Raw = json.RawMessage(`{"deep":[1.50,null]}`)
			return scope
		}
		switch kind.Values {
		case cdfcapability.Numbers:
			scope.IDs = rapid.SliceOf(rapid.Int64()).Draw(t, "ids")
		case cdfcapability.Texts:
			scope.Texts = texts.Draw(t, "texts")
		case cdfcapability.Tables:
			scope.Tables = rapid.MapOf(rapid.String(), texts).Draw(t, "tables")
		}
		switch rapid.IntRange(0, 9).Draw(t, "odd") {
		case 0:
			scope.Extra = members.Draw(t, "extra")
		case 1:
			scope.Beside = members.Draw(t, "beside")
		}
		return scope
	})
}

// capabilities generates capabilities, each of a known ACL with one of its scopes or
// of anything.
func capabilities() *rapid.Generator[cdfcapability.Capability] {
	acls := []string{"newAcl"}
	for _, acl := range cdfcapability.ACLs() {
		acls = append(acls, acl.Name)
	}
	return rapid.Custom(func(t *rapid.T) cdfcapability.Capability {
		capability := cdfcapability.Capability{
			ACL:     rapid.SampledFrom(acls).Draw(t, "acl"),
			Actions: rapid.SliceOfN(rapid.SampledFrom([]string{"READ", "WRITE", "INVENT"}), 1, 4).Draw(t, "actions"),
			Scope:   scopes().Draw(t, "scope"),
		}
		if rapid.IntRange(0, 9).Draw(t, "odd") == 0 {
			capability.Siblings = map[string]json.RawMessage{"projectUrlNames": json.RawMessage(`{"urlNames":["a"]}`)}
		}
		return capability
	})
}

// What blocks hold is read as it was written, and what they cannot hold whole is
// not written.
func TestCapabilitiesKeepTheirMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := []cdfcapability.Capability{capabilities().Draw(t, "capability")}
		list, whole := capabilityList(want)
		if lossy := len(want[0].Siblings) > 0 || len(want[0].Scope.Beside) > 0; whole == lossy {
			t.Fatalf("written whole: %t, want %t", whole, !lossy)
		}
		if !whole {
			if len(list.Elements()) > 0 {
				t.Fatalf("a part was written: %s", list)
			}
			return
		}
		got, known := capabilitiesIn(list)
		if !known {
			t.Fatalf("%s cannot be read back", list)
		}
		if !cdfcapability.Equal(want, got) {
			t.Fatalf("%s was read back with another meaning: %s", encodedList(t, want), encodedList(t, got))
		}
		if again, _ := capabilityList(got); !again.Equal(list) {
			t.Fatalf("written once %s, and twice %s", list, again)
		}
	})
}

func encodedList(t *rapid.T, list []cdfcapability.Capability) string {
	encoded, err := cdfcapability.EncodeList(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// scopeWith is a scope with some arguments; the others are null.
func scopeWith(arguments map[string]attr.Value) types.Object {
	attributes := map[string]attr.Value{}
	for _, argument := range scopeArguments {
		attributes[argument.name] = nullOf(argument.kind)
	}
	maps.Copy(attributes, arguments)
	return types.ObjectValueMust(scopeType.AttrTypes, attributes)
}

func listValue(values ...attr.Value) types.List {
	return types.ListValueMust(values[0].Type(nil), values) //nolint:staticcheck // the context of a type is not used
}

// What is unknown or makes no sense is no scope yet.
func TestScopeIn(t *testing.T) {
	t.Parallel()
	number := func(text string) types.Number {
		value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		return types.NumberValue(value)
	}
	for name, test := range map[string]struct {
		arguments map[string]attr.Value
		acl       string
		want      *cdfcapability.Scope
	}{
		"nothing":            {nil, "assetsAcl", nil},
		"all":                {map[string]attr.Value{"all": types.BoolValue(true)}, "assetsAcl", &cdfcapability.Scope{Name: "all"}},
		"off":                {map[string]attr.Value{"all": types.BoolValue(false)}, "assetsAcl", nil},
		"unknown whether":    {map[string]attr.Value{"all": types.BoolUnknown()}, "assetsAcl", nil},
		"two":                {map[string]attr.Value{"all": types.BoolValue(true), "current_user": types.BoolValue(true)}, "groupsAcl", nil},
		"ids, as idscope":    {map[string]attr.Value{"ids": listValue(number("1"))}, "timeSeriesAcl", &cdfcapability.Scope{Name: "idscope", IDs: []int64{1}}},
		"ids, as idScope":    {map[string]attr.Value{"ids": listValue(number("1"))}, "dataSetsAcl", &cdfcapability.Scope{Name: "idScope", IDs: []int64{1}}},
		"ids of a new ACL":   {map[string]attr.Value{"ids": listValue(number("1"))}, "newAcl", &cdfcapability.Scope{Name: "idScope", IDs: []int64{1}}},
		"largest id":         {map[string]attr.Value{"data_set_ids": listValue(number(fmt.Sprint(math.MaxInt64)))}, "assetsAcl", &cdfcapability.Scope{Name: "datasetScope", IDs: []int64{math.MaxInt64}}},
		"too large an id":    {map[string]attr.Value{"data_set_ids": listValue(number("9223372036854775808"))}, "assetsAcl", nil},
		"half an id":         {map[string]attr.Value{"data_set_ids": listValue(number("1.5"))}, "assetsAcl", nil},
		"null id":            {map[string]attr.Value{"data_set_ids": listValue(types.NumberNull())}, "assetsAcl", nil},
		"unknown id":         {map[string]attr.Value{"data_set_ids": listValue(number("1"), types.NumberUnknown())}, "assetsAcl", nil},
		"unknown ids":        {map[string]attr.Value{"data_set_ids": types.ListUnknown(types.NumberType)}, "assetsAcl", nil},
		"no ids":             {map[string]attr.Value{"data_set_ids": types.ListValueMust(types.NumberType, nil)}, "assetsAcl", &cdfcapability.Scope{Name: "datasetScope", IDs: []int64{}}},
		"null text":          {map[string]attr.Value{"space_ids": listValue(types.StringNull())}, "dataModelsAcl", nil},
		"unknown tables":     {map[string]attr.Value{"tables": types.MapUnknown(textsType)}, "rawAcl", nil},
		"null tables":        {map[string]attr.Value{"tables": types.MapValueMust(textsType, map[string]attr.Value{"db": types.ListNull(types.StringType)})}, "rawAcl", nil},
		"unknown table":      {map[string]attr.Value{"tables": types.MapValueMust(textsType, map[string]attr.Value{"db": listValue(types.StringUnknown())})}, "rawAcl", nil},
		"tables":             {map[string]attr.Value{"tables": tablesValue(map[string][]string{"db": {"t"}, "all": {}})}, "rawAcl", &cdfcapability.Scope{Name: "tableScope", Tables: map[string][]string{"db": {"t"}, "all": {}}}},
		"JSON":               {map[string]attr.Value{"json": types.StringValue(`{"newScope":{"a":1}}`)}, "assetsAcl", &cdfcapability.Scope{Name: "newScope", Raw: json.RawMessage(`{"a":1}`)}},
		"unknown JSON":       {map[string]attr.Value{"json": types.StringUnknown()}, "assetsAcl", nil},
		"JSON of two scopes": {map[string]attr.Value{"json": types.StringValue(`{"all":{},"datasetScope":{"ids":[1]}}`)}, "assetsAcl", nil},
		"JSON that ends it":  {map[string]attr.Value{"json": types.StringValue(`{"all":{}}}},{"b":{"actions":[],"scope":{"all":{}}`)}, "assetsAcl", nil},
	} {
		got, ok := scopeIn(scopeWith(test.arguments), test.acl)
		if ok != (test.want != nil) {
			t.Errorf("%s: read %t, want %t", name, ok, test.want != nil)
			continue
		}
		if test.want != nil {
			if diff := cmp.Diff(*test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// Typed results leave out what has no typed form, and only that.
func TestTypedList(t *testing.T) {
	t.Parallel()
	parsed, err := cdfcapability.ParseList([]byte(`[
	  {"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}},
	  {"eventsAcl":{"actions":["READ"],"scope":{"all":{}},"version":2}},
	  {"filesAcl":{"actions":["READ"],"scope":{"all":{},"new":{}}}},
	  {"newAcl":{"actions":["READ"],"scope":{"newScope":{"a":1}}}}]`))
	if err != nil {
		t.Fatal(err)
	}
	kept, known := capabilitiesIn(typedList(parsed))
	var acls []string
	for _, capability := range kept {
		acls = append(acls, capability.ACL)
	}
	if diff := cmp.Diff([]string{"newAcl"}, acls); diff != "" || !known {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestWithoutOwnProject(t *testing.T) {
	t.Parallel()
	for siblings, want := range map[string][]string{
		`"projectUrlNames":{"urlNames":["acme"]}`:                        nil,
		`"projectUrlNames": { "urlNames" : [ "acme" ] }`:                 nil,
		`"projectUrlNames":{"urlNames":["acme"]},"projectScope":{"a":1}`: {"projectScope"},
		`"projectUrlNames":{"urlNames":["other"]}`:                       {"projectUrlNames"},
		`"projectUrlNames":{"urlNames":["acme","other"]}`:                {"projectUrlNames"},
		`"projectUrlNames":{"urlNames":["acme"],"new":1}`:                {"projectUrlNames"},
	} {
		list, err := cdfcapability.ParseList([]byte(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},` + siblings + `}]`))
		if err != nil {
			t.Fatal(err)
		}
		got := slices.Sorted(maps.Keys(withoutOwnProject(list, "acme")[0].Siblings))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: siblings (-want +got):\n%s", siblings, diff)
		}
	}
}

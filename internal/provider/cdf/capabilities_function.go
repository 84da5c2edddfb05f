// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// capabilitiesFunction is provider::iam::cdf_capabilities.
type capabilitiesFunction struct{}

func newCapabilitiesFunction() function.Function { return capabilitiesFunction{} }

func (capabilitiesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cdf_capabilities"
}

func (capabilitiesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Turns capabilities of a Cognite Toolkit file into those of the API",
		MarkdownDescription: "Takes a list of CDF capabilities as a Cognite Toolkit file or the API has them and returns it in the normal shape of the API: " +
			"names are replaced by ids, ids are numbers, RAW tables are `{ db = { tables = [...] } }`. " +
			"The whole database is `[]`: tables that are null, as an empty line of YAML leaves them, and empty names are an error with their place. " +
			"Members that the API does not have are an error with their place, so that a misspelt one is not lost. " +
			"The result is a list for `jsonencode`, as `capabilities_json` of `iam_cdf_group` takes it, or for `cdf_missing_capabilities`.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "value",
				MarkdownDescription: "The list of capabilities, for example `yamldecode(file(\"group.yaml\")).capabilities`. " +
					"Each is an object such as `{ assetsAcl = { actions = [\"READ\"], scope = { datasetScope = { ids = [\"my_data_set\"] } } } }`.",
			},
			function.DynamicParameter{
				Name: "ids",
				MarkdownDescription: "The ids that names stand for, by kind: an object with any of `" + strings.Join(cdfcapability.NameKinds(), "`, `") + "`, each a map from a name to an id, " +
					"for example `{ data_sets = { my_data_set = 123 } }`. The names are external ids, for security categories their names. Use `{}` when there are none. A name without an id is an error with its place.",
			},
		},
		Return: function.DynamicReturn{},
	}
}

func (capabilitiesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var value, ids types.Dynamic
	resp.Error = function.ConcatFuncErrors(req.Arguments.Get(ctx, &value, &ids))
	if resp.Error != nil {
		return
	}
	names, err := namesIn(ids)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	list, err := entity.JSONOf(value)
	if err == nil {
		list, err = cdfcapability.ResolveNames(list, names)
	}
	if err == nil {
		list, err = normalCapabilities(list)
	}
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	entity.SetResult(ctx, list, resp)
}

// normalCapabilities reads capabilities strictly and writes them in the normal shape.
func normalCapabilities(list []byte) ([]byte, error) {
	capabilities, err := cdfcapability.ParseGrants(list)
	if err != nil {
		return nil, err
	}
	if err := cdfcapability.RefuseUnknownMembers(capabilities); err != nil {
		return nil, err
	}
	return cdfcapability.EncodeList(capabilities)
}

// namesIn reads the argument ids.
func namesIn(value types.Dynamic) (map[string]map[string]int64, error) {
	text, err := entity.JSONOf(value)
	if err != nil {
		return nil, err
	}
	var kinds map[string]map[string]*json.Number
	if err := json.Unmarshal(text, &kinds); err != nil {
		return nil, fmt.Errorf("write {}, or an object of maps from names to ids such as { data_sets = { my_data_set = 123 } }")
	}
	names := make(map[string]map[string]int64, len(kinds))
	for kind, ids := range kinds {
		if !slices.Contains(cdfcapability.NameKinds(), kind) {
			return nil, fmt.Errorf("%q is no kind of names. There are %s", kind, strings.Join(cdfcapability.NameKinds(), ", "))
		}
		names[kind] = make(map[string]int64, len(ids))
		for name, number := range ids {
			if number == nil {
				return nil, fmt.Errorf("%s[%q] is null: give it an id, or leave it out", kind, name)
			}
			if names[kind][name], err = strconv.ParseInt(number.String(), 10, 64); err != nil {
				return nil, fmt.Errorf("%s[%q]: %q is no id, which is a whole number of at most 64 bits", kind, name, number.String())
			}
		}
	}
	return names, nil
}

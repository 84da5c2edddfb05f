// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// missingCapabilitiesFunction is provider::iam::cdf_missing_capabilities.
type missingCapabilitiesFunction struct{}

func newMissingCapabilitiesFunction() function.Function { return missingCapabilitiesFunction{} }

func (missingCapabilitiesFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "cdf_missing_capabilities"
}

func (missingCapabilitiesFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Finds the CDF capabilities that others lack",
		MarkdownDescription: "Compares two lists of CDF capabilities in the shape of the API and returns what of the desired ones the existing ones do not grant: " +
			"one action, one scope and one id each, in canonical order. The rules are those of `compare_capabilities` of the Cognite Python SDK: " +
			"the scope `all` covers every scope of the same ACL and action, a whole RAW database covers its tables, `WRITE` of `dataModelInstancesAcl` covers `WRITE_PROPERTIES`, and nothing else covers anything but itself. " +
			"ACLs that CDF no longer uses are left out. Names that the provider does not know are compared as they are.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name: "existing",
				MarkdownDescription: "What is granted: a list of capabilities such as `[{ assetsAcl = { actions = [\"READ\"], scope = { all = {} } } }]`. " +
					"Those of a token inspection, with their `projectScope`, are looked at for the project of the options.",
			},
			function.DynamicParameter{
				Name:                "desired",
				MarkdownDescription: "What should be granted, likewise.",
			},
			function.DynamicParameter{
				Name: "options",
				MarkdownDescription: "`{}`, or an object with `project`, the project that entries with a `projectScope` are looked at for, " +
					"and `ignore_allscope_meaning`: `true` compares permissions one by one, so that nothing covers anything but itself.",
			},
		},
		Return: function.DynamicReturn{},
	}
}

func (missingCapabilitiesFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var arguments [3]types.Dynamic
	resp.Error = function.ConcatFuncErrors(req.Arguments.Get(ctx, &arguments[0], &arguments[1], &arguments[2]))
	if resp.Error != nil {
		return
	}
	var lists [2][]cdfcapability.Capability
	for i := range lists {
		text, err := entity.JSONOf(arguments[i])
		if err == nil {
			lists[i], err = cdfcapability.ParseList(text)
		}
		if err != nil {
			resp.Error = function.NewArgumentFuncError(int64(i), err.Error())
			return
		}
	}
	options, err := optionsIn(arguments[2])
	if err != nil {
		resp.Error = function.NewArgumentFuncError(2, err.Error())
		return
	}
	missing, _, err := cdfcapability.Missing(lists[0], lists[1], options)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	text, err := cdfcapability.EncodeList(missing)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	entity.SetResult(ctx, text, resp)
}

// optionsIn reads the argument options. A misspelt one would be lost silently.
func optionsIn(value types.Dynamic) (cdfcapability.Options, error) {
	var options struct {
		Project               string `json:"project"`
		IgnoreAllScopeMeaning bool   `json:"ignore_allscope_meaning"`
	}
	text, err := entity.JSONOf(value)
	if err != nil {
		return cdfcapability.Options{}, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&options) != nil || len(text) == 0 || text[0] != '{' {
		return cdfcapability.Options{}, errors.New("write {}, or an object with project (a text) and ignore_allscope_meaning (true or false), and nothing else")
	}
	return cdfcapability.Options(options), nil
}

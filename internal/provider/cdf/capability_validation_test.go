// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// What is said of a capability block points at the argument that it is about.
func TestCapabilityCheckPoints(t *testing.T) {
	t.Parallel()
	right := map[string]attr.Value{"all": types.BoolValue(true)}
	tests := map[string]struct {
		acl, action string
		scope       map[string]attr.Value
		want        string
	}{
		"unknown ACL":          {"timeSeries", "READ", right, `capability[1].acl: Unknown ACL`},
		"unknown action":       {"assetsAcl", "REED", right, `capability[1].actions: Unknown action`},
		"scope of another ACL": {"assetsAcl", "READ", map[string]attr.Value{"space_ids": listValue(types.StringValue("a"))}, `capability[1].scope[0].space_ids: Scope not taken by the ACL`},
		"unknown scope":        {"assetsAcl", "READ", map[string]attr.Value{"json": types.StringValue(`{"newScope":{}}`)}, `capability[1].scope[0].json: Unknown scope`},
		"nothing":              {"assetsAcl", "READ", map[string]attr.Value{"data_set_ids": types.ListValueMust(types.NumberType, nil)}, `capability[1].acl: Capability without effect`},
		"empty action":         {"assetsAcl", "", right, `capability[1].actions[0]: Empty text in actions`},
		"empty text":           {"dataModelsAcl", "READ", map[string]attr.Value{"space_ids": listValue(types.StringValue(""))}, `capability[1].scope[0].space_ids[0]: Empty text in space_ids`},
		"empty table":          {"rawAcl", "READ", map[string]attr.Value{"tables": tablesValue(map[string][]string{"db": {""}})}, `capability[1].scope[0].tables["db"][0]: Empty text in the tables of db`},
		"empty database":       {"rawAcl", "READ", map[string]attr.Value{"tables": tablesValue(map[string][]string{"": {}})}, `capability[1].scope[0].tables[""]: Database without a name`},
	}
	for name, test := range tests {
		block := func(acl, action string, scope map[string]attr.Value) attr.Value {
			return types.ObjectValueMust(capabilityType.AttrTypes, map[string]attr.Value{
				"acl": types.StringValue(acl), "actions": textsValue([]string{action}),
				"scope": types.ListValueMust(scopeType, []attr.Value{scopeWith(scope)}),
			})
		}
		check := &capabilityCheck{object: "Group", argument: "capability", parse: cdfcapability.ParseGrants}
		check.list(types.ListValueMust(capabilityType, []attr.Value{block("assetsAcl", "READ", right), block(test.acl, test.action, test.scope)}))
		var got []string
		for _, d := range check.diags {
			if at, ok := d.(diag.DiagnosticWithPath); ok {
				got = append(got, at.Path().String()+": "+d.Summary())
			}
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

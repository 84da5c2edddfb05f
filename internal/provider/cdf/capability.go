// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"bytes"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// capabilityType is the type of an element of the list `capability`.
var capabilityType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"acl":     types.StringType,
	"actions": textsType,
	"scope":   types.ListType{ElemType: scopeType},
}}

// describeCapability is the part of a description that says what a capability is.
func describeCapability() string {
	return "Each has `acl` (for example `assetsAcl`), `actions` (for example `READ` and `WRITE`) and one block `scope`, " +
		"which sets exactly one of " + describeScope() + "."
}

// noCapabilities is the value of `capability` where `capabilities_json` is used. It
// is empty rather than null, because Terraform lets a provider keep only a prior
// value that is not null.
func noCapabilities() types.List {
	return types.ListValueMust(capabilityType, []attr.Value{})
}

// capabilitiesIn reads the value of `capability`. It answers false while anything
// in it is unknown or not valid.
func capabilitiesIn(list types.List) ([]cdfcapability.Capability, bool) {
	if list.IsUnknown() {
		return nil, false
	}
	capabilities := make([]cdfcapability.Capability, len(list.Elements()))
	for i, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok || !entity.Known(object) {
			return nil, false
		}
		if capabilities[i], ok = capabilityIn(object); !ok {
			return nil, false
		}
	}
	return capabilities, true
}

func capabilityIn(object types.Object) (cdfcapability.Capability, bool) {
	attributes := object.Attributes()
	acl, ok := attributes["acl"].(types.String)
	if !ok || !entity.Known(acl) {
		return cdfcapability.Capability{}, false
	}
	capability := cdfcapability.Capability{ACL: acl.ValueString()}
	actions, ok := attributes["actions"].(types.List)
	if !ok || actions.IsNull() {
		return capability, false
	}
	if capability.Actions, ok = textsIn(actions); !ok {
		return capability, false
	}
	scope, ok := theScope(object)
	if !ok {
		return capability, false
	}
	capability.Scope, ok = scopeIn(scope, capability.ACL)
	return capability, ok
}

// theScope is the one scope of a capability. It answers false while there is none.
func theScope(capability types.Object) (types.Object, bool) {
	scopes, ok := capability.Attributes()["scope"].(types.List)
	if !ok || len(scopes.Elements()) != 1 {
		return types.Object{}, false
	}
	scope, ok := scopes.Elements()[0].(types.Object)
	return scope, ok && entity.Known(scope)
}

// capabilityList writes capabilities as the value of `capability`. It answers false
// where one of them cannot be written so without loss.
func capabilityList(capabilities []cdfcapability.Capability) (types.List, bool) {
	values := make([]attr.Value, len(capabilities))
	for i, capability := range capabilities {
		if len(capability.Siblings) > 0 || len(capability.Extra) > 0 {
			return noCapabilities(), false
		}
		scope, ok := scopeValue(capability.Scope, capability.ACL)
		if !ok {
			return noCapabilities(), false
		}
		values[i] = types.ObjectValueMust(capabilityType.AttrTypes, map[string]attr.Value{
			"acl":     types.StringValue(capability.ACL),
			"actions": textsValue(capability.Actions),
			"scope":   types.ListValueMust(scopeType, []attr.Value{scope}),
		})
	}
	return types.ListValueMust(capabilityType, values), true
}

// typedList is capabilityList for answers of the server: what has no typed form, such
// as an entry that is limited to projects, is left to the JSON form beside it.
func typedList(capabilities []cdfcapability.Capability) types.List {
	values := []attr.Value{}
	for _, capability := range capabilities {
		if list, ok := capabilityList([]cdfcapability.Capability{capability}); ok {
			values = append(values, list.Elements()...)
		}
	}
	return types.ListValueMust(capabilityType, values)
}

// encodeCapabilities writes capabilities in the API's shape.
func encodeCapabilities(capabilities []cdfcapability.Capability) (types.String, error) {
	encoded, err := cdfcapability.EncodeList(capabilities)
	return types.StringValue(string(encoded)), err
}

// permissionsValue is the value of `permissions`.
func permissionsValue(capabilities []cdfcapability.Capability) types.Map {
	return entity.TextMap(cdfcapability.PermissionLines(capabilities))
}

// withoutOwnProject leaves out of capabilities that a project has answered that
// they hold in that project: CDF adds the member projectUrlNames by itself.
func withoutOwnProject(capabilities []cdfcapability.Capability, project string) []cdfcapability.Capability {
	own, err := json.Marshal(map[string][]string{"urlNames": {project}})
	if err != nil {
		return capabilities
	}
	for i, capability := range capabilities {
		var names bytes.Buffer
		raw, ok := capability.Siblings["projectUrlNames"]
		if !ok || json.Compact(&names, raw) != nil || !bytes.Equal(names.Bytes(), own) {
			continue
		}
		siblings := make(map[string]json.RawMessage, len(capability.Siblings))
		for name, value := range capability.Siblings {
			if name != "projectUrlNames" {
				siblings[name] = value
			}
		}
		capabilities[i].Siblings = siblings
	}
	return capabilities
}

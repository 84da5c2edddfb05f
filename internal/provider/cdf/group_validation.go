// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// Limits of CDF for a group, in pairs, bytes and members.
const (
	maxMetadataPairs = 16
	maxMetadataKey   = 32
	maxMetadataValue = 512
	maxMetadataTotal = 4096
	maxMembers       = 100
)

func validateGroup(_ context.Context, m groupModel) diag.Diagnostics {
	object := fmt.Sprintf("Group %q", m.Name.ValueString())
	check := &capabilityCheck{object: object, argument: "capability", parse: cdfcapability.ParseGrants}
	if !m.Name.IsUnknown() && strings.TrimSpace(m.Name.ValueString()) == "" {
		check.fail(path.Root("name"), object+": ", "Missing name", "a group has a name, which is more than white space.")
	}
	if m.hasBlocks() && m.hasJSON() && !m.Capability.IsUnknown() && !m.CapabilitiesJSON.IsUnknown() {
		check.fail(path.Root("capabilities_json"), object+": ", "Capabilities in two forms", "it has both capability blocks and capabilities_json. Keep one of the two.")
	}
	check.list(m.Capability)
	check.json(path.Root("capabilities_json"), m.CapabilitiesJSON)
	check.members(m)
	check.metadata(m.Metadata)
	check.attributes(m.AttributesJSON)
	return check.diags
}

// members refuses more than one way to belong to the group. What is unknown may
// turn out to be nothing.
func (c *capabilityCheck) members(m groupModel) {
	var ways []string
	if m.SourceID.ValueString() != "" {
		ways = append(ways, "source_id")
	}
	if len(m.Members.Elements()) > 0 {
		ways = append(ways, "members")
	}
	if m.AllUserAccounts.ValueBool() {
		ways = append(ways, "all_user_accounts")
	}
	place := c.object + ": "
	if len(ways) > 1 {
		c.fail(path.Root(ways[1]), place, "Two ways to belong to a group", fmt.Sprintf("CDF takes only one of source_id, members and all_user_accounts, here are %s.", strings.Join(ways, " and ")))
	}
	at := path.Root("members")
	if n := len(m.Members.Elements()); n > maxMembers {
		c.fail(at, place, "Too many members", fmt.Sprintf("a group has at most %d members, here are %d. Use source_id for a group of the identity provider.", maxMembers, n))
	}
	c.elements(at, place, "members", m.Members, giveValue)
}

// metadata checks the pairs against the limits of CDF.
func (c *capabilityCheck) metadata(value types.Map) {
	if !entity.Known(value) {
		return
	}
	pairs := value.Elements()
	at, place := path.Root("metadata"), c.object+": "
	total := 0
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		total += c.pair(at.AtMapKey(key), place, key, pairs[key])
	}
	if len(pairs) > maxMetadataPairs {
		c.fail(at, place, "Too much metadata", fmt.Sprintf("a group takes at most %d pairs of metadata, here are %d.", maxMetadataPairs, len(pairs)))
	}
	if total > maxMetadataTotal {
		c.fail(at, place, "Too much metadata", fmt.Sprintf("keys and values of the metadata of a group have at most %d bytes in all, here are %d.", maxMetadataTotal, total))
	}
}

// pair checks one pair and returns its size in bytes.
func (c *capabilityCheck) pair(at path.Path, place, key string, value attr.Value) int {
	switch {
	case key == "":
		c.fail(at, place, "Empty key in metadata", "a key of the metadata is empty. Give it a name, or remove the pair.")
	case len(key) > maxMetadataKey:
		c.fail(at, place, "Too much metadata", fmt.Sprintf("the key %q of the metadata has %d bytes, but at most %d are allowed.", key, len(key), maxMetadataKey))
	}
	text, ok := value.(types.String)
	if !ok || text.IsUnknown() {
		return len(key)
	}
	size := len(text.ValueString())
	switch {
	case text.IsNull():
		c.fail(at, place, "Null in metadata", fmt.Sprintf("the value of %q is null. Remove the pair, or give it a value.", key))
	case size > maxMetadataValue:
		c.fail(at, place, "Too much metadata", fmt.Sprintf("the value of %q has %d bytes, but at most %d are allowed.", key, size, maxMetadataValue))
	}
	return len(key) + size
}

// attributes checks that the further attributes are an object.
func (c *capabilityCheck) attributes(value types.String) {
	if !entity.Known(value) || value.ValueString() == "" {
		return
	}
	at, place, text := path.Root("attributes_json"), c.object+": ", []byte(value.ValueString())
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil || object == nil {
		c.fail(at, place, "Not a JSON object", "attributes_json is a JSON object, for example jsonencode({ token = { appIds = [\"my-app\"] } }).")
	} else if err := cdfcapability.CheckJSON(text); err != nil {
		c.fail(at, place, "Not clear JSON", "attributes_json: "+entity.Sentence(err.Error()))
	}
}

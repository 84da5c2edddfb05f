// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type groupModel struct {
	ID               types.Int64  `tfsdk:"id"`
	Name             types.String `tfsdk:"name"`
	SourceID         types.String `tfsdk:"source_id"`
	Members          types.List   `tfsdk:"members"`
	AllUserAccounts  types.Bool   `tfsdk:"all_user_accounts"`
	Capability       types.List   `tfsdk:"capability"`
	CapabilitiesJSON types.String `tfsdk:"capabilities_json"`
	Metadata         types.Map    `tfsdk:"metadata"`
	AttributesJSON   types.String `tfsdk:"attributes_json"`
	Permissions      types.Map    `tfsdk:"permissions"`
	SupersededIDs    types.Set    `tfsdk:"superseded_ids"`
}

// hasJSON tells whether the capabilities are given as JSON; unknown ones may be.
func (m *groupModel) hasJSON() bool {
	return m.CapabilitiesJSON.IsUnknown() || m.CapabilitiesJSON.ValueString() != ""
}

// hasBlocks tells whether the capabilities are given as blocks; unknown ones may be.
func (m *groupModel) hasBlocks() bool {
	return m.Capability.IsUnknown() || len(m.Capability.Elements()) > 0
}

// capabilities is what the group grants, in either form. It answers false while
// that is unknown.
func (m *groupModel) capabilities() ([]cdfcapability.Capability, bool) {
	if m.CapabilitiesJSON.IsUnknown() {
		return nil, false
	}
	if m.hasJSON() {
		capabilities, err := cdfcapability.ParseList([]byte(m.CapabilitiesJSON.ValueString()))
		return capabilities, err == nil
	}
	return capabilitiesIn(m.Capability)
}

// write is the group as it is sent to the server. Everything is known at apply.
func (m *groupModel) write() (cdfapi.GroupWrite, error) {
	capabilities, ok := m.capabilities()
	if !ok {
		return cdfapi.GroupWrite{}, fmt.Errorf("the capabilities of the group cannot be read")
	}
	encoded, err := cdfcapability.EncodeList(capabilities)
	if err != nil {
		return cdfapi.GroupWrite{}, err
	}
	if m.Permissions.IsUnknown() { // otherwise they come out as planned
		m.Permissions = permissionsValue(capabilities)
	}
	write := cdfapi.GroupWrite{
		Name:         m.Name.ValueString(),
		SourceID:     m.SourceID.ValueString(),
		Capabilities: encoded,
		Metadata:     metadataIn(m.Metadata),
	}
	members, _ := textsIn(m.Members)
	switch {
	case m.AllUserAccounts.ValueBool():
		write.Members = &cdfapi.Members{AllUserAccounts: true}
	case len(members) > 0:
		write.Members = &cdfapi.Members{IDs: members}
	}
	if attributes := m.AttributesJSON.ValueString(); attributes != "" {
		write.Attributes = json.RawMessage(attributes)
	}
	return write, nil
}

func metadataIn(value types.Map) map[string]string {
	metadata := make(map[string]string, len(value.Elements()))
	for key, element := range value.Elements() {
		if text, ok := element.(types.String); ok {
			metadata[key] = text.ValueString()
		}
	}
	return metadata
}

// read fills in what the server holds. What differs from the state in spelling
// only is left as it is.
func (m *groupModel) read(s *entity.Session[api], group cdfapi.Group) error {
	m.ID = types.Int64Value(group.ID)
	m.Name = types.StringValue(group.Name)
	m.readMembers(group)
	m.Metadata = entity.TextMap(group.Metadata)
	if attributes := compact(group.Attributes); !sameJSON(attributes, m.AttributesJSON.ValueString()) || m.AttributesJSON.IsNull() {
		m.AttributesJSON = types.StringValue(attributes)
	}
	return m.readCapabilities(s, group)
}

// readMembers fills in who belongs to the group. Where the identity provider backs
// the cluster, CDF may answer both a source id and members, though it takes only
// one of them: the one that the state has is kept, otherwise the source id.
func (m *groupModel) readMembers(group cdfapi.Group) {
	members := cdfapi.Members{}
	if group.Members != nil {
		members = *group.Members
	}
	ownMembers := m.SourceID.ValueString() == "" && (m.AllUserAccounts.ValueBool() || len(m.Members.Elements()) > 0)
	source := group.SourceID
	switch {
	case source == "" || !members.AllUserAccounts && len(members.IDs) == 0:
	case ownMembers:
		source = ""
	default:
		members = cdfapi.Members{}
	}
	m.SourceID = types.StringValue(source)
	m.AllUserAccounts = types.BoolValue(members.AllUserAccounts)
	if spelled, ok := textsIn(m.Members); m.Members.IsNull() || !ok || !sameSet(spelled, members.IDs) {
		m.Members = textsValue(slices.Sorted(slices.Values(members.IDs)))
	}
}

// readCapabilities fills in what the group grants: in the form that the state has,
// unless that cannot hold it.
func (m *groupModel) readCapabilities(s *entity.Session[api], group cdfapi.Group) error {
	actual, err := serverCapabilities(group, s.API.Project())
	if err != nil {
		// Nothing can be said of it but what the server said.
		m.Capability, m.CapabilitiesJSON = noCapabilities(), types.StringValue(compact(group.Capabilities))
		readable, _, _ := cdfcapability.ParseServerList(group.Capabilities)
		m.Permissions = permissionsValue(readable)
		s.Warn("CDF group with capabilities that cannot be read",
			fmt.Sprintf("The group %q (id %d): %s What cannot be read is not among its permissions.", group.Name, group.ID, entity.Sentence(err.Error())))
		return nil
	}
	spelled, ok := m.capabilities()
	if ok && !m.Capability.IsNull() && cdfcapability.Equal(withoutOwnProject(spelled, s.API.Project()), actual) {
		if m.Permissions.IsNull() {
			m.Permissions = permissionsValue(actual)
		}
		return nil
	}
	m.Permissions = permissionsValue(actual)
	if typed, whole := capabilityList(actual); whole && !m.hasJSON() {
		m.Capability, m.CapabilitiesJSON = typed, types.StringValue("")
		return nil
	}
	m.Capability = noCapabilities()
	m.CapabilitiesJSON, err = encodeCapabilities(actual)
	return err
}

// serverCapabilities are the capabilities that a server has answered for a group.
func serverCapabilities(group cdfapi.Group, project string) ([]cdfcapability.Capability, error) {
	if len(group.Capabilities) == 0 {
		return nil, nil
	}
	capabilities, err := cdfcapability.ParseList(group.Capabilities)
	return withoutOwnProject(capabilities, project), err
}

// sameAs returns what recognises a group of the server as the one that is written:
// by its name and content.
func sameAs(write cdfapi.GroupWrite, project string) func(cdfapi.Group) bool {
	wanted, err := cdfcapability.ParseList(write.Capabilities)
	wanted = withoutOwnProject(wanted, project)
	return func(group cdfapi.Group) bool {
		if err != nil || group.Unreadable != nil || group.Name != write.Name || !sameMembers(write, group) || !maps.Equal(group.Metadata, write.Metadata) {
			return false
		}
		if len(write.Attributes) > 0 && !sameJSON(compact(group.Attributes), string(write.Attributes)) {
			return false
		}
		actual, err := serverCapabilities(group, project)
		return err == nil && cdfcapability.Equal(wanted, actual)
	}
}

func sameMembers(write cdfapi.GroupWrite, group cdfapi.Group) bool {
	members := cdfapi.Members{}
	if group.Members != nil {
		members = *group.Members
	}
	switch {
	case write.SourceID != "":
		return group.SourceID == write.SourceID
	case write.Members != nil:
		return members.AllUserAccounts == write.Members.AllUserAccounts && sameSet(members.IDs, write.Members.IDs)
	}
	return group.SourceID == "" && !members.AllUserAccounts && len(members.IDs) == 0
}

// sameSet tells whether two lists have the same elements, in any order and number.
func sameSet(a, b []string) bool {
	sorted := func(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
	return slices.Equal(sorted(a), sorted(b))
}

// compact is JSON without white space; nothing for what says nothing.
func compact(raw json.RawMessage) string {
	var text bytes.Buffer
	if json.Compact(&text, raw) != nil || text.String() == "{}" || text.String() == "null" {
		return ""
	}
	return text.String()
}

// sameJSON compares two JSON texts by their values; "" and {} are the same.
func sameJSON(a, b string) bool {
	values := make([]any, 2)
	for i, text := range []string{a, b} {
		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		decoder.UseNumber()
		if text == "" {
			values[i] = map[string]any{}
		} else if decoder.Decode(&values[i]) != nil {
			return a == b
		}
	}
	return reflect.DeepEqual(values[0], values[1])
}

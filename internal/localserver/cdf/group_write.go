// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Limits of a group, by the documentation of the API.
const (
	maxMembers       = 100
	maxMetadata      = 16
	maxMetadataKey   = 32
	maxMetadataValue = 512
	maxMetadataBytes = 4096
)

// serverFields are the members of a group that only the server sets. Clients may
// send them, as they do when they send back what they have read.
var serverFields = []string{"id", "isDeleted", "deletedTime"}

// parseGroup reads a group as it is written. Members that are not known are kept
// and answered. Only when it is strict the group must be one that the service
// takes; else it may also be one that the service is known to answer.
func (s *Server) parseGroup(raw json.RawMessage, strict bool) (group, error) {
	var fields object
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return group{}, errors.New("it is no object")
	}
	maps.DeleteFunc(fields, func(name string, value json.RawMessage) bool {
		return string(value) == "null" || slices.Contains(serverFields, name)
	})
	g := group{fields: fields}
	parts := []struct {
		name string
		read func(json.RawMessage) error
	}{
		{"name", g.readName},
		{"sourceId", g.readSourceID},
		{"members", func(value json.RawMessage) error { return g.readMembers(value, s.options.ReverseMembers) }},
		{"metadata", g.readMetadata},
		{"attributes", readAttributes},
		{"capabilities", func(value json.RawMessage) error { return g.readCapabilities(s, value, strict) }},
	}
	for _, part := range parts {
		if err := part.read(fields[part.name]); err != nil {
			return group{}, fmt.Errorf("%s%w", part.name, err)
		}
	}
	if _, managed := fields["members"]; strict && managed && g.sourceID != "" {
		return group{}, errors.New("members, sourceId cannot be set at the same time")
	}
	return g, nil
}

func (g *group) readName(value json.RawMessage) error {
	if value == nil || json.Unmarshal(value, &g.name) != nil || g.name == "" {
		return errors.New(" is required and must be a text that is not empty")
	}
	return nil
}

func (g *group) readSourceID(value json.RawMessage) error {
	if value != nil && json.Unmarshal(value, &g.sourceID) != nil {
		return errors.New(" must be a text")
	}
	g.fields["sourceId"] = encode(g.sourceID)
	return nil
}

func (g *group) readMembers(value json.RawMessage, reverse bool) error {
	if value == nil {
		return nil
	}
	var constant string
	if json.Unmarshal(value, &constant) == nil {
		if constant != allUserAccounts {
			return fmt.Errorf(" is %q: use a list of ids or %q", constant, allUserAccounts)
		}
		g.members.all = true
		return nil
	}
	if err := json.Unmarshal(value, &g.members.ids); err != nil {
		return errors.New(" must be a list of ids")
	}
	if count := len(g.members.ids); count > maxMembers {
		return fmt.Errorf(" has %d ids: give at most %d", count, maxMembers)
	}
	if reverse {
		slices.Reverse(g.members.ids)
	}
	g.fields["members"] = encode(orEmpty(g.members.ids))
	return nil
}

func (g *group) readMetadata(value json.RawMessage) error {
	metadata := map[string]string{}
	if value != nil && json.Unmarshal(value, &metadata) != nil {
		return errors.New(" must be an object of texts")
	}
	total := 0
	for key, text := range metadata {
		total += len(key) + len(text)
		if len(key) > maxMetadataKey || len(text) > maxMetadataValue {
			return fmt.Errorf(".%s is too long: keys may have %d bytes, values %d", key, maxMetadataKey, maxMetadataValue)
		}
	}
	if len(metadata) > maxMetadata || total > maxMetadataBytes {
		return fmt.Errorf(" is too large: it may have %d pairs and %d bytes", maxMetadata, maxMetadataBytes)
	}
	g.fields["metadata"] = encode(metadata)
	return nil
}

func readAttributes(value json.RawMessage) error {
	var attributes object
	if value != nil && json.Unmarshal(value, &attributes) != nil {
		return errors.New(" must be an object")
	}
	return nil
}

func (g *group) readCapabilities(s *Server, value json.RawMessage, strict bool) error {
	var entries []json.RawMessage
	if value != nil && json.Unmarshal(value, &entries) != nil {
		return errors.New(" must be a list")
	}
	answered := make([]json.RawMessage, len(entries))
	for i, entry := range entries {
		parsed, err := s.parseCapability(entry)
		if err != nil && strict {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		g.capabilities = append(g.capabilities, parsed)
		answered[i] = parsed.raw
	}
	g.fields["capabilities"] = encode(answered)
	return nil
}

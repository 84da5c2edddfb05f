// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// EncodeList writes capabilities in API shape, compact and normalised: ids are numbers,
// RAW tables are {"db": {"tables": [...]}}, parameters are in camelCase. It fails on unknown
// parts that are not JSON, which no parsed list has.
func EncodeList(list []Capability) ([]byte, error) {
	const usualEntry = 100
	text := append(make([]byte, 0, usualEntry*len(list)), '[')
	for i := range list {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = appendCapability(text, &list[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", elementPath("", i), err)
		}
	}
	return append(text, ']'), nil
}

// MarshalJSON writes the capability in API shape, see EncodeList.
func (c Capability) MarshalJSON() ([]byte, error) {
	return appendCapability(nil, &c)
}

func appendCapability(text []byte, c *Capability) ([]byte, error) {
	text = append(text, '{')
	text = appendString(text, c.ACL)
	text = append(text, `:{"actions":`...)
	text = appendStrings(text, c.Actions)
	text = append(text, `,"scope":{`...)
	text = appendString(text, c.Scope.Name)
	text = append(text, ':')
	text, err := appendScopeObject(text, &c.Scope)
	if err != nil {
		return nil, err
	}
	if text, err = appendMembers(text, c.Scope.Beside, true); err != nil {
		return nil, err
	}
	text = append(text, '}')
	if text, err = appendMembers(text, c.Extra, true); err != nil {
		return nil, err
	}
	text = append(text, '}')
	if text, err = appendMembers(text, c.Siblings, true); err != nil {
		return nil, err
	}
	return append(text, '}'), nil
}

// appendScopeObject writes the object of a scope.
func appendScopeObject(text []byte, s *Scope) ([]byte, error) {
	row, ok := scopesByName[s.Name]
	if !ok {
		return appendRaw(text, s.Raw)
	}
	text = append(text, '{')
	if row.Values != NoValues {
		text = append(appendString(text, row.Parameter), ':')
	}
	switch row.Values {
	case Numbers:
		text = appendIDs(text, s.IDs)
	case Texts:
		text = appendStrings(text, s.Texts)
	case Tables:
		text = appendTables(text, s.Tables)
	}
	text, err := appendMembers(text, s.Extra, row.Values != NoValues)
	if err != nil {
		return nil, err
	}
	return append(text, '}'), nil
}

// appendMembers writes further members of an object, sorted by name.
func appendMembers(text []byte, members map[string]json.RawMessage, following bool) ([]byte, error) {
	if len(members) == 0 {
		return text, nil
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if following {
			text = append(text, ',')
		}
		following = true
		text = append(appendString(text, name), ':')
		var err error
		if text, err = appendRaw(text, members[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return text, nil
}

func appendRaw(text []byte, raw json.RawMessage) ([]byte, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return nil, err
	}
	return append(text, compact.Bytes()...), nil
}

func appendIDs(text []byte, ids []int64) []byte {
	text = append(text, '[')
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, id, 10)
	}
	return append(text, ']')
}

func appendStrings(text []byte, list []string) []byte {
	text = append(text, '[')
	for i, s := range list {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendString(text, s)
	}
	return append(text, ']')
}

func appendTables(text []byte, databases map[string][]string) []byte {
	text = append(text, '{')
	for i, name := range slices.Sorted(maps.Keys(databases)) {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(appendString(text, name), `:{"tables":`...)
		text = append(appendStrings(text, databases[name]), '}')
	}
	return append(text, '}')
}

// appendString writes a JSON string. Unlike json.Marshal it leaves <, > and & as they
// are.
func appendString(text []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendEscaped(text, s)
		}
	}
	text = append(text, '"')
	text = append(text, s...)
	return append(text, '"')
}

func appendEscaped(text []byte, s string) []byte {
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic("a string cannot be written as JSON: " + err.Error())
	}
	return append(text, bytes.TrimSuffix(quoted.Bytes(), []byte("\n"))...)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// canonicalJSON gives the one text of all JSON that means the same: no white space,
// members sorted by name, numbers in one form. What is no JSON is given as it is.
func canonicalJSON(raw json.RawMessage) string {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return string(raw)
	}
	return string(appendCanonical(nil, value))
}

func appendCanonical(text []byte, value any) []byte {
	switch value := value.(type) {
	case map[string]any:
		text = append(text, '{')
		for i, name := range slices.Sorted(maps.Keys(value)) {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(appendString(text, name), ':')
			text = appendCanonical(text, value[name])
		}
		return append(text, '}')
	case []any:
		text = append(text, '[')
		for i, element := range value {
			if i > 0 {
				text = append(text, ',')
			}
			text = appendCanonical(text, element)
		}
		return append(text, ']')
	case string:
		return appendString(text, value)
	case json.Number:
		if d, ok := parseDecimal(value.String()); ok {
			return append(text, d.text()...)
		}
		return append(text, value...)
	case bool:
		if value {
			return append(text, "true"...)
		}
		return append(text, "false"...)
	default:
		return append(text, "null"...)
	}
}

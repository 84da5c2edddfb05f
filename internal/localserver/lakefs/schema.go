// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// schema is the part of an OpenAPI schema that the request bodies use. Its JSON
// form, members in this order, appears in error messages; the descriptions of
// the real document are left out.
type schema struct {
	AdditionalProperties *schemaRef           `json:"additionalProperties,omitempty"`
	Default              any                  `json:"default,omitempty"`
	Enum                 []string             `json:"enum,omitempty"`
	Items                *schemaRef           `json:"items,omitempty"`
	Maximum              *float64             `json:"maximum,omitempty"`
	MinItems             int                  `json:"minItems,omitempty"`
	MinLength            int                  `json:"minLength,omitempty"`
	Minimum              *float64             `json:"minimum,omitempty"`
	Properties           map[string]schemaRef `json:"properties,omitempty"`
	Required             []string             `json:"required,omitempty"`
	Type                 string               `json:"type"`
}

// schemaRef is a schema where it is used. One with a name is printed as a
// reference into the document.
type schemaRef struct {
	name string
	*schema
	// secret keeps the value out of error messages.
	secret bool
}

// MarshalJSON prints a named schema as a reference.
func (r schemaRef) MarshalJSON() ([]byte, error) {
	if r.name == "" {
		return json.Marshal(r.schema)
	}
	return json.Marshal(map[string]string{"$ref": componentPath + r.name})
}

const componentPath = "#/components/schemas/"

// mismatch is the first way in which a value breaks its schema.
type mismatch struct {
	path   []string
	reason string
	schema *schema
	value  any
}

// at puts a member or an index in front of the path of a mismatch.
func (m *mismatch) at(step string) *mismatch {
	m.path = slices.Insert(m.path, 0, step)
	return m
}

// message is the text for the client: where, why, the schema and the value.
func (m *mismatch) message(secret bool) string {
	var text bytes.Buffer
	if len(m.path) > 0 {
		fmt.Fprintf(&text, "Error at \"/%s\": ", strings.Join(m.path, "/"))
	}
	value := m.value
	if secret {
		value = "(hidden)"
	}
	text.WriteString(m.reason)
	writeIndented(&text, "\nSchema:\n  ", m.schema)
	writeIndented(&text, "\nValue:\n  ", value)
	return text.String()
}

func writeIndented(text *bytes.Buffer, title string, value any) {
	text.WriteString(title)
	encoder := json.NewEncoder(text)
	encoder.SetIndent("  ", "  ")
	// Schemas and decoded JSON always encode, and a buffer takes everything.
	_ = encoder.Encode(value)
}

// check compares a decoded JSON value with a schema and returns the first
// mismatch, or nil. Members are visited in the order of their names, missing
// members are reported last.
func (w wording) check(s *schema, value any) *mismatch {
	if value == nil && (len(s.Enum) == 0 || !w.enumBeforeNull) {
		return &mismatch{reason: "Value is not nullable", schema: s}
	}
	if len(s.Enum) > 0 {
		if text, isText := value.(string); !isText || !slices.Contains(s.Enum, text) {
			return &mismatch{reason: w.enumReason(s.Enum), schema: s, value: value}
		}
	}
	switch value := value.(type) {
	case map[string]any:
		if s.Type == "object" {
			return w.checkObject(s, value)
		}
	case []any:
		if s.Type == "array" {
			return w.checkArray(s, value)
		}
	case json.Number:
		if s.Type == "integer" {
			return w.checkNumber(s, value)
		}
	case string:
		if s.Type == "string" {
			return checkLength(s, value)
		}
	case bool:
		if s.Type == "boolean" {
			return nil
		}
	}
	return w.typeMismatch(s, value)
}

// checkLength counts the characters of a text.
func checkLength(s *schema, value string) *mismatch {
	if utf8.RuneCountInString(value) >= s.MinLength {
		return nil
	}
	return &mismatch{reason: fmt.Sprintf("minimum string length is %d", s.MinLength), schema: s, value: value}
}

func (w wording) enumReason(allowed []string) string {
	const reason = "value is not one of the allowed values"
	if !w.listsEnum {
		return reason
	}
	quoted := make([]string, len(allowed))
	for i, word := range allowed {
		quoted[i] = strconv.Quote(word)
	}
	return reason + " [" + strings.Join(quoted, ",") + "]"
}

func (w wording) checkObject(s *schema, value map[string]any) *mismatch {
	for _, name := range slices.Sorted(maps.Keys(value)) {
		member, declared := s.Properties[name]
		if !declared {
			if s.AdditionalProperties == nil {
				continue
			}
			member = *s.AdditionalProperties
		}
		if m := w.check(member.schema, value[name]); m != nil {
			return m.at(name)
		}
	}
	for _, name := range s.Required {
		if _, present := value[name]; !present {
			m := &mismatch{reason: fmt.Sprintf("property %q is missing", name), schema: s, value: value}
			return m.at(name)
		}
	}
	return nil
}

func (w wording) checkArray(s *schema, value []any) *mismatch {
	if len(value) < s.MinItems {
		return &mismatch{reason: fmt.Sprintf("minimum number of items is %d", s.MinItems), schema: s, value: value}
	}
	if s.Items == nil {
		return nil
	}
	for i, item := range value {
		if m := w.check(s.Items.schema, item); m != nil {
			return m.at(strconv.Itoa(i))
		}
	}
	return nil
}

func (w wording) checkNumber(s *schema, value json.Number) *mismatch {
	number, err := value.Float64()
	reason := ""
	switch {
	case err != nil || number != math.Trunc(number):
		reason = w.notInteger
	case s.Minimum != nil && number < *s.Minimum:
		reason = "number must be at least " + formatNumber(*s.Minimum)
	case s.Maximum != nil && number > *s.Maximum:
		reason = w.tooBig + formatNumber(*s.Maximum)
	default:
		return nil
	}
	return &mismatch{reason: reason, schema: s, value: value}
}

func formatNumber(number float64) string {
	return strconv.FormatFloat(number, 'g', -1, 64)
}

func (w wording) typeMismatch(s *schema, value any) *mismatch {
	m := &mismatch{schema: s, value: value}
	if w.valueByType {
		m.value = typeOf(value)
	}
	if !w.wrongTypeArticle {
		m.reason = w.wrongType + s.Type + " or not be present"
		return m
	}
	article := "a "
	if strings.ContainsAny(s.Type[:1], "aio") {
		article = "an "
	}
	m.reason = w.wrongType + article + s.Type
	return m
}

// typeOf names the type of a decoded JSON value as validators do.
func typeOf(value any) string {
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case bool:
		return "boolean"
	case string:
		return "string"
	}
	return "number, integer"
}

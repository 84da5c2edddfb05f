// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"bytes"
	"encoding/json"
	"strings"
)

// ParseDocument reads a policy in the JSON form of lakeFS's documentation and web
// interface: {"id", "creation_date", "statement": [{"effect", "action", "resource",
// "condition"}]}, where only statement and its first three members are required.
//
// It refuses what encoding/json and lakeFS would pass over in silence, because a
// member that is dropped changes who has access: members that are unknown,
// repeated or differ in case, null, halves of characters, and anything after the
// document. A byte order mark before it is skipped. Empty lists of statements,
// actions and resources are refused as well. The error names the place, as in
// "statement[1].action[0]". What the texts mean is left to Validate.
//
// The depth of the document needs no limit, its size is the caller's to limit.
func ParseDocument(text []byte) (Document, error) {
	reader, err := newJSONReader(text)
	if err != nil {
		return Document{}, err
	}
	return reader.document()
}

// document reads a policy.
func (r *jsonReader) document() (Document, error) {
	var document Document
	err := r.object("", map[string]member{
		"id":            {read: r.textInto(&document.ID)},
		"creation_date": {read: r.number},
		"statement":     {required: true, read: r.listOf(r.statementInto(&document.Statements))},
	})
	if err != nil {
		return Document{}, err
	}
	return document, nil
}

// statementInto gives a reader of a statement that is an element of a list.
func (r *jsonReader) statementInto(target *[]Statement) func(path string) error {
	return func(path string) error {
		statement, err := r.statement(path)
		*target = append(*target, statement)
		return err
	}
}

// statement reads one statement in the API's shape.
func (r *jsonReader) statement(path string) (Statement, error) {
	var statement Statement
	err := r.object(path, map[string]member{
		"effect": {required: true, read: r.textInto(&statement.Effect)},
		"action": {required: true, read: r.listOf(r.appendTo(&statement.Actions))},
		"resource": {required: true, read: func(path string) (err error) {
			statement.Resources, err = r.resources(path)
			return err
		}},
		"condition": {read: r.conditionInto(&statement.Condition)},
	})
	return statement, err
}

// resources reads the one string that holds the resources of a statement.
func (r *jsonReader) resources(path string) ([]string, error) {
	token, err := r.next(path)
	if err != nil {
		return nil, err
	}
	if token == json.Delim('[') {
		return nil, problemAt(path, `must be a string, not a list: lakeFS refuses a list here. `+
			`Write several resources as a list inside a string: "[\"arn:lakefs:fs:::repository/a\",\"arn:lakefs:fs:::repository/b\"]"`)
	}
	text, err := asText(token, path)
	if err != nil {
		return nil, err
	}
	resources, err := DecodeResource(text)
	if err != nil {
		return nil, problemAt(path, err.Error())
	}
	if len(resources) == 0 {
		return nil, problemAt(path, emptyList)
	}
	if at := halfCharacter([]byte(text)); at >= 0 && isResourceList(text) {
		return nil, problemAt(path, describeHalf([]byte(text[at:])))
	}
	return resources, nil
}

// conditionInto gives a reader of a condition.
func (r *jsonReader) conditionInto(target *Condition) func(path string) error {
	return func(path string) (err error) {
		*target, err = r.condition(path)
		return err
	}
}

// condition reads operator → field → values. Here lists may be empty: Validate
// explains what an empty list means to the server.
func (r *jsonReader) condition(path string) (Condition, error) {
	condition := Condition{}
	err := r.freeObject(path, func(operator, path string) error {
		fields := map[string][]string{}
		condition[operator] = fields
		return r.freeObject(path, func(field, path string) error {
			values := []string{}
			err := r.list(path, r.appendTo(&values))
			fields[field] = values
			return err
		})
	})
	if len(condition) == 0 {
		condition = nil
	}
	return condition, err
}

// wireStatement is the API's Statement with its members in alphabetical order.
type wireStatement struct {
	Action    []string                       `json:"action"`
	Condition map[string]map[string][]string `json:"condition,omitempty"`
	Effect    string                         `json:"effect"`
	Resource  string                         `json:"resource"`
}

// RenderDocument gives the statements as an indented JSON document of the form
// that ParseDocument reads, without id. Statements and lists keep their order,
// members are sorted. Text that is not UTF-8 has no form in JSON: the bytes are
// replaced by U+FFFD.
func RenderDocument(statements []Statement) string {
	wire := make([]wireStatement, len(statements))
	for i, s := range statements {
		wire[i] = wireStatement{
			Action:    nonNil(s.Actions),
			Condition: wireCondition(s.Condition),
			Effect:    s.Effect,
			Resource:  EncodeResources(s.Resources),
		}
	}
	var indented bytes.Buffer
	compact := compactJSON(map[string]any{"statement": wire})
	// Only malformed JSON makes Indent fail, and this JSON was just made.
	_ = json.Indent(&indented, []byte(compact), "", "  ")
	return indented.String()
}

// wireCondition replaces nil by empty, since JSON would show nil as null.
func wireCondition(condition Condition) map[string]map[string][]string {
	wire := make(map[string]map[string][]string, len(condition))
	for operator, fields := range condition {
		wire[operator] = make(map[string][]string, len(fields))
		for field, values := range fields {
			wire[operator][field] = nonNil(values)
		}
	}
	return wire
}

// compactJSON encodes without the escapes that encoding/json adds for HTML, which
// make "&" unreadable. Only types that cannot fail to encode are passed to it.
func compactJSON(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value)
	return strings.TrimSuffix(text.String(), "\n")
}

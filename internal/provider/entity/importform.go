// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"fmt"
	"slices"
	"strings"
)

// ImportForm is one way to write an object's import id: segments joined by "/".
// A segment in braces is an attribute, such as "{group_id}"; any other is a
// literal, such as "group". An attribute holds no "/", unless it is the last one
// and written as "{name...}".
type ImportForm struct {
	// Pattern is, for example, "group/{group_id}/{policy_id}".
	Pattern string
	// Example is a complete id of this form, for messages and documentation.
	Example string
}

// segments splits the pattern.
func (f ImportForm) segments() []string { return strings.Split(f.Pattern, "/") }

// attribute returns the attribute that a segment stands for.
func attribute(segment string) (string, bool) {
	name, braced := strings.CutPrefix(segment, "{")
	if !braced {
		return "", false
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, "}"), rest), true
}

// attributes are the attributes of the pattern, sorted.
func (f ImportForm) attributes() (names []string) {
	for _, segment := range f.segments() {
		if name, ok := attribute(segment); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// rest marks an attribute that takes all that is left of an id.
const rest = "..."

// Parse reads an id of this form into attribute values.
func (f ImportForm) Parse(id string) (map[string]string, bool) {
	segments := f.segments()
	limit := -1
	if strings.HasSuffix(f.Pattern, rest+"}") {
		limit = len(segments)
	}
	parts := strings.SplitN(id, "/", limit)
	if len(segments) != len(parts) {
		return nil, false
	}
	values := make(map[string]string, len(parts))
	for i, segment := range segments {
		name, isAttribute := attribute(segment)
		switch {
		case isAttribute && parts[i] != "":
			values[name] = parts[i]
		case isAttribute || segment != parts[i]:
			return nil, false
		}
	}
	return values, true
}

// Render writes the id of an object, or answers false when a value is missing.
func (f ImportForm) Render(value func(attribute string) (string, bool)) (string, bool) {
	segments := f.segments()
	for i, segment := range segments {
		name, isAttribute := attribute(segment)
		if !isAttribute {
			continue
		}
		v, ok := value(name)
		if !ok {
			return "", false
		}
		segments[i] = v
	}
	return strings.Join(segments, "/"), true
}

// parseImportID reads an id by the first form that fits it: one whose parts are
// values of their attributes, as convert finds. The error shows the right forms.
func parseImportID(forms []ImportForm, id string, convert func(attribute, text string) (any, bool)) (map[string]any, error) {
	for _, form := range forms {
		texts, ok := form.Parse(id)
		values := make(map[string]any, len(texts))
		for name, text := range texts {
			value, fits := convert(name, text)
			values[name] = value
			ok = ok && fits
		}
		if ok {
			return values, nil
		}
	}
	var right []string
	for _, form := range forms {
		shape := strings.NewReplacer("{", "", rest+"}", "", "}", "").Replace(form.Pattern)
		right = append(right, fmt.Sprintf("%s, for example %q", shape, form.Example))
	}
	return nil, fmt.Errorf("%q is not an import id of this type. Write %s", id, strings.Join(right, "; or "))
}

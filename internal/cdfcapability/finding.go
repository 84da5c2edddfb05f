// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"fmt"
	"strconv"
	"strings"
)

// InputError says that a part of an input has no meaning.
type InputError struct {
	// Path is the place, as in "[3].assetsAcl.scope.datasetScope.ids[0]"; empty: the whole input.
	Path string
	// Detail says what is wrong.
	Detail string
	// Name is a text that stands where an id belongs, such as the name of a data set.
	Name string
}

// FindName returns the first text that an error of this package, or one of those that it
// joins, has found where an id belongs; "" when there is none.
func FindName(err error) string {
	switch err := err.(type) { //nolint:errorlint // each of several errors is looked at, not the first
	case *InputError:
		return err.Name
	case interface{ Unwrap() []error }:
		for _, each := range err.Unwrap() {
			if name := FindName(each); name != "" {
				return name
			}
		}
	}
	return ""
}

// Error gives the place and what is wrong with it.
func (e *InputError) Error() string {
	if e.Path == "" {
		return "the document: " + e.Detail
	}
	return e.Path + ": " + e.Detail
}

// Finding is something about capabilities that their author should know.
type Finding struct {
	// Path is the place, as in "[3].assetsAcl.actions[0]".
	Path string
	// Summary is short and the same for every finding of its kind.
	Summary string
	// Detail says what is wrong, why it matters and what to do, in full sentences.
	Detail string
	// Error is true for what has no meaning, false for what may be a mistake.
	Error bool
}

func warningf(path, summary, detail string, args ...any) Finding {
	return Finding{Path: path, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

// suggestion gives a sentence to append to a detail, or nothing.
func suggestion(near string, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf(" Did you mean %q?", near)
}

// memberPath gives the path of a member; names that could be misread are quoted.
func memberPath(path, name string) string {
	plain := name != "" && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	switch {
	case !plain:
		return fmt.Sprintf("%s[%q]", path, name)
	case path == "":
		return name
	default:
		return path + "." + name
	}
}

// elementPath gives the path of an element of a list.
func elementPath(path string, index int) string {
	return path + "[" + strconv.Itoa(index) + "]"
}

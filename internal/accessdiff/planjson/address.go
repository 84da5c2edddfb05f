// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import "strings"

// split splits an address or a reference at its dots, those within an index apart:
// `module.a["x.y"].iam_lakefs_group.this[0].id`.
func split(address string) []string {
	var parts []string
	var quoted, escaped bool
	depth, start := 0, 0
	for i, r := range address {
		switch {
		case escaped:
			escaped = false
		case quoted && r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			depth++
		case r == ']':
			depth--
		case r == '.' && depth == 0:
			parts = append(parts, address[start:i])
			start = i + 1
		}
	}
	return append(parts, address[start:])
}

// cutIndex splits a part of an address into its name and its index in brackets.
func cutIndex(part string) (name, index string) {
	if i := strings.IndexByte(part, '['); i >= 0 {
		return part[:i], part[i:]
	}
	return part, ""
}

// moduleOf is the module in the address of a resource; empty: the root.
func moduleOf(address, kind, name string) string {
	parts := split(address)
	for i := 0; i+1 < len(parts); i++ {
		if plain, _ := cutIndex(parts[i+1]); parts[i] == kind && plain == name {
			return strings.Join(parts[:i], ".")
		}
	}
	return ""
}

// parentModule splits the address of a module into that of its parent and the last call with its index.
func parentModule(module string) (parent, call string) {
	parts := split(module)
	if len(parts) < 2 {
		return "", ""
	}
	return strings.Join(parts[:len(parts)-2], "."), parts[len(parts)-1]
}

// join puts parts of an address together; empty ones are left out.
func join(parts ...string) string {
	var list []string
	for _, part := range parts {
		if part != "" {
			list = append(list, part)
		}
	}
	return strings.Join(list, ".")
}

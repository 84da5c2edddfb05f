// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// platform is what the sections of the types of one platform have of their own.
type platform struct {
	// prefix is what the names of its types begin with.
	prefix string
	// introduction stands before the table.
	introduction string
	// right is what the platform calls a permission: a heading of the table.
	right string
	// none is the whole section of a type that needs no permission.
	none string
	// needs lists, as Markdown, the permissions that an operation of the API needs.
	// It returns false for an operation that is not known.
	needs func(operation string) ([]string, bool)
	// page is where the reference of the API tells about an operation; empty when it
	// does not.
	page func(operation string) string
	// grant writes the Terraform configuration that grants what all the operations
	// need, and a sentence before it.
	grant func(operations []string) string
	// blocks are those of a policy or group that grants it.
	blocks func(operations []string) string
}

var platforms = []platform{lakefs, cdf}

// platformOf finds the platform of a type by its name without the provider.
func platformOf(typeName string) (platform, error) {
	for _, p := range platforms {
		if strings.HasPrefix(typeName, p.prefix) {
			return p, nil
		}
	}
	return platform{}, fmt.Errorf("%s is a type of no platform known here", typeName)
}

// section writes the section's text, without its heading. It fails on an operation
// whose permissions are not known.
func (p platform) section(occasions []entity.Occasion) (string, error) {
	var rows strings.Builder
	var operations []string
	needed := false
	for _, occasion := range occasions {
		for _, call := range occasion.Calls {
			needs, ok := p.needs(call.Operation)
			if !ok {
				return "", fmt.Errorf("it is not known what permissions the operation %s needs", call.Operation)
			}
			operations = append(operations, call.Operation)
			needed = needed || len(needs) > 0
			fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", occasion.Name, p.link(call.Operation), conjoin(needs), when(call))
		}
	}
	if !needed {
		return p.none, nil
	}
	head := fmt.Sprintf("\n\n| To | Operation of the API | %s | When |\n|---|---|---|---|\n", p.right)
	return p.introduction + head + rows.String() + "\n" + p.grant(operations), nil
}

// link names an operation, with a link to its page where there is one.
func (p platform) link(operation string) string {
	page := p.page(operation)
	if page == "" {
		return operation
	}
	return fmt.Sprintf("[%s](%s)", operation, page)
}

// conjoin writes what an operation needs.
func conjoin(needs []string) string {
	if len(needs) == 0 {
		return "none"
	}
	return strings.Join(needs, " and ")
}

// when says on which condition a call is made.
func when(call entity.Call) string {
	if call.Only == "" {
		return "always"
	}
	return call.Only
}

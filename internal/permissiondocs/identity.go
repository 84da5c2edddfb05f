// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// importByIdentity writes an import block for each of the import forms that an identity can
// stand for, with the values of its example.
func importByIdentity(facts entity.Facts) string {
	var blocks []string
	for _, form := range facts.Imports {
		values, _ := form.Parse(form.Example)
		var lines []string
		width := 0
		for name := range values {
			width = max(width, len(name))
		}
		for _, name := range facts.Identity {
			if value, ok := values[name]; ok {
				lines = append(lines, fmt.Sprintf("    %-*s = %s", width, name, strconv.Quote(value)))
			}
		}
		if len(lines) == len(values) && !slices.ContainsFunc(blocks, func(block string) bool { return strings.Contains(block, strings.Join(lines, "\n")) }) {
			blocks = append(blocks, fmt.Sprintf("import {\n  to = %s.example\n  identity = {\n%s\n  }\n}", facts.TypeName, strings.Join(lines, "\n")))
		}
	}
	return "```terraform\n" + strings.Join(blocks, "\n\n") + "\n```"
}

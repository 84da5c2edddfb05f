// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// caller is what somebody who runs Terraform needs, as an example of a guide shows it.
type caller struct {
	platform platform
	// file is the example's, below the directory of the examples.
	file string
	// does says what the caller can do with it, in the comment of the example.
	does string
	// needs tells whether it makes the operations of an occasion.
	needs func(occasion string) bool
	// head begins the resource that grants it all.
	head string
}

// callers are those who apply everything, and those who only plan it.
var callers = []caller{
	{
		lakefs, "guides/least-privilege-lakefs/apply.tf", "apply and destroy every resource of lakeFS", everything,
		"resource \"iam_lakefs_policy\" \"terraform_apply\" {\n  id = \"TerraformApply\"\n",
	},
	{
		lakefs, "guides/least-privilege-lakefs/plan.tf", "refresh and plan every resource of lakeFS, and read every data source", reading,
		"resource \"iam_lakefs_policy\" \"terraform_plan\" {\n  id = \"TerraformPlan\"\n",
	},
	{
		cdf, "guides/least-privilege-cdf/apply.tf", "apply and destroy every resource of CDF, and make sessions", everything,
		"resource \"iam_cdf_group\" \"terraform_apply\" {\n  name      = \"terraform-apply\"\n  source_id = \"b7c9a5a4-99c2-4785-bed3-5e6ad9a78603\"\n",
	},
	{
		cdf, "guides/least-privilege-cdf/plan.tf", "refresh and plan every resource of CDF, and read every data source", reading,
		"resource \"iam_cdf_group\" \"terraform_plan\" {\n  name      = \"terraform-plan\"\n  source_id = \"5d1b0c52-5f6e-4f43-9a0a-5cf5ce1d0f52\"\n",
	},
}

func everything(string) bool { return true }

func reading(occasion string) bool { return occasion == "read" }

// writeCallers writes the examples of all callers below a directory.
func writeCallers(ctx context.Context, examples string) error {
	root, err := os.OpenRoot(examples)
	if err != nil {
		return err
	}
	types, err := operators(ctx)
	if err != nil {
		return err
	}
	for _, c := range callers {
		if err := root.WriteFile(c.file, []byte(c.example(types)), 0o600); err != nil {
			return err
		}
	}
	return root.Close()
}

// example writes the resource that grants what a caller needs.
func (c caller) example(types map[string]entity.Operator) string {
	return fmt.Sprintf("# What a caller needs to %s.\n# Written by `make generate` from the operations that the provider makes.\n%s%s}\n",
		c.does, c.head, c.platform.blocks(c.operations(types)))
}

// operations are all those that the caller makes, in the order of the types' pages.
func (c caller) operations(types map[string]entity.Operator) (operations []string) {
	for _, page := range slices.Sorted(maps.Keys(types)) {
		if !strings.HasPrefix(path.Base(page), c.platform.prefix) {
			continue
		}
		for _, occasion := range types[page].Operations() {
			if !c.needs(occasion.Name) {
				continue
			}
			for _, call := range occasion.Calls {
				operations = append(operations, call.Operation)
			}
		}
	}
	return operations
}

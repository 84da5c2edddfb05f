// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// TestFunctions runs steps with a provider that is not configured: functions need none.
func TestFunctions(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{
		TerraformVersionChecks:   Needs(Functions),
		ProtoV6ProviderFactories: ProvidersWith(func(string) string { return "" }),
		Steps:                    steps,
	})
}

// ExpectOutput runs an expression, whose value as JSON must be the wanted one.
func ExpectOutput(expression, want string) resource.TestStep {
	return resource.TestStep{
		Config: "output \"result\" {\n  value = jsonencode(" + expression + ")\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("result", knownvalue.StringExact(want)),
		},
	}
}

// ExpectFailure runs an expression, which must fail with an error that fits the pattern.
func ExpectFailure(expression, pattern string) resource.TestStep {
	return resource.TestStep{Config: "output \"result\" {\n  value = " + expression + "\n}\n", ExpectError: regexp.MustCompile(pattern)}
}

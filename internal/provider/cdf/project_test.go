// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// A provider that is configured for another project takes nothing there for what it
// knows, and nothing that is not there for gone: neither in a refresh, nor in a plan
// without one, nor in a destroy.
func TestAccCDFOtherProject(t *testing.T) {
	t.Parallel()
	for kind, test := range map[string]struct{ config, changed string }{
		"CDF group":                       {groupConfig("readers", readAll), groupConfig("readers", anotherGrant)},
		"CDF security category":           {categoryConfig("secret"), categoryConfig("open")},
		"CDF user profiles configuration": {switchConfig("false"), switchConfig("true")},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			first := acctest.StartLocalCDF(t, localserver.Options{})
			second := acctest.StartLocalCDF(t, localserver.Options{CDF: cdf.Options{Project: "elsewhere"}})
			var current acctest.Factories
			providers := acctest.Factories{"iam": func() (tfprotov6.ProviderServer, error) { return current["iam"]() }}
			use := func(project *acctest.CDF) func() { return func() { current = project.Providers() } }
			use(first)()
			refuses := func(config string) resource.TestStep {
				return resource.TestStep{
					PreConfig: use(second), Config: config, PlanOnly: true,
					ExpectError: says(kind, `it belongs to the project "local", but the provider is configured for the project "elsewhere". Nothing was done.`,
						`Configure the provider for "local" (project in its cdf block, or CDF_PROJECT)`),
				}
			}
			options := &resource.AdditionalCLIOptions{Plan: resource.PlanOptions{NoRefresh: true}}
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: providers,
				AdditionalCLIOptions:     options,
				Steps: []resource.TestStep{
					{Config: test.config},
					refuses(test.changed),
					{PreConfig: func() { options.Plan.NoRefresh = false; use(first)() }, Config: test.config, ConfigPlanChecks: nothingPlanned()},
					refuses(test.config),
					{PreConfig: use(first), Config: test.config, ConfigPlanChecks: nothingPlanned()},
				},
			})
		})
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// What is spelled otherwise, beside a change, is applied as it is spelled: the plan and
// the apply must not differ.
func TestAccCDFGroup_respelledBesideUnknown(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("r1")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll+anotherGrant+`source_id = "a"`)},
			{Config: later(`"b"`) + groupConfig(name, anotherGrant+readAll+"source_id = terraform_data.later.output"), ConfigPlanChecks: emptyPlanAfterApply()},
		},
	})
}

func TestAccCDFGroup_membersRespelledBesideUnknown(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("r2")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll+`members = ["user-anna", "user-bo"]`)},
			{Config: later(`"b"`) + groupConfig(name, readAll+`members = ["user-bo", "user-anna"]
metadata = { a = terraform_data.later.output }`), ConfigPlanChecks: emptyPlanAfterApply()},
		},
	})
}

// The same beside a change that is known.
func TestAccCDFGroup_respelledAndRenamed(t *testing.T) {
	t.Parallel()
	project := acctest.StartCDF(t)
	name := project.Name("r3")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: project.Providers(),
		Steps: []resource.TestStep{
			{Config: groupConfig(name, readAll+anotherGrant)},
			{Config: groupConfig(name+"x", anotherGrant+readAll), ConfigPlanChecks: emptyPlanAfterApply()},
		},
	})
}

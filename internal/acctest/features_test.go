// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

func TestNeeds(t *testing.T) {
	t.Parallel()
	type release = tfversion.CheckTerraformVersionRequest
	of17 := release{TerraformVersion: tfversion.Version1_7_0}
	of19 := release{TerraformVersion: tfversion.Version1_9_0}
	of110 := release{TerraformVersion: tfversion.Version1_10_0}
	of111 := release{TerraformVersion: tfversion.Version1_11_0}
	of114 := release{TerraformVersion: tfversion.Version1_14_0}
	for name, test := range map[string]struct {
		features []Feature
		openTofu bool
		running  release
		skips    bool
	}{
		"nothing":                       {nil, false, of17, false},
		"Terraform that has it":         {[]Feature{EphemeralResources}, false, of110, false},
		"Terraform before":              {[]Feature{EphemeralResources}, false, of19, true},
		"OpenTofu that has it":          {[]Feature{EphemeralResources}, true, of111, false},
		"OpenTofu, which got it later":  {[]Feature{EphemeralResources}, true, of110, true},
		"OpenTofu, which got it sooner": {[]Feature{Functions}, true, of17, false},
		"Terraform, which got it later": {[]Feature{Functions}, false, of17, true},
		"Terraform with all":            {[]Feature{ListResources, Actions}, false, of114, false},
		"OpenTofu never":                {[]Feature{ListResources}, true, of114, true},
		"one of two is missing":         {[]Feature{Functions, Actions}, true, of114, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var response tfversion.CheckTerraformVersionResponse
			for _, check := range needs(test.openTofu, test.features) {
				check.CheckTerraformVersion(t.Context(), test.running, &response)
			}
			if response.Error != nil || (response.Skip != "") != test.skips {
				t.Errorf("skips with %q, fails with %v; want it to skip: %t", response.Skip, response.Error, test.skips)
			}
		})
	}
}

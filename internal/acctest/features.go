// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// OpenTofu tells whether tests run under OpenTofu, which needs its own registry's
// host named to find the provider under test.
func OpenTofu() bool { return os.Getenv("TF_ACC_PROVIDER_HOST") == "registry.opentofu.org" }

// Feature is what not every release of Terraform and OpenTofu has. The two have got the same
// features in releases of different numbers, so that a number alone says nothing.
type Feature struct {
	terraform, openTofu tfversion.TerraformVersionCheck
}

// The features that tests need, with the first release of each product that has them.
var (
	Functions          = Feature{tfversion.SkipBelow(tfversion.Version1_8_0), tfversion.SkipBelow(tfversion.Version1_7_0)}
	MovesBetweenTypes  = Feature{tfversion.SkipBelow(tfversion.Version1_8_0), tfversion.SkipBelow(tfversion.Version1_10_0)}
	EphemeralResources = Feature{tfversion.SkipBelow(tfversion.Version1_10_0), tfversion.SkipBelow(tfversion.Version1_11_0)}
	Identities         = Feature{tfversion.SkipBelow(tfversion.Version1_12_0), tfversion.SkipBelow(tfversion.Version1_12_0)}
	ListResources      = Feature{tfversion.SkipBelow(tfversion.Version1_14_0), absent("OpenTofu has no list resources.")}
	Actions            = Feature{tfversion.SkipBelow(tfversion.Version1_14_0), absent("OpenTofu has no actions.")}
)

// Needs are the version checks of a test that is skipped where a feature is missing. Checks of
// the package tfversion take the number of an OpenTofu for one of Terraform.
func Needs(features ...Feature) []tfversion.TerraformVersionCheck {
	return needs(OpenTofu(), features)
}

func needs(openTofu bool, features []Feature) []tfversion.TerraformVersionCheck {
	checks := make([]tfversion.TerraformVersionCheck, len(features))
	for i, feature := range features {
		checks[i] = feature.terraform
		if openTofu {
			checks[i] = feature.openTofu
		}
	}
	return checks
}

// absent is why tests are skipped in every release.
type absent string

// CheckTerraformVersion skips the test.
func (a absent) CheckTerraformVersion(_ context.Context, _ tfversion.CheckTerraformVersionRequest, response *tfversion.CheckTerraformVersionResponse) {
	response.Skip = string(a)
}

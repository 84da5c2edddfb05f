// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

func TestAccLakefsCurrentUserDataSource_basic(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	name := lakefs.Name("nobody in particular")
	makeUser(t, lakefs, name)
	t.Cleanup(func() {
		must(t, lakefs.Client.DeleteUser(context.Background(), name))
	})
	key := makeKey(t, lakefs, name)
	capabilities, err := lakefs.Client.GetAuthCapabilities(t.Context())
	must(t, err)
	resource.UnitTest(t, resource.TestCase{
		// A user without any permission may ask who it is and what the server can do.
		ProtoV6ProviderFactories: lakefs.ProvidersAs(key.AccessKeyID, key.SecretAccessKey),
		Steps: []resource.TestStep{{
			Config: lookups("current_user", "auth_capabilities"),
			ConfigStateChecks: []statecheck.StateCheck{
				dataHas("current_user", "id", knownvalue.StringExact(name)),
				dataHas("current_user", "creation_date", rfc3339),
				dataHas("current_user", "email", knownvalue.StringExact("")),
				dataHas("current_user", "friendly_name", knownvalue.StringExact("")),
				dataHas("auth_capabilities", "invite_user", knownvalue.Bool(capabilities.InviteUser)),
				dataHas("auth_capabilities", "forgot_password", knownvalue.Bool(capabilities.ForgotPassword)),
			},
		}},
	})
}

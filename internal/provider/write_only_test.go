// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// validateUpdatePassword says what a server says to arguments of an action, two of which are
// write-only.
func validateUpdatePassword(t *testing.T, server tfprotov6.ProviderServer, token string) []string {
	t.Helper()
	actions, ok := server.(tfprotov6.ActionServer)
	if !ok {
		t.Fatal("the server has no actions")
	}
	kind := schemas(t).ActionSchemas["iam_lakefs_update_password"].Schema.ValueType()
	text := func(value any) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }
	answer, err := actions.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: "iam_lakefs_update_password",
		Config: encode(t, kind, tftypes.NewValue(kind, map[string]tftypes.Value{
			"token": text(token), "new_password": text("hunter2"), "email": text(nil),
		})),
	})
	if err != nil {
		t.Fatal(err)
	}
	var summaries []string
	for _, said := range answer.Diagnostics {
		summaries = append(summaries, said.Summary)
	}
	return summaries
}

// The framework refuses write-only arguments of actions. When this fails because it no longer
// does, NewServer need no longer let them pass.
func TestWriteOnlyArgumentsOfActions(t *testing.T) {
	t.Parallel()
	made := provider.New("test")
	if said := validateUpdatePassword(t, providerserver.NewProtocol6(made())(), "t0ken"); len(said) != 2 || said[0] != "WriteOnly Attribute Not Allowed" {
		t.Errorf("the framework says %q", said)
	}
	if said := validateUpdatePassword(t, provider.NewServer(made()), "t0ken"); len(said) > 0 {
		t.Errorf("the provider says %q", said)
	}
	if said := validateUpdatePassword(t, provider.NewServer(made()), ""); len(said) != 1 || said[0] != "Empty token" {
		t.Errorf("of what is really wrong the provider says %q", said)
	}
}

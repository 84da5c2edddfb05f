// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const passwordFromOutside = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
variable "token" {
  type      = string
  ephemeral = true
}
variable "password" {
  type      = string
  ephemeral = true
}
action "iam_lakefs_update_password" "test" {
  config {
    token        = var.token
    new_password = var.password
    email        = "ann@example.com"
  }
}
`

// hasActions tells whether a command line has actions: Terraform since 1.14.
func (p project) hasActions(t *testing.T) bool {
	t.Helper()
	var version struct {
		Terraform string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(p.run(t, "version", "-json")), &version); err != nil {
		t.Fatal(err)
	}
	_, minor, _ := strings.Cut(version.Terraform, ".")
	minor, _, _ = strings.Cut(minor, ".")
	number, err := strconv.Atoi(minor)
	if err != nil {
		t.Fatal(err)
	}
	return !acctest.OpenTofu() && number >= 14
}

// With ephemeral variables no secret of an action is in a plan, a state, the output or the log.
// Command lines without actions refuse the configuration.
func TestAccProvider_actionSecrets(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Dialect: "0.97"})
	// The server makes the user, and fails to send the mail.
	if _, err := lakefs.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "ann@example.com", InviteUser: true}); err == nil {
		t.Fatal("the server has sent a mail")
	}
	token, err := lakefs.Local.PasswordResetToken("ann@example.com")
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, passwordFromOutside)
	p.environment = maps.Clone(lakefs.Environment())
	p.environment["TF_VAR_token"], p.environment["TF_VAR_password"] = token, "s3cret-n3w-password"
	const invoke = "-invoke=action.iam_lakefs_update_password.test"
	if !p.hasActions(t) {
		output, err := p.try(t, "validate", "-no-color")
		if err == nil || !strings.Contains(output, "Blocks of type \"action\" are not expected here") {
			t.Errorf("error %v, want the refusal of a command line without actions: %s", err, output)
		}
		return
	}
	seen := map[string]string{"the output of the plan": p.run(t, "plan", "-no-color", "-out=p", invoke)}
	seen["the plan"], seen["the JSON of the plan"] = planFile(t, p, "p"), p.run(t, "show", "-json", "p")
	seen["the output of the apply"] = p.run(t, "apply", "-no-color", "p")
	output, err := p.try(t, "apply", "-no-color", "-auto-approve", invoke) // once more: the token is spent
	if err == nil || !strings.Contains(output, "Could not set a lakeFS password") {
		t.Errorf("with a token that is spent: error %v, %s", err, output)
	}
	seen["the output of the failure"], seen["the log"] = output, p.read(t, "trace.log")
	if !strings.Contains(seen["the output of the apply"], "The password is set.") {
		t.Errorf("the apply says: %s", seen["the output of the apply"])
	}
	for place, text := range seen {
		for name, secret := range map[string]string{"token": token, "password": "s3cret-n3w-password"} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s is in %s", name, place)
			}
		}
	}
}

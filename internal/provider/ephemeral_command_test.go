// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// The providers log in with a key and a token that exist only while Terraform runs. One
// server serves all aliases of a test case of the testing framework, so this needs the
// command.
const shortLived = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
ephemeral "iam_lakefs_credentials" "etl" {
  user_id = "etl"
}
ephemeral "iam_lakefs_login" "etl" {
  access_key_id     = ephemeral.iam_lakefs_credentials.etl.access_key_id
  secret_access_key = ephemeral.iam_lakefs_credentials.etl.secret_access_key
}
provider "iam" {
  alias = "key"
  lakefs {
    endpoint          = %[1]q
    access_key_id     = ephemeral.iam_lakefs_credentials.etl.access_key_id
    secret_access_key = ephemeral.iam_lakefs_credentials.etl.secret_access_key
  }
}
provider "iam" {
  alias = "token"
  lakefs {
    endpoint = %[1]q
    token    = ephemeral.iam_lakefs_login.etl.token
  }
}
data "iam_lakefs_current_user" "key" {
  provider = iam.key
}
data "iam_lakefs_current_user" "token" {
  provider = iam.token
}
output "callers" {
  value = "${data.iam_lakefs_current_user.key.id} ${data.iam_lakefs_current_user.token.id}"
}
`

// The key and the token work for as long as they are open, nothing that Terraform writes holds
// either, and no key is left.
func TestAccProvider_shortLived(t *testing.T) {
	t.Parallel()
	issued := new(answered)
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: issued.wrap})
	if _, err := lakefs.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "etl"}); err != nil {
		t.Fatal(err)
	}
	p := newProject(t, fmt.Sprintf(shortLived, lakefs.Endpoint()))
	p.environment = lakefs.Environment()
	written := p.run(t, "plan", "-no-color", "-out", "first.plan") + planFile(t, p, "first.plan") + p.run(t, "show", "-json", "first.plan")
	written += p.run(t, "apply", "-no-color", "first.plan") + p.read(t, "terraform.tfstate")
	if callers := strings.TrimSpace(p.run(t, "output", "-raw", "callers")); callers != "etl etl" {
		t.Errorf("the providers were %q, want the user of the short-lived key", callers)
	}
	written += p.run(t, "plan", "-no-color") + p.run(t, "destroy", "-auto-approve", "-no-color") + p.read(t, "trace.log")
	for _, secret := range append(issued.secrets, lakefs.Local.SecretAccessKey()) {
		if at := strings.Index(written, secret); at >= 0 {
			t.Errorf("a secret was written, after: %s", written[max(0, at-200):at])
		}
	}
	if len(issued.secrets) < 6 || !strings.Contains(written, "createCredentials") || !strings.Contains(written, "deleteCredentials") {
		t.Errorf("%d secrets were issued: the test shows too little", len(issued.secrets))
	}
	for key, err := range lakefs.Client.ListUserCredentials(t.Context(), "etl", lakefsapi.ListOptions{}) {
		t.Errorf("the key %v is left, error %v", key, err)
	}
}

// Terraform does not close an ephemeral resource of which a user failed, in a plan or an apply. No
// key is left all the same.
func TestAccProvider_leftOpen(t *testing.T) {
	t.Parallel()
	const opened = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
ephemeral "iam_lakefs_credentials" "etl" {
  user_id = "etl"
}
`
	for name, test := range map[string]struct{ fails, command string }{
		"plan": {`
provider "iam" {
  alias = "key"
  lakefs {
    access_key_id     = ephemeral.iam_lakefs_credentials.etl.access_key_id
    secret_access_key = ephemeral.iam_lakefs_credentials.etl.secret_access_key
  }
}
data "iam_lakefs_users" "not_permitted" {
  provider = iam.key
}
`, "plan"},
		"apply": {`
resource "terraform_data" "fails" {
  provisioner "local-exec" {
    command     = "exit 1"
    environment = { KEY = ephemeral.iam_lakefs_credentials.etl.secret_access_key }
  }
}
`, "apply"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issued := new(answered)
			lakefs := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: issued.wrap})
			if _, err := lakefs.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "etl"}); err != nil {
				t.Fatal(err)
			}
			p := newProject(t, opened+test.fails)
			p.environment = lakefs.Environment()
			arguments := []string{test.command, "-no-color", "-input=false"}
			if test.command == "apply" {
				arguments = append(arguments, "-auto-approve")
			}
			if output, err := p.try(t, arguments...); err == nil {
				t.Errorf("nothing failed: the test shows nothing\n%s", output)
			}
			if len(issued.secrets) == 0 {
				t.Error("no key was made: the test shows nothing")
			}
			for key, err := range lakefs.Client.ListUserCredentials(t.Context(), "etl", lakefsapi.ListOptions{}) {
				t.Errorf("the key %v is left, error %v", key, err)
			}
		})
	}
}

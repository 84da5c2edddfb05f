// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

const keyAndSession = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
variable "month" {}
resource "iam_lakefs_user" "test" {
  id = "u"
}
resource "iam_lakefs_credentials" "test" {
  user_id         = iam_lakefs_user.test.id
  rotate_triggers = { month = var.month }
}
resource "iam_lakefs_credentials" "kept" {
  user_id = iam_lakefs_user.test.id
}
resource "iam_lakefs_credentials" "sealed" {
  user_id         = iam_lakefs_user.test.id
  rotate_triggers = { month = var.month }
  pgp_key         = file("ops.asc")
}
output "sealed" {
  value = iam_lakefs_credentials.sealed.encrypted_secret_access_key
}
resource "iam_cdf_security_category" "test" {
  name = "c"
}
ephemeral "iam_cdf_session" "test" {}
`

// Of all secrets, a state and a plan hold the secret_access_key of iam_lakefs_credentials
// alone, in that attribute and marked sensitive, when the provider has its own from the
// environment. A literal in a provider block would be in the plan: Terraform keeps the
// configuration there. With a pgp_key, the secret is nowhere, not even in a log, but for the
// holder of the PGP key.
func TestAccProvider_planAndState(t *testing.T) {
	t.Parallel()
	given := &issued{secrets: map[string]string{}}
	lakefsGiven, ops := new(answered), acctest.NewPGPKey(t)
	lakefs, cdf := acctest.StartLocalLakeFS(t, localserver.Options{Middleware: lakefsGiven.wrap}), acctest.StartLocalCDF(t, localserver.Options{Middleware: given.wrap})
	p := newProject(t, keyAndSession)
	p.write(t, "ops.asc", ops.Public(t))
	p.environment = maps.Clone(lakefs.Environment())
	maps.Copy(p.environment, cdf.Environment())

	p.run(t, "plan", "-no-color", "-var", "month=1", "-out", "first.plan")
	files := map[string]string{"the first plan": planFile(t, p, "first.plan"), "the JSON of the first plan": p.run(t, "show", "-json", "first.plan")}
	p.run(t, "apply", "-no-color", "first.plan")
	p.run(t, "plan", "-no-color", "-var", "month=2", "-out", "second.plan")
	shown := p.run(t, "show", "-json", "second.plan")
	files["the second plan"], files["the JSON of the second plan"] = planFile(t, p, "second.plan"), shown
	files["the state"] = p.read(t, "terraform.tfstate")
	sealed := ops.Decrypt(t, p.run(t, "output", "-raw", "sealed"))
	files["the plan as it is shown"] = p.run(t, "show", "-no-color", "second.plan")

	secrets := maps.Clone(given.secrets)
	secrets["the secret access key of the caller"] = lakefs.Local.SecretAccessKey()
	secrets["the secret of the client"] = cdf.Local.ClientSecret()
	if len(secrets) < 4 {
		t.Errorf("%d secrets were issued: the test shows too little", len(secrets))
	}
	keys := keysInState(t, files["the state"])
	if known := slices.Sorted(maps.Values(keys)); !slices.Contains(lakefsGiven.secrets, sealed) || slices.Contains(known, sealed) {
		t.Error("what was decrypted is no secret of lakeFS, or one of another key")
	}
	secrets["the secret of the key that was sealed"] = sealed
	files["the log"] = p.read(t, "trace.log")
	for file, text := range files {
		for name, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s is in %s", name, file)
			}
		}
		for id, secret := range keys {
			marked := strings.HasPrefix(file, "the second plan") || strings.HasPrefix(file, "the JSON of the second") || file == "the state"
			if strings.Contains(text, secret) != marked {
				t.Errorf("the secret of %s is in %s: %t, want %t", id, file, !marked, marked)
			}
		}
	}
	expectOnlySensitive(t, shown, keys)
}

// planFile reads all that is in a file of a plan, which is an archive.
func planFile(t *testing.T, p project, name string) string {
	t.Helper()
	archive, err := zip.OpenReader(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, entry := range archive.File {
		content, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil { //nolint:gosec // Terraform made it just now
			t.Fatal(err)
		}
		if err := content.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// expectOnlySensitive finds every place of a plan where a secret stands: it has to be the
// one attribute, and what the plan says of it has to mark it.
func expectOnlySensitive(t *testing.T, shown string, keys map[string]string) {
	t.Helper()
	var plan struct {
		Changes []struct {
			Address string
			Change  struct {
				Before          map[string]any
				BeforeSensitive map[string]any `json:"before_sensitive"`
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(shown), &plan); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, changed := range plan.Changes {
		for attribute, value := range changed.Change.Before {
			for _, secret := range keys {
				if value != secret {
					continue
				}
				found++
				if attribute != "secret_access_key" || changed.Change.BeforeSensitive[attribute] != true {
					t.Errorf("%s.%s holds a secret, sensitive: %v", changed.Address, attribute, changed.Change.BeforeSensitive)
				}
			}
		}
	}
	if found != len(keys) {
		t.Errorf("%d secrets are in the changes, want %d", found, len(keys))
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// The example of the guide really moves everything from Face-to-Face-IT/lakefs: the plan
// changes nothing, with and without a refresh, and neither does any plan after it. The
// secret of the key stays as it was.
func TestAccProvider_movedFromPeer(t *testing.T) {
	t.Parallel()
	const guide = "../../examples/guides/face-to-face-it"
	configuration := func(name string) string {
		text, err := os.ReadFile(filepath.Join(guide, name, "main.tf"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	p := newPeerProject(t, lakefs, configuration("before"))
	p.run(t, "apply", "-auto-approve", "-no-color")
	secret := p.run(t, "output", "-raw", "etl_secret")
	made := len(objects(t, p))
	if secret == "" || made != 11 {
		t.Fatalf("the other provider made %d objects, want 11 and a secret", made)
	}

	p.write(t, "main.tf", configuration("after"))
	plan := p.run(t, "plan", "-no-color")
	if moves := strings.Count(plan, " has moved to "); moves != made || !strings.Contains(plan, "Plan: 0 to add, 0 to change, 0 to destroy.") {
		t.Errorf("%d of %d objects move:\n%s", moves, made, plan)
	}
	// Terraform itself takes for a change that the moved secret is not marked sensitive
	// before something has read the key. No argument changes.
	unread := p.run(t, "plan", "-no-color", "-refresh=false")
	if moves := strings.Count(unread, "moved "); moves != made || !strings.Contains(unread, "Plan: 0 to add, 1 to change, 0 to destroy.") && !strings.Contains(unread, "Plan: 0 to add, 0 to change, 0 to destroy.") ||
		regexp.MustCompile(`(?m)^ +[-+~] +\w+ += |will be updated`).MatchString(strings.Replace(unread, "# iam_lakefs_credentials.etl will be updated", "", 1)) {
		t.Errorf("without a refresh, %d of %d objects move:\n%s", moves, made, unread)
	}
	if strings.Contains(plan+unread, secret) {
		t.Error("a plan shows the secret")
	}
	other := newPeerProject(t, lakefs, configuration("after"))
	other.write(t, "terraform.tfstate", p.read(t, "terraform.tfstate"))
	other.run(t, "apply", "-auto-approve", "-no-color", "-refresh=false")
	other.run(t, "plan", "-no-color", "-detailed-exitcode")

	p.run(t, "apply", "-auto-approve", "-no-color")
	p.run(t, "plan", "-no-color", "-detailed-exitcode")
	for _, address := range objects(t, p) {
		if !strings.HasPrefix(address, "iam_") {
			t.Errorf("%s is left in the state", address)
		}
	}
	if kept := p.run(t, "output", "-raw", "etl_secret"); kept != secret {
		t.Error("the secret of the key is another one")
	}

	// From now on nothing needs the other provider, nor the blocks.
	after := regexp.MustCompile(`(?s)\n    lakefs = \{.*?\n    \}|\nmoved \{.*?\n\}`).ReplaceAllString(configuration("after"), "")
	if strings.Contains(after, "Face-to-Face-IT") || strings.Contains(after, "moved") {
		t.Fatalf("the configuration still speaks of the other provider:\n%s", after)
	}
	p.write(t, "main.tf", after)
	p.overrides(t, "dataiam/iam")
	if err := os.Remove(filepath.Join(p.dir, "terraform-provider-lakefs")); err != nil {
		t.Fatal(err)
	}
	p.run(t, "plan", "-no-color", "-detailed-exitcode")
	p.run(t, "destroy", "-auto-approve", "-no-color")
}

var movedRow = regexp.MustCompile("(?m)^\\| `(lakefs_\\w+)` \\| `(iam_lakefs_\\w+)` \\|")

// The guide and the pages of the resources tell what can be moved, and nothing else.
func TestMovesAreDocumented(t *testing.T) {
	t.Parallel()
	page := func(name string) string {
		text, err := os.ReadFile(filepath.Join("../../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	told := map[string]string{}
	for _, row := range movedRow.FindAllStringSubmatch(page("guides/migrating-from-face-to-face-it.md"), -1) {
		told[row[1]] = row[2]
	}
	moves := map[string]string{}
	for name, resource := range offers(t) {
		for _, from := range resource.Moves {
			moves[from] = name
		}
		if hasSection := strings.Contains(page("resources/"+strings.TrimPrefix(name, "iam_")+".md"), "## Move\n"); hasSection != (len(resource.Moves) > 0) {
			t.Errorf("the page of %s tells of moves: %t", name, hasSection)
		}
	}
	if diff := cmp.Diff(moves, told); diff != "" || len(moves) == 0 {
		t.Errorf("the types of the guide (-want +got):\n%s", diff)
	}
}

// newPeerProject is newProject with what stands in for the other provider beside this one.
func newPeerProject(t *testing.T, lakefs *acctest.LakeFS, config string) project {
	t.Helper()
	p := newProject(t, config)
	p.environment = maps.Clone(lakefs.Environment())
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(p.dir, "terraform-provider-lakefs")); err != nil {
		t.Fatal(err)
	}
	p.overrides(t, "dataiam/iam", "face-to-face-it/lakefs")
	return p
}

// objects are the addresses of what is in the state.
func objects(t *testing.T, p project) []string {
	t.Helper()
	return strings.Fields(p.run(t, "state", "list"))
}

// Something else than what the other provider has in its state is refused, with a way
// out, and stays what it was.
func TestAccProvider_movedFromSomethingElse(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	p := newProject(t, `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
resource "terraform_data" "etl" {
  input = "etl"
}
`)
	p.environment = maps.Clone(lakefs.Environment())
	p.run(t, "apply", "-auto-approve", "-no-color")
	p.write(t, "main.tf", `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
resource "iam_lakefs_user" "etl" {
  id = "etl"
}
moved {
  from = terraform_data.etl
  to   = iam_lakefs_user.etl
}
`)
	output, err := p.try(t, "plan", "-no-color")
	flowing := strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
	for _, want := range []string{
		"Could not move to lakeFS user", `iam_lakefs_user cannot be moved from "terraform_data" of the provider "terraform.io/builtin/terraform", only from lakefs_user of the provider Face-to-Face-IT/lakefs.`,
		"replace the moved block by an import block for iam_lakefs_user",
	} {
		if err == nil || !strings.Contains(flowing, want) {
			t.Errorf("error %v, want %q in:\n%s", err, want, output)
		}
	}
	if left := objects(t, p); len(left) != 1 || left[0] != "terraform_data.etl" {
		t.Errorf("the state holds %v", left)
	}
}

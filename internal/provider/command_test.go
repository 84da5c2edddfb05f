// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// This file runs Terraform as users do, with the provider as a process of its own:
// only so does each alias get one, and only so does Terraform collect its log. The
// test binary itself is that process.

// TestMain serves the provider when Terraform starts this binary, and runs the
// tests otherwise.
func TestMain(m *testing.M) {
	if os.Getenv("TF_PLUGIN_MAGIC_COOKIE") == "" {
		os.Exit(m.Run())
	}
	served := provider.New("test")
	switch {
	case os.Getenv(envCrash) != "":
		served = crashing
	case filepath.Base(os.Args[0]) == "terraform-provider-lakefs":
		served = func() frameworkprovider.Provider { return peerProvider{} }
	}
	if err := provider.Serve("registry.terraform.io/dataiam/iam", served, false); err != nil {
		log.Fatal(err)
	}
}

// project is a directory with a configuration.
type project struct {
	dir, terraform string
	// environment is what Terraform gets beside what it needs to run.
	environment map[string]string
}

// newProject makes a directory in which Terraform uses this test binary as the
// provider.
func newProject(t *testing.T, config string) project {
	t.Helper()
	p := project{dir: t.TempDir(), terraform: os.Getenv("TF_ACC_TERRAFORM_PATH")}
	if p.terraform == "" {
		p.terraform = "terraform"
	}
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(p.dir, "terraform-provider-iam")); err != nil {
		t.Fatal(err)
	}
	p.write(t, "main.tf", config)
	p.overrides(t, "dataiam/iam")
	return p
}

// overrides has Terraform find providers, each "namespace/type", in the directory of the
// project.
func (p project) overrides(t *testing.T, providers ...string) {
	t.Helper()
	text := "disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"
	for _, name := range providers {
		for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			text += fmt.Sprintf("    %q = %q\n", registry+"/"+name, p.dir)
		}
	}
	p.write(t, "terraform.rc", text+"  }\n  direct {}\n}\n")
}

func (p project) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p project) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// run runs a command of Terraform, logging as much as it can to trace.log, and
// returns its output.
func (p project) run(t *testing.T, arguments ...string) string {
	t.Helper()
	output, err := p.try(t, arguments...)
	if err != nil {
		t.Fatalf("terraform %s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

// try is run for a command that may fail.
func (p project) try(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), p.terraform, arguments...)
	command.Dir = p.dir
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(p.dir, "terraform.rc"),
		"TF_LOG=TRACE", "TF_LOG_PATH=" + filepath.Join(p.dir, "trace.log"), "CHECKPOINT_DISABLE=1",
	}
	for name, value := range p.environment {
		command.Env = append(command.Env, name+"="+value)
	}
	output, err := command.CombinedOutput()
	return string(output), err
}

const twoServers = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
provider "iam" {
  lakefs {
    endpoint          = %q
    access_key_id     = %q
    secret_access_key = %q
  }
}
provider "iam" {
  alias = "other"
  lakefs {
    endpoint = %q
    token    = %q
  }
}
resource "iam_lakefs_user" "one" {
  id = "same"
}
resource "iam_lakefs_credentials" "one" {
  user_id = iam_lakefs_user.one.id
}
resource "iam_lakefs_user" "other" {
  provider = iam.other
  id       = "same"
}
resource "iam_lakefs_credentials" "other" {
  provider = iam.other
  user_id  = iam_lakefs_user.other.id
}
`

// Two aliases are two servers: the same id is no conflict. And nothing that
// Terraform writes while it applies and destroys, at its most talkative, holds a
// secret.
func TestAccProvider_aliasesAndSecrets(t *testing.T) {
	t.Parallel()
	one, other := acctest.StartLocalLakeFS(t, localserver.Options{}), acctest.StartLocalLakeFS(t, localserver.Options{})
	session, err := other.Client.Login(t.Context(), lakefsapi.LoginInformation{
		AccessKeyID: other.Local.AccessKeyID(), SecretAccessKey: other.Local.SecretAccessKey(),
	})
	if err != nil {
		t.Fatal(err)
	}
	p := newProject(t, fmt.Sprintf(twoServers, one.Endpoint(), one.Local.AccessKeyID(), one.Local.SecretAccessKey(), other.Endpoint(), session.Token))
	written := p.run(t, "apply", "-auto-approve", "-no-color")
	made := keysInState(t, p.read(t, "terraform.tfstate"))
	for _, lakefs := range []*acctest.LakeFS{one, other} {
		works := 0
		for id, secret := range made {
			if lakefs.Authenticates(t, id, secret) {
				works++
			}
		}
		if works != 1 {
			t.Errorf("%d of the keys work on %s, want 1", works, lakefs.Endpoint())
		}
	}
	written += p.run(t, "plan", "-no-color") + p.run(t, "destroy", "-auto-approve", "-no-color")

	pair := one.Local.AccessKeyID() + ":" + one.Local.SecretAccessKey()
	secrets := map[string]string{
		"the secret access key of the caller":      one.Local.SecretAccessKey(),
		"the key pair of the caller, as it's sent": base64.StdEncoding.EncodeToString([]byte(pair)),
		"the token of the caller":                  session.Token,
		"an Authorization header":                  "Authorization:",
	}
	for id, secret := range made {
		secrets["the secret access key of "+id] = secret
	}
	written += p.read(t, "trace.log")
	for name, secret := range secrets {
		if at := strings.Index(written, secret); at >= 0 {
			t.Errorf("%s was written, after: %s", name, written[max(0, at-200):at])
		}
	}
	// The log was really taken, the provider's own part too.
	if !strings.Contains(written, "createCredentials") {
		t.Error("the log does not show the requests of the provider")
	}
}

// keysInState returns the secrets of the access keys in a state, by their ids.
func keysInState(t *testing.T, state string) map[string]string {
	t.Helper()
	var content struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Attributes map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(state), &content); err != nil {
		t.Fatal(err)
	}
	keys := map[string]string{}
	for _, r := range content.Resources {
		for _, instance := range r.Instances {
			id, isKey := instance.Attributes["access_key_id"].(string)
			if secret, ok := instance.Attributes["secret_access_key"].(string); isKey && ok {
				keys[id] = secret
			}
		}
	}
	if len(keys) != 2 {
		t.Fatalf("the state holds %d access keys, want 2", len(keys))
	}
	return keys
}

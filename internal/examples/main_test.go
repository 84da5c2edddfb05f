// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package examples_test applies every directory below examples/ as a reader of the
// documentation would: with the plain Terraform command and the provider's binary,
// against a local server.
package examples_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// root is the directory that holds the examples.
const root = "../../examples"

// What all tests use, made by TestMain: the Terraform command, the provider's
// binary, and the CLI configuration that makes the one find the other.
var command, binary, cliConfig string

func TestMain(m *testing.M) {
	directory, err := os.MkdirTemp("", "examples")
	if err == nil {
		err = prepare(directory)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "preparing to apply the examples:", err)
		os.Exit(1)
	}
	code := m.Run()
	if err := os.RemoveAll(directory); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// prepare finds Terraform, or OpenTofu, and builds the provider into the directory.
func prepare(directory string) error {
	var err error
	if command, err = findTerraform(); err != nil {
		return err
	}
	binary = filepath.Join(directory, "terraform-provider-iam")
	if output, err := exec.Command("go", "build", "-o", binary, "../..").CombinedOutput(); err != nil { //nolint:noctx // There is no test yet whose context could be used.
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	cliConfig = filepath.Join(directory, "cli.tfrc")
	return os.WriteFile(cliConfig, fmt.Appendf(nil, `provider_installation {
  dev_overrides {
    "registry.terraform.io/dataiam/iam" = %[1]q
    "registry.opentofu.org/dataiam/iam" = %[1]q
  }
}
`, directory), 0o600)
}

// findTerraform returns the command that acceptance tests use, too.
func findTerraform() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path, nil
	}
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		terraform, err = exec.LookPath("tofu")
	}
	if err != nil {
		return "", fmt.Errorf("neither terraform nor tofu is on the PATH: install one, or name it in TF_ACC_TERRAFORM_PATH: %w", err)
	}
	return terraform, nil
}

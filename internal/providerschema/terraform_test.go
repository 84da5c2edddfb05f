// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

const (
	address       = "registry.terraform.io/dataiam/iam"
	configuration = `terraform {
  required_providers {
    iam = { source = "` + address + `" }
  }
}`
)

// TestAccAgreesWithTerraform holds our JSON of this provider against the one that
// Terraform itself makes of it.
func TestAccAgreesWithTerraform(t *testing.T) {
	t.Parallel()
	theirs := terraformSchemas(t, serve(t)).ProviderSchemas[address]

	file := filepath.Join(t.TempDir(), "schema.json")
	if err := write(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	encoded, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := decode(t, encoded).ProviderSchemas[providerName]

	// Terraform prints only the kinds that its release knows.
	if theirs.ResourceIdentitySchemas == nil {
		ours.ResourceIdentitySchemas = nil
	}
	if theirs.ListResourceSchemas == nil {
		ours.ListResourceSchemas = nil
	}
	if theirs.ActionSchemas == nil {
		ours.ActionSchemas = nil
	}
	if len(ours.ResourceSchemas) == 0 {
		t.Fatal("the provider has no resources")
	}
	if diff := cmp.Diff(theirs, ours, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("schemas (-terraform +ours):\n%s", diff)
	}
}

// decode drops the members that this package does not know.
func decode(t *testing.T, encoded []byte) document {
	t.Helper()
	var decoded document
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatalf("%v in %s", err, encoded)
	}
	return decoded
}

// serve serves the provider for the length of the test and returns the value of
// TF_REATTACH_PROVIDERS that leads Terraform to it.
func serve(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	configs, closed := make(chan *plugin.ReattachConfig), make(chan struct{})
	served := make(chan error, 1)
	go func() {
		served <- tf6server.Serve(address, providerserver.NewProtocol6(provider.New("test")()), tf6server.WithDebug(ctx, configs, closed), tf6server.WithoutLogStderrOverride())
	}()
	t.Cleanup(func() {
		stop()
		<-closed
		if err := <-served; err != nil {
			t.Errorf("serving the provider: %v", err)
		}
	})
	config := <-configs
	encoded, err := json.Marshal(map[string]any{address: map[string]any{
		"Protocol": config.Protocol, "ProtocolVersion": config.ProtocolVersion, "Pid": config.Pid, "Test": config.Test,
		"Addr": map[string]string{"Network": config.Addr.Network(), "String": config.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// terraformSchemas is what Terraform prints for the provider that it is led to.
func terraformSchemas(t *testing.T, reattach string) document {
	t.Helper()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "main.tf"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), terraform(t), "providers", "schema", "-json")
	command.Dir = directory
	command.Env = append(os.Environ(), "TF_REATTACH_PROVIDERS="+reattach, "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	encoded, err := command.Output()
	if err != nil {
		t.Fatalf("terraform: %v\n%s", err, stderr.String())
	}
	return decode(t, encoded)
}

// terraform is the path of the command that acceptance tests use.
func terraform(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	path, err := exec.LookPath("terraform")
	if err != nil {
		t.Fatalf("no terraform to compare with: %v", err)
	}
	return path
}

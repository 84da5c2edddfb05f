// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-iam is a Terraform provider that manages who may do what
// on data platforms. Run it with -help for what it does besides.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/dataiam/terraform-provider-iam/internal/cli"
	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

// address is where configurations find the provider.
const address = "registry.terraform.io/dataiam/iam"

// version is linked in by releases and by make: -ldflags "-X main.version=1.2.3".
var version string

func main() {
	info, _ := debug.ReadBuildInfo()
	version := cli.Version(version, info)
	os.Exit(cli.Run(context.Background(), cli.Process{
		Args:    os.Args[1:],
		Getenv:  os.Getenv,
		Setenv:  os.Setenv,
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Version: version,
		Serve: func(_ context.Context, debug bool) error {
			return provider.Serve(address, provider.New(version), debug) //nolint:contextcheck // it serves until Terraform ends it
		},
	}))
}

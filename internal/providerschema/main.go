// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Command providerschema writes the provider's schemas as JSON, in the format of
// `terraform providers schema -json`. The documentation is generated from that file.
//
// It asks the provider itself over the plugin protocol, in one process. A Terraform
// command would do for most of it, but each release prints only the kinds of objects
// that it knows (list resources and actions: 1.14 and later), so that the
// documentation would depend on who generates it.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/dataiam/terraform-provider-iam/internal/provider"
)

func main() {
	out := flag.String("out", "", "the file to write")
	flag.Parse()
	if err := write(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "providerschema:", err)
		os.Exit(1)
	}
}

// write writes the schemas of the provider to the file.
func write(ctx context.Context, path string) error {
	schemas, err := describe(ctx, providerserver.NewProtocol6(provider.New("dev")())())
	if err != nil {
		return err
	}
	encoded, err := json.MarshalIndent(schemas, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(encoded, '\n'), 0o600)
}

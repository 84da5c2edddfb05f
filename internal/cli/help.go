// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"fmt"
	"strings"
)

// program is the name of the binary in its own messages. A released file carries its
// version in its name, which would only distract.
const program = "terraform-provider-iam"

// introduction says what somebody who starts the plugin by hand should know.
const introduction = `%[1]s %[2]s

The Terraform provider for access to data platforms: lakeFS and Cognite Data
Fusion (CDF). Terraform starts it by itself when a configuration asks for it:

  terraform {
    required_providers {
      iam = { source = "dataiam/iam" }
    }
  }

  provider "iam" {
    lakefs {
      endpoint = "https://lakefs.example.com"
    }
    cdf {
      cluster   = "westeurope-1"
      project   = "acme"
      token_url = "https://auth.cognite.com/oauth2/token"
    }
  }

Keys come from the environment (LAKECTL_CREDENTIALS_ACCESS_KEY_ID and
LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY, IDP_CLIENT_ID and IDP_CLIENT_SECRET), so
that none of them stands in a file.

By hand it is started with one of these:

`

// usage is the help text.
func usage(version string, commands []command) string {
	var b strings.Builder
	fmt.Fprintf(&b, introduction, program, version)
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-14s%s\n", c.names[0], c.summary)
		if c.flags {
			fmt.Fprintf(&b, "  %-14s(%s %s -h lists its flags)\n", "", program, c.names[0])
		}
	}
	return b.String()
}

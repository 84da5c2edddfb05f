// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package scale measures what large configurations cost with Terraform itself: "make
// bench-scale" prints a table of requests, connections, time and memory. What can be counted
// is asserted in tests beside the provider; times are only printed.
package scale

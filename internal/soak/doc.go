// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package soak has no code of its own: its test drives Terraform and the provider
// through random configurations and changes of them while the server fails and the
// provider is killed, and then looks whether anything was lost, doubled or touched that
// belongs to others.
//
// A small one runs with the other tests. `make soak` runs a large one; its seed is
// printed, and with SOAK_SEED the same comes again, as far as the order in which
// Terraform sends its requests allows.
package soak

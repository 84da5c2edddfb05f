// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package snapshot stands between the Terraform types and the API clients. It
// offers the client's operations under their names, with the answers Terraform
// needs: whether an object exists, whether it is ours, and what became of a
// write whose answer was lost. Resources read the platforms through it and
// nothing else, so how often a server is really asked is decided here alone.
package snapshot

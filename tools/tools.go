// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package tools keeps what the build needs (the documentation generator, the linter, the
// vulnerability check) in a module of its own, so that none of it gets into the dependency
// graph of the provider. `make generate` runs the lines below.
package tools

// What a caller must be permitted to do follows from the operations that a type makes: first
// the examples of guides, at last what the pages have.
//go:generate go -C .. run ./internal/permissiondocs -examples examples

//go:generate terraform fmt -recursive ../examples

// The schema comes from the provider itself, not from a Terraform command: older ones leave
// out list resources and actions, and the generator would download one where none is found.
//go:generate go -C .. run ./internal/providerschema -out bin/provider-schema.json
//go:generate go tool tfplugindocs generate --provider-dir .. --provider-name terraform-provider-iam --rendered-provider-name iam --providers-schema ../bin/provider-schema.json

//go:generate go -C .. run ./internal/permissiondocs -docs docs

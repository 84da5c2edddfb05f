// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"runtime/debug"
	"strings"
)

// development is the version of a binary that nobody gave one.
const development = "dev"

// Version is the version of the binary: the one that was linked into it, else the one
// that the Go command recorded (`go install …@v1.2.3`), else "dev". It has no leading v.
func Version(linked string, info *debug.BuildInfo) string {
	if linked != "" {
		return linked
	}
	if info == nil || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return development
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

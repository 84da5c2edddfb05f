// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	built := func(version string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}}
	}
	tests := map[string]struct {
		linked string
		info   *debug.BuildInfo
		want   string
	}{
		"linked":              {linked: "1.2.3", info: built("v9.9.9"), want: "1.2.3"},
		"installed by go":     {info: built("v1.2.3"), want: "1.2.3"},
		"built in a checkout": {info: built("(devel)"), want: "dev"},
		"no version recorded": {info: built(""), want: "dev"},
		"no build info":       {want: "dev"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Version(test.linked, test.info); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

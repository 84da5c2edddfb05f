// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// Colours paint whole lines and change nothing else.
func TestAccessDiffColours(t *testing.T) {
	t.Parallel()
	reports := []accessdiff.Report{{Server: "iam", Principals: []accessdiff.PrincipalChange{{
		Platform: accessdiff.LakeFS, Subjects: []accessdiff.Subject{{Kind: accessdiff.KindUser, ID: "ann"}},
		Gained: []accessdiff.Line{{Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::repository/a", Certain: true, Witness: &accessdiff.Witness{User: "ann", Action: "fs:ReadObject", Resource: "arn:lakefs:fs:::repository/a"}}},
		Lost:   []accessdiff.Line{{Action: "fs:WriteObject", Resource: strings.Repeat("arn:lakefs:fs:::repository/b ", 9), Witness: &accessdiff.Witness{}}},
		Notes:  []string{"who knows"},
	}}}}
	var painted, plainly bytes.Buffer
	if err := accessText(&painted, reports, style{colour: true}); err != nil {
		t.Fatal(err)
	}
	if err := accessText(&plainly, reports, style{}); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{green + "  + fs:ReadObject on arn:lakefs:fs:::repository/a" + plain + "\n", red + "  - possibly fs:WriteObject", yellow + "  ? who knows" + plain + "\n"} {
		if !strings.Contains(painted.String(), line) {
			t.Errorf("%q is not in %q", line, painted.String())
		}
	}
	if stripped := strings.NewReplacer(green, "", red, "", yellow, "", bold, "", plain, "").Replace(painted.String()); stripped != plainly.String() {
		t.Errorf("%q, and without colours %q", stripped, plainly.String())
	}
}

// Only a terminal gets colours, and only where the environment has nothing against it.
func TestAccessDiffWhereColours(t *testing.T) {
	t.Parallel()
	file, err := os.Create(filepath.Join(t.TempDir(), "report"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	environment := func(name, value string) func(string) string {
		return func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
	}
	for name, test := range map[string]struct {
		process Process
		want    bool
	}{
		"file":     {Process{Stdout: file, Getenv: environment("", "")}, false},
		"buffer":   {Process{Stdout: &bytes.Buffer{}, Getenv: environment("", "")}, false},
		"device":   {Process{Stdout: device, Getenv: environment("", "")}, true},
		"NO_COLOR": {Process{Stdout: device, Getenv: environment("NO_COLOR", "1")}, false},
		"dumb":     {Process{Stdout: device, Getenv: environment("TERM", "dumb")}, false},
	} {
		if got := hasColour(test.process); got != test.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

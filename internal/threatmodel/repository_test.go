// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package threatmodel

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A tag of an action can be moved by whoever breaks into its repository; a commit cannot.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	workflows, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	uses, pinned := regexp.MustCompile(`(?m)^\s*(?:- )?uses:\s*(.*)$`), regexp.MustCompile(`^[^@\s]+@[0-9a-f]{40}( # v\S+)?$`)
	found := 0
	for _, workflow := range workflows {
		text, err := os.ReadFile(filepath.Clean(workflow))
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range uses.FindAllStringSubmatch(string(text), -1) {
			found++
			if !pinned.MatchString(action[1]) {
				t.Errorf("%s uses %s, which is not pinned to a commit", workflow, action[1])
			}
		}
	}
	if found == 0 {
		t.Error("no actions were found: the test shows nothing")
	}
}

// What looks for vulnerabilities is called from both places.
func TestVulnerabilitiesAreLookedFor(t *testing.T) {
	t.Parallel()
	for file, call := range map[string]string{
		".ci/run":                    "section vulncheck make vulncheck",
		".github/workflows/test.yml": "- run: make vulncheck",
		".github/dependabot.yml":     "package-ecosystem: gomod",
	} {
		if !strings.Contains(readFile(t, file), call) {
			t.Errorf("%s does not say %q", file, call)
		}
	}
}

// No argument, no variable and no line of code turns the verification of certificates off.
func TestNobodyTurnsVerificationOff(t *testing.T) {
	t.Parallel()
	off := regexp.MustCompile(`(?i)insecure_?skip|skip_?(tls_?)?verif|"(tls_)?insecure|VerifyPeerCertificate|VerifyConnection`)
	read := 0
	repository := os.DirFS(root)
	err := fs.WalkDir(repository, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(repository, path)
		if err != nil {
			return err
		}
		read++
		if line := off.FindString(string(text)); line != "" {
			t.Errorf("%s holds %s", path, line)
		}
		return nil
	})
	if err != nil || read < 100 {
		t.Errorf("error %v after %d files: the test shows too little", err, read)
	}
}

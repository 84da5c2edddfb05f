// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The examples of callers are those that the operations of the types give.
func TestWriteCallers(t *testing.T) {
	t.Parallel()
	examples := t.TempDir()
	if err := writeCallers(t.Context(), examples); err == nil {
		t.Error("writing into directories that are not there is no error")
	}
	for _, c := range callers {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(examples, filepath.FromSlash(c.file))), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeCallers(t.Context(), examples); err != nil {
		t.Fatalf("writeCallers: %v", err)
	}
	for _, c := range callers {
		want, err := os.ReadFile(filepath.Join(examples, filepath.FromSlash(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../../examples", filepath.FromSlash(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not up to date, run make generate (-want +got):\n%s", c.file, diff)
		}
	}
}

// Who only plans needs nothing that changes anything, and less than who applies.
func TestCallersThatPlan(t *testing.T) {
	t.Parallel()
	types, err := operators(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(callers); i += 2 {
		applies, plans := map[string]bool{}, map[string]bool{}
		for _, operation := range callers[i].operations(types) {
			applies[operation] = true
		}
		for _, operation := range callers[i+1].operations(types) {
			plans[operation] = true
			if !applies[operation] {
				t.Errorf("%s makes %s, and %s does not", callers[i+1].file, operation, callers[i].file)
			}
		}
		for _, writes := range []string{"createUser", "deletePolicy", "createGroups", "deleteGroups", "createSession"} {
			if plans[writes] {
				t.Errorf("%s makes %s", callers[i+1].file, writes)
			}
		}
		if len(plans) == 0 || len(applies) <= len(plans) {
			t.Errorf("%s makes %d operations, %s makes %d", callers[i].file, len(applies), callers[i+1].file, len(plans))
		}
	}
}

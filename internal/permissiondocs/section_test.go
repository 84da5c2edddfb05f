// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// sections are what the operations of a type come to.
var sections = map[string]struct {
	occasions []entity.Occasion
	want      string
}{
	"no permission needed": {
		occasions: []entity.Occasion{{Name: "read", Calls: []entity.Call{{Operation: "getCurrentUser"}}}},
		want:      "None: every user may do this.",
	},
	"several": {
		occasions: []entity.Occasion{
			{Name: "read", Calls: []entity.Call{{Operation: "listUsers"}, {Operation: "getCurrentUser"}}},
			{Name: "destroy", Calls: []entity.Call{
				{Operation: "setGroupACL", Only: "in ACL mode"},
				{Operation: "listUsers"},
			}},
		},
		want: `The user whose credentials the provider uses needs these permissions. A word in capitals stands for an id.

| To | Operation of the API | Permission | When |
|---|---|---|---|
| read | [listUsers](https://docs.lakefs.io/reference/api/#/auth/listUsers) | ` + "`auth:ListUsers` on `*`" + ` | always |
| read | [getCurrentUser](https://docs.lakefs.io/reference/api/#/auth/getCurrentUser) | none | always |
| destroy | [setGroupACL](https://docs.lakefs.io/reference/api/#/auth/setGroupACL) | ` +
			"`auth:ReadGroup` on `arn:lakefs:auth:::group/GROUP` and `auth:AttachPolicy` on `arn:lakefs:auth:::policy/ACL(_-_)GROUP`" +
			" and `auth:UpdatePolicy` on `arn:lakefs:auth:::policy/ACL(_-_)GROUP`" + ` | in ACL mode |
| destroy | [listUsers](https://docs.lakefs.io/reference/api/#/auth/listUsers) | ` + "`auth:ListUsers` on `*`" + ` | always |

This policy grants them for all objects; narrow the resources down to what is needed:

` + "```terraform" + `
resource "iam_lakefs_policy" "terraform" {
  id = "Terraform"

  statement {
    effect    = "allow"
    actions   = ["auth:ListUsers"]
    resources = ["*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:ReadGroup"]
    resources = ["arn:lakefs:auth:::group/*"]
  }

  statement {
    effect    = "allow"
    actions   = ["auth:AttachPolicy", "auth:UpdatePolicy"]
    resources = ["arn:lakefs:auth:::policy/ACL(_-_)*"]
  }
}
` + "```",
	},
}

func TestSection(t *testing.T) {
	t.Parallel()
	for name, test := range sections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := section(test.occasions)
			if err != nil {
				t.Fatalf("section: %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("section (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSectionRefusesUnknownOperations(t *testing.T) {
	t.Parallel()
	_, err := section([]entity.Occasion{{Name: "read", Calls: []entity.Call{{Operation: "makeCoffee"}}}})
	if err == nil || !strings.Contains(err.Error(), "makeCoffee") {
		t.Errorf("got %v, want an error that names the operation", err)
	}
}

// TestRunCompletesEveryPage also shows that each type of the provider tells its
// operations and that the permissions of all of them are known.
func TestRunCompletesEveryPage(t *testing.T) {
	t.Parallel()
	types, err := operators(t.Context())
	if err != nil {
		t.Fatalf("operators: %v", err)
	}
	docs := t.TempDir()
	for page := range types {
		path := filepath.Join(docs, filepath.FromSlash(page))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("before\n"+placeholder+"\nafter\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t.Context(), docs); err != nil {
		t.Fatalf("run: %v", err)
	}
	for page := range types {
		text, err := os.ReadFile(filepath.Join(docs, filepath.FromSlash(page)))
		if err != nil {
			t.Fatal(err)
		}
		complete := strings.HasPrefix(string(text), "before\n") && strings.HasSuffix(string(text), "\nafter\n")
		if !complete || strings.Contains(string(text), placeholder) {
			t.Errorf("%s is not completed:\n%s", page, text)
		}
	}
	// A second run finds no place left.
	if err := run(t.Context(), docs); err == nil {
		t.Error("running on completed pages is no error")
	}
}

func TestRunNeedsEveryPage(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), t.TempDir()); err == nil {
		t.Error("running on no pages is no error")
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// sections are what the operations of a type come to.
var sections = map[string]struct {
	platform  platform
	occasions []entity.Occasion
	want      string
}{
	"no permission of lakeFS needed": {
		platform:  lakefs,
		occasions: []entity.Occasion{{Name: "read", Calls: []entity.Call{{Operation: "getCurrentUser"}}}},
		want:      "None: every user may do this.",
	},
	"several of lakeFS": {
		platform: lakefs,
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
	"no capability of CDF needed": {
		platform:  cdf,
		occasions: []entity.Occasion{{Name: "read", Calls: []entity.Call{{Operation: "listPrincipals"}}}},
		want:      "None: no capability of a project matters here.",
	},
	"several of CDF": {
		platform: cdf,
		occasions: []entity.Occasion{
			{Name: "read", Calls: []entity.Call{{Operation: "inspectToken"}, {Operation: "listProjects", Only: "if asked for"}, {Operation: "getMyPrincipal"}}},
			{Name: "create", Calls: []entity.Call{{Operation: "listGroups"}, {Operation: "createGroups"}}},
		},
		want: `The principal that the provider logs in as needs these capabilities; ` + "`in all` is the scope `all`" + `.

| To | Operation of the API | Capability | When |
|---|---|---|---|
| read | [inspectToken](https://docs.cognite.com/20230101/token/inspect) | ` + "`groupsAcl:LIST in all` and `projectsAcl:LIST in all`" + ` | always |
| read | listProjects | ` + "`projectsAcl:LIST in all`" + ` | if asked for |
| read | [getMyPrincipal](https://docs.cognite.com/20230101/principals/get-the-current-callers-information) | none | always |
| create | [listGroups](https://docs.cognite.com/20230101/groups/list-groups) | ` + "`groupsAcl:LIST in all`" + ` | always |
| create | [createGroups](https://docs.cognite.com/20230101/groups/create-groups) | ` + "`groupsAcl:CREATE in all`" + ` | always |

This group grants them to whoever is in the group of the identity provider that ` + "`source_id`" + ` names:

` + "```terraform" + `
resource "iam_cdf_group" "terraform" {
  name      = "terraform"
  source_id = "b7c9a5a4-99c2-4785-bed3-5e6ad9a78603"

  capability {
    acl     = "groupsAcl"
    actions = ["CREATE", "LIST"]
    scope { all = true }
  }

  capability {
    acl     = "projectsAcl"
    actions = ["LIST"]
    scope { all = true }
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
			got, err := test.platform.section(test.occasions)
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
	for _, p := range platforms {
		_, err := p.section([]entity.Occasion{{Name: "read", Calls: []entity.Call{{Operation: "makeCoffee"}}}})
		if err == nil || !strings.Contains(err.Error(), "makeCoffee") {
			t.Errorf("%s: got %v, want an error that names the operation", p.prefix, err)
		}
	}
}

func TestPlatformOf(t *testing.T) {
	t.Parallel()
	for _, want := range platforms {
		if got, err := platformOf(want.prefix + "group.md"); err != nil || got.prefix != want.prefix {
			t.Errorf("%sgroup.md is of %q (%v)", want.prefix, got.prefix, err)
		}
	}
	if _, err := platformOf("other_group.md"); err == nil || !strings.Contains(err.Error(), "other_group.md") {
		t.Errorf("got %v, want an error that names the type", err)
	}
}

// TestCDFPages holds the one operation without a page to be the only one.
func TestCDFPages(t *testing.T) {
	t.Parallel()
	types, err := operators(t.Context())
	if err != nil {
		t.Fatalf("operators: %v", err)
	}
	without := map[string]bool{}
	for page, operator := range types {
		if p, err := platformOf(path.Base(page)); err != nil || p.prefix != cdf.prefix {
			continue
		}
		for _, occasion := range operator.Operations() {
			for _, call := range occasion.Calls {
				if cdf.page(call.Operation) == "" {
					without[call.Operation] = true
				}
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"listProjects": true}, without); diff != "" {
		t.Errorf("operations without a page (-want +got):\n%s", diff)
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
		file := filepath.Join(docs, filepath.FromSlash(page))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("before\n"+strings.Join(places(page), "\n")+"\nafter\n"), 0o600); err != nil {
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
		if !complete || strings.Contains(string(text), "<!--") {
			t.Errorf("%s is not completed:\n%s", page, text)
		}
	}
	// A second run finds no place left.
	if err := run(t.Context(), docs); err == nil {
		t.Error("running on completed pages is no error")
	}
}

// places are what a page has for the parts that belong on it.
func places(page string) []string {
	all := append(slices.Sorted(maps.Keys(tables[page])), permissionsPlace)
	if path.Dir(page) == "resources" {
		all = append(all, identityPlace)
	}
	return all
}

func TestRunNeedsEveryPage(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), t.TempDir()); err == nil {
		t.Error("running on no pages is no error")
	}
}

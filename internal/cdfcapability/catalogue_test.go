// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// catalogueFlag names a newer source, see catalogueText.
var catalogueFlag = flag.String("catalogue", "testdata/acl-catalogue.json", "compare the catalogue with this `file`")

// sourceRow is an ACL in a source. What some versions of a source know more or less of it
// stands in members of their own.
type sourceRow struct {
	ACL
	SDK7        ACL `json:"sdk_7_94_2"`
	ToolkitAPI  ACL `json:"toolkit_api"`
	ToolkitYAML ACL `json:"toolkit_yaml"`
}

// The catalogue knows whatever one of its sources knows. A line of the failure is what has to stand in
// catalogue.json instead.
func TestCatalogueIsUpToDate(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(*catalogueFlag)
	if err != nil {
		t.Fatal(err)
	}
	var rows []sourceRow
	if err := json.Unmarshal(text, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		t.Fatal("the source is empty")
	}
	for _, row := range rows {
		known, _ := LookUpACL(row.Name)
		wanted := known.clone()
		wanted.Name = row.Name
		wanted.Legacy = known.Legacy || row.Legacy
		for _, source := range []ACL{row.ACL, row.SDK7, row.ToolkitAPI, row.ToolkitYAML} {
			wanted.Actions = union(wanted.Actions, source.Actions)
			wanted.Scopes = union(wanted.Scopes, source.Scopes)
		}
		if !cmp.Equal(known, wanted) {
			line, err := json.Marshal(wanted)
			if err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s", line)
		}
	}
}

// union appends what is new.
func union(list, more []string) []string {
	for _, element := range more {
		if !slices.Contains(list, element) {
			list = append(list, element)
		}
	}
	return list
}

// Each ACL stands there once, with known scopes, and in order.
func TestCatalogueIsWellFormed(t *testing.T) {
	t.Parallel()
	acls := ACLs()
	if len(acls) != 67 {
		t.Errorf("%d ACLs, want 67", len(acls))
	}
	if !slices.IsSortedFunc(acls, func(a, b ACL) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the ACLs are not sorted")
	}
	seen := map[string]bool{}
	var legacy []string
	for _, acl := range acls {
		if seen[acl.Name] || acl.Name == "" || len(acl.Actions) == 0 || len(acl.Scopes) == 0 {
			t.Errorf("%q is there twice or empty", acl.Name)
		}
		seen[acl.Name] = true
		for _, scope := range acl.Scopes {
			if _, ok := LookUpScope(scope); !ok {
				t.Errorf("%s has the unknown scope %s", acl.Name, scope)
			}
		}
		for _, list := range [][]string{acl.Actions, acl.Scopes} {
			if len(slices.Compact(slices.Sorted(slices.Values(list)))) != len(list) {
				t.Errorf("%s: %v has something twice", acl.Name, list)
			}
		}
		if acl.Legacy {
			legacy = append(legacy, acl.Name)
		}
		if _, isScope := LookUpScope(acl.Name); isScope || acl.Name == memberProjectScope {
			t.Errorf("%s is also something else", acl.Name)
		}
	}
	if diff := cmp.Diff([]string{"genericsAcl", "modelHostingAcl", "templateGroupsAcl"}, legacy); diff != "" {
		t.Errorf("legacy ACLs (-want +got):\n%s", diff)
	}
}

func TestLookUpACL(t *testing.T) {
	t.Parallel()
	got, ok := LookUpACL("agentsAcl")
	want := ACL{Name: "agentsAcl", Actions: []string{"READ", "WRITE", "RUN"}, Scopes: []string{"all", "agentExternalIdScope"}}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("%v (-want +got):\n%s", ok, diff)
	}
	for _, name := range []string{"", "AgentsAcl", "agents"} {
		if got, ok := LookUpACL(name); ok || got.Name != "" {
			t.Errorf("%q: %v, %v", name, got, ok)
		}
	}
}

// Callers cannot change the catalogue.
func TestCatalogueIsNotShared(t *testing.T) {
	t.Parallel()
	one, _ := LookUpACL("labelsAcl")
	one.Actions[0], one.Scopes[0] = "x", "x"
	index := slices.IndexFunc(ACLs(), func(a ACL) bool { return a.Name == "labelsAcl" })
	all := ACLs()
	all[index].Actions[0] = "y"
	again, _ := LookUpACL("labelsAcl")
	if diff := cmp.Diff(ACL{Name: "labelsAcl", Actions: []string{"READ", "WRITE"}, Scopes: []string{"all", "datasetScope"}}, again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadCatalogueRefuses(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a broken table was read")
		}
	}()
	readCatalogue([]byte(`{}`))
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package threatmodel holds the tests of the page templates/guides/threat-model.md: that
// each of its lines names tests that exist, and what it says of the repository itself.
package threatmodel

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// root is where the repository lies from here.
const root = "../.."

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readPage(t *testing.T) string {
	t.Helper()
	return readFile(t, "templates/guides/threat-model.md")
}

// attackers are the sections that the page has to have, each with a table.
var attackers = []string{
	"A malicious server", "The network", "The author of a configuration", "Readers of logs",
	"Readers of plans and states", "Others on the machine", "The supply chain",
}

// The page names, for every line of its tables, tests that exist.
func TestEveryLineIsProved(t *testing.T) {
	t.Parallel()
	for _, problem := range problems(readPage(t), declaredTests) {
		t.Error(problem)
	}
}

var (
	cited   = regexp.MustCompile("^`([a-z/]+)\\.((?:Test|Fuzz)[A-Za-z0-9_]+)`$")
	section = regexp.MustCompile(`(?m)^## (.+)$`)
)

// problems lists what is wrong with a page. The tests of a package, a folder below
// internal/, come from the function.
func problems(page string, testsOf func(folder string) (map[string]bool, error)) (found []string) {
	lines := map[string]int{}
	heading := ""
	for line := range strings.SplitSeq(page, "\n") {
		if title := section.FindStringSubmatch(line); title != nil {
			heading = title[1]
		}
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| What ") && strings.HasSuffix(line, "by |") {
			continue
		}
		lines[heading]++
		if len(cells) != 3 {
			found = append(found, fmt.Sprintf("the line %q has %d cells, want 3", line, len(cells)))
			continue
		}
		for test := range strings.SplitSeq(strings.TrimSpace(cells[2]), ", ") {
			if problem := citation(test, testsOf); problem != "" {
				found = append(found, fmt.Sprintf("%s: %q: %s", heading, strings.TrimSpace(cells[0]), problem))
			}
		}
	}
	for _, attacker := range attackers {
		if lines[attacker] == 0 {
			found = append(found, fmt.Sprintf("the section %q has no line", attacker))
		}
	}
	return found
}

// citation says what is wrong with the name of a test, "" when nothing is.
func citation(test string, testsOf func(folder string) (map[string]bool, error)) string {
	parts := cited.FindStringSubmatch(test)
	if parts == nil {
		return fmt.Sprintf("%q names no test", test)
	}
	tests, err := testsOf(parts[1])
	switch {
	case err != nil:
		return err.Error()
	case !tests[parts[2]]:
		return fmt.Sprintf("there is no test %s in internal/%s", parts[2], parts[1])
	}
	return ""
}

// declaredTests reads the names of the tests and fuzz targets of a package.
func declaredTests(folder string) (map[string]bool, error) {
	files, err := filepath.Glob(filepath.Join(root, "internal", folder, "*_test.go"))
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, declaration := range parsed.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Recv == nil && len(function.Type.Params.List) == 1 {
				names[function.Name.Name] = true
			}
		}
	}
	return names, nil
}

// The check above can fail.
func TestProblems(t *testing.T) {
	t.Parallel()
	testsOf := func(folder string) (map[string]bool, error) {
		if folder == "gone" {
			return nil, os.ErrNotExist
		}
		return map[string]bool{"TestGood": true}, nil
	}
	var complete strings.Builder
	for _, attacker := range attackers {
		fmt.Fprintf(&complete, "## %s\n\n| What it does | What happens | Proved by |\n|---|---|---|\n| a | b | `httpapi.TestGood` |\n\n", attacker)
	}
	for name, test := range map[string]struct {
		change func(page string) string
		want   []string
	}{
		"complete":      {func(page string) string { return page }, nil},
		"several tests": {func(page string) string { return page + "| a | b | `x.TestGood`, `y/z.TestGood` |\n" }, nil},
		"no such test": {
			func(page string) string { return page + "| a | b | `x.TestGood`, `x.TestBad` |\n" },
			[]string{`The supply chain: "a": there is no test TestBad in internal/x`},
		},
		"no such package": {
			func(page string) string { return page + "| a | b | `gone.TestGood` |\n" },
			[]string{`The supply chain: "a": file does not exist`},
		},
		"no test": {
			func(page string) string { return page + "| a | b | – |\n" },
			[]string{`The supply chain: "a": "–" names no test`},
		},
		"a cell too few": {
			func(page string) string { return page + "| a | `x.TestGood` |\n" },
			[]string{"the line \"| a | `x.TestGood` |\" has 2 cells, want 3"},
		},
		"a section without a line": {
			func(page string) string { return strings.Replace(page, "| a | b | `httpapi.TestGood` |", "", 1) },
			[]string{`the section "A malicious server" has no line`},
		},
		"a section too few": {
			func(page string) string { return strings.Replace(page, "## The network", "## Something else", 1) },
			[]string{`the section "The network" has no line`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, problems(test.change(complete.String()), testsOf)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// The page lists what go.mod requires, so that a new dependency is a decision.
func TestDirectDependencies(t *testing.T) {
	t.Parallel()
	module := readFile(t, "go.mod")
	var required []string
	for _, line := range regexp.MustCompile(`(?m)^(?:\t|require )(\S+) v\S+$`).FindAllStringSubmatch(module, -1) {
		required = append(required, line[1])
	}
	_, list, _ := strings.Cut(readPage(t), "The provider requires, tests included: ")
	list, _, _ = strings.Cut(list, "\n")
	var listed []string
	for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(list, -1) {
		listed = append(listed, name[1])
	}
	slices.Sort(required)
	if diff := cmp.Diff(required, listed); diff != "" || len(required) == 0 {
		t.Errorf("the page lists other dependencies than go.mod requires (-go.mod +page):\n%s", diff)
	}
	for _, word := range []string{"replace", "exclude"} {
		if regexp.MustCompile(`(?m)^` + word + `\b`).MatchString(module) {
			t.Errorf("go.mod has a %s, which go install would not follow", word)
		}
	}
}

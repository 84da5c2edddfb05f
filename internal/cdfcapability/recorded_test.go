// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// Comparisons recorded from the Python SDK elsewhere can be replayed with
//
//	go test ./internal/cdfcapability -run TestMissingAgreesWithTheSDK -args -cases FILE
var casesFlag = flag.String("cases", "", "compare as in this `file` instead of those in testdata")

// recordedCases is how many comparisons are in testdata, so that none can get lost unseen.
const recordedCases = 632

// The kinds of existing capabilities in recorded comparisons.
const (
	kindCapabilities        = "capabilities"
	kindGroupCapabilities   = "group_capabilities"
	kindProjectCapabilities = "project_capabilities"
)

// comparison is one comparison that the Python SDK was asked for.
type comparison struct {
	Name                  string          `json:"name"`
	Existing              json.RawMessage `json:"existing"`
	Desired               json.RawMessage `json:"desired"`
	ExistingKind          string          `json:"existing_kind"`
	Project               *string         `json:"project"`
	ClientProject         *string         `json:"client_project"`
	IgnoreAllScopeMeaning bool            `json:"ignore_allscope_meaning"`
	// Expect is what is missing, {"error": true}, or "unspecified".
	Expect json.RawMessage `json:"expect"`
}

func readComparisons(t testing.TB, file string) []comparison {
	t.Helper()
	content, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = content.Close() }()
	const longestLine = 64 << 20
	scanner := bufio.NewScanner(content)
	scanner.Buffer(nil, longestLine)
	var rows []comparison
	for scanner.Scan() {
		var row comparison
		if err := json.Unmarshal(scanner.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// What is missing is what the Python SDK 8.13.0 says, but for empty lists, which it
// refuses, legacy ACLs in dictionaries, which it reports, and unknown scopes in existing
// capabilities, which it cannot compare.
func TestMissingAgreesWithTheSDK(t *testing.T) {
	t.Parallel()
	files := []string{*casesFlag}
	if *casesFlag == "" {
		var err error
		if files, err = filepath.Glob("testdata/cdf-compare*.jsonl"); err != nil {
			t.Fatal(err)
		}
	}
	total := 0
	for _, file := range files {
		rows := readComparisons(t, file)
		total += len(rows)
		for _, row := range rows {
			t.Run(row.Name, func(t *testing.T) {
				t.Parallel()
				row.check(t)
			})
		}
	}
	if *casesFlag == "" && total != recordedCases || total == 0 {
		t.Errorf("%d comparisons, want %d", total, recordedCases)
	}
}

// check compares what we say with what is recorded.
func (row *comparison) check(t *testing.T) {
	t.Helper()
	missing, findings, err := row.missing()
	switch {
	case string(row.Expect) == `"unspecified"`:
		row.checkUnknown(t, missing, findings, err)
	case bytes.HasPrefix(row.Expect, []byte("{")):
		if err == nil {
			t.Errorf("no error, but %v", missing)
		}
	case err != nil:
		t.Error(err)
	default:
		got, err := EncodeList(missing)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(decode(t, row.Expect), decode(t, got)); diff != "" {
			t.Errorf("missing (-want +got):\n%s", diff)
		}
	}
}

// missing reads and compares as the row says. What a server answered is read leniently; the
// capabilities of a token need a project.
func (row *comparison) missing() ([]Capability, []Finding, error) {
	existing, err := ParseList(row.Existing)
	if row.ExistingKind != kindCapabilities {
		existing, _, err = ParseServerList(row.Existing)
	}
	if err != nil {
		return nil, nil, err
	}
	desired, err := ParseList(row.Desired)
	if err != nil {
		return nil, nil, err
	}
	options := Options{IgnoreAllScopeMeaning: row.IgnoreAllScopeMeaning}
	if row.ExistingKind == kindProjectCapabilities {
		project := cmp.Or(row.Project, row.ClientProject)
		if project == nil {
			return nil, nil, errors.New("no project")
		}
		options.Project = *project
	}
	return Missing(existing, desired, options)
}

// checkUnknown checks what is left to us: names that the SDK does not know are told,
// and what has them is missing as long as nothing that is held says otherwise.
func (row *comparison) checkUnknown(t *testing.T, missing []Capability, findings []Finding, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(findings) == 0 {
		t.Error("nothing is said about names that the catalogue does not know")
	}
	existing, err := ParseList(row.Existing)
	if err != nil {
		t.Fatal(err)
	}
	desired, err := ParseList(row.Desired)
	if err != nil {
		t.Fatal(err)
	}
	held, lacking := Flatten(existing), Flatten(missing)
	for _, p := range Flatten(desired) {
		if isLegacy(p.ACL) || covers(held, p) != slices.Contains(lacking, p) {
			continue
		}
		t.Errorf("%s: held and missing, or neither", p)
	}
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

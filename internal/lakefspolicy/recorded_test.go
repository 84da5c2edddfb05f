// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// readLines gives the lines of a file of testdata, one JSON value each.
func readLines(t *testing.T, name string) [][]byte {
	t.Helper()
	return readFile(t, filepath.Join("testdata", name))
}

// readFile gives the lines of a file, one JSON value each.
func readFile(t *testing.T, name string) [][]byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const longestLine = 1 << 24
	var lines [][]byte
	scanner := bufio.NewScanner(bytes.NewReader(content))
	scanner.Buffer(nil, longestLine)
	for scanner.Scan() {
		lines = append(lines, slices.Clone(scanner.Bytes()))
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	if len(lines) == 0 {
		t.Fatalf("%s is empty", name)
	}
	return lines
}

func hasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// judge reads and validates a document and gives what is wrong with it as one text.
func judge(t *testing.T, document []byte) (refused bool, why any) {
	t.Helper()
	parsed, err := ParseDocument(document)
	if err != nil {
		return true, err
	}
	findings := Validate(parsed.Statements, Options{})
	return hasErrors(findings), findings
}

// The rows are policies written to lakeFS 1.84 and whether it accepted them. Those
// that it accepts and then punishes are marked by hand: they are errors here too.
func TestRecordedWrites(t *testing.T) {
	t.Parallel()
	for _, line := range readLines(t, "policy-writes.jsonl") {
		var row struct {
			Statement json.RawMessage `json:"statement"`
			Accepted  bool            `json:"accepted"`
			Punished  string          `json:"punished"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		t.Run(string(row.Statement), func(t *testing.T) {
			t.Parallel()
			refused, why := judge(t, []byte(`{"statement":`+string(row.Statement)+`}`))
			if want := !row.Accepted || row.Punished != ""; refused != want {
				t.Errorf("refused: %v (%v), want %v", refused, why, want)
			}
		})
	}
}

// The policies that lakeFS makes at setup must give nothing to complain about.
func TestDefaultPolicies(t *testing.T) {
	t.Parallel()
	for _, line := range readLines(t, "default-policies.jsonl") {
		document, err := ParseDocument(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if findings := Validate(document.Statements, Options{}); len(findings) > 0 {
			t.Errorf("%s: %v", line, findings)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestActions(t *testing.T) {
	t.Parallel()
	actions := Actions()
	if len(actions) != 74 {
		t.Errorf("%d actions, want the 74 of lakeFS 1.84", len(actions))
	}
	if want := slices.Compact(slices.Sorted(slices.Values(actions))); !slices.Equal(want, actions) {
		t.Error("the actions are not sorted, each once")
	}
	perService := map[string]int{}
	for _, action := range actions {
		service, name, ok := strings.Cut(action, ":")
		if !ok || name == "" {
			t.Errorf("%q is no action", action)
		}
		perService[service]++
	}
	want := map[string]int{"fs": 25, "auth": 24, "ci": 1, "retention": 4, "branches": 2, "pr": 3, "catalog": 15}
	if diff := cmp.Diff(want, perService); diff != "" {
		t.Errorf("actions per service (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"fs:CreateMetaRange"}, RemovedActions()); diff != "" {
		t.Errorf("removed actions (-want +got):\n%s", diff)
	}
	for _, action := range slices.Concat(actions, RemovedActions()) {
		if findings := ValidateAction(action); findings != nil {
			t.Errorf("%s: %v", action, findings)
		}
	}
}

func TestNearestAction(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"fs:ReadObject":           "fs:ReadObject",
		"FS:READOBJECT":           "fs:ReadObject",
		"ReadObject":              "fs:ReadObject",
		"readtabel":               "catalog:ReadTable",
		"fs:RaedObject":           "fs:ReadObject",
		"auth:ReadUsers":          "auth:ReadUser",
		"auth:CreateCredential":   "auth:CreateCredentials",
		"fs:Lsit*":                "fs:ListBranches",
		"ci:ReadActions":          "ci:ReadAction",
		"":                        "",
		"*":                       "",
		"x":                       "",
		"fs:x":                    "",
		"s3:GetBucketLocation":    "",
		strings.Repeat("fs:", 99): "",
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, ok := NearestAction(text)
			if got != want || ok != (want != "") {
				t.Errorf("%q, %v, want %q", got, ok, want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, word string
		want          int
	}{
		{"", "", 0},
		{"abc", "abc", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"abd", "abc", 1},
		{"ab", "abc", 1},
		{"abcd", "abc", 1},
		{"bac", "abc", 1},
		{"ca", "abc", 3},
		{"éa", "aé", 1},
		{"kitten", "sitting", 3},
		{"*", "abc", 0},
		{"a*", "abc", 0},
		{"b*", "abc", 1},
		{"a*x", "abc", 1},
		{"**", "", 0},
		{"a?c", "abc", 0},
	}
	for _, test := range tests {
		if got := mistakes(test.pattern, test.word); got != test.want {
			t.Errorf("mistakes(%q, %q) = %d, want %d", test.pattern, test.word, got, test.want)
		}
	}
}

// The matcher against the regular expression that a pattern stands for.
func TestMatchGlob(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?.")), 0, 8, -1).Draw(t, "pattern")
		name := rapid.StringOfN(rapid.SampledFrom([]rune("ab.")), 0, 10, -1).Draw(t, "name")
		expression := regexp.QuoteMeta(pattern)
		expression = strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(expression)
		want := regexp.MustCompile("^" + expression + "$").MatchString(name)
		if got := matchGlob(pattern, name); got != want {
			t.Fatalf("matchGlob(%q, %q) = %v, want %v", pattern, name, got, want)
		}
	})
}

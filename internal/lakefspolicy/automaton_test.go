// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "testing"

func globsOf(t *testing.T, patterns ...string) []*glob {
	t.Helper()
	globs := make([]*glob, len(patterns))
	for i, pattern := range patterns {
		g, ok := parseGlob(pattern, readingOfGlob{})
		if !ok {
			t.Fatalf("%q is no glob", pattern)
		}
		globs[i] = &g
	}
	return globs
}

// A search finds a shortest text that is not empty, also where its state is that of the
// beginning, and over states of more than one machine word.
func TestAutomatonSearch(t *testing.T) {
	t.Parallel()
	const long = "arn:lakefs:fs:::repository/a-name-that-is-longer-than-one-word-of-the-machine/*a"
	for name, test := range map[string]struct {
		wanted, allowed, denied []string
		found                   finding
		length                  int
	}{
		"anything":                        {[]string{"*"}, nil, nil, something, 1},
		"nothing but the empty text":      {[]string{""}, nil, nil, nothing, 0},
		"all is allowed":                  {[]string{"*"}, []string{"a*", "?*"}, nil, nothing, 0},
		"all but one symbol is allowed":   {[]string{"*"}, []string{"??*"}, nil, something, 1},
		"a part is denied":                {[]string{"a*"}, []string{"*"}, []string{"*b"}, something, 2},
		"the union leaves a gap":          {[]string{"a?*"}, []string{"aa*", "a*b"}, nil, something, 2},
		"the union leaves none":           {[]string{"aa?", "aab"}, []string{"a*a", "*b", "aa?"}, nil, nothing, 0},
		"longer than a word":              {[]string{long}, []string{long[:20] + "*b", long[:30] + "*c"}, nil, something, len(long) - 1},
		"longer than a word, and allowed": {[]string{long}, []string{long[:20] + "*b", long[:30] + "*a"}, nil, nothing, 0},
	} {
		a := newAutomaton(&[roles][]*glob{wanted: globsOf(t, test.wanted...), allowed: globsOf(t, test.allowed...), denied: globsOf(t, test.denied...)}, 0)
		if word, found := a.search(); found != test.found || len(word) != test.length {
			t.Errorf("%s: found %v, %q of length %d, want %v of length %d", name, found, a.spell(word), len(word), test.found, test.length)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import "strings"

// longestWord bounds the work on text that is no name at all, in characters.
const longestWord = 100

// nearest returns the candidate that a misspelt word most likely means: the one
// that differs only in case, else the first of those with the fewest typing
// mistakes. A word may differ in a quarter of its characters, in two at least
// for words long enough to be recognised at all.
func nearest(word string, candidates []string) (string, bool) {
	for _, candidate := range candidates {
		if strings.EqualFold(word, candidate) {
			return candidate, true
		}
	}
	length := len([]rune(word)) - strings.Count(word, "*")
	if length == 0 || length > longestWord {
		return "", false
	}
	allowed := min(max(2, length/4), (length-1)/2)
	best, found := "", false
	for _, candidate := range candidates {
		// The lengths alone tell most pairs apart, unless "*" can stand for the rest.
		if !strings.Contains(word, "*") && max(len(candidate)-length, length-len(candidate)) > allowed {
			continue
		}
		if d := mistakes(strings.ToLower(word), strings.ToLower(candidate)); d <= allowed {
			best, found, allowed = candidate, true, d-1
		}
	}
	return best, found
}

// mistakes counts the typing mistakes between a pattern and a word: characters
// missing, added, wrong, or swapped with their neighbour. In the pattern "*"
// stands for any run of characters and "?" for any one, both free of charge.
func mistakes(pattern, word string) int {
	p, w := []rune(pattern), []rune(word)
	// Row i of the table holds, for each prefix of the word, the mistakes
	// between it and the first i characters of the pattern.
	beforeLast, last, row := make([]int, len(w)+1), make([]int, len(w)+1), make([]int, len(w)+1)
	for j := range row {
		row[j] = j
	}
	for i := range p {
		beforeLast, last, row = last, row, beforeLast
		skipCost := 1
		if p[i] == '*' {
			skipCost = 0
		}
		row[0] = last[0] + skipCost
		for j := range w {
			replaceCost := 1
			if p[i] == w[j] || p[i] == '?' || p[i] == '*' {
				replaceCost = 0
			}
			row[j+1] = min(last[j]+replaceCost, last[j+1]+skipCost, row[j]+skipCost)
			if i > 0 && j > 0 && p[i] == w[j-1] && p[i-1] == w[j] {
				row[j+1] = min(row[j+1], beforeLast[j-1]+1)
			}
		}
	}
	return row[len(w)]
}

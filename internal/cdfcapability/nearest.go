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
	length := len([]rune(word))
	if length == 0 || length > longestWord {
		return "", false
	}
	allowed := min(max(2, length/4), (length-1)/2)
	best, found := "", false
	for _, candidate := range candidates {
		// The lengths alone tell most pairs apart.
		if max(len(candidate)-length, length-len(candidate)) > allowed {
			continue
		}
		if d := mistakes(strings.ToLower(word), strings.ToLower(candidate)); d <= allowed {
			best, found, allowed = candidate, true, d-1
		}
	}
	return best, found
}

// aclSuffix ends the names of all ACLs, so it says nothing about which one is meant.
const aclSuffix = "Acl"

// nearestACL is nearest for the name of an ACL, whose ending may be missing and is no likeness.
func nearestACL(word string) (string, bool) {
	stem := withoutSuffix(word)
	if near, found := nearest(stem, aclStems); found {
		return near + aclSuffix, true
	}
	if stem != word {
		return "", false
	}
	return nearest(word, aclNames) // the ending may be misspelt
}

var aclStems = func() []string {
	stems := make([]string, len(aclNames))
	for i, name := range aclNames {
		stems[i] = withoutSuffix(name)
	}
	return stems
}()

// withoutSuffix cuts the ending of an ACL's name off, in whatever case it is written.
func withoutSuffix(name string) string {
	if at := len(name) - len(aclSuffix); at >= 0 && strings.EqualFold(name[at:], aclSuffix) {
		return name[:at]
	}
	return name
}

// mistakes counts the typing mistakes between two words: characters missing, added,
// wrong, or swapped with their neighbour.
func mistakes(from, to string) int {
	f, t := []rune(from), []rune(to)
	// Row i of the table holds, for each prefix of the second word, the mistakes
	// between it and the first i characters of the first.
	beforeLast, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range f {
		beforeLast, last, row = last, row, beforeLast
		row[0] = i + 1
		for j := range t {
			wrong := 1
			if f[i] == t[j] {
				wrong = 0
			}
			row[j+1] = min(last[j]+wrong, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && f[i] == t[j-1] && f[i-1] == t[j] {
				row[j+1] = min(row[j+1], beforeLast[j-1]+1)
			}
		}
	}
	return row[len(t)]
}

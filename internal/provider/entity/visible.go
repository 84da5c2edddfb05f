// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"strings"
	"unicode"
)

// maxNames is the longest text of Names, in characters.
const maxNames = 2000

// Names joins names or ids that a server has chosen, for a message: on one line that is
// not too long, whatever they hold.
func Names(names []string) string {
	text := []rune(strings.ReplaceAll(visible(strings.Join(names, ", ")), "\n", string(unicode.ReplacementChar)))
	if len(text) > maxNames {
		return string(text[:maxNames]) + "…"
	}
	return string(text)
}

// visible makes a text harmless to show in a terminal. Names and ids come from the server
// or from a configuration of somebody else, and Terraform shows the text of a diagnostic
// as it is: an escape sequence in it could rewrite what was on the screen before. Line
// breaks stay, since messages have some of their own.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

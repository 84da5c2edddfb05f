// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi

import (
	"strings"
	"unicode"
)

// unprintable stands in text for a character that a terminal would obey instead of
// showing it. It is put there rather than left out, which could join the halves of a
// secret that was recognised in neither.
const unprintable = '\uFFFD'

// OneLine makes foreign text harmless to show: without escape sequences, which can
// rewrite a terminal, without marks that reorder text, and without line breaks, by
// which a server could make its words look like those of Terraform.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unprintable
	}, strings.Join(strings.Fields(text), " "))
}

// quoteForeign answers foreign text as a message may hold it: on one line, without
// secrets, and cut to about limit bytes. Secrets are looked for in the text as it came
// and as it is shown, since either may hold one that the other does not.
func quoteForeign(text string, scrub func(string) string, limit int) string {
	return shorten(scrub(OneLine(scrub(text))), limit)
}

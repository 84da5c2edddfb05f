// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"strings"
	"unicode/utf8"
)

// matchGlob reports whether the matcher of lakeFS lets a pattern match a text: "*" is any run of
// bytes, "?" one character, anything else itself.
//
// The pattern is cut at its stars. Each piece is placed at the first offset where it fits and
// never moved again; after a star, offsets are bytes. So a piece that begins with several "?" may
// fit inside one character of three or four bytes: "*??" matches "€", which "??" does not.
// Recorded from lakeFS 0.97 and 1.84, which have the same matcher.
func matchGlob(pattern, text string) bool {
	for {
		stars := len(pattern) - len(strings.TrimLeft(pattern, "*"))
		piece, rest := pattern[stars:], ""
		if end := strings.IndexByte(piece, '*'); end >= 0 {
			piece, rest = piece[:end], piece[end:]
		}
		if piece == "" {
			return stars > 0 || text == ""
		}
		left, ok := placePiece(piece, text, stars > 0, rest == "")
		if !ok {
			return false
		}
		if rest == "" {
			return true
		}
		pattern, text = rest, left
	}
}

// placePiece finds where a piece without stars fits, and gives what of the text is behind it.
// The last piece must reach the end of the text.
func placePiece(piece, text string, anywhere, last bool) (behind string, ok bool) {
	for offset := 0; offset <= len(text); offset++ {
		if behind, ok := matchPiece(piece, text[offset:]); ok && (!last || behind == "") {
			return behind, true
		}
		if !anywhere {
			break
		}
	}
	return "", false
}

// matchPiece matches a piece without stars with the start of a text.
func matchPiece(piece, text string) (behind string, ok bool) {
	for i := range len(piece) {
		switch {
		case text == "":
			return "", false
		case piece[i] == '?':
			_, size := utf8.DecodeRuneInString(text)
			text = text[size:]
		case piece[i] == text[0]:
			text = text[1:]
		default:
			return "", false
		}
	}
	return text, true
}

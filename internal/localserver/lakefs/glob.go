// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"strings"
	"unicode/utf8"
)

// globMatch reports whether text as a whole matches pattern, exactly as the
// matcher of lakeFS does: `*` stands for any run of bytes, `?` for one
// character, everything else for itself.
//
// It is deliberately not a rune-wise glob. After a `*` the next piece of the
// pattern is tried at every byte of the text, so a piece that starts with
// `??` may match inside one 3- or 4-byte character: `*??` matches `€`. Pieces
// are placed at the first offset that fits and never moved again.
func globMatch(pattern, text string) bool {
	for pattern != "" {
		var star bool
		var piece string
		star, piece, pattern = nextPiece(pattern)
		if star && piece == "" {
			return true
		}
		rest, ok := placePiece(piece, text, star, pattern == "")
		if !ok {
			return false
		}
		text = rest
	}
	return text == ""
}

// nextPiece cuts the leading stars and the literal piece after them off pattern.
func nextPiece(pattern string) (star bool, piece, rest string) {
	trimmed := strings.TrimLeft(pattern, "*")
	star = len(trimmed) < len(pattern)
	if end := strings.IndexByte(trimmed, '*'); end >= 0 {
		return star, trimmed[:end], trimmed[end:]
	}
	return star, trimmed, ""
}

// placePiece finds the first offset of text where piece fits and returns what
// is left behind it. Without a star only offset 0 counts; the last piece of a
// pattern must also use up the text.
func placePiece(piece, text string, star, last bool) (string, bool) {
	for offset := 0; offset <= len(text); offset++ {
		rest, ok := fitPiece(piece, text[offset:])
		if ok && (!last || rest == "") {
			return rest, true
		}
		if !star {
			break
		}
	}
	return "", false
}

// fitPiece matches piece, which holds no star, against the start of text.
func fitPiece(piece, text string) (string, bool) {
	for i := range len(piece) {
		if text == "" {
			return "", false
		}
		size := 1
		switch {
		case piece[i] == '?':
			_, size = utf8.DecodeRuneInString(text)
		case piece[i] != text[0]:
			return "", false
		}
		text = text[size:]
	}
	return text, true
}

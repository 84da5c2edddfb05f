// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// byteOrderMark begins the files that some editors on Windows save. It says no
// more than that the text is UTF-8 and is no part of it (RFC 8259, section 8.1).
const byteOrderMark = "\ufeff"

// invalidUTF8 gives the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for at := 0; at < len(text); {
		char, size := utf8.DecodeRune(text[at:])
		if char == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// halfCharacter gives the offset of the first escape, such as \ud83d, that is one
// half of a surrogate pair without the other, or -1. encoding/json replaces it by
// U+FFFD without a word, which changes the name of what access is given to. In
// valid JSON, backslashes are nowhere but in strings, so nothing else of it need
// be understood.
func halfCharacter(text []byte) int {
	const escapeLength = len(`\ud83d`)
	for at := 0; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], '\\')
		if next < 0 {
			return -1
		}
		at += next
		unit := escapedUnit(text[at:])
		if !utf16.IsSurrogate(unit) {
			at++ // what is escaped may be a backslash
			continue
		}
		if utf16.DecodeRune(unit, escapedUnit(text[at+escapeLength:])) == utf8.RuneError {
			return at
		}
		at += 2*escapeLength - 1
	}
	return -1
}

// escapedUnit reads the UTF-16 unit whose escape the text begins with, or gives -1.
func escapedUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}

// describeHalf explains the escape that the text begins with.
func describeHalf(text []byte) string {
	return string(text[:6]) + " is half of a character (UTF-16 writes one as two escapes, the other of which is missing)"
}

// position names the place of an offset by line and column, both from 1.
func position(text []byte, offset int) string {
	before := text[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Sprintf("line %d, column %d", line, column)
}

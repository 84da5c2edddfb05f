// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"strconv"
	"strings"
	"unicode"
)

// decimal is a number exactly as JSON writes it: digits × 10^exponent. The digits
// neither begin nor end with a zero; without any, the number is zero.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// maxExponent bounds the exponents that are calculated with.
const maxExponent = 1_000_000

// parseDecimal reads a number of valid JSON. It returns false when the exponent is out
// of any reason.
func parseDecimal(literal string) (decimal, bool) {
	literal, negative := strings.CutPrefix(literal, "-")
	mantissa, exponentText := literal, ""
	if at := strings.IndexAny(literal, "eE"); at >= 0 {
		mantissa, exponentText = literal[:at], literal[at+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return decimal{}, true
	}
	exponent := 0
	if exponentText != "" {
		var err error
		if exponent, err = strconv.Atoi(exponentText); err != nil || max(exponent, -exponent) > maxExponent {
			return decimal{}, false
		}
	}
	exponent -= len(fraction)
	significant := strings.TrimRight(digits, "0")
	return decimal{negative: negative, digits: significant, exponent: exponent + len(digits) - len(significant)}, true
}

// parseExactInteger reads a number of valid JSON that has no fraction, in whatever form:
// 10, 10.0 and 1e1 are the same.
func parseExactInteger(literal string) (int64, bool) {
	d, ok := parseDecimal(literal)
	if !ok {
		return 0, false
	}
	// A fraction, or what is far too large, leaves an exponent in the text.
	value, err := strconv.ParseInt(d.text(), 10, 64)
	return value, err == nil
}

// text gives the one form of all equal numbers.
func (d decimal) text() string {
	const longestPlain = 25
	sign := ""
	if d.negative {
		sign = "-"
	}
	switch {
	case d.digits == "":
		return "0"
	case d.exponent >= 0 && len(d.digits)+d.exponent <= longestPlain:
		return sign + d.digits + strings.Repeat("0", d.exponent)
	default:
		return sign + d.digits + "e" + strconv.Itoa(d.exponent)
	}
}

// parseInteger reads an integer from a text as int() of Python does: with white space
// around it, a sign, leading zeros, and single underscores between digits. Unlike there, the
// digits must be ASCII.
func parseInteger(text string) (int64, bool) {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r >= '\x1c' && r <= '\x1f' })
	unsigned := text
	if text != "" && (text[0] == '+' || text[0] == '-') {
		unsigned = text[1:]
	}
	for part := range strings.SplitSeq(unsigned, "_") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return 0, false
		}
	}
	value, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
	return value, err == nil
}

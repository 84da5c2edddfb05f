// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// The tokens of a glob beside characters, and the symbol for characters that no glob names.
const (
	anyOne      rune = -1 - iota // "?"
	anyRun                       // "*"
	theUser                      // "${user}", of a user who is not known
	otherSymbol                  // a character that occurs in no glob at hand
)

// glob is a pattern read character by character: what the algebra calculates with. It leaves out
// what the matcher of lakeFS does inside characters of three and four bytes; see wider.
//
// Of each run of wildcards the "?" come first and one "*" last, so that fewer texts differ.
type glob struct {
	tokens []rune
	// loops tells before which token, or at the end, there is a "*".
	loops []bool
	// items are tokens and stars, in order.
	items []rune
	// prefix is what every text that matches begins with, as far as that is plain.
	prefix string
	// wider is true where the matcher of lakeFS may match more: several "?" after a "*".
	wider bool
}

// readingOfGlob says how a text is read as a glob.
type readingOfGlob struct {
	// variable is the token for "${user}"; 0 if that is plain text by now.
	variable rune
	// widest reads everything that the matcher of lakeFS might match: after a "*", each three "?"
	// may be one character, since each takes a byte of it.
	widest bool
	// plain takes wildcards for plain text.
	plain bool
}

// parseGlob reads a pattern. It returns false for text that is not UTF-8, which no
// reading by characters fits.
func parseGlob(text string, reading readingOfGlob) (glob, bool) {
	if !utf8.ValidString(text) {
		return glob{}, false
	}
	g := glob{loops: make([]bool, 1, len(text)+1), tokens: make([]rune, 0, len(text))}
	var run wildcards
	for text != "" {
		token, size := utf8.DecodeRuneInString(text)
		switch {
		case reading.variable != 0 && strings.HasPrefix(text, userVariable):
			token, size = reading.variable, len(userVariable)
		case reading.plain:
		case token == '*':
			token = anyRun
		case token == '?':
			token = anyOne
		}
		text = text[size:]
		if run.add(token) {
			continue
		}
		g.appendRun(&run, reading.widest)
		g.append(token)
	}
	g.appendRun(&run, reading.widest)
	g.finish()
	return g, true
}

// wildcards is a run of wildcards.
type wildcards struct {
	before, after int // "?" before and after the first star
	star          bool
}

// add adds a token to the run, if it is a wildcard.
func (w *wildcards) add(token rune) bool {
	switch {
	case token == anyRun:
		w.star = true
	case token == anyOne && w.star:
		w.after++
	case token == anyOne:
		w.before++
	default:
		return false
	}
	return true
}

// bytesAtMost is how many "?" one character can take at most: a character of four bytes that
// was entered behind its first.
const bytesAtMost = 3

func (g *glob) appendRun(run *wildcards, widest bool) {
	after := run.after
	if after > 1 {
		g.wider = true
		if widest {
			after = (after + bytesAtMost - 1) / bytesAtMost
		}
	}
	for range run.before + after {
		g.append(anyOne)
	}
	g.loops[len(g.tokens)] = g.loops[len(g.tokens)] || run.star
	*run = wildcards{}
}

func (g *glob) append(token rune) {
	g.tokens = append(g.tokens, token)
	g.loops = append(g.loops, false)
}

// finish derives the fields that depend on tokens and loops.
func (g *glob) finish() {
	g.items = make([]rune, 0, 2*len(g.tokens)+1)
	for i, token := range g.tokens {
		if g.loops[i] {
			g.items = append(g.items, anyRun)
		}
		g.items = append(g.items, token)
	}
	if g.loops[len(g.tokens)] {
		g.items = append(g.items, anyRun)
	}
	g.prefix = literalPrefix(g.items)
}

// literalPrefix gives the characters before the first item that is none.
func literalPrefix(items []rune) string {
	end := slices.IndexFunc(items, func(item rune) bool { return item < 0 })
	if end < 0 {
		end = len(items)
	}
	return string(items[:end])
}

// String writes the glob as a pattern.
func (g *glob) String() string {
	var text strings.Builder
	for _, item := range g.items {
		switch item {
		case anyOne:
			text.WriteByte('?')
		case anyRun:
			text.WriteByte('*')
		case theUser:
			text.WriteString(userVariable)
		default:
			text.WriteRune(item)
		}
	}
	return text.String()
}

// compatible is false for globs that cannot match the same text because of their beginnings.
func compatible(a, b *glob) bool {
	if len(a.prefix) > len(b.prefix) {
		a, b = b, a
	}
	return b.prefix[:len(a.prefix)] == a.prefix
}

// includes reports whether one glob matches everything that another does, as far as that shows when
// the other is read as a text: a "*" there must be met by a "*" here. True is
// always right, false may be wrong: "?*" includes "*a".
func includes(outer, inner *glob) bool {
	if len(inner.prefix) < len(outer.prefix) || inner.prefix[:len(outer.prefix)] != outer.prefix {
		return false
	}
	o, i := 0, 0
	star, resume := -1, 0
	for i < len(inner.items) {
		item := inner.items[i]
		switch {
		case o < len(outer.items) && outer.items[o] == anyRun:
			star, resume = o, i
			o++
		case o < len(outer.items) && (outer.items[o] == item || outer.items[o] == anyOne && item >= 0):
			o++
			i++
		case star >= 0:
			resume++
			o, i = star+1, resume
		default:
			return false
		}
	}
	for o < len(outer.items) && outer.items[o] == anyRun {
		o++
	}
	return o == len(outer.items)
}

// intersects reports whether some text matches both globs.
func intersects(a, b *glob) bool {
	if !compatible(a, b) {
		return false
	}
	// Row i tells for which j the first i tokens of a and the first j of b can meet.
	last, row := make([]bool, len(b.tokens)+1), make([]bool, len(b.tokens)+1)
	for i := range len(a.tokens) + 1 {
		for j := range len(b.tokens) + 1 {
			row[j] = i == 0 && j == 0 ||
				i > 0 && j > 0 && last[j-1] && meet(a.tokens[i-1], b.tokens[j-1]) != 0 ||
				j > 0 && row[j-1] && a.loops[i] ||
				i > 0 && last[j] && b.loops[j]
		}
		last, row = row, last
	}
	return last[len(b.tokens)]
}

// meet gives the token for what two tokens both stand for, or 0.
func meet(a, b rune) rune {
	switch {
	case a == b, b == anyOne && a >= 0:
		return a
	case a == anyOne && b >= 0:
		return b
	}
	return 0
}

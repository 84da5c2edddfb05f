// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "slices"

// maxPieces bounds the patterns that the intersection of two patterns is written as.
const maxPieces = 64

// intersect writes what two patterns both match as patterns. It returns false if they would be too
// many.
func intersect(a, b *resourcePattern) ([]*resourcePattern, bool) {
	switch {
	case !a.touches(b):
		return nil, true
	case a.within(b):
		return []*resourcePattern{a}, true
	case b.within(a):
		return []*resourcePattern{b}, true
	case a.kind != ids || b.kind != ids:
		return nil, false
	}
	x := intersection{a: a.glob.items, b: b.glob.items, known: map[[2]int][]pieces{}}
	globs, ok := x.from(0, 0)
	if !ok {
		return nil, false
	}
	list := make([]*resourcePattern, len(globs))
	for i := range globs {
		piece := globs[i].pattern()
		text := a.start + piece.String()
		list[i] = &resourcePattern{
			kind: ids, service: a.service, start: a.start, text: text, source: text, user: a.user,
			glob: piece, symbolic: slices.Contains(piece.tokens, theUser),
		}
	}
	return distinct(list), true
}

// pieces is a pattern as tokens and stars.
type pieces []rune

// pattern reads the items as a glob, with runs of wildcards in order.
func (p pieces) pattern() glob {
	g := glob{loops: make([]bool, 1)}
	var run wildcards
	for _, item := range p {
		if !run.add(item) {
			g.appendRun(&run, false)
			g.append(item)
		}
	}
	g.appendRun(&run, false)
	g.finish()
	return g
}

// intersection is the work of intersect: what the rests of two patterns both match, by where they begin.
type intersection struct {
	a, b  []rune
	known map[[2]int][]pieces
}

func (x *intersection) from(i, j int) ([]pieces, bool) {
	if list, ok := x.known[[2]int{i, j}]; ok {
		return list, list != nil
	}
	list, ok := x.build(i, j)
	if !ok || len(list) > maxPieces {
		// Remembered too, or it would be tried again and again.
		x.known[[2]int{i, j}] = nil
		return nil, false
	}
	x.known[[2]int{i, j}] = list
	return list, true
}

func (x *intersection) build(i, j int) ([]pieces, bool) {
	atA, atB := itemAt(x.a, i), itemAt(x.b, j)
	switch {
	case atA == atEnd && atB == atEnd:
		return []pieces{{}}, true
	case atA == anyRun && atB == anyRun:
		// Of the two rests one begins first, and the other star goes on before it.
		return x.join(anyRun, [2]int{i + 1, j}, anyRun, [2]int{i, j + 1})
	case atA == anyRun && atB == atEnd:
		return x.from(i+1, j)
	case atA == atEnd && atB == anyRun:
		return x.from(i, j+1)
	case atA == anyRun:
		return x.join(atEnd, [2]int{i + 1, j}, atB, [2]int{i, j + 1})
	case atB == anyRun:
		return x.join(atEnd, [2]int{i, j + 1}, atA, [2]int{i + 1, j})
	}
	token := meet(atA, atB)
	if atA == atEnd || atB == atEnd || token == 0 {
		return []pieces{}, true
	}
	rest, ok := x.from(i+1, j+1)
	return prepend(token, rest), ok
}

// join unites two rests, each behind an item.
func (x *intersection) join(first rune, one [2]int, second rune, two [2]int) ([]pieces, bool) {
	left, ok := x.from(one[0], one[1])
	if !ok {
		return nil, false
	}
	right, ok := x.from(two[0], two[1])
	if !ok {
		return nil, false
	}
	return widestPieces(append(prepend(first, left), prepend(second, right)...)), true
}

// atEnd is the item behind the last, and stands for no item to prepend.
const atEnd rune = 0

func itemAt(items []rune, i int) rune {
	if i == len(items) {
		return atEnd
	}
	return items[i]
}

func prepend(item rune, list []pieces) []pieces {
	longer := make([]pieces, len(list))
	for i, p := range list {
		switch {
		case item == atEnd, item == anyRun && len(p) > 0 && p[0] == anyRun:
			longer[i] = p
		default:
			longer[i] = append(pieces{item}, p...)
		}
	}
	return longer
}

// widestPieces drops pieces that others include.
func widestPieces(list []pieces) []pieces {
	globs := make([]glob, len(list))
	for i, p := range list {
		globs[i] = p.pattern()
	}
	kept := []pieces{}
	for i, p := range list {
		if !includedElsewhere(globs, i) {
			kept = append(kept, p)
		}
	}
	return kept
}

// includedElsewhere reports whether another glob includes that of an index; of equal ones the first stays.
func includedElsewhere(globs []glob, i int) bool {
	for j := range globs {
		if j != i && includes(&globs[j], &globs[i]) && (j < i || !includes(&globs[i], &globs[j])) {
			return true
		}
	}
	return false
}

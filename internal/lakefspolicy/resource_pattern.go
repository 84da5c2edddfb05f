// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"slices"
	"strings"
)

// patternKind tells what a resource pattern matches.
type patternKind int

const (
	// never matches nothing: an account, a wrong partition, too few parts.
	never patternKind = iota
	// everything is "*", which also matches the request for "*".
	everything
	// ids are those of one service.
	ids
	// opaque patterns are not understood: the unknown "${user}" stands where the parts of an ARN
	// are, or the text is not UTF-8. They are equal to themselves, that is all.
	opaque
)

// resourcePattern is a resource of a statement.
type resourcePattern struct {
	kind patternKind
	// text is the resource without its region, and without stars behind stars.
	text    string
	service string
	// start is what the text has before the glob.
	start string
	glob  glob
	// symbolic is true where the glob holds the unknown user.
	symbolic bool
	// source and user are what the pattern was read from.
	source, user string
}

const arnStart = "arn:lakefs:"

// parsePattern reads a resource of a statement. A user of "" is not known, and "${user}" then
// stands for any.
func parsePattern(resource, user string) resourcePattern {
	reading := readingOfGlob{}
	if user == "" {
		reading.variable = theUser
	}
	return readPattern(resource, user, reading)
}

func readPattern(resource, user string, reading readingOfGlob) resourcePattern {
	p := resourcePattern{text: resource, source: resource, user: user}
	text := resource
	if user != "" && !reading.plain {
		text = strings.ReplaceAll(resource, userVariable, user)
	}
	if text == anyResource {
		p.kind, p.text = everything, text
		return p
	}
	parts, ok := splitARN(text)
	if user == "" && !reading.plain && strings.Contains(text, userVariable) &&
		(!ok || strings.Contains(strings.TrimSuffix(text, parts.resource), userVariable)) {
		p.kind = opaque
		return p
	}
	if !ok || !parts.canMatch() || parts.account != "" {
		return p
	}
	p.kind, p.service, p.start = ids, parts.service, arnStart+parts.service+":::"
	p.text = p.start + withoutDoubleStars(parts.resource)
	p.symbolic = reading.variable == theUser && strings.Contains(parts.resource, userVariable)
	if p.glob, ok = parseGlob(parts.resource, reading); !ok {
		p.kind = opaque
	}
	return p
}

// withoutDoubleStars writes each run of stars as one, which the matcher does as well.
func withoutDoubleStars(pattern string) string {
	for strings.Contains(pattern, "**") {
		pattern = strings.ReplaceAll(pattern, "**", "*")
	}
	return pattern
}

// widest gives a pattern that matches everything that this one might match on the server, for
// any user if the user is not known.
func (p *resourcePattern) widest() resourcePattern {
	switch {
	case p.kind == opaque:
		return resourcePattern{kind: everything, text: anyResource}
	case p.kind == ids && (p.symbolic || p.glob.wider):
		reading := readingOfGlob{widest: true}
		if p.symbolic {
			reading.variable = anyRun
		}
		return readPattern(p.source, p.user, reading)
	}
	return *p
}

// widestForUser is widest, but a user who is not known stays the same as in other patterns.
func (p *resourcePattern) widestForUser() resourcePattern {
	if p.kind != ids || !p.glob.wider {
		return *p
	}
	reading := readingOfGlob{widest: true}
	if p.symbolic {
		reading.variable = theUser
	}
	return readPattern(p.source, p.user, reading)
}

// within reports whether another pattern alone matches all that this one does, character by
// character. True is always right.
func (p *resourcePattern) within(outer *resourcePattern) bool {
	switch {
	case p.kind == never || outer.kind == everything || p.text == outer.text:
		return true
	case p.kind != ids || outer.kind != ids || p.service != outer.service:
		return false
	}
	return includes(&outer.glob, &p.glob)
}

// matches reports whether the server matches a resource with the pattern, for a user.
func (p *resourcePattern) matches(resource, user string) bool {
	switch {
	case p.kind == everything:
		return true
	case p.kind == never:
		return false
	case p.isForAnyUser():
		return matchResource(strings.ReplaceAll(p.source, userVariable, user), resource)
	}
	id, ok := strings.CutPrefix(resource, p.start)
	return ok && strings.HasPrefix(id, p.glob.prefix) && matchGlob(p.text[len(p.start):], id)
}

// touches reports whether some request matches both patterns.
func (p *resourcePattern) touches(other *resourcePattern) bool {
	switch {
	case p.kind == never || other.kind == never:
		return false
	case p.kind != ids || other.kind != ids:
		return true
	}
	return p.service == other.service && intersects(&p.glob, &other.glob)
}

// question asks for a request that the wanted pattern matches, none of the excepted ones does,
// and which is not allowed, or is denied.
type question struct {
	wanted                    *resourcePattern
	excepted, allowed, denied []*resourcePattern
	// knownServices limits the search to services that requests are known to have, and that of
	// the wanted pattern.
	knownServices bool
	// guesses is set where it does not matter which request is found, so that it need not be a shortest one.
	guesses bool
}

func (q *question) patterns(r role) []*resourcePattern {
	return [roles][]*resourcePattern{{q.wanted}, q.excepted, q.allowed, q.denied}[r]
}

// search looks for a resource of which the question is true, shortest first. The user in it, if not known, is
// written "${user}". Patterns that are opaque count as matching nothing.
func (q *question) search() (string, finding) {
	always := roleSet(0)
	services := []string{q.wanted.service}
	if q.wanted.kind == everything {
		services = slices.Clone(resourceServices)
	}
	for r := range roles {
		for _, p := range q.patterns(r) {
			if p.kind == everything {
				always |= 1 << r
			}
			if p.kind == ids && q.wanted.kind == everything && !q.knownServices && !slices.Contains(services, p.service) {
				services = append(services, p.service)
			}
		}
	}
	switch {
	case q.wanted.kind == never || q.wanted.kind == opaque:
		return "", nothing
	case q.wanted.kind == everything && always.accepts():
		return anyResource, something
	}
	came := nothing
	for _, service := range services {
		id, found := q.searchService(service, always)
		if found == something {
			return arnStart + service + ":::" + id, something
		}
		came = max(came, found)
	}
	return "", came
}

// anyID is the glob that everything matches.
var anyID, _ = parseGlob("*", readingOfGlob{})

// searchService looks among the resources of one service.
func (q *question) searchService(service string, always roleSet) (string, finding) {
	inner := &q.wanted.glob
	if q.wanted.kind == everything {
		inner = &anyID
		always &^= 1 << wanted
	}
	if always.has(excepted) {
		return "", nothing
	}
	globs := [roles][]*glob{wanted: {inner}}
	included := always
	for r := excepted; r < roles; r++ {
		for _, p := range q.patterns(r) {
			if p.kind != ids || p.service != service || !compatible(&p.glob, inner) {
				continue
			}
			// What is denied or excepted elsewhere only makes the search longer.
			if r == denied && !intersects(&p.glob, inner) {
				continue
			}
			if r != denied && includes(&p.glob, inner) {
				included |= 1 << r
			}
			globs[r] = append(globs[r], &p.glob)
		}
	}
	if included.has(excepted) || included.has(allowed) && len(globs[denied]) == 0 && !always.has(denied) {
		return "", nothing
	}
	if id, ok := guess(&globs, always); ok {
		return id, something
	}
	if q.guesses {
		if id, ok := guessLonger(&globs, always); ok {
			return id, something
		}
	}
	a := newAutomaton(&globs, always)
	symbols, found := a.search()
	return a.spell(symbols), found
}

// guess tries a shortest text that the wanted glob matches. In most questions it is what is searched.
func guess(globs *[roles][]*glob, always roleSet) (string, bool) {
	return tryText(slices.Clone(globs[wanted][0].tokens), globs, always)
}

// guessLonger tries a text with something in the place of each star.
func guessLonger(globs *[roles][]*glob, always roleSet) (string, bool) {
	return tryText(slices.Clone(globs[wanted][0].items), globs, always)
}

// tryText reports whether a text is searched, with a letter for its wildcards.
func tryText(items []rune, globs *[roles][]*glob, always roleSet) (string, bool) {
	if len(items) == 0 {
		items = []rune{anyOne}
	}
	for i, item := range items {
		if item == anyOne || item == anyRun {
			items[i] = 'z'
		}
	}
	text := glob{tokens: items, items: items}
	text.prefix = literalPrefix(items)
	matched := always | 1<<wanted
	for r := excepted; r < roles; r++ {
		if slices.ContainsFunc(globs[r], func(g *glob) bool { return includes(g, &text) }) {
			matched |= 1 << r
		}
	}
	if !matched.accepts() {
		return "", false
	}
	return text.String(), true
}

// spell writes symbols as text, with a character that no glob names for those that are any other.
func (a *automaton) spell(symbols []rune) string {
	other := a.freshCharacter()
	var text strings.Builder
	for _, symbol := range symbols {
		switch symbol {
		case otherSymbol:
			text.WriteRune(other)
		case theUser:
			text.WriteString(userVariable)
		default:
			text.WriteRune(symbol)
		}
	}
	return text.String()
}

// freshCharacter gives a character that no glob names, of one byte or two if possible: of more, the matcher of
// lakeFS sometimes counts the bytes.
func (a *automaton) freshCharacter() rune {
	for _, r := range "zyxwvutsrqponmlkjihgfedcba0123456789" {
		if a.step[r] == nil {
			return r
		}
	}
	r := 'À'
	for a.step[r] != nil {
		r++
	}
	return r
}

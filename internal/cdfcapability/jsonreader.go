// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

const (
	// maxDocument bounds the text that is read, in bytes. 100,000 capabilities of one
	// id each take about 8 MB.
	maxDocument = 64 << 20
	// maxDepth bounds how deep values of an unknown shape may be nested.
	maxDepth = 100
)

// jsonReader walks over JSON that was checked as a whole before, along a shape that its
// methods spell out. encoding/json by itself cannot refuse repeated members and reports
// problems without their place; its token reader takes several times as long.
type jsonReader struct {
	text []byte
	at   int
	// path leads to the value being read, for messages.
	path []pathStep
	// granting refuses what would widen access by accident, see ParseGrants.
	granting bool
}

// pathStep is a member by its name, or an element by its index with an empty name.
type pathStep struct {
	name    string
	index   int
	element bool
}

// newJSONReader checks the whole text, so that the methods meet no syntax errors.
func newJSONReader(text []byte) (*jsonReader, error) {
	if len(text) > maxDocument {
		return nil, &InputError{Detail: fmt.Sprintf("longer than the %d MiB that are read", maxDocument>>20)}
	}
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if at := invalidUTF8(text); at >= 0 {
		return nil, &InputError{Detail: "not valid UTF-8: " + position(text, at)}
	}
	if !json.Valid(text) {
		return nil, syntaxError(text)
	}
	if at := halfCharacter(text); at >= 0 {
		return nil, &InputError{Detail: position(text, at) + ": " + describeHalf(text[at:])}
	}
	return &jsonReader{text: text}, nil
}

// CheckJSON refuses text that is no JSON and JSON in which an object has a member more than once:
// readers differ in which of them counts. The error is an InputError with the place.
func CheckJSON(text []byte) error {
	r, err := newJSONReader(text)
	if err != nil {
		return err
	}
	return r.check(0)
}

// syntaxError gives the error of a text that is no JSON, with line and column.
func syntaxError(text []byte) error {
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	offset := 0
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		// Offset counts the bytes read, the last of which is the one not expected.
		offset = int(max(syntax.Offset-1, 0))
	}
	return &InputError{Detail: fmt.Sprintf("not valid JSON: %s: %v", position(text, offset), err)}
}

// fail gives an error at the value being read.
func (r *jsonReader) fail(detail string, args ...any) error {
	return &InputError{Path: r.place(), Detail: fmt.Sprintf(detail, args...)}
}

// place names the value being read.
func (r *jsonReader) place() string {
	path := ""
	for _, step := range r.path {
		if step.element {
			path = elementPath(path, step.index)
		} else {
			path = memberPath(path, step.name)
		}
	}
	return path
}

func (r *jsonReader) enter(name string) { r.path = append(r.path, pathStep{name: name}) }
func (r *jsonReader) enterElement(index int) {
	r.path = append(r.path, pathStep{index: index, element: true})
}
func (r *jsonReader) leave() { r.path = r.path[:len(r.path)-1] }

// peek gives the first byte of the next token.
func (r *jsonReader) peek() byte {
	for {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\r', '\n':
			r.at++
		default:
			return c
		}
	}
}

// kindsByFirstByte names the JSON type of a value; every other begins a number.
var kindsByFirstByte = map[byte]string{
	'{': "an object", '[': "a list", '"': "a string", 't': "a boolean", 'f': "a boolean", 'n': "null",
}

func kindOf(first byte) string {
	if kind, ok := kindsByFirstByte[first]; ok {
		return kind
	}
	return "a number"
}

// isNumber reports whether a value is a number, by its first byte.
func isNumber(first byte) bool {
	return first == '-' || first >= '0' && first <= '9'
}

// open reads the opening bracket of an object or a list.
func (r *jsonReader) open(bracket byte) error {
	if first := r.peek(); first != bracket {
		return r.fail("must be %s, not %s", kindOf(bracket), kindOf(first))
	}
	r.at++
	return nil
}

// more reports whether another member or element follows; otherwise it reads the
// closing bracket.
func (r *jsonReader) more() bool {
	switch r.peek() {
	case ',':
		r.at++
		return true
	case ']', '}':
		r.at++
		return false
	}
	return true
}

// name reads the name of a member and its colon.
func (r *jsonReader) name() string {
	name := r.decode(r.quoted())
	r.peek()
	r.at++
	return name
}

// quoted reads a string as it is written, with its quotes.
func (r *jsonReader) quoted() (raw []byte, escaped bool) {
	r.peek()
	start := r.at
	r.at++
	for {
		switch r.text[r.at] {
		case '"':
			r.at++
			return r.text[start:r.at], escaped
		case '\\':
			escaped = true
			r.at++
		}
		r.at++
	}
}

// decode gives the text that a string stands for. Names that the catalogue knows cost no memory.
func (r *jsonReader) decode(raw []byte, escaped bool) string {
	if escaped {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			panic("a checked string cannot be read: " + err.Error())
		}
		return text
	}
	raw = raw[1 : len(raw)-1]
	if known, ok := knownNames[string(raw)]; ok {
		return known
	}
	return string(raw)
}

// skip passes over a value, whatever it is.
func (r *jsonReader) skip() {
	switch r.peek() {
	case '"':
		r.quoted()
		return
	case '{', '[':
	default:
		r.scalar()
		return
	}
	for depth := 0; ; {
		switch r.text[r.at] {
		case '"':
			r.quoted()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		r.at++
		if depth == 0 {
			return
		}
	}
}

// scalar reads a number, a boolean or null as it is written.
func (r *jsonReader) scalar() []byte {
	r.peek()
	start := r.at
	for r.at < len(r.text) && !endsScalar(r.text[r.at]) {
		r.at++
	}
	return r.text[start:r.at]
}

func endsScalar(c byte) bool {
	return c == ',' || c == ']' || c == '}' || c <= ' '
}

// object reads an object, whose members may have any names, but each once. The path leads
// to the member while its value is read.
func (r *jsonReader) object(read func(name string) error) error {
	if err := r.open('{'); err != nil {
		return err
	}
	var few [8]string
	names := few[:0]
	var seen map[string]bool
	for r.more() {
		name := r.name()
		r.enter(name)
		if isRepeated(names, &seen, name) {
			return r.fail("the member is there more than once")
		}
		if len(names) < len(few) {
			names = append(names, name)
		}
		if err := read(name); err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

// isRepeated looks a name up among those before it: the first few one by one, more in a
// set that is made when it is needed.
func isRepeated(names []string, seen *map[string]bool, name string) bool {
	if slices.Contains(names, name) {
		return true
	}
	if len(names) < cap(names) {
		return false
	}
	if *seen == nil {
		*seen = map[string]bool{}
	}
	repeated := (*seen)[name]
	(*seen)[name] = true
	return repeated
}

// list reads a list. The path leads to the list while its elements are read.
func (r *jsonReader) list(read func(index int) error) error {
	if err := r.open('['); err != nil {
		return err
	}
	for i := 0; r.more(); i++ {
		if err := read(i); err != nil {
			return err
		}
	}
	return nil
}

// raw reads a value of any shape and returns it without white space. Within it, too, no
// member may be repeated.
func (r *jsonReader) raw() (json.RawMessage, error) {
	r.peek()
	start := r.at
	if err := r.check(0); err != nil {
		return nil, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, r.text[start:r.at]); err != nil {
		return nil, r.fail("%v", err)
	}
	return bytes.Clone(compact.Bytes()), nil
}

// check passes over a value and everything in it.
func (r *jsonReader) check(depth int) error {
	if depth > maxDepth {
		return r.fail("nested deeper than %d levels", maxDepth)
	}
	switch r.peek() {
	case '{':
		return r.object(func(string) error { return r.check(depth + 1) })
	case '[':
		return r.list(func(index int) error {
			r.enterElement(index)
			if err := r.check(depth + 1); err != nil {
				return err
			}
			r.leave()
			return nil
		})
	}
	r.skip()
	return nil
}

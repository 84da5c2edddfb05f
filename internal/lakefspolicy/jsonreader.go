// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// jsonReader reads JSON token by token along a shape that its methods spell out.
// encoding/json by itself cannot refuse repeated members, members that differ in
// case, or null; and it reports problems without their place.
type jsonReader struct {
	tokens *json.Decoder
	// nulls says what null means in a member that is not required.
	nulls Nulls
	// peeked is a token that was looked at ahead of its turn, in a list of at most one.
	peeked []json.Token
}

// member is one member that an object may or must have.
type member struct {
	required bool
	read     func(path string) error
}

const emptyList = "must not be an empty list"

// newJSONReader checks the whole text first, so that the methods meet no syntax
// errors and never recurse deeper than the shape they read.
func newJSONReader(text []byte) (*jsonReader, error) {
	text = bytes.TrimPrefix(text, []byte(byteOrderMark))
	if at := invalidUTF8(text); at >= 0 {
		return nil, fmt.Errorf("the document is not valid UTF-8: %s", position(text, at))
	}
	var whole json.RawMessage
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, syntaxError(text, err)
	}
	if at := halfCharacter(text); at >= 0 {
		return nil, problemAt("", position(text, at)+": "+describeHalf(text[at:]))
	}
	tokens := json.NewDecoder(bytes.NewReader(text))
	tokens.UseNumber()
	return &jsonReader{tokens: tokens}, nil
}

// syntaxError adds line and column to an error of encoding/json.
func syntaxError(text []byte, err error) error {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return fmt.Errorf("the document is not valid JSON: %w", err)
	}
	// Offset counts the bytes read, the last of which is the one not expected.
	return fmt.Errorf("the document is not valid JSON: %s: %w", position(text, int(max(syntax.Offset-1, 0))), err)
}

// problemAt names the place of a problem; the path of the whole document is "".
func problemAt(path, problem string) error {
	if path == "" {
		path = "the document"
	}
	return errors.New(path + ": " + problem)
}

// memberPath gives the path of a member; names that could be misread are quoted.
func memberPath(path, name string) string {
	plain := name != "" && strings.IndexFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	switch {
	case !plain:
		return fmt.Sprintf("%s[%q]", path, name)
	case path == "":
		return name
	default:
		return path + "." + name
	}
}

func (r *jsonReader) next(path string) (json.Token, error) {
	if len(r.peeked) > 0 {
		token := r.peeked[0]
		r.peeked = nil
		return token, nil
	}
	token, err := r.tokens.Token()
	if err != nil {
		return nil, problemAt(path, err.Error())
	}
	return token, nil
}

// peek looks at the next token. What follows must read it before it asks whether there is more.
func (r *jsonReader) peek(path string) (json.Token, error) {
	token, err := r.next(path)
	if err == nil {
		r.peeked = []json.Token{token}
	}
	return token, err
}

// skipNull passes over null, where there is one.
func (r *jsonReader) skipNull(path string) (bool, error) {
	token, err := r.peek(path)
	if err != nil || token != nil {
		return false, err
	}
	_, err = r.next(path)
	return true, err
}

// open reads the opening bracket of an object or a list.
func (r *jsonReader) open(path string, bracket json.Delim) error {
	token, err := r.next(path)
	if err != nil || token == bracket {
		return err
	}
	return wrongType(path, kindOf(bracket), token)
}

// object reads an object that has only the given members, each at most once.
func (r *jsonReader) object(path string, members map[string]member) error {
	names := slices.Sorted(maps.Keys(members))
	seen := map[string]bool{}
	err := r.freeObject(path, func(name, memberPath string) error {
		known, ok := members[name]
		if !ok {
			return problemAt(memberPath, unknownMember(name, names))
		}
		seen[name] = true
		if !known.required && r.nulls == NullAbsent {
			if isNull, err := r.skipNull(memberPath); err != nil || isNull {
				return err
			}
		}
		return known.read(memberPath)
	})
	if err != nil {
		return err
	}
	for _, name := range names {
		if members[name].required && !seen[name] {
			return problemAt(path, fmt.Sprintf("the member %q is missing", name))
		}
	}
	return nil
}

func unknownMember(name string, names []string) string {
	if near, ok := nearest(name, names); ok {
		return fmt.Sprintf("unknown member, did you mean %q?", near)
	}
	return fmt.Sprintf("unknown member; the members here are %s", strings.Join(names, ", "))
}

// freeObject reads an object with members of any name, each at most once.
func (r *jsonReader) freeObject(path string, read func(name, path string) error) error {
	if err := r.open(path, '{'); err != nil {
		return err
	}
	seen := map[string]bool{}
	for r.tokens.More() {
		token, err := r.next(path)
		if err != nil {
			return err
		}
		name, err := asText(token, path)
		if err != nil {
			return err
		}
		at := memberPath(path, name)
		if seen[name] {
			return problemAt(at, "the member is there more than once")
		}
		seen[name] = true
		if err := read(name, at); err != nil {
			return err
		}
	}
	_, err := r.next(path) // the closing brace
	return err
}

// list reads a list, whose elements may be of any number.
func (r *jsonReader) list(path string, read func(path string) error) error {
	if err := r.open(path, '['); err != nil {
		return err
	}
	for i := 0; r.tokens.More(); i++ {
		if err := read(fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	_, err := r.next(path) // the closing bracket
	return err
}

// listOf gives a reader of a list of at least one element.
func (r *jsonReader) listOf(read func(path string) error) func(path string) error {
	return func(path string) error {
		empty := true
		err := r.list(path, func(path string) error {
			empty = false
			return read(path)
		})
		if err == nil && empty {
			return problemAt(path, emptyList)
		}
		return err
	}
}

// textInto gives a reader of a string.
func (r *jsonReader) textInto(target *string) func(path string) error {
	return func(path string) error {
		token, err := r.next(path)
		if err != nil {
			return err
		}
		*target, err = asText(token, path)
		return err
	}
}

// appendTo gives a reader of a string that is an element of a list.
func (r *jsonReader) appendTo(target *[]string) func(path string) error {
	return func(path string) error {
		var text string
		if err := r.textInto(&text)(path); err != nil {
			return err
		}
		*target = append(*target, text)
		return nil
	}
}

// number reads a number and forgets it: creation_date is the server's to choose.
func (r *jsonReader) number(path string) error {
	token, err := r.next(path)
	if err != nil {
		return err
	}
	if _, ok := token.(json.Number); !ok {
		return wrongType(path, "a number", token)
	}
	return nil
}

func asText(token json.Token, path string) (string, error) {
	text, ok := token.(string)
	if !ok {
		return "", wrongType(path, "a string", token)
	}
	return text, nil
}

func wrongType(path, want string, got json.Token) error {
	return problemAt(path, fmt.Sprintf("must be %s, not %s", want, kindOf(got)))
}

// kindOf names the JSON type of a value by its first token.
func kindOf(token json.Token) string {
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return "an object"
		}
		return "a list"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case nil:
		return "null"
	default:
		return "a number"
	}
}

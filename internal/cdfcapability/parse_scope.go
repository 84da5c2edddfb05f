// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"slices"
)

// scope reads a scope: the one that the catalogue knows, or else the only one.
func (r *jsonReader) scope(s *Scope) error {
	var buffer [4]jsonMember
	members, err := r.members(buffer[:0])
	if err != nil {
		return err
	}
	known, knownCount := 0, 0
	for i, m := range members {
		if scopesByName[m.name] != nil {
			known, knownCount = i, knownCount+1
		}
	}
	switch {
	case len(members) == 0:
		return r.fail("no scope: one member must be named after a scope such as %q", scopeAll)
	case knownCount > 1 || knownCount == 0 && len(members) > 1:
		return r.fail("several scopes, one is allowed; these are there: %s", memberNames(members))
	}
	s.Name = members[known].name
	for i, m := range members {
		r.at = m.start
		r.enter(m.name)
		switch {
		case i != known:
			err = r.rawInto(&s.Beside, m.name)
		case knownCount == 1:
			err = r.knownScope(s, scopesByName[m.name])
		default:
			err = r.unknownScope(s)
		}
		if err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

// unknownScope reads the object of a scope that the catalogue does not know.
func (r *jsonReader) unknownScope(s *Scope) error {
	if first := r.peek(); first != '{' {
		return r.fail("must be an object, not %s", kindOf(first))
	}
	var err error
	s.Raw, err = r.raw()
	return err
}

// knownScope reads the object of a known scope.
func (r *jsonReader) knownScope(s *Scope, row *scopeRow) error {
	var buffer [4]jsonMember
	members, err := r.members(buffer[:0])
	if err != nil {
		return err
	}
	isParameter := func(m jsonMember) bool {
		return row.Values != NoValues && (m.name == row.Parameter || row.snake != "" && m.name == row.snake)
	}
	at := slices.IndexFunc(members, isParameter)
	switch {
	case row.Values == NoValues:
	case at < 0:
		return r.fail("the member %q is missing", row.Parameter)
	case slices.ContainsFunc(members[at+1:], isParameter):
		return r.fail("%q and %q are the same member", row.Parameter, row.snake)
	}
	for i, m := range members {
		r.at = m.start
		r.enter(m.name)
		if i == at {
			err = r.values(s, row)
		} else {
			err = r.rawInto(&s.Extra, m.name)
		}
		if err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

// values reads what a scope lists.
func (r *jsonReader) values(s *Scope, row *scopeRow) error {
	var err error
	switch row.Values {
	case Numbers:
		s.IDs, err = r.ids()
	case Texts:
		s.Texts, err = r.texts(row.numbersAsTexts)
	default:
		s.Tables, err = r.tables()
	}
	return err
}

// ids reads a list of ids.
func (r *jsonReader) ids() ([]int64, error) {
	if err := r.open('['); err != nil {
		return nil, err
	}
	list := []int64{}
	for i := 0; r.more(); i++ {
		id, ok := r.id()
		if !ok {
			r.enterElement(i)
			return nil, r.failID()
		}
		list = append(list, id)
	}
	return list, nil
}

// id reads an id. After one that is none, the reader stands where it began.
func (r *jsonReader) id() (int64, bool) {
	first := r.peek()
	start := r.at
	var id int64
	ok := false
	switch {
	case first == '"':
		raw, escaped := r.quoted()
		if id, ok = shortInteger(raw[1 : len(raw)-1]); !ok {
			id, ok = parseInteger(r.decode(raw, escaped))
		}
	case isNumber(first):
		literal := r.scalar()
		if id, ok = shortInteger(literal); !ok {
			id, ok = parseExactInteger(string(literal))
		}
	}
	if !ok {
		r.at = start
	}
	return id, ok
}

// shortInteger reads an integer that is nothing but some digits, as nearly all ids are,
// without using memory.
func shortInteger(digits []byte) (int64, bool) {
	const alwaysFits = 18
	if len(digits) == 0 || len(digits) > alwaysFits {
		return 0, false
	}
	value := int64(0)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = 10*value + int64(c-'0')
	}
	return value, true
}

// failID says what is wrong with the id at hand.
func (r *jsonReader) failID() error {
	first := r.peek()
	start := r.at
	r.skip()
	switch kind := kindOf(first); kind {
	case "a string", "a number":
		return r.fail("%s is not an integer of 64 bits, as ids are", r.text[start:r.at])
	default:
		return r.fail("must be an integer, not %s", kind)
	}
}

// texts reads a list of texts. Where the Python SDK does so, integers are taken for their
// digits.
func (r *jsonReader) texts(integers bool) ([]string, error) {
	if err := r.open('['); err != nil {
		return nil, err
	}
	list := []string{}
	for i := 0; r.more(); i++ {
		first := r.peek()
		if first == '"' {
			list = append(list, r.decode(r.quoted()))
			continue
		}
		if integers && isNumber(first) {
			if literal := r.scalar(); !bytes.ContainsAny(literal, ".eE") {
				list = append(list, string(literal))
				continue
			}
		}
		r.enterElement(i)
		return nil, r.fail("must be a string, not %s", kindOf(first))
	}
	return list, nil
}

// tables reads what a table scope lists: for each database an object with the member
// tables, or the list of tables itself, or null.
func (r *jsonReader) tables() (map[string][]string, error) {
	if err := r.open('{'); err != nil {
		return nil, err
	}
	databases := map[string][]string{}
	for r.more() {
		name := r.name()
		r.enter(name)
		if _, repeated := databases[name]; repeated {
			return nil, r.fail("the member is there more than once")
		}
		var err error
		if databases[name], err = r.database(); err != nil {
			return nil, err
		}
		r.leave()
	}
	return databases, nil
}

// database reads the tables of one database.
func (r *jsonReader) database() ([]string, error) {
	switch r.peek() {
	case 'n':
		r.skip()
		return []string{}, nil
	case '[':
		return r.texts(false)
	}
	var buffer [2]jsonMember
	members, err := r.members(buffer[:0])
	if err != nil {
		return nil, err
	}
	end := r.at
	tables := []string{}
	for _, m := range members {
		r.at = m.start
		r.enter(m.name)
		switch {
		case m.name != memberTables:
			return nil, r.fail("unknown member; the one here is %q", memberTables)
		case r.peek() == 'n':
		default:
			if tables, err = r.texts(false); err != nil {
				return nil, err
			}
		}
		r.leave()
	}
	r.at = end
	return tables, nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// scope reads a scope: the one that the catalogue knows, or else the only one.
func (r *jsonReader) scope(s *Scope) error {
	var one [1]string
	known := one[:0]
	err := r.object(func(name string) error {
		row := scopesByName[name]
		if row == nil {
			return r.rawInto(&s.Beside, name)
		}
		known = append(known, name)
		s.Name = name
		return r.knownScope(s, row)
	})
	switch {
	case err != nil || len(known) == 1:
		return err
	case len(known)+len(s.Beside) == 0:
		return r.fail("no scope: one member must be named after a scope such as %q", scopeAll)
	case len(known)+len(s.Beside) > 1:
		return r.fail("several scopes, one is allowed; these are there: %s", nameList(slices.AppendSeq(known, maps.Keys(s.Beside))))
	}
	for s.Name, s.Raw = range s.Beside {
		if s.Raw[0] != '{' {
			r.enter(s.Name)
			return r.fail("must be an object, not %s", kindOf(s.Raw[0]))
		}
	}
	s.Beside = nil
	return nil
}

// knownScope reads the object of a known scope.
func (r *jsonReader) knownScope(s *Scope, row *scopeRow) error {
	parameters := 0
	err := r.object(func(name string) error {
		if row.Values == NoValues || name != row.Parameter && (row.snake == "" || name != row.snake) {
			return r.rawInto(&s.Extra, name)
		}
		parameters++
		return r.values(s, row)
	})
	switch {
	case err != nil || row.Values == NoValues:
		return err
	case parameters == 0:
		return r.fail("the member %q is missing", row.Parameter)
	case parameters > 1:
		return r.fail("%q and %q are the same member", row.Parameter, row.snake)
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
		s.Texts, err = r.texts(row.numbersAsTexts, "")
	default:
		s.Tables, err = r.tables()
	}
	return err
}

// ids reads a list of ids.
func (r *jsonReader) ids() ([]int64, error) {
	ids := []int64{}
	err := r.list(func(index int) error {
		id, ok := r.id()
		if !ok {
			r.enterElement(index)
			return r.failID()
		}
		if r.granting && id <= 0 {
			r.enterElement(index)
			return r.fail("%d is not an id: ids are positive", id)
		}
		ids = append(ids, id)
		return nil
	})
	return ids, err
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
	literal := r.text[start:r.at]
	problem := &InputError{Path: r.place()}
	switch kind := kindOf(first); kind {
	case "a string":
		problem.Name = r.decode(literal, true)
		fallthrough
	case "a number":
		problem.Detail = fmt.Sprintf("%s is not an integer of 64 bits, as ids are", literal)
	default:
		problem.Detail = "must be an integer, not " + kind
	}
	return problem
}

// texts reads a list of texts. Where the Python SDK does so, integers are taken for their
// digits. Where access is granted no text is empty; instead says what to write then.
func (r *jsonReader) texts(integers bool, instead string) ([]string, error) {
	texts := []string{}
	if !r.granting {
		instead = ""
	}
	err := r.list(func(index int) error {
		first := r.peek()
		if first == '"' {
			text := r.decode(r.quoted())
			if text == "" && r.granting {
				r.enterElement(index)
				return r.fail("must not be empty%s", instead)
			}
			texts = append(texts, text)
			return nil
		}
		if integers && isNumber(first) {
			if literal := r.scalar(); !bytes.ContainsAny(literal, ".eE") {
				texts = append(texts, string(literal))
				return nil
			}
		}
		r.enterElement(index)
		if first == 'n' {
			return r.fail("must be a string, not null%s", instead)
		}
		return r.fail("must be a string, not %s", kindOf(first))
	})
	return texts, err
}

// What to write where access is granted and nothing would be the whole database.
const (
	insteadOfNoTable = ": write [] instead of the list for the whole database, or name the table"
	insteadOfNull    = "null would grant the whole database: write [] if that is meant, or list the tables"
)

// tables reads what a table scope lists: for each database an object with the member
// tables, or the list of tables itself, or null.
func (r *jsonReader) tables() (map[string][]string, error) {
	if r.granting && r.peek() == 'n' {
		return nil, r.fail(`must be an object, not null: name the databases, such as {"db": []} for a whole one`)
	}
	databases := map[string][]string{}
	err := r.object(func(name string) error {
		if r.granting && name == "" {
			return r.fail("the name of a database must not be empty: name it, or use the scope all for every database")
		}
		var err error
		if r.peek() == '{' {
			databases[name], err = r.database()
		} else {
			databases[name], err = r.tableList()
		}
		return err
	})
	return databases, err
}

// database reads the object of one database. Without the member tables it is the whole one.
func (r *jsonReader) database() ([]string, error) {
	tables := []string{}
	err := r.object(func(name string) error {
		if name != memberTables {
			return r.fail("unknown member; the one here is %q", memberTables)
		}
		var err error
		tables, err = r.tableList()
		return err
	})
	return tables, err
}

// tableList reads the tables of one database; null is the whole one, as for the Python SDK.
func (r *jsonReader) tableList() ([]string, error) {
	switch {
	case r.peek() != 'n':
		return r.texts(false, insteadOfNoTable)
	case r.granting:
		return nil, r.fail(insteadOfNull)
	}
	r.skip()
	return []string{}, nil
}

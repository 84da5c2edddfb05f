// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// maxProblems is after how many problems of one input no more are told.
const maxProblems = 100

// knownNames holds the names that documents are full of, so that they are kept once.
var knownNames = func() map[string]string {
	names := []string{memberActions, memberScope, memberTables, memberProjectScope, memberProjectURLNames}
	for _, acl := range catalogue {
		names = append(append(names, acl.Name), acl.Actions...)
	}
	for _, scope := range scopeTable {
		names = append(names, scope.Name, scope.Parameter, scope.snake)
	}
	known := make(map[string]string, len(names))
	for _, name := range names {
		known[name] = name
	}
	return known
}()

// ParseList reads a JSON list of capabilities in API shape. Names unknown to the catalogue
// are kept as they are. An entry has no meaning when it has no or several ACLs
// or scopes, lacks a member, or lists something other than the scope takes; the error joins an
// InputError for each such entry.
//
// Ids are accepted as Python's int() reads them ("10", " 007 ", 10.0), parameters of
// scopes also in snake_case, RAW tables as {"db": {"tables": [...]}} or {"db": [...]}.
func ParseList(data []byte) ([]Capability, error) {
	return parseStrictly(data, false)
}

// ParseGrants reads, by the rules of ParseList, what is to be granted. There nothing may
// widen access by accident, so null for the tables of a RAW database, and nothing for the
// name of a table or a database, are no way to say the whole database: that is an empty list.
// No name and no text may be empty, and ids are positive: anything else is a mistake of
// whoever made the list.
func ParseGrants(data []byte) ([]Capability, error) {
	return parseStrictly(data, true)
}

// parseStrictly gives the entries of a list that all have a meaning.
func parseStrictly(data []byte, granting bool) ([]Capability, error) {
	list, problems, err := parseEntries(data, granting)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		joined := make([]error, len(problems))
		for i, problem := range problems {
			joined[i] = problem
		}
		return nil, errors.Join(joined...)
	}
	return list, nil
}

// ParseServerList reads what a server answered, leniently: an entry without meaning is left
// out with a warning. No list at all (no data, or null) is an empty one: the API leaves
// the member out for groups without capabilities. The error tells that the data is
// no list.
func ParseServerList(data []byte) ([]Capability, []Finding, error) {
	if trimmed := bytes.TrimSpace(data); len(trimmed) == 0 || string(trimmed) == "null" {
		return nil, nil, nil
	}
	list, problems, err := parseEntries(data, false)
	if err != nil {
		return nil, nil, err
	}
	var findings []Finding
	for _, problem := range problems {
		findings = append(findings, warningf(problem.Path, "Capability without meaning",
			"The server answered with a capability that cannot be read, so it is taken for granting nothing: %s.", problem.Detail))
	}
	return list, findings, nil
}

// parseEntries reads the entries that have a meaning, and says what is wrong with the others.
func parseEntries(data []byte, granting bool) ([]Capability, []*InputError, error) {
	r, err := newJSONReader(data)
	if err != nil {
		return nil, nil, err
	}
	r.granting = granting
	// A good guess at the number of entries saves most of the memory that growing takes.
	const shortestEntry = 40
	list := make([]Capability, 0, min(bytes.Count(r.text, []byte(`"`+memberActions+`"`)), len(r.text)/shortestEntry))
	var problems []*InputError
	err = r.list(func(index int) error {
		r.path = r.path[:0]
		r.enterElement(index)
		r.peek()
		start := r.at
		var c Capability
		err := r.capability(&c)
		r.path = r.path[:0]
		if err == nil {
			list = append(list, c)
			return nil
		}
		if problem, ok := errors.AsType[*InputError](err); ok {
			problems = appendProblem(problems, problem, index)
		}
		r.at = start
		r.skip()
		return nil
	})
	return list, problems, err
}

// appendProblem adds a problem, as long as people can read them all.
func appendProblem(problems []*InputError, problem *InputError, entry int) []*InputError {
	switch {
	case len(problems) > maxProblems:
		return problems
	case len(problems) == maxProblems:
		problem = &InputError{Path: elementPath("", entry), Detail: "no meaning either, as perhaps others that follow"}
	}
	return append(problems, problem)
}

// capability reads an entry. Its ACL is the member of a name in the catalogue, or else the
// only one that is not known to be something else.
func (r *jsonReader) capability(c *Capability) error {
	// The members that may be ACLs, kept without using memory as long as there is one of each, and
	// where the value of the last unknown one begins.
	var few [2]string
	known, unknown := few[:0:1], few[1:1]
	start := 0
	err := r.object(func(name string) error {
		if aclsByName[name] != nil {
			known = append(known, name)
			c.ACL = name
			return r.acl(c)
		}
		if name != memberProjectScope && name != memberProjectURLNames {
			unknown = append(unknown, name)
			start = r.at
		}
		return r.rawInto(&c.Siblings, name)
	})
	switch {
	case err != nil || len(known) == 1:
		return err
	case len(known)+len(unknown) == 0:
		return r.fail("no ACL: one member must be named after an ACL such as %q", aclNames[0])
	case len(known) > 1 || len(unknown) > 1:
		return r.fail("no or several ACLs: one member must be an ACL, these are there: %s", nameList(append(known, unknown...)))
	}
	end := r.at
	c.ACL = unknown[0]
	if c.ACL == "" && r.granting {
		return r.fail("the name of the ACL must not be empty: it is a name such as %q", aclNames[0])
	}
	delete(c.Siblings, c.ACL)
	if len(c.Siblings) == 0 {
		c.Siblings = nil
	}
	r.at = start
	r.enter(c.ACL)
	if err := r.acl(c); err != nil {
		return err
	}
	r.leave()
	r.at = end
	return nil
}

// nameList names some members in a message.
func nameList(names []string) string {
	const most = 5
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = strconv.Quote(name)
	}
	slices.Sort(quoted)
	if len(quoted) > most {
		quoted = append(quoted[:most], "…")
	}
	return strings.Join(quoted, ", ")
}

// rawInto reads a value of any shape into a map that is made when it is first needed.
func (r *jsonReader) rawInto(target *map[string]json.RawMessage, name string) error {
	value, err := r.raw()
	if err != nil {
		return err
	}
	if *target == nil {
		*target = map[string]json.RawMessage{}
	}
	(*target)[name] = value
	return nil
}

// acl reads the object of an ACL.
func (r *jsonReader) acl(c *Capability) error {
	hasActions, hasScope := false, false
	err := r.object(func(name string) error {
		var err error
		switch name {
		case memberActions:
			hasActions = true
			c.Actions, err = r.texts(false, "")
		case memberScope:
			hasScope = true
			err = r.scope(&c.Scope)
		default:
			err = r.rawInto(&c.Extra, name)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !hasActions:
		return r.fail("the member %q is missing", memberActions)
	case !hasScope:
		return r.fail("the member %q is missing", memberScope)
	}
	return nil
}

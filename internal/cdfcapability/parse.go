// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	list, problems, err := parseEntries(data)
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
	list, problems, err := parseEntries(data)
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
func parseEntries(data []byte) ([]Capability, []*InputError, error) {
	r, err := newJSONReader(data)
	if err != nil {
		return nil, nil, err
	}
	if err := r.open('['); err != nil {
		return nil, nil, err
	}
	// A good guess at the number of entries saves most of the memory that growing takes.
	const shortestEntry = 40
	list := make([]Capability, 0, min(bytes.Count(r.text, []byte(`"`+memberActions+`"`)), len(r.text)/shortestEntry))
	var problems []*InputError
	for i := 0; r.more(); i++ {
		r.path = append(r.path[:0], pathStep{index: i, element: true})
		r.peek()
		start := r.at
		c, err := r.capability()
		if err == nil {
			list = append(list, c)
			continue
		}
		if problem, ok := errors.AsType[*InputError](err); ok {
			problems = appendProblem(problems, problem, i)
		}
		r.at = start
		r.skip()
	}
	return list, problems, nil
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

// capability reads an entry.
func (r *jsonReader) capability() (Capability, error) {
	var buffer [4]jsonMember
	members, err := r.members(buffer[:0])
	if err != nil {
		return Capability{}, err
	}
	end := r.at
	which, err := r.chooseACL(members)
	if err != nil {
		return Capability{}, err
	}
	c := Capability{ACL: members[which].name}
	for i, m := range members {
		r.at = m.start
		r.enter(m.name)
		if i == which {
			err = r.acl(&c)
		} else {
			err = r.rawInto(&c.Siblings, m.name)
		}
		if err != nil {
			return Capability{}, err
		}
		r.leave()
	}
	r.at = end
	return c, nil
}

// chooseACL finds the member of an entry that is its ACL: the one of a name in the
// catalogue, else the only one that is not known to be something else.
func (r *jsonReader) chooseACL(members []jsonMember) (int, error) {
	known, unknown := -1, -1
	knownCount, unknownCount := 0, 0
	for i, m := range members {
		switch {
		case aclsByName[m.name] != nil:
			known, knownCount = i, knownCount+1
		case m.name != memberProjectScope && m.name != memberProjectURLNames:
			unknown, unknownCount = i, unknownCount+1
		}
	}
	switch {
	case knownCount == 1:
		return known, nil
	case knownCount == 0 && unknownCount == 1:
		return unknown, nil
	case knownCount == 0 && unknownCount == 0:
		return 0, r.fail("no ACL: one member must be named after an ACL such as %q", catalogue[0].Name)
	}
	return 0, r.fail("no or several ACLs: one member must be an ACL, these are there: %s", memberNames(members))
}

func memberNames(members []jsonMember) string {
	const most = 5
	var names []string
	for _, m := range members {
		names = append(names, fmt.Sprintf("%q", m.name))
	}
	slices.Sort(names)
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return strings.Join(names, ", ")
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
	var buffer [4]jsonMember
	members, err := r.members(buffer[:0])
	if err != nil {
		return err
	}
	for _, name := range []string{memberActions, memberScope} {
		if !slices.ContainsFunc(members, func(m jsonMember) bool { return m.name == name }) {
			return r.fail("the member %q is missing", name)
		}
	}
	for _, m := range members {
		r.at = m.start
		r.enter(m.name)
		switch m.name {
		case memberActions:
			c.Actions, err = r.texts(false)
		case memberScope:
			err = r.scope(&c.Scope)
		default:
			err = r.rawInto(&c.Extra, m.name)
		}
		if err != nil {
			return err
		}
		r.leave()
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
)

// Validate returns what is doubtful about capabilities, in their order: names that the
// catalogue does not know, scopes that the ACL does not take, ACLs of the past, and
// entries that grant nothing. All of it are warnings: the service may know more than the
// catalogue. Of a hundred findings and more, the first are told.
func Validate(list []Capability) []Finding {
	var names nameChecker
	for i := range list {
		names.checkEntry(&list[i], placeInList{index: i, acl: list[i].ACL})
	}
	return names.all()
}

// ValidateBlock is Validate for what was written as one `capability` block, whose scope sets an
// argument. Paths are those in the block: "acl", "actions[0]", "scope[0].data_set_ids". Unless the
// argument is "json", scopes are named by their arguments.
func ValidateBlock(c Capability, argument string) []Finding {
	var names nameChecker
	if argument != argumentJSON {
		names.scopeName = Argument
	}
	names.checkEntry(&c, placeInList{acl: c.ACL, argument: argument})
	return names.all()
}

// checkEntry tells what is doubtful about one entry of a list.
func (n *nameChecker) checkEntry(c *Capability, at placeInList) {
	n.check(c, at)
	if c.grantsNothing() {
		n.tell(doubt{summary: "Capability without effect"}, func() (string, string) {
			return at.path(), "The capability has no actions, or its scope lists nothing, so it grants nothing. Add what is meant, or remove the capability."
		})
	}
}

// grantsNothing reports whether a list of the entry is empty.
func (c *Capability) grantsNothing() bool {
	for range c.places() {
		return len(c.Actions) == 0
	}
	return true
}

// acceptedAnyway ends what is said of an unknown name.
const acceptedAnyway = "It is passed on as it is, since the service may be newer."

// placeInList is the place of an entry's ACL.
type placeInList struct {
	// list names the list where there are several.
	list  string
	index int
	acl   string
	// argument is what the scope of a block sets; empty for JSON.
	argument string
}

func (p placeInList) path() string {
	if p.argument != "" {
		return "acl"
	}
	return memberPath(elementPath(p.list, p.index), p.acl)
}

func (p placeInList) actionPath(index int) string {
	if p.argument != "" {
		return elementPath(memberActions, index)
	}
	return elementPath(memberPath(p.path(), memberActions), index)
}

func (p placeInList) scopePath(scope string) string {
	if p.argument != "" {
		return memberPath(elementPath(memberScope, 0), p.argument)
	}
	return memberPath(memberPath(p.path(), memberScope), scope)
}

// doubt is what a finding is about: a name that is doubtful, of an ACL.
type doubt struct {
	summary, acl, name string
}

// nameChecker collects doubts about names, as many as people can read.
type nameChecker struct {
	findings []Finding
	// told, when made, holds what was told: each doubt is told once, wherever it is met.
	told map[doubt]bool
	more bool
	// scopeName, when set, gives what the author calls a scope of the API.
	scopeName func(scope string) string
}

// calls gives what the author calls a scope: its name in the API, or an argument.
func (n *nameChecker) calls(scope string) string {
	if n.scopeName == nil {
		return scope
	}
	return n.scopeName(scope)
}

// callsEach is calls for several scopes, each once: two may have one argument.
func (n *nameChecker) callsEach(scopes []string) []string {
	var names []string
	for _, scope := range scopes {
		if name := n.calls(scope); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// tell adds a finding, whose path and detail are made only when it is told: lists may
// hold very many, and to look for the nearest name takes time.
func (n *nameChecker) tell(d doubt, finding func() (path, detail string)) {
	if n.told[d] {
		return
	}
	if len(n.findings) >= maxProblems {
		n.more = true
		return
	}
	if n.told != nil {
		n.told[d] = true
	}
	path, detail := finding()
	n.findings = append(n.findings, Finding{Path: path, Summary: d.summary, Detail: detail})
}

// all gives the findings, and says when there are more.
func (n *nameChecker) all() []Finding {
	if !n.more {
		return n.findings
	}
	return append(n.findings, warningf("", "Further findings", "There are more than these %d findings about capabilities.", maxProblems))
}

// check tells of the doubtful names of a capability.
func (n *nameChecker) check(c *Capability, at placeInList) {
	acl, known := aclsByName[c.ACL]
	switch {
	case !known:
		n.tell(doubt{summary: "Unknown ACL", acl: c.ACL}, func() (string, string) {
			near, found := nearestACL(c.ACL)
			return at.path(), fmt.Sprintf("The ACL %q is not among those known here. %s%s", c.ACL, acceptedAnyway, suggestion(near, found))
		})
	case acl.Legacy:
		n.tell(doubt{summary: "Legacy ACL", acl: c.ACL}, func() (string, string) {
			return at.path(), fmt.Sprintf("The ACL %s is of the past: comparisons of capabilities leave it out. Remove it where it is no longer needed.", c.ACL)
		})
	}
	n.checkActions(acl, c.Actions, at)
	n.checkScope(acl, c.Scope.Name, at)
}

// checkActions tells of the unknown actions of a known ACL.
func (n *nameChecker) checkActions(acl *ACL, actions []string, at placeInList) {
	for i, action := range actions {
		if acl == nil || slices.Contains(acl.Actions, action) {
			continue
		}
		n.tell(doubt{summary: "Unknown action", acl: acl.Name, name: action}, func() (string, string) {
			near, found := nearest(action, acl.Actions)
			return at.actionPath(i),
				fmt.Sprintf("The action %q is not among those of %s known here, which are %s. %s%s",
					action, acl.Name, strings.Join(acl.Actions, ", "), acceptedAnyway, suggestion(near, found))
		})
	}
}

// checkScope tells of a scope that is unknown, or that a known ACL does not take.
func (n *nameChecker) checkScope(acl *ACL, name string, at placeInList) {
	_, known := scopesByName[name]
	if known && (acl == nil || slices.Contains(acl.Scopes, name)) {
		return
	}
	d := doubt{summary: "Unknown scope", acl: at.acl, name: name}
	if known {
		d.summary = "Scope not taken by the ACL"
	}
	n.tell(d, func() (string, string) {
		detail := fmt.Sprintf("The scope %q is not among those known here.", name)
		if known {
			detail = fmt.Sprintf("The ACL %s is not known to take %s as its scope.", acl.Name, n.calls(name))
		}
		candidates := scopeNames
		if acl != nil {
			candidates = acl.Scopes
			detail += fmt.Sprintf(" Those of %s are %s.", acl.Name, strings.Join(n.callsEach(acl.Scopes), ", "))
		}
		near, found := nearest(n.calls(name), n.callsEach(candidates))
		return at.scopePath(name), detail + " " + acceptedAnyway + suggestion(near, found)
	})
}

// checkDesired tells of the doubtful names of a desired capability.
func (n *nameChecker) checkDesired(c *Capability, index int) {
	if !isInCatalogue(c) {
		n.check(c, placeInList{list: "desired", index: index, acl: c.ACL})
	}
}

// checkHeldScope tells of the unknown scope of an existing capability.
func (n *nameChecker) checkHeldScope(c *Capability, index int) {
	name := c.Scope.Name
	if _, known := scopesByName[name]; known {
		return
	}
	n.tell(doubt{summary: "Unknown scope in existing capabilities", acl: c.ACL, name: name}, func() (string, string) {
		near, found := nearest(name, scopeNames)
		return placeInList{list: "existing", index: index, acl: c.ACL}.scopePath(name),
			fmt.Sprintf("The scope %q of %s is not among those known here, so the capability counts for exactly the same scope only.%s",
				name, c.ACL, suggestion(near, found))
	})
}

// isInCatalogue reports whether all names of a capability are known, belong together and
// are of today.
func isInCatalogue(c *Capability) bool {
	acl, ok := aclsByName[c.ACL]
	if !ok || acl.Legacy || !slices.Contains(acl.Scopes, c.Scope.Name) {
		return false
	}
	for _, action := range c.Actions {
		if !slices.Contains(acl.Actions, action) {
			return false
		}
	}
	return true
}

// UnknownMembers returns a warning for each member that the API is not known to have: beside an ACL
// other than projectUrlNames and projectScope, beside actions and scope, within a scope, and
// beside a scope. They are kept as they are.
func UnknownMembers(list []Capability) []Finding {
	var findings []Finding
	for m := range unknownMembers(list) {
		near, found := nearest(m.name, m.known)
		findings = append(findings, warningf(m.path(), "Unknown member",
			"The member %q is not known here. It is kept as it is, since the service may be newer.%s", m.name, suggestion(near, found)))
	}
	return findings
}

// RefuseUnknownMembers returns an InputError, or several joined, for members that UnknownMembers
// warns of; nil when there are none.
func RefuseUnknownMembers(list []Capability) error {
	var problems []error
	for m := range unknownMembers(list) {
		detail := fmt.Sprintf("the API is not known to have the member %q here", m.name)
		if near, found := nearest(m.name, m.known); found {
			detail += fmt.Sprintf("; the nearest that it has is %q", near)
		}
		problems = append(problems, &InputError{Path: m.path(), Detail: detail})
	}
	return errors.Join(problems...)
}

// unknown is a member that the API is not known to have, among those known at its place.
type unknown struct {
	place, name string
	known       []string
}

func (m unknown) path() string { return memberPath(m.place, m.name) }

// unknownMembers gives the unknown members of each entry.
func unknownMembers(list []Capability) iter.Seq[unknown] {
	return func(yield func(unknown) bool) {
		for i := range list {
			for _, part := range list[i].unknownParts(elementPath("", i)) {
				for _, name := range slices.Sorted(maps.Keys(part.members)) {
					if part.optional[name] {
						continue
					}
					if !yield(unknown{place: part.place, name: name, known: part.known}) {
						return
					}
				}
			}
		}
	}
}

// membersAtPlace are members of one object of an entry that may be unknown.
type membersAtPlace struct {
	place    string
	members  map[string]json.RawMessage
	known    []string
	optional map[string]bool
}

// besideACL are the members beside an ACL that the API is known to have.
var besideACL = map[string]bool{memberProjectScope: true, memberProjectURLNames: true}

// unknownParts gives all members of an entry that this package has no name for.
func (c *Capability) unknownParts(entry string) []membersAtPlace {
	acl := memberPath(entry, c.ACL)
	scope := memberPath(acl, memberScope)
	inScope := membersAtPlace{place: memberPath(scope, c.Scope.Name), members: c.Scope.Extra}
	if row, ok := scopesByName[c.Scope.Name]; ok {
		inScope.known = []string{row.Parameter}
	}
	return []membersAtPlace{
		{place: entry, members: c.Siblings, known: []string{memberProjectScope, memberProjectURLNames}, optional: besideACL},
		{place: acl, members: c.Extra, known: []string{memberActions, memberScope}},
		inScope,
		{place: scope, members: c.Scope.Beside, known: scopeNames},
	}
}

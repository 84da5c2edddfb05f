// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Validate returns what is doubtful about capabilities, in their order: names that the
// catalogue does not know, scopes that the ACL does not take, ACLs of the past, and
// entries that grant nothing. All of it are warnings: the service may know more than the
// catalogue.
func Validate(list []Capability) []Finding {
	var names nameChecker
	for i := range list {
		c := &list[i]
		path := memberPath(elementPath("", i), c.ACL)
		names.check(c, path)
		if isLegacy(c.ACL) {
			names.add(warningf(path, "Legacy ACL",
				"The ACL %s is of the past: comparisons of capabilities leave it out. Remove it where it is no longer needed.", c.ACL))
		}
		if len(Flatten(list[i:i+1])) == 0 {
			names.add(warningf(path, "Capability without effect",
				"The capability has no actions, or its scope lists nothing, so it grants nothing. Add what is meant, or remove the capability."))
		}
	}
	return names.findings
}

// nameChecker finds names that the catalogue does not know.
type nameChecker struct {
	findings []Finding
	// once, when made, holds the findings so far without their paths: each is told once.
	once map[Finding]bool
}

// add keeps a finding, of a number that people can read.
func (n *nameChecker) add(f Finding) {
	if len(n.findings) >= maxProblems {
		return
	}
	if n.once != nil {
		kind := f
		kind.Path = ""
		if n.once[kind] {
			return
		}
		n.once[kind] = true
	}
	n.findings = append(n.findings, f)
}

// check tells of the unknown names of a capability; path leads to its ACL.
func (n *nameChecker) check(c *Capability, path string) {
	acl, ok := aclsByName[c.ACL]
	if !ok {
		near, found := nearest(c.ACL, slices.Sorted(maps.Keys(aclsByName)))
		n.add(warningf(path, "Unknown ACL",
			"The ACL %q is not among those known here. It is passed on as it is, since the service may be newer.%s", c.ACL, suggestion(near, found)))
	} else {
		n.checkActions(acl, c.Actions, path)
	}
	n.checkScope(acl, c, path)
}

func (n *nameChecker) checkActions(acl *ACL, actions []string, path string) {
	for i, action := range actions {
		if slices.Contains(acl.Actions, action) {
			continue
		}
		near, found := nearest(action, acl.Actions)
		n.add(warningf(elementPath(memberPath(path, memberActions), i), "Unknown action",
			"The action %q is not among those of %s known here, which are %s. It is passed on as it is, since the service may be newer.%s",
			action, acl.Name, strings.Join(acl.Actions, ", "), suggestion(near, found)))
	}
}

// checkScope tells of a scope that is unknown, or that a known ACL does not take.
func (n *nameChecker) checkScope(acl *ACL, c *Capability, path string) {
	name := c.Scope.Name
	if acl != nil && slices.Contains(acl.Scopes, name) {
		return
	}
	_, known := scopesByName[name]
	if acl == nil && known {
		return
	}
	candidates := slices.Sorted(maps.Keys(scopesByName))
	taken := ""
	if acl != nil {
		candidates = acl.Scopes
		taken = fmt.Sprintf(" Those of %s are %s.", acl.Name, strings.Join(acl.Scopes, ", "))
	}
	near, found := nearest(name, candidates)
	path = memberPath(memberPath(path, memberScope), name)
	if known {
		n.add(warningf(path, "Scope not taken by the ACL",
			"The ACL %s is not known to take the scope %s. It is passed on as it is, since the service may be newer.%s%s", acl.Name, name, taken, suggestion(near, found)))
		return
	}
	n.add(warningf(path, "Unknown scope",
		"The scope %q is not among those known here. It is passed on as it is, since the service may be newer.%s%s", name, taken, suggestion(near, found)))
}

// checkDesired tells of the unknown names of a desired capability.
func (n *nameChecker) checkDesired(c *Capability, index int) {
	if isInCatalogue(c) {
		return
	}
	n.check(c, memberPath(elementPath("desired", index), c.ACL))
}

// isInCatalogue reports whether all names of a capability are known and belong together.
func isInCatalogue(c *Capability) bool {
	acl, ok := aclsByName[c.ACL]
	if !ok || !slices.Contains(acl.Scopes, c.Scope.Name) {
		return false
	}
	for _, action := range c.Actions {
		if !slices.Contains(acl.Actions, action) {
			return false
		}
	}
	return true
}

// checkHeldScope tells of the unknown scope of an existing capability.
func (n *nameChecker) checkHeldScope(c *Capability, index int) {
	if _, known := scopesByName[c.Scope.Name]; known {
		return
	}
	path := memberPath(memberPath(memberPath(elementPath("existing", index), c.ACL), memberScope), c.Scope.Name)
	n.add(warningf(path, "Unknown scope",
		"The scope %q of %s is not among those known here, so the capability counts for exactly the same scope only.", c.Scope.Name, c.ACL))
}

// UnknownMembers returns a warning for each member that the API is not known to have: beside an ACL
// other than projectUrlNames and projectScope, beside actions and scope, within a scope, and
// beside a scope. They are kept as they are.
func UnknownMembers(list []Capability) []Finding {
	var findings []Finding
	for i := range list {
		c := &list[i]
		entry := elementPath("", i)
		acl := memberPath(entry, c.ACL)
		scope := memberPath(acl, memberScope)
		for _, name := range slices.Sorted(maps.Keys(c.Siblings)) {
			if name != memberProjectScope && name != memberProjectURLNames {
				findings = append(findings, unknownMember(entry, name, []string{memberProjectScope, memberProjectURLNames}))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(c.Extra)) {
			findings = append(findings, unknownMember(acl, name, []string{memberActions, memberScope}))
		}
		for _, name := range slices.Sorted(maps.Keys(c.Scope.Extra)) {
			kind := scopesByName[c.Scope.Name].ScopeKind
			findings = append(findings, unknownMember(memberPath(scope, c.Scope.Name), name, []string{kind.Parameter}))
		}
		for _, name := range slices.Sorted(maps.Keys(c.Scope.Beside)) {
			findings = append(findings, unknownMember(scope, name, slices.Sorted(maps.Keys(scopesByName))))
		}
	}
	return findings
}

func unknownMember(path, name string, known []string) Finding {
	near, found := nearest(name, known)
	return warningf(memberPath(path, name), "Unknown member",
		"The member %q is not known here. It is kept as it is, since the service may be newer.%s", name, suggestion(near, found))
}

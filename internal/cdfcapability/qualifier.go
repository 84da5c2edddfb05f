// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// A qualifier is what an entry says beside its permissions, in members such as
// projectUrlNames and in those that nobody here knows. What they mean is the
// service's to say, so entries with different qualifiers are never taken for equal, never joined, and
// never cover one another. It is canonical JSON, empty for an entry without any.

// qualified is what entries of one qualifier grant together.
type qualified struct {
	// model is an entry that has the qualifier.
	model *Capability
	// entries are all of them.
	entries []*Capability
	// permissions are reduced.
	permissions []Permission
}

// byQualifier sorts entries by their qualifiers and reduces what they grant. Qualifiers
// under which nothing is granted are left out.
func byQualifier(list []Capability) map[string]*qualified {
	groups := map[string]*qualified{}
	for i := range list {
		c := &list[i]
		key := c.qualifier()
		group := groups[key]
		if group == nil {
			group = &qualified{model: c}
			groups[key] = group
		}
		group.entries = append(group.entries, c)
		group.permissions = c.appendPermissions(group.permissions)
	}
	for key, group := range groups {
		group.permissions = reduce(sortPermissions(group.permissions))
		if len(group.permissions) == 0 {
			delete(groups, key)
		}
	}
	return groups
}

// qualifier gives what the entry says beside its permissions.
func (c *Capability) qualifier() string {
	text := []byte{}
	for _, part := range []struct {
		name    string
		members map[string]json.RawMessage
	}{
		{"acl", c.Extra},
		{"beside", canonicalSiblings(c.Siblings)},
		{"scope", c.Scope.Extra},
		{"scopes", c.Scope.Beside},
	} {
		if len(part.members) == 0 {
			continue
		}
		text = append(appendString(append(text, ','), part.name), ':', '{')
		for i, name := range slices.Sorted(maps.Keys(part.members)) {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(appendString(text, name), ':')
			text = append(text, canonicalJSON(part.members[name])...)
		}
		text = append(text, '}')
	}
	if len(text) == 0 {
		return ""
	}
	text[0] = '{'
	return string(append(text, '}'))
}

// canonicalMembers gives members of unknown meaning in canonical form.
func canonicalMembers(members map[string]json.RawMessage) map[string]json.RawMessage {
	if len(members) == 0 {
		return nil
	}
	canonical := make(map[string]json.RawMessage, len(members))
	for name, raw := range members {
		canonical[name] = json.RawMessage(canonicalJSON(raw))
	}
	return canonical
}

// projectLists are the members beside an ACL that list projects, by the member that holds
// the list.
var projectLists = map[string]string{memberProjectURLNames: "urlNames", memberProjectScope: "projects"}

// canonicalSiblings gives the members beside an ACL in canonical form. The order of
// projects means nothing.
func canonicalSiblings(siblings map[string]json.RawMessage) map[string]json.RawMessage {
	canonical := canonicalMembers(siblings)
	for name, list := range projectLists {
		if projects, ok := projectsOf(siblings[name], list); ok {
			text := append(appendString([]byte{'{'}, list), ':')
			canonical[name] = append(appendStrings(text, projects), '}')
		}
	}
	return canonical
}

// projectsOf gives the projects that a member beside an ACL lists, sorted, each once. It
// returns false when the member says anything else.
func projectsOf(raw json.RawMessage, list string) ([]string, bool) {
	var members map[string]json.RawMessage
	if raw == nil || json.Unmarshal(raw, &members) != nil || len(members) != 1 {
		return nil, false
	}
	var projects []*string
	if json.Unmarshal(members[list], &projects) != nil || projects == nil || slices.Contains(projects, nil) {
		return nil, false
	}
	names := make([]string, len(projects))
	for i, project := range projects {
		names[i] = *project
	}
	slices.Sort(names)
	return slices.Compact(names), true
}

// suffix gives the qualifier as the end of a line of a plan.
func (q *qualified) suffix(qualifier string) string {
	if qualifier == "" {
		return ""
	}
	c := q.model
	if len(c.Siblings) == 1 && len(c.Extra)+len(c.Scope.Extra)+len(c.Scope.Beside) == 0 {
		projects, ok := projectsOf(c.Siblings[memberProjectURLNames], projectLists[memberProjectURLNames])
		if ok && len(projects) == 0 {
			return " for no project"
		}
		if ok {
			return " for projects " + quoteTexts(projects)
		}
	}
	return " with " + qualifier
}

func quoteTexts(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = quoteText(text)
	}
	return strings.Join(quoted, ", ")
}

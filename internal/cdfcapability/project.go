// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfcapability

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// ForProject returns the capabilities of a token inspection that hold in a project, without
// their projectScope. Entries that have none are left out: nothing says where they hold.
// The error is an InputError: a projectScope cannot be read, or there is one and no project is
// given.
func ForProject(list []Capability, project string) ([]Capability, error) {
	filter := projectFilter{project: project}
	held := make([]Capability, 0, len(list))
	for i := range list {
		c := list[i]
		if _, limited := c.Siblings[memberProjectScope]; !limited {
			continue
		}
		holds, err := filter.holds(&c, placeInList{index: i})
		if err != nil {
			return nil, err
		}
		if !holds {
			continue
		}
		c.Siblings = maps.Clone(c.Siblings)
		delete(c.Siblings, memberProjectScope)
		if len(c.Siblings) == 0 {
			c.Siblings = nil
		}
		held = append(held, c)
	}
	return held, nil
}

// ForGroupOf returns the capabilities of a group that hold in its project: one that has
// the member projectUrlNames holds in the projects that it lists. Where that cannot be read,
// the capability is left out.
func ForGroupOf(project string, list []Capability) []Capability {
	return slices.DeleteFunc(slices.Clone(list), func(c Capability) bool {
		raw, limited := c.Siblings[memberProjectURLNames]
		var limit struct {
			URLNames []string `json:"urlNames"`
		}
		return limited && (json.Unmarshal(raw, &limit) != nil || !slices.Contains(limit.URLNames, project))
	})
}

// existingFilter decides which existing capabilities count. Where one of them has a
// projectScope, the list is from a token inspection, and all of them need one.
func existingFilter(existing []Capability, project string) projectFilter {
	return projectFilter{project: project, ofToken: slices.ContainsFunc(existing, func(c Capability) bool {
		_, limited := c.Siblings[memberProjectScope]
		return limited
	})}
}

// projectFilter decides which entries hold in a project. Tokens repeat few different
// scopes many times, so each is read once.
type projectFilter struct {
	project string
	// ofToken is true for lists in which every entry has a projectScope.
	ofToken  bool
	verdicts map[string]bool
}

// holds reports whether an entry holds.
func (f *projectFilter) holds(c *Capability, at placeInList) (bool, error) {
	raw, limited := c.Siblings[memberProjectScope]
	switch {
	case limited:
	case f.ofToken && aclsByName[c.ACL] != nil:
		return false, &InputError{Path: elementPath(at.list, at.index), Detail: fmt.Sprintf("the member %q is missing, which other entries of the list have", memberProjectScope)}
	default:
		return !f.ofToken, nil
	}
	if verdict, known := f.verdicts[string(raw)]; known {
		return verdict, nil
	}
	verdict, problem := f.judge(raw)
	if problem != "" {
		return false, &InputError{Path: memberPath(elementPath(at.list, at.index), memberProjectScope), Detail: problem}
	}
	if f.verdicts == nil {
		f.verdicts = map[string]bool{}
	}
	f.verdicts[string(raw)] = verdict
	return verdict, nil
}

// judge reads a projectScope: the member projects lists the names of the projects, or
// else the member allProjects is there.
func (f *projectFilter) judge(raw json.RawMessage) (holds bool, problem string) {
	if f.project == "" {
		return false, "the capability holds in certain projects only: say with the option project which one is meant"
	}
	var scope map[string]json.RawMessage
	if err := json.Unmarshal(raw, &scope); err != nil || scope == nil {
		return false, `must be an object with the member "projects" or "allProjects"`
	}
	list, listed := scope["projects"]
	if !listed {
		_, all := scope["allProjects"]
		return all, ""
	}
	var projects []string
	if err := json.Unmarshal(list, &projects); err != nil || projects == nil {
		return false, `the member "projects" must be a list of strings`
	}
	return slices.Contains(projects, f.project), ""
}

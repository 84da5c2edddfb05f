// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is a kind of risk.
type Rule struct {
	Name string
	// Summary says in a sentence what it finds.
	Summary string
	lakefs  func(*lakeFSComparison, *findings)
	cdf     func(*cdfComparison, *findings)
}

// rules are in the order in which reports show what they find.
var rules = []Rule{
	{"gains-administration", "A principal gains the administration of access itself.", (*lakeFSComparison).gainsAdministration, (*cdfComparison).gainsAdministration},
	{"escalation", "A principal can from now on grant itself more than it has.", (*lakeFSComparison).escalation, (*cdfComparison).escalation},
	{"wildcard-resource", "A principal gains a permission on every object of a kind.", (*lakeFSComparison).wildcardResource, (*cdfComparison).wildcardResource},
	{"wildcard-user", "The id of a user is a pattern, and a statement puts it in the place of ${user}.", (*lakeFSComparison).wildcardUser, nil},
	{"deny-removed", "A principal gains what a deny kept from it.", (*lakeFSComparison).denyRemoved, nil},
	{"last-administrator", "Nobody is left who administers access.", (*lakeFSComparison).lastAdministrator, (*cdfComparison).lastAdministrator},
	{"caller-locked-out", "The caller who applies the plan loses rights to manage access.", (*lakeFSComparison).callerLockedOut, (*cdfComparison).callerLockedOut},
	{"revived-access", "Keys of a deleted user work again, because a user of that id is created.", (*lakeFSComparison).revivedAccess, nil},
	{"dangling-policy", "A policy is attached to nobody, or a group of CDF is made of nobody.", (*lakeFSComparison).danglingPolicy, (*cdfComparison).danglingGroup},
}

// Rules returns all rules in the order of reports.
func Rules() []Rule { return slices.Clone(rules) }

func ruleNames() []string {
	names := make([]string, len(rules))
	for i, r := range rules {
		names[i] = r.Name
	}
	return names
}

// findings collects risks; those that say the same of several principals are one.
type findings struct {
	rule  string
	list  []Risk
	index map[string]int
}

func (f *findings) add(about string, certain bool, format string, arguments ...any) {
	detail := fmt.Sprintf(format, arguments...)
	key := fmt.Sprint(f.rule, certain, detail)
	i, ok := f.index[key]
	if !ok {
		i = len(f.list)
		f.index[key] = i
		f.list = append(f.list, Risk{Rule: f.rule, Certain: certain, Detail: detail})
	}
	if !slices.Contains(f.list[i].About[max(0, len(f.list[i].About)-1):], about) {
		f.list[i].About = append(f.list[i].About, about)
	}
}

func (c *lakeFSComparison) risks() []Risk {
	f := &findings{index: map[string]int{}}
	for _, r := range rules {
		if f.rule = r.Name; r.lakefs != nil {
			r.lakefs(c, f)
		}
	}
	return f.list
}

func (c *cdfComparison) risks() []Risk {
	f := &findings{index: map[string]int{}}
	for _, r := range rules {
		if f.rule = r.Name; r.cdf != nil {
			r.cdf(c, f)
		}
	}
	return f.list
}

// maxNamed bounds what a sentence lists.
const maxNamed = 5

// named lists texts, the first of them if they are many.
func named(texts []string) string {
	if len(texts) <= maxNamed {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:maxNamed], ", "), len(texts)-maxNamed)
}

// namedLines lists the actions of lines.
func namedLines(lines []lineCause) string {
	var texts []string
	for _, l := range lines {
		if !slices.Contains(texts, l.Text) {
			texts = append(texts, l.Text)
		}
	}
	return named(texts)
}

// anyCertain reports whether one of the lines is certain.
func anyCertain(lines []lineCause) bool {
	return slices.ContainsFunc(lines, func(l lineCause) bool { return l.Certain })
}

func filter(lines []lineCause, keep func(lineCause) bool) (kept []lineCause) {
	for _, l := range lines {
		if keep(l) {
			kept = append(kept, l)
		}
	}
	return kept
}

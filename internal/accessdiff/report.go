// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Report is who gains and who loses what on one server.
type Report struct {
	Server   string
	Complete bool
	// Principals are sorted by platform, kind and name. Those whose change is equal stand together.
	Principals []PrincipalChange
	// Keys are users of whom keys are made or deleted.
	Keys  []KeyChange
	Risks []Risk
	Notes []string
}

// Empty reports whether nothing changes, as far as is known.
func (r Report) Empty() bool {
	return len(r.Principals) == 0 && len(r.Keys) == 0 && len(r.Risks) == 0
}

// The platforms.
const (
	LakeFS = "lakefs"
	CDF    = "cdf"
)

// PrincipalChange is what changes for some principals.
type PrincipalChange struct {
	Platform string
	// Subjects are those of whom all the rest is true, sorted.
	Subjects []Subject
	// Existence is "created" or "deleted" if the plan does that to them.
	Existence    string
	Gained, Lost []Line
	// Notes say in sentences why lines are only possible, or what else may change.
	Notes []string
}

// Line is one permission gained or lost.
type Line struct {
	// Text is the permission as plans show it.
	Text string
	// Action, Resource, Except and Condition are its parts. For CDF the action is "assetsAcl:READ" and
	// the resource the scope.
	Action, Resource string
	Except           []string
	Condition        string
	// Certain is false where what is known only after apply decides whether the line is true.
	Certain bool
	// Witness is a request that is allowed on one side only; nil for CDF.
	Witness *Witness
	// Through is how the permission comes, or came, to the principals.
	Through []Path
	// Denied is how a deny came to them that is gone, or comes that takes the permission.
	Denied []Path
}

// Witness is a request of lakeFS.
type Witness struct {
	User, Action, Resource string
}

// Path is how a policy comes to a principal.
type Path struct {
	// Policy is empty for CDF, where a group itself has capabilities.
	Policy string
	// Group is empty where the policy is attached to the user.
	Group    string
	Possible bool
	// Changes are the parts of the path that the plan changes, such as
	// `iam_lakefs_policy.read (updated)`.
	Changes []string
}

// String gives the path from the policy on.
func (p Path) String() string {
	text := "policy " + p.Policy
	switch {
	case p.Policy == "":
		text = "group " + p.Group
	case p.Group != "":
		text += " → group " + p.Group
	default:
		text += " (attached to the user)"
	}
	if p.Possible {
		text += " (possibly)"
	}
	return text
}

// KeyChange is how many keys of a user are made and deleted.
type KeyChange struct {
	User          string
	Made, Deleted int
	Addresses     []string
}

// Risk is a finding by a rule.
type Risk struct {
	Rule string
	// About are the principals or objects concerned.
	About []string
	// Certain is false where what is known only after apply decides.
	Certain bool
	// Detail says in sentences what is found and by which path.
	Detail string
}

// Compare finds what a change changes.
func Compare(change Change) Report {
	report := Report{Server: change.Server, Complete: change.Complete, Notes: slices.Clone(change.Notes)}
	lakefs := newLakeFSComparison(change)
	cdf := newCDFComparison(change)
	report.Principals = append(lakefs.principals(), cdf.principals()...)
	report.Keys = keyChanges(change)
	report.Risks = slices.Concat(lakefs.risks(), cdf.risks())
	slices.SortFunc(report.Risks, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(slices.Index(ruleNames(), a.Rule), slices.Index(ruleNames(), b.Rule)), slices.Compare(a.About, b.About), cmp.Compare(a.Detail, b.Detail))
	})
	report.Risks = slices.CompactFunc(report.Risks, func(a, b Risk) bool {
		return a.Rule == b.Rule && a.Detail == b.Detail && slices.Equal(a.About, b.About)
	})
	return report
}

// keyChanges counts keys. Keys of which nothing is known but that they are to be made differ from all others.
func keyChanges(change Change) []KeyChange {
	byUser := map[string]*KeyChange{}
	note := func(k Key) *KeyChange {
		c := byUser[k.User]
		if c == nil {
			c = &KeyChange{User: shown(k.User)}
			byUser[k.User] = c
		}
		if k.Address != "" && !slices.Contains(c.Addresses, k.Address) {
			c.Addresses = append(c.Addresses, k.Address)
		}
		return c
	}
	before, after := map[Key]bool{}, map[Key]bool{}
	plain := func(k Key) Key { return Key{User: k.User, ID: k.ID} }
	for _, k := range change.Before.Keys {
		before[plain(k)] = true
	}
	for _, k := range change.After.Keys {
		after[plain(k)] = true
		if k.ID == "" || !before[plain(k)] {
			note(k).Made++
		}
	}
	for _, k := range change.Before.Keys {
		if !after[plain(k)] {
			note(k).Deleted++
		}
	}
	list := make([]KeyChange, 0, len(byUser))
	for _, c := range byUser {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b KeyChange) int { return cmp.Compare(a.User, b.User) })
	return list
}

// pendingMark begins the keys of objects whose ids are known only after apply.
const pendingMark = "\x00"

// PendingKey is the key of an object of lakeFS that gets its id during apply.
func PendingKey(address string) string { return pendingMark + address }

func isPending(key string) bool { return strings.HasPrefix(key, pendingMark) }

// shown names an object by its key. Texts that could be misread are quoted.
func shown(key string) string {
	if address, ok := strings.CutPrefix(key, pendingMark); ok {
		return fmt.Sprintf("%s (id known after apply)", address)
	}
	if key == "" || strings.ContainsFunc(key, func(r rune) bool {
		return !strconv.IsPrint(r) || r == ' ' || r == '"' || r == ',' || strings.ContainsRune("`<|*?", r)
	}) {
		return strconv.Quote(key)
	}
	return key
}

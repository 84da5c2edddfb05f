// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
)

// groupWrites are the actions that make groups, so that whoever has one rules the project.
var groupWrites = []string{"groupsAcl:CREATE", "groupsAcl:UPDATE"}

func isGroupWrite(l lineCause) bool { return slices.Contains(groupWrites, l.Action) }

func writesGroups(list []cdfcapability.Permission) bool {
	return slices.ContainsFunc(list, func(p cdfcapability.Permission) bool {
		return slices.Contains(groupWrites, p.ACL+":"+p.Action)
	})
}

// throughGroups names the groups that grant lines.
func (c *cdfComparison) throughGroups(holdings []*cdfHolding, lines []lineCause) string {
	var paths []Path
	for _, l := range lines {
		paths = append(paths, pathsOf(l.through, pathsByGroup(holdings))...)
	}
	return throughText(paths)
}

func (c *cdfComparison) gainsAdministration(f *findings) {
	for _, u := range c.changed {
		if gained := filter(u.gained, isGroupWrite); len(gained) > 0 && !writesGroups(u.before.most) {
			f.add(u.subject.String(), anyCertain(gained), "can make groups: %s.%s", namedLines(gained), c.throughGroups(c.after[u.subject], gained))
		}
	}
}

func (c *cdfComparison) escalation(f *findings) {
	for _, u := range c.changed {
		if gained := filter(u.gained, isGroupWrite); len(gained) > 0 {
			f.add(u.subject.String(), anyCertain(gained), "can make a group that grants itself any capability: %s.%s", namedLines(gained), c.throughGroups(c.after[u.subject], gained))
		}
	}
}

func (c *cdfComparison) wildcardResource(f *findings) {
	for _, u := range c.changed {
		wide := filter(u.gained, func(l lineCause) bool {
			name, _, _ := strings.Cut(l.Action, ":")
			acl, known := cdfcapability.LookUpACL(name)
			return l.Resource == "all" && known && len(acl.Scopes) > 1
		})
		if len(wide) > 0 {
			f.add(u.subject.String(), anyCertain(wide), "gains in the whole project: %s.%s", namedLines(wide), c.throughGroups(c.after[u.subject], wide))
		}
	}
}

func (c *cdfComparison) lastAdministrator(f *findings) {
	var gone []string
	for _, u := range c.changed {
		if u.subject.Kind != KindNobody && writesGroups(u.before.least) && !writesGroups(u.after.least) {
			gone = append(gone, u.subject.String())
		}
	}
	for subject, holdings := range c.after {
		if subject.Kind != KindNobody && writesGroups(grantedBy(holdings, "").least) {
			return
		}
	}
	detail := "can no longer make groups, and nobody else can."
	if !c.change.Complete {
		detail = "can no longer make groups, and of nobody else the plan says so."
	}
	for _, subject := range gone {
		f.add(subject, c.change.Complete, "%s", detail)
	}
}

func (c *cdfComparison) callerLockedOut(f *findings) {
	if len(c.change.CDFCaller) == 0 {
		return
	}
	all := func(side map[Subject][]*cdfHolding) *granted {
		var holdings []*cdfHolding
		for _, s := range c.change.CDFCaller {
			holdings = append(holdings, side[s]...)
		}
		return grantedBy(holdings, "")
	}
	o := compareGranted(all(c.before), all(c.after))
	lost := filter(o.lost, func(l lineCause) bool { return strings.HasPrefix(l.Action, "groupsAcl:") })
	if len(lost) > 0 {
		f.add("the caller", anyCertain(lost), "applies this plan, and loses: %s.", namedLines(lost))
	}
}

func (c *cdfComparison) danglingGroup(f *findings) {
	for i := range c.change.After.CDFGroups {
		g := &c.change.After.CDFGroups[i]
		if g.Action != "" && !g.UnknownMembers && g.subjects()[0].Kind == KindNobody {
			f.add("group "+shown(g.Name), true, "has no source id and no members: nobody has what it grants.")
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"maps"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

const (
	authService = "auth:"
	authARN     = "arn:lakefs:auth:::"
	userARN     = authARN + "user/"
	groupARN    = authARN + "group/"
	policyARN   = authARN + "policy/"
)

// administration is what somebody who may do it all on everything rules the server with.
var administration = []string{
	"auth:AddGroupMember", "auth:AttachPolicy", "auth:CreateCredentials", "auth:CreateGroup", "auth:CreatePolicy", "auth:CreateUser", "auth:DeleteCredentials",
	"auth:DeleteGroup", "auth:DeletePolicy", "auth:DeleteUser", "auth:DetachPolicy", "auth:RemoveGroupMember", "auth:UpdatePolicy",
}

// listing are the actions that lakeFS checks on "*" itself: no narrower resource would do.
var listing = []string{"auth:ListGroups", "auth:ListPolicies", "auth:ListUsers", "fs:ListRepositories", "fs:ReadConfig"}

func isAuth(l lineCause) bool { return strings.HasPrefix(l.Witness.Action, authService) }

// administers reports whether a set covers all of the administration: for sure, and perhaps,
// which leaves conditions and possible edges open.
func (c *lakeFSComparison) administers(user string, s set) (certain, possible bool) {
	if !slices.ContainsFunc(slices.Collect(maps.Keys(s)), c.mayAttach) {
		return false, false
	}
	sides := c.sidesOf(s)
	covers := func(statements []lakefspolicy.Statement) bool {
		coverer := lakefspolicy.NewCoverer(statements, lakefspolicy.CoverOptions{User: user})
		return !slices.ContainsFunc(administration, func(action string) bool {
			return coverer.Cover(lakefspolicy.Permission{Action: action, Resource: authARN + "*"}).Answer != lakefspolicy.Covered
		})
	}
	if covers(sides.least) {
		return true, true
	}
	return false, covers(inSomeCircumstances(sides.most))
}

// mayAttach reports whether a policy allows one part of the administration at all.
func (c *lakeFSComparison) mayAttach(number int) bool {
	return slices.ContainsFunc(c.contents.list[number].statements, func(s lakefspolicy.Statement) bool {
		s.Resources = []string{"*"}
		return s.Effect != lakefspolicy.EffectDeny && fitsStatement(Witness{Action: "auth:AttachPolicy", Resource: "*"}, s)
	})
}

// inSomeCircumstances takes the conditions of what allows for held and those of what denies for not.
func inSomeCircumstances(statements []lakefspolicy.Statement) (open []lakefspolicy.Statement) {
	for _, s := range statements {
		if s.Effect == lakefspolicy.EffectDeny && len(s.Condition) > 0 {
			continue
		}
		s.Condition = nil
		open = append(open, s)
	}
	return open
}

// through names the paths by which a user has policies.
func (c *lakeFSComparison) through(g *graph, user string, lines []lineCause) string {
	var numbers []int
	for _, l := range lines {
		numbers = append(numbers, l.through...)
	}
	return throughText(pathsOf(slices.Compact(slices.Sorted(slices.Values(numbers))), pathsByNumber(g, g.holdings(user))))
}

func throughText(paths []Path) string {
	if len(paths) == 0 {
		return ""
	}
	texts := make([]string, len(paths))
	for i, p := range paths {
		texts[i] = p.String()
	}
	return " Through: " + named(slices.Compact(texts)) + "."
}

func (c *lakeFSComparison) gainsAdministration(f *findings) {
	for _, u := range c.changed {
		gained := filter(u.gained, isAuth)
		if len(gained) == 0 {
			continue
		}
		if was, perhaps := c.administers(u.user, u.before); was || perhaps {
			continue
		}
		certain, possible := c.administers(u.user, u.after)
		if possible {
			f.add(shown(u.user), certain && anyCertain(gained), "can do everything that manages access: users, groups, policies, attachments and keys, of everybody.%s", c.through(c.after, u.user, gained))
		}
	}
}

// step is one way to grant oneself more: a request that is allowed from now on.
type step struct {
	request Witness
	what    string
}

// steps lists the requests by which a user who has a set of policies can grant itself more.
func (c *lakeFSComparison) steps(u userChange) []step {
	steps := []step{{Witness{u.user, "auth:AttachPolicy", userARN + u.user}, "attach any policy to itself"}}
	for _, m := range c.after.groupsOf[u.user] {
		name := c.after.groupName(m.Group)
		steps = append(steps, step{Witness{u.user, "auth:AttachPolicy", groupARN + m.Group}, "attach any policy to its group " + name})
	}
	seen := map[string]bool{}
	for _, h := range c.after.holdings(u.user) {
		if key := h.attachment.Policy; !seen[key] {
			seen[key] = true
			steps = append(steps, step{Witness{u.user, "auth:UpdatePolicy", policyARN + key}, "change its own policy " + shown(key)})
		}
	}
	for _, l := range u.gained {
		switch l.Witness.Action {
		case "auth:AddGroupMember":
			steps = append(steps, step{*l.Witness, "add itself to groups: " + l.Text})
		case "auth:CreateCredentials":
			other := *l.Witness
			if other.Resource == userARN+u.user { // the pattern may be for others as well
				other.Resource = userARN + someUser
			}
			steps = append(steps, step{other, "make keys of others and act as them: " + l.Text})
		}
	}
	return steps
}

func (c *lakeFSComparison) escalation(f *findings) {
	for _, u := range c.changed {
		gained := filter(u.gained, isAuth)
		if len(gained) == 0 {
			continue
		}
		for _, step := range c.steps(u) {
			if !c.may(step.request, u.after) || c.may(step.request, u.before) {
				continue
			}
			for _, l := range gained {
				if l.Witness.Action == step.request.Action {
					f.add(shown(u.user), l.Certain, "can %s.%s", step.what, c.through(c.after, u.user, []lineCause{l}))
					break
				}
			}
		}
	}
}

// isWildcard reports whether a resource is everything, everything of a service, or every
// object of a type.
func isWildcard(resource string) bool {
	if strings.Trim(resource, "*") == "" {
		return true
	}
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 {
		return false
	}
	_, id, typed := strings.Cut(parts[5], "/")
	return strings.Trim(parts[5], "*") == "" || typed && id != "" && strings.Trim(id, "*") == ""
}

func (c *lakeFSComparison) wildcardResource(f *findings) {
	for _, u := range c.changed {
		wide := filter(u.gained, func(l lineCause) bool {
			return isWildcard(l.Resource) && (l.Resource != "*" || !slices.Contains(listing, l.Action))
		})
		byResource := map[string][]lineCause{}
		for _, l := range wide {
			byResource[l.Resource] = append(byResource[l.Resource], l)
		}
		for _, resource := range slices.Sorted(maps.Keys(byResource)) {
			lines := byResource[resource]
			var actions []string
			for _, l := range lines {
				actions = append(actions, l.Action)
			}
			f.add(shown(u.user), anyCertain(lines), "gains on %s: %s.%s", resource, named(slices.Compact(actions)), c.through(c.after, u.user, lines))
		}
	}
}

func (c *lakeFSComparison) wildcardUser(f *findings) {
	for _, user := range c.users {
		if isPending(user) || !strings.ContainsAny(user, "*?") {
			continue
		}
		before, after := setOf(c.before.holdings(user)), setOf(c.after.holdings(user))
		if !c.mentionsUser(after) || c.mentionsUser(before) {
			continue
		}
		f.add(shown(user), true, "has wildcards in its id, and a statement with ${user}: lakeFS puts the id in before it matches, so the statement is about other users, too.")
	}
}

func (c *lakeFSComparison) denyRemoved(f *findings) {
	for _, u := range c.changed {
		freed := filter(u.gained, func(l lineCause) bool { return len(l.denied) > 0 })
		if len(freed) == 0 {
			continue
		}
		var policies []string
		for _, l := range freed {
			for _, number := range l.denied {
				policies = append(policies, shown(c.contents.list[number].key))
			}
		}
		slices.Sort(policies)
		f.add(shown(u.user), anyCertain(freed), "is no longer denied by %s: %s.", named(slices.Compact(policies)), namedLines(freed))
	}
}

func (c *lakeFSComparison) lastAdministrator(f *findings) {
	var gone []string
	for _, u := range c.changed {
		if len(filter(u.lost, isAuth)) == 0 {
			continue
		}
		was, _ := c.administers(u.user, u.before)
		if is, _ := c.administers(u.user, u.after); was && !is {
			gone = append(gone, shown(u.user))
		}
	}
	if len(gone) == 0 {
		return
	}
	checked := map[string]bool{}
	for _, user := range c.users {
		s := setOf(c.after.holdings(user))
		if key := s.key(); !checked[key] {
			checked[key] = true
			if is, _ := c.administers(user, s); is {
				return
			}
		}
	}
	detail := "can no longer do everything that manages access, and nobody else can."
	if !c.change.Complete {
		detail = "can no longer do everything that manages access, and of nobody else the plan says so."
	}
	for _, user := range gone {
		f.add(user, c.change.Complete, "%s", detail)
	}
}

func (c *lakeFSComparison) callerLockedOut(f *findings) {
	caller := c.change.Caller
	if caller == "" {
		return
	}
	if c.existence(caller) == ActionDeleted || c.after.users[caller].Action == ActionReplaced {
		f.add(shown(caller), true, "applies this plan, and is deleted by it.")
		return
	}
	for _, u := range c.changed {
		if u.user != caller {
			continue
		}
		if lost := filter(u.lost, isAuth); len(lost) > 0 {
			f.add(shown(caller), anyCertain(lost), "applies this plan, and loses: %s.%s", namedLines(lost), c.through(c.before, caller, lost))
		}
	}
}

func (c *lakeFSComparison) revivedAccess(f *findings) {
	keys := map[string]int{}
	for _, k := range c.change.Before.Keys {
		keys[k.User]++
	}
	for _, u := range c.change.After.Users {
		was, replaced := c.before.users[u.Key]
		switch {
		case u.RevokesLeftovers || u.Action != ActionCreated && u.Action != ActionReplaced:
		case !replaced && keys[u.Key] > 0:
			f.add(shown(u.Key), true, "is created, and keys of an earlier user of this id are there (%d): they work again. Set revoke_leftover_credentials.", keys[u.Key])
		case replaced && was.KeepsKeys:
			f.add(shown(u.Key), keys[u.Key] > 0, "is deleted and created anew, and revoke_credentials_on_destroy is false: its old keys go on working.")
		}
	}
}

func (c *lakeFSComparison) danglingPolicy(f *findings) {
	attached := func(w World) map[string][]Attachment {
		byPolicy := map[string][]Attachment{}
		for _, a := range w.Attachments {
			byPolicy[a.Policy] = append(byPolicy[a.Policy], a)
		}
		return byPolicy
	}
	before, after := attached(c.change.Before), attached(c.change.After)
	members := map[string]bool{}
	for _, m := range c.change.After.Memberships {
		members[m.Group] = true
	}
	for _, p := range c.change.After.Policies {
		touched := p.Action != "" || len(after[p.Key]) < len(before[p.Key])
		reaches := slices.ContainsFunc(after[p.Key], func(a Attachment) bool { return a.Group == "" || members[a.Group] || !c.change.Complete })
		if !touched || reaches {
			continue
		}
		detail := "is attached to nobody."
		if len(after[p.Key]) > 0 {
			detail = "is attached only to groups without members."
		}
		f.add("policy "+shown(p.Key), c.change.Complete || p.Action == ActionCreated, "%s", detail)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package accessdiff

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// content is what a policy says, numbered: policies of one key that say the same on both sides share
// their number.
type content struct {
	key        string
	statements []lakefspolicy.Statement
	// unknown says in a sentence why nobody knows what the policy says; empty: it is known.
	unknown string
}

// contents numbers what policies say.
type contents struct {
	list   []content
	number map[string]int
}

func (c *contents) add(known content) int {
	// A statement is texts only, so it always has a form in JSON.
	text, _ := json.Marshal(known.statements)
	key := known.key + "\n" + known.unknown + "\n" + string(text)
	number, ok := c.number[key]
	if !ok {
		number = len(c.list)
		c.number[key] = number
		c.list = append(c.list, known)
	}
	return number
}

// graph is the part of a world that is lakeFS, for walking from users to policies.
type graph struct {
	contents *contents
	users    map[string]User
	groups   map[string]Group
	policies map[string]Policy
	number   map[string]int
	// byUser and byGroup are the attachments, groupsOf the memberships of a user.
	byUser, byGroup map[string][]Attachment
	groupsOf        map[string][]Membership
	complete        bool
}

func newGraph(w World, complete bool, numbers *contents) *graph {
	g := &graph{
		contents: numbers, complete: complete,
		users: make(map[string]User, len(w.Users)), groups: make(map[string]Group, len(w.Groups)),
		policies: make(map[string]Policy, len(w.Policies)), number: make(map[string]int, len(w.Policies)),
		byUser: map[string][]Attachment{}, byGroup: map[string][]Attachment{}, groupsOf: map[string][]Membership{},
	}
	for _, u := range w.Users {
		g.users[u.Key] = u
	}
	for _, group := range w.Groups {
		g.groups[group.Key] = group
	}
	for _, p := range w.Policies {
		g.policies[p.Key] = p
		known := content{key: p.Key, statements: p.Statements}
		if p.Unknown {
			known = content{key: p.Key, unknown: "what the policy " + shown(p.Key) + " says is known only after apply"}
		}
		g.number[p.Key] = numbers.add(known)
	}
	for _, a := range w.Attachments {
		if _, ok := g.number[a.Policy]; !ok {
			g.number[a.Policy] = numbers.add(content{key: a.Policy, unknown: g.whyUnknown(a.Policy)})
		}
		if a.Group != "" {
			g.byGroup[a.Group] = append(g.byGroup[a.Group], a)
		} else {
			g.byUser[a.User] = append(g.byUser[a.User], a)
		}
	}
	for _, m := range w.Memberships {
		g.groupsOf[m.User] = append(g.groupsOf[m.User], m)
	}
	return g
}

func (g *graph) whyUnknown(policy string) string {
	if g.complete {
		return "the policy " + shown(policy) + " is attached, but could not be read"
	}
	return "what the policy " + shown(policy) + " says is not in the plan; --live reads it"
}

// everyone gives the users that are known or referred to, unsorted.
func (g *graph) everyone(into map[string]bool) {
	for key := range g.users {
		into[key] = true
	}
	for key := range g.byUser {
		into[key] = true
	}
	for key := range g.groupsOf {
		into[key] = true
	}
}

// holding is one way in which a user has a policy.
type holding struct {
	number     int
	possible   bool
	attachment Attachment
	// membership is nil where the policy is attached to the user.
	membership *Membership
}

// holdings walks from a user to all its policies.
func (g *graph) holdings(user string) []holding {
	var list []holding
	for _, a := range g.byUser[user] {
		list = append(list, holding{number: g.number[a.Policy], possible: a.Possible, attachment: a})
	}
	for i := range g.groupsOf[user] {
		m := &g.groupsOf[user][i]
		for _, a := range g.byGroup[m.Group] {
			list = append(list, holding{number: g.number[a.Policy], possible: a.Possible || m.Possible, attachment: a, membership: m})
		}
	}
	return list
}

// set is the policies of a user by number, with whether each is only possible.
type set map[int]bool

func setOf(list []holding) set {
	s := set{}
	for _, h := range list {
		possible, there := s[h.number]
		s[h.number] = h.possible && (possible || !there)
	}
	return s
}

// key is the same for equal sets.
func (s set) key() string {
	key := make([]byte, 0, 8*len(s))
	for _, number := range slices.Sorted(maps.Keys(s)) {
		bit := uint32(0)
		if s[number] {
			bit = 1
		}
		key = binary.BigEndian.AppendUint32(key, uint32(number)<<1|bit) //nolint:gosec // nobody has two billion policies
	}
	return string(key)
}

// path tells how a holding comes to its user.
func (g *graph) path(h holding) Path {
	p := Path{Policy: shown(h.attachment.Policy), Possible: h.possible}
	origins := []Origin{g.policies[h.attachment.Policy].Origin, h.attachment.Origin}
	if h.membership != nil {
		p.Group = g.groupName(h.membership.Group)
		origins = append(origins, g.groups[h.membership.Group].Origin, h.membership.Origin)
	} else {
		origins = append(origins, g.users[h.attachment.User].Origin)
	}
	for _, o := range origins {
		if o.Action != "" && o.Address != "" {
			p.Changes = append(p.Changes, o.Address+" ("+o.Action+")")
		}
	}
	return p
}

// groupName is what people call a group; its id is added where that is another one.
func (g *graph) groupName(key string) string {
	group, ok := g.groups[key]
	switch {
	case !ok || group.Name == "" || group.Name == key:
		return shown(key)
	case key == PendingKey(group.Address):
		return shown(group.Name)
	default:
		return shown(group.Name) + " (" + shown(key) + ")"
	}
}

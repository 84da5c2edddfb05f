// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// Live is what a server holds, and who asked it.
type Live struct {
	World accessdiff.World
	// LakeFS and CDF are set where that half has been read.
	LakeFS, CDF bool
	Caller      string
	CDFCaller   []accessdiff.Subject
}

// Servers are the provider configurations of the plan, sorted.
func (p *Plan) Servers() []string {
	servers := map[string]bool{}
	for _, i := range p.instances {
		servers[i.server] = true
	}
	if len(servers) == 0 {
		return []string{defaultServer}
	}
	return slices.Sorted(maps.Keys(servers))
}

// Uses reports whether the plan has objects of a platform on a server.
func (p *Plan) Uses(server, platform string) bool {
	return slices.ContainsFunc(p.instances, func(i instance) bool {
		return i.server == server && strings.HasPrefix(i.kind, "iam_"+platform+"_")
	})
}

// Changes gives the worlds before and after the plan for each server, completed with what servers hold.
func (p *Plan) Changes(live map[string]Live) []accessdiff.Change {
	r := newResolver(p)
	var changes []accessdiff.Change
	for _, server := range p.Servers() {
		b := &builder{plan: p, resolver: r, server: server, destroyed: map[object]bool{}, notes: slices.Clone(p.notes)}
		for n := range p.instances {
			if i := &p.instances[n]; i.server == server {
				b.add(i)
			}
		}
		known, complete := live[server]
		b.settle(known.World, complete)
		changes = append(changes, accessdiff.Change{
			Server: server, Before: b.before, After: b.after, Complete: complete && b.completeBy(known),
			Caller: cmp.Or(known.Caller, p.callers[server]), CDFCaller: known.CDFCaller, Notes: b.notes,
		})
	}
	return changes
}

// completeBy reports whether a server has told all that concerns the plan.
func (b *builder) completeBy(known Live) bool {
	return (known.LakeFS || !b.plan.Uses(b.server, accessdiff.LakeFS)) && (known.CDF || !b.plan.Uses(b.server, accessdiff.CDF))
}

// object is a user, group or policy of lakeFS by its key.
type object struct {
	kind, key string
}

const (
	kindUser   = "iam_lakefs_user"
	kindGroup  = "iam_lakefs_group"
	kindPolicy = "iam_lakefs_policy"
)

// builder builds the worlds of one server.
type builder struct {
	plan          *Plan
	resolver      *resolver
	server        string
	before, after accessdiff.World
	// destroyed are the objects that are deleted, also those that are made anew.
	destroyed map[object]bool
	// wholes are the sets of edges that resources manage as a whole, after the plan.
	wholes []whole
	// left are those that a resource leaves behind as they are, dropped edges that others delete.
	left    []whole
	dropped edges
	// superseded are the ids of older groups of CDF that the plan deletes.
	superseded []int64
	notes      []string
}

// edges are some edges, without where they come from.
type edges struct {
	memberships []accessdiff.Membership
	attachments []accessdiff.Attachment
}

// whole is a set of edges that a resource manages as a whole.
type whole struct {
	address     string
	members     bool
	group, user string
	ids         []string
	// possible is set where the parent is not certain, open where there may be other ids.
	possible, open bool
	// acts is set where the plan touches the resource: only then are other edges removed. taken
	// is set where it did not manage the parent before.
	acts, taken bool
}

func (b *builder) note(format string, arguments ...any) {
	if text := fmt.Sprintf(format, arguments...); !slices.Contains(b.notes, text) {
		b.notes = append(b.notes, text)
	}
}

// adders turn the objects of a type into parts of the worlds.
var adders = map[string]func(*builder, *instance){
	kindUser:                                  (*builder).addUser,
	kindGroup:                                 (*builder).addGroup,
	kindPolicy:                                (*builder).addPolicy,
	"iam_lakefs_group_membership":             (*builder).addMembership,
	"iam_lakefs_policy_attachment":            (*builder).addAttachment,
	"iam_lakefs_group_memberships_exclusive":  (*builder).addWhole,
	"iam_lakefs_policy_attachments_exclusive": (*builder).addWhole,
	"iam_lakefs_credentials":                  (*builder).addKey,
	"iam_cdf_group":                           (*builder).addCDFGroup,
	"iam_cdf_security_category":               nil,
	"iam_cdf_user_profiles_configuration":     nil,
}

func (b *builder) add(i *instance) {
	if b.plan.config.guessesServer(i.module, i.kind, i.name) {
		b.note("%s is no longer in the configuration, so the plan does not tell its server: it is counted among those of the provider configuration %q.", i.address, i.server)
	}
	add, known := adders[i.kind]
	switch {
	case !known:
		b.note("Objects of the type %s are not looked at: this version of access-diff does not know what they give.", i.kind)
	case add != nil:
		add(b, i)
	}
}

func (i *instance) origin() accessdiff.Origin {
	return accessdiff.Origin{Address: i.address, Action: i.action}
}

// key is the one of an object whose id may be known only after apply.
func (i *instance) key(v *values) string {
	if v.isUnknown("id") {
		return accessdiff.PendingKey(i.address)
	}
	return v.text("id")
}

// destroy notes that an object is deleted.
func (b *builder) destroy(i *instance) {
	if i.destroyed {
		b.destroyed[object{i.kind, i.key(i.before)}] = true
	}
}

func (b *builder) addUser(i *instance) {
	user := func(v *values) accessdiff.User {
		revokes, set := v.known["revoke_credentials_on_destroy"].(bool)
		return accessdiff.User{Key: i.key(v), Origin: i.origin(), KeepsKeys: set && !revokes, RevokesLeftovers: v.flag("revoke_leftover_credentials")}
	}
	if i.before != nil {
		b.destroy(i)
		b.before.Users = append(b.before.Users, user(i.before))
		if u := user(i.before); i.action == accessdiff.ActionDeleted && u.KeepsKeys {
			b.note("The keys of the user %q are kept when it is deleted (revoke_credentials_on_destroy is false): they work again if a user of this id is created.", u.Key)
		}
	}
	if i.after != nil {
		b.after.Users = append(b.after.Users, user(i.after))
	}
}

func (b *builder) addGroup(i *instance) {
	if i.before != nil {
		b.destroy(i)
		b.before.Groups = append(b.before.Groups, accessdiff.Group{Key: i.key(i.before), Name: i.before.text("name"), Origin: i.origin()})
	}
	if i.after != nil {
		b.after.Groups = append(b.after.Groups, accessdiff.Group{Key: i.key(i.after), Name: i.after.text("name"), Origin: i.origin()})
	}
}

func (b *builder) addPolicy(i *instance) {
	policy := func(v *values) accessdiff.Policy {
		statements, known := v.statements()
		return accessdiff.Policy{Key: i.key(v), Statements: statements, Unknown: !known, Origin: i.origin()}
	}
	if i.before != nil {
		b.destroy(i)
		b.before.Policies = append(b.before.Policies, policy(i.before))
	}
	if i.after != nil {
		b.after.Policies = append(b.after.Policies, policy(i.after))
	}
}

func (b *builder) addKey(i *instance) {
	if i.before != nil {
		b.before.Keys = append(b.before.Keys, accessdiff.Key{User: i.before.text("user_id"), ID: i.before.text("access_key_id"), Origin: i.origin()})
	}
	if i.after != nil {
		for _, user := range b.traced(i, i.after, "user_id", kindUser).keys {
			b.after.Keys = append(b.after.Keys, accessdiff.Key{User: user, ID: i.after.text("access_key_id"), Origin: i.origin()})
		}
	}
}

// traced is resolver.end with a note where it may be something else than what is found.
func (b *builder) traced(i *instance, v *values, attribute, kind string) ends {
	e := b.resolver.end(i, v, attribute, kind)
	if e.lost {
		b.noteLost(i, attribute)
	}
	return e
}

// noteLost says that a part of what changes cannot be told.
func (b *builder) noteLost(i *instance, attribute string) {
	b.note("%s: %s is known only after apply, and the plan does not tell what it leads to. If that is nothing that the plan creates, what comes of it is not in this report.", i.address, attribute)
}

func (b *builder) addCDFGroup(i *instance) {
	group := func(v *values) accessdiff.CDFGroup {
		capabilities, known := v.capabilities()
		members, _, _ := v.texts("members")
		g := accessdiff.CDFGroup{
			ID: v.number("id"), Name: v.text("name"), SourceID: v.text("source_id"), AllUserAccounts: v.flag("all_user_accounts"), Members: members,
			UnknownMembers: v.isUnknown("source_id") || v.isUnknown("members") || v.isUnknown("all_user_accounts"),
			Capabilities:   capabilities, Unknown: !known, Origin: i.origin(),
		}
		if v.isUnknown("name") {
			g.Name = i.address
		}
		return g
	}
	if i.before != nil {
		b.before.CDFGroups = append(b.before.CDFGroups, group(i.before))
		if ids, _ := numbersIn(i.before.known["superseded_ids"]); len(ids) > 0 {
			b.note("%s has %d older groups that it could not delete. They still grant what they did, which the plan does not tell; --live reads it.", i.address, len(ids))
			if i.action != "" { // then they are deleted at last
				b.superseded = append(b.superseded, ids...)
			}
		}
	}
	if i.after != nil {
		b.after.CDFGroups = append(b.after.CDFGroups, group(i.after))
	}
}

// NewUsers are the ids of the users of lakeFS that the plan creates on a server.
func (p *Plan) NewUsers(server string) (ids []string) {
	for _, i := range p.instances {
		if i.server == server && i.kind == kindUser && i.before == nil && i.after != nil && i.after.text("id") != "" {
			ids = append(ids, i.after.text("id"))
		}
	}
	return ids
}

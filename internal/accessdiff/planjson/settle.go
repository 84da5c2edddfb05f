// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// settle does to the worlds what the server does by itself, and adds what Terraform does not manage.
func (b *builder) settle(live accessdiff.World, complete bool) {
	for _, w := range b.left {
		var kept accessdiff.World
		appendEdges(&kept, w, accessdiff.Origin{}, nil)
		b.after.Memberships = append(b.after.Memberships, without(kept.Memberships, b.dropped.memberships, plainMembership)...)
		b.after.Attachments = append(b.after.Attachments, without(kept.Attachments, b.dropped.attachments, plainAttachment)...)
	}
	if complete {
		b.complete(live)
	} else {
		b.takeOver()
	}
	b.dropDestroyed()
	b.dropOthers()
}

// without leaves out of a list what is in another one.
func without[E comparable](list, others []E, plain func(E) E) []E {
	other := make(map[E]bool, len(others))
	for _, e := range others {
		other[plain(e)] = true
	}
	return slices.DeleteFunc(list, func(e E) bool { return other[plain(e)] })
}

// complete adds what a server holds beside what the plan knows. What the plan is going to make is
// not there, so that it is no object of somebody else.
func (b *builder) complete(live accessdiff.World) {
	addMissing(&b.before.Users, &b.after.Users, live.Users, func(u accessdiff.User) string { return u.Key })
	addMissing(&b.before.Groups, &b.after.Groups, live.Groups, func(g accessdiff.Group) string { return g.Key })
	addMissing(&b.before.Policies, &b.after.Policies, live.Policies, func(p accessdiff.Policy) string { return p.Key })
	addMissing(&b.before.Memberships, &b.after.Memberships, live.Memberships, plainMembership)
	addMissing(&b.before.Attachments, &b.after.Attachments, live.Attachments, plainAttachment)
	addMissing(&b.before.Keys, &b.after.Keys, live.Keys, func(k accessdiff.Key) accessdiff.Key { return accessdiff.Key{User: k.User, ID: k.ID} })
	addMissing(&b.before.CDFGroups, &b.after.CDFGroups, live.CDFGroups, func(g accessdiff.CDFGroup) int64 { return g.ID })
	b.after.CDFGroups = slices.DeleteFunc(b.after.CDFGroups, func(g accessdiff.CDFGroup) bool { return slices.Contains(b.superseded, g.ID) })
}

// addMissing adds to both sides what the plan does not know.
func addMissing[E any, K comparable](before, after *[]E, live []E, key func(E) K) {
	known := map[K]bool{}
	for _, side := range []*[]E{before, after} {
		for _, e := range *side {
			known[key(e)] = true
		}
	}
	for _, e := range live {
		if !known[key(e)] {
			*before, *after = append(*before, e), append(*after, e)
		}
	}
}

// takeOver is for exclusive resources that are new: who is in the group already the plan does
// not tell, so what they list may be there before.
func (b *builder) takeOver() {
	made := map[object]bool{}
	for _, u := range b.after.Users {
		made[object{kindUser, u.Key}] = isMade(u.Origin)
	}
	for _, g := range b.after.Groups {
		made[object{kindGroup, g.Key}] = isMade(g.Origin)
	}
	for _, w := range b.wholes {
		if !w.acts || !w.taken || made[object{kindGroup, w.group}] && w.group != "" || made[object{kindUser, w.user}] && w.user != "" {
			continue
		}
		b.note("%s takes over what is there already, which the plan does not tell: what it lists may be there, and whatever else is there is removed. --live reads it.", w.address)
		ids := slices.DeleteFunc(slices.Clone(w.ids), func(id string) bool {
			return made[object{kindUser, id}] && w.members || made[object{kindPolicy, id}] && !w.members
		})
		appendEdges(&b.before, whole{members: w.members, group: w.group, user: w.user, ids: ids, possible: true}, accessdiff.Origin{Address: w.address, Action: accessdiff.ActionCreated}, nil)
	}
}

func isMade(o accessdiff.Origin) bool {
	return o.Action == accessdiff.ActionCreated || o.Action == accessdiff.ActionReplaced
}

// dropDestroyed takes edges away that go with an object: of one that is made anew, those that
// the plan does not make anew, too.
func (b *builder) dropDestroyed() {
	remade := map[object]bool{}
	for i, u := range b.after.Users {
		if o := (object{kindUser, u.Key}); isMade(u.Origin) {
			remade[o] = true
			if b.destroyed[o] {
				b.after.Users[i].Action = accessdiff.ActionReplaced
			}
		}
	}
	for _, g := range b.after.Groups {
		remade[object{kindGroup, g.Key}] = isMade(g.Origin)
	}
	for _, p := range b.after.Policies {
		remade[object{kindPolicy, p.Key}] = isMade(p.Origin)
	}
	gone := func(action string, ends ...object) bool {
		return slices.ContainsFunc(ends, func(end object) bool { return b.destroyed[end] && (action == "" || !remade[end]) })
	}
	b.after.Memberships = slices.DeleteFunc(b.after.Memberships, func(m accessdiff.Membership) bool {
		return gone(m.Action, object{kindUser, m.User}, object{kindGroup, m.Group})
	})
	b.after.Attachments = slices.DeleteFunc(b.after.Attachments, func(a accessdiff.Attachment) bool {
		return gone(a.Action, object{kindUser, a.User}, object{kindGroup, a.Group}, object{kindPolicy, a.Policy})
	})
	b.after.Keys = slices.DeleteFunc(b.after.Keys, func(k accessdiff.Key) bool {
		return k.Action == "" && b.destroyed[object{kindUser, k.User}] && !b.keepsKeys(k.User)
	})
}

func (b *builder) keepsKeys(user string) bool {
	return slices.ContainsFunc(b.before.Users, func(u accessdiff.User) bool { return u.Key == user && u.KeepsKeys })
}

// dropOthers takes the edges away that an exclusive resource removes: those that are not in its
// list. Where it is not certain that they are removed, they stay as possible.
func (b *builder) dropOthers() {
	type parent struct {
		members     bool
		group, user string
	}
	acting := map[parent]whole{}
	lists := map[parent]map[string]bool{}
	for _, w := range b.wholes {
		if !w.acts {
			continue
		}
		at := parent{w.members, w.group, w.user}
		acting[at] = w
		lists[at] = map[string]bool{}
		for _, id := range w.ids {
			lists[at][id] = true
		}
	}
	// removed answers whether an edge goes, or perhaps goes.
	removed := func(at parent, id string, origin accessdiff.Origin) (goes, perhaps bool) {
		w, ok := acting[at]
		if !ok || lists[at][id] || origin.Address == w.address || isMade(origin) {
			return false, false
		}
		return !w.open && !w.possible, true
	}
	b.after.Memberships = slices.DeleteFunc(b.after.Memberships, func(m accessdiff.Membership) bool {
		goes, _ := removed(parent{true, m.Group, ""}, m.User, m.Origin)
		return goes
	})
	for i, m := range b.after.Memberships {
		if _, perhaps := removed(parent{true, m.Group, ""}, m.User, m.Origin); perhaps {
			b.after.Memberships[i].Possible = true
		}
	}
	b.after.Attachments = slices.DeleteFunc(b.after.Attachments, func(a accessdiff.Attachment) bool {
		goes, _ := removed(parent{false, a.Group, a.User}, a.Policy, a.Origin)
		return goes
	})
	for i, a := range b.after.Attachments {
		if _, perhaps := removed(parent{false, a.Group, a.User}, a.Policy, a.Origin); perhaps {
			b.after.Attachments[i].Possible = true
		}
	}
}

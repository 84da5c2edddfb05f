// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"slices"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

func (b *builder) addMembership(i *instance) {
	if i.before != nil {
		m := accessdiff.Membership{User: i.before.text("user_id"), Group: i.before.text("group_id"), Origin: i.origin()}
		b.before.Memberships = append(b.before.Memberships, m)
		if i.destroyed {
			b.dropped.memberships = append(b.dropped.memberships, plainMembership(m))
		}
	}
	if i.after == nil {
		return
	}
	users, groups := b.traced(i, i.after, "user_id", kindUser), b.traced(i, i.after, "group_id", kindGroup)
	for _, user := range users.keys {
		for _, group := range groups.keys {
			b.after.Memberships = append(b.after.Memberships, accessdiff.Membership{User: user, Group: group, Possible: !users.certain || !groups.certain, Origin: i.origin()})
		}
	}
}

func (b *builder) addAttachment(i *instance) {
	if i.before != nil {
		a := accessdiff.Attachment{Policy: i.before.text("policy_id"), User: i.before.text("user_id"), Group: i.before.text("group_id"), Origin: i.origin()}
		b.before.Attachments = append(b.before.Attachments, a)
		if i.destroyed {
			b.dropped.attachments = append(b.dropped.attachments, plainAttachment(a))
		}
	}
	if i.after == nil {
		return
	}
	policies := b.traced(i, i.after, "policy_id", kindPolicy)
	users, groups := b.traced(i, i.after, "user_id", kindUser), b.traced(i, i.after, "group_id", kindGroup)
	for _, policy := range policies.keys {
		for _, user := range users.keys {
			b.after.Attachments = append(b.after.Attachments, accessdiff.Attachment{Policy: policy, User: user, Possible: !policies.certain || !users.certain, Origin: i.origin()})
		}
		for _, group := range groups.keys {
			b.after.Attachments = append(b.after.Attachments, accessdiff.Attachment{Policy: policy, Group: group, Possible: !policies.certain || !groups.certain, Origin: i.origin()})
		}
	}
}

func plainMembership(m accessdiff.Membership) accessdiff.Membership {
	return accessdiff.Membership{User: m.User, Group: m.Group}
}

func plainAttachment(a accessdiff.Attachment) accessdiff.Attachment {
	return accessdiff.Attachment{Policy: a.Policy, User: a.User, Group: a.Group}
}

// addWhole adds the edges of an exclusive resource. When it is destroyed, or goes to another
// parent, the edges stay.
func (b *builder) addWhole(i *instance) {
	members := i.kind == "iam_lakefs_group_memberships_exclusive"
	attribute, kind := "policy_ids", kindPolicy
	if members {
		attribute, kind = "user_ids", kindUser
	}
	var were []string
	if i.before != nil {
		were, _, _ = i.before.texts(attribute)
		w := whole{members: members, group: i.before.text("group_id"), user: i.before.text("user_id"), ids: were}
		var still []string
		if i.after != nil {
			still, _, _ = i.after.texts(attribute)
		}
		appendEdges(&b.before, w, i.origin(), still)
		if i.destroyed {
			b.left = append(b.left, w)
		}
	}
	if i.after == nil {
		return
	}
	ids, unknown, listed := i.after.texts(attribute)
	var others ends
	if unknown > 0 || !listed {
		if others = b.resolver.unknown(i, attribute, kind); others.lost {
			b.noteLost(i, attribute)
		}
		others.certain = others.certain && unknown == 1
	}
	for _, parent := range b.parents(i) {
		parent.address, parent.members, parent.ids = i.address, members, ids
		parent.open, parent.acts = (unknown > 0 || !listed) && !others.certain, i.action != ""
		parent.taken = i.before == nil || i.before.text("group_id") != parent.group || i.before.text("user_id") != parent.user
		b.wholes = append(b.wholes, parent)
		appendEdges(&b.after, parent, i.origin(), were)
		b.addOthers(i, parent, others, were)
	}
}

// addOthers adds edges to what the unknown elements of a list may be: what the expression refers to, and what was
// there before.
func (b *builder) addOthers(i *instance, parent whole, others ends, were []string) {
	known := parent.ids
	parent.ids = others.keys
	possible := parent
	possible.possible = parent.possible || !others.certain
	appendEdges(&b.after, possible, i.origin(), nil)
	if parent.open && !parent.taken {
		possible.possible = true
		possible.ids = slices.DeleteFunc(slices.Clone(were), func(id string) bool { return slices.Contains(known, id) })
		appendEdges(&b.after, possible, i.origin(), nil)
	}
}

// parents gives what an exclusive resource may be about.
func (b *builder) parents(i *instance) (list []whole) {
	groups := b.traced(i, i.after, "group_id", kindGroup)
	for _, group := range groups.keys {
		list = append(list, whole{group: group, possible: !groups.certain})
	}
	if i.kind == "iam_lakefs_policy_attachments_exclusive" {
		users := b.traced(i, i.after, "user_id", kindUser)
		for _, user := range users.keys {
			list = append(list, whole{user: user, possible: !users.certain})
		}
	}
	if len(list) > 1 {
		for n := range list {
			list[n].possible = true
		}
	}
	return list
}

// appendEdges adds the edges of a whole to a world. Of those that are in another list, too, nothing changes.
func appendEdges(w *accessdiff.World, set whole, origin accessdiff.Origin, same []string) {
	others := make(map[string]bool, len(same))
	for _, id := range same {
		others[id] = true
	}
	for _, id := range set.ids {
		own := origin
		if others[id] {
			own.Action = ""
		}
		if set.members {
			w.Memberships = append(w.Memberships, accessdiff.Membership{User: id, Group: set.group, Possible: set.possible, Origin: own})
		} else {
			w.Attachments = append(w.Attachments, accessdiff.Attachment{Policy: id, User: set.user, Group: set.group, Possible: set.possible, Origin: own})
		}
	}
}

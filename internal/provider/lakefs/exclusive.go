// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// exclusive is what the two resources that manage a whole set of edges have in common: one
// value of it is one set.
//
// The ids are a list whose order is ignored, not a set: Terraform compares sets pair by
// pair, which takes minutes for some thousands.
type exclusive struct {
	// resource names the object in messages, for example
	// `iam_lakefs_group_memberships_exclusive "analysts"`.
	resource string
	// title is what users call the resource.
	title string
	// parent is what has the edges, for example `the group "analysts"`, and item what an id is
	// of, "user" or "policy".
	parent, item string
	// argument is the name of the list.
	argument string
	// types is what the types of Terraform are called that manage such edges, as
	// "group_memberships", and id the parent.
	types, id string
	// set is nil where it cannot be asked for: its parent is known only after apply, or the
	// server is.
	set *snapshot.EdgeSet
}

// edgeChange is what a change does to a set. Both lists are in the order in which they are
// listed and written.
type edgeChange struct {
	added, removed []string
	// whole means that every id is known: then so are both lists. Otherwise, added holds the
	// known ones, and removed what is removed unless it is among those that are not.
	whole bool
}

// changeOf compares the ids before with those that are wanted.
func changeOf(before []string, wanted types.List) edgeChange {
	after, whole := idsIn(wanted)
	return edgeChange{added: idsWithout(after, before), removed: idsWithout(before, after), whole: whole}
}

// adds and removes tell whether a change needs the right to do so. Where it cannot be told what
// is removed, nothing is.
func (c edgeChange) adds() bool    { return len(c.added) > 0 }
func (c edgeChange) removes() bool { return c.whole && len(c.removed) > 0 }

// idsIn are the known ids of a list, and whether these are all.
func idsIn(list types.List) (ids []string, all bool) {
	elements := list.Elements()
	ids = make([]string, 0, len(elements))
	for _, element := range elements {
		if id, ok := element.(types.String); ok && entity.Known(id) {
			ids = append(ids, id.ValueString())
		}
	}
	return ids, !list.IsUnknown() && len(ids) == len(elements)
}

// idsWithout are the ids of one list that are not in another one.
func idsWithout(ids, others []string) []string {
	other := make(map[string]bool, len(others))
	for _, id := range others {
		other[id] = true
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return other[id] })
}

func idList(ids []string) types.List {
	values := make([]attr.Value, len(ids))
	for i, id := range ids {
		values[i] = types.StringValue(id)
	}
	return types.ListValueMust(types.StringType, values)
}

// validateIDs refuses ids that no object can have, and those that are written twice.
func validateIDs(argument, kind string, list types.List) (diags diag.Diagnostics) {
	seen := make(map[string]bool, len(list.Elements()))
	for i, element := range list.Elements() {
		at := path.Root(argument).AtListIndex(i)
		id, ok := element.(types.String)
		switch {
		case !ok || id.IsNull():
			diags.AddAttributeError(at, "An id is null", fmt.Sprintf("The element %d of %s is null. Leave it out, for example with compact().", i, argument))
			continue
		case id.IsUnknown():
			continue
		case seen[id.ValueString()]:
			diags.AddAttributeError(at, "An id is written twice", fmt.Sprintf("The %s %q is in %s more than once. Leave one of them, for example with distinct().", kind, id.ValueString(), argument))
		}
		seen[id.ValueString()] = true
		diags.Append(validateID(at, kind, id)...)
	}
	return diags
}

// warnOfBoth warns where edges of one parent are managed both alone and as a whole.
// The function managed notes the way that is managed here, and answers whether there is the other as well.
func warnOfBoth(s *entity.Session[api], managed func() (both bool), types, id string) {
	if !s.Listing() && managed() {
		s.Warn("Two resources manage the same and undo each other", fmt.Sprintf("iam_lakefs_%[1]s_exclusive %[3]q manages all of what iam_lakefs_%[2]s manages one by one. Keep one of the two: "+
			"what the list of the exclusive one lacks is removed by it and made again by the other, and what is in both is removed when the other is destroyed.",
			types, strings.TrimSuffix(types, "s"), id))
	}
}

// warnOfSingle is warnOfBoth for the side of the whole.
func (e exclusive) warnOfSingle(s *entity.Session[api]) {
	if e.set != nil {
		warnOfBoth(s, e.set.ManagedWhole, e.types, e.id)
	}
}

// planUpdate plans a change in place. Where only the order differs it plans none: it puts the
// prior list back.
func (e exclusive) planUpdate(p *entity.Planning[api], prior types.List, planned *types.List) {
	e.warnOfSingle(&p.Session)
	before, _ := idsIn(prior)
	change := changeOf(before, *planned)
	switch {
	case p.Applying:
		// What it plans has to come out as the first plan showed it.
	case change.whole && len(change.added)+len(change.removed) == 0:
		*planned = prior
	case !change.whole && len(change.removed) > 0:
		p.Warn(e.mayBeRemoved(change.removed))
	case change.whole && len(change.removed) > 0 && !endsOnly(before, *planned, change):
		p.Warn("What a change of a list removes", fmt.Sprintf("%s: the order of %s is ignored, but Terraform shows every id that stands at another place as a change. What is changed: %s.",
			e.resource, e.argument, change.describe()))
	}
}

// endsOnly tells whether a change takes ids from the end of a list, or puts some there, so
// that Terraform shows that and nothing else. Lists of one length it compares place by place.
func endsOnly(before []string, planned types.List, change edgeChange) bool {
	after, _ := idsIn(planned)
	kept := len(before) - len(change.removed)
	return slices.Equal(before[:kept], after[:kept])
}

func (c edgeChange) describe() string {
	parts := []string{}
	if len(c.added) > 0 {
		parts = append(parts, "added "+entity.Names(c.added))
	}
	return strings.Join(append(parts, "removed "+entity.Names(c.removed)), "; ")
}

// planTakeOver warns of what a new resource finds and will remove. It answers what it found;
// nil when that cannot be told, or nothing is there.
func (e exclusive) planTakeOver(ctx context.Context, p *entity.Planning[api], planned types.List) []string {
	if e.set == nil {
		return nil
	}
	e.warnOfSingle(&p.Session)
	found, _, err := e.set.IDs(ctx)
	if err != nil {
		if !p.Applying {
			p.Warn("What a new exclusive resource removes cannot be told", fmt.Sprintf("%s: it removes every %s that is not in %s, and which there are cannot be read. %s",
				e.resource, e.item, e.argument, explain(err)))
		}
		return nil
	}
	change := changeOf(found, planned)
	switch {
	case p.Applying || len(change.removed) == 0:
	case change.whole:
		p.Warn("A new exclusive resource removes what it does not list", fmt.Sprintf("%s: %s has more than %s lists. What will be removed: %s. Add to the list what is to stay.",
			e.resource, e.parent, e.argument, entity.Names(change.removed)))
	default:
		p.Warn(e.mayBeRemoved(change.removed))
	}
	return found
}

func (e exclusive) mayBeRemoved(ids []string) (summary, detail string) {
	return "An exclusive resource may remove what it does not list", fmt.Sprintf("%s: a part of %s is known only after apply. What %s has now will be removed unless it is in that part: %s.",
		e.resource, e.argument, e.parent, entity.Names(ids))
}

// left warns that nothing is removed when the resource is destroyed.
func (e exclusive) left(s *entity.Session[api], list types.List) {
	ids, _ := idsIn(list)
	left := "none"
	if len(ids) > 0 {
		left = entity.Names(ids)
	}
	s.Warn("Destroying an exclusive resource removes nothing", fmt.Sprintf("%s is no longer managed. What %s has stays as it is: %s. To remove that, too, apply %s = [] before.",
		e.resource, e.parent, left, e.argument))
}

// read lists the ids. Those that the state has keep their place, so that the plan shows as
// changes only what has changed.
func (e exclusive) read(ctx context.Context, s *entity.Session[api], list *types.List) (bool, error) {
	if e.set == nil {
		return false, errParentless
	}
	ids, found, err := e.set.IDs(ctx)
	if err != nil || !found {
		return false, err
	}
	e.warnOfSingle(s)
	spelled, _ := idsIn(*list)
	spelled = uniqueIn(spelled)
	missing := idsWithout(spelled, ids)
	*list = idList(append(idsWithout(spelled, missing), idsWithout(ids, spelled)...))
	return true, nil
}

// errParentless guards against a state that somebody has broken.
var errParentless = errors.New("the state does not say of what it manages all. Remove it from the state (terraform state rm ADDRESS) and import it again")

func uniqueIn(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		before := seen[id]
		seen[id] = true
		return before
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// GroupCreation is a group of CDF to be made.
type GroupCreation struct {
	cdfapi.GroupWrite
	// Same tells whether a group of the server has the name and the content of
	// this one: names are not unique.
	Same func(cdfapi.Group) bool
	// Replaces are the ids of the groups that it takes the place of, which are
	// deleted afterwards. Without, a group of the same name and content that is
	// there already is an error.
	Replaces []int64
}

// ListGroups lists the groups of the project that are not deleted; with all false
// only those that the caller belongs to.
func (s *CDF) ListGroups(ctx context.Context, all bool) ([]cdfapi.Group, error) {
	groups, err := s.Client.ListGroups(ctx, all)
	return slices.DeleteFunc(groups, func(g cdfapi.Group) bool { return g.IsDeleted }), err
}

// visibleGroups lists all groups that are not deleted or, where the caller may not
// list all, its own; then hidden is why.
func (s *CDF) visibleGroups(ctx context.Context) (groups []cdfapi.Group, hidden, err error) {
	groups, err = s.ListGroups(ctx, true)
	return s.visible(ctx, groups, err)
}

// visible is visibleGroups for what was answered to the listing of all groups.
func (s *CDF) visible(ctx context.Context, all []cdfapi.Group, refusal error) (groups []cdfapi.Group, hidden, err error) {
	groups, err = all, refusal
	switch {
	case cdfapi.IsNotPermitted(err):
		hidden = err
		groups, err = s.ListGroups(ctx, false)
	case err == nil && !s.listsAll(ctx, "groupsAcl", groups):
		hidden = &PartialListError{Operation: "listGroups"}
	}
	return groups, hidden, err
}

// GroupsNamed lists the groups of a name. Where the caller may not list all, there may
// be others: then it answers those that it sees and why there may be more, or a
// [HiddenError] where it sees none.
func (s *CDF) GroupsNamed(ctx context.Context, name string) ([]cdfapi.Group, error) {
	groups, hidden, err := s.visibleGroups(ctx)
	named := slices.DeleteFunc(groups, func(g cdfapi.Group) bool { return g.Name != name })
	switch {
	case err != nil:
		return nil, err
	case hidden != nil && len(named) == 0:
		return nil, &HiddenError{Kind: kindCDFGroup, ID: name, Err: hidden}
	}
	return named, hidden
}

// GetGroup looks a group up. What the listing does not hold is looked for anew. One that
// the caller cannot see, because it may list only its own, is a [HiddenError], never gone.
func (s *CDF) GetGroup(ctx context.Context, id int64) (cdfapi.Group, bool, error) {
	known := s.listed()
	for _, listing := range []*listing[cdfapi.Group]{known.groups, known.ownGroups} {
		group, verdict, err := listing.look(ctx, strconv.FormatInt(id, 10), 0)
		switch {
		case err != nil:
			return cdfapi.Group{}, false, err
		case verdict == there:
			return readable(group)
		case verdict == gone:
			return s.readGroup(ctx, id)
		}
	}
	return s.readGroup(ctx, id)
}

// readGroup asks for a group.
func (s *CDF) readGroup(ctx context.Context, id int64) (cdfapi.Group, bool, error) {
	groups, err := s.ListGroups(ctx, true)
	if i := indexOfGroup(groups, id); i >= 0 {
		return readable(groups[i]) // whether others are hidden does not matter
	}
	groups, hidden, err := s.visible(ctx, groups, err)
	if err != nil {
		return cdfapi.Group{}, false, err
	}
	if i := indexOfGroup(groups, id); i >= 0 {
		return readable(groups[i])
	}
	if hidden != nil {
		return cdfapi.Group{}, false, &HiddenError{Kind: kindCDFGroup, ID: strconv.FormatInt(id, 10), Err: hidden}
	}
	return cdfapi.Group{}, false, nil
}

// readable answers a group that was found, unless its answer could not be read.
func readable(group cdfapi.Group) (cdfapi.Group, bool, error) {
	if group.Unreadable != nil {
		return cdfapi.Group{}, false, fmt.Errorf("listGroups answered the group %d in a shape that the API does not document: %w", group.ID, group.Unreadable)
	}
	return group, true, nil
}

func indexOfGroup(groups []cdfapi.Group, id int64) int {
	return slices.IndexFunc(groups, func(g cdfapi.Group) bool { return g.ID == id })
}

// CountGroups tells how many groups count against the project's limit, as far as
// the server lists them: deleted ones count as well.
func (s *CDF) CountGroups(ctx context.Context) (int, error) {
	groups, err := s.Client.ListGroups(ctx, true)
	return len(groups), err
}

// CreateGroup makes a group. CDF would make a second one of the same name and
// content without a word, so the answer to a lost write is looked for among the
// groups that were not there before. Twins are the ids of groups with the same
// name and content that were there when a group was to be replaced, or that came to
// be beside it since a write that was given up has arrived after all; they are left
// alone.
//
// A write that has begun is finished also when its command is cancelled.
func (s *CDF) CreateGroup(ctx context.Context, creation GroupCreation) (group cdfapi.Group, twins []int64, err error) {
	lock := s.nameLock(creation.Name)
	lock.Lock()
	defer lock.Unlock()
	if err := ctx.Err(); err != nil {
		return cdfapi.Group{}, nil, err
	}
	ctx, cancel := outlive(ctx, cancelGrace)
	defer cancel()

	look := &groupLook{list: s.visibleGroups, before: s.groupsBefore, creation: creation}
	o := object[cdfapi.Group]{
		kind: kindCDFGroup,
		id:   creation.Name,
		look: look.ask,
		idOf: func(g cdfapi.Group) string { return strconv.FormatInt(g.ID, 10) },

		mustList: true,
	}
	sent := 0
	group, err = create(ctx, &s.writer, o, func(ctx context.Context) (cdfapi.Group, error) {
		sent++
		return s.Client.CreateGroup(ctx, creation.GroupWrite)
	})
	s.release(o.key()) // another group may have the same name
	if exists, twin := errors.AsType[*ExistsError](err); twin && s.claimed(madeKey(exists.ID)) {
		err = &ClaimedError{Kind: kindCDFGroup, ID: creation.Name}
	}
	if err != nil {
		s.openListings() // nobody knows what was made
	} else {
		id := strconv.FormatInt(group.ID, 10)
		s.listed().groups.put(id, group)
		s.listed().ownGroups.doubt(id)
		s.claim(madeKey(id))
		s.granted()
		if sent > 1 {
			look.late(ctx, group.ID)
		}
	}
	return group, look.twins, err
}

// groupLook looks for a group that is being made: for twins of it before the write
// and for itself after.
type groupLook struct {
	list, before func(context.Context) (groups []cdfapi.Group, hidden, err error)
	creation     GroupCreation
	// present are the ids that were there at the first look; nil before that.
	present map[int64]bool
	twins   []int64
}

func (l *groupLook) ask(ctx context.Context) (cdfapi.Group, bool, error) {
	list := l.list
	if l.present == nil {
		list = l.before
	}
	groups, hidden, err := list(ctx)
	if err != nil {
		return cdfapi.Group{}, false, err
	}
	same := slices.DeleteFunc(slices.Clone(groups), func(g cdfapi.Group) bool {
		return l.present[g.ID] || slices.Contains(l.creation.Replaces, g.ID) || !l.creation.Same(g)
	})
	if l.present == nil {
		return l.first(groups, same, hidden)
	}
	namesakes := slices.DeleteFunc(slices.Clone(groups), func(g cdfapi.Group) bool {
		return l.present[g.ID] || slices.Contains(l.creation.Replaces, g.ID) || g.Name != l.creation.Name
	})
	switch {
	case len(same) == 0 && len(namesakes) > 0:
		// CDF may have changed the content of what was made here.
		same = namesakes
	case len(same) == 0:
		return cdfapi.Group{}, false, hidden
	case len(same) == 1:
		return same[0], true, nil
	}
	ambiguous := &AmbiguousError{Kind: kindCDFGroup, Name: l.creation.Name}
	for _, group := range same {
		ambiguous.IDs = append(ambiguous.IDs, group.ID)
	}
	return cdfapi.Group{}, false, ambiguous
}

// first is the look before the write. It counts once the caller may list all groups.
func (l *groupLook) first(groups, same []cdfapi.Group, hidden error) (cdfapi.Group, bool, error) {
	replaces := len(l.creation.Replaces) > 0
	switch {
	case len(same) > 0 && !replaces:
		return same[0], true, nil
	case hidden != nil:
		return cdfapi.Group{}, false, hidden
	}
	l.present = make(map[int64]bool, len(groups))
	for _, group := range groups {
		l.present[group.ID] = true
	}
	for _, twin := range same {
		l.twins = append(l.twins, twin.ID)
	}
	return cdfapi.Group{}, false, nil
}

// late looks for twins of a group that was sent more than once. It is the last that
// is asked, so not being answered is no error.
func (l *groupLook) late(ctx context.Context, id int64) {
	groups, _, err := l.list(ctx)
	if err != nil {
		return
	}
	for _, group := range groups {
		if group.ID != id && !l.present[group.ID] && l.creation.Same(group) {
			l.twins = append(l.twins, group.ID)
		}
	}
}

// DeleteGroup deletes a group by its id. A group that is gone is no error.
func (s *CDF) DeleteGroup(ctx context.Context, id int64) error {
	o := object[cdfapi.Group]{
		kind: kindCDFGroup, id: strconv.FormatInt(id, 10),
		look:  func(ctx context.Context) (cdfapi.Group, bool, error) { return s.readGroup(ctx, id) },
		drop:  func() { s.forgetGroup(id) },
		doubt: s.openListings,
	}
	err := remove(ctx, &s.writer, o, func(ctx context.Context) error { return s.DeleteGroups(ctx, id) })
	if err == nil {
		s.release(madeKey(o.id))
	}
	return err
}

// forgetGroup notes that a group was deleted, and with it perhaps what it granted the caller.
func (s *CDF) forgetGroup(id int64) {
	known := s.listed()
	known.groups.drop(strconv.FormatInt(id, 10))
	known.ownGroups.drop(strconv.FormatInt(id, 10))
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(known.whole)
}

// madeKey is what this process claims a group by that it has made: names do not tell.
func madeKey(id string) string { return kindCDFGroup + " made here\x00" + id }

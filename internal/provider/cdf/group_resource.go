// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

func groupResource() entity.Definition[api, groupModel] {
	return entity.Definition[api, groupModel]{
		Name:     "cdf_group",
		Title:    "CDF group",
		Label:    "name",
		Platform: platform(),
		Schema:   groupSchema(),
		Imports: []entity.ImportForm{
			{Pattern: "{id}", Example: "4715822362013"},
			{Pattern: "{name...}", Example: "readers"},
		},
		Identity:        []string{"id"},
		MutableIdentity: true, // an update makes a new group
		Validate:        validateGroup,
		Plan:            planGroup,
		PlanUnchanged:   true,
		Create:          createGroup,
		Read:            readGroup,
		Update:          updateGroup,
		Delete:          deleteGroup,
		Adopt:           adoptGroup,
		Reads:           []entity.Call{{Operation: "listGroups"}},
		Calls:           callsOfGroup,
		Lockout:         lockoutOfGroup,
	}
}

// supersededKey is where a group remembers the ids that it has taken the place of
// and that are still to be deleted, as a JSON list of numbers.
const supersededKey = "superseded"

// memory is the part of a session or planning that remembers.
type memory interface {
	Recall(ctx context.Context, key string) []byte
}

// superseded are the ids that are still to be deleted.
func superseded(ctx context.Context, m memory) (ids []int64, err error) {
	kept := m.Recall(ctx, supersededKey)
	if len(kept) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(kept, &ids); err != nil {
		return nil, fmt.Errorf("the ids of the groups that this one has replaced cannot be read from its private state: %w", err)
	}
	return ids, nil
}

// rememberSuperseded keeps the ids that are still to be deleted.
func rememberSuperseded(ctx context.Context, s *entity.Session[api], ids []int64) error {
	if len(ids) == 0 {
		s.Remember(ctx, supersededKey, nil)
		return nil
	}
	encoded, err := json.Marshal(ids)
	if err == nil {
		s.Remember(ctx, supersededKey, encoded)
	}
	return err
}

// idSet is the value of `superseded_ids`.
func idSet(ids []int64) types.Set {
	values := []attr.Value{}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		values = append(values, types.Int64Value(id))
	}
	return types.SetValueMust(types.Int64Type, values)
}

func createGroup(ctx context.Context, s *entity.Session[api], m *groupModel) error {
	write, err := m.write()
	if err != nil {
		return err
	}
	group, twins, err := s.API.CreateGroup(ctx, snapshot.GroupCreation{GroupWrite: write, Same: sameAs(write, s.API.Project())})
	if err != nil {
		return err
	}
	s.Exists()
	m.ID = types.Int64Value(group.ID)
	warnOfTwins(s, m, twins)
	return nil
}

// warnOfTwins names groups that cannot be told from this one.
func warnOfTwins(s *entity.Session[api], m *groupModel, twins []int64) {
	if len(twins) == 0 {
		return
	}
	s.Warn("CDF groups of the same name and content",
		fmt.Sprintf("Beside the group %q (id %d) there are others of the same name and content: id %s. They were left alone. "+
			"If one comes from an apply of this configuration that was broken off or whose answer was lost, delete it, so that it does not go on granting what this group no longer will.",
			m.Name.ValueString(), m.ID.ValueInt64(), joinIDs(twins)))
}

func readGroup(ctx context.Context, s *entity.Session[api], m *groupModel) (bool, error) {
	group, found, err := s.API.GetGroup(ctx, m.ID.ValueInt64())
	if err != nil {
		return false, err
	}
	pending, err := superseded(ctx, s)
	if err != nil {
		return false, err
	}
	if !found {
		warnOfForgotten(s, m, pending)
		return false, warnOfNamesakes(ctx, s, m, pending)
	}
	m.SupersededIDs = idSet(pending)
	return true, m.read(s, group)
}

// warnOfForgotten names groups that nobody knows of any more: what is remembered
// with a group goes with it.
func warnOfForgotten(s *entity.Session[api], m *groupModel, pending []int64) {
	if len(pending) > 0 {
		s.Warn("CDF groups that nobody deletes",
			fmt.Sprintf("The group %q (id %d) is gone, and with it what was known of the groups that it has replaced and that could not be deleted: id %s. "+
				"As far as they still exist, they grant what they did. Delete them.", m.Name.ValueString(), m.ID.ValueInt64(), joinIDs(pending)))
	}
}

// warnOfNamesakes names the groups that have the name of one that is gone: it may have
// been made anew outside of Terraform, or by an apply that was killed, and grants what
// the configuration does not say. Those that are pending have been named already.
func warnOfNamesakes(ctx context.Context, s *entity.Session[api], m *groupModel, pending []int64) error {
	named, err := s.API.GroupsNamed(ctx, m.Name.ValueString())
	if err != nil {
		return err
	}
	var ids []int64
	for _, group := range named {
		if !slices.Contains(pending, group.ID) {
			ids = append(ids, group.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	s.Warn("CDF groups of the name of one that is gone",
		fmt.Sprintf("The group %q (id %d) is gone, but others have its name: id %s. They grant what they did. If one of them is to be managed in its place, "+
			"because somebody has made it anew or an apply was killed, take the one that is gone out of the state (terraform state rm ADDRESS) and import the other:\n\n  import {\n    to = iam_cdf_group.NAME\n    id = \"%d\"\n  }\n\n"+
			"where NAME is the name of your resource block. Otherwise the next apply makes a group beside them.", m.Name.ValueString(), m.ID.ValueInt64(), joinIDs(ids), ids[0]))
	return nil
}

// updateGroup makes a new group and deletes the old one: CDF cannot change a group.
// State holds the new one from the moment it exists; an old one that cannot be
// deleted then is remembered, and the next plan shows that it is still to go.
func updateGroup(ctx context.Context, s *entity.Session[api], prior groupModel, m *groupModel) error {
	pending, err := superseded(ctx, s)
	if err != nil {
		return err
	}
	if m.ID.IsUnknown() {
		if pending, err = replaceGroup(ctx, s, prior, m, pending); err != nil {
			return err
		}
	}
	s.Exists()
	m.SupersededIDs = idSet(nil) // as planned; a read shows what is left
	for _, id := range slices.Clone(pending) {
		if err := s.API.DeleteGroup(ctx, id); err != nil {
			return &leftBehindError{id: m.ID.ValueInt64(), old: id, err: err}
		}
		pending = slices.DeleteFunc(pending, func(other int64) bool { return other == id })
		if err := rememberSuperseded(ctx, s, pending); err != nil {
			return err
		}
	}
	return nil
}

// leftBehindError says that a group was replaced, but that the old one could not be
// deleted.
type leftBehindError struct {
	id, old int64
	err     error
}

// Error says what is there now and what becomes of it.
func (e *leftBehindError) Error() string {
	return e.standing() + ": " + e.err.Error()
}

// standing says what is there now, without the cause.
func (e *leftBehindError) standing() string {
	return fmt.Sprintf("the group %d is in place, but the group %d, which it replaces, could not be deleted: it still grants what it did, and the next apply deletes it", e.id, e.old)
}

// Unwrap answers why the old group could not be deleted.
func (e *leftBehindError) Unwrap() error { return e.err }

// replaceGroup makes the new group of an update and returns the ids that are to be
// deleted after it.
func replaceGroup(ctx context.Context, s *entity.Session[api], prior groupModel, m *groupModel, pending []int64) ([]int64, error) {
	old, found, err := s.API.GetGroup(ctx, prior.ID.ValueInt64())
	if err != nil {
		return nil, err
	}
	write, err := m.write()
	if err != nil {
		return nil, err
	}
	if found {
		write.Extra = old.Extra // what the configuration does not say survives
	}
	pending = append(pending, prior.ID.ValueInt64())
	group, twins, err := s.API.CreateGroup(ctx, snapshot.GroupCreation{
		GroupWrite: write,
		Same:       sameAs(write, s.API.Project()),
		Replaces:   pending,
	})
	if err != nil {
		return nil, err
	}
	s.Exists()
	m.ID = types.Int64Value(group.ID)
	warnOfTwins(s, m, twins)
	return pending, rememberSuperseded(ctx, s, pending)
}

func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ", ")
}

// deleteGroup deletes the group, and those that it has replaced and that are left.
// It comes last itself: they are known only as long as it is there.
func deleteGroup(ctx context.Context, s *entity.Session[api], m groupModel) error {
	pending, err := superseded(ctx, s)
	if err != nil {
		return err
	}
	for _, id := range pending {
		if err := s.API.DeleteGroup(ctx, id); err != nil {
			return fmt.Errorf("deleting the group %d, which it has replaced: %w", id, err)
		}
	}
	return s.API.DeleteGroup(ctx, m.ID.ValueInt64())
}

// adoptGroup takes the import id for an id first and for a unique name second.
func adoptGroup(ctx context.Context, s *entity.Session[api], m *groupModel) error {
	name := m.Name.ValueString()
	if !m.ID.IsNull() {
		_, found, err := s.API.GetGroup(ctx, m.ID.ValueInt64())
		if err != nil || found {
			return err
		}
		name = strconv.FormatInt(m.ID.ValueInt64(), 10)
	}
	group, err := groupNamed(ctx, s.API, name)
	if err != nil && !m.ID.IsNull() {
		err = fmt.Errorf("no group has the id %s: %w", name, err)
	}
	m.ID, m.Name = types.Int64Value(group.ID), types.StringValue(group.Name)
	return err
}

// groupNamed finds the one group of a name.
func groupNamed(ctx context.Context, cdf api, name string) (cdfapi.Group, error) {
	named, err := cdf.GroupsNamed(ctx, name)
	ids := make([]int64, len(named))
	for i, group := range named {
		ids[i] = group.ID
	}
	switch {
	case err != nil && len(named) > 0:
		return cdfapi.Group{}, &unseenNamesakesError{name: name, ids: ids, err: err}
	case err != nil:
		return cdfapi.Group{}, fmt.Errorf("looking for a group of the name %q: %w", name, err)
	case len(named) == 0:
		return cdfapi.Group{}, fmt.Errorf("there is no group of the name %q", name)
	case len(named) == 1:
		return named[0], nil
	}
	return cdfapi.Group{}, fmt.Errorf("several groups have the name %q: use one of the ids %s", name, joinIDs(ids))
}

// unseenNamesakesError says that a name may not be unique, although the caller sees
// one group that has it.
type unseenNamesakesError struct {
	name string
	ids  []int64
	err  error
}

// Error says which groups are seen and why there may be others.
func (e *unseenNamesakesError) Error() string { return e.standing() + ": " + e.err.Error() }

// standing is Error without the cause.
func (e *unseenNamesakesError) standing() string {
	return fmt.Sprintf("of the groups that the caller can see, %s has the name %q, but there may be others that it cannot see; use an id", joinIDs(e.ids), e.name)
}

// Unwrap answers why there may be others.
func (e *unseenNamesakesError) Unwrap() error { return e.err }

// onlyCleansUp tells whether an update leaves the group as it is and deletes groups that it
// has replaced.
func onlyCleansUp(change entity.Change[groupModel]) bool {
	return change.Prior != nil && change.Planned != nil && entity.Known(change.Planned.ID) && change.Planned.ID.Equal(change.Prior.ID)
}

func callsOfGroup(change entity.Change[groupModel]) []entity.Call {
	switch {
	case change.Prior == nil:
		return []entity.Call{{Operation: "listGroups"}, {Operation: "createGroups"}}
	case change.Planned == nil, onlyCleansUp(change):
		return []entity.Call{{Operation: "deleteGroups"}}
	default:
		return []entity.Call{{Operation: "listGroups"}, {Operation: "createGroups"}, {Operation: "deleteGroups"}}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Group is a group of principals and what they may do.
type Group struct {
	ID int64
	// Name is not unique.
	Name string
	// SourceID is the id of the group in the identity provider whose members it
	// has, "" when it has none.
	SourceID string
	// Capabilities is a JSON array as it came, nil when the answer has none, as
	// for a deleted group.
	Capabilities json.RawMessage
	// Metadata is nil or empty when there is none: both are answered.
	Metadata map[string]string
	// Members is nil when the group has none of its own.
	Members *Members
	// Attributes is a JSON value as it came, nil when there is none.
	Attributes json.RawMessage
	IsDeleted  bool
	// DeletedTime is in Unix milliseconds, 0 when the group is not deleted.
	DeletedTime int64
	// Extra are the members of the answer that are not known here, by name.
	Extra map[string]json.RawMessage
	// Unreadable says what of the answer has another shape than the API documents; then
	// only ID, Name and IsDeleted are set, as far as they could be read. One such group
	// must not hide all others of a list. It quotes no value.
	Unreadable error
}

// groupObject is a group in JSON.
type groupObject struct {
	ID           number            `json:"id"`
	Name         string            `json:"name"`
	SourceID     string            `json:"sourceId"`
	Capabilities json.RawMessage   `json:"capabilities"`
	Metadata     map[string]string `json:"metadata"`
	Members      *Members          `json:"members"`
	Attributes   json.RawMessage   `json:"attributes"`
	IsDeleted    bool              `json:"isDeleted"`
	DeletedTime  number            `json:"deletedTime"`
}

// knownGroupMembers are the members of a groupObject.
var knownGroupMembers = []string{
	"id", "name", "sourceId", "capabilities", "metadata", "members", "attributes", "isDeleted", "deletedTime",
}

// UnmarshalJSON refuses a group without id. The rest may be missing: a deleted group
// has no capabilities, and a time that is not there may be -1.
func (g *Group) UnmarshalJSON(data []byte) error {
	err := g.unmarshal(data)
	if err == nil {
		return nil
	}
	var identity struct {
		ID        number          `json:"id"`
		Name      json.RawMessage `json:"name"`
		IsDeleted json.RawMessage `json:"isDeleted"`
	}
	if httpapi.UnmarshalObject(data, &identity, "id") != nil {
		return err
	}
	*g = Group{ID: int64(identity.ID), Unreadable: errors.New(httpapi.DescribeDecodeError(err))}
	_ = json.Unmarshal(identity.Name, &g.Name)
	_ = json.Unmarshal(identity.IsDeleted, &g.IsDeleted)
	return nil
}

// unmarshal reads a group of the documented shape.
func (g *Group) unmarshal(data []byte) error {
	var object groupObject
	if err := httpapi.UnmarshalObject(data, &object, "id", "name"); err != nil {
		return err
	}
	capabilities := present(object.Capabilities)
	if err := checkArray("capabilities", capabilities); capabilities != nil && err != nil {
		return err
	}
	var extra map[string]json.RawMessage
	_ = json.Unmarshal(data, &extra) // it is an object
	for _, name := range knownGroupMembers {
		delete(extra, name)
	}
	if len(extra) == 0 {
		extra = nil
	}
	*g = Group{
		ID:           int64(object.ID),
		Name:         object.Name,
		SourceID:     object.SourceID,
		Capabilities: capabilities,
		Metadata:     object.Metadata,
		Members:      object.Members,
		Attributes:   present(object.Attributes),
		IsDeleted:    object.IsDeleted,
		DeletedTime:  max(0, int64(object.DeletedTime)),
		Extra:        extra,
	}
	return nil
}

// present answers nil for null.
func present(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// GroupWrite is a group to be made. What is zero is not sent.
type GroupWrite struct {
	Name string
	// SourceID and Members exclude each other.
	SourceID string
	// Capabilities is a JSON array.
	Capabilities json.RawMessage
	Metadata     map[string]string
	Members      *Members
	// Attributes is a JSON object.
	Attributes json.RawMessage
	// Extra are further members, by name, such as those of the group that this
	// one replaces. They overrule none of the above.
	Extra map[string]json.RawMessage
}

// MarshalJSON writes the group as the API takes it.
func (w GroupWrite) MarshalJSON() ([]byte, error) {
	object := map[string]any{}
	for name, value := range w.Extra {
		object[name] = value
	}
	for _, name := range knownGroupMembers {
		delete(object, name)
	}
	object["name"] = w.Name
	if w.SourceID != "" {
		object["sourceId"] = w.SourceID
	}
	if w.Capabilities != nil {
		object["capabilities"] = w.Capabilities
	}
	if len(w.Metadata) > 0 {
		object["metadata"] = w.Metadata
	}
	if w.Members != nil {
		object["members"] = w.Members
	}
	if w.Attributes != nil {
		object["attributes"] = w.Attributes
	}
	return json.Marshal(object)
}

// Members are the principals in a group that has members of its own.
type Members struct {
	// AllUserAccounts means every user of the organisation.
	AllUserAccounts bool
	// IDs are the principals otherwise. The API does not keep their order.
	IDs []string
}

// allUserAccounts stands for a list of members.
const allUserAccounts = "allUserAccounts"

// UnmarshalJSON reads a list of ids, or the constant for all users.
func (m *Members) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		if text != allUserAccounts {
			return &httpapi.ShapeError{Detail: `the members are neither a list nor "allUserAccounts"`}
		}
		*m = Members{AllUserAccounts: true}
		return nil
	}
	*m = Members{}
	return json.Unmarshal(data, &m.IDs)
}

// MarshalJSON writes either form.
func (m Members) MarshalJSON() ([]byte, error) {
	switch {
	case m.AllUserAccounts:
		return json.Marshal(allUserAccounts)
	case m.IDs == nil:
		return []byte("[]"), nil
	}
	return json.Marshal(m.IDs)
}

// ListGroups answers the groups that the caller is in, or with all those of the
// project, which needs groupsAcl:LIST in scope all: with less the list is silently
// shorter. Deleted groups may be among them, see Group.IsDeleted.
func (c *Client) ListGroups(ctx context.Context, all bool) ([]Group, error) {
	return listWhole[Group](ctx, c, opListGroups, arguments{query: url.Values{"all": {strconv.FormatBool(all)}}})
}

// CreateGroup makes a group. It is not sent again when its outcome is unknown:
// names are not unique, so a second group would come of it.
func (c *Client) CreateGroup(ctx context.Context, group GroupWrite) (Group, error) {
	return create[Group](ctx, c, opCreateGroups, group.Name, group)
}

// DeleteGroups deletes groups. An unknown id fails all of them, see [IsNotFound]
// and [MissingOf].
func (c *Client) DeleteGroups(ctx context.Context, ids ...int64) error {
	return c.remove(ctx, opDeleteGroups, ids)
}

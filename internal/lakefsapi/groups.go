// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Group is a group of users.
type Group struct {
	// ID addresses the group. The server may choose it: see [Client.CreateGroup].
	ID string `json:"id"`
	// Name is what the group was created as. Where the server gives none it is
	// the id, as in versions that don't tell the two apart.
	Name string `json:"name"`
	// Description is nil when the answer has none: servers up to 0.97 keep no
	// descriptions, and later ones leave an empty one out of some answers.
	Description *string `json:"description"`
	// CreationDate is in Unix seconds.
	CreationDate int64 `json:"creation_date"`
}

// UnmarshalJSON refuses a group without id or creation date.
func (g *Group) UnmarshalJSON(data []byte) error {
	type plain Group
	if err := httpapi.UnmarshalObject(data, (*plain)(g), "id", "creation_date"); err != nil {
		return err
	}
	if g.Name == "" {
		g.Name = g.ID
	}
	return nil
}

func (g Group) id() string { return g.ID }

// GroupCreation is the body of createGroup.
type GroupCreation struct {
	// ID is the wanted name of the group.
	ID string `json:"id"`
	// Description cannot be changed later. Older servers ignore it.
	Description string `json:"description,omitempty"`
}

// ACL is what members of a group may do on servers with access control lists.
type ACL struct {
	// Permission is Read, Write, Super or Admin, or "" for none yet.
	Permission string `json:"permission"`
}

// UnmarshalJSON refuses an ACL without a permission.
func (a *ACL) UnmarshalJSON(data []byte) error {
	type plain ACL
	return httpapi.UnmarshalObject(data, (*plain)(a), "permission")
}

// CreateGroup makes a group. The server may answer an id of its own, by which
// the group is addressed from then on, with the wanted one as its name. A name
// that is taken answers 409.
func (c *Client) CreateGroup(ctx context.Context, group GroupCreation) (Group, error) {
	return fetch[Group](ctx, c, opCreateGroup, arguments{object: group.ID, body: group})
}

// GetGroup answers a group. Where the server chose the id, it puts the group's
// name into the id of this one answer: what is returned has the id asked for,
// and as Name what the server said.
func (c *Client) GetGroup(ctx context.Context, groupID string) (Group, error) {
	group, err := fetch[Group](ctx, c, opGetGroup, arguments{path: ofGroup(groupID)})
	if err != nil {
		return Group{}, err
	}
	group.ID = groupID
	return group, nil
}

// DeleteGroup deletes a group, with its memberships and attachments.
func (c *Client) DeleteGroup(ctx context.Context, groupID string) error {
	return c.call(ctx, opDeleteGroup, arguments{path: ofGroup(groupID)})
}

// ListGroups answers groups in the byte order of their ids.
func (c *Client) ListGroups(ctx context.Context, options ListOptions) iter.Seq2[Group, error] {
	return list[Group](ctx, c, opListGroups, arguments{}, options)
}

// ListGroupMembers answers the users in a group.
func (c *Client) ListGroupMembers(ctx context.Context, groupID string, options ListOptions) iter.Seq2[User, error] {
	return list[User](ctx, c, opListGroupMembers, arguments{path: ofGroup(groupID)}, options)
}

// AddGroupMembership puts a user into a group. It answers 409 when it is in
// it, and 404 when one of the two does not exist.
func (c *Client) AddGroupMembership(ctx context.Context, groupID, userID string) error {
	return c.call(ctx, opAddGroupMembership, arguments{path: ofMember(groupID, userID)})
}

// DeleteGroupMembership takes a user out of a group. It succeeds when it was not
// in it, and answers 404 when one of the two does not exist.
func (c *Client) DeleteGroupMembership(ctx context.Context, groupID, userID string) error {
	return c.call(ctx, opDeleteGroupMembership, arguments{path: ofMember(groupID, userID)})
}

// ListGroupPolicies answers the policies attached to a group. For a group that
// does not exist the answer is empty.
func (c *Client) ListGroupPolicies(ctx context.Context, groupID string, options ListOptions) iter.Seq2[Policy, error] {
	return list[Policy](ctx, c, opListGroupPolicies, arguments{path: ofGroup(groupID)}, options)
}

// AttachPolicyToGroup attaches a policy to a group. It answers 409 when it is
// attached, and 404 when one of the two does not exist.
func (c *Client) AttachPolicyToGroup(ctx context.Context, groupID, policyID string) error {
	return c.call(ctx, opAttachPolicyToGroup, arguments{path: ofGroupPolicy(groupID, policyID)})
}

// DetachPolicyFromGroup detaches a policy from a group. It succeeds when it was
// not attached, and answers 404 when one of the two does not exist.
func (c *Client) DetachPolicyFromGroup(ctx context.Context, groupID, policyID string) error {
	return c.call(ctx, opDetachPolicyFromGroup, arguments{path: ofGroupPolicy(groupID, policyID)})
}

// GetGroupACL answers the access control list of a group. A group whose policies
// are not those of one ACL answers 404.
func (c *Client) GetGroupACL(ctx context.Context, groupID string) (ACL, error) {
	return fetch[ACL](ctx, c, opGetGroupACL, arguments{path: ofGroup(groupID)})
}

// SetGroupACL sets the access control list of a group.
func (c *Client) SetGroupACL(ctx context.Context, groupID string, acl ACL) error {
	return c.call(ctx, opSetGroupACL, arguments{path: ofGroup(groupID), body: acl})
}

func ofGroup(groupID string) map[string]string {
	return map[string]string{"groupId": groupID}
}

func ofMember(groupID, userID string) map[string]string {
	return map[string]string{"groupId": groupID, "userId": userID}
}

func ofGroupPolicy(groupID, policyID string) map[string]string {
	return map[string]string{"groupId": groupID, "policyId": policyID}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"iter"
	"net/url"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// User is a user of lakeFS.
type User struct {
	ID string `json:"id"`
	// CreationDate is in Unix seconds.
	CreationDate int64 `json:"creation_date"`
	// FriendlyName and Email are "" when unset, and in answers of versions that
	// leave them out.
	FriendlyName string `json:"friendly_name"`
	Email        string `json:"email"`
}

// UnmarshalJSON refuses a user without id or creation date.
func (u *User) UnmarshalJSON(data []byte) error {
	type plain User
	return httpapi.UnmarshalObject(data, (*plain)(u), "id", "creation_date")
}

// UserCreation is the body of createUser.
type UserCreation struct {
	ID string `json:"id"`
	// InviteUser sends an invitation to the e-mail address that ID then is.
	InviteUser bool `json:"invite_user,omitempty"`
}

// CreateUser makes a user. An id that is taken answers 409, see
// [IsAlreadyExists]. An invitation that cannot be sent for want of a mail server
// answers 500 and yet makes the user.
func (c *Client) CreateUser(ctx context.Context, user UserCreation) (User, error) {
	return fetch[User](ctx, c, opCreateUser, arguments{object: user.ID, body: user})
}

// GetUser answers a user. Servers that cache users answer one that was deleted
// for some 20 seconds more; a list doesn't.
func (c *Client) GetUser(ctx context.Context, userID string) (User, error) {
	return fetch[User](ctx, c, opGetUser, arguments{path: ofUser(userID)})
}

// DeleteUser deletes a user, with its memberships and attachments. Its
// credentials stay and work again when a user of that id is made anew.
func (c *Client) DeleteUser(ctx context.Context, userID string) error {
	return c.call(ctx, opDeleteUser, arguments{path: ofUser(userID)})
}

// ListUsers answers users in the byte order of their ids.
func (c *Client) ListUsers(ctx context.Context, options ListOptions) iter.Seq2[User, error] {
	return list[User](ctx, c, opListUsers, arguments{}, options)
}

// ListUserGroups answers the groups a user is in. With a prefix, lakeFS loses
// groups between pages, so the prefix is applied here.
func (c *Client) ListUserGroups(ctx context.Context, userID string, options ListOptions) iter.Seq2[Group, error] {
	return listFiltered(ctx, c, opListUserGroups, arguments{path: ofUser(userID)}, options, Group.id)
}

// ListUserPolicies answers the policies attached to a user, or with effective
// also those it has through its groups, each once; lakeFS ignores a prefix then,
// so it is applied here. For a user that does not exist the answer is empty,
// but with effective it is 404.
func (c *Client) ListUserPolicies(ctx context.Context, userID string, effective bool, options ListOptions) iter.Seq2[Policy, error] {
	args := arguments{path: ofUser(userID)}
	if !effective {
		return list[Policy](ctx, c, opListUserPolicies, args, options)
	}
	args.query = url.Values{"effective": {"true"}}
	return listFiltered(ctx, c, opListUserPolicies, args, options, Policy.id)
}

// AttachPolicyToUser attaches a policy to a user. It answers 409 when it is
// attached, and 404 when one of the two does not exist.
func (c *Client) AttachPolicyToUser(ctx context.Context, userID, policyID string) error {
	return c.call(ctx, opAttachPolicyToUser, arguments{path: ofUserPolicy(userID, policyID)})
}

// DetachPolicyFromUser detaches a policy from a user. It succeeds when it was
// not attached, and answers 404 when one of the two does not exist.
func (c *Client) DetachPolicyFromUser(ctx context.Context, userID, policyID string) error {
	return c.call(ctx, opDetachPolicyFromUser, arguments{path: ofUserPolicy(userID, policyID)})
}

func ofUser(userID string) map[string]string {
	return map[string]string{"userId": userID}
}

func ofUserPolicy(userID, policyID string) map[string]string {
	return map[string]string{"userId": userID, "policyId": policyID}
}

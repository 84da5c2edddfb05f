// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"iter"
	"net/url"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// UserProfile is what a project knows of a user, a service principal or an internal
// service. What it does not know is "".
type UserProfile struct {
	// UserIdentifier addresses the profile and never changes.
	UserIdentifier                                   string
	GivenName, Surname, Email, DisplayName, JobTitle string
	// IdentityType is USER, SERVICE_PRINCIPAL or INTERNAL_SERVICE.
	IdentityType string
	// LastUpdatedTime is in Unix milliseconds.
	LastUpdatedTime int64
}

// UnmarshalJSON refuses a profile without its identifier or its time.
func (u *UserProfile) UnmarshalJSON(data []byte) error {
	var object struct {
		UserIdentifier  string `json:"userIdentifier"`
		GivenName       string `json:"givenName"`
		Surname         string `json:"surname"`
		Email           string `json:"email"`
		DisplayName     string `json:"displayName"`
		JobTitle        string `json:"jobTitle"`
		IdentityType    string `json:"identityType"`
		LastUpdatedTime number `json:"lastUpdatedTime"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "userIdentifier", "lastUpdatedTime"); err != nil {
		return err
	}
	*u = UserProfile{
		UserIdentifier: object.UserIdentifier, GivenName: object.GivenName, Surname: object.Surname,
		Email: object.Email, DisplayName: object.DisplayName, JobTitle: object.JobTitle,
		IdentityType: object.IdentityType, LastUpdatedTime: int64(object.LastUpdatedTime),
	}
	return nil
}

// GetMyUserProfile answers the caller's profile. A caller who has none answers 404,
// see [IsNotFound]; it may get one a little later, when it is new to the project.
func (c *Client) GetMyUserProfile(ctx context.Context) (UserProfile, error) {
	return fetch[UserProfile](ctx, c, opGetMyUserProfile, arguments{})
}

// ListUserProfiles answers the profiles of an identity type, or with "" those of
// users, by name.
func (c *Client) ListUserProfiles(ctx context.Context, identityType string, options ListOptions) iter.Seq2[UserProfile, error] {
	args := arguments{}
	if identityType != "" {
		args.query = url.Values{"identityType": {identityType}}
	}
	return list[UserProfile](ctx, c, opListUserProfiles, args, options)
}

// RetrieveUserProfiles answers profiles by identifier. An unknown one fails all of
// them, see [IsNotFound] and [MissingOf].
func (c *Client) RetrieveUserProfiles(ctx context.Context, userIdentifiers ...string) ([]UserProfile, error) {
	return retrieve[UserProfile](ctx, c, opRetrieveUserProfiles, userIdentifiers, maxItems, func(id string) any {
		return map[string]string{"userIdentifier": id}
	})
}

// SearchUserProfiles answers the profiles with names that begin so, best first: at
// most so many, and never more than 1000, which is also what a limit of 0 means.
func (c *Client) SearchUserProfiles(ctx context.Context, name string, limit int) ([]UserProfile, error) {
	if limit <= 0 || limit > maxItems {
		limit = maxItems
	}
	return listWhole[UserProfile](ctx, c, opSearchUserProfiles, arguments{object: name, body: map[string]any{
		"search": map[string]string{"name": name},
		"filter": map[string]any{},
		"limit":  limit,
	}})
}

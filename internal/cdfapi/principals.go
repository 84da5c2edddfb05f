// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Principal is a user or a service account of an organisation. What one kind does
// not have is "" or 0.
type Principal struct {
	ID string
	// Type is USER, SERVICE_ACCOUNT, or one to come.
	Type, Name, PictureURL                   string
	Email, GivenName, MiddleName, FamilyName string
	// ExternalID and what follows are of service accounts.
	ExternalID, Description string
	CreatedBy               *PrincipalCreator
	// CreatedTime and LastUpdatedTime are in Unix milliseconds.
	CreatedTime, LastUpdatedTime int64
}

// PrincipalCreator is who made a service account.
type PrincipalCreator struct {
	OrgID  string `json:"orgId"`
	UserID string `json:"userId"`
}

// UnmarshalJSON refuses a principal without id or type.
func (p *Principal) UnmarshalJSON(data []byte) error {
	var object struct {
		ID              string            `json:"id"`
		Type            string            `json:"type"`
		Name            string            `json:"name"`
		PictureURL      string            `json:"pictureUrl"`
		Email           string            `json:"email"`
		GivenName       string            `json:"givenName"`
		MiddleName      string            `json:"middleName"`
		FamilyName      string            `json:"familyName"`
		ExternalID      string            `json:"externalId"`
		Description     string            `json:"description"`
		CreatedBy       *PrincipalCreator `json:"createdBy"`
		CreatedTime     number            `json:"createdTime"`
		LastUpdatedTime number            `json:"lastUpdatedTime"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "id", "type"); err != nil {
		return err
	}
	*p = Principal{
		ID: object.ID, Type: object.Type, Name: object.Name, PictureURL: object.PictureURL,
		Email: object.Email, GivenName: object.GivenName, MiddleName: object.MiddleName, FamilyName: object.FamilyName,
		ExternalID: object.ExternalID, Description: object.Description, CreatedBy: object.CreatedBy,
		CreatedTime: int64(object.CreatedTime), LastUpdatedTime: int64(object.LastUpdatedTime),
	}
	return nil
}

// GetMyPrincipal answers the caller. The host of the organisation accepts only
// tokens of its own, so a token of another identity provider answers 401.
func (c *Client) GetMyPrincipal(ctx context.Context) (Principal, error) {
	return fetch[Principal](ctx, c, opGetMyPrincipal, arguments{})
}

// ListPrincipals answers the principals of an organisation, or those of some types.
func (c *Client) ListPrincipals(ctx context.Context, organization string, types []string, options ListOptions) iter.Seq2[Principal, error] {
	args := arguments{organization: organization}
	if len(types) > 0 {
		args.query = url.Values{"types": {strings.Join(types, ",")}}
	}
	return list[Principal](ctx, c, opListPrincipals, args, options)
}

// RetrievePrincipals answers principals by id, and service accounts by external id.
// An unknown one fails all of them, see [IsNotFound], or is left out.
func (c *Client) RetrievePrincipals(ctx context.Context, organization string, ids, externalIDs []string, ignoreUnknown bool) ([]Principal, error) {
	var keys []principalKey
	for _, id := range ids {
		keys = append(keys, principalKey{"id", id})
	}
	for _, id := range externalIDs {
		keys = append(keys, principalKey{"externalId", id})
	}
	var all []Principal
	for some := range slices.Chunk(keys, maxPrincipals) {
		body := batch(each(some, principalKey.object)...)
		body["ignoreUnknownIds"] = ignoreUnknown
		got, err := fetch[items[Principal]](ctx, c, opRetrievePrincipals, arguments{
			organization: organization,
			object:       join(some),
			body:         body,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, got.Items...)
	}
	return all, nil
}

// principalKey is an id and the member that it is sent as.
type principalKey struct{ member, id string }

func (k principalKey) object() any { return map[string]string{k.member: k.id} }

// String is the id.
func (k principalKey) String() string { return k.id }

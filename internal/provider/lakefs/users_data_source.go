// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type usersLookup struct {
	Prefix types.String `tfsdk:"prefix"`
	Users  []userItem   `tfsdk:"users"`
}

// userItem is a user in a data source's list.
type userItem struct {
	ID           types.String `tfsdk:"id"`
	CreationDate types.String `tfsdk:"creation_date"`
	Email        types.String `tfsdk:"email"`
	FriendlyName types.String `tfsdk:"friendly_name"`
}

func newUserItem(user lakefsapi.User) (userItem, error) {
	return userItem{
		ID:           types.StringValue(user.ID),
		CreationDate: rfc3339(user.CreationDate),
		Email:        types.StringValue(user.Email),
		FriendlyName: types.StringValue(user.FriendlyName),
	}, nil
}

func userAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":            schema.StringAttribute{MarkdownDescription: "The user's id.", Computed: true},
		"creation_date": creationDateAttribute(),
		"email":         schema.StringAttribute{MarkdownDescription: "The user's e-mail address; empty when it has none.", Computed: true},
		"friendly_name": schema.StringAttribute{MarkdownDescription: "The name that lakeFS shows for the user; empty when it has none.", Computed: true},
	}
}

func usersDataSource() entity.DataSource[api, usersLookup] {
	return entity.DataSource[api, usersLookup]{
		Name:     "lakefs_users",
		Title:    "lakeFS users",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the users of lakeFS ([listUsers](https://docs.lakefs.io/reference/api/#/auth/listUsers)).",
			Attributes: map[string]schema.Attribute{
				"prefix": prefixAttribute("users"),
				"users":  listOf("The users, in the order of their ids.", userAttributes()),
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *usersLookup) (err error) {
			m.Users, err = collect(s.API.ListUsers(ctx, lakefsapi.ListOptions{Prefix: m.Prefix.ValueString()}), newUserItem)
			return err
		},
		Calls: []entity.Call{{Operation: "listUsers"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func currentUserDataSource() entity.DataSource[api, userItem] {
	return entity.DataSource[api, userItem]{
		Name:     "lakefs_current_user",
		Title:    "current lakeFS user",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads the user whose credentials the provider uses ([getCurrentUser](https://docs.lakefs.io/reference/api/#/auth/getCurrentUser)). It needs no permission.",
			Attributes:          userAttributes(),
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *userItem) error {
			user, err := s.API.GetCurrentUser(ctx)
			if err != nil {
				return err
			}
			*m, err = newUserItem(user)
			return err
		},
		Calls: []entity.Call{{Operation: "getCurrentUser"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type authCapabilitiesLookup struct {
	InviteUser     types.Bool `tfsdk:"invite_user"`
	ForgotPassword types.Bool `tfsdk:"forgot_password"`
}

func authCapabilitiesDataSource() entity.DataSource[api, authCapabilitiesLookup] {
	return entity.DataSource[api, authCapabilitiesLookup]{
		Name:     "lakefs_auth_capabilities",
		Title:    "lakeFS auth capabilities",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads what the lakeFS server can do for users ([getAuthCapabilities](https://docs.lakefs.io/reference/api/#/internal/getAuthCapabilities)). It needs no permission.",
			Attributes: map[string]schema.Attribute{
				"invite_user":     schema.BoolAttribute{MarkdownDescription: "Whether users can be invited by mail.", Computed: true},
				"forgot_password": schema.BoolAttribute{MarkdownDescription: "Whether users can reset a forgotten password; false on servers after 0.97, which have no passwords.", Computed: true},
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *authCapabilitiesLookup) error {
			capabilities, err := s.API.GetAuthCapabilities(ctx)
			if err != nil {
				return err
			}
			m.InviteUser, m.ForgotPassword = types.BoolValue(capabilities.InviteUser), types.BoolValue(capabilities.ForgotPassword)
			return nil
		},
		Calls: []entity.Call{{Operation: "getAuthCapabilities"}},
	}
}

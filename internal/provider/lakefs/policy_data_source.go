// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

func policyDataSource() entity.DataSource[api, policyItem] {
	attributes := policyAttributes()
	attributes["id"] = schema.StringAttribute{MarkdownDescription: "The policy's id, for example `FSReadAll`.", Required: true}
	return entity.DataSource[api, policyItem]{
		Name:     "lakefs_policy",
		Title:    "lakeFS policy",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads a policy of lakeFS ([getPolicy](https://docs.lakefs.io/reference/api/#/auth/getPolicy)).",
			Attributes:          attributes,
		},
		Validate: func(_ context.Context, m policyItem) diag.Diagnostics {
			return validateID(path.Root("id"), "policy", m.ID)
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *policyItem) error {
			policy, found, err := s.API.GetPolicy(ctx, m.ID.ValueString())
			if err != nil {
				return err
			}
			if !found {
				return fmt.Errorf("there is no policy %q", m.ID.ValueString())
			}
			*m, err = newPolicyItem(policy)
			return err
		},
		Calls: []entity.Call{{Operation: "getPolicy"}},
	}
}

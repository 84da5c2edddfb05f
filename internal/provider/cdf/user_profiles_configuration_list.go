// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list/schema"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// noFilter is the configuration of a list resource that has none.
type noFilter struct{}

func userProfilesConfigurationList() entity.Listing[api, userProfilesConfigurationModel, noFilter] {
	return entity.Listing[api, userProfilesConfigurationModel, noFilter]{
		Of: userProfilesConfigurationResource(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the user profiles configuration of the project of Cognite Data Fusion ([retrieve a project](https://docs.cognite.com/20230101/projects/retrieve-a-project)): a project always has one.",
		},
		Find: func(ctx context.Context, cdf api, _ noFilter, _ int) iter.Seq2[entity.Found, error] {
			return func(yield func(entity.Found, error) bool) {
				if _, err := cdf.GetProject(ctx); err != nil {
					yield(entity.Found{}, err)
					return
				}
				yield(entity.Found{Identity: map[string]any{"project": cdf.Project()}}, nil)
			}
		},
		Calls: []entity.Call{{Operation: "getProject"}},
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type userProfilesConfigurationModel struct {
	Project types.String `tfsdk:"project"`
	Enabled types.Bool   `tfsdk:"enabled"`
}

func userProfilesConfigurationResource() entity.Definition[api, userProfilesConfigurationModel] {
	return entity.Definition[api, userProfilesConfigurationModel]{
		Name:     "cdf_user_profiles_configuration",
		Title:    "CDF user profiles configuration",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Manages whether a project of Cognite Data Fusion has user profiles ([update a project](https://docs.cognite.com/20230101/projects/update-a-project)). " +
				"A project has this setting once and always: creating the resource sets it, and destroying the resource leaves it as it is.",
			Attributes: map[string]schema.Attribute{
				"project": schema.StringAttribute{
					MarkdownDescription: "The project's URL name: that of the provider.",
					Computed:            true,
					PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
				},
				"enabled": schema.BoolAttribute{
					MarkdownDescription: "Whether user profiles are enabled, for example `true`.",
					Required:            true,
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{project}", Example: "local"}},
		Identity: []string{"project"},
		Create: func(ctx context.Context, s *entity.Session[api], m *userProfilesConfigurationModel) error {
			m.Project = types.StringValue(s.API.Project())
			return setUserProfiles(ctx, s, m)
		},
		Read: readUserProfilesConfiguration,
		Update: func(ctx context.Context, s *entity.Session[api], _ userProfilesConfigurationModel, m *userProfilesConfigurationModel) error {
			return setUserProfiles(ctx, s, m)
		},
		Delete: func(_ context.Context, s *entity.Session[api], m userProfilesConfigurationModel) error {
			s.Warn("The user profiles setting stays as it is",
				fmt.Sprintf("The setting of the project %q is no longer managed. It was left as it is: enabled = %t.", m.Project.ValueString(), m.Enabled.ValueBool()))
			return nil
		},
		Adopt: func(_ context.Context, s *entity.Session[api], m *userProfilesConfigurationModel) error {
			if project := m.Project.ValueString(); project != s.API.Project() {
				return &entity.ElsewhereError{Lives: project, Configured: s.API.Project()}
			}
			return nil
		},
		Reads: []entity.Call{{Operation: "getProject"}},
		Calls: func(change entity.Change[userProfilesConfigurationModel]) []entity.Call {
			if change.Planned == nil {
				return nil
			}
			return []entity.Call{{Operation: "updateProject"}}
		},
	}
}

// setUserProfiles sets the switch, and takes no other answer than what was set.
func setUserProfiles(ctx context.Context, s *entity.Session[api], m *userProfilesConfigurationModel) error {
	enabled, err := s.API.SetUserProfilesEnabled(ctx, m.Enabled.ValueBool())
	if err == nil && enabled != m.Enabled.ValueBool() {
		err = fmt.Errorf("CDF was told enabled = %t and answered enabled = %t", m.Enabled.ValueBool(), enabled)
	}
	return err
}

func readUserProfilesConfiguration(ctx context.Context, s *entity.Session[api], m *userProfilesConfigurationModel) (bool, error) {
	project, err := s.API.GetProject(ctx)
	m.Enabled = types.BoolValue(project.UserProfilesEnabled)
	return true, err
}

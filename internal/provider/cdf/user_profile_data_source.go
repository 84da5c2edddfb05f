// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// userProfileItem is a user profile: that of a data source, or one in a list.
type userProfileItem struct {
	UserIdentifier  types.String `tfsdk:"user_identifier"`
	GivenName       types.String `tfsdk:"given_name"`
	Surname         types.String `tfsdk:"surname"`
	Email           types.String `tfsdk:"email"`
	DisplayName     types.String `tfsdk:"display_name"`
	JobTitle        types.String `tfsdk:"job_title"`
	IdentityType    types.String `tfsdk:"identity_type"`
	LastUpdatedTime types.String `tfsdk:"last_updated_time"`
}

func newUserProfileItem(profile cdfapi.UserProfile) userProfileItem {
	return userProfileItem{
		UserIdentifier:  types.StringValue(profile.UserIdentifier),
		GivenName:       textOrNull(profile.GivenName),
		Surname:         textOrNull(profile.Surname),
		Email:           textOrNull(profile.Email),
		DisplayName:     textOrNull(profile.DisplayName),
		JobTitle:        textOrNull(profile.JobTitle),
		IdentityType:    textOrNull(profile.IdentityType),
		LastUpdatedTime: rfc3339(profile.LastUpdatedTime),
	}
}

func userProfileAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"user_identifier":   shown("The identifier, which alone identifies the principal for good; it can be a member of a group."),
		"given_name":        shown("The given name; null when the profile has none."),
		"surname":           shown("The surname; null when the profile has none."),
		"email":             shown("The e-mail address; null when the profile has none. It may change, and is not proof of who somebody is."),
		"display_name":      shown("The name to show; null when the profile has none."),
		"job_title":         shown("The job title; null when the profile has none."),
		"identity_type":     shown("`USER`, `SERVICE_PRINCIPAL` or `INTERNAL_SERVICE`."),
		"last_updated_time": shown("When the profile was last updated from the identity provider, as an RFC 3339 time such as `2026-11-22T08:00:00Z`."),
	}
}

func userProfileDataSource() entity.DataSource[api, userProfileItem] {
	attributes := userProfileAttributes()
	attributes["user_identifier"] = schema.StringAttribute{
		MarkdownDescription: "The identifier of the profile to read, for example `wfeLPTnQ3cUXb0a2aDHyPw`. Default: the caller's own profile.",
		Optional:            true, Computed: true,
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	return entity.DataSource[api, userProfileItem]{
		Name:     "cdf_user_profile",
		Title:    "CDF user profile",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads a user profile of a project of Cognite Data Fusion: the caller's own " +
				"([get the user profile of the principal issuing the request](https://docs.cognite.com/20230101/user-profiles/deprecated-get-the-user-profile-of-the-principal-issuing-the-request)), or one by its identifier " +
				"([retrieve profiles by id](https://docs.cognite.com/20230101/user-profiles/retrieve-profiles-by-id-in-the-current-project)). " +
				"Reading them needs `userProfilesAcl:READ`, which CDF gives by itself to every member of any group of the project. A profile comes to be some seconds after a principal first uses the project, while profiles are enabled (`iam_cdf_user_profiles_configuration`). " +
				"Cognite recommends principals (`iam_cdf_principals`) instead of profiles.",
			Attributes: attributes,
		},
		Read: lookUpUserProfile,
		Calls: []entity.Call{
			{Operation: "getMyUserProfile", Only: "unless `user_identifier` is set"},
			{Operation: "retrieveUserProfiles", Only: "with `user_identifier`"},
		},
	}
}

func lookUpUserProfile(ctx context.Context, s *entity.Session[api], m *userProfileItem) error {
	if m.UserIdentifier.IsNull() {
		profile, err := s.API.GetMyUserProfile(ctx)
		if cdfapi.IsNotFound(err) {
			return withoutProfile(fmt.Sprintf("the caller has no user profile in the project %q", s.API.Project()))
		}
		*m = newUserProfileItem(profile)
		return profilesOff(err)
	}
	profiles, err := profilesOf(ctx, s, []string{m.UserIdentifier.ValueString()})
	if err == nil {
		*m = newUserProfileItem(profiles[0])
	}
	return err
}

// profileHint says why there may be no profile where one is looked for.
const profileHint = "A profile comes to be some seconds after a principal first uses the project, so for a new one it may be there a little later. " +
	"A project keeps profiles only while they are enabled: see enabled of iam_cdf_user_profiles_configuration."

// withoutProfile is the error about profiles that are not there.
func withoutProfile(what string) error {
	return errors.New(entity.Sentence(what) + " " + profileHint)
}

// profilesOff adds to a refusal of a sound request what may be the reason.
func profilesOff(err error) error {
	if httpapi.StatusOf(err) != http.StatusBadRequest {
		return err
	}
	return fmt.Errorf("%w. Are user profiles enabled in the project? See enabled of iam_cdf_user_profiles_configuration", err)
}

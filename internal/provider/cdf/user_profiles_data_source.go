// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// identityTypes are the kinds of profiles that can be listed. The API refuses any
// other.
var identityTypes = []string{"ALL", "USER", "SERVICE_PRINCIPAL", "INTERNAL_SERVICE"}

// maxFound is how many profiles the API finds at most in one search, which has no
// second page.
const maxFound = 1000

type userProfilesLookup struct {
	IdentityType    types.String      `tfsdk:"identity_type"`
	UserIdentifiers types.List        `tfsdk:"user_identifiers"`
	Search          types.String      `tfsdk:"search"`
	Limit           types.Number      `tfsdk:"limit"`
	Profiles        []userProfileItem `tfsdk:"profiles"`
}

func userProfilesDataSource() entity.DataSource[api, userProfilesLookup] {
	return entity.DataSource[api, userProfilesLookup]{
		Name:     "cdf_user_profiles",
		Title:    "CDF user profiles",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads user profiles of a project of Cognite Data Fusion: all " +
				"([list](https://docs.cognite.com/20230101/user-profiles/list-all-user-profiles-in-the-current-project)), those with given identifiers " +
				"([retrieve](https://docs.cognite.com/20230101/user-profiles/retrieve-profiles-by-id-in-the-current-project)), or those of a name " +
				"([search](https://docs.cognite.com/20230101/user-profiles/search-user-profiles-in-the-current-project)). " +
				"Reading them needs `userProfilesAcl:READ`, which CDF gives by itself to every member of any group of the project. Cognite recommends principals (`iam_cdf_principals`) instead of profiles.",
			Attributes: userProfilesAttributes(),
		},
		Validate: validateUserProfiles,
		Read:     lookUpUserProfiles,
		Calls: []entity.Call{
			{Operation: "listUserProfiles", Only: "unless `user_identifiers` or `search` is set"},
			{Operation: "retrieveUserProfiles", Only: "with `user_identifiers`"},
			{Operation: "searchUserProfiles", Only: "with `search`"},
		},
	}
}

func userProfilesAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"identity_type": schema.StringAttribute{
			MarkdownDescription: "The kind of profiles to list: `" + strings.Join(identityTypes, "`, `") + "`. It cannot be combined with `user_identifiers` and `search`. Default: `USER`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(identityTypes...)},
		},
		"user_identifiers": schema.ListAttribute{
			MarkdownDescription: "Only the profiles with these identifiers, for example `[\"wfeLPTnQ3cUXb0a2aDHyPw\"]`; an unknown one is an error. It cannot be combined with `search`.",
			Optional:            true, ElementType: types.StringType,
			Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))},
		},
		"search": schema.StringAttribute{
			MarkdownDescription: "Only the profiles of users whose name begins so, for example `Jane`. How well a name must match is up to CDF. It cannot be combined with `user_identifiers`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		// A number that is refused here: for a fraction in an integer the framework's error
		// blames the provider.
		"limit": schema.NumberAttribute{
			MarkdownDescription: "At most so many profiles, for example `25`: at least 1, with `search` at most 1000. It cannot be combined with `user_identifiers`. Default: with `search` 1000, otherwise all.",
			Optional:            true,
		},
		"profiles": listOf("The profiles: with `user_identifiers` in their order, with `search` the best match first, otherwise by name.", userProfileAttributes()),
	}
}

func validateUserProfiles(_ context.Context, m userProfilesLookup) (diags diag.Diagnostics) {
	conflicts := []struct {
		name, with string
		both       bool
	}{
		{"search", "user_identifiers", entity.Known(m.Search) && entity.Known(m.UserIdentifiers)},
		{"identity_type", "user_identifiers", entity.Known(m.IdentityType) && entity.Known(m.UserIdentifiers)},
		{"identity_type", "search", entity.Known(m.IdentityType) && entity.Known(m.Search)},
		{"limit", "user_identifiers", entity.Known(m.Limit) && entity.Known(m.UserIdentifiers)},
	}
	for _, conflict := range conflicts {
		if conflict.both {
			diags.AddAttributeError(path.Root(conflict.name), "Which user profiles?",
				"Both "+conflict.name+" and "+conflict.with+" of data.iam_cdf_user_profiles are set. Keep one of them.")
		}
	}
	limit, whole := m.limit()
	switch {
	case !entity.Known(m.Limit):
	case !whole || limit < 1:
		diags.AddAttributeError(path.Root("limit"), "How many user profiles?", "The limit of data.iam_cdf_user_profiles must be a whole number of at least 1, not "+numberText(m.Limit.ValueBigFloat())+".")
	case limit > maxFound && entity.Known(m.Search):
		diags.AddAttributeError(path.Root("limit"), "How many user profiles?",
			"With search, the limit of data.iam_cdf_user_profiles must be at most "+strconv.Itoa(maxFound)+": CDF finds no more.")
	}
	return diags
}

// limit is how many profiles are wanted at most; 0 is all that there are. It answers false for
// what is no whole number.
func (m *userProfilesLookup) limit() (int, bool) {
	if !entity.Known(m.Limit) {
		return 0, true
	}
	limit, whole := wholeNumber(m.Limit.ValueBigFloat())
	return int(limit), whole
}

func lookUpUserProfiles(ctx context.Context, s *entity.Session[api], m *userProfilesLookup) (err error) {
	limit, _ := m.limit()
	var profiles []cdfapi.UserProfile
	switch {
	case !m.UserIdentifiers.IsNull():
		identifiers, _ := textsIn(m.UserIdentifiers)
		profiles, err = profilesOf(ctx, s, identifiers)
	case !m.Search.IsNull():
		profiles, err = s.API.SearchUserProfiles(ctx, m.Search.ValueString(), limit)
		err = profilesOff(err)
	default:
		m.Profiles, err = collect(s.API.ListUserProfiles(ctx, m.IdentityType.ValueString(), cdfapi.ListOptions{Limit: limit}), newUserProfileItem)
		return profilesOff(err)
	}
	m.Profiles = each(profiles, newUserProfileItem)
	return err
}

// profilesOf reads the profiles with the identifiers, in their order and each once.
func profilesOf(ctx context.Context, s *entity.Session[api], identifiers []string) ([]cdfapi.UserProfile, error) {
	asked := make(map[string]bool, len(identifiers))
	identifiers = slices.DeleteFunc(slices.Clone(identifiers), func(identifier string) bool {
		again := asked[identifier]
		asked[identifier] = true
		return again
	})
	answered, err := s.API.RetrieveUserProfiles(ctx, identifiers...)
	if cdfapi.IsNotFound(err) {
		return nil, unknownProfiles(err)
	}
	if err != nil {
		return nil, profilesOff(err)
	}
	found := make(map[string]cdfapi.UserProfile, len(answered))
	for _, profile := range answered {
		found[profile.UserIdentifier] = profile
	}
	var missing []string
	profiles := make([]cdfapi.UserProfile, len(identifiers))
	for i, identifier := range identifiers {
		profile, ok := found[identifier]
		if !ok {
			missing = append(missing, identifier)
		}
		profiles[i] = profile
	}
	if len(missing) > 0 {
		return nil, noProfilesOf(missing)
	}
	return profiles, nil
}

// unknownProfiles names the identifiers that a refusal names as missing.
func unknownProfiles(refusal error) error {
	missing := each(cdfapi.MissingOf(refusal), func(object map[string]string) string { return object["userIdentifier"] })
	if len(missing) == 0 {
		return withoutProfile(refusal.Error())
	}
	return noProfilesOf(missing)
}

func noProfilesOf(identifiers []string) error {
	return withoutProfile("there are no user profiles with the identifiers " + strings.Join(each(identifiers, strconv.Quote), ", "))
}

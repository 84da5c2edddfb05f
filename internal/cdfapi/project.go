// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"reflect"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Project is the project itself.
type Project struct {
	Name, URLName string
	// Organization is what the project's principals belong to.
	Organization string
	// UserProfilesEnabled says whether the project keeps user profiles; it is
	// false when the answer does not tell.
	UserProfilesEnabled bool
	// OIDC says how the project knows its callers, nil when the answer does not.
	OIDC *OIDCConfiguration
}

// OIDCConfiguration is how a project checks the tokens of its identity provider.
type OIDCConfiguration struct {
	JwksURL, TokenURL, Issuer, Audience string
	// AccessClaims are the claims of a token that are matched with the source ids
	// of groups.
	AccessClaims []string
	// ScopeClaims and LogClaims are the claims that scopes and log entries are
	// taken from.
	ScopeClaims, LogClaims []string
}

// UnmarshalJSON refuses a project without its names.
func (p *Project) UnmarshalJSON(data []byte) error {
	var object struct {
		Name         string              `json:"name"`
		URLName      string              `json:"urlName"`
		Organization string              `json:"organization"`
		UserProfiles *userProfilesSwitch `json:"userProfilesConfiguration"`
		OIDC         *OIDCConfiguration  `json:"oidcConfiguration"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "name", "urlName"); err != nil {
		return err
	}
	*p = Project{
		Name: object.Name, URLName: object.URLName, Organization: object.Organization,
		UserProfilesEnabled: object.UserProfiles != nil && object.UserProfiles.Enabled, OIDC: object.OIDC,
	}
	return nil
}

// UnmarshalJSON reads the claims as the names that they are objects of.
func (o *OIDCConfiguration) UnmarshalJSON(data []byte) error {
	var object struct {
		JwksURL      string  `json:"jwksUrl"`
		TokenURL     string  `json:"tokenUrl"`
		Issuer       string  `json:"issuer"`
		Audience     string  `json:"audience"`
		AccessClaims []claim `json:"accessClaims"`
		ScopeClaims  []claim `json:"scopeClaims"`
		LogClaims    []claim `json:"logClaims"`
	}
	if err := httpapi.UnmarshalObject(data, &object); err != nil {
		return err
	}
	*o = OIDCConfiguration{
		JwksURL: object.JwksURL, TokenURL: object.TokenURL, Issuer: object.Issuer, Audience: object.Audience,
		AccessClaims: claimNames(object.AccessClaims), ScopeClaims: claimNames(object.ScopeClaims), LogClaims: claimNames(object.LogClaims),
	}
	return nil
}

// claim is a claim of a token.
type claim struct {
	ClaimName string `json:"claimName"`
}

// UnmarshalJSON refuses a claim without its name.
func (c *claim) UnmarshalJSON(data []byte) error {
	type plain claim
	return httpapi.UnmarshalObject(data, (*plain)(c), "claimName")
}

func claimNames(claims []claim) []string {
	var names []string
	for _, claim := range claims {
		names = append(names, claim.ClaimName)
	}
	return names
}

// userProfilesSwitch says whether a project keeps user profiles.
type userProfilesSwitch struct {
	Enabled bool `json:"enabled"`
}

// UnmarshalJSON refuses a switch that does not say how it stands.
func (u *userProfilesSwitch) UnmarshalJSON(data []byte) error {
	type plain userProfilesSwitch
	return httpapi.UnmarshalObject(data, (*plain)(u), "enabled")
}

// switchedProject is what is read of a project after an update.
type switchedProject struct {
	UserProfiles userProfilesSwitch `json:"userProfilesConfiguration"`
}

// UnmarshalJSON refuses a project without the switch.
func (s *switchedProject) UnmarshalJSON(data []byte) error {
	type plain switchedProject
	return httpapi.UnmarshalObject(data, (*plain)(s), "userProfilesConfiguration")
}

// GetProject answers the project.
func (c *Client) GetProject(ctx context.Context) (Project, error) {
	return fetch[Project](ctx, c, opGetProject, arguments{})
}

// SetUserProfilesEnabled turns the user profiles of the project on or off, and
// answers how they are then.
func (c *Client) SetUserProfilesEnabled(ctx context.Context, enabled bool) (bool, error) {
	type object = map[string]any
	got, err := fetch[switchedProject](ctx, c, opUpdateProject, arguments{body: object{
		"update": object{"userProfilesConfiguration": object{"set": object{"enabled": enabled}}},
	}})
	return got.UserProfiles.Enabled, err
}

// ProjectItem is a project in a list.
type ProjectItem struct {
	URLName string `json:"urlName"`
	// DataModelingStatus is HYBRID or DATA_MODELING_ONLY, "" when the answer has
	// none. Projects of the second kind refuse assetsAcl and relationshipsAcl.
	DataModelingStatus string `json:"dataModelingStatus"`
}

// UnmarshalJSON refuses a project without its name.
func (p *ProjectItem) UnmarshalJSON(data []byte) error {
	type plain ProjectItem
	return httpapi.UnmarshalObject(data, (*plain)(p), "urlName")
}

// ListProjects answers the projects that the caller may see.
func (c *Client) ListProjects(ctx context.Context) ([]ProjectItem, error) {
	return listWhole[ProjectItem](ctx, c, opListProjects, arguments{query: url.Values{"withDataModelingStatus": {"true"}}})
}

// TokenInspection is what the caller's token means.
type TokenInspection struct {
	// Subject is whom the identity provider says that the caller is.
	Subject  string
	Projects []ProjectGroups
	// Capabilities is a JSON array as it came: what the caller may do, in all
	// projects.
	Capabilities json.RawMessage
}

// ProjectGroups are the groups that the caller is in, in one project.
type ProjectGroups struct {
	ProjectURLName string
	Groups         []int64
}

// UnmarshalJSON refuses an inspection that lacks a part.
func (t *TokenInspection) UnmarshalJSON(data []byte) error {
	var object struct {
		Subject      string          `json:"subject"`
		Projects     []ProjectGroups `json:"projects"`
		Capabilities json.RawMessage `json:"capabilities"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "subject", "projects", "capabilities"); err != nil {
		return err
	}
	if err := checkArray("capabilities", object.Capabilities); err != nil {
		return err
	}
	*t = TokenInspection{Subject: object.Subject, Projects: object.Projects, Capabilities: object.Capabilities}
	return nil
}

// UnmarshalJSON refuses a project without its name or its groups.
func (p *ProjectGroups) UnmarshalJSON(data []byte) error {
	var object struct {
		ProjectURLName string   `json:"projectUrlName"`
		Groups         []number `json:"groups"`
	}
	if err := httpapi.UnmarshalObject(data, &object, "projectUrlName", "groups"); err != nil {
		return err
	}
	*p = ProjectGroups{ProjectURLName: object.ProjectURLName, Groups: make([]int64, len(object.Groups))}
	for i, id := range object.Groups {
		p.Groups[i] = int64(id)
	}
	return nil
}

// checkArray refuses what is kept as it came and yet must be an array.
func checkArray(member string, value json.RawMessage) error {
	if bytes.HasPrefix(value, []byte("[")) {
		return nil
	}
	return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[[]any](), Field: member}
}

// InspectToken answers what the caller's token means. It is told in one answer for
// all projects.
func (c *Client) InspectToken(ctx context.Context) (TokenInspection, error) {
	return fetch[TokenInspection](ctx, c, opInspectToken, arguments{})
}

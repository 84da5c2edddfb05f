// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	_ "embed" // for the world that every server begins with
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// world is what every project has from the start, in the form of a seed: an
// administrators group, some users and a service account that cannot log in.
//
//go:embed setup/world.json
var world string

// administratorsID is the group at the identity provider that the administrator
// is in. The administrators group of the world refers to it.
const administratorsID = "administrators"

// seed is the JSON form of objects that exist before the first request. Its
// members are strict, a misspelt one is an error; but groups are taken as the
// service might answer them, sense or not.
type seed struct {
	Groups             []json.RawMessage `json:"groups"`
	SecurityCategories []categoryName    `json:"securityCategories"`
	Users              []User            `json:"users"`
	Clients            []Client          `json:"clients"`
}

// User is a user account. Users have a profile and do not log in.
type User struct {
	// ID is the identifier of the profile and of the principal.
	ID string `json:"id"`
	// DisplayName orders profiles; empty means the id.
	DisplayName string `json:"displayName"`
	GivenName   string `json:"givenName"`
	MiddleName  string `json:"middleName"`
	Surname     string `json:"surname"`
	Email       string `json:"email"`
	JobTitle    string `json:"jobTitle"`
	// SourceIDs are the user's groups at the identity provider.
	SourceIDs []string `json:"sourceIds"`
	// NoProfile leaves the profile out, as for users who never opened the project.
	NoProfile bool `json:"noProfile"`
}

// Client is a service account that logs in with client credentials.
type Client struct {
	// ID is the client id, and the id of the principal.
	ID string `json:"clientId"`
	// Secret is the client secret; without one it cannot log in.
	Secret string `json:"clientSecret"`
	// Name is the name of the principal; empty means the id.
	Name        string `json:"name"`
	ExternalID  string `json:"externalId"`
	Description string `json:"description"`
	// SourceIDs are the client's groups at the identity provider: it belongs to the
	// groups whose sourceId is one of them.
	SourceIDs []string `json:"sourceIds"`
	// Profile gives it a user profile, which most service accounts do not have.
	Profile bool `json:"profile"`
}

// String describes the client without its secret.
func (c Client) String() string { return fmt.Sprintf("cdf.Client{ID:%q}", c.ID) }

// Format writes String for every verb.
func (c Client) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, c.String()) }

// LogValue is String for package slog.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// setUp makes the administrator, the world and the seed.
func (s *Server) setUp() error {
	s.admin = Client{
		ID: s.options.ClientID, Secret: s.options.ClientSecret, Name: "Administrator",
		SourceIDs: []string{administratorsID}, Profile: true,
	}
	if err := s.AddClient(s.admin); err != nil {
		return fmt.Errorf("setting up the administrator: %w", err)
	}
	if err := s.plant(strings.NewReader(world)); err != nil {
		return fmt.Errorf("setting up the world: %w", err)
	}
	if s.options.Seed == nil {
		return nil
	}
	return s.plant(s.options.Seed)
}

func readSeed(r io.Reader) (seed, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var content seed
	if err := decoder.Decode(&content); err != nil {
		return seed{}, fmt.Errorf("seed: cdf: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return seed{}, errors.New("seed: cdf: there is text after the JSON object")
	}
	return content, nil
}

// plant stores a seed. An error names the part and the position, counted from 0.
func (s *Server) plant(r io.Reader) error {
	content, err := readSeed(r)
	if err != nil {
		return err
	}
	parts := []struct {
		name  string
		count int
		store func(i int) error
	}{
		{"users", len(content.Users), func(i int) error { return s.AddUser(content.Users[i]) }},
		{"clients", len(content.Clients), func(i int) error { return s.AddClient(content.Clients[i]) }},
		{"groups", len(content.Groups), func(i int) error {
			_, err := s.AddGroup(content.Groups[i])
			return err
		}},
		{"securityCategories", len(content.SecurityCategories), func(i int) error {
			return s.addCategory(content.SecurityCategories[i].Name)
		}},
	}
	for _, part := range parts {
		for i := range part.count {
			if err := part.store(i); err != nil {
				return fmt.Errorf("seed: cdf.%s[%d]: %w", part.name, i, err)
			}
		}
	}
	return nil
}

// AddGroup stores a group in the form in which groups are written, and returns its
// id. It may be one that the service answers but would not take, such as one with
// both sourceId and members, or with a capability without meaning; it holds at
// once, whatever the limit and the delay are.
func (s *Server) AddGroup(written json.RawMessage) (int64, error) {
	g, err := s.parseGroup(written, false)
	if err != nil {
		return 0, err
	}
	return s.store.plantGroup(g), nil
}

func (s *Server) addCategory(name string) error {
	if name == "" {
		return errors.New("a security category needs a name")
	}
	_, err := s.store.addCategories([]string{name})
	return err
}

// AddClient adds a service account with the credentials of a client. It belongs to
// no group yet unless one refers to its source ids or to its id.
func (s *Server) AddClient(c Client) error {
	if c.ID == "" {
		return errors.New("a client needs a clientId")
	}
	now, name := s.options.Now().UnixMilli(), cmp.Or(c.Name, c.ID)
	p := principal{
		id: c.ID, kind: kindServiceAccount, secret: c.Secret, sourceIDs: c.SourceIDs,
		shown: principalJSON{
			ID: c.ID, Type: kindServiceAccount, Name: name, PictureURL: pictureURL(c.ID), ExternalID: c.ExternalID,
			Description: c.Description, CreatedBy: &creatorJSON{OrgID: s.organization, UserID: "user-anna"},
			CreatedTime: now, LastUpdatedTime: now,
		},
	}
	if c.Profile {
		p.profile = &profileJSON{UserIdentifier: c.ID, DisplayName: name, IdentityType: "SERVICE_PRINCIPAL", LastUpdatedTime: now}
	}
	return s.store.addPrincipal(p)
}

// AddUser adds a user account, with a profile unless the user has none.
func (s *Server) AddUser(u User) error {
	if u.ID == "" {
		return errors.New("a user needs an id")
	}
	name := cmp.Or(u.DisplayName, u.ID)
	p := principal{
		id: u.ID, kind: kindUser, sourceIDs: u.SourceIDs,
		shown: principalJSON{
			ID: u.ID, Type: kindUser, Name: name, PictureURL: pictureURL(u.ID), Email: u.Email,
			GivenName: u.GivenName, MiddleName: u.MiddleName, FamilyName: u.Surname,
		},
	}
	if !u.NoProfile {
		p.profile = &profileJSON{
			UserIdentifier: u.ID, GivenName: u.GivenName, Surname: u.Surname, Email: u.Email, DisplayName: name,
			JobTitle: u.JobTitle, IdentityType: "USER", LastUpdatedTime: s.options.Now().UnixMilli(),
		}
	}
	return s.store.addPrincipal(p)
}

func pictureURL(id string) string {
	return "https://pictures.local-server.invalid/" + url.PathEscape(id)
}

// Token issues an access token for a user or client, as logging in would.
func (s *Server) Token(id string) (string, error) {
	p, known := s.store.principal(id)
	if !known {
		return "", fmt.Errorf("there is no principal %q", id)
	}
	return s.tokens.issue(p)
}

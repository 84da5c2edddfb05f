// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// setupFiles holds what the setup of each version makes besides the admin, in
// the form of a seed.
//
//go:embed setup/*.json
var setupFiles embed.FS

// seed is the JSON form of objects that exist before the first request. Its
// members are strict: a misspelt one is an error.
type seed struct {
	Users       []seedUser       `json:"users"`
	Groups      []seedGroup      `json:"groups"`
	Policies    []seedPolicy     `json:"policies"`
	Memberships []seedMembership `json:"memberships"`
	Attachments []seedAttachment `json:"attachments"`
	Credentials []seedCredential `json:"credentials"`
}

type seedUser struct {
	ID string `json:"id"`
}

// seedGroup names a group. Other parts of a seed refer to this name, also when
// the server chooses the id.
type seedGroup struct {
	ID          string `json:"id"`
	Description string `json:"description"`
}

type seedPolicy struct {
	ID        string      `json:"id"`
	Statement []statement `json:"statement"`
}

type seedMembership struct {
	Group string `json:"group"`
	User  string `json:"user"`
}

type seedAttachment struct {
	Policy string `json:"policy"`
	User   string `json:"user"`
	Group  string `json:"group"`
}

type seedCredential struct {
	User            string `json:"user"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
}

// setUp makes the admin, the defaults of the version and the seed. A server
// without RBAC has the admin alone.
func (s *Server) setUp(options Options) error {
	if _, err := s.store.addUser(adminID, ""); err != nil {
		return fmt.Errorf("setting up the admin: %w", err)
	}
	admin, err := s.store.addKey(adminID, options.AccessKeyID, options.SecretAccessKey)
	if err != nil {
		return fmt.Errorf("setting up the admin: %w", err)
	}
	s.admin = admin
	if s.basic {
		if options.Seed != nil {
			return errors.New("a server without RBAC has one user and nothing else: it takes no seed")
		}
		return nil
	}
	if s.defaults, err = setupContent(s.dialect.name); err != nil {
		return err
	}
	if err := s.plantDefaults(); err != nil {
		return fmt.Errorf("setting up the defaults: %w", err)
	}
	if options.Seed == nil {
		return nil
	}
	extra, err := readSeed(options.Seed)
	if err != nil {
		return err
	}
	return s.plant(extra)
}

// plantDefaults makes what setup makes besides the admin. A server with ACLs has
// groups of its own, and no policies but theirs.
func (s *Server) plantDefaults() error {
	if !s.simplified {
		return s.plant(s.defaults)
	}
	for _, of := range aclGroups {
		made, err := s.store.addGroup(of.name, "")
		if err != nil {
			return err
		}
		if err := s.store.setGroupPolicy(made.id, s.aclPolicy(made.id, of.permission)); err != nil {
			return err
		}
	}
	return s.plantMembership(seedMembership{Group: aclGroups[0].name, User: adminID})
}

// setupContent returns what setup makes in a version.
func setupContent(version string) (seed, error) {
	file, err := setupFiles.Open("setup/" + version + ".json")
	if err != nil {
		return seed{}, fmt.Errorf("reading the defaults: %w", err)
	}
	defer func() { _ = file.Close() }()
	return readSeed(file)
}

// defaultStatements returns the statements of a default policy as setup makes
// them, whatever became of it since.
func (s *Server) defaultStatements(id string) []statement {
	for _, p := range s.defaults.Policies {
		if p.ID == id {
			return p.Statement
		}
	}
	return nil
}

func readSeed(r io.Reader) (seed, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var content seed
	if err := decoder.Decode(&content); err != nil {
		return seed{}, fmt.Errorf("seed: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return seed{}, errors.New("seed: there is text after the JSON object")
	}
	return content, nil
}

// plant stores a seed, in an order in which later parts may refer to earlier
// ones. An error names the part and the position, counted from 0.
func (s *Server) plant(content seed) error {
	parts := []struct {
		name  string
		count int
		store func(i int) error
	}{
		{"users", len(content.Users), func(i int) error { return s.plantUser(content.Users[i]) }},
		{"groups", len(content.Groups), func(i int) error { return s.plantGroup(content.Groups[i]) }},
		{"policies", len(content.Policies), func(i int) error { return s.plantPolicy(content.Policies[i]) }},
		{"memberships", len(content.Memberships), func(i int) error { return s.plantMembership(content.Memberships[i]) }},
		{"attachments", len(content.Attachments), func(i int) error { return s.plantAttachment(content.Attachments[i]) }},
		{"credentials", len(content.Credentials), func(i int) error { return s.plantCredential(content.Credentials[i]) }},
	}
	for _, part := range parts {
		for i := range part.count {
			if err := part.store(i); err != nil {
				return fmt.Errorf("seed: %s[%d]: %w", part.name, i, err)
			}
		}
	}
	return nil
}

func (s *Server) plantUser(u seedUser) error {
	if err := validateName(u.ID); err != nil {
		return err
	}
	_, err := s.store.addUser(u.ID, "")
	return err
}

func (s *Server) plantGroup(g seedGroup) error {
	if err := validateName(g.ID); err != nil {
		return err
	}
	_, err := s.store.addGroup(g.ID, g.Description)
	return err
}

func (s *Server) plantPolicy(p seedPolicy) error {
	if err := validateName(p.ID); err != nil {
		return err
	}
	if len(p.Statement) == 0 {
		return errors.New("a policy needs a statement")
	}
	for _, one := range p.Statement {
		if one.Effect != effectAllow && one.Effect != effectDeny {
			return fmt.Errorf("effect is %q: use allow or deny", one.Effect)
		}
		if len(one.Action) == 0 {
			return errors.New("a statement needs an action")
		}
		if one.Condition != nil && !s.dialect.rules.conditions {
			return fmt.Errorf("dialect %s has no conditions", s.dialect.name)
		}
	}
	if err := s.dialect.validateStatements(p.Statement); err != nil {
		return err
	}
	_, err := s.store.addPolicy(policy{ID: p.ID, Statements: p.Statement})
	return err
}

func (s *Server) plantMembership(m seedMembership) error {
	groupID, err := s.store.groupIDByName(m.Group)
	if err != nil {
		return err
	}
	return s.store.addMember(groupID, m.User)
}

func (s *Server) plantAttachment(a seedAttachment) error {
	if (a.User == "") == (a.Group == "") {
		return errors.New("give either a user or a group")
	}
	if a.User != "" {
		return s.store.attach(principal{kindUser, a.User}, a.Policy)
	}
	groupID, err := s.store.groupIDByName(a.Group)
	if err != nil {
		return err
	}
	return s.store.attach(principal{kindGroup, groupID}, a.Policy)
}

func (s *Server) plantCredential(c seedCredential) error {
	if c.AccessKeyID == "" || c.SecretAccessKey == "" {
		return errors.New("a credential needs access_key_id and secret_access_key")
	}
	_, err := s.store.addKey(c.User, c.AccessKeyID, c.SecretAccessKey)
	return err
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package cdf is an in-memory twin of the identity and access management API of
// Cognite Data Fusion (groups, security categories, sessions, user profiles,
// token inspection), of the part of its organisation API that reads principals,
// and of an identity provider that issues tokens for them. It is for tests and
// for trying things out.
//
// Requests are decided by a plain evaluator of their own: nothing here is shared
// with the provider, so that tests compare two independent implementations.
package cdf

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

// Limits and lifetimes of the real service, by its documentation.
const (
	groupLimit    = 1500
	categoryLimit = 1000
	// nonceLifetime is how long a session waits for the service that uses it.
	nonceLifetime = time.Minute
	tokenLifetime = time.Hour
)

// Options say which project to be. The zero value is the project "local" of the
// organisation "local-org".
type Options struct {
	// Project is the name of the project in URLs; empty means "local".
	Project string
	// ClientID and ClientSecret belong to the administrator, a service principal
	// with every right on access management; empty ones are made up.
	ClientID, ClientSecret string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// PageSize is the default and the largest page; 0 means those of the service.
	PageSize int
	// CapabilityDelay is how long a change of groups takes until authorization and
	// token inspection see it. Listings of groups show it at once.
	CapabilityDelay time.Duration
	// Seed is optional JSON with objects that exist from the start: groups,
	// securityCategories, users and clients.
	Seed io.Reader

	// GroupLimit is how many groups the project may have, deleted ones counted; 0
	// means 1,500.
	GroupLimit int
	// TokenLifetime is how long access tokens are valid; 0 means an hour.
	TokenLifetime time.Duration
	// ListDeletedGroups keeps deleted groups in listings, marked as such.
	ListDeletedGroups bool
	// DataModelingOnly makes it a project that refuses assetsAcl and
	// relationshipsAcl.
	DataModelingOnly bool
	// DisableUserProfiles starts with user profiles turned off.
	DisableUserProfiles bool

	// TextIDs answers the ids in scopes of new groups as strings.
	TextIDs bool
	// ReverseMembers answers the members of new groups in reverse order.
	ReverseMembers bool
	// TextExpiry answers expires_in of a token as a string.
	TextExpiry bool
	// CursorObjects answers nextCursor of the organisation API as an object.
	CursorObjects bool
}

// Server is one project with its organisation and identity provider. It is an
// http.Handler, safe for concurrent use.
type Server struct {
	options      Options
	organization string
	router       *router
	store        *store
	tokens       *tokens
	admin        Client
}

// New sets up a project: the default world, then the seed. It fails on options
// that make no sense and on a seed that does not add up.
func New(options Options) (*Server, error) {
	options = options.withDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		options:      options,
		organization: options.Project + "-org",
		router:       newRouter(),
		tokens:       newTokens(options.Now, options.TokenLifetime),
		store:        newStore(options),
	}
	if err := s.setUp(); err != nil {
		return nil, err
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	defaults := []struct {
		option *string
		value  func() string
	}{
		{&o.Project, func() string { return "local" }},
		{&o.ClientID, newUUID},
		{&o.ClientSecret, newSecret},
	}
	for _, d := range defaults {
		if *d.option == "" {
			*d.option = d.value()
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.GroupLimit == 0 {
		o.GroupLimit = groupLimit
	}
	if o.TokenLifetime == 0 {
		o.TokenLifetime = tokenLifetime
	}
	return o
}

// projectNames are the names that need no escaping, neither in URLs nor in the
// shell that the server's variables are printed for.
var projectNames = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

func (o Options) validate() error {
	switch {
	case !projectNames.MatchString(o.Project):
		return fmt.Errorf("project is %q: use letters, digits, - and _", o.Project)
	case o.PageSize < 0 || o.PageSize > maxPage:
		return fmt.Errorf("page size is %d: use 0 to %d", o.PageSize, maxPage)
	case o.CapabilityDelay < 0:
		return fmt.Errorf("capability delay is %s: use 0 or more", o.CapabilityDelay)
	case o.GroupLimit < 0:
		return fmt.Errorf("group limit is %d: use 0 or more", o.GroupLimit)
	case o.TokenLifetime < 0:
		return fmt.Errorf("token lifetime is %s: use 0 or more", o.TokenLifetime)
	}
	return nil
}

// Project returns the name of the project in URLs.
func (s *Server) Project() string { return s.options.Project }

// Organization returns the id of the organisation that the project is of.
func (s *Server) Organization() string { return s.organization }

// ClientID returns the client id of the administrator.
func (s *Server) ClientID() string { return s.admin.ID }

// ClientSecret returns the client secret of the administrator.
func (s *Server) ClientSecret() string { return s.admin.Secret }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", newUUID())
	op, path := s.router.find(r.Method, r.URL)
	if op == nil {
		fail(http.StatusNotFound, "there is no such endpoint").send(w, nested)
		return
	}
	c := &call{operation: op, request: r, path: path, query: r.URL.Query()}
	s.serve(w, c).send(w, op.errors)
}

// serve takes a request through its stages: authentication, membership,
// authorization, body, meaning.
func (s *Server) serve(w http.ResponseWriter, c *call) reply {
	stages := []func(*call) *reply{s.identify, s.admit, s.authorize}
	for _, stage := range stages {
		if refusal := stage(c); refusal != nil {
			return *refusal
		}
	}
	if c.request.Method == http.MethodPost {
		body, refusal := readBody(w, c.request)
		if refusal != nil {
			return *refusal
		}
		c.body = body
	}
	return c.operation.run(s, c)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package lakefs is an in-memory twin of the auth API of lakeFS (users, groups,
// policies, credentials), for tests and for trying things out. It answers as the
// real server does, quirks included, in one of two versions.
//
// Requests are decided by a plain evaluator of their own: nothing here is shared
// with the provider, so that tests compare two independent implementations.
package lakefs

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// adminID is the user that a server is set up with.
const adminID = "admin"

// The modes of access control, as auth.ui_config.rbac of lakeFS has them.
const (
	rbacInternal   = "internal"
	rbacExternal   = "external"
	rbacSimplified = "simplified"
	rbacNone       = "none"
)

var rbacModes = []string{rbacInternal, rbacExternal, rbacSimplified, rbacNone}

// Options say which lakeFS to be. The zero value is version 1.84 with RBAC.
type Options struct {
	// Dialect is "1.84" (default) or "0.97".
	Dialect string
	// RBAC is "internal" (default) or "external", which differ in what the server
	// says of itself; "simplified", a server with access control lists, in front of
	// the sample ACL server of lakeFS; or "none", a server with basic
	// authentication and a single user. Only 1.84 has others than "internal".
	RBAC string
	// GroupIDs is "name" (default) or "generated": the server chooses group ids.
	GroupIDs string
	// PageSize is the default and the largest page; 0 means those of lakeFS.
	PageSize int
	// AuthCache is the lifetime of entries of the auth cache; 0 turns it off.
	AuthCache time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// AccessKeyID and SecretAccessKey belong to the admin; empty ones are made up.
	AccessKeyID, SecretAccessKey string
	// Seed is optional JSON with objects that exist from the start.
	Seed io.Reader
	// DropConditions echoes conditions of statements without storing them.
	DropConditions bool
	// ExternalPrincipals turns the operations on external principals on.
	ExternalPrincipals bool
}

// Server is one lakeFS server. It is an http.Handler, safe for concurrent use.
type Server struct {
	dialect        *dialect
	basic          bool
	simplified     bool
	pageSize       int
	dropConditions bool
	router         *router
	store          *store
	tokens         *tokens
	spent          *spentTokens
	externals      bool
	admin          accessKey
	defaults       seed
}

// New sets up a server: the admin with a key pair, the default groups and
// policies of the version, then the seed. It fails on options that make no
// sense together and on a seed that does not add up.
func New(options Options) (*Server, error) {
	options = options.withDefaults()
	if err := options.validate(); err != nil {
		return nil, err
	}
	d, known := newDialect(options.Dialect, options.RBAC)
	if !known {
		return nil, fmt.Errorf("there is no lakeFS with dialect %q and RBAC %q: use 1.84, or 0.97 with RBAC internal",
			options.Dialect, options.RBAC)
	}
	groupID := func(name string) string { return name }
	if options.GroupIDs == "generated" {
		groupID = func(string) string { return newUUID() }
	}
	s := &Server{
		dialect:        d,
		basic:          options.RBAC == rbacNone,
		simplified:     options.RBAC == rbacSimplified,
		pageSize:       options.PageSize,
		dropConditions: options.DropConditions,
		router:         newRouter(d.name),
		store:          newStore(options.Now, groupID, newAuthCache(options.AuthCache, options.Now)),
		tokens:         newTokens(d.issuer, options.Now),
		spent:          newSpentTokens(),
		externals:      options.ExternalPrincipals,
	}
	if err := s.setUp(options); err != nil {
		return nil, err
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	defaults := []struct {
		option *string
		value  func() string
	}{
		{&o.Dialect, func() string { return dialect184 }},
		{&o.RBAC, func() string { return rbacInternal }},
		{&o.GroupIDs, func() string { return "name" }},
		{&o.AccessKeyID, newAccessKeyID},
		{&o.SecretAccessKey, newSecretAccessKey},
	}
	for _, d := range defaults {
		if *d.option == "" {
			*d.option = d.value()
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func (o Options) validate() error {
	switch {
	case !slices.Contains(rbacModes, o.RBAC):
		return fmt.Errorf("RBAC is %q: use one of %s", o.RBAC, strings.Join(rbacModes, ", "))
	case o.RBAC == rbacSimplified && o.ExternalPrincipals:
		return errors.New("the ACL server behind a lakeFS with RBAC simplified has no external principals")
	case o.GroupIDs != "name" && o.GroupIDs != "generated":
		return fmt.Errorf("group ids are %q: use name or generated", o.GroupIDs)
	case o.GroupIDs == "generated" && o.Dialect == dialect097:
		return fmt.Errorf("dialect %s has no group names, so its group ids cannot be generated", dialect097)
	case o.PageSize < 0 || o.PageSize > maxPage:
		return fmt.Errorf("page size is %d: use 0 to %d", o.PageSize, maxPage)
	case o.AuthCache < 0:
		return fmt.Errorf("auth cache lifetime is %s: use 0 or more", o.AuthCache)
	}
	return nil
}

// AccessKeyID returns the id of the admin's key pair.
func (s *Server) AccessKeyID() string { return s.admin.id }

// SecretAccessKey returns the secret of the admin's key pair.
func (s *Server) SecretAccessKey() string { return s.admin.secret }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, _ := strings.CutPrefix(r.URL.Path, "/logout"); path != r.URL.Path && (path == "" || path[0] == '/') {
		s.logout(w, r)
		return
	}
	w.Header().Set("X-Request-Id", newUUID())
	s.serve(w, r).send(w)
}

// serve takes a request through its stages, in the order in which lakeFS checks:
// schema, authentication, authorization, meaning.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) reply {
	op, parts := s.router.find(r.Method, r.URL)
	if op == nil {
		return fail(s.dialect.unknownRoute, "invalid API endpoint")
	}
	c := &call{request: r, operation: op, raw: parts, query: r.URL.Query()}
	stages := []func() *reply{
		func() *reply { return s.dialect.wording.checkPath(c) },
		func() *reply { return s.dialect.wording.checkQuery(op.query, c.query) },
		func() *reply { return s.dialect.checkBody(w, c) },
		func() *reply { return s.identify(c) },
		func() *reply { return bindPath(c) },
		func() *reply { return s.dialect.bindQuery(c) },
		func() *reply { return s.dialect.bindBody(c) },
		func() *reply { return s.checkPolicies(c) },
		func() *reply { return s.check(op.early, c) },
		func() *reply { return s.authorize(c) },
		func() *reply { return s.check(op.vet, c) },
	}
	for _, stage := range stages {
		if refusal := stage(); refusal != nil {
			return *refusal
		}
	}
	c.page.amount = s.pageAmount(c.page.amount)
	if s.basic {
		if op.basic == nil {
			return s.notImplemented(c)
		}
		return op.basic(s, c)
	}
	if s.dialect.behindAuthServer {
		if refusal := c.forward(); refusal != nil {
			return *refusal
		}
	}
	return op.run(s, c)
}

func (s *Server) check(stage func(*Server, *call) *reply, c *call) *reply {
	if stage == nil {
		return nil
	}
	return stage(s, c)
}

// identify sets the caller. Open operations do not even look at wrong keys.
func (s *Server) identify(c *call) *reply {
	if c.operation.open {
		return nil
	}
	caller, refusal := s.authenticate(c.request)
	c.caller = caller
	return refusal
}

// forward passes the ids in the path on as they reach an auth server behind the
// API: a `+` becomes a space, `.` and `..` vanish from the path, which fails.
func (c *call) forward() *reply {
	for name, id := range c.path {
		switch {
		case id == "." && c.request.Method == http.MethodGet && len(c.operation.segments) == nestedList:
			// What is left of the path reads an object with the name of the list.
			return refuse(http.StatusNotFound, "not found")
		case id == "." || id == "..":
			return refuse(http.StatusInternalServerError, messageInternal)
		}
		c.path[name] = spaceForPlus.Replace(id)
	}
	return nil
}

// nestedList is the number of segments of /auth/users/{userId}/groups and the
// like.
const nestedList = 4

// pageAmount is the size of the page for a request that asked for amount.
func (s *Server) pageAmount(amount int) int {
	if amount <= 0 {
		amount = s.dialect.defaultPage
		if s.pageSize > 0 {
			amount = s.pageSize
		}
	}
	if s.pageSize > 0 {
		amount = min(amount, s.pageSize)
	}
	return amount
}

func (s *Server) notImplemented(*call) reply {
	return fail(http.StatusNotImplemented, messageNotImplemented)
}

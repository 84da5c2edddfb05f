// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package localserver serves the APIs that the provider speaks to from memory,
// for tests and for trying the provider without an account. It is a twin of the
// real servers, built from what they were seen to answer, and shares no code
// with the provider.
package localserver

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/lakefs"
)

// Limits of the HTTP server around a Server. Requests may take long: latency
// can be added on purpose.
const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	maxHeader     = 1 << 20
)

// Options configure a server. The zero value is a lakeFS 1.84 with RBAC, and the
// project "local" of Cognite Data Fusion.
type Options struct {
	// Dialect is the version of lakeFS to be: "1.84" (default) or "0.97".
	Dialect string
	// RBAC is "internal" (default), or "external", which differ in what the server
	// says of itself; "simplified" for a server with access control lists in place
	// of policies; or "none" for a server with basic authentication: one user, no
	// groups and policies. Only 1.84 has others than "internal".
	RBAC string
	// GroupIDs is "name" (default), or "generated" for a server that chooses the
	// ids of groups. Only 1.84 has that.
	GroupIDs string
	// PageSize is the size of a page when the client asks for none, and the
	// largest page; 0 means the sizes of the real server.
	PageSize int
	// Latency is added to every request that is not cancelled before.
	Latency time.Duration
	// AuthCache is how long users, keys and rights are cached; 0 turns it off.
	AuthCache time.Duration
	// Now is the clock of everything the server dates; nil means time.Now.
	Now func() time.Time
	// AccessKeyID and SecretAccessKey belong to the admin; empty ones are made up.
	AccessKeyID, SecretAccessKey string
	// Seed is optional JSON with objects that exist from the start. Those of lakeFS
	// are its members users, groups, policies, memberships, attachments and
	// credentials; those of Cognite Data Fusion stand in the member cdf.
	Seed io.Reader
	// Log takes one line for each request; nil turns it off. Queries, headers and
	// bodies are never logged: they may hold secrets.
	Log *slog.Logger
	// DropConditions echoes conditions of policies without storing them, as the
	// sample ACL server of lakeFS does.
	DropConditions bool
	// ExternalPrincipals turns the operations on external principals on, which a
	// lakeFS has off unless configured. Only 1.84 has them.
	ExternalPrincipals bool
	// CDF configures the half that is Cognite Data Fusion. Its Now, PageSize and
	// Seed are not looked at: those above are for both halves.
	CDF cdf.Options
	// Fault makes some requests fail on purpose.
	Fault FaultOptions
	// Middleware wraps everything else; tests count or break requests with it.
	Middleware func(http.Handler) http.Handler
}

// Server answers requests from memory. It is an http.Handler, safe for
// concurrent use; nothing needs to be closed.
type Server struct {
	lakefs   *lakefs.Server
	cdf      *cdf.Server
	faults   *faults
	handler  http.Handler
	now      func() time.Time
	requests atomic.Int64
}

// New makes a server that is set up and ready. It fails on options that make no
// sense together and on a seed that does not add up.
func New(options Options) (*Server, error) {
	if options.Latency < 0 {
		return nil, fmt.Errorf("latency is %s: use 0 or more", options.Latency)
	}
	lakefsSeed, cdfSeed, err := splitSeed(options.Seed)
	if err != nil {
		return nil, err
	}
	s := &Server{now: options.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if s.lakefs, err = lakefs.New(lakefs.Options{
		Dialect:         options.Dialect,
		RBAC:            options.RBAC,
		GroupIDs:        options.GroupIDs,
		PageSize:        options.PageSize,
		AuthCache:       options.AuthCache,
		Now:             options.Now,
		AccessKeyID:     options.AccessKeyID,
		SecretAccessKey: options.SecretAccessKey,
		Seed:            lakefsSeed,
		DropConditions:  options.DropConditions,

		ExternalPrincipals: options.ExternalPrincipals,
	}); err != nil {
		return nil, err
	}
	half := options.CDF
	half.Now, half.PageSize, half.Seed = options.Now, options.PageSize, cdfSeed
	if s.cdf, err = cdf.New(half); err != nil {
		return nil, err
	}
	s.handler = http.HandlerFunc(s.route)
	if options.Latency > 0 {
		s.handler = delayed(s.handler, options.Latency)
	}
	if s.faults, err = newFaults(options.Fault, s.handler, options.Log); err != nil {
		return nil, err
	}
	if len(s.faults.kinds) > 0 {
		s.handler = s.faults
	}
	if options.Log != nil {
		s.handler = s.logged(s.handler, options.Log)
	}
	if options.Middleware != nil {
		s.handler = options.Middleware(s.handler)
	}
	return s, nil
}

// route passes a request to the half that its path belongs to. lakeFS takes every
// path that the other half does not claim.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	if cdf.Claims(r.URL.Path) {
		s.cdf.ServeHTTP(w, r)
		return
	}
	s.lakefs.ServeHTTP(w, r)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	s.handler.ServeHTTP(w, r)
}

// AccessKeyID returns the id of the admin's key pair.
func (s *Server) AccessKeyID() string { return s.lakefs.AccessKeyID() }

// SecretAccessKey returns the secret of the admin's key pair.
func (s *Server) SecretAccessKey() string { return s.lakefs.SecretAccessKey() }

// Requests returns how many requests the server has received so far.
func (s *Server) Requests() int64 { return s.requests.Load() }

// Faults returns how often each kind of fault has happened so far.
func (s *Server) Faults() map[string]int64 { return s.faults.counts() }

// PasswordResetToken returns the token that the mail of the forgot-password
// operation would carry. lakeFS 0.97 takes it once, for 20 minutes.
func (s *Server) PasswordResetToken(email string) (string, error) {
	return s.lakefs.PasswordResetToken(email)
}

// Serve answers requests on a listener until the context ends; requests under
// way then have until grace is over. It closes the listener. It refuses one that other
// machines can reach, and requests for another host than this machine.
func (s *Server) Serve(ctx context.Context, listener net.Listener, grace time.Duration) error {
	if !isLoopback(listener.Addr()) {
		_ = listener.Close() // nothing was served that could be lost
		return fmt.Errorf("serving on %s: %w", listener.Addr(), errNotLoopback)
	}
	server := &http.Server{
		Handler:           onlyThisMachine(s),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		stopped <- server.Shutdown(limit)
	})
	if err := server.Serve(listener); stop() {
		return fmt.Errorf("serving: %w", err)
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

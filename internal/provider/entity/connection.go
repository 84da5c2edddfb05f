// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// Connections is what the provider's Configure hands to every resource and
// data source: one connection for each platform. The platforms are independent
// of each other; a configuration that uses only one need not mention the other.
type Connections struct {
	LakeFS *Connection[*snapshot.LakeFS]
	CDF    *Connection[*snapshot.CDF]

	// Preflight and LockoutGuard are what becomes of what these checks find.
	Preflight, LockoutGuard Mode
	told                    once
	// seen are the objects that were there when Terraform asked for their state.
	seen once

	// refreshed is set once Terraform has asked for the state of any resource,
	// applied once it has had any made, changed or removed. Terraform configures
	// the provider anew for a plan and for an apply.
	refreshed, applied atomic.Bool

	leftOpen leftOpen
}

// Platform tells the envelope which platform a type belongs to and how that
// platform's errors read.
type Platform[API any] struct {
	// Title is the platform's name in messages, for example "lakeFS".
	Title string
	// Connection selects the platform's connection.
	Connection func(*Connections) *Connection[API]
	// Explain turns an error of the platform's API into the text of a
	// diagnostic: what the server answered and what to do next.
	Explain func(error) string
	// Lacks lists the rights that a planned call needs and the caller is known not to
	// have. It fails when the rights of the caller cannot be read. It may be nil.
	Lacks func(context.Context, API, Call) ([]Lack, error)
	// Place names what an id of the platform holds in, for example a project. An
	// object is never looked for in another place than it was last seen in. It may be
	// nil, where that has no name that lasts.
	Place func(API) string
}

// Connection opens the API of one platform on first use, so that configuring
// the provider does no input or output and a half that is not used is never
// asked for its arguments. It is safe for concurrent use.
type Connection[API any] struct {
	open    func() (API, error)
	unknown string
}

// NewConnection returns a connection whose API is made by open, once.
func NewConnection[API any](open func() (API, error)) *Connection[API] {
	return &Connection[API]{open: sync.OnceValues(open)}
}

// UnknownConnection returns a connection that cannot be opened yet, because the
// value of the named provider argument, such as "lakefs.endpoint", is known
// only after apply.
func UnknownConnection[API any](argument string) *Connection[API] {
	return &Connection[API]{unknown: argument}
}

// API opens the connection. The error is an [UnknownArgumentError] while a
// provider argument is unknown; otherwise it says which argument is missing or
// wrong.
func (c *Connection[API]) API() (API, error) {
	if c == nil {
		var none API
		return none, fmt.Errorf("the provider has not been configured")
	}
	if c.unknown != "" {
		var none API
		return none, &UnknownArgumentError{Argument: c.unknown}
	}
	return c.open()
}

// UnknownArgumentError says that a platform cannot be reached yet because a
// provider argument depends on something that is known only after apply.
type UnknownArgumentError struct {
	// Argument is the path of the provider argument, for example "lakefs.endpoint".
	Argument string
}

// Error names the argument and says what to do.
func (e *UnknownArgumentError) Error() string {
	return fmt.Sprintf("the value of the provider argument %s is known only after apply. "+
		"Apply what it depends on first, for example with -target, or set it to a value that is known at plan", e.Argument)
}

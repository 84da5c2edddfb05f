// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "slices"

// Answer is what Cover knows.
type Answer int

const (
	// CannotTell means that nothing is sure; a reason says why.
	CannotTell Answer = iota
	// Covered means that every request that is desired is allowed.
	Covered
	// NotCovered means that some request that is desired is not allowed.
	NotCovered
)

// String returns "cannot tell", "covered" or "not covered".
func (a Answer) String() string {
	return [...]string{"cannot tell", "covered", "not covered"}[a]
}

// Coverage is the answer of Cover.
type Coverage struct {
	Answer Answer
	// Witness is a request that is desired and not allowed, where the answer is NotCovered. Its user is
	// made up if no user was given. If the answer is CannotTell, it may be the request in doubt.
	Witness Request
	// Reason says in a sentence why nothing is sure; empty for the other answers.
	Reason string
}

// CoverOptions says what Cover is asked for.
type CoverOptions struct {
	// User is the id that "${user}" stands for. If it is empty, the answer holds for every user.
	User string
	// AnyOtherAction adds to what an action pattern stands for the names that are not in the
	// catalogue, of the services that lakeFS 1.84 knows.
	AnyOtherAction bool
	// Literal takes the desired action and resource for those of one request: wildcards and
	// "${user}" in the resource are plain text.
	Literal bool
}

// Cover reports whether statements allow every request that a desired action pattern and resource
// pattern match. The statements are those of all policies of the user.
//
// Actions are those of the catalogue, and a desired action without wildcards itself. Resources are "*"
// and arn:lakefs:SERVICE:::ID with any ID, and of the services fs, auth and catalog if the desired resource
// is "*". Statements with a condition allow nothing for sure, and
// deny perhaps; that the address of the caller is one is taken for granted. Patterns are compared character by character. Where the matcher of lakeFS
// may let a deny match more than that, the answer is CannotTell. A witness is a shortest one, and
// Decide refuses it.
func Cover(statements []Statement, desired Permission, options CoverOptions) Coverage {
	return NewCoverer(statements, options).Cover(desired)
}

// Coverer answers Cover for many desires with the same statements, which it reads once. It is
// not safe for concurrent use.
type Coverer struct {
	check   *checker
	options CoverOptions
}

// NewCoverer makes a Coverer of statements, those of all policies of the user.
func NewCoverer(statements []Statement, options CoverOptions) *Coverer {
	return &Coverer{check: newChecker(statements, options.User), options: options}
}

// Cover answers as the function [Cover] does.
func (c *Coverer) Cover(desired Permission) Coverage {
	resource := parsePattern(desired.Resource, c.options.User)
	if c.options.Literal {
		resource = readPattern(desired.Resource, c.options.User, readingOfGlob{plain: true})
	}
	want := desire{resource: &resource}
	coverage := Coverage{Answer: Covered}
	actions, complete := c.check.actions(desired.Action, c.options)
	if !complete {
		coverage = tooManyActions
	}
	for _, action := range actions {
		coverage = worse(coverage, c.check.cover(action, want))
	}
	return coverage
}

var tooManyActions = Coverage{Reason: "the action patterns are too many and too tangled to compare the actions that are not known"}

// worse gives the less favourable of two answers, of equal ones the first.
func worse(a, b Coverage) Coverage {
	rank := func(c Coverage) int { return slices.Index([]Answer{Covered, CannotTell, NotCovered}, c.Answer) }
	if rank(b) > rank(a) {
		return b
	}
	return a
}

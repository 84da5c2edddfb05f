// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import "fmt"

// ExistsError says that an object that was to be created is there already. It
// is never taken over silently.
type ExistsError struct {
	// Kind is what users call the object, for example "group membership".
	Kind string
	// ID is the object's id as the server knows it, for an edge both its ends.
	ID string
}

func (e *ExistsError) Error() string {
	return fmt.Sprintf("the %s %q exists already", e.Kind, e.ID)
}

// ClaimedError says that another resource of the same configuration creates the
// same object.
type ClaimedError struct {
	Kind, ID string
}

func (e *ClaimedError) Error() string {
	return fmt.Sprintf("another resource of this configuration manages the %s %q", e.Kind, e.ID)
}

// NoRBACError says that the server runs without role-based access control: it
// answers 409 to the creation of a user that is not there.
type NoRBACError struct {
	// Err is the server's answer.
	Err error
}

func (e *NoRBACError) Error() string {
	return "this lakeFS runs without role-based access control (its single user cannot be joined by others)"
}

func (e *NoRBACError) Unwrap() error { return e.Err }

// InvitationError says that a user was created but the invitation could not be
// sent.
type InvitationError struct {
	// Err is the server's answer.
	Err error
}

func (e *InvitationError) Error() string {
	return "the user was created, but the server could not send the invitation: " + e.Err.Error()
}

func (e *InvitationError) Unwrap() error { return e.Err }

// StillListedError says that an object is listed although the server answers
// "not found" when it is to be changed or deleted.
type StillListedError struct {
	Kind, ID string
	// Err is the server's answer.
	Err error
}

func (e *StillListedError) Error() string {
	return fmt.Sprintf("the %s %q is still listed, but the server cannot address it: current versions of lakeFS lose the \"+\" in an id", e.Kind, e.ID)
}

func (e *StillListedError) Unwrap() error { return e.Err }

// UnresolvedError says that the answer to a write was lost and that it could not
// be found out whether the write was carried out.
type UnresolvedError struct {
	Kind, ID string
	// Err is what became of the write, Look why the server could not be asked.
	Err, Look error
}

func (e *UnresolvedError) Error() string {
	return fmt.Sprintf("it is unknown whether the %s %q was created: %v; looking for it failed: %v", e.Kind, e.ID, e.Err, e.Look)
}

func (e *UnresolvedError) Unwrap() []error { return []error{e.Err, e.Look} }

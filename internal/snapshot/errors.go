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
	// Name is what users know the object by where that is not the id.
	Name string
}

// Error names the object.
func (e *ExistsError) Error() string {
	if e.Name != "" {
		return fmt.Sprintf("the %s %q exists already, with the same content (id %s)", e.Kind, e.Name, e.ID)
	}
	return fmt.Sprintf("the %s %q exists already", e.Kind, e.ID)
}

// ClaimedError says that another resource of the same configuration creates the
// same object.
type ClaimedError struct {
	Kind, ID string
}

// Error names the object.
func (e *ClaimedError) Error() string {
	return fmt.Sprintf("another resource of this configuration manages the %s %q", e.Kind, e.ID)
}

// NoRBACError says that the server runs without role-based access control: it
// answers 409 to the creation of a user that is not there.
type NoRBACError struct {
	// Err is the server's answer.
	Err error
}

// Error says what kind of server this is.
func (e *NoRBACError) Error() string {
	return "this lakeFS runs without role-based access control (its single user cannot be joined by others)"
}

// Unwrap answers the server's answer.
func (e *NoRBACError) Unwrap() error { return e.Err }

// NoACLsError says that the server does not work with access control lists of groups.
type NoACLsError struct {
	// RBAC is its mode of access control.
	RBAC string
}

// Error says in which mode the server works.
func (e *NoACLsError) Error() string {
	return fmt.Sprintf("this lakeFS does not work with access control lists of groups: its mode of access control (auth.ui_config.rbac) is %q", e.RBAC)
}

// InvitationError says that a user was created but the invitation could not be
// sent.
type InvitationError struct {
	// Err is the server's answer.
	Err error
}

// Error says that the user is there, and what the server answered.
func (e *InvitationError) Error() string {
	return "the user was created, but the server could not send the invitation: " + e.Err.Error()
}

// Unwrap answers the server's answer.
func (e *InvitationError) Unwrap() error { return e.Err }

// StillListedError says that an object is listed, but that its path leads nowhere
// or to another object. Nothing was sent that would change either.
type StillListedError struct {
	Kind, ID string
}

// Error names the object and the cause.
func (e *StillListedError) Error() string {
	return fmt.Sprintf("the %s %q is still listed, but the server cannot address it: current versions of lakeFS read the \"+\" of an id in a path as a space", e.Kind, e.ID)
}

// UnresolvedError says that the answer to a write was lost and that it could not
// be found out whether the write was carried out.
type UnresolvedError struct {
	Kind, ID string
	// Err is what became of the write, Look why the server could not be asked.
	Err, Look error
}

// Error names the object and says why nothing is known of it.
func (e *UnresolvedError) Error() string {
	return fmt.Sprintf("it is unknown whether the %s %q was created: %v; looking for it failed: %v", e.Kind, e.ID, e.Err, e.Look)
}

// Unwrap answers what became of the write and of the look.
func (e *UnresolvedError) Unwrap() []error { return []error{e.Err, e.Look} }

// UnreadableError says that the server reported a create as done, but in an answer
// that could not be used. Such a create is not sent again: it would make a second
// object.
type UnreadableError struct {
	Kind, ID string
	// Err is the answer, Look why it could not be found out what was created; nil
	// when the server could be asked.
	Err, Look error
}

// Error says what was created and what was wrong with the answer.
func (e *UnreadableError) Error() string {
	text := fmt.Sprintf("the server reported that it created the %s %q, but its answer could not be used: %v", e.Kind, e.ID, e.Err)
	if e.Look != nil {
		text += fmt.Sprintf("; looking for it failed: %v", e.Look)
	}
	return text
}

// Unwrap answers what is known of both requests.
func (e *UnreadableError) Unwrap() []error {
	if e.Look == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Look}
}

// HiddenError says that it cannot be told whether an object exists, because the
// caller may list only a part of them and it is not in that part.
type HiddenError struct {
	Kind, ID string
	// Err is how the server refused to list all, or a [PartialListError].
	Err error
}

// Error names the object and says why nothing is known of it.
func (e *HiddenError) Error() string {
	return fmt.Sprintf("the %s %q is not among those that the caller can see, and the caller may not list all: %v", e.Kind, e.ID, e.Err)
}

// Unwrap answers the refusal.
func (e *HiddenError) Unwrap() error { return e.Err }

// UnlistedError says that nothing was created, because the caller may not list all
// objects of the kind: one of the same content could be there unseen, and what is made
// could not be read back.
type UnlistedError struct {
	Kind, ID string
	// Err is how the server refused to list all.
	Err error
}

// Error names what was not created and says why.
func (e *UnlistedError) Error() string {
	return fmt.Sprintf("the %s %q was not created, since the caller could neither see whether there is one like it nor read it back: %v", e.Kind, e.ID, e.Err)
}

// Unwrap answers the refusal.
func (e *UnlistedError) Unwrap() error { return e.Err }

// PartialListError says that the server answered a list with those objects only
// that the caller may list, which are not all.
type PartialListError struct {
	// Operation is the API operation that lists.
	Operation string
}

// Error says what was listed.
func (e *PartialListError) Error() string {
	return e.Operation + " answered only a part, since the caller's right to list does not cover all"
}

// AmbiguousError says that several objects may be the one that a create of unknown
// outcome has made. None of them is taken.
type AmbiguousError struct {
	Kind, Name string
	// IDs are the ids of the objects.
	IDs []int64
}

// Error names the objects.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("it is unknown which, if any, of these objects of the kind %s and the name %q was made here: ids %v", e.Kind, e.Name, e.IDs)
}

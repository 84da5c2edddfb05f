// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package accessdiff finds who gains and who loses what when one state of an access server
// becomes another: the sum of all changes of a plan, for each user of lakeFS and for everyone
// that a group of Cognite Data Fusion (CDF) is made of.
//
// What changes is calculated by the algebras of both platforms from all that a principal has, a
// deny in one policy against an allow in another included. So access that only moves from one
// path to another is no change. What is known only after apply is carried along: a line
// of the result is certain, or possible.
//
// The package does no I/O and keeps no state.
package accessdiff

import (
	"strings"

	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// World is what one server holds at one time, as far as it is known.
//
// Objects of lakeFS are referred to by a key: the id, or for what gets its id during apply
// anything that is no id, such as a Terraform address behind a NUL. The ends of an edge need not be listed: a user or
// group that is only referred to is there, and of a policy that is only referred to
// nobody knows what it says.
type World struct {
	Users       []User
	Groups      []Group
	Policies    []Policy
	Memberships []Membership
	Attachments []Attachment
	Keys        []Key
	CDFGroups   []CDFGroup
}

// Origin is where an object or edge is managed.
type Origin struct {
	// Address is the one of Terraform; empty: the object is not managed.
	Address string
	// Action is what the plan does, such as "created"; empty: nothing.
	Action string
}

// User is a user of lakeFS.
type User struct {
	Key string
	Origin
	// KeepsKeys is set where the user's keys outlive it when it is deleted, RevokesLeftovers
	// where keys of an earlier user of this id are revoked when it is created.
	KeepsKeys, RevokesLeftovers bool
}

// Group is a group of lakeFS.
type Group struct {
	Key string
	// Name is what people call it.
	Name string
	Origin
}

// Policy is a policy of lakeFS.
type Policy struct {
	Key        string
	Statements []lakefspolicy.Statement
	// Unknown is set where the statements are known only after apply.
	Unknown bool
	Origin
}

// Membership is a user in a group.
type Membership struct {
	User, Group string
	// Possible is set where it is not sure that the edge is there.
	Possible bool
	Origin
}

// Attachment is a policy attached to a user or a group; the other is empty.
type Attachment struct {
	Policy, User, Group string
	// Possible is set where it is not sure that the edge is there.
	Possible bool
	Origin
}

// Key is a pair of keys of a user, by its access key id; that of a key to be made is empty.
type Key struct {
	User, ID string
	Origin
}

// CDFGroup is a group of CDF with those who belong to it.
type CDFGroup struct {
	// ID is 0 for a group that is to be made. Two groups may have one name.
	ID   int64
	Name string
	// SourceID, Members and AllUserAccounts say who belongs to it. At most one of them is set.
	SourceID        string
	Members         []string
	AllUserAccounts bool
	// UnknownMembers is set where that is known only after apply.
	UnknownMembers bool
	Capabilities   []cdfcapability.Capability
	// Unknown is set where the capabilities are known only after apply.
	Unknown bool
	Origin
}

// Change is a server before and after a plan.
type Change struct {
	// Server names it, as Terraform names the provider configuration: "iam", "iam.dev".
	Server        string
	Before, After World
	// Complete is set where the worlds hold all that is on the server.
	Complete bool
	// Caller is the user of lakeFS who applies the plan, and CDFCaller what makes the caller a member of groups of
	// CDF. Empty: not known.
	Caller    string
	CDFCaller []Subject
	// Notes say in sentences what else a reader has to know about how the worlds came to be.
	Notes []string
}

// The kinds of principals.
const (
	KindUser        = "user"
	KindSourceID    = "source_id"
	KindMember      = "member"
	KindAllAccounts = "all_user_accounts"
	// KindNobody is for a CDF group that nobody can belong to.
	KindNobody = "group"
)

// Subject is who may have access: a user of lakeFS, or one of those of whom groups of CDF are made.
type Subject struct {
	Kind, ID string
}

// String names the subject in a sentence.
func (s Subject) String() string {
	switch s.Kind {
	case KindSourceID:
		return "source id " + shown(s.ID)
	case KindMember:
		return "member " + shown(s.ID)
	case KindAllAccounts:
		return "all user accounts"
	case KindNobody:
		return "nobody (group " + shown(s.ID) + ")"
	}
	return shown(s.ID)
}

// Pending gives the address of a user whose id is known only after apply.
func (s Subject) Pending() (address string, ok bool) { return strings.CutPrefix(s.ID, pendingMark) }

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package cdfcapability is what the capabilities of Cognite Data Fusion mean, without a
// server and without Terraform: the catalogue of ACLs and scopes, their shape in
// the API, what exactly they grant, what is missing of others, and the capabilities
// that each operation of the API requires.
//
// The package does no I/O, keeps no state and imports only the standard library.
// Names that the catalogue does not know are never refused and never lost: the
// service grows faster than any catalogue. Where capabilities are compared, the rules
// are those of the Cognite Python SDK 8.13.0.
package cdfcapability

import "encoding/json"

// Capability is one entry of a capability list of the API: some actions of one ACL
// in one scope. No value of a parsed list is shared with another entry.
type Capability struct {
	// ACL is the name of the ACL, such as "assetsAcl".
	ACL string
	// Actions are the allowed actions, such as "READ"; without any, the entry grants nothing.
	Actions []string
	// Scope says on what the actions are allowed.
	Scope Scope
	// Siblings are the members beside the ACL's, such as projectUrlNames and projectScope,
	// by name.
	Siblings map[string]json.RawMessage
	// Extra are the unknown members of the ACL's object, beside actions and scope.
	Extra map[string]json.RawMessage
}

// Scope is the scope of a capability. Which of IDs, Texts, Tables and Raw counts depends on
// the kind of scope, see LookUpScope; none for all and currentuserscope.
type Scope struct {
	// Name is the API's own: "all", "datasetScope", "idscope".
	Name string
	// IDs are the values of a scope that lists numbers.
	IDs []int64
	// Texts are the values of a scope that lists texts.
	Texts []string
	// Tables are the tables by RAW database; an empty list is the whole database.
	Tables map[string][]string
	// Raw is the object of a scope that the catalogue does not know.
	Raw json.RawMessage
	// Extra are the unknown members of the object of a known scope.
	Extra map[string]json.RawMessage
	// Beside are the unknown scopes beside a known one.
	Beside map[string]json.RawMessage
}

const (
	memberActions         = "actions"
	memberScope           = "scope"
	memberTables          = "tables"
	memberProjectScope    = "projectScope"
	memberProjectURLNames = "projectUrlNames"
)

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package lakefspolicy is what a lakeFS policy means, without a server and
// without Terraform: its documents, its rules, its canonical form, and the
// permissions that each operation of the auth API requires.
//
// The package does no I/O, keeps no state and imports only the standard
// library. Its rules are those of lakeFS 1.84, with 0.97 where that differs.
package lakefspolicy

// The two effects of a statement. A deny wins over every allow.
const (
	EffectAllow = "allow"
	EffectDeny  = "deny"
)

// Statement is one statement of a policy in normal shape: every action on every
// resource, under all of the conditions. The API holds the resources of a
// statement in one string; see EncodeResources.
type Statement struct {
	// Effect is "allow" or "deny".
	Effect string
	// Actions are patterns such as "fs:ReadObject" or "fs:List*".
	Actions []string
	// Resources are ARN patterns such as "arn:lakefs:fs:::repository/main/*", or "*".
	Resources []string
	// Condition limits the requests that the statement applies to; empty: none.
	Condition Condition
}

// Condition maps an operator such as IpAddress to a field such as SourceIp to
// the values of that field. Operators and fields must all hold, of the values
// of one field any.
type Condition map[string]map[string][]string

// Document is a policy as lakeFS's documentation and web interface show it.
type Document struct {
	// ID is empty when the document does not name the policy.
	ID string
	// Statements are in the order of the document.
	Statements []Statement
}

// Permission is one action on one resource.
type Permission struct {
	// Action is an exact name such as "auth:CreateUser".
	Action string
	// Resource is an ARN, or "*" for operations that list.
	Resource string
}

// String gives the permission as messages show it: "auth:ListUsers on *".
func (p Permission) String() string {
	return p.Action + " on " + p.Resource
}

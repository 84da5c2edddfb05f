// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// Decision is what the policies of a user say about a request.
type Decision int

const (
	// DecisionNeutral means that no statement allows or denies. lakeFS refuses the request.
	DecisionNeutral Decision = iota
	// DecisionAllow means that a statement allows and none denies.
	DecisionAllow
	// DecisionDeny means that a statement denies, or that one cannot be evaluated.
	DecisionDeny
)

// String returns "neutral", "allow" or "deny".
func (d Decision) String() string {
	return [...]string{"neutral", "allow", "deny"}[d]
}

// Policy is a policy as the API stores it.
type Policy struct {
	ID         string
	Statements []StoredStatement
}

// StoredStatement is a statement as the API stores it, with the resources in one string that
// may be a JSON list, or look like one. Effects other than "deny" count as "allow".
type StoredStatement struct {
	Effect    string
	Actions   []string
	Resource  string
	Condition Condition
}

// Stored gives the form in which the API stores a statement.
func (s Statement) Stored() StoredStatement {
	return StoredStatement{Effect: s.Effect, Actions: s.Actions, Resource: EncodeResources(s.Resources), Condition: s.Condition}
}

// Read gives a statement as the authorizer reads it. A resource that it cannot read is an empty one
// here, with which every request is denied; empty elements of a list, which match nothing, are left out.
func (s StoredStatement) Read() Statement {
	resources, err := decodeStored(s.Resource)
	if err != nil {
		resources = []string{""}
	} else {
		resources = slices.DeleteFunc(resources, func(resource string) bool { return resource == "" })
	}
	return Statement{Effect: s.Effect, Actions: s.Actions, Resources: resources, Condition: s.Condition}
}

// Request is one request to lakeFS that needs one permission.
type Request struct {
	// User is the id of the caller, which "${user}" in a resource stands for.
	User string
	// Action is an exact name such as "fs:ReadObject".
	Action string
	// Resource is an ARN, or "*" for operations that list. Wildcards in it are plain text.
	Resource string
	// Context holds what conditions can ask for. Requests to the API have one field, SourceIp.
	Context map[string]string
}

// Decide decides a request as the authorizer of lakeFS 1.84 does, given the policies of the user
// and of the user's groups. Their order makes no difference.
//
// A deny wins. Before an ARN is compared, "${user}" is replaced. Service and account of the
// ARNs must be equal, the partition lakefs, and the region is ignored. "*" as the whole resource matches
// everything, and nothing else matches the request for "*". A condition that cannot be
// evaluated, or a resource that is no list although it looks like one, denies every request.
// Where the answer of the server depends on the random order in which it visits several operators
// or fields, this is the answer for their sorted order.
func Decide(policies []Policy, request Request) Decision {
	decision := DecisionNeutral
	for _, policy := range policies {
		for _, statement := range policy.Statements {
			applies, err := statement.applies(request)
			switch {
			case err != nil:
				return DecisionDeny
			case !applies:
			case statement.Effect == EffectDeny:
				return DecisionDeny
			default:
				decision = DecisionAllow
			}
		}
	}
	return decision
}

// DecideAll decides a request that needs several permissions, in order. As in lakeFS, the first
// that is not allowed decides. The action and resource of the request are not looked at.
func DecideAll(policies []Policy, request Request, required Requirement) Decision {
	for _, permission := range required {
		request.Action, request.Resource = permission.Action, permission.Resource
		if decision := Decide(policies, request); decision != DecisionAllow {
			return decision
		}
	}
	return DecisionAllow
}

// applies reports whether a statement is about a request. The error denies the request, also when
// the statement is about something else.
func (s StoredStatement) applies(request Request) (bool, error) {
	if holds, err := s.Condition.holds(request.Context); err != nil || !holds {
		return false, err
	}
	resources, err := decodeStored(s.Resource)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(resources, func(resource string) bool {
		return matchResource(strings.ReplaceAll(resource, userVariable, request.User), request.Resource)
	}) && slices.ContainsFunc(s.Actions, func(action string) bool {
		return matchGlob(action, request.Action)
	}), nil
}

// userVariable is the only variable that lakeFS knows.
const userVariable = "${user}"

// decodeStored reads the resource of a stored statement as the authorizer does. Unlike
// DecodeResource, which refuses what cannot be written, it lets an empty element match nothing.
func decodeStored(resource string) ([]string, error) {
	if resource == "" {
		return nil, errors.New("the resource is empty")
	}
	if !isResourceList(resource) {
		return []string{resource}, nil
	}
	var list []string
	err := json.Unmarshal([]byte(resource), &list)
	return list, err
}

// matchResource reports whether the resource of a statement matches that of a request.
func matchResource(pattern, resource string) bool {
	if pattern == anyResource {
		return true
	}
	p, ok := splitARN(pattern)
	r, also := splitARN(resource)
	return ok && also && p.canMatch() && r.canMatch() &&
		p.service == r.service && p.account == r.account && matchGlob(p.resource, r.resource)
}

// anyResource is the resource that matches everything, and the resource of requests that list.
const anyResource = "*"

// canMatch reports whether lakeFS reads the ARN at all.
func (a arn) canMatch() bool {
	return a.partition == "lakefs" && a.service != "" && a.resource != ""
}

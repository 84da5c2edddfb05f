// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/json"
	"strings"
)

// outcome is what the policies of a caller say about a request. Only allow lets
// it pass.
type outcome int

const (
	neutral outcome = iota
	allow
	deny
)

// need is the permission a request requires: one action on one resource, or
// several needs that must all be met.
type need struct {
	action   string
	resource string
	all      []need
}

// verdict is the outcome of a decision and what the refusal will name.
type verdict struct {
	outcome outcome
	// deniedBy is the action pattern of the statement that denied.
	deniedBy string
	// missing is the action that no statement allowed.
	missing string
}

// rules are the parts of the policy language that not every version has.
type rules struct {
	conditions    bool
	resourceLists bool
}

// decide evaluates one request the plain way: every statement of every policy,
// in stored order. policies are those attached to the user and to the user's
// groups, sorted by id; about is what conditions may ask for.
func (r rules) decide(policies []policy, user string, about attributes, required need) verdict {
	if required.all != nil {
		return r.decideAll(policies, user, about, required.all)
	}
	allowed := false
	for _, policy := range policies {
		for _, statement := range policy.Statements {
			applies, err := r.applies(statement, user, about, required.resource)
			if err != nil {
				return verdict{outcome: deny}
			}
			if !applies {
				continue
			}
			for _, pattern := range statement.Action {
				if !globMatch(pattern, required.action) {
					continue
				}
				if statement.Effect == effectDeny {
					return verdict{outcome: deny, deniedBy: pattern}
				}
				allowed = true
			}
		}
	}
	if allowed {
		return verdict{outcome: allow}
	}
	return verdict{missing: required.action}
}

// decideAll meets the needs in order; the first that is not allowed decides.
func (r rules) decideAll(policies []policy, user string, about attributes, required []need) verdict {
	for _, child := range required {
		if v := r.decide(policies, user, about, child); v.outcome != allow {
			return v
		}
	}
	return verdict{outcome: allow}
}

// applies reports whether the condition and the resource of a statement fit the
// request. An error refuses the whole request, even if the statement names
// another resource.
func (r rules) applies(s statement, user string, about attributes, resource string) (bool, error) {
	if r.conditions {
		holds, err := s.Condition.holds(about)
		if err != nil || !holds {
			return false, err
		}
	}
	patterns, err := r.resourcesOf(s.Resource)
	if err != nil {
		return false, err
	}
	for _, pattern := range patterns {
		if matchResource(strings.ReplaceAll(pattern, "${user}", user), resource) {
			return true, nil
		}
	}
	return false, nil
}

// resourcesOf splits the resource of a statement, which in newer versions may
// be a JSON list of ARNs inside a string. They refuse an empty string, but not
// an empty item of a list, which matches nothing.
func (r rules) resourcesOf(resource string) ([]string, error) {
	if !r.resourceLists {
		return []string{resource}, nil
	}
	if resource == "" {
		return nil, errResourceList
	}
	if !isResourceList(resource) {
		return []string{resource}, nil
	}
	var list []string
	if err := json.Unmarshal([]byte(resource), &list); err != nil {
		return nil, errResourceList
	}
	return list, nil
}

func isResourceList(resource string) bool {
	return strings.HasPrefix(resource, "[") && strings.HasSuffix(resource, "]")
}

// matchResource reports whether the ARN pattern of a policy covers the ARN of a
// request. Service and account must be equal, the region is ignored, wildcards
// count in the last part only. A bare `*` covers everything and is the only
// thing that covers the `*` of the list operations.
func matchResource(pattern, resource string) bool {
	if pattern == "*" {
		return true
	}
	p, ok := parseARN(pattern)
	if !ok {
		return false
	}
	r, ok := parseARN(resource)
	if !ok {
		return false
	}
	return p.service == r.service && p.account == r.account && globMatch(p.id, r.id)
}

// arn holds the parts of an ARN that decisions depend on.
type arn struct {
	service, account, id string
}

// parseARN splits arn:lakefs:SERVICE:REGION:ACCOUNT:ID; the id may hold colons.
func parseARN(text string) (arn, bool) {
	parts := strings.SplitN(text, ":", arnParts)
	if len(parts) < arnParts || parts[0] != "arn" || parts[1] != "lakefs" || parts[2] == "" || parts[5] == "" {
		return arn{}, false
	}
	return arn{service: parts[2], account: parts[4], id: parts[5]}, true
}

// arnParts is the number of parts of an ARN, divided by colons.
const arnParts = 6

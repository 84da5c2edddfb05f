// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The two effects of a statement; the request schema admits no other.
const (
	effectAllow = "allow"
	effectDeny  = "deny"
)

// errResourceList means that a resource in brackets is no JSON list of ARNs.
var errResourceList = errors.New("the resource is no list of ARNs")

// errNoItems means that a list has none where the auth server wants some.
var errNoItems = errors.New("a list is empty")

// policy is a stored policy. Its statements are never changed in place: an
// update replaces them, so readers may keep the slice without a lock.
type policy struct {
	ID         string      `json:"id"`
	Statements []statement `json:"statement"`
	Created    int64       `json:"creation_date"`
	// ACL is the permission word of a policy that stands for a group's ACL.
	ACL string `json:"-"`
}

// statement is one rule of a policy, kept and given back word for word.
type statement struct {
	Action    []string  `json:"action"`
	Condition condition `json:"condition,omitempty"`
	Effect    string    `json:"effect"`
	Resource  string    `json:"resource"`
}

// policyInput is the request body of create and update policy. Conditions are
// read apart, because older versions take anything under that name.
type policyInput struct {
	ID        string           `json:"id"`
	Statement []statementInput `json:"statement"`
	// CreationDate is checked and ignored.
	CreationDate *int64 `json:"creation_date"`
}

type statementInput struct {
	Action    []string        `json:"action"`
	Condition json.RawMessage `json:"condition"`
	Effect    string          `json:"effect"`
	Resource  string          `json:"resource"`
}

// statements turns a request body into what is stored. Versions without
// conditions ignore them.
func (in policyInput) statements(withConditions bool) ([]statement, error) {
	list := make([]statement, len(in.Statement))
	for i, s := range in.Statement {
		list[i] = statement{Action: s.Action, Effect: s.Effect, Resource: s.Resource}
		if !withConditions || len(s.Condition) == 0 {
			continue
		}
		if err := json.Unmarshal(s.Condition, &list[i].Condition); err != nil {
			return nil, fmt.Errorf("condition of statement %d: %w", i, err)
		}
	}
	return list, nil
}

// withConditions copies statements with what a server keeps of their conditions.
func withConditions(list []statement, keep func(condition) condition) []statement {
	kept := make([]statement, len(list))
	for i, s := range list {
		s.Condition = keep(s.Condition)
		kept[i] = s
	}
	return kept
}

// validateName checks an id the way the store of lakeFS does. Policies, groups
// and users share the rule.
func validateName(name string) error {
	switch {
	case name == "":
		return errors.New("empty name: validation error")
	case strings.Contains(name, "/"):
		return errors.New("name contains delimiter /: validation error")
	}
	return nil
}

// validateStatements checks actions and resources at write time. Only the
// service of an action and the shape of a resource count: names of actions and
// kinds of resources are not looked at. Effects and empty lists were checked by
// the schema, but members in another case replace what it saw.
func (d *dialect) validateStatements(list []statement) error {
	if d.behindAuthServer && len(list) == 0 {
		return errNoItems
	}
	for _, s := range list {
		if d.behindAuthServer && len(s.Action) == 0 {
			return errNoItems
		}
		for _, action := range s.Action {
			if err := d.validateAction(action); err != nil {
				return err
			}
		}
		if err := d.validateResource(s.Resource); err != nil {
			return err
		}
		if s.Effect != effectAllow && s.Effect != effectDeny {
			return fmt.Errorf("validation error: effect '%s'", s.Effect)
		}
	}
	return nil
}

func (d *dialect) validateAction(action string) error {
	service, name, found := strings.Cut(action, ":")
	if !found || strings.Contains(name, ":") {
		return fmt.Errorf("%s: invalid action", action)
	}
	if !d.services[service] {
		return fmt.Errorf("%s: invalid service name", action)
	}
	return nil
}

func (d *dialect) validateResource(resource string) error {
	patterns := []string{resource}
	if d.rules.resourceLists && isResourceList(resource) {
		list, err := d.rules.resourcesOf(resource)
		if err != nil {
			return fmt.Errorf("validation error: ARN '%s'", resource)
		}
		patterns = list
	}
	for _, pattern := range patterns {
		if pattern != "*" && (!strings.HasPrefix(pattern, "arn:") || strings.Count(pattern, ":") < arnParts-1) {
			return fmt.Errorf("validation error: ARN '%s'", pattern)
		}
	}
	return nil
}

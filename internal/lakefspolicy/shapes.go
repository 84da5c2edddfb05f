// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "encoding/json"

// Nulls says what null means in a member that may be absent.
type Nulls bool

const (
	// NullRefused is for documents that people write: null there is a mistake.
	NullRefused Nulls = false
	// NullAbsent is for values whose objects all have the same members, as those of Terraform
	// do: null is how such an object leaves a member out.
	NullAbsent Nulls = true
)

// ParseStatements reads a policy, or a list of statements, which may be empty, as strictly as
// ParseDocument does. In either case the error names the place as in "statement[1].action[0]".
func ParseStatements(text []byte, nulls Nulls) ([]Statement, error) {
	reader, err := newJSONReader(text)
	if err != nil {
		return nil, err
	}
	reader.nulls = nulls
	token, err := reader.peek("")
	if err != nil {
		return nil, err
	}
	var document Document
	switch token {
	case json.Delim('{'):
		document, err = reader.document()
	case json.Delim('['):
		err = reader.list("statement", reader.statementInto(&document.Statements))
	default:
		err = wrongType("", "a policy or a list of statements", token)
	}
	if err != nil {
		return nil, err
	}
	return document.Statements, nil
}

// ParsePolicies reads a list of policies as a server stores them. It is strict about their
// shape, as ParseDocument is, and leaves open what the texts mean: Decide knows what a server
// makes of those that it cannot read. The error names the place, as in "[0].statement[1].action[2]".
func ParsePolicies(text []byte) ([]Policy, error) {
	var policies []Policy
	err := parseValue(text, func(r *jsonReader) error {
		return r.list("", func(path string) error {
			policy, err := r.policy(path)
			policies = append(policies, policy)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return policies, nil
}

// ParseRequest reads a request: {"user", "action", "resource", "source_ip"}, of which the last
// may be absent. The error names the place, as in "request.user".
func ParseRequest(text []byte) (Request, error) {
	var request Request
	err := parseValue(text, func(r *jsonReader) error {
		return r.object("request", map[string]member{
			"user":     {required: true, read: r.textInto(&request.User)},
			"action":   {required: true, read: r.textInto(&request.Action)},
			"resource": {required: true, read: r.textInto(&request.Resource)},
			"source_ip": {read: func(path string) error {
				var address string
				err := r.textInto(&address)(path)
				request.Context = map[string]string{"SourceIp": address}
				return err
			}},
		})
	})
	return request, err
}

// ParsePermissions reads a list of {"action", "resource"}. The error names the place, as in
// "[1].action".
func ParsePermissions(text []byte) ([]Permission, error) {
	var permissions []Permission
	err := parseValue(text, func(r *jsonReader) error {
		return r.list("", func(path string) error {
			var permission Permission
			err := r.object(path, map[string]member{
				"action":   {required: true, read: r.textInto(&permission.Action)},
				"resource": {required: true, read: r.textInto(&permission.Resource)},
			})
			permissions = append(permissions, permission)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return permissions, nil
}

func parseValue(text []byte, read func(*jsonReader) error) error {
	reader, err := newJSONReader(text)
	if err != nil {
		return err
	}
	reader.nulls = NullAbsent
	return read(reader)
}

// policy reads a stored policy, of which only the statements need be there.
func (r *jsonReader) policy(path string) (Policy, error) {
	var policy Policy
	err := r.object(path, map[string]member{
		"id":            {read: r.textInto(&policy.ID)},
		"creation_date": {read: r.number},
		"statement": {required: true, read: func(path string) error {
			return r.list(path, func(path string) error {
				statement, err := r.storedStatement(path)
				policy.Statements = append(policy.Statements, statement)
				return err
			})
		}},
	})
	return policy, err
}

func (r *jsonReader) storedStatement(path string) (StoredStatement, error) {
	var statement StoredStatement
	err := r.object(path, map[string]member{
		"effect":    {required: true, read: r.textInto(&statement.Effect)},
		"action":    {required: true, read: func(path string) error { return r.list(path, r.appendTo(&statement.Actions)) }},
		"resource":  {required: true, read: r.textInto(&statement.Resource)},
		"condition": {read: r.conditionInto(&statement.Condition)},
	})
	return statement, err
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Policy is a named list of statements.
type Policy struct {
	ID string `json:"id"`
	// CreationDate is in Unix seconds. The server sets it, and sets it anew on
	// every update; what a caller puts in is not sent.
	CreationDate int64 `json:"creation_date,omitempty"`
	// Statement holds at least one statement. Order and duplicates are kept.
	Statement []Statement `json:"statement"`
}

// UnmarshalJSON refuses a policy without id or statements.
func (p *Policy) UnmarshalJSON(data []byte) error {
	type plain Policy
	return httpapi.UnmarshalObject(data, (*plain)(p), "id", "statement")
}

func (p Policy) id() string { return p.ID }

// Statement allows or denies actions on a resource.
type Statement struct {
	// Effect is "allow" or "deny".
	Effect string `json:"effect"`
	// Action holds names or patterns such as "fs:Read*".
	Action []string `json:"action"`
	// Resource is an ARN, a pattern of one, "*", or a JSON list of them in a
	// string.
	Resource string `json:"resource"`
	// Condition maps an operator to fields to values. Some servers accept and
	// then drop it.
	Condition map[string]map[string][]string `json:"condition,omitempty"`
}

// UnmarshalJSON refuses a statement that lacks a member.
func (s *Statement) UnmarshalJSON(data []byte) error {
	type plain Statement
	return httpapi.UnmarshalObject(data, (*plain)(s), "effect", "action", "resource")
}

// CreatePolicy makes a policy. The answer echoes what was sent; read it back to
// know what the server kept. An id that is taken answers 409.
func (c *Client) CreatePolicy(ctx context.Context, policy Policy) (Policy, error) {
	policy.CreationDate = 0
	return fetch[Policy](ctx, c, opCreatePolicy, arguments{object: policy.ID, body: policy})
}

// GetPolicy answers a policy.
func (c *Client) GetPolicy(ctx context.Context, policyID string) (Policy, error) {
	return fetch[Policy](ctx, c, opGetPolicy, arguments{path: ofPolicy(policyID)})
}

// UpdatePolicy replaces the statements of a policy. The id in the body must be
// policyID, an empty one is filled in. Concurrent updates of one policy may
// answer 404 although it exists.
func (c *Client) UpdatePolicy(ctx context.Context, policyID string, policy Policy) (Policy, error) {
	policy.CreationDate = 0
	if policy.ID == "" {
		policy.ID = policyID
	}
	return fetch[Policy](ctx, c, opUpdatePolicy, arguments{path: ofPolicy(policyID), body: policy})
}

// DeletePolicy deletes a policy and all its attachments.
func (c *Client) DeletePolicy(ctx context.Context, policyID string) error {
	return c.call(ctx, opDeletePolicy, arguments{path: ofPolicy(policyID)})
}

// ListPolicies answers policies in the byte order of their ids.
func (c *Client) ListPolicies(ctx context.Context, options ListOptions) iter.Seq2[Policy, error] {
	return list[Policy](ctx, c, opListPolicies, arguments{}, options)
}

func ofPolicy(policyID string) map[string]string {
	return map[string]string{"policyId": policyID}
}

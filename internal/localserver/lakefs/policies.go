// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"net/http"
	"slices"
	"sort"
)

const messageNoPolicy = "policy not found"

func (s *Server) vetNewPolicy(c *call) *reply {
	return nameCheck("Policy", c.input.policy.ID)
}

func (s *Server) vetPolicyUpdate(c *call) *reply {
	if c.input.policy.ID != c.path["policyId"] {
		return refuse(http.StatusBadRequest, "can't update policy id")
	}
	return nil
}

// readPolicy checks a policy as the store does and returns it.
func (s *Server) readPolicy(in policyInput) (policy, *reply) {
	// The API itself checks the name of a policy, so this reason is never lost.
	if err := validateName(in.ID); err != nil {
		return policy{}, refuse(http.StatusBadRequest, err.Error())
	}
	statements, err := in.statements(s.dialect.rules.conditions)
	if err != nil {
		return policy{}, refuse(http.StatusBadRequest, err.Error())
	}
	if err := s.dialect.validateStatements(statements); err != nil {
		return policy{}, s.invalid(err)
	}
	if refusal := s.storableKey("policies/"+in.ID, ""); refusal != nil {
		return policy{}, refusal
	}
	return policy{ID: in.ID, Statements: statements}, nil
}

func (s *Server) createPolicy(c *call) reply {
	return s.writePolicy(c, http.StatusCreated, s.store.addPolicy)
}

func (s *Server) updatePolicy(c *call) reply {
	// The body names the policy as the path does, which may have been changed on
	// its way to the auth server.
	c.input.policy.ID = c.path["policyId"]
	return s.writePolicy(c, http.StatusOK, s.store.updatePolicy)
}

// writePolicy stores a policy and answers with what was sent, which is not
// always what was stored.
func (s *Server) writePolicy(c *call, status int, write func(policy) (policy, error)) reply {
	sent, refusal := s.readPolicy(c.input.policy)
	if refusal != nil {
		return *refusal
	}
	kept := sent
	switch {
	case s.dropConditions:
		kept.Statements = withConditions(sent.Statements, func(condition) condition { return nil })
	case s.dialect.rules.conditions:
		kept.Statements = withConditions(sent.Statements, condition.stored)
	}
	kept, err := write(kept)
	if err != nil {
		return s.storeFailure(err)
	}
	sent.Created = kept.Created
	return answer(status, sent)
}

func (s *Server) listPolicies(c *call) reply {
	policies, last := s.store.listPolicies(c.page)
	return answer(http.StatusOK, listOf(policies, c.page.offset(last)))
}

func (s *Server) getPolicy(c *call) reply {
	p, err := s.store.policy(c.path["policyId"])
	if err != nil {
		return fail(http.StatusNotFound, messageNoPolicy)
	}
	return answer(http.StatusOK, p)
}

func (s *Server) deletePolicy(c *call) reply {
	if err := s.store.deletePolicy(c.path["policyId"]); err != nil {
		return fail(http.StatusNotFound, messageNoPolicy)
	}
	return empty(http.StatusNoContent)
}

func (s *Server) listUserPolicies(c *call) reply {
	id := c.path["userId"]
	if !c.effective {
		return s.listAttached(c, principal{kindUser, id})
	}
	if _, err := s.store.user(id); err != nil {
		return s.storeFailure(err)
	}
	policies, next := effectivePage(s.store.effectivePolicies(id), c.page)
	return answer(http.StatusOK, listOf(policies, next))
}

// effectivePage cuts a page out of the effective policies. This list ignores
// the prefix and counts `after` and the next offset as whole ids.
func effectivePage(policies []policy, p pageRequest) ([]policy, string) {
	first := 0
	if p.after != "" {
		first = sort.Search(len(policies), func(i int) bool { return policies[i].ID > p.after })
	}
	policies = slices.Clip(policies[first:])
	if len(policies) < p.amount {
		return policies, ""
	}
	return policies[:p.amount], policies[p.amount-1].ID
}

func (s *Server) listGroupPolicies(c *call) reply {
	return s.listAttached(c, principal{kindGroup, c.path["groupId"]})
}

func (s *Server) listAttached(c *call, holder principal) reply {
	policies, last := s.store.listAttached(holder, c.page)
	return answer(http.StatusOK, listOf(policies, c.page.offset(last)))
}

func (s *Server) attachPolicyToUser(c *call) reply {
	return s.done(http.StatusCreated, s.store.attach(principal{kindUser, c.path["userId"]}, c.path["policyId"]))
}

func (s *Server) detachPolicyFromUser(c *call) reply {
	return s.done(http.StatusNoContent, s.store.detach(principal{kindUser, c.path["userId"]}, c.path["policyId"]))
}

func (s *Server) attachPolicyToGroup(c *call) reply {
	return s.done(http.StatusCreated, s.store.attach(principal{kindGroup, c.path["groupId"]}, c.path["policyId"]))
}

func (s *Server) detachPolicyFromGroup(c *call) reply {
	return s.done(http.StatusNoContent, s.store.detach(principal{kindGroup, c.path["groupId"]}, c.path["policyId"]))
}

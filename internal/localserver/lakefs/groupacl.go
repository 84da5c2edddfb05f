// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"net/http"
)

// aclGrants says which statements the permission words of an ACL stand for.
var aclGrants = map[string][]aclPart{
	"Read":  {{policy: "FSReadAll"}, {actions: []string{"fs:ReadConfig"}}, ownKeys},
	"Write": {{policy: "FSReadWriteAll"}, ownKeys, {policy: "RepoManagementReadAll"}},
	"Super": {{policy: "FSFullAccess"}, ownKeys, {policy: "RepoManagementReadAll"}},
	"Admin": {{actions: []string{"fs:*", "auth:*", "ci:*", "retention:*", "branches:*", "pr:*"}}},
}

// ownKeys is the right to manage one's own keys.
var ownKeys = aclPart{policy: "AuthManageOwnCredentials"}

// aclPart is a part of an ACL: the statements of a default policy, or actions
// that are allowed on everything.
type aclPart struct {
	policy  string
	actions []string
}

func (s *Server) aclStatements(parts []aclPart) []statement {
	var list []statement
	for _, part := range parts {
		if part.policy != "" {
			list = append(list, s.defaultStatements(part.policy)...)
		} else {
			list = append(list, statement{Action: part.actions, Effect: effectAllow, Resource: "*"})
		}
	}
	return list
}

// aclPolicyID is the id of the policy that stands for the ACL of a group.
func aclPolicyID(groupID string) string {
	return "ACL(_-_)" + groupID
}

// aclPolicy is the policy that stands for an ACL.
func (s *Server) aclPolicy(groupID, word string) policy {
	return policy{ID: aclPolicyID(groupID), ACL: word, Statements: s.aclStatements(aclGrants[word])}
}

// aclGroups are the groups that setup makes on a server with ACLs; the admin is
// in the first one.
var aclGroups = []struct{ name, permission string }{
	{"Admins", "Admin"}, {"Supers", "Super"}, {"Writers", "Write"}, {"Readers", "Read"},
}

// policyOperations are those that a server with ACLs does not have: there policies
// are an implementation of the lists.
var policyOperations = set(
	"listPolicies", "createPolicy", "getPolicy", "updatePolicy", "deletePolicy",
	"listUserPolicies", "attachPolicyToUser", "detachPolicyFromUser",
	"listGroupPolicies", "attachPolicyToGroup", "detachPolicyFromGroup",
)

// checkPolicies comes before authorization, and after the body was looked at.
func (s *Server) checkPolicies(c *call) *reply {
	if !s.simplified || !policyOperations[c.operation.id] {
		return nil
	}
	return new(s.notImplemented(c))
}

// aclJSON is the ACL of a group; an empty permission allows nothing.
type aclJSON struct {
	Permission string `json:"permission"`
}

func (s *Server) getGroupACL(c *call) reply {
	policies, _ := s.store.listAttached(principal{kindGroup, c.path["groupId"]}, pageRequest{amount: 2})
	switch {
	case len(policies) == 0:
		return answer(http.StatusOK, aclJSON{})
	case len(policies) > 1:
		return noACL("Multiple policies attached to group - no ACL")
	case policies[0].ACL == "":
		return noACL("Policy attached to group has no ACL")
	}
	return answer(http.StatusOK, aclJSON{Permission: policies[0].ACL})
}

func noACL(message string) reply {
	return answer(http.StatusNotFound, errorJSON{Message: message, NoACL: true})
}

func (s *Server) vetACL(c *call) *reply {
	word := c.input.acl.Permission
	if _, known := aclGrants[word]; known {
		return nil
	}
	return refuse(http.StatusBadRequest, fmt.Sprintf(
		"%s: translate ACL {Permission:%s} to statements: validation error: Bad ACL permission \"%s\"",
		c.path["groupId"], word, word))
}

// setGroupACL makes the ACL the only policy of the group. Without the group the
// policy is made all the same.
func (s *Server) setGroupACL(c *call) reply {
	groupID := c.path["groupId"]
	acl := s.aclPolicy(groupID, c.input.acl.Permission)
	if err := s.store.setGroupPolicy(groupID, acl); err != nil {
		return fail(http.StatusNotFound, fmt.Sprintf("attach policy %s to group %s: not found", acl.ID, groupID))
	}
	return empty(http.StatusCreated)
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"fmt"
	"net/http"
)

// aclGrants says which default policies the permission words of an ACL stand
// for. Each word adds the right to manage one's own keys, Admin has it anyway.
var aclGrants = map[string][]string{
	"Read":  {"FSReadAll", "AuthManageOwnCredentials"},
	"Write": {"FSReadWriteAll", "RepoManagementReadAll", "AuthManageOwnCredentials"},
	"Super": {"FSFullAccess", "RepoManagementReadAll", "AuthManageOwnCredentials"},
	"Admin": {"FSFullAccess", "RepoManagementFullAccess", "AuthFullAccess"},
}

// aclPolicyID is the id of the policy that stands for the ACL of a group.
func aclPolicyID(groupID string) string {
	return "ACL(_-_)" + groupID
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
		"%s: translate ACL {Permission:%s} to statements: validation error: Bad ACL permission %q",
		c.path["groupId"], word, word))
}

// setGroupACL makes the ACL the only policy of the group.
func (s *Server) setGroupACL(c *call) reply {
	groupID := c.path["groupId"]
	acl := policy{ID: aclPolicyID(groupID), ACL: c.input.acl.Permission}
	for _, id := range aclGrants[acl.ACL] {
		acl.Statements = append(acl.Statements, s.defaultStatements(id)...)
	}
	return s.done(http.StatusCreated, s.store.setGroupPolicy(groupID, acl))
}

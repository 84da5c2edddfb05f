// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRequired(t *testing.T) {
	t.Parallel()
	object := Object{"userId": "u", "groupId": "g", "policyId": "p", "principalId": "x"}
	tests := map[string]Requirement{
		"listUsers":                  {{"auth:ListUsers", "*"}},
		"createUser":                 {{"auth:CreateUser", "arn:lakefs:auth:::user/u"}},
		"listUserPolicies":           {{"auth:ReadUser", "arn:lakefs:auth:::user/u"}},
		"listGroupMembers":           {{"auth:ReadGroup", "arn:lakefs:auth:::group/g"}},
		"addGroupMembership":         {{"auth:AddGroupMember", "arn:lakefs:auth:::group/g"}},
		"deleteGroupMembership":      {{"auth:RemoveGroupMember", "arn:lakefs:auth:::group/g"}},
		"updatePolicy":               {{"auth:UpdatePolicy", "arn:lakefs:auth:::policy/p"}},
		"attachPolicyToUser":         {{"auth:AttachPolicy", "arn:lakefs:auth:::user/u"}},
		"detachPolicyFromGroup":      {{"auth:DetachPolicy", "arn:lakefs:auth:::group/g"}},
		"deleteCredentials":          {{"auth:DeleteCredentials", "arn:lakefs:auth:::user/u"}},
		"getExternalPrincipal":       {{"auth:ReadExternalPrincipal", "arn:lakefs:auth:::externalPrincipal/x"}},
		"listUserExternalPrincipals": {{"auth:ReadUser", "arn:lakefs:auth:::user/u"}},
		"getGroupACL":                {{"auth:ReadGroup", "arn:lakefs:auth:::group/g"}, {"auth:ReadPolicy", "arn:lakefs:auth:::policy/ACL(_-_)g"}},
		"setGroupACL": {
			{"auth:ReadGroup", "arn:lakefs:auth:::group/g"},
			{"auth:AttachPolicy", "arn:lakefs:auth:::policy/ACL(_-_)g"},
			{"auth:UpdatePolicy", "arn:lakefs:auth:::policy/ACL(_-_)g"},
		},
		"getCurrentUser": {},
		"login":          {},
		"forgotPassword": {},
	}
	for operation, want := range tests {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			got, ok := Required(operation, object)
			if !ok {
				t.Fatal("not known")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("requirement (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRequiredUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		operation string
		object    Object
	}{
		"unknown operation": {"CreateUser", Object{"userId": "u"}},
		"no object":         {"getUser", nil},
		"wrong parameter":   {"setGroupACL", Object{"userId": "u"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, ok := Required(test.operation, test.object); ok || got != nil {
				t.Errorf("%v, %v, want nothing", got, ok)
			}
		})
	}
}

// An id that looks like a template, or is empty, is taken as it is.
func TestRequiredTakesIDsAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"{groupId}", "a}b{", ""} {
		got, ok := Required("getUser", Object{"userId": id, "groupId": "g"})
		want := Requirement{{"auth:ReadUser", "arn:lakefs:auth:::user/" + id}}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%v (-want +got):\n%s", ok, diff)
		}
	}
}

// Every action of the table is one that exists, every resource one that can match.
func TestRequirementsAreWellFormed(t *testing.T) {
	t.Parallel()
	object := Object{"userId": "u", "groupId": "g", "policyId": "p", "principalId": "x"}
	for _, operation := range slices.Sorted(maps.Keys(requirements)) {
		got, ok := Required(operation, object)
		if !ok {
			t.Errorf("%s: not known with all parameters given", operation)
		}
		for _, permission := range got {
			if !slices.Contains(Actions(), permission.Action) {
				t.Errorf("%s: unknown action in %q", operation, permission)
			}
			if findings := ValidateResource(permission.Resource); findings != nil {
				t.Errorf("%s: %v", operation, findings)
			}
		}
	}
	if got := (Permission{"auth:ListUsers", "*"}).String(); got != "auth:ListUsers on *" {
		t.Errorf("String() = %q", got)
	}
}

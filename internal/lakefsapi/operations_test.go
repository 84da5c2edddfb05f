// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefsapi_test

import (
	"context"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
)

// What tests send as secrets; none may ever show.
const (
	testKeyID    = "AKIAJTESTKEY"
	testSecret   = "cl13nt/s3cr3t+&key"
	loginSecret  = "l0g1n-s3cr3t"
	setupSecret  = "s3tup-s3cr3t"
	newPassword  = "n3w-p4ssw0rd"
	mailedToken  = "m41led-t0ken"
	stsCode      = "sts-c0de"
	stsState     = "sts-st4te"
	signedHeader = "signed-h34der"
	answeredKey  = "4nswered-s3cr3t"
	answeredJWT  = "4nswered-t0ken"
)

var testSecrets = []string{
	testSecret, loginSecret, setupSecret, newPassword, mailedToken, stsCode, stsState, signedHeader, answeredKey, answeredJWT,
}

// operationTest is one call of one operation: what goes over the wire and what
// comes of the answer.
type operationTest struct {
	call func(context.Context, *lakefsapi.Client) (any, error)

	method, uri string // below /api/v1
	body        string // "": none
	anonymous   bool

	status int
	answer string
	want   any
}

// collect reads a whole list.
func collect[T any](items iter.Seq2[T, error]) (any, error) {
	all := []T{}
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, item)
	}
	return all, nil
}

// none is for operations that answer nothing.
func none(err error) (any, error) { return nil, err }

// value is for those that answer something.
func value[T any](answer T, err error) (any, error) { return answer, err }

const (
	userJSON   = `{"id":"u1","creation_date":7,"email":"u@x.io","friendly_name":"U"}`
	groupJSON  = `{"id":"g1","name":"G","description":"d","creation_date":7}`
	policyJSON = `{"id":"p1","creation_date":7,"statement":[{"effect":"allow","action":["fs:*"],"resource":"*",
		"condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}}}]}`
	keyJSON  = `{"access_key_id":"K1","creation_date":7}`
	pairJSON = `{"access_key_id":"K1","secret_access_key":"` + answeredKey + `","creation_date":7}`
	jwtJSON  = `{"token":"` + answeredJWT + `","token_expiration":9}`
)

func listJSON(item string) string {
	return `{"pagination":{"has_more":false,"max_per_page":0,"next_offset":"","results":1},"results":[` + item + `]}`
}

var (
	wantUser   = lakefsapi.User{ID: "u1", CreationDate: 7, Email: "u@x.io", FriendlyName: "U"}
	wantGroup  = lakefsapi.Group{ID: "g1", Name: "G", Description: new("d"), CreationDate: 7}
	wantPolicy = lakefsapi.Policy{ID: "p1", CreationDate: 7, Statement: []lakefsapi.Statement{{
		Effect: "allow", Action: []string{"fs:*"}, Resource: "*",
		Condition: map[string]map[string][]string{"IpAddress": {"SourceIp": {"10.0.0.0/8"}}},
	}}}
	wantKey       = lakefsapi.Credentials{AccessKeyID: "K1", CreationDate: 7}
	wantPair      = lakefsapi.CredentialsWithSecret{AccessKeyID: "K1", SecretAccessKey: answeredKey, CreationDate: 7}
	wantJWT       = lakefsapi.AuthenticationToken{Token: answeredJWT, Expiration: 9}
	wantPrincipal = lakefsapi.ExternalPrincipal{ID: "arn:x", UserID: "u1", Settings: map[string]any{"k": "v"}}
	plainPolicy   = lakefsapi.Policy{ID: "p1", CreationDate: 3, Statement: []lakefsapi.Statement{{Effect: "deny", Action: []string{"fs:Read*"}, Resource: "*"}}}
)

const (
	plainPolicyJSON = `{"id":"p1","statement":[{"effect":"deny","action":["fs:Read*"],"resource":"*"}]}`
	principalJSON   = `{"id":"arn:x","user_id":"u1","settings":{"k":"v"}}`
	firstPage       = "?amount=1000"
)

// operationTests holds every operation of the client.
var operationTests = map[string]operationTest{
	"getAuthCapabilities": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetAuthCapabilities(ctx)) },
		method: "GET", uri: "/auth/capabilities", anonymous: true,
		status: 200, answer: `{"invite_user":true}`, want: lakefsapi.AuthCapabilities{InviteUser: true},
	},
	"getCurrentUser": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetCurrentUser(ctx)) },
		method: "GET", uri: "/user", status: 200, answer: `{"user":` + userJSON + `}`, want: wantUser,
	},
	"login": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.Login(ctx, lakefsapi.LoginInformation{AccessKeyID: "K1", SecretAccessKey: loginSecret}))
		},
		method: "POST", uri: "/auth/login", body: `{"access_key_id":"K1","secret_access_key":"` + loginSecret + `"}`, anonymous: true,
		status: 200, answer: jwtJSON, want: wantJWT,
	},
	"stsLogin": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.StsLogin(ctx, lakefsapi.StsAuthRequest{Code: stsCode, State: stsState, RedirectURI: "https://x.io", TTLSeconds: 60}))
		},
		method: "POST", uri: "/sts/login", anonymous: true,
		body:   `{"code":"` + stsCode + `","redirect_uri":"https://x.io","state":"` + stsState + `","ttl_seconds":60}`,
		status: 200, answer: `{"token":"` + answeredJWT + `"}`, want: lakefsapi.AuthenticationToken{Token: answeredJWT},
	},
	"getSetupState": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetSetupState(ctx)) },
		method: "GET", uri: "/setup_lakefs", anonymous: true,
		status: 200, answer: `{"state":"initialized","login_config":{"RBAC":"internal","login_url":""}}`,
		want: lakefsapi.SetupState{State: "initialized", LoginConfig: lakefsapi.LoginConfig{RBAC: "internal"}},
	},
	"setup": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			key := lakefsapi.LoginInformation{AccessKeyID: "K1", SecretAccessKey: setupSecret}
			return value(c.Setup(ctx, lakefsapi.Setup{Username: "admin", Key: &key}))
		},
		method: "POST", uri: "/setup_lakefs", anonymous: true,
		body:   `{"key":{"access_key_id":"K1","secret_access_key":"` + setupSecret + `"},"username":"admin"}`,
		status: 200, answer: pairJSON, want: wantPair,
	},
	"forgotPassword": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.ForgotPassword(ctx, "u@x.io"))
		},
		method: "POST", uri: "/auth/password/forgot", body: `{"email":"u@x.io"}`, anonymous: true, status: 204,
	},
	"updatePassword": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.UpdatePassword(ctx, lakefsapi.UpdatePasswordByToken{Token: mailedToken, NewPassword: newPassword, Email: "u@x.io"}))
		},
		method: "POST", uri: "/auth/password", anonymous: true,
		body: `{"email":"u@x.io","newPassword":"` + newPassword + `","token":"` + mailedToken + `"}`, status: 201,
	},

	"listUsers": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUsers(ctx, lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/users" + firstPage, status: 200, answer: listJSON(userJSON), want: []lakefsapi.User{wantUser},
	},
	"createUser": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.CreateUser(ctx, lakefsapi.UserCreation{ID: "u1", InviteUser: true}))
		},
		method: "POST", uri: "/auth/users", body: `{"id":"u1","invite_user":true}`, status: 201, answer: userJSON, want: wantUser,
	},
	"getUser": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetUser(ctx, "u 1")) },
		method: "GET", uri: "/auth/users/u%201", status: 200, answer: userJSON, want: wantUser,
	},
	"deleteUser": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return none(c.DeleteUser(ctx, "u+1")) },
		method: "DELETE", uri: "/auth/users/u%2B1", status: 204,
	},
	"listUserGroups": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUserGroups(ctx, "u1", lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/users/u1/groups" + firstPage, status: 200, answer: listJSON(groupJSON), want: []lakefsapi.Group{wantGroup},
	},
	"listUserPolicies": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUserPolicies(ctx, "u1", false, lakefsapi.ListOptions{Prefix: "p", After: "0", Limit: 3}))
		},
		method: "GET", uri: "/auth/users/u1/policies?after=0&amount=3&prefix=p",
		status: 200, answer: listJSON(policyJSON), want: []lakefsapi.Policy{wantPolicy},
	},
	"listUserPolicies effective": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUserPolicies(ctx, "u1", true, lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/users/u1/policies" + firstPage + "&effective=true",
		status: 200, answer: listJSON(policyJSON), want: []lakefsapi.Policy{wantPolicy},
	},
	"attachPolicyToUser": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.AttachPolicyToUser(ctx, "u1", "p?"))
		},
		method: "PUT", uri: "/auth/users/u1/policies/p%3F", status: 201,
	},
	"detachPolicyFromUser": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.DetachPolicyFromUser(ctx, "u1", "p1"))
		},
		method: "DELETE", uri: "/auth/users/u1/policies/p1", status: 204,
	},
	"listUserCredentials": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUserCredentials(ctx, "u1", lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/users/u1/credentials" + firstPage, status: 200, answer: listJSON(keyJSON), want: []lakefsapi.Credentials{wantKey},
	},
	"createCredentials": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.CreateCredentials(ctx, "u1"))
		},
		method: "POST", uri: "/auth/users/u1/credentials", status: 201, answer: pairJSON, want: wantPair,
	},
	"getCredentials": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.GetCredentials(ctx, "u1", "K1"))
		},
		method: "GET", uri: "/auth/users/u1/credentials/K1", status: 200, answer: keyJSON, want: wantKey,
	},
	"deleteCredentials": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.DeleteCredentials(ctx, "u1", "K1"))
		},
		method: "DELETE", uri: "/auth/users/u1/credentials/K1", status: 204,
	},

	"listGroups": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListGroups(ctx, lakefsapi.ListOptions{Amount: 50}))
		},
		method: "GET", uri: "/auth/groups?amount=50", status: 200, answer: listJSON(groupJSON), want: []lakefsapi.Group{wantGroup},
	},
	"createGroup": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.CreateGroup(ctx, lakefsapi.GroupCreation{ID: "G", Description: "d"}))
		},
		method: "POST", uri: "/auth/groups", body: `{"description":"d","id":"G"}`, status: 201, answer: groupJSON, want: wantGroup,
	},
	"getGroup": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetGroup(ctx, "g1")) },
		method: "GET", uri: "/auth/groups/g1", status: 200, answer: `{"id":"G","description":"d","creation_date":7}`, want: wantGroup,
	},
	"deleteGroup": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return none(c.DeleteGroup(ctx, "g#1")) },
		method: "DELETE", uri: "/auth/groups/g%231", status: 204,
	},
	"listGroupMembers": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListGroupMembers(ctx, "g1", lakefsapi.ListOptions{Prefix: "u+1", Limit: 1}))
		},
		method: "GET", uri: "/auth/groups/g1/members?amount=1&prefix=u%2B1", status: 200, answer: listJSON(userJSON), want: []lakefsapi.User{wantUser},
	},
	"addGroupMembership": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.AddGroupMembership(ctx, "g1", "u/1"))
		},
		method: "PUT", uri: "/auth/groups/g1/members/u%2F1", status: 201,
	},
	"deleteGroupMembership": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.DeleteGroupMembership(ctx, "g1", "ü"))
		},
		method: "DELETE", uri: "/auth/groups/g1/members/%C3%BC", status: 204,
	},
	"listGroupPolicies": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListGroupPolicies(ctx, "g1", lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/groups/g1/policies" + firstPage, status: 200, answer: listJSON(policyJSON), want: []lakefsapi.Policy{wantPolicy},
	},
	"attachPolicyToGroup": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.AttachPolicyToGroup(ctx, "g1", "p1"))
		},
		method: "PUT", uri: "/auth/groups/g1/policies/p1", status: 201,
	},
	"detachPolicyFromGroup": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.DetachPolicyFromGroup(ctx, "g1", "p%1"))
		},
		method: "DELETE", uri: "/auth/groups/g1/policies/p%251", status: 204,
	},
	"getGroupACL": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetGroupACL(ctx, "g1")) },
		method: "GET", uri: "/auth/groups/g1/acl", status: 200, answer: `{"permission":"Read"}`, want: lakefsapi.ACL{Permission: "Read"},
	},
	"setGroupACL": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.SetGroupACL(ctx, "g1", lakefsapi.ACL{Permission: "Read"}))
		},
		method: "POST", uri: "/auth/groups/g1/acl", body: `{"permission":"Read"}`, status: 201,
	},

	"listPolicies": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListPolicies(ctx, lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/policies" + firstPage, status: 200, answer: listJSON(policyJSON), want: []lakefsapi.Policy{wantPolicy},
	},
	"createPolicy": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.CreatePolicy(ctx, plainPolicy))
		},
		method: "POST", uri: "/auth/policies", body: plainPolicyJSON, status: 201, answer: policyJSON, want: wantPolicy,
	},
	"getPolicy": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return value(c.GetPolicy(ctx, "p1")) },
		method: "GET", uri: "/auth/policies/p1", status: 200, answer: policyJSON, want: wantPolicy,
	},
	"updatePolicy": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.UpdatePolicy(ctx, "p1", lakefsapi.Policy{Statement: plainPolicy.Statement}))
		},
		method: "PUT", uri: "/auth/policies/p1", body: plainPolicyJSON, status: 200, answer: policyJSON, want: wantPolicy,
	},
	"deletePolicy": {
		call:   func(ctx context.Context, c *lakefsapi.Client) (any, error) { return none(c.DeletePolicy(ctx, "p1")) },
		method: "DELETE", uri: "/auth/policies/p1", status: 204,
	},

	"getExternalPrincipal": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return value(c.GetExternalPrincipal(ctx, "arn:x"))
		},
		method: "GET", uri: "/auth/external/principals?principalId=arn%3Ax", status: 200, answer: principalJSON, want: wantPrincipal,
	},
	"createUserExternalPrincipal": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			settings := lakefsapi.ExternalPrincipalCreation{Settings: map[string]any{"k": "v"}}
			return none(c.CreateUserExternalPrincipal(ctx, "u1", "arn:x", settings))
		},
		method: "POST", uri: "/auth/users/u1/external/principals?principalId=arn%3Ax", body: `{"settings":{"k":"v"}}`, status: 201,
	},
	"deleteUserExternalPrincipal": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return none(c.DeleteUserExternalPrincipal(ctx, "u1", "arn:x"))
		},
		method: "DELETE", uri: "/auth/users/u1/external/principals?principalId=arn%3Ax", status: 204,
	},
	"listUserExternalPrincipals": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			return collect(c.ListUserExternalPrincipals(ctx, "u1", lakefsapi.ListOptions{}))
		},
		method: "GET", uri: "/auth/users/u1/external/principals/ls" + firstPage,
		status: 200, answer: listJSON(principalJSON), want: []lakefsapi.ExternalPrincipal{wantPrincipal},
	},
	"externalPrincipalLogin": {
		call: func(ctx context.Context, c *lakefsapi.Client) (any, error) {
			identity := map[string]any{"headers": []any{map[string]any{"signature": signedHeader}}}
			return value(c.ExternalPrincipalLogin(ctx, lakefsapi.ExternalLoginInformation{IdentityRequest: identity, TokenExpirationDuration: 60}))
		},
		method: "POST", uri: "/auth/external/principal/login", anonymous: true,
		body:   `{"identityRequest":{"headers":[{"signature":"` + signedHeader + `"}]},"token_expiration_duration":60}`,
		status: 200, answer: jwtJSON, want: wantJWT,
	},
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
)

// What tests send and get as secrets; none may ever show.
const (
	testClientID  = "cl13nt"
	testSecret    = "cl13nt/s3cr3t+&key"
	sessionSecret = "s3ssion-s3cr3t"
	answeredNonce = "4nswered-n0nce"
	grantedToken  = "gr4nted-t0ken"
)

var testSecrets = []string{testSecret, sessionSecret, answeredNonce, grantedToken}

const (
	testProject = "ac me"
	testOrg     = "my-org"
	// inProject begins the paths of most operations.
	inProject = "/projects/ac%20me"
)

// operationTest is one call of one operation: what goes over the wire and what
// comes of the answer.
type operationTest struct {
	call func(context.Context, *cdfapi.Client) (any, error)

	method, uri string // below /api/v1
	body        string // "": none
	// organization says that the other host serves it.
	organization bool
	// repeatable operations are sent again after an answer that leaves doubt.
	repeatable bool
	object     string // what its errors say that it was about

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

func listJSON(item string) string { return `{"items":[` + item + `]}` }

const (
	groupJSON = `{"id":9007199254740993,"name":"readers","sourceId":"s-1","capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}],
		"metadata":{"k":"v"},"attributes":{"token":{"appIds":["a"]}},"isDeleted":false,"deletedTime":-1,"future":{"x":1}}`
	categoryJSON = `{"id":9007199254740993,"name":"secret"}`
	sessionJSON  = `{"id":9007199254740993,"type":"TOKEN_EXCHANGE","status":"ACTIVE","creationTime":7,"expirationTime":9,"clientId":"c"}`
	createdJSON  = `{"id":5,"type":"CLIENT_CREDENTIALS","status":"READY","nonce":"` + answeredNonce + `","clientId":"c"}`
	profileJSON  = `{"userIdentifier":"u1","givenName":"A","surname":"B","email":"a@x.io","displayName":"A B","jobTitle":"J",
		"identityType":"USER","lastUpdatedTime":7}`
	projectJSON = `{"name":"Acme","urlName":"acme","organization":"my-org","userProfilesConfiguration":{"enabled":true},
		"oidcConfiguration":{"jwksUrl":"https://x.io/jwks","tokenUrl":"https://x.io/token","issuer":"https://x.io","audience":"aud","skewMs":0,
		"accessClaims":[{"claimName":"groups"},{"claimName":"roles"}],"scopeClaims":[{"claimName":"scp"}],"logClaims":[{"claimName":"sub"}]}}`
	inspectionJSON = `{"subject":"s","projects":[{"projectUrlName":"acme","groups":[1,"9007199254740993"]}],
		"capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]}`
	principalJSON = `{"id":"p1","type":"SERVICE_ACCOUNT","name":"N","pictureUrl":"https://x.io/p","email":"e","givenName":"g","middleName":"m",
		"familyName":"f","externalId":"x1","description":"d","createdBy":{"orgId":"my-org","userId":"u1"},"createdTime":7,"lastUpdatedTime":9}`
)

var (
	wantGroup = cdfapi.Group{
		ID: 9007199254740993, Name: "readers", SourceID: "s-1",
		Capabilities: json.RawMessage(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		Metadata:     map[string]string{"k": "v"},
		Attributes:   json.RawMessage(`{"token":{"appIds":["a"]}}`),
		Extra:        map[string]json.RawMessage{"future": json.RawMessage(`{"x":1}`)},
	}
	wantCategory = cdfapi.SecurityCategory{ID: 9007199254740993, Name: "secret"}
	wantSession  = cdfapi.Session{ID: 9007199254740993, Type: "TOKEN_EXCHANGE", Status: "ACTIVE", ClientID: "c", CreationTime: 7, ExpirationTime: 9}
	wantCreated  = cdfapi.CreatedSession{ID: 5, Type: "CLIENT_CREDENTIALS", Status: "READY", ClientID: "c", Nonce: answeredNonce}
	wantProfile  = cdfapi.UserProfile{
		UserIdentifier: "u1", GivenName: "A", Surname: "B", Email: "a@x.io", DisplayName: "A B", JobTitle: "J",
		IdentityType: "USER", LastUpdatedTime: 7,
	}
	wantProject = cdfapi.Project{
		Name: "Acme", URLName: "acme", Organization: "my-org", UserProfilesEnabled: true,
		OIDC: &cdfapi.OIDCConfiguration{
			JwksURL: "https://x.io/jwks", TokenURL: "https://x.io/token", Issuer: "https://x.io", Audience: "aud",
			AccessClaims: []string{"groups", "roles"}, ScopeClaims: []string{"scp"}, LogClaims: []string{"sub"},
		},
	}
	wantInspection = cdfapi.TokenInspection{
		Subject: "s", Projects: []cdfapi.ProjectGroups{{ProjectURLName: "acme", Groups: []int64{1, 9007199254740993}}},
		Capabilities: json.RawMessage(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]`),
	}
	wantPrincipal = cdfapi.Principal{
		ID: "p1", Type: "SERVICE_ACCOUNT", Name: "N", PictureURL: "https://x.io/p", Email: "e", GivenName: "g", MiddleName: "m", FamilyName: "f",
		ExternalID: "x1", Description: "d", CreatedBy: &cdfapi.PrincipalCreator{OrgID: "my-org", UserID: "u1"}, CreatedTime: 7, LastUpdatedTime: 9,
	}
	fullGroup = cdfapi.GroupWrite{
		Name: "readers", Capabilities: json.RawMessage(`[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]`),
		Metadata: map[string]string{"k": "v"}, Members: &cdfapi.Members{IDs: []string{"p1"}},
		Attributes: json.RawMessage(`{"token":{}}`),
		Extra:      map[string]json.RawMessage{"future": json.RawMessage(`{"x":1}`), "name": json.RawMessage(`"overruled"`), "id": json.RawMessage(`7`)},
	}
)

// all lists without a limit.
var all = cdfapi.ListOptions{}

// operationTests holds every operation of the client, by its name and what is
// particular to the call.
var operationTests = map[string]operationTest{
	"listGroups": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.ListGroups(ctx, true)) },
		method: "GET", uri: inProject + "/groups?all=true", repeatable: true, object: testProject,
		answer: listJSON(groupJSON), want: []cdfapi.Group{wantGroup},
	},
	"listGroups own": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.ListGroups(ctx, false)) },
		method: "GET", uri: inProject + "/groups?all=false", repeatable: true, object: testProject,
		answer: `{"items":[]}`, want: []cdfapi.Group{},
	},
	"createGroups": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.CreateGroup(ctx, fullGroup)) },
		method: "POST", uri: inProject + "/groups", object: testProject + "/readers",
		body: `{"items":[{"name":"readers","capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}],
			"metadata":{"k":"v"},"members":["p1"],"attributes":{"token":{}},"future":{"x":1}}]}`,
		answer: listJSON(groupJSON), want: wantGroup,
	},
	"createGroups least": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.CreateGroup(ctx, cdfapi.GroupWrite{Name: "readers", SourceID: "s-1"}))
		},
		method: "POST", uri: inProject + "/groups", object: testProject + "/readers",
		body:   `{"items":[{"name":"readers","sourceId":"s-1"}]}`,
		answer: `{"items":[{"id":1,"name":"readers","isDeleted":false}]}`, want: cdfapi.Group{ID: 1, Name: "readers"},
	},
	"deleteGroups": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return none(c.DeleteGroups(ctx, 5, 9007199254740993))
		},
		method: "POST", uri: inProject + "/groups/delete", body: `{"items":[5,9007199254740993]}`,
		repeatable: true, object: testProject + "/5, 9007199254740993", answer: `{}`,
	},

	"listSecurityCategories": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListSecurityCategories(ctx, all))
		},
		method: "GET", uri: inProject + "/securitycategories?limit=1000", repeatable: true, object: testProject,
		answer: listJSON(categoryJSON), want: []cdfapi.SecurityCategory{wantCategory},
	},
	"createSecurityCategories": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.CreateSecurityCategory(ctx, "secret"))
		},
		method: "POST", uri: inProject + "/securitycategories", body: `{"items":[{"name":"secret"}]}`, object: testProject + "/secret",
		answer: listJSON(categoryJSON), want: wantCategory,
	},
	"deleteSecurityCategories": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return none(c.DeleteSecurityCategories(ctx, 5))
		},
		method: "POST", uri: inProject + "/securitycategories/delete", body: `{"items":[5]}`,
		repeatable: true, object: testProject + "/5", answer: `{}`,
	},

	"createSession": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.CreateSession(ctx, cdfapi.SessionCredentials{ClientID: "c", ClientSecret: sessionSecret}))
		},
		method: "POST", uri: inProject + "/sessions", object: testProject + "/c",
		body:   `{"items":[{"clientId":"c","clientSecret":"` + sessionSecret + `"}]}`,
		answer: listJSON(createdJSON), want: wantCreated,
	},
	"createSession by token exchange": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.CreateSession(ctx, cdfapi.SessionCredentials{TokenExchange: true}))
		},
		method: "POST", uri: inProject + "/sessions", body: `{"items":[{"tokenExchange":true}]}`, object: testProject,
		answer: `{"items":[{"id":5,"status":"READY","nonce":"` + answeredNonce + `"}]}`,
		want:   cdfapi.CreatedSession{ID: 5, Status: "READY", Nonce: answeredNonce},
	},
	"createSession for one use": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.CreateSession(ctx, cdfapi.SessionCredentials{OneShotTokenExchange: true}))
		},
		method: "POST", uri: inProject + "/sessions", body: `{"items":[{"oneshotTokenExchange":true}]}`, object: testProject,
		answer: listJSON(createdJSON), want: wantCreated,
	},
	"listSessions": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return collect(c.ListSessions(ctx, "", all)) },
		method: "GET", uri: inProject + "/sessions?limit=1000", repeatable: true, object: testProject,
		answer: listJSON(sessionJSON), want: []cdfapi.Session{wantSession},
	},
	"listSessions of a status": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListSessions(ctx, "ACTIVE", cdfapi.ListOptions{Limit: 1}))
		},
		method: "GET", uri: inProject + "/sessions?limit=1&status=ACTIVE", repeatable: true, object: testProject,
		answer: listJSON(sessionJSON), want: []cdfapi.Session{wantSession},
	},
	"retrieveSessions": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.RetrieveSessions(ctx, 5, 6)) },
		method: "POST", uri: inProject + "/sessions/byids", body: `{"items":[{"id":5},{"id":6}]}`,
		repeatable: true, object: testProject + "/5, 6", answer: listJSON(sessionJSON), want: []cdfapi.Session{wantSession},
	},
	"revokeSessions": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.RevokeSessions(ctx, 5)) },
		method: "POST", uri: inProject + "/sessions/revoke", body: `{"items":[{"id":5}]}`,
		repeatable: true, object: testProject + "/5", answer: listJSON(sessionJSON), want: []cdfapi.Session{wantSession},
	},
	"revokeSessions without the right to list": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.RevokeSessions(ctx, 5)) },
		method: "POST", uri: inProject + "/sessions/revoke", body: `{"items":[{"id":5}]}`,
		repeatable: true, object: testProject + "/5", answer: `{"items":[{"id":5}]}`, want: []cdfapi.Session{{ID: 5}},
	},

	"getMyUserProfile": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.GetMyUserProfile(ctx)) },
		method: "GET", uri: inProject + "/profiles/me", repeatable: true, object: testProject, answer: profileJSON, want: wantProfile,
	},
	"listUserProfiles": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListUserProfiles(ctx, "", all))
		},
		method: "GET", uri: inProject + "/profiles?limit=1000", repeatable: true, object: testProject,
		answer: listJSON(profileJSON), want: []cdfapi.UserProfile{wantProfile},
	},
	"listUserProfiles of all types": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListUserProfiles(ctx, "ALL", all))
		},
		method: "GET", uri: inProject + "/profiles?identityType=ALL&limit=1000", repeatable: true, object: testProject,
		answer: listJSON(`{"userIdentifier":"u2","lastUpdatedTime":7}`), want: []cdfapi.UserProfile{{UserIdentifier: "u2", LastUpdatedTime: 7}},
	},
	"retrieveUserProfiles": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RetrieveUserProfiles(ctx, "u1", "u2"))
		},
		method: "POST", uri: inProject + "/profiles/byids", body: `{"items":[{"userIdentifier":"u1"},{"userIdentifier":"u2"}]}`,
		repeatable: true, object: testProject + "/u1, u2", answer: listJSON(profileJSON), want: []cdfapi.UserProfile{wantProfile},
	},
	"searchUserProfiles": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.SearchUserProfiles(ctx, "A", 7))
		},
		method: "POST", uri: inProject + "/profiles/search", body: `{"search":{"name":"A"},"filter":{},"limit":7}`,
		repeatable: true, object: testProject + "/A", answer: listJSON(profileJSON), want: []cdfapi.UserProfile{wantProfile},
	},
	"searchUserProfiles for the most": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.SearchUserProfiles(ctx, "A", 0))
		},
		method: "POST", uri: inProject + "/profiles/search", body: `{"search":{"name":"A"},"filter":{},"limit":1000}`,
		repeatable: true, object: testProject + "/A", answer: listJSON(profileJSON), want: []cdfapi.UserProfile{wantProfile},
	},

	"getProject": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.GetProject(ctx)) },
		method: "GET", uri: inProject, repeatable: true, object: testProject, answer: projectJSON, want: wantProject,
	},
	"updateProject": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.SetUserProfilesEnabled(ctx, true))
		},
		method: "POST", uri: inProject + "/update", body: `{"update":{"userProfilesConfiguration":{"set":{"enabled":true}}}}`,
		repeatable: true, object: testProject, answer: projectJSON, want: true,
	},
	"listProjects": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.ListProjects(ctx)) },
		method: "GET", uri: "/projects?withDataModelingStatus=true", repeatable: true,
		answer: listJSON(`{"urlName":"acme","dataModelingStatus":"HYBRID"}`), want: []cdfapi.ProjectItem{{URLName: "acme", DataModelingStatus: "HYBRID"}},
	},
	"inspectToken": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.InspectToken(ctx)) },
		method: "GET", uri: "/token/inspect", repeatable: true, answer: inspectionJSON, want: wantInspection,
	},

	"getMyPrincipal": {
		call:   func(ctx context.Context, c *cdfapi.Client) (any, error) { return value(c.GetMyPrincipal(ctx)) },
		method: "GET", uri: "/principals/me", organization: true, repeatable: true, answer: principalJSON, want: wantPrincipal,
	},
	"listPrincipals": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListPrincipals(ctx, testOrg, nil, all))
		},
		method: "GET", uri: "/orgs/my-org/principals?limit=100", organization: true, repeatable: true, object: testOrg,
		answer: listJSON(principalJSON), want: []cdfapi.Principal{wantPrincipal},
	},
	"listPrincipals of some types": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return collect(c.ListPrincipals(ctx, testOrg, []string{"USER", "SERVICE_ACCOUNT"}, cdfapi.ListOptions{Limit: 2}))
		},
		method: "GET", uri: "/orgs/my-org/principals?limit=2&types=USER%2CSERVICE_ACCOUNT", organization: true, repeatable: true, object: testOrg,
		answer: listJSON(`{"id":"p2","type":"ROBOT","wheels":4}`), want: []cdfapi.Principal{{ID: "p2", Type: "ROBOT"}},
	},
	"retrievePrincipals": {
		call: func(ctx context.Context, c *cdfapi.Client) (any, error) {
			return value(c.RetrievePrincipals(ctx, testOrg, []string{"p1"}, []string{"x1"}, true))
		},
		method: "POST", uri: "/orgs/my-org/principals/byids", organization: true, repeatable: true, object: testOrg + "/p1, x1",
		body:   `{"items":[{"id":"p1"},{"externalId":"x1"}],"ignoreUnknownIds":true}`,
		answer: listJSON(principalJSON), want: []cdfapi.Principal{wantPrincipal},
	},
}

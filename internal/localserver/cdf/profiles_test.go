// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// The profiles of the users that every project has.
var (
	anna = fmt.Sprintf(`{"userIdentifier":"user-anna","displayName":"Anna Berg","givenName":"Anna","surname":"Berg",
		"email":"anna.berg@example.com","jobTitle":"Data engineer","identityType":"USER","lastUpdatedTime":%d}`, began)
	bo = fmt.Sprintf(`{"userIdentifier":"user-bo","displayName":"Bo Chen","givenName":"Bo","surname":"Chen",
		"email":"bo.chen@example.com","jobTitle":"Analyst","identityType":"USER","lastUpdatedTime":%d}`, began)
	carla = fmt.Sprintf(`{"userIdentifier":"user-carla","displayName":"Carla Diaz","givenName":"Carla","surname":"Diaz",
		"email":"carla.diaz@example.com","identityType":"USER","lastUpdatedTime":%d}`, began)
	administrator = fmt.Sprintf(`{"userIdentifier":"me","displayName":"Administrator","identityType":"SERVICE_PRINCIPAL","lastUpdatedTime":%d}`, began)
)

func TestUserProfiles(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me"})
	p.caller(t, "member", "[]")
	if err := p.AddUser(cdf.User{ID: "user-dan", DisplayName: "Abe", NoProfile: true}); err != nil {
		t.Fatal(err)
	}
	p.converse(t,
		exchange{send: "GET /profiles/me", want: administrator},
		exchange{as: "member", send: "GET /profiles/me", status: 404, want: errorOf(404, "the caller has no user profile")},
		exchange{as: "member", send: "GET /profiles", want: sessions(anna, bo, carla)},
		exchange{send: "GET /profiles?identityType=USER&limit=2", want: `{"items":[` + anna + `,` + bo + `],"nextCursor":"@1"}`},
		exchange{send: "GET /profiles?identityType=USER&cursor=@1", want: sessions(carla)},
		exchange{send: "GET /profiles?identityType=ALL", want: sessions(administrator, anna, bo, carla)},
		exchange{send: "GET /profiles?identityType=SERVICE_PRINCIPAL", want: sessions(administrator)},
		exchange{send: "GET /profiles?identityType=INTERNAL_SERVICE", want: `{"items":[]}`},
		exchange{send: "GET /profiles?identityType=user", status: 400,
			want: errorOf(400, `identityType is "user": use one of ALL, USER, SERVICE_PRINCIPAL, INTERNAL_SERVICE`)},
		exchange{send: "POST /profiles/byids", body: `{"items":[{"userIdentifier":"user-carla"},{"userIdentifier":"user-anna"}]}`, want: sessions(carla, anna)},
		exchange{send: "POST /profiles/byids", body: `{"items":[{"userIdentifier":"user-anna"},{"userIdentifier":"nope"},{"userIdentifier":"user-dan"}]}`, status: 400,
			want: `{"error":{"code":400,"message":"there are no user profiles with these identifiers","missing":[{"userIdentifier":"nope"},{"userIdentifier":"user-dan"}]}}`},
	)
}

func TestSearchUserProfiles(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	search := func(body, want string) exchange {
		return exchange{send: "POST /profiles/search", body: body, want: want}
	}
	p.converse(t,
		search(`{"search":{"name":"an"},"filter":{},"limit":25}`, sessions(anna)),
		search(`{"search":{"name":"CHEN"}}`, sessions(bo)),
		search(`{"search":{"name":"Carla D"}}`, sessions(carla)),
		search(`{"search":{"name":"erg"}}`, `{"items":[]}`),
		search(`{"search":{"name":"admin"}}`, `{"items":[]}`),
		search(`{"search":{"name":""},"limit":2}`, sessions(anna, bo)),
		search(`{}`, sessions(anna, bo, carla)),
		exchange{send: "POST /profiles/search", body: `{"limit":0}`, status: 400, want: errorOf(400, "limit is 0: use 1 to 1000")},
		exchange{send: "POST /profiles/search", body: `{"limit":1001}`, status: 400, want: errorOf(400, "limit is 1001: use 1 to 1000")},
	)
}

func TestUserProfilesSwitch(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{DisableUserProfiles: true})
	set := func(body string) exchange {
		return exchange{send: "POST /update", body: `{"update":{"userProfilesConfiguration":` + body + `}}`}
	}
	off := errorOf(400, "user profiles are not enabled in the project local")
	for range 2 {
		for _, id := range []string{"getMyUserProfile", "listUserProfiles", "retrieveUserProfiles", "searchUserProfiles"} {
			p.converse(t, exchange{send: rights[id].send, body: rights[id].body, status: 400, want: off})
		}
		p.converse(t, set(`{"set":{"enabled":true}}`), exchange{send: "GET /profiles/me"}, set(`{"set":{"enabled":false}}`))
	}
	for _, body := range []string{`{}`, `{"update":{}}`, `{"update":{"userProfilesConfiguration":{}}}`, `{"update":{"userProfilesConfiguration":{"set":{}}}}`} {
		p.converse(t, exchange{send: "POST /update", body: body, status: 400,
			want: errorOf(400, "update.userProfilesConfiguration.set.enabled is missing: nothing else can be updated")})
	}
}

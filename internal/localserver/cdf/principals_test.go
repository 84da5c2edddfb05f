// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func serviceAccount(id, more string) string {
	return fmt.Sprintf(`{"id":%q,"type":"SERVICE_ACCOUNT","pictureUrl":"https://pictures.local-server.invalid/%s",
		"createdBy":{"orgId":"local-org","userId":"user-anna"},"createdTime":%d,"lastUpdatedTime":%[3]d,%s}`, id, id, began, more)
}

func userAccount(name, email, given, family string) string {
	return fmt.Sprintf(`{"id":"user-%s","type":"USER","name":"%s %s","pictureUrl":"https://pictures.local-server.invalid/user-%s",
		"email":%q,"givenName":%q,"familyName":%q}`, name, given, family, name, email, given, family)
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{ClientID: "me"})
	me, pipeline := serviceAccount("me", `"name":"Administrator"`),
		serviceAccount("service-account-pipeline", `"name":"Pipeline","externalId":"pipeline","description":"Loads the data of the plant"`)
	annaPrincipal, boPrincipal := userAccount("anna", "anna.berg@example.com", "Anna", "Berg"), userAccount("bo", "bo.chen@example.com", "Bo", "Chen")
	carlaPrincipal := userAccount("carla", "carla.diaz@example.com", "Carla", "Diaz")
	if err := p.AddClient(cdf.Client{ID: "stranger"}); err != nil {
		t.Fatal(err)
	}
	stranger := serviceAccount("stranger", `"name":"stranger"`)
	const path = "//api/v1/orgs/local-org/principals"
	byIDs := func(body string) string { return `{"items":[` + body + `]}` }
	p.converse(t,
		exchange{send: "GET //api/v1/principals/me", want: me},
		exchange{as: "user-anna", send: "GET //api/v1/principals/me", want: annaPrincipal},
		// No group is needed.
		exchange{as: "stranger", send: "GET //api/v1/principals/me", want: stranger},
		exchange{as: "stranger", send: "GET " + path, want: sessions(me, pipeline, stranger, annaPrincipal, boPrincipal, carlaPrincipal)},
		exchange{send: "GET " + path + "?types=USER", want: sessions(annaPrincipal, boPrincipal, carlaPrincipal)},
		exchange{send: "GET " + path + "?types=SERVICE_ACCOUNT", want: sessions(me, pipeline, stranger)},
		exchange{send: "GET " + path + "?types=FUTURE", want: `{"items":[]}`},
		exchange{send: "GET " + path + "?types=USER,SERVICE_ACCOUNT&limit=5", want: `{"items":[` + me + `,` + pipeline + `,` + stranger + `,` + annaPrincipal + `,` + boPrincipal + `],"nextCursor":"@1"}`},
		exchange{send: "GET " + path + "?types=USER&types=SERVICE_ACCOUNT&cursor=@1", want: sessions(carlaPrincipal)},
		exchange{send: "GET " + path + "?limit=x", status: 400, want: `{"code":400,"message":"limit is \"x\": use 1 to 1000"}`},
		exchange{send: "GET //api/v1/orgs/other/principals", status: 403, want: `{"code":403,"message":"the caller does not belong to the organisation other"}`},

		exchange{send: "POST " + path + "/byids", body: byIDs(`{"id":"user-bo"},{"externalId":"pipeline"}`), want: sessions(boPrincipal, pipeline)},
		// Only service accounts have an external id, and an id is none.
		exchange{send: "POST " + path + "/byids", body: byIDs(`{"externalId":"user-bo"}`), status: 404, want: `{"code":404,"message":"there is no principal \"user-bo\""}`},
		exchange{send: "POST " + path + "/byids", body: byIDs(`{"id":"user-bo"},{"id":"nope"}`), status: 404, want: `{"code":404,"message":"there is no principal \"nope\""}`},
		exchange{send: "POST " + path + "/byids", body: `{"items":[{"id":"user-bo"},{"id":"nope"}],"ignoreUnknownIds":true}`, want: sessions(boPrincipal)},
		exchange{send: "POST " + path + "/byids", body: `{"items":[{"id":"nope"}],"ignoreUnknownIds":true}`, want: `{"items":[]}`},
		exchange{send: "POST " + path + "/byids", body: byIDs(`{}`), status: 400, want: `{"code":400,"message":"items[0]: give either id or externalId"}`},
		exchange{send: "POST " + path + "/byids", body: byIDs(`{"id":"a","externalId":"b"}`), status: 400},
		exchange{send: "POST " + path + "/byids", body: byIDs(``), status: 400, want: `{"code":400,"message":"the request has 0 items: give 1 to 1000"}`},
	)
}

func TestPagesOfPrincipals(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{CursorObjects: true})
	for i := range 100 {
		if err := p.AddUser(cdf.User{ID: fmt.Sprintf("x%03d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	const path = "GET //api/v1/orgs/local-org/principals"
	for query, want := range map[string]int{"?types=USER": 25, "?types=USER&limit=100": 100, "?types=USER&limit=1000": 100} {
		answer, _ := decode(t, p.do(t, "", p.request(t, path+query, "")).Body.String()).(map[string]any)
		if items, _ := answer["items"].([]any); len(items) != want {
			t.Errorf("%s: %d principals, want %d", query, len(items), want)
		}
		if next, _ := answer["nextCursor"].(map[string]any); next["cursor"] == nil {
			t.Errorf("%s: the cursor is no object: %v", query, answer["nextCursor"])
		}
	}
	// The API of the cluster goes on answering cursors as texts.
	answer, _ := decode(t, p.do(t, "", p.request(t, "GET /profiles?limit=1", "")).Body.String()).(map[string]any)
	if _, isText := answer["nextCursor"].(string); !isText {
		t.Errorf("the cursor of profiles is no text: %v", answer["nextCursor"])
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestSeed(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{Seed: strings.NewReader(`{
		"users": [{"id": "u", "displayName": "Ute", "givenName": "U", "middleName": "M", "surname": "S", "email": "u@example.com", "jobTitle": "J", "sourceIds": ["s"]},
			{"id": "v", "noProfile": true}],
		"clients": [{"clientId": "c", "clientSecret": "x", "name": "C", "externalId": "e", "description": "d", "sourceIds": ["s"], "profile": true}],
		"groups": [{"name": "g", "sourceId": "s", "capabilities": [{"sessionsAcl": {"actions": ["LIST"], "scope": {"all": {}}}}]}, {"name": "g"}],
		"securityCategories": [{"name": "a"}, {"name": "b"}]
	}`)})
	status, _ := grant(t, p, "grant_type=client_credentials&client_id=c&client_secret=x")
	if status != 200 {
		t.Errorf("the client gets no token: %d", status)
	}
	if diff := cmp.Diff([]string{"administrators", "g", "g"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	p.converse(t,
		exchange{as: "c", send: "GET /sessions", want: `{"items":[]}`},
		exchange{as: "u", send: "GET /profiles/me", want: fmt.Sprintf(`{"userIdentifier":"u","displayName":"Ute","givenName":"U","surname":"S",
			"email":"u@example.com","jobTitle":"J","identityType":"USER","lastUpdatedTime":%d}`, began)},
		exchange{as: "c", send: "GET /profiles/me", want: fmt.Sprintf(`{"userIdentifier":"c","displayName":"C","identityType":"SERVICE_PRINCIPAL","lastUpdatedTime":%d}`, began)},
		exchange{as: "c", send: "GET //api/v1/principals/me", want: serviceAccount("c", `"name":"C","externalId":"e","description":"d"`)},
		exchange{as: "u", send: "GET //api/v1/principals/me", want: `{"id":"u","type":"USER","name":"Ute","pictureUrl":"https://pictures.local-server.invalid/u",
			"email":"u@example.com","givenName":"U","middleName":"M","familyName":"S"}`},
		exchange{as: "v", send: "GET //api/v1/principals/me", want: `{"id":"v","type":"USER","name":"v","pictureUrl":"https://pictures.local-server.invalid/v"}`},
		exchange{send: "GET /securitycategories", want: `{"items":[{"id":"#1","name":"a"},{"id":"#2","name":"b"}]}`},
	)
}

func TestSeedsThatDoNotAddUp(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		`{"user":[]}`:                    `seed: cdf: json: unknown field "user"`,
		`{"users":[{"name":"x"}]}`:       `seed: cdf: json: unknown field "name"`,
		`[`:                              "seed: cdf: unexpected EOF",
		`{} {}`:                          "seed: cdf: there is text after the JSON object",
		`{"users":[{"id":"a"},{}]}`:      "seed: cdf.users[1]: a user needs an id",
		`{"users":[{"id":"user-anna"}]}`: "seed: cdf.users[0]: the id is taken",
		`{"clients":[{"clientSecret":"s3cr3t"}]}`:            "seed: cdf.clients[0]: a client needs a clientId",
		`{"clients":[{"clientId":"user-bo"}]}`:               "seed: cdf.clients[0]: the id is taken",
		`{"groups":[{"name":"a"},{}]}`:                       "seed: cdf.groups[1]: name is required and must be a text that is not empty",
		`{"securityCategories":[{}]}`:                        "seed: cdf.securityCategories[0]: a security category needs a name",
		`{"securityCategories":[{"name":"a"},{"name":"a"}]}`: "seed: cdf.securityCategories[1]: names are taken",
	} {
		_, err := cdf.New(cdf.Options{Seed: strings.NewReader(text)})
		if err == nil || err.Error() != says {
			t.Errorf("%s: error %v, want %q", text, err, says)
		}
	}
}

func TestClientsPrintNoSecret(t *testing.T) {
	t.Parallel()
	client := cdf.Client{ID: "c", Secret: "s3cr3t"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{client, &client, []cdf.Client{client}, struct{ C cdf.Client }{client}} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "s3cr3t") || strings.Contains(text, "733363723374") {
				t.Errorf("%s prints the secret: %s", verb, text)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "client", client)
	if !strings.Contains(log.String(), "cdf.Client{") || strings.Contains(log.String(), "s3cr3t") {
		t.Errorf("the log: %s", &log)
	}
}

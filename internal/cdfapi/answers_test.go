// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// TestForeignShapes: nothing but the documented shape passes for an answer.
func TestForeignShapes(t *testing.T) {
	t.Parallel()
	answers := []string{
		"", "null", "[]", `"x"`, "{}", `{"items":null}`, `{"items":{}}`, `{"items":[null]}`, `{"items":[7]}`, `{"items":[{}]}`, `{"items":[[]]}`, `{"projects":null}`,
	}
	for name, test := range operationTests {
		if test.want == nil {
			continue // nothing is read
		}
		for _, answer := range answers {
			t.Run(name+" "+answer, func(t *testing.T) {
				t.Parallel()
				client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
					writeJSON(w, http.StatusOK, answer)
				}, httpapi.Options{})
				got, err := test.call(t.Context(), client)
				if err == nil || !httpapi.AnswerUnusable(err) {
					t.Errorf("%s passed as %+v, error %v", answer, got, err)
				}
			})
		}
	}
}

func TestMissingMembers(t *testing.T) {
	t.Parallel()
	tests := []struct{ operation, answer, missing string }{
		{"listGroups", listJSON(`{"name":"x"}`), "id"},
		{"listGroups", listJSON(`{"ID":1,"name":"x"}`), "id"},
		{"listGroups", `{"nextCursor":"x"}`, "items"},
		{"listSecurityCategories", listJSON(`{"id":1}`), "name"},
		{"createSecurityCategories", listJSON(`{"name":"x"}`), "id"},
		{"listSessions", listJSON(`{"id":1}`), "status"},
		{"retrieveSessions", listJSON(`{"id":1}`), "status"},
		{"revokeSessions", listJSON(`{"status":"REVOKED"}`), "id"},
		{"createSession", listJSON(`{"id":1,"status":"READY"}`), "nonce"},
		{"createSession", listJSON(`{"nonce":"` + answeredNonce + `"}`), "id"},
		{"getMyUserProfile", `{"lastUpdatedTime":7}`, "userIdentifier"},
		{"searchUserProfiles", listJSON(`{"userIdentifier":"u1"}`), "lastUpdatedTime"},
		{"getProject", `{"name":"Acme"}`, "urlName"},
		{"getProject", `{"name":"Acme","urlName":"acme","userProfilesConfiguration":{}}`, "enabled"},
		{"getProject", `{"name":"Acme","urlName":"acme","oidcConfiguration":{"accessClaims":[{}]}}`, "claimName"},
		{"updateProject", `{"name":"Acme","urlName":"acme"}`, "userProfilesConfiguration"},
		{"updateProject", `{"userProfilesConfiguration":{}}`, "enabled"},
		{"listProjects", listJSON(`{"dataModelingStatus":"HYBRID"}`), "urlName"},
		{"inspectToken", `{"projects":[],"capabilities":[]}`, "subject"},
		{"inspectToken", `{"subject":"s","capabilities":[]}`, "projects"},
		{"inspectToken", `{"subject":"s","projects":[]}`, "capabilities"},
		{"inspectToken", `{"subject":"s","projects":[{"projectUrlName":"x"}],"capabilities":[]}`, "groups"},
		{"getMyPrincipal", `{"id":"p1"}`, "type"},
		{"listPrincipals", listJSON(`{"type":"USER"}`), "id"},
	}
	for _, test := range tests {
		t.Run(test.operation+" without "+test.missing, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, test.answer)
			}, httpapi.Options{})
			_, err := operationTests[test.operation].call(t.Context(), client)
			if want := `the required member "` + test.missing + `" is missing`; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want one with %s", err, want)
			}
		})
	}
}

// TestMembersOfAnotherType are named, but never quoted.
func TestMembersOfAnotherType(t *testing.T) {
	t.Parallel()
	tests := []struct{ operation, answer, want string }{
		{"listGroups", listJSON(`{"id":"hunter2","name":"x"}`), `the member "items.id" has the wrong type`},
		{"listGroups", listJSON(`{"id":1.5,"name":"x"}`), `the member "items.id" has the wrong type`},
		{"listGroups", listJSON(`{"id":99999999999999999999,"name":"x"}`), `the member "items.id" has the wrong type`},
		{"listGroups", listJSON(`{"id":{"hunter2":1},"name":"x"}`), `the member "items.id" has the wrong type`},
		{"listGroups", `{"items":[],"nextCursor":7}`, "wrong type"},
		{"inspectToken", `{"subject":"s","projects":[],"capabilities":"hunter2"}`, `the member "capabilities" has the wrong type`},
		{"inspectToken", `{"subject":"s","projects":[{"projectUrlName":"x","groups":["hunter2"]}],"capabilities":[]}`, `the member "projects.groups" has the wrong type`},
		{"createGroups", listJSON(groupJSON + "," + groupJSON), "it lists 2 objects where one was made"},
		{"createSession", `{"items":[]}`, "it lists 0 objects where one was made"},
	}
	for _, test := range tests {
		t.Run(test.operation+" "+test.answer, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, test.answer)
			}, httpapi.Options{})
			_, err := operationTests[test.operation].call(t.Context(), client)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error %v, want one with %s", err, test.want)
			}
		})
	}
}

// FuzzAnswers feeds arbitrary answers to the decoding of every type.
func FuzzAnswers(f *testing.F) {
	names := slices.Sorted(maps.Keys(operationTests))
	for i, name := range names {
		f.Add(uint(i), 200, []byte(operationTests[name].answer))
	}
	f.Add(uint(0), 400, []byte(`{"error":{"message":"m","missing":[{"id":5},7,null],"duplicated":[{"name":"x"}]}}`))
	f.Fuzz(func(t *testing.T, which uint, status int, body []byte) {
		status = 200 + max(status, -status)%400
		client := connect(t, cdfapi.Config{
			Cluster: "api", Project: "acme", Token: "t", HTTP: httpapi.Options{Transport: answering{status, body}},
		})
		name := names[which%uint(len(names))]
		test := operationTests[name]
		got, err := test.call(t.Context(), client)
		if err == nil && test.want != nil && (!json.Valid(body) || status > 299) {
			t.Errorf("%s: status %d with %q passed as %+v", name, status, body, got)
		}
		if err != nil && len(err.Error()) > 4000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}

// answering is a transport that answers everything alike.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status,
		Header:     http.Header{"Content-Type": {"application/json"}},
		Body:       io.NopCloser(bytes.NewReader(a.body)),
		Request:    r,
	}, nil
}

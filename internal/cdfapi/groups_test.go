// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdfapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// TestGroupForms: the API says the same in several ways, and some groups say little.
func TestGroupForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer string
		want   cdfapi.Group
	}{
		"deleted": {
			`{"id":1,"name":"x","isDeleted":true,"deletedTime":1700000000000}`,
			cdfapi.Group{ID: 1, Name: "x", IsDeleted: true, DeletedTime: 1700000000000},
		},
		"not deleted, -1":         {`{"id":1,"name":"x","isDeleted":false,"deletedTime":-1}`, cdfapi.Group{ID: 1, Name: "x"}},
		"not deleted, 0":          {`{"id":1,"name":"x","isDeleted":false,"deletedTime":0}`, cdfapi.Group{ID: 1, Name: "x"}},
		"not deleted, unsaid":     {`{"id":1,"name":"x"}`, cdfapi.Group{ID: 1, Name: "x"}},
		"an empty name":           {`{"id":1,"name":""}`, cdfapi.Group{ID: 1}},
		"an id as text":           {`{"id":"9007199254740993","name":"x"}`, cdfapi.Group{ID: 9007199254740993, Name: "x"}},
		"the largest id":          {`{"id":9223372036854775807,"name":"x"}`, cdfapi.Group{ID: 9223372036854775807, Name: "x"}},
		"unset source id":         {`{"id":1,"name":"x","sourceId":""}`, cdfapi.Group{ID: 1, Name: "x"}},
		"unset metadata":          {`{"id":1,"name":"x","metadata":{}}`, cdfapi.Group{ID: 1, Name: "x", Metadata: map[string]string{}}},
		"no capabilities":         {`{"id":1,"name":"x","capabilities":[]}`, cdfapi.Group{ID: 1, Name: "x", Capabilities: json.RawMessage(`[]`)}},
		"members":                 {`{"id":1,"name":"x","members":["b","a"]}`, cdfapi.Group{ID: 1, Name: "x", Members: &cdfapi.Members{IDs: []string{"b", "a"}}}},
		"no members":              {`{"id":1,"name":"x","members":[]}`, cdfapi.Group{ID: 1, Name: "x", Members: &cdfapi.Members{IDs: []string{}}}},
		"everybody":               {`{"id":1,"name":"x","members":"allUserAccounts"}`, cdfapi.Group{ID: 1, Name: "x", Members: &cdfapi.Members{AllUserAccounts: true}}},
		"both kinds of members":   {`{"id":1,"name":"x","sourceId":"s","members":[]}`, cdfapi.Group{ID: 1, Name: "x", SourceID: "s", Members: &cdfapi.Members{IDs: []string{}}}},
		"null for what is unset":  {`{"id":1,"name":"x","sourceId":null,"capabilities":null,"metadata":null,"members":null,"attributes":null,"isDeleted":null,"deletedTime":null}`, cdfapi.Group{ID: 1, Name: "x"}},
		"unknown members, a null": {`{"id":1,"name":"x","a":null,"b":[1]}`, cdfapi.Group{ID: 1, Name: "x", Extra: map[string]json.RawMessage{"a": json.RawMessage(`null`), "b": json.RawMessage(`[1]`)}}},
		"ids in scopes":           {`{"id":1,"name":"x","capabilities":[{"a":{"scope":{"ids":[9007199254740993,"1"]}}}]}`, cdfapi.Group{ID: 1, Name: "x", Capabilities: json.RawMessage(`[{"a":{"scope":{"ids":[9007199254740993,"1"]}}}]`)}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, listJSON(test.answer))
			}, httpapi.Options{})
			got, err := client.ListGroups(t.Context(), true)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]cdfapi.Group{test.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestGroupOfAnotherShape: one that cannot be read does not hide the others. What was
// wrong is said without a value.
func TestGroupOfAnotherShape(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		group cdfapi.Group
		says  string
	}{
		`{"id":1,"name":"x","capabilities":{"hunter2":1}}`:        {cdfapi.Group{ID: 1, Name: "x"}, `the member "capabilities" has the wrong type`},
		`{"id":1,"name":"x","members":"hunter2"}`:                 {cdfapi.Group{ID: 1, Name: "x"}, `the members are neither a list nor "allUserAccounts"`},
		`{"id":1,"name":"x","members":[7]}`:                       {cdfapi.Group{ID: 1, Name: "x"}, `the member "members" has the wrong type`},
		`{"id":1,"name":"x","metadata":{"a":7},"isDeleted":true}`: {cdfapi.Group{ID: 1, Name: "x", IsDeleted: true}, `the member "metadata" has the wrong type`},
		`{"id":1,"name":null}`:                                    {cdfapi.Group{ID: 1}, `the required member "name" is missing`},
		`{"id":1,"name":7,"isDeleted":"hunter2"}`:                 {cdfapi.Group{ID: 1}, `the member "name" has the wrong type`},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
				writeJSON(w, http.StatusOK, listJSON(answer+`,{"id":2,"name":"y"}`))
			}, httpapi.Options{})
			got, err := client.ListGroups(t.Context(), true)
			if err != nil || len(got) != 2 || got[0].Unreadable == nil {
				t.Fatalf("got %+v and error %v, want two groups, the first unreadable", got, err)
			}
			if said := got[0].Unreadable.Error(); !strings.Contains(said, want.says) || strings.Contains(said, "hunter2") {
				t.Errorf("unreadable because %q, want %q", said, want.says)
			}
			got[0].Unreadable = nil
			if diff := cmp.Diff([]cdfapi.Group{want.group, {ID: 2, Name: "y"}}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGroupWriteForms(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		group cdfapi.GroupWrite
		want  string
	}{
		"everybody":  {cdfapi.GroupWrite{Name: "x", Members: &cdfapi.Members{AllUserAccounts: true}}, `{"members":"allUserAccounts","name":"x"}`},
		"no members": {cdfapi.GroupWrite{Name: "x", Members: &cdfapi.Members{}}, `{"members":[],"name":"x"}`},
		"what is nothing": {
			cdfapi.GroupWrite{Name: "x", Metadata: map[string]string{}, Capabilities: json.RawMessage(`[]`)},
			`{"capabilities":[],"name":"x"}`,
		},
		"unknown members overrule nothing": {
			cdfapi.GroupWrite{Extra: map[string]json.RawMessage{
				"name": json.RawMessage(`"y"`), "sourceId": json.RawMessage(`"y"`), "id": json.RawMessage(`1`), "future": json.RawMessage(`null`),
			}},
			`{"future":null,"name":""}`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := json.Marshal(test.group)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestGroupsSurviveACopy: a group made of what was read reads the same again.
func TestGroupsSurviveACopy(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[a-zA-Z0-9"\\é<& ]{0,8}`)
	raw := rapid.Map(text, func(s string) json.RawMessage {
		data, err := json.Marshal([]string{s})
		if err != nil {
			return nil
		}
		return data
	})
	rapid.Check(t, func(t *rapid.T) {
		group := cdfapi.GroupWrite{
			Name:         text.Draw(t, "name"),
			SourceID:     text.Draw(t, "source id"),
			Capabilities: raw.Draw(t, "capabilities"),
			Metadata:     rapid.MapOfN(text, text, 1, 3).Draw(t, "metadata"),
			Members:      &cdfapi.Members{IDs: rapid.SliceOfN(text, 1, 3).Draw(t, "members")},
			Attributes:   raw.Draw(t, "attributes"),
			Extra:        map[string]json.RawMessage{"future": raw.Draw(t, "extra")},
		}
		sent, err := json.Marshal(group)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(sent, &members); err != nil {
			t.Fatal(err)
		}
		members["id"] = json.RawMessage(`1`)
		answer, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		var got cdfapi.Group
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		again := cdfapi.GroupWrite{
			Name: got.Name, SourceID: got.SourceID, Capabilities: got.Capabilities, Metadata: got.Metadata,
			Members: got.Members, Attributes: got.Attributes, Extra: got.Extra,
		}
		copied, err := json.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(sent), string(copied)); diff != "" {
			t.Errorf("(-sent +copied):\n%s", diff)
		}
	})
}

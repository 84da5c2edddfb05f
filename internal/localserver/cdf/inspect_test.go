// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestInspectToken(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{Project: "acme"})
	lists := capabilities(inAll, "groupsAcl:LIST", "projectsAcl:LIST")
	p.caller(t, "c", lists[:len(lists)-1]+`,
		{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":["t"]}}}},"beside":1},
		{"futureAcl":{"actions":["X"],"scope":{"future":{}}},"projectUrlNames":{"urlNames":["acme","other"]}},
		{"eventsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}}]`)
	if _, err := p.AddGroup([]byte(`{"name":"second","members":["c"],"capabilities":[{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["1",2]}}}}]}`)); err != nil {
		t.Fatal(err)
	}
	p.converse(t, exchange{as: "c", send: "GET //api/v1/token/inspect", want: `{
		"subject": "c",
		"projects": [{"projectUrlName": "acme", "groups": ["#1", "#2"]}],
		"capabilities": [
			{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["acme"]}},
			{"projectsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["acme"]}},
			{"rawAcl":{"actions":["READ"],"scope":{"tableScope":{"dbsToTables":{"db":{"tables":["t"]}}}}},"beside":1,"projectScope":{"projects":["acme"]}},
			{"futureAcl":{"actions":["X"],"scope":{"future":{}}},"projectScope":{"projects":["acme","other"]}},
			{"eventsAcl":{"actions":["READ"],"scope":{"all":{}}},"projectScope":{"allProjects":{}}},
			{"filesAcl":{"actions":["READ"],"scope":{"datasetScope":{"ids":["1",2]}}},"projectScope":{"projects":["acme"]}}
		]}`})
}

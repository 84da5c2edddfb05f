// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// A change of groups is listed at once, and reaches authorization and token
// inspection later.
func TestCapabilityDelay(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{CapabilityDelay: 10 * time.Second})
	if err := p.AddClient(cdf.Client{ID: "client", SourceIDs: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	const inspect, entry = "GET //api/v1/token/inspect", `{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}}},{"projectsAcl":{"actions":["LIST"],"scope":{"all":{}}}}`
	const inspected = `{"subject":"client","projects":[{"projectUrlName":"local","groups":["#1"]}],"capabilities":[
		{"groupsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["local"]}},
		{"projectsAcl":{"actions":["LIST"],"scope":{"all":{}}},"projectScope":{"projects":["local"]}}]}`
	p.converse(t, exchange{send: "POST /groups", body: `{"items":[{"name":"g","sourceId":"s","capabilities":[` + entry + `]}]}`})
	if diff := cmp.Diff([]string{"administrators", "g"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("groups after the creation (-want +got):\n%s", diff)
	}
	p.clock.advance(10*time.Second - 1)
	p.converse(t, exchange{as: "client", send: "GET /groups", status: 401}, exchange{as: "client", send: inspect, status: 403})
	p.clock.advance(1)
	p.converse(t,
		exchange{as: "client", send: "GET /groups"}, exchange{as: "client", send: inspect, want: inspected},
		exchange{send: "POST /groups/delete", body: `{"items":["#1"]}`},
	)
	if diff := cmp.Diff([]string{"administrators"}, p.groupNames(t, "", "/groups?all=true")); diff != "" {
		t.Errorf("groups after the deletion (-want +got):\n%s", diff)
	}
	p.clock.advance(10*time.Second - 1)
	p.converse(t, exchange{as: "client", send: inspect, want: inspected})
	p.clock.advance(1)
	p.converse(t, exchange{as: "client", send: "GET /groups", status: 401}, exchange{as: "client", send: inspect, status: 403})
}

// Without a delay a change holds at once.
func TestNoCapabilityDelay(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	if err := p.AddClient(cdf.Client{ID: "client", SourceIDs: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	p.converse(t,
		exchange{as: "client", send: "GET /groups", status: 401},
		exchange{send: "POST /groups", body: `{"items":[{"name":"g","sourceId":"s"}]}`, want: `{"items":[
			{"id":"#1","name":"g","sourceId":"s","capabilities":[],"metadata":{},"isDeleted":false,"deletedTime":-1}]}`},
		exchange{as: "client", send: "GET /groups"},
		exchange{send: "POST /groups/delete", body: `{"items":["#1"]}`},
		exchange{as: "client", send: "GET /groups", status: 401},
	)
}

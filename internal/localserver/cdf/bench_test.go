// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

// withGroups makes a project with as many groups as one may have, each with 20
// capabilities.
func withGroups(b *testing.B) *project {
	b.Helper()
	p := newProject(b, cdf.Options{})
	for i := range 1499 {
		var entries []string
		for scope := range 20 {
			entries = append(entries, fmt.Sprintf(`{"assetsAcl":{"actions":["READ","WRITE"],"scope":{"datasetScope":{"ids":[%d,%d]}}}}`, i, scope))
		}
		group := fmt.Sprintf(`{"name":"g%d","sourceId":"s%[1]d","capabilities":[%s]}`, i, strings.Join(entries, ","))
		if _, err := p.AddGroup([]byte(group)); err != nil {
			b.Fatal(err)
		}
	}
	return p
}

func (p *project) must(b *testing.B, send, body string) {
	b.Helper()
	if got := p.do(b, "", p.request(b, send, body)); got.Code != http.StatusOK {
		b.Fatalf("%s: %d %s", send, got.Code, got.Body)
	}
}

// BenchmarkListGroups lists 1,500 groups with 30,000 capabilities.
func BenchmarkListGroups(b *testing.B) {
	p := withGroups(b)
	for b.Loop() {
		p.must(b, "GET /groups?all=true", "")
	}
}

// BenchmarkAuthorizedRequest reads the project, which has 1,500 groups.
func BenchmarkAuthorizedRequest(b *testing.B) {
	p := withGroups(b)
	for b.Loop() {
		p.must(b, "GET ", "")
	}
}

// BenchmarkCreateGroups makes 1,000 groups in one request.
func BenchmarkCreateGroups(b *testing.B) {
	body := groupsOf(strings.Repeat(`{"name":"g","capabilities":[{"assetsAcl":{"actions":["READ"],"scope":{"all":{}}}}]},`, 999) + `{"name":"g"}`)
	for b.Loop() {
		newProject(b, cdf.Options{}).must(b, "POST /groups", body)
	}
}

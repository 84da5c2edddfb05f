// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// withUsers makes a server with many users, by a seed.
func withUsers(b *testing.B, count int) *localserver.Server {
	b.Helper()
	var seed strings.Builder
	seed.WriteString(`{"users":[{"id":"u"}`)
	for i := range count - 1 {
		fmt.Fprintf(&seed, `,{"id":"u%06d"}`, i*7919%count)
	}
	seed.WriteString(`]}`)
	return newServer(b, localserver.Options{Seed: strings.NewReader(seed.String())})
}

// BenchmarkListAllPages reads 100,000 users in pages of 1,000.
func BenchmarkListAllPages(b *testing.B) {
	const count = 100_000
	server := withUsers(b, count)
	for b.Loop() {
		read, after := 0, ""
		for more := true; more; {
			page := mustDo[struct {
				Pagination struct {
					HasMore    bool   `json:"has_more"`
					NextOffset string `json:"next_offset"`
					Results    int
				}
			}](b, server, "GET /auth/users?prefix=u&amount=1000&after="+after, "")
			read += page.Pagination.Results
			more, after = page.Pagination.HasMore, page.Pagination.NextOffset
		}
		if read != count {
			b.Fatalf("read %d users, want %d", read, count)
		}
	}
}

// BenchmarkCreateUsers makes 10,000 users one by one on an empty server.
func BenchmarkCreateUsers(b *testing.B) {
	const count = 10_000
	for b.Loop() {
		server := newServer(b, localserver.Options{})
		admin := asAdmin(server)
		for i := range count {
			e := exchange{send: "POST /auth/users", body: fmt.Sprintf(`{"id":"u%06d"}`, i*7919%count)}
			if status, body := answerTo(b, server, e, admin); status != http.StatusCreated {
				b.Fatalf("%d %s", status, body)
			}
		}
	}
}

// BenchmarkOneUserAmongMany creates, reads, lists and deletes one user of
// 100,000.
func BenchmarkOneUserAmongMany(b *testing.B) {
	server := withUsers(b, 100_000)
	admin := asAdmin(server)
	exchanges := []exchange{
		{send: "POST /auth/users", body: `{"id":"u05x"}`},
		{send: "GET /auth/users/u05x"},
		{send: "GET /auth/users?prefix=u05x&amount=1"},
		{send: "DELETE /auth/users/u05x"},
	}
	for b.Loop() {
		for _, e := range exchanges {
			if status, body := answerTo(b, server, e, admin); status >= http.StatusBadRequest {
				b.Fatalf("%s: %d %s", e.send, status, body)
			}
		}
	}
}

// BenchmarkAuthorizedRequest reads one user with the policies of the admin.
func BenchmarkAuthorizedRequest(b *testing.B) {
	server := newServer(b, localserver.Options{})
	admin := asAdmin(server)
	for b.Loop() {
		if status, body := answerTo(b, server, exchange{send: "GET /auth/users/admin"}, admin); status != http.StatusOK {
			b.Fatalf("%d %s", status, body)
		}
	}
}

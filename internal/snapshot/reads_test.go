// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// ids collects the ids of a listing.
func ids[T any](items iter.Seq2[T, error], id func(T) string) ([]string, error) {
	var all []string
	for item, err := range items {
		if err != nil {
			return nil, err
		}
		all = append(all, id(item))
	}
	return all, nil
}

func userID(u lakefsapi.User) string           { return u.ID }
func groupID(g lakefsapi.Group) string         { return g.ID }
func policyID(p lakefsapi.Policy) string       { return p.ID }
func keyID(c lakefsapi.Credentials) string     { return c.AccessKeyID }
func all() lakefsapi.ListOptions               { return lakefsapi.ListOptions{} }
func from(prefix string) lakefsapi.ListOptions { return lakefsapi.ListOptions{Prefix: prefix} }

func TestLists(t *testing.T) {
	t.Parallel()
	const seed = `{
	  "users": [{"id": "ci"}, {"id": "etl"}],
	  "memberships": [{"group": "Admins", "user": "ci"}, {"group": "Viewers", "user": "ci"}],
	  "attachments": [{"policy": "FSReadAll", "user": "ci"}],
	  "credentials": [{"user": "ci", "access_key_id": "CALLER", "secret_access_key": "secret"}]
	}`
	for _, test := range []struct {
		name string
		list func(context.Context, *snapshot.LakeFS) ([]string, error)
		want []string
	}{
		{"users", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListUsers(ctx, all()), userID)
		}, []string{"admin", "ci", "etl"}},
		{"users by prefix", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListUsers(ctx, from("e")), userID)
		}, []string{"etl"}},
		{"groups", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListGroups(ctx, all()), groupID)
		}, []string{"Admins", "Developers", "SuperUsers", "Viewers"}},
		{"policies by prefix", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListPolicies(ctx, from("FSRead")), policyID)
		}, []string{"FSReadAll", "FSReadWriteAll"}},
		{"members of a group", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListGroupMembers(ctx, "Viewers", all()), userID)
		}, []string{"ci"}},
		{"groups of a user", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListUserGroups(ctx, "ci", all()), groupID)
		}, []string{"Admins", "Viewers"}},
		{"policies of a user", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListAttachedPolicies(ctx, snapshot.Principal{UserID: "ci"}, all()), policyID)
		}, []string{"FSReadAll"}},
		{"policies of a group", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListAttachedPolicies(ctx, snapshot.Principal{GroupID: "Viewers"}, all()), policyID)
		}, []string{"AuthManageOwnCredentials", "CatalogReadAll", "FSReadAll"}},
		{"effective policies of a user", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListEffectivePolicies(ctx, "ci"), policyID)
		}, []string{
			"AuthFullAccess", "AuthManageOwnCredentials", "CatalogReadAll", "CatalogReadWriteAll",
			"FSFullAccess", "FSReadAll", "RepoManagementFullAccess",
		}},
		{"keys of a user", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			return ids(s.ListUserCredentials(ctx, "ci", all()), keyID)
		}, []string{"CALLER"}},
		{"the caller", func(ctx context.Context, s *snapshot.LakeFS) ([]string, error) {
			user, err := s.GetCurrentUser(ctx)
			return []string{user.ID}, err
		}, []string{"ci"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{Seed: strings.NewReader(seed), PageSize: 2})
			got, err := test.list(t.Context(), w.LakeFS)
			if err != nil {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetAuthCapabilities(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	got, err := w.GetAuthCapabilities(t.Context())
	if err != nil || got != (lakefsapi.AuthCapabilities{InviteUser: true}) {
		t.Errorf("GetAuthCapabilities returned %+v and error %v, want that users can be invited", got, err)
	}
}

// reads are all reads of one object, each of one that is there.
var reads = []struct {
	name, id, list string
	// byID is set when the object can also be read by its id alone, without the
	// right to list.
	byID bool
	read func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error)
}{
	{"user", "admin", "GET /auth/users", true, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		_, ok, err := s.GetUser(ctx, id)
		return ok, err
	}},
	{"group", "Viewers", "GET /auth/groups", true, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		_, ok, err := s.GetGroup(ctx, id)
		return ok, err
	}},
	{"group by name", "Viewers", "GET /auth/groups", true, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		_, ok, err := s.GetGroupByName(ctx, id)
		return ok, err
	}},
	{"policy", "FSReadAll", "GET /auth/policies", true, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		_, ok, err := s.GetPolicy(ctx, id)
		return ok, err
	}},
	{"membership", "admin", "GET /auth/groups/Admins/members", false, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		return s.GetGroupMembership(ctx, "Admins", id)
	}},
	{"membership by group", "Admins", "GET /auth/groups/", false, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		return s.GetGroupMembership(ctx, id, "admin")
	}},
	{"attachment to a group", "FSFullAccess", "GET /auth/groups/Admins/policies", false, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		return s.GetPolicyAttachment(ctx, snapshot.Principal{GroupID: "Admins"}, id)
	}},
	{"attachment by group", "Admins", "GET /auth/groups/", false, func(ctx context.Context, s *snapshot.LakeFS, id string) (bool, error) {
		return s.GetPolicyAttachment(ctx, snapshot.Principal{GroupID: id}, "FSFullAccess")
	}},
}

func TestReads(t *testing.T) {
	t.Parallel()
	for _, read := range reads {
		for _, test := range []struct {
			name   string
			id     string
			faults []fault
			want   bool
			status int
		}{
			{name: "there", id: read.id, want: true},
			{name: "not there", id: "nothing"},
			{
				name: "no right to list", id: read.id, want: read.byID, status: map[bool]int{false: 401}[read.byID],
				faults: []fault{
					{request: read.list + "/" + read.id, times: -1, happen: passOr(read.byID, notPermitted("auth:Read"))},
					{request: read.list, times: -1, happen: notPermitted("auth:List")},
				},
			},
			{name: "no right at all", id: read.id, status: 401, faults: []fault{{request: "GET ", times: -1, happen: notPermitted("auth:Read")}}},
			{name: "server broken", id: read.id, status: 500, faults: []fault{{request: "GET ", times: -1, happen: answer(http.StatusInternalServerError, "broken")}}},
			{
				// A proxy's 404 says nothing about the object.
				name: "not lakeFS", id: read.id, status: 404,
				faults: []fault{{request: "GET ", times: -1, happen: reply(false, http.StatusNotFound, "text/html", "<html></html>")}},
			},
		} {
			t.Run(read.name+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, localserver.Options{})
				w.network.breaks(test.faults...)
				ok, err := read.read(t.Context(), w.LakeFS, test.id)
				if ok != test.want || httpapi.StatusOf(err) != test.status || (err == nil) != (test.status == 0) {
					t.Errorf("found %t and error %v, want %t and status %d", ok, err, test.want, test.status)
				}
			})
		}
	}
}

// passOr delivers a request or has something happen to it.
func passOr(deliver bool, otherwise happening) happening {
	if deliver {
		return pass
	}
	return otherwise
}

// One object is looked up by one request for one item, however many there are.
func TestGetUserAsksForOneItem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	var query string
	w.network.breaks(fault{request: "GET /auth/users", times: 1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
		query = r.URL.RawQuery
		return deliver(), nil
	}})
	if _, ok, err := w.GetUser(t.Context(), "admin"); !ok || err != nil {
		t.Fatalf("found %t and error %v, want the user", ok, err)
	}
	if diff := cmp.Diff("amount=1&prefix=admin", query); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	if sent := w.network.requests(""); len(sent) != 1 {
		t.Errorf("sent %v, want one request", sent)
	}
}

// newRealTimeLakeFS is a snapshot that sleeps for real, for use in a bubble of
// package synctest, and the network under it.
func newRealTimeLakeFS(t *testing.T) (*snapshot.LakeFS, *network) {
	t.Helper()
	server, err := localserver.New(localserver.Options{})
	must(t, err)
	n := &network{server: server}
	n.breaks(fault{request: "PUT ", times: 1, happen: answer(http.StatusNotFound, "not found")})
	return snapshot.NewLakeFS(newClient(t, n, server.AccessKeyID(), server.SecretAccessKey())), n
}

func TestPauseOfRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := newRealTimeLakeFS(t)
		start := time.Now()
		if _, err := s.UpdatePolicy(t.Context(), "FSReadAll", readAll("FSReadAll")); err != nil {
			t.Errorf("UpdatePolicy: %v", err)
		}
		if diff := cmp.Diff(500*time.Millisecond, time.Since(start)); diff != "" {
			t.Errorf("time taken (-want +got):\n%s", diff)
		}
	})
}

func TestPauseOfRealTimeCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, n := newRealTimeLakeFS(t)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := s.UpdatePolicy(ctx, "FSReadAll", readAll("FSReadAll")); httpapi.StatusOf(err) != http.StatusNotFound {
			t.Errorf("got error %v, want the 404 that was to be tried again", err)
		}
		if diff := cmp.Diff(100*time.Millisecond, time.Since(start)); diff != "" {
			t.Errorf("time taken (-want +got):\n%s", diff)
		}
		if sent := n.requests("PUT "); len(sent) != 1 {
			t.Errorf("sent %v, want one request", sent)
		}
	})
}

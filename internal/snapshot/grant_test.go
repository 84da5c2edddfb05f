// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// A caller that gives itself a right meets the old answer in lakeFS's
// authorization cache, for as long as an entry lives.
func TestGrantToOneself(t *testing.T) {
	t.Parallel()
	const seed = `{
	  "users": [{"id": "ci"}],
	  "groups": [{"id": "Makers"}],
	  "policies": [
	    {"id": "MayGrant", "statement": [{"effect": "allow", "action": ["auth:AttachPolicy", "auth:AddGroupMember", "auth:UpdatePolicy", "auth:Read*", "auth:List*"], "resource": "*"}]},
	    {"id": "MayMake", "statement": [{"effect": "allow", "action": ["auth:CreateUser"], "resource": "*"}]},
	    {"id": "Own", "statement": [{"effect": "allow", "action": ["fs:ReadObject"], "resource": "*"}]}
	  ],
	  "attachments": [{"policy": "MayGrant", "user": "ci"}, {"policy": "Own", "user": "ci"}, {"policy": "MayMake", "group": "Makers"}],
	  "credentials": [{"user": "ci", "access_key_id": "CALLER", "secret_access_key": "secret"}]
	}`
	for _, test := range []struct {
		name  string
		grant func(context.Context, *snapshot.LakeFS) error
	}{
		{"attachment", func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.AttachPolicy(ctx, snapshot.Principal{UserID: "ci"}, "MayMake")
		}},
		{"membership", func(ctx context.Context, s *snapshot.LakeFS) error {
			return s.AddGroupMembership(ctx, "Makers", "ci")
		}},
		{"policy", func(ctx context.Context, s *snapshot.LakeFS) error {
			_, err := s.UpdatePolicy(ctx, "Own", lakefsapi.Policy{ID: "Own", Statement: []lakefsapi.Statement{
				{Effect: "allow", Action: []string{"auth:CreateUser"}, Resource: "*"},
			}})
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{Seed: strings.NewReader(seed), AuthCache: 20 * time.Second})
			if _, err := w.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "new"}); !lakefsapi.IsNotPermitted(err) {
				t.Fatalf("before the grant: got error %v, want a refusal", err)
			}
			must(t, test.grant(t.Context(), w.LakeFS))
			user, err := w.CreateUser(t.Context(), lakefsapi.UserCreation{ID: "new"})
			if err != nil || user.ID != "new" {
				t.Errorf("after the grant: got the user %q and error %v", user.ID, err)
			}
			if len(w.clock.sleeps()) == 0 {
				t.Error("the server was not asked again, so the test shows nothing")
			}
		})
	}
}

func TestRefusalAfterGrant(t *testing.T) {
	t.Parallel()
	const refused = "POST /auth/users/admin/credentials"
	for _, test := range []struct {
		name   string
		before time.Duration // between the grant and the refused write
		writes int
		last   time.Duration // the last pause
	}{
		{name: "at once", before: 0, writes: 14, last: time.Second},
		{name: "late", before: 22 * time.Second, writes: 3, last: time.Second},
		{name: "too late", before: 25 * time.Second, writes: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, localserver.Options{})
			must(t, w.AddGroupMembership(t.Context(), "Viewers", "admin"))
			w.clock.advance(test.before)
			w.network.breaks(fault{request: refused, times: -1, happen: notPermitted("auth:CreateCredentials")})
			start := w.clock.Now()
			_, _, err := w.CreateCredentials(t.Context(), "admin")
			if !lakefsapi.IsNotPermitted(err) {
				t.Errorf("got error %v, want the refusal", err)
			}
			if diff := cmp.Diff(test.writes, len(w.network.requests(refused))); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(max(0, 25*time.Second-test.before), w.clock.Now().Sub(start)); diff != "" {
				t.Errorf("time until given up (-want +got):\n%s", diff)
			}
			if pauses := w.clock.sleeps(); test.last > 0 && pauses[len(pauses)-1] != test.last {
				t.Errorf("pauses are %v, want the last one to be %s", pauses, test.last)
			}
		})
	}
}

func TestRefusalWithoutGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	w.network.breaks(fault{request: "DELETE ", times: -1, happen: notPermitted("auth:DeleteUser")})
	if err := w.DeleteUser(t.Context(), "admin"); !lakefsapi.IsNotPermitted(err) {
		t.Errorf("got error %v, want the refusal", err)
	}
	if pauses := w.clock.sleeps(); len(pauses) != 0 {
		t.Errorf("tried again after %v, want an answer at once", pauses)
	}
}

func TestRefusalCancelledInBackOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, localserver.Options{})
	must(t, w.AddGroupMembership(t.Context(), "Viewers", "admin"))
	ctx, cancel := context.WithCancel(t.Context())
	w.network.breaks(fault{request: "DELETE ", times: -1, happen: func(*http.Request, func() *http.Response) (*http.Response, error) {
		cancel()
		return notPermitted("auth:DeleteUser")(nil, nil)
	}})
	if err := w.DeleteUser(ctx, "admin"); !lakefsapi.IsNotPermitted(err) {
		t.Errorf("got error %v, want the refusal", err)
	}
	if sent := w.network.requests("DELETE "); len(sent) != 1 {
		t.Errorf("sent %v, want one request", sent)
	}
}

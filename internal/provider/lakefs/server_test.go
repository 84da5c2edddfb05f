// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file holds what tests do and ask beside the provider, at the server.

// makeUser makes a user out of band.
func makeUser(t *testing.T, lakefs *acctest.LakeFS, id string) {
	t.Helper()
	_, err := lakefs.Client.CreateUser(t.Context(), lakefsapi.UserCreation{ID: id})
	must(t, err)
}

// makeKey makes an access key out of band.
func makeKey(t *testing.T, lakefs *acctest.LakeFS, userID string) lakefsapi.CredentialsWithSecret {
	t.Helper()
	key, err := lakefs.Client.CreateCredentials(t.Context(), userID)
	must(t, err)
	return key
}

// keysOf returns the ids of the access keys that the server lists for a user.
func keysOf(ctx context.Context, lakefs *acctest.LakeFS, userID string) ([]string, error) {
	var ids []string
	for key, err := range lakefs.Client.ListUserCredentials(ctx, userID, lakefsapi.ListOptions{}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, key.AccessKeyID)
	}
	return ids, nil
}

// groupNamed returns the group of a name: the server may choose the id.
func groupNamed(ctx context.Context, lakefs *acctest.LakeFS, name string) (group lakefsapi.Group, found bool, err error) {
	for group, err := range lakefs.Client.ListGroups(ctx, lakefsapi.ListOptions{}) {
		if err != nil || group.Name == name {
			return group, err == nil, err
		}
	}
	return lakefsapi.Group{}, false, nil
}

// groupIDOf is groupNamed for a group that has to be there.
func groupIDOf(t *testing.T, lakefs *acctest.LakeFS, name string) string {
	t.Helper()
	group, found, err := groupNamed(t.Context(), lakefs, name)
	must(t, err)
	if !found {
		t.Fatalf("the server has no group %q", name)
	}
	return group.ID
}

// writes records the requests of a local server that change something, in order.
type writes struct {
	mu   sync.Mutex
	seen []string
}

// record is a middleware of the local server.
func (w *writes) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			w.mu.Lock()
			w.seen = append(w.seen, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1/auth/"))
			w.mu.Unlock()
		}
		next.ServeHTTP(rw, r)
	})
}

// take returns what was recorded since the last call.
func (w *writes) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := slices.Clone(w.seen)
	w.seen = nil
	return seen
}

// outage makes a local server answer 500 to the requests that it strikes, while
// it is on.
type outage struct {
	on      atomic.Bool
	strikes func(*http.Request) bool
}

// wrap is a middleware of the local server.
func (o *outage) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.on.Load() && o.strikes(r) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"message":"out of order"}`))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// clock is the time of a local server; it stands still until it is advanced.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// advance moves the clock by an hour.
func (c *clock) advance() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Hour)
}

// startWithClock starts a local server that lives in a time of its own.
func startWithClock(t *testing.T) (*acctest.LakeFS, *clock) {
	t.Helper()
	c := &clock{now: time.Date(2026, time.November, 22, 8, 0, 0, 0, time.UTC)}
	return acctest.StartLocalLakeFS(t, localserver.Options{Now: c.read, GroupIDs: os.Getenv("IAM_ACC_GROUP_IDS")}), c
}

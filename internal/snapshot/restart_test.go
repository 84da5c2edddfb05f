// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// restarted is a server that goes down in the middle of its work, together with the answers
// that are under way, and comes back after some attempts to reach it.
type restarted struct {
	t       *testing.T
	handler http.Handler
	address string
	// down is the number of the request after which it goes down, back how many waits of its
	// clients it takes to come back.
	down, back     int64
	served, waited atomic.Int64

	mu     sync.Mutex
	server *http.Server
}

// start listens, at the same address as before.
func (r *restarted) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	listener, err := (&net.ListenConfig{}).Listen(r.t.Context(), "tcp", r.address)
	if err != nil {
		r.t.Errorf("the server cannot come back: %v", err)
		return
	}
	r.address = listener.Addr().String()
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
	go func() { _ = r.server.Serve(listener) }()
}

func (r *restarted) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.server.Close()
}

// ServeHTTP serves what is left until it goes down. What it has done by then stays done.
func (r *restarted) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if r.served.Add(1) != r.down {
		r.handler.ServeHTTP(w, q)
		return
	}
	r.handler.ServeHTTP(discarded{}, q)
	r.stop()
	panic(http.ErrAbortHandler)
}

// wait is what clients do between two attempts.
func (r *restarted) wait() {
	if r.waited.Add(1) == r.back {
		r.start()
	}
}

// discarded is where an answer goes that nobody gets.
type discarded struct{}

func (discarded) Header() http.Header         { return http.Header{} }
func (discarded) Write(b []byte) (int, error) { return len(b), nil }
func (discarded) WriteHeader(int)             {}

// A server that is restarted in the middle of an apply costs nothing but time, wherever it
// breaks off.
func TestServerRestartedInMidApply(t *testing.T) {
	t.Parallel()
	for _, down := range []int64{1, 7, 20, 33, 41} {
		t.Run(fmt.Sprint("after request ", down), func(t *testing.T) {
			t.Parallel()
			local, err := localserver.New(localserver.Options{})
			must(t, err)
			clock := newClock()
			server := &restarted{t: t, handler: local, address: "127.0.0.1:0", down: down, back: 5}
			server.start()
			t.Cleanup(server.stop)
			client, err := lakefsapi.New(lakefsapi.Config{
				Endpoint: "http://" + server.address, AccessKeyID: local.AccessKeyID(), SecretAccessKey: local.SecretAccessKey(),
				HTTP: httpapi.Options{MaxRetries: 8, Now: clock.Now, Sleep: func(ctx context.Context, d time.Duration) error {
					server.wait() //nolint:contextcheck // the server outlives the request that waits
					return clock.Sleep(ctx, d)
				}},
			})
			must(t, err)
			lakefs := snapshot.NewLakeFS(client, snapshot.WithClock(clock.Now, clock.Sleep))
			_, err = lakefs.CreateGroup(t.Context(), lakefsapi.GroupCreation{ID: "staff"})
			must(t, err)
			var made errgroup.Group
			made.SetLimit(10)
			for i := range 20 {
				made.Go(func() error {
					id := fmt.Sprintf("user-%02d", i)
					if _, err := lakefs.CreateUser(t.Context(), lakefsapi.UserCreation{ID: id}); err != nil {
						return err
					}
					return lakefs.AddGroupMembership(t.Context(), "staff", id)
				})
			}
			if err := made.Wait(); err != nil {
				t.Errorf("the apply failed: %v", err)
			}
			want, got := []string{}, []string{}
			for i := range 20 {
				want = append(want, fmt.Sprintf("user-%02d", i))
			}
			for user, err := range client.ListGroupMembers(t.Context(), "staff", everything) {
				must(t, err)
				got = append(got, user.ID)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			if server.waited.Load() < server.back {
				t.Error("the server did not go down")
			}
		})
	}
}

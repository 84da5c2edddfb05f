// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// A request to make something in lakeFS is not broken off with its command: what it has
// made is known, and saved.
func TestCreateCancelledOnItsWay(t *testing.T) {
	t.Parallel()
	for _, c := range creations {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.options)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.network.breaks(fault{request: c.write, times: 1, happen: func(r *http.Request, deliver func() *http.Response) (*http.Response, error) {
				cancel()
				if err := r.Context().Err(); err != nil {
					t.Errorf("the request was broken off: %v", err)
				}
				return deliver(), nil
			}})
			if _, err := c.create(ctx, w.LakeFS); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCreateCredentialsCancelledOnItsWay(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	w.network.breaks(fault{request: createKey, times: 1, happen: func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		cancel()
		return deliver(), nil
	}})
	made, orphans, err := w.CreateCredentials(ctx, "etl")
	if err != nil || len(orphans) > 0 || made.SecretAccessKey == "" {
		t.Errorf("got a secret of %d characters, the orphans %v and error %v", len(made.SecretAccessKey), orphans, err)
	}
}

// A server that says nothing holds an interrupt up for no more than two seconds.
func TestCreateCancelledWithASilentServer(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	w.network.breaks(fault{request: createKey, times: -1, happen: func(r *http.Request, _ func() *http.Response) (*http.Response, error) {
		cancel()
		<-r.Context().Done()
		return nil, r.Context().Err()
	}})
	start := time.Now()
	_, _, err := w.CreateCredentials(ctx, "etl")
	if took := time.Since(start); !errors.Is(err, context.Canceled) || took > 2*time.Second {
		t.Errorf("error %v after %s", err, took)
	}
	if sent := w.network.requests(createKey); len(sent) != 1 {
		t.Errorf("sent %v, want one request", sent)
	}
}

// What was cancelled before is not sent.
func TestCreateCancelledBefore(t *testing.T) {
	t.Parallel()
	w := newKeyWorld(t, localserver.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := w.CreateCredentials(ctx, "etl"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if sent := w.network.requests(createKey); len(sent) != 0 {
		t.Errorf("sent %v", sent)
	}
}

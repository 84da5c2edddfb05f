// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// Ten at a time, requests go out as fast as the limit allows and no faster: that of the
// client, or that of a server that says with 429 when to come again.
func TestThroughput(t *testing.T) {
	t.Parallel()
	const perSecond, total, workers, latency = 20, 600, 10, 100 * time.Millisecond
	for name, test := range map[string]struct {
		client float64
		server rate.Limit
	}{
		"the client's limit": {perSecond, rate.Inf},
		"the server's limit": {0, perSecond},
		"both":               {perSecond, perSecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				limiter := rate.NewLimiter(test.server, perSecond)
				client, err := httpapi.New(httpapi.Config{
					BaseURL: "https://lakefs.example.com",
					Options: httpapi.Options{
						RequestsPerSecond: test.client, MaxRetries: 10,
						Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
							time.Sleep(latency)
							if limiter.Allow() {
								return fakeAnswer(r, http.StatusOK, "application/json", []byte(`{}`)), nil
							}
							answer := fakeAnswer(r, http.StatusTooManyRequests, "application/json", []byte(`{}`))
							answer.Header.Set("Retry-After", "1")
							return answer, nil
						}),
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				started, queue := time.Now(), make(chan struct{}, total)
				for range total {
					queue <- struct{}{}
				}
				close(queue)
				var wait sync.WaitGroup
				for range workers {
					wait.Go(func() {
						for range queue {
							if err := client.Do(t.Context(), get, nil); err != nil {
								t.Errorf("request: %v", err)
							}
						}
					})
				}
				wait.Wait()
				took, ideal := time.Since(started), time.Duration(total/perSecond)*time.Second
				if took < ideal*9/10 || took > ideal*11/10 {
					t.Errorf("%d requests took %s, want within a tenth of %s", total, took, ideal)
				}
			})
		})
	}
}

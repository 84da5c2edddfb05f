// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package snapshot_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// clock is a time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Unix(1_795_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.advance(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	return nil
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sleeps returns how long it was slept each time.
func (c *clock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.slept...)
}

// network brings requests to a server in memory, or fails to. It records what
// was sent as "METHOD /path", the path without /api/v1 and the query.
type network struct {
	server http.Handler

	mu     sync.Mutex
	sent   []string
	faults []*fault
}

// fault is what the network does instead of delivering a request.
type fault struct {
	// request is the beginning of the recorded form of the requests it applies to.
	request string
	// times is how many of them it applies to; negative means all.
	times int
	// happen does it. deliver brings the request to the server.
	happen func(r *http.Request, deliver func() *http.Response) (*http.Response, error)
}

func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Method + " " + strings.TrimPrefix(r.URL.EscapedPath(), "/api/v1")
	deliver, err := n.delivery(r)
	if err != nil {
		return nil, err
	}
	if f := n.record(sent); f != nil {
		return f.happen(r, deliver)
	}
	return deliver(), nil
}

// delivery reads the request, so that it can be delivered at any later time.
func (n *network) delivery(r *http.Request) (func() *http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	return func() *http.Response {
		arrived := r.Clone(context.WithoutCancel(r.Context()))
		arrived.Body = io.NopCloser(bytes.NewReader(body))
		recorder := httptest.NewRecorder()
		n.server.ServeHTTP(recorder, arrived)
		return recorder.Result()
	}, nil
}

// record notes a request and returns the first fault that applies to it.
func (n *network) record(sent string) *fault {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sent = append(n.sent, sent)
	for _, f := range n.faults {
		if f.times != 0 && strings.HasPrefix(sent, f.request) {
			f.times--
			return f
		}
	}
	return nil
}

// breaks adds faults. Of several that apply, the first one happens.
func (n *network) breaks(faults ...fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, f := range faults {
		n.faults = append(n.faults, &f)
	}
}

// heals removes all faults.
func (n *network) heals() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.faults = nil
}

// requests returns those sent so far whose recorded form begins with a text.
func (n *network) requests(beginning string) []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var found []string
	for _, sent := range n.sent {
		if strings.HasPrefix(sent, beginning) {
			found = append(found, sent)
		}
	}
	return found
}

// happening is what a fault does.
type happening = func(*http.Request, func() *http.Response) (*http.Response, error)

// pass delivers the request: it keeps a request from a fault that comes after.
func pass(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
	return deliver(), nil
}

// lose loses the request, or its answer when it is delivered first.
func lose(delivered bool, err error) happening {
	return func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		if delivered {
			_ = deliver().Body.Close()
		}
		return nil, err
	}
}

// reply answers in place of the server, after delivering the request if asked.
func reply(delivered bool, status int, contentType, body string) happening {
	return func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		if delivered {
			_ = deliver().Body.Close()
		}
		recorder := httptest.NewRecorder()
		recorder.Header().Set("Content-Type", contentType)
		recorder.WriteHeader(status)
		_, _ = recorder.WriteString(body)
		return recorder.Result(), nil
	}
}

// answer is a JSON error of lakeFS in place of the server's answer.
func answer(status int, message string) happening {
	return reply(false, status, "application/json", fmt.Sprintf(`{"message":%q}`, message))
}

// notPermitted is how lakeFS 1.84 refuses.
func notPermitted(action string) happening {
	return answer(http.StatusUnauthorized, "insufficient permissions: not allowed to "+action)
}

// badGateway is what a proxy says, after delivering the request if asked.
func badGateway(delivered bool) happening {
	return reply(delivered, http.StatusBadGateway, "text/html", "<html>bad gateway</html>")
}

// notFromTheAPI is a success of something on the way that tells nothing of the
// object, after delivering the request if asked.
func notFromTheAPI(delivered bool) happening {
	return reply(delivered, http.StatusCreated, "text/html", "<html>welcome</html>")
}

// cutInBody delivers the request and loses the end of the answer.
func cutInBody(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
	response := deliver()
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(response.Body, 5), brokenReader{}), response.Body}
	return response, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// delayedUntil loses the connection and delivers the request later: just before
// the next request that begins so.
func delayedUntil(n *network, next string) happening {
	return func(_ *http.Request, deliver func() *http.Response) (*http.Response, error) {
		n.breaks(fault{request: next, times: 1, happen: func(_ *http.Request, now func() *http.Response) (*http.Response, error) {
			_ = deliver().Body.Close()
			return now(), nil
		}})
		return nil, io.ErrUnexpectedEOF
	}
}

// world is a snapshot of a local server, with the network and the time between.
type world struct {
	*snapshot.LakeFS
	// beside speaks to the server past the snapshot and the network's faults.
	beside  *lakefsapi.Client
	network *network
	clock   *clock
}

// maxRetries is how often the snapshot of a newWorld may send a request again.
const maxRetries = 4

// newWorld starts a server. The caller is its administrator, or the owner of a
// key that the seed gives the id "CALLER" and the secret "secret".
func newWorld(t *testing.T, options localserver.Options) *world {
	t.Helper()
	return newWorldRetrying(t, options, maxRetries)
}

// newWorldRetrying is newWorld with another limit of retries.
func newWorldRetrying(t *testing.T, options localserver.Options, retries int) *world {
	t.Helper()
	w := &world{clock: newClock()}
	asCaller := options.Seed != nil
	options.Now = w.clock.Now
	server, err := localserver.New(options)
	if err != nil {
		t.Fatalf("starting the local server: %v", err)
	}
	w.network = &network{server: server}
	id, secret := server.AccessKeyID(), server.SecretAccessKey()
	w.beside = newClient(t, &network{server: server}, id, secret)
	if asCaller {
		id, secret = "CALLER", "secret"
	}
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint: "https://lakefs.example.com", AccessKeyID: id, SecretAccessKey: secret,
		HTTP: httpapi.Options{Transport: w.network, MaxRetries: retries, Now: w.clock.Now, Sleep: w.clock.Sleep},
	})
	must(t, err)
	w.LakeFS = snapshot.NewLakeFS(client, snapshot.WithClock(w.clock.Now, w.clock.Sleep))
	return w
}

func newClient(t *testing.T, transport http.RoundTripper, accessKeyID, secret string) *lakefsapi.Client {
	t.Helper()
	client, err := lakefsapi.New(lakefsapi.Config{
		Endpoint:        "https://lakefs.example.com",
		AccessKeyID:     accessKeyID,
		SecretAccessKey: secret,
		HTTP:            httpapi.Options{Transport: transport},
	})
	if err != nil {
		t.Fatalf("making a client: %v", err)
	}
	return client
}

// wantBackOff fails unless there were so many pauses as the client makes between
// attempts: doubling from half a second, up to half of it left out at random.
func (w *world) wantBackOff(t *testing.T, pauses int) {
	t.Helper()
	slept := w.clock.sleeps()
	if len(slept) != pauses {
		t.Errorf("pauses %v, want %d", slept, pauses)
	}
	for i, got := range slept {
		if most := 500 * time.Millisecond << i; got < most/2 || got > most {
			t.Errorf("pause %d is %s, want between %s and %s", i+1, got, most/2, most)
		}
	}
}

// must fails the test on an error of what prepares it.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("preparing the test: %v", err)
	}
}

// readAll is a policy's content where it does not matter.
func readAll(id string) lakefsapi.Policy {
	return lakefsapi.Policy{ID: id, Statement: []lakefsapi.Statement{{Effect: "allow", Action: []string{"fs:Read*"}, Resource: "*"}}}
}

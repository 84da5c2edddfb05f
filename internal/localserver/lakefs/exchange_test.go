// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// clock is a clock that tests set forward. It starts at a date that answers
// then carry as 1700000000.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Unix(1_700_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newServer makes a server with a fixed clock, unless the options bring one.
func newServer(t testing.TB, options localserver.Options) *localserver.Server {
	t.Helper()
	if options.Now == nil {
		options.Now = newClock().Now
	}
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// exchange is a request and the answer it must get.
type exchange struct {
	// send is the method and the target below /api/v1.
	send string
	body string
	// as replaces the admin's Authorization header; "-" sends none.
	as     string
	cookie string
	status int
	// want is the body without the final newline. A trailing … cuts the comparison.
	want string
}

// answerTo sends one request to a server and returns status and body.
func answerTo(t testing.TB, server http.Handler, e exchange, admin func(*http.Request)) (int, string) {
	t.Helper()
	method, target, _ := strings.Cut(e.send, " ")
	request := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+target, strings.NewReader(e.body))
	if e.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	switch e.as {
	case "":
		admin(request)
	case "-":
	default:
		request.Header.Set("Authorization", e.as)
	}
	if e.cookie != "" {
		request.Header.Set("Cookie", e.cookie)
	}
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder.Code, strings.TrimSuffix(recorder.Body.String(), "\n")
}

func asAdmin(server *localserver.Server) func(*http.Request) {
	return func(r *http.Request) { r.SetBasicAuth(server.AccessKeyID(), server.SecretAccessKey()) }
}

// converse plays exchanges in order on one server.
func converse(t *testing.T, server *localserver.Server, exchanges []exchange) {
	t.Helper()
	for i, e := range exchanges {
		status, body := answerTo(t, server, e, asAdmin(server))
		want := e.want
		if start, isCut := strings.CutSuffix(want, "…"); isCut && strings.HasPrefix(body, start) {
			want = body
		}
		if diff := cmp.Diff(e.status, status) + cmp.Diff(want, body); diff != "" {
			t.Errorf("%d: %s %s (-want +got):\n%s", i, e.send, e.body, diff)
		}
	}
}

// mustDo sends a request that has to succeed and decodes the answer.
func mustDo[T any](t testing.TB, server *localserver.Server, send, body string) T {
	t.Helper()
	status, text := answerTo(t, server, exchange{send: send, body: body}, asAdmin(server))
	var value T
	if status >= http.StatusBadRequest {
		t.Fatalf("%s: %d %s", send, status, text)
	}
	if text == "" {
		return value
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%s: %v in %s", send, err, text)
	}
	return value
}

// keyPair is an access key as the API answers it.
type keyPair struct {
	ID     string `json:"access_key_id"`
	Secret string `json:"secret_access_key"`
}

// basic is the Authorization header of a key pair.
func (k keyPair) basic() string {
	request := http.Request{Header: http.Header{}}
	request.SetBasicAuth(k.ID, k.Secret)
	return request.Header.Get("Authorization")
}

// newUser makes a user with a key pair.
func newUser(t testing.TB, server *localserver.Server, id string) keyPair {
	t.Helper()
	mustDo[any](t, server, "POST /auth/users", `{"id":"`+id+`"}`)
	return mustDo[keyPair](t, server, "POST /auth/users/"+id+"/credentials", "")
}

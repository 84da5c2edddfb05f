// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func newServer(t *testing.T, options localserver.Options) *localserver.Server {
	t.Helper()
	options.Now = func() time.Time { return time.Unix(1_700_000_000, 0) }
	server, err := localserver.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// ask sends a request below /api/v1 as the admin.
func ask(t *testing.T, server *localserver.Server, method, target, body string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, "/api/v1"+target, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(server.AccessKeyID(), server.SecretAccessKey())
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder
}

// secretIn takes one member out of an answer.
func secretIn(t *testing.T, recorder *httptest.ResponseRecorder, member string) string {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal(recorder.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	secret, isText := body[member].(string)
	if !isText || secret == "" {
		t.Fatalf("no %s in the answer", member)
	}
	return secret
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]localserver.Options{
		"dialect 1.0":      {Dialect: "1.0"},
		"RBAC of 0.97":     {Dialect: "0.97", RBAC: "none"},
		"ACLs of 0.97":     {Dialect: "0.97", RBAC: "simplified"},
		"unknown RBAC":     {RBAC: "acl"},
		"ACLs, principals": {RBAC: "simplified", ExternalPrincipals: true},
		"negative latency": {Latency: -1},
		"delay":            {CDF: cdf.Options{CapabilityDelay: -1}},
		"seed of lakeFS":   {Seed: strings.NewReader(`{"cdf":{},"user":[]}`)},
		"seed of CDF":      {Seed: strings.NewReader(`{"cdf":{"user":[]}}`)},
		"seed, no object":  {Seed: strings.NewReader(`["cdf"]`)},
		"seed, unreadable": {Seed: iotest.ErrReader(io.ErrClosedPipe)},
	} {
		if _, err := localserver.New(options); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestResetTokensDiffer(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	first, err := server.PasswordResetToken("a@b.c")
	if err != nil {
		t.Fatal(err)
	}
	second, err := server.PasswordResetToken("a@b.c")
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Error("two tokens are the same")
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	options := localserver.Options{
		Log: slog.New(slog.NewTextHandler(&text, nil)), AccessKeyID: "AKIA1", SecretAccessKey: "s3cr3t",
	}
	server := newServer(t, options)
	ask(t, server, http.MethodPost, "/auth/users", `{"id":"u"}`)
	made := secretIn(t, ask(t, server, http.MethodPost, "/auth/users/u/credentials", ""), "secret_access_key")
	token := secretIn(t, ask(t, server, http.MethodPost, "/auth/login?secret_key=s3cr3t",
		`{"access_key_id":"AKIA1","secret_access_key":"s3cr3t"}`), "token")
	ask(t, server, http.MethodGet, "/auth/users?prefix=s3cr3t", "")
	for _, secret := range []string{"s3cr3t", made, token, "Basic", "Bearer"} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	lines := strings.Split(strings.TrimSpace(text.String()), "\n")
	if diff := cmp.Diff(4, len(lines)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	for _, part := range []string{"method=POST", "path=/api/v1/auth/users ", "status=201", "duration=0s", "request_id="} {
		if !strings.Contains(lines[0], part) {
			t.Errorf("the log lacks %q: %s", part, lines[0])
		}
	}
}

func TestLatencyEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{Latency: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/user", nil))
	if recorder.Body.Len() > 0 {
		t.Errorf("a cancelled request was answered: %s", recorder.Body)
	}
	quick := newServer(t, localserver.Options{Latency: time.Nanosecond})
	if recorder := ask(t, quick, http.MethodGet, "/user", ""); recorder.Code != http.StatusOK {
		t.Errorf("after the latency: status %d", recorder.Code)
	}
}

func TestMiddlewareWrapsEverything(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/auth/groups" {
				http.Error(w, "broken on purpose", http.StatusBadGateway)
				return
			}
			next.ServeHTTP(w, r)
		})
	}})
	got := []int{
		ask(t, server, http.MethodGet, "/auth/groups", "").Code,
		ask(t, server, http.MethodGet, "/user", "").Code,
	}
	if diff := cmp.Diff([]int{http.StatusBadGateway, http.StatusOK}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(int64(2), server.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	ids := map[string]bool{}
	for range 2 {
		recorder := httptest.NewRecorder()
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/nope", nil)
		request.Header.Set("X-Request-Id", "mine")
		server.ServeHTTP(recorder, request)
		id := recorder.Header().Get("X-Request-Id")
		if len(id) != 36 || ids[id] {
			t.Errorf("request id %q is no new UUID", id)
		}
		ids[id] = true
		if diff := cmp.Diff("nosniff", recorder.Header().Get("X-Content-Type-Options")); diff != "" {
			t.Errorf("X-Content-Type-Options (-want +got):\n%s", diff)
		}
	}
}

func TestServeStopsGracefully(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	server := newServer(t, localserver.Options{Middleware: func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(entered)
			<-leave
			next.ServeHTTP(w, r)
		})
	}})
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := server.Serve(ctx, listener, time.Minute); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	wait.Go(func() {
		<-entered
		cancel()
		close(leave)
	})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+listener.Addr().String()+"/api/v1/user", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if diff := cmp.Diff(http.StatusOK, response.StatusCode); diff != "" {
		t.Errorf("status of the request under way (-want +got):\n%s", diff)
	}
	wait.Wait()
}

func TestServeReportsItsErrors(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(t.Context(), listener, time.Second); err == nil || !strings.HasPrefix(err.Error(), "serving: ") {
		t.Errorf("a closed listener: error %v", err)
	}
}

// TestSlowBodyHoldsNobodyUp leaves a request half sent while others are served.
func TestSlowBodyHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	var dialer net.Dialer
	slow, err := dialer.DialContext(t.Context(), "tcp", listening.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = slow.Close() }()
	if err := slow.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	key := &http.Request{Header: http.Header{}}
	key.SetBasicAuth(server.AccessKeyID(), server.SecretAccessKey())
	const body = `{"id":"late"}`
	head := "POST /api/v1/auth/users HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
		strconv.Itoa(len(body)) + "\r\nExpect: 100-continue\r\nAuthorization: " + key.Header.Get("Authorization") + "\r\n\r\n"
	if _, err := slow.Write([]byte(head)); err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(slow)
	// The server asks for the body only when it begins to read it.
	if line, err := answers.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	for _, send := range []struct{ method, target, body string }{
		{"POST", "/auth/users", `{"id":"quick"}`}, {"GET", "/auth/users/quick", ""},
	} {
		if got := ask(t, server, send.method, send.target, send.body).Code; got >= http.StatusBadRequest {
			t.Errorf("%s %s: %d", send.method, send.target, got)
		}
	}
	if _, err := slow.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	for {
		line, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == "HTTP/1.1 201 Created\r\n" {
			return
		}
	}
}

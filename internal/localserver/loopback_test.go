// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package localserver_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// TestServeRefusesOtherMachines: an address that other machines reach is refused and given
// back at once.
func TestServeRefusesOtherMachines(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0"} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			server := newServer(t, localserver.Options{})
			if err := server.Serve(t.Context(), listener, time.Second); err == nil || !strings.Contains(err.Error(), "listens on a loopback address only") {
				t.Errorf("error %v, want a refusal", err)
			}
			if _, err := listener.Accept(); err == nil {
				t.Error("the listener is still open")
			}
		})
	}
}

// serving serves a local server as the command line does.
func serving(t *testing.T) (address string, server *localserver.Server) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server = newServer(t, localserver.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(ctx, listener, time.Second) }()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String(), server
}

// TestOtherHostsAreRefused: what a browser sends that was told that another name is this
// machine gets no answer, even with the right key.
func TestOtherHostsAreRefused(t *testing.T) {
	t.Parallel()
	address, server := serving(t)
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]int{
		"":                           http.StatusOK, // that of the address
		"localhost":                  http.StatusOK,
		"localhost:" + port:          http.StatusOK,
		"127.0.0.1":                  http.StatusOK,
		"[::1]:" + port:              http.StatusOK,
		"[::1]":                      http.StatusOK,
		"evil.example.com":           http.StatusMisdirectedRequest,
		"evil.example.com:" + port:   http.StatusMisdirectedRequest,
		"localhost.example.com":      http.StatusMisdirectedRequest,
		"127.0.0.1.nip.example.com":  http.StatusMisdirectedRequest,
		"192.0.2.1:" + port:          http.StatusMisdirectedRequest,
		"0.0.0.0:" + port:            http.StatusMisdirectedRequest,
		"127.0.0.1@evil.example.com": http.StatusMisdirectedRequest,
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/api/v1/user", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Host = host
			request.SetBasicAuth(server.AccessKeyID(), server.SecretAccessKey())
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != want {
				t.Errorf("status %d, want %d", response.StatusCode, want)
			}
		})
	}
}

// TestNoOtherSites: no answer lets the page of another site read it, and without a key
// there is nothing to read or to do.
func TestNoOtherSites(t *testing.T) {
	t.Parallel()
	server := newServer(t, localserver.Options{})
	for _, path := range []string{"/api/v1/user", "/api/v1/auth/users", "/api/v1/auth/login", "/oauth2/token", "/api/v1/projects/local/groups"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
			request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
			request.Header.Set("Origin", "https://evil.example.com")
			request.Header.Set("Access-Control-Request-Method", method)
			recorder := httptest.NewRecorder()
			server.ServeHTTP(recorder, request)
			if recorder.Code < 400 && path != "/api/v1/user" { // which answers nobody to nobody
				t.Errorf("%s %s without a key: status %d", method, path, recorder.Code)
			}
			for name := range recorder.Header() {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s %s answers %s: %s", method, path, name, recorder.Header().Get(name))
				}
			}
		}
	}
}

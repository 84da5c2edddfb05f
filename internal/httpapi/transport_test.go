// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// newTLSServer serves HTTP/2 over TLS and answers where its CA file is.
func newTLSServer(t *testing.T, handler http.HandlerFunc, change func(*httptest.Server)) (url, caFile string) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	if change != nil {
		change(server)
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, caFile, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return server.URL, caFile
}

func TestTLS(t *testing.T) {
	t.Parallel()
	old := func(s *httptest.Server) {
		s.TLS = &tls.Config{MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10} //nolint:gosec // to be refused
	}
	tests := map[string]struct {
		trusted bool
		change  func(*httptest.Server)
		host    string // "": the one that the certificate is for
		wantErr string
	}{
		"trusted by the CA file": {trusted: true},
		"not trusted":            {wantErr: "certificate"},
		"for another host":       {trusted: true, host: "localhost", wantErr: "certificate is valid for"},
		"TLS 1.1":                {trusted: true, change: old, wantErr: "protocol version"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			protocol := ""
			url, caFile := newTLSServer(t, func(w http.ResponseWriter, r *http.Request) {
				protocol = r.Proto
				w.WriteHeader(http.StatusNoContent)
			}, test.change)
			var slept waits
			options := httpapi.Options{MaxRetries: 2, Sleep: slept.sleep}
			if test.trusted {
				options.CAFile = caFile
			}
			if test.host != "" {
				url = strings.Replace(url, "127.0.0.1", test.host, 1)
			}
			client, err := httpapi.New(httpapi.Config{BaseURL: url, Options: options})
			if err != nil {
				t.Fatal(err)
			}
			err = client.Do(t.Context(), post, nil)
			if test.wantErr == "" {
				if err != nil || protocol != "HTTP/2.0" {
					t.Errorf("error %v over %q, want none over HTTP/2.0", err, protocol)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.wantErr) || httpapi.OutcomeUnknown(err) {
				t.Errorf("error %v, want one with %q", err, test.wantErr)
			}
			if protocol != "" {
				t.Error("the request was sent all the same")
			}
			if test.change == nil && len(slept.all) != 0 {
				t.Error("an untrusted certificate was tried again")
			}
		})
	}
}

// TestHTTP2DoesNotRepeatCreates: what holds for a connection of HTTP/1 holds for
// a stream of HTTP/2.
func TestHTTP2DoesNotRepeatCreates(t *testing.T) {
	t.Parallel()
	var requests atomic.Int64
	url, caFile := newTLSServer(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		hangUp(w, r)
	}, nil)
	client, err := httpapi.New(httpapi.Config{
		BaseURL: url,
		Options: httpapi.Options{CAFile: caFile, MaxRetries: 3, Sleep: new(waits).sleep},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = client.Do(t.Context(), post, nil)
	if requests.Load() != 1 || !httpapi.OutcomeUnknown(err) {
		t.Errorf("%d requests, OutcomeUnknown %t; want 1, true", requests.Load(), httpapi.OutcomeUnknown(err))
	}
}

// TestGivenTransport: what the options hold is used as it is, by several clients.
func TestGivenTransport(t *testing.T) {
	t.Parallel()
	given := new(http.Transport)
	if got, err := httpapi.NewTransport(httpapi.Options{Transport: given, CAFile: "/none"}); got != given || err != nil {
		t.Errorf("NewTransport = %v, %v; want the given one", got, err)
	}
}

// TestConnectionsAreReused has ten requests at a time, as Terraform has, and the next
// ten only when all of those are answered: each finds a connection of the pool. More
// would cost a handshake each.
func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	const atATime = 10
	var connections atomic.Int64
	arrived, answerAll := make(chan struct{}, atATime), make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-answerAll
		writeJSON(w, http.StatusOK, `{"id":"t1"}`)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client, err := httpapi.New(httpapi.Config{BaseURL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var group sync.WaitGroup
		for range atATime {
			group.Go(func() {
				if err := client.Do(t.Context(), get, new(answer)); err != nil {
					t.Error(err)
				}
			})
		}
		for range atATime {
			<-arrived
		}
		for range atATime {
			answerAll <- struct{}{}
		}
		group.Wait()
	}
	if got := connections.Load(); got != atATime {
		t.Errorf("20 times %d requests took %d connections, want %[1]d", atATime, got)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// answer is a JSON object that tests decode into.
type answer struct {
	ID string `json:"id"`
}

func (a *answer) UnmarshalJSON(data []byte) error {
	type plain answer
	return httpapi.UnmarshalObject(data, (*plain)(a), "id")
}

var (
	get  = httpapi.Request{Operation: "getThing", Method: http.MethodGet, PathTemplate: "/things/{id}", PathParams: map[string]string{"id": "t1"}, Idempotent: true}
	post = httpapi.Request{Operation: "createThing", Method: http.MethodPost, PathTemplate: "/things", Object: "t1", Body: map[string]string{"id": "t1"}}
	put  = httpapi.Request{Operation: "updateThing", Method: http.MethodPut, PathTemplate: "/things/{id}", PathParams: map[string]string{"id": "t1"}, Idempotent: true}
)

// waits records how long a client would have slept.
type waits struct {
	mu  sync.Mutex
	all []time.Duration
}

func (w *waits) sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, d)
	return ctx.Err()
}

// messageOf reads {"message": …}, as lakeFS writes errors.
func messageOf(body []byte) string {
	var object struct{ Message string }
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	return object.Message
}

// newClient makes a client of a server that answers with handler.
func newClient(t *testing.T, handler http.HandlerFunc, change func(*httpapi.Config)) *httpapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	config := httpapi.Config{
		BaseURL:      server.URL + "/api",
		ErrorMessage: messageOf,
		Options:      httpapi.Options{Sleep: new(waits).sleep},
	}
	if change != nil {
		change(&config)
	}
	client, err := httpapi.New(config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return client
}

// writeJSON answers a status with a JSON text.
func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Request-Id", "r-1")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}
func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func authorizeWith(value string) func(context.Context, *http.Request) error {
	return func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", value)
		return nil
	}
}

// fakeAnswer makes an answer without a network.
func fakeAnswer(r *http.Request, status int, contentType string, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{"Content-Type": {contentType}},
		Body:       io.NopCloser(bytes.NewReader(body)),
		Request:    r,
	}
}

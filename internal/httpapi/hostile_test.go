// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

// TestRedirectsCarryNothing: no redirect makes a client send anything to another
// server, nor to the same one again, whatever the method.
func TestRedirectsCarryNothing(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, request := range []httpapi.Request{get, post, put} {
			t.Run(http.StatusText(status)+" to "+request.Method, func(t *testing.T) {
				t.Parallel()
				var stolen, asked atomic.Int64
				thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					stolen.Add(1)
					writeJSON(w, http.StatusOK, `{"id":"t1"}`)
				}))
				t.Cleanup(thief.Close)
				for name, target := range map[string]string{
					"another port":   thief.URL + "/api/things/t1",
					"another name":   strings.Replace(thief.URL, "127.0.0.1", "localhost", 1),
					"another scheme": "ftp" + strings.TrimPrefix(thief.URL, "http"),
					"no scheme":      strings.TrimPrefix(thief.URL, "http:"),
					"the same":       "/api/things/t2",
				} {
					asked.Store(0)
					client := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
						asked.Add(1)
						w.Header().Set("Location", target)
						w.WriteHeader(status)
					}, func(c *httpapi.Config) {
						c.Authorize = authorizeWith("Bearer hunter2")
						c.Options.MaxRetries = 2
					})
					err := client.Do(t.Context(), request, nil)
					if httpapi.StatusOf(err) != status || asked.Load() != 1 || stolen.Load() != 0 {
						t.Errorf("%s: error %v after %d requests, and %d to the other server", name, err, asked.Load(), stolen.Load())
					}
				}
			})
		}
	}
}

// bomb answers with a gigabyte that is a megabyte on the wire.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	zipper := gzip.NewWriter(w)
	defer func() { _ = zipper.Close() }()
	block := make([]byte, 1<<20)
	for range 1 << 10 {
		if _, err := zipper.Write(block); err != nil {
			return
		}
	}
}

// endless answers until nobody listens any more.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"id":"`)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
			return
		}
	}
}

// TestAnswersWithoutEnd are given up at the limit.
func TestAnswersWithoutEnd(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	refused := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			next(w, r)
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"bomb": bomb, "endless": endless, "endless refusal": refused(endless),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Options.MaxResponseBytes = limit
				c.Options.MaxRetries = 2
			})
			err := client.Do(t.Context(), get, new(answer))
			if err == nil || len(err.Error()) > 3000 {
				t.Errorf("error %.500v", err)
			}
			if httpapi.StatusOf(err) == http.StatusOK && !strings.Contains(err.Error(), "longer than the limit of 1048576 bytes") {
				t.Errorf("error %v, want one that names the limit", err)
			}
		})
	}
}

// TestDeepAnswers: how deep an answer is nested costs no stack.
func TestDeepAnswers(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"id":[`, 1_000_000)
	for name, body := range map[string]string{
		"cut":      deep,
		"complete": deep + strings.Repeat(`]}`, 1_000_000),
		"lists":    strings.Repeat(`[`, 5_000_000),
	} {
		for _, status := range []int{http.StatusOK, http.StatusBadRequest} {
			t.Run(name+" "+http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				client := newClient(t, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status, body) }, nil)
				err := client.Do(t.Context(), get, new(answer))
				if httpapi.StatusOf(err) != status || len(err.Error()) > 3000 {
					t.Errorf("error %.500v, want one of status %d", err, status)
				}
			})
		}
	}
}

// TestIDsStayInTheirSegment: an id that a server made up, or a configuration, reaches no
// other path, no query and no header.
func TestIDsStayInTheirSegment(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"../../admin", "..%2f..%2fadmin", "%2e%2e", "a/b", "a?x=y", "a#b", "a\r\nX-Injected: yes\r\n\r\nGET /admin HTTP/1.1", "a b", "//evil.example.com/", "\\..\\admin", "a;b",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			var uri, injected, query string
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				uri, injected, query = r.RequestURI, r.Header.Get("X-Injected"), r.URL.Query().Get("prefix")
				w.WriteHeader(http.StatusNoContent)
			}, nil)
			request := httpapi.Request{
				Method: http.MethodGet, PathTemplate: "/users/{id}/keys",
				PathParams: map[string]string{"id": id}, Query: map[string][]string{"prefix": {id}},
			}
			if err := client.Do(t.Context(), request, nil); err != nil {
				t.Fatal(err)
			}
			path, _, _ := strings.Cut(uri, "?")
			if strings.Count(path, "/") != 4 || !strings.HasPrefix(path, "/api/users/") || !strings.HasSuffix(path, "/keys") || injected != "" || query != id {
				t.Errorf("the id went out as %q, query %q, header %q", uri, query, injected)
			}
		})
	}
}

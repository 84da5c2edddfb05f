// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package httpapi_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
)

func TestNewChecksBaseURL(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		baseURL   string
		plaintext bool
		wantErr   string // "": none
	}{
		"https":                  {baseURL: "https://lakefs.example.com/api"},
		"trailing slashes":       {baseURL: "https://lakefs.example.com//"},
		"http to localhost":      {baseURL: "http://localhost:8000"},
		"http to 127.0.0.0/8":    {baseURL: "http://127.1.2.3:8000"},
		"http to ::1":            {baseURL: "http://[::1]:8000"},
		"http elsewhere":         {baseURL: "http://lakefs.example.com", wantErr: "unencrypted to lakefs.example.com"},
		"http elsewhere allowed": {baseURL: "http://lakefs.example.com", plaintext: true},
		"localhost as a label":   {baseURL: "http://localhost.example.com", wantErr: "unencrypted"},
		"no scheme":              {baseURL: "lakefs.example.com", wantErr: "must start with https://"},
		"host and port only":     {baseURL: "lakefs:8000", wantErr: "must start with https://"},
		"other scheme":           {baseURL: "ftp://lakefs.example.com", wantErr: "must start with https://"},
		"empty":                  {baseURL: "", wantErr: "must start with https://"},
		"no host":                {baseURL: "https://:443", wantErr: "no host"},
		"user":                   {baseURL: "https://me:hunter2@lakefs.example.com", wantErr: "must not hold a user name"},
		"unparsable with a user": {baseURL: "https://me:hunter2/x@lakefs.example.com", wantErr: "cannot be parsed"},
		"query":                  {baseURL: "https://lakefs.example.com/?token=hunter2", wantErr: "query or a fragment"},
		"empty query":            {baseURL: "https://lakefs.example.com?", wantErr: "query or a fragment"},
		"fragment":               {baseURL: "https://lakefs.example.com/#hunter2", wantErr: "query or a fragment"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := httpapi.New(httpapi.Config{
				BaseURL: test.baseURL,
				Options: httpapi.Options{AllowPlaintextHTTP: test.plaintext},
			})
			if test.wantErr == "" {
				if err != nil {
					t.Fatalf("New: %v", err)
				}
				if got, want := client.BaseURL(), strings.TrimRight(test.baseURL, "/"); got != want {
					t.Errorf("BaseURL = %q, want %q", got, want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.wantErr) {
				t.Fatalf("New: error %v, want one with %q", err, test.wantErr)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestNewChecksOptions(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	writeFile(t, empty, "hunter2, no certificate\n")
	large := filepath.Join(t.TempDir(), "large.pem")
	writeFile(t, large, strings.Repeat("hunter2\n", 1<<20)+"x")
	tests := map[string]struct {
		options httpapi.Options
		wantErr string
	}{
		"negative timeout":  {httpapi.Options{RequestTimeout: -time.Second}, "timeout must not be negative"},
		"negative limit":    {httpapi.Options{MaxResponseBytes: -1}, "response size must not be negative"},
		"negative rate":     {httpapi.Options{RequestsPerSecond: -1}, "requests per second"},
		"rate not a number": {httpapi.Options{RequestsPerSecond: math.NaN()}, "requests per second"},
		"no CA file":        {httpapi.Options{CAFile: filepath.Join(t.TempDir(), "none.pem")}, "reading the CA file"},
		"CA file without":   {httpapi.Options{CAFile: empty}, "holds no PEM certificate"},
		"CA file too large": {httpapi.Options{CAFile: large}, "is larger than 8388608 bytes"},
		"CA folder":         {httpapi.Options{CAFile: t.TempDir()}, "reading the CA file"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := httpapi.New(httpapi.Config{BaseURL: "https://lakefs.example.com", Options: test.options})
			if err == nil || !strings.Contains(err.Error(), test.wantErr) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("New: error %v, want one with %q that quotes nothing", err, test.wantErr)
			}
		})
	}
}

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request httpapi.Request
		want    map[string]string
	}{
		"read": {
			request: httpapi.Request{Method: http.MethodGet, PathTemplate: "/things", Query: map[string][]string{"prefix": {"a b&c"}}},
			want: map[string]string{
				"uri": "/api/things?prefix=a+b%26c", "Accept": "application/json", "User-Agent": "test/1",
				"Authorization": "Bearer t", "Content-Type": "", "Content-Length": "", "Api-Version": "7",
			},
		},
		"write with a body": {
			request: post,
			want:    map[string]string{"uri": "/api/things", "Content-Type": "application/json", "Content-Length": "11"},
		},
		"write without a body": {
			request: put,
			want:    map[string]string{"uri": "/api/things/t1", "Content-Type": "", "Content-Length": "0"},
		},
		"anonymous": {
			request: httpapi.Request{Method: http.MethodGet, PathTemplate: "/things", Anonymous: true},
			want:    map[string]string{"Authorization": ""},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler := func(w http.ResponseWriter, r *http.Request) {
				for name, want := range test.want {
					got := r.Header.Get(name)
					if name == "uri" {
						got = r.RequestURI
					}
					if got != want {
						t.Errorf("%s = %q, want %q", name, got, want)
					}
				}
				w.WriteHeader(http.StatusNoContent)
			}
			client := newClient(t, handler, func(c *httpapi.Config) {
				c.Options.UserAgent = "test/1"
				c.Authorize = authorizeWith("Bearer t")
				c.Header = http.Header{"Api-Version": {"7"}, "User-Agent": {"overruled"}}
			})
			if err := client.Do(t.Context(), test.request, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCompressedBodies arrive whole at every attempt; what has no body says
// nothing of compression.
func TestCompressedBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request                     httpapi.Request
		encoding, contentType, body string
	}{
		"body":    {post, "gzip", "application/json", `{"id":"t1"}`},
		"no body": {put, "", "", ""},
		"read":    {get, "", "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attempts := 0
			client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
				attempts++
				if got := r.Header.Get("Content-Encoding"); got != test.encoding || r.Header.Get("Content-Type") != test.contentType {
					t.Errorf("Content-Encoding %q, header %v", got, r.Header)
				}
				if got := unzipped(t, r); got != test.body {
					t.Errorf("body %q, want %q", got, test.body)
				}
				writeJSON(w, http.StatusTooManyRequests, `{}`)
			}, func(c *httpapi.Config) {
				c.CompressRequests = true
				c.Options.MaxRetries = 1
			})
			if err := client.Do(t.Context(), test.request, nil); httpapi.StatusOf(err) != http.StatusTooManyRequests || attempts != 2 {
				t.Errorf("error %v after %d attempts, want 429 after 2", err, attempts)
			}
		})
	}
}

// unzipped reads a request's body, compressed or not.
func unzipped(t *testing.T, r *http.Request) string {
	t.Helper()
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		zipped, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return ""
		}
		body = zipped
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	checked, err := httpapi.CheckURL("the token URL", "https://idp.example.com/token/", false)
	if err != nil || checked.String() != "https://idp.example.com/token" {
		t.Errorf("CheckURL = %v, %v", checked, err)
	}
	if _, err := httpapi.CheckURL("the token URL", "ftp://x.io", false); err == nil || !strings.HasPrefix(err.Error(), "the token URL must") {
		t.Errorf("error %v, want one that names the URL", err)
	}
}

// TestEveryAttemptIsWhole: a repeated request has its whole body again, and
// credentials of its own.
func TestEveryAttemptIsWhole(t *testing.T) {
	t.Parallel()
	var got []string
	attempts := 0
	client := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = append(got, strings.Join(r.Header.Values("Authorization"), " and ")+": "+string(body))
		writeJSON(w, http.StatusTooManyRequests, `{}`)
	}, func(c *httpapi.Config) {
		c.Options.MaxRetries = 2
		c.Authorize = func(_ context.Context, r *http.Request) error {
			attempts++
			r.Header.Add("Authorization", fmt.Sprintf("Bearer t%d", attempts))
			return nil
		}
	})
	if err := client.Do(t.Context(), post, nil); httpapi.StatusOf(err) != http.StatusTooManyRequests {
		t.Errorf("error %v, want 429", err)
	}
	want := []string{`Bearer t1: {"id":"t1"}`, `Bearer t2: {"id":"t1"}`, `Bearer t3: {"id":"t1"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

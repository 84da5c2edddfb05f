// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dataiam/terraform-provider-iam/internal/localserver/cdf"
)

func TestOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for says, options := range map[string]cdf.Options{
		`project is "a/b": use letters, digits, - and _`: {Project: "a/b"},
		`project is "it's": use letters`:                 {Project: "it's"},
		"page size is 1001: use 0 to 1000":               {PageSize: 1001},
		"page size is -1":                                {PageSize: -1},
		"capability delay is -1s: use 0 or more":         {CapabilityDelay: -time.Second},
		"group limit is -1":                              {GroupLimit: -1},
		"token lifetime is -1s":                          {TokenLifetime: -time.Second},
		"world: seed: cdf.users[0]: the id is taken":     {ClientID: "user-anna"},
	} {
		if _, err := cdf.New(options); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: error %v, want %q", options, err, says)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	made, given := newProject(t, cdf.Options{}), newProject(t, cdf.Options{Project: "acme", ClientID: "me", ClientSecret: "s"})
	got := []string{made.Project(), made.Organization(), given.Project(), given.Organization(), given.ClientID(), given.ClientSecret()}
	if diff := cmp.Diff([]string{"local", "local-org", "acme", "acme-org", "me", "s"}, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	other := newProject(t, cdf.Options{})
	if made.ClientID() == other.ClientID() || made.ClientSecret() == other.ClientSecret() || len(made.ClientSecret()) != 40 {
		t.Error("credentials are not made up anew")
	}
	given.converse(t, exchange{send: "GET /groups"}, exchange{send: "GET //api/v1/projects/local/groups", status: 401})
}

func TestClaims(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/api/v1/projects": true, "/api/v1/projects/p/groups": true, "/api/v1/token/inspect": true, "/oauth2/token": true,
		"/api/v1/principals/me": true, "/api/v1/orgs/o/principals": true,
		"/api/v1/projectsx": false, "/api/v1/auth/users": false, "/api/v1/user": false, "/": false, "": false, "/oauth2x": false,
	} {
		if got := cdf.Claims(path); got != want {
			t.Errorf("Claims(%q) is %t", path, got)
		}
	}
}

func TestUnknownEndpoints(t *testing.T) {
	t.Parallel()
	p := newProject(t, cdf.Options{})
	for _, send := range []string{
		"GET /nope", "GET //api/v1/projects/", "PUT /groups", "GET /groups/1", "POST //api/v1/token/inspect", "GET //oauth2/token", "GET //",
		"GET //api/v1/orgs//principals", "DELETE /groups/delete", "GET /groups/",
	} {
		p.converse(t, exchange{send: send, as: "nobody", status: 404, want: errorOf(404, "there is no such endpoint")})
	}
	// A name may be escaped, as long as it can be read.
	p.converse(t, exchange{send: "GET //api/v1/projects/lo%63al/groups"})
	broken := p.request(t, "GET /groups", "")
	broken.URL.Path, broken.URL.RawPath = "/api/v1/projects/%/groups", ""
	if got := p.do(t, "", broken).Code; got != http.StatusUnauthorized {
		t.Errorf("a project named %%: status %d", got)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	p, ids := newProject(t, cdf.Options{}), map[string]bool{}
	for range 2 {
		recorder := p.do(t, "", p.request(t, "GET /groups", ""))
		id := recorder.Header().Get("X-Request-Id")
		if len(id) != 36 || ids[id] {
			t.Errorf("request id %q is no new UUID", id)
		}
		ids[id] = true
		if diff := cmp.Diff("application/json", recorder.Header().Get("Content-Type")); diff != "" {
			t.Errorf("Content-Type (-want +got):\n%s", diff)
		}
	}
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := gzip.NewWriter(&buffer)
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const body = `{"items":[{"name":"c"}]}`
	huge := `{"items":[{"name":"` + strings.Repeat("x", 17<<20) + `"}]}`
	tests := map[string]struct {
		encoding string
		body     []byte
		status   int
		says     string
	}{
		"plain":           {"", []byte(body), 200, ""},
		"identity":        {"identity", []byte(body), 200, ""},
		"gzip":            {"gzip", packed(t, body), 200, ""},
		"gzip, capitals":  {"GZIP", packed(t, body), 200, ""},
		"not gzip":        {"gzip", []byte(body), 400, "the request body is no gzip: gzip: invalid header"},
		"half gzip":       {"gzip", packed(t, body)[:20], 400, "reading the request body failed: unexpected EOF"},
		"other encoding":  {"br", []byte(body), 415, `content encoding "br" is not supported`},
		"too large":       {"", []byte(huge), 400, "Failed to buffer the request body"},
		"too large, gzip": {"gzip", packed(t, huge), 400, "Failed to buffer the request body"},
		"empty":           {"", nil, 400, "the request body is not what is expected: unexpected end of JSON input"},
		"no JSON":         {"", []byte("items"), 400, "the request body is not what is expected: invalid character"},
		"two values":      {"", []byte("{} {}"), 400, "the request body is not what is expected: invalid character"},
		"wrong type":      {"", []byte("[]"), 400, "the request body is not what is expected: json: cannot unmarshal array"},
		"no items":        {"", []byte("{}"), 400, "the request has 0 items: give 1 to 1000"},
		"empty items":     {"", []byte(`{"items":[]}`), 400, "the request has 0 items: give 1 to 1000"},
		"too many items":  {"", []byte(`{"items":[{}` + strings.Repeat(",{}", 1000) + `]}`), 400, "the request has 1001 items: give 1 to 1000"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProject(t, cdf.Options{})
			request := p.request(t, "POST /securitycategories", string(test.body))
			request.Header.Set("Content-Encoding", test.encoding)
			recorder := p.do(t, "", request)
			begins := fmt.Sprintf(`{"error":{"code":%d,"message":`, test.status)
			if test.status == 200 {
				begins = `{"items":[{`
			}
			if got := recorder.Body.String(); recorder.Code != test.status || !strings.HasPrefix(got, begins) ||
				!strings.Contains(strings.ReplaceAll(got, `\"`, `"`), test.says) {
				t.Errorf("%d %s, want %d %s", recorder.Code, got, test.status, test.says)
			}
		})
	}
}

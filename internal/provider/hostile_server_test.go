// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// These tests have a server, or something on the way to it, work against the provider.

// forged is what a server says to rewrite the terminal, and to look like Terraform.
const forged = "denied\n\n\x1b[2J\x1b[HApply complete! Resources: 0 destroyed.\r\x07\u202e"

// echo answers every request with a status and all that the request held, headers and
// secrets decoded.
func echo(status int, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		said := []string{forged, fmt.Sprint(r.Header), string(body), r.URL.String()}
		if id, secret, ok := r.BasicAuth(); ok {
			said = append(said, id, secret, url.QueryEscape(secret))
		}
		if form, err := url.ParseQuery(string(body)); err == nil {
			said = append(said, fmt.Sprint(form))
		}
		text := strings.Join(said, " ")
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"message": text, "error": text, "error_description": text, "error_": map[string]any{"message": text},
		})
	}
}

const everythingEverywhere = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
provider "iam" {
  max_retries = 0
  lakefs {
    endpoint          = %[1]q
    access_key_id     = "AKIAJEXAMPLEEXAMPLEQ"
    secret_access_key = "hunter2/of+lakefs=&<é"
  }
  cdf {
    base_url      = %[1]q
    project       = "local"
    token_url     = %[2]q
    client_id     = "client"
    client_secret = "hunter2/of+cdf=&<é"
  }
}
data "iam_lakefs_current_user" "me" {}
resource "iam_lakefs_user" "test" {
  id = "u"
}
resource "iam_lakefs_credentials" "test" {
  user_id = "u"
}
data "iam_cdf_token_inspection" "me" {}
resource "iam_cdf_security_category" "test" {
  name = "c"
}
ephemeral "iam_cdf_session" "test" {
  client_id     = "other"
  client_secret = "hunter2/of+session=&<é"
}
`

// Whatever a server makes of the secrets that it was sent, neither the output nor the log
// of Terraform shows one, and none of its words can be taken for those of Terraform.
func TestAccProvider_serverThatEchoes(t *testing.T) {
	t.Parallel()
	granting := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"hunter2-the-token","expires_in":3600}`)
	}
	for name, test := range map[string]struct {
		status int
		kind   string
		grant  http.HandlerFunc
	}{
		"refusing":           {http.StatusUnauthorized, "application/json", granting},
		"refusing the login": {http.StatusForbidden, "application/json", echo(http.StatusUnauthorized, "application/json")},
		"failing":            {http.StatusInternalServerError, "text/plain", granting},
		"succeeding":         {http.StatusOK, "application/json", granting},
		"succeeding in text": {http.StatusCreated, "text/plain", granting},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc("/token", test.grant)
			mux.HandleFunc("/", echo(test.status, test.kind))
			server := httptest.NewServer(mux)
			t.Cleanup(server.Close)
			p := newProject(t, fmt.Sprintf(everythingEverywhere, server.URL, server.URL+"/token"))
			output, err := p.try(t, "apply", "-auto-approve", "-no-color")
			if err == nil {
				t.Errorf("the apply succeeded: %s", output)
			}
			if strings.ContainsAny(output, "\x1b\x07\u202e") || strings.Contains(output, "\n│ Apply complete") || strings.Contains(output, "\nApply complete") {
				t.Errorf("the server's words look like those of Terraform: %q", output)
			}
			log := p.read(t, "trace.log")
			for _, secret := range []string{"hunter2", base64.StdEncoding.EncodeToString([]byte("AKIAJEXAMPLEEXAMPLEQ:hunter2/of+lakefs=&<é")), "\x1b[2J"} {
				for place, text := range map[string]string{"output": output, "log": log} {
					if at := strings.Index(text, secret); at >= 0 {
						t.Errorf("the %s shows %q after: %q", place, secret, text[max(0, at-300):at])
					}
				}
			}
			for _, operation := range []string{"Could not read current lakeFS user", "Could not read CDF token inspection"} {
				if !strings.Contains(output, operation) {
					t.Errorf("the output does not show the failure: %s: %s", operation, output)
				}
			}
		})
	}
}

// Names and ids that a server makes up come into messages, too.
func TestAccProvider_forgedNames(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		group := func(id string) map[string]any { return map[string]any{"id": id, "name": "g", "creation_date": 1} }
		_ = json.NewEncoder(w).Encode(map[string]any{
			"pagination": map[string]any{"has_more": false, "next_offset": "", "results": 2, "max_per_page": 2},
			"results":    []any{group("\x1b[2J\x07\nfirst"), group("\u202etwo")},
		})
	}))
	t.Cleanup(server.Close)
	p := newProject(t, fmt.Sprintf(oneProvider, server.URL)+"data \"iam_lakefs_group\" \"test\" {\n  name = \"g\"\n}\n")
	output, err := p.try(t, "plan", "-no-color")
	if err == nil || !strings.Contains(output, "first") || !strings.Contains(output, "two") || strings.ContainsAny(output, "\x1b\x07\u202e") || strings.Contains(output, "\nfirst") {
		t.Errorf("error %v, want one that shows both ids so that no terminal obeys them: %q", err, output)
	}
}

const oneProvider = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
provider "iam" {
  max_retries = 0
  lakefs {
    endpoint = %q
    token    = "hunter2-the-token"
  }
}
`

// visited collects the paths that were asked for, as they were sent.
type visited struct {
	mu    sync.Mutex
	paths []string
}

func (v *visited) all() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.paths
}

// renamed answers what a handler does, with another name for what is called mine.
func (v *visited) renamed(next http.Handler, other string) http.Handler {
	quoted, _ := json.Marshal(other) // a text, which always can be written
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		path, _, _ := strings.Cut(r.RequestURI, "?")
		v.paths = append(v.paths, path)
		v.mu.Unlock()
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		for name, values := range recorder.Header() {
			if name != "Content-Length" {
				w.Header()[name] = values
			}
		}
		w.WriteHeader(recorder.Code)
		_, _ = io.WriteString(w, strings.ReplaceAll(recorder.Body.String(), `"mine"`, string(quoted)))
	})
}

// A server that answers about another object than it was asked about gets the provider
// to ask for that one at most as an id: in its own segment of the path, never as a path.
func TestAccProvider_answersAboutOthers(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"../../../admin", "..", "a%2fb", "x?y#z", "admin"} {
		t.Run(other, func(t *testing.T) {
			t.Parallel()
			seen := &visited{}
			lakefs := acctest.StartLocalLakeFS(t, localserver.Options{GroupIDs: "generated", Middleware: func(next http.Handler) http.Handler {
				return seen.renamed(next, other)
			}})
			p := newProject(t, strings.Replace(fmt.Sprintf(oneProvider, lakefs.Endpoint()), `token    = "hunter2-the-token"`,
				fmt.Sprintf("access_key_id = %q\nsecret_access_key = %q", lakefs.Local.AccessKeyID(), lakefs.Local.SecretAccessKey()), 1)+othersConfig)
			_, applied := p.try(t, "apply", "-auto-approve", "-no-color")
			_, destroyed := p.try(t, "destroy", "-auto-approve", "-no-color")
			escaped := strings.ReplaceAll(url.QueryEscape(other), "+", "%20")
			for _, path := range seen.all() {
				for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/api/v1/"), "/") {
					if !ownSegments[segment] && segment != escaped && !strings.HasPrefix(segment, "AKIAJ") {
						t.Errorf("the provider asked for %s", path)
					}
				}
			}
			if len(seen.all()) < 5 {
				t.Errorf("only %d requests came, with errors %v and %v: the test shows too little", len(seen.all()), applied, destroyed)
			}
		})
	}
}

// ownSegments are the parts of the paths that the configuration below leads to.
var ownSegments = map[string]bool{
	"auth": true, "users": true, "user": true, "policies": true, "credentials": true, "groups": true, "members": true,
	"mine": true, "admin": true, "config": true, "healthcheck": true,
}

const othersConfig = `
resource "iam_lakefs_user" "mine" {
  id = "mine"
}
resource "iam_lakefs_credentials" "mine" {
  user_id = iam_lakefs_user.mine.id
}
resource "iam_lakefs_policy" "mine" {
  id = "mine"
  statement {
    effect    = "allow"
    actions   = ["fs:ReadObject"]
    resources = ["*"]
  }
}
resource "iam_lakefs_policy_attachment" "mine" {
  user_id   = iam_lakefs_user.mine.id
  policy_id = iam_lakefs_policy.mine.id
}
`

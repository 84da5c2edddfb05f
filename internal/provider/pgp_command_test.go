// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// answered collects the secrets of lakeFS that a local server has answered.
type answered struct {
	mu      sync.Mutex
	secrets []string
}

// wrap is a middleware of the local server.
func (a *answered) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		var answer struct {
			Secret string `json:"secret_access_key"`
			Token  string `json:"token"`
		}
		_ = json.Unmarshal(recorder.Body.Bytes(), &answer) // most answers are of another shape
		a.mu.Lock()
		for _, secret := range []string{answer.Secret, answer.Token} {
			if secret != "" {
				a.secrets = append(a.secrets, secret)
			}
		}
		a.mu.Unlock()
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

const beforePGP = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
resource "iam_lakefs_credentials" "test" {
  user_id = "admin"
}
`

// A state of before pgp_key is one without it: nothing is planned.
func TestAccProvider_stateBeforePGP(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLocalLakeFS(t, localserver.Options{})
	p := newProject(t, beforePGP)
	p.environment = lakefs.Environment()
	p.run(t, "apply", "-auto-approve", "-no-color")
	state := p.read(t, "terraform.tfstate")
	for _, attribute := range []string{"pgp_key", "encrypted_secret_access_key", "key_fingerprint"} {
		line := `"` + attribute + `": null,`
		if !strings.Contains(state, line) {
			t.Fatalf("the state has no %s", line)
		}
		state = strings.Replace(state, line, "", 1)
	}
	p.write(t, "terraform.tfstate", state)
	if shown := p.run(t, "plan", "-no-color", "-detailed-exitcode"); !strings.Contains(shown, "No changes") {
		t.Errorf("the plan is not empty: %s", shown)
	}
}

// Terraform shows the line of an argument that an error is about; a private key stands in
// it when somebody has taken the wrong one.
func TestAccProvider_privatePGPKey(t *testing.T) {
	t.Parallel()
	private := acctest.NewPGPKey(t).Private(t)
	for name, argument := range map[string]string{
		"on one line": fmt.Sprintf("%q", private), "on several lines": "<<EOT\n" + private + "\nEOT", "in a file": `file("ops.asc")`, "in a variable": "var.key",
	} {
		p := newProject(t, strings.Replace(beforePGP, "user_id", "pgp_key = "+argument+"\n  user_id", 1)+fmt.Sprintf("variable \"key\" {\n  default = %q\n}\n", private))
		p.environment = acctest.StartLocalLakeFS(t, localserver.Options{}).Environment()
		p.write(t, "ops.asc", private)
		shown, err := p.try(t, "plan", "-no-color")
		if err == nil || !strings.Contains(strings.Join(strings.Fields(shown), " "), "it is a private key") {
			t.Errorf("%s: %v: %s", name, err, shown)
		}
		for line := range strings.Lines(private) {
			if line = strings.TrimSpace(line); len(line) > 40 && strings.Contains(shown, line) {
				t.Errorf("%s: the private key is shown: %s", name, shown)
			}
		}
	}
}

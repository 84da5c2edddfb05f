// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// issued collects the secrets that a server has answered.
type issued struct {
	mu      sync.Mutex
	secrets map[string]string
}

// wrap is a middleware of the local server.
func (i *issued) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		i.collect(recorder.Body.Bytes())
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

func (i *issued) collect(body []byte) {
	var answer struct {
		Token string `json:"access_token"`
		Items []struct {
			Nonce string `json:"nonce"`
		} `json:"items"`
	}
	// Most answers are of another shape.
	_ = json.Unmarshal(body, &answer)
	i.mu.Lock()
	defer i.mu.Unlock()
	if answer.Token != "" {
		i.secrets[fmt.Sprintf("access token %d", len(i.secrets))] = answer.Token
	}
	for _, item := range answer.Items {
		if item.Nonce != "" {
			i.secrets[fmt.Sprintf("nonce %d", len(i.secrets))] = item.Nonce
		}
	}
}

const cdfEverything = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
provider "iam" {
  cdf {
    base_url          = %[1]q
    project           = "local"
    token_url         = %[2]q
    client_id         = %[3]q
    client_secret     = %[4]q
    token_auth_method = "client_secret_basic"
  }
}
provider "iam" {
  alias = "token"
  cdf {
    base_url = %[1]q
    project  = "local"
    token    = %[5]q
  }
}
resource "iam_cdf_group" "test" {
  name = "readers"
  capability {
    acl     = "assetsAcl"
    actions = ["READ"]
    scope {
      all = true
    }
  }
}
resource "iam_cdf_security_category" "test" {
  provider = iam.token
  name     = "confidential"
}
data "iam_cdf_token_inspection" "me" {}
ephemeral "iam_cdf_session" "test" {
  client_id       = %[3]q
  client_secret   = %[4]q
  revoke_on_close = true
}
`

// Nothing that Terraform writes while it applies and destroys, at its most
// talkative, holds a secret of CDF: not the client's, no access token, no nonce.
func TestAccProvider_cdfSecrets(t *testing.T) {
	t.Parallel()
	given := &issued{secrets: map[string]string{}}
	project := acctest.StartLocalCDF(t, localserver.Options{Middleware: given.wrap})
	token, err := project.Local.CDFToken(project.Local.ClientID())
	if err != nil {
		t.Fatal(err)
	}
	secret := project.Local.ClientSecret()
	variables := project.Environment()
	p := newProject(t, fmt.Sprintf(cdfEverything, variables[cdfapi.EnvBaseURL], variables[cdfapi.EnvTokenURL], project.Local.ClientID(), secret, token))
	written := p.run(t, "apply", "-auto-approve", "-no-color")
	written += p.read(t, "terraform.tfstate")
	written += p.run(t, "plan", "-no-color") + p.run(t, "destroy", "-auto-approve", "-no-color") + p.read(t, "trace.log")

	secrets := maps.Clone(given.secrets)
	secrets["the secret of the client"] = secret
	secrets["the pair of the client, as it's sent"] = base64.StdEncoding.EncodeToString([]byte(project.Local.ClientID() + ":" + secret))
	secrets["the token of the caller"] = token
	secrets["an Authorization header"] = "Authorization:"
	nonces := 0
	for name, value := range secrets {
		if strings.HasPrefix(name, "nonce") {
			nonces++
		}
		if at := strings.Index(written, value); at >= 0 {
			t.Errorf("%s was written, after: %s", name, written[max(0, at-200):at])
		}
	}
	if nonces == 0 || len(secrets) < nonces+5 {
		t.Errorf("%d nonces were issued, and %d secrets in all: the test shows too little", nonces, len(secrets))
	}
	for _, operation := range []string{"createGroups", "createSession", "inspectToken"} {
		if !strings.Contains(written, operation) {
			t.Errorf("the log does not show %s", operation)
		}
	}
}

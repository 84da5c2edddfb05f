// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
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

// proxy is one that lets nothing through and keeps what it was asked.
type proxy struct {
	mu    sync.Mutex
	asked []string
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, fmt.Sprint(r.Method, " ", r.RequestURI, " ", r.Header))
	http.Error(w, "no", http.StatusProxyAuthRequired)
}

func (p *proxy) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// start serves the proxy and answers the variables that send everything to it, with a
// password.
func (p *proxy) start(t *testing.T) map[string]string {
	t.Helper()
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	address := strings.Replace(server.URL, "http://", "http://me:hunter2-of-the-proxy@", 1)
	return map[string]string{"HTTP_PROXY": address, "HTTPS_PROXY": address}
}

// A server on this machine is reached without the proxy, which would get the credentials
// in clear text.
func TestAccProvider_proxyBesideLoopback(t *testing.T) {
	t.Parallel()
	lakefs, between := acctest.StartLocalLakeFS(t, localserver.Options{}), &proxy{}
	p := newProject(t, requiredProvider+currentUser)
	p.environment = between.start(t)
	maps.Copy(p.environment, lakefs.Environment())
	p.run(t, "plan", "-no-color")
	if asked := between.requests(); len(asked) > 0 || lakefs.Local.Requests() == 0 {
		t.Errorf("the proxy was asked %q, the server %d times", asked, lakefs.Local.Requests())
	}
}

// A proxy is asked for a tunnel only, so it sees no credentials but its own; those are
// shown nowhere.
func TestAccProvider_proxy(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{"refusing": "", "malformed": "http://me:hunter2-of-the-proxy@[::1", "not there": "http://me:hunter2-of-the-proxy@127.0.0.1:1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			between := &proxy{}
			p := newProject(t, fmt.Sprintf(oneProvider, "https://lakefs.example.com")+currentUser)
			p.environment = between.start(t)
			if address != "" {
				p.environment["HTTPS_PROXY"] = address
			}
			output, err := p.try(t, "plan", "-no-color")
			if written := output + p.read(t, "trace.log"); err == nil || !strings.Contains(written, "getCurrentUser") || strings.Contains(written, "hunter2") {
				t.Errorf("error %v, want one of the request that shows no secret: %s", err, output)
			}
			for _, asked := range between.requests() {
				if !strings.HasPrefix(asked, "CONNECT lakefs.example.com:443 ") || strings.Contains(asked, "hunter2-the-token") {
					t.Errorf("the proxy was asked %q", asked)
				}
			}
			if address == "" && len(between.requests()) == 0 {
				t.Error("the proxy was not asked: the test shows nothing")
			}
		})
	}
}

const requiredProvider = `
terraform {
  required_providers {
    iam = { source = "dataiam/iam" }
  }
}
`

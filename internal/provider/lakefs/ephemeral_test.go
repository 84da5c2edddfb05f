// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/localserver"
)

// This file holds what the tests of the ephemeral resources share.

// ephemeralConfig is an ephemeral resource with the arguments, and a resource of the
// echo provider that keeps in state what Terraform itself keeps nowhere.
func ephemeralConfig(kind, arguments string) string {
	return fmt.Sprintf("ephemeral \"iam_lakefs_%[1]s\" \"test\" {\n%[2]s\n}\n"+
		"provider \"echo\" {\n  data = ephemeral.iam_lakefs_%[1]s.test\n}\nresource \"echo\" \"test\" {}\n", kind, arguments)
}

// echoed checks an attribute of the ephemeral resource that the echo provider was given.
func echoed(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(name), check)
}

// ephemeralTest runs steps with the providers and the echo provider.
func ephemeralTest(t *testing.T, providers acctest.Factories, steps ...resource.TestStep) {
	t.Helper()
	providers = maps.Clone(providers)
	providers["echo"] = echoprovider.NewProviderServer()
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks:   acctest.Needs(acctest.EphemeralResources),
		ProtoV6ProviderFactories: providers,
		Steps:                    steps,
	})
}

// exchange is what a local server was asked, and how it answered.
type exchange struct {
	request, answer string
	status          int
}

// traffic records the exchanges with a local server whose requests begin so. They may be
// answered otherwise than by the server.
type traffic struct {
	about string
	// otherwise answers instead of the server, which has done the request if it was
	// delivered. Where it answers nothing, the server's answer stands.
	otherwise func(w http.ResponseWriter, r *http.Request, deliver func()) (answered bool)

	mu   sync.Mutex
	seen []exchange
}

func (o *traffic) options() localserver.Options { return localserver.Options{Middleware: o.wrap} }

func (o *traffic) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1/auth/")
		if !strings.HasPrefix(request, o.about) {
			next.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		done := false
		deliver := func() {
			if !done {
				next.ServeHTTP(recorded, r)
			}
			done = true
		}
		defer func() {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.seen = append(o.seen, exchange{request, recorded.Body.String(), recorded.Code})
		}()
		if o.otherwise != nil && o.otherwise(w, r, deliver) {
			return
		}
		deliver()
		maps.Copy(w.Header(), recorded.Header())
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes())
	})
}

func (o *traffic) all() []exchange {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen)
}

// answers makes an answer in JSON.
func answers(status int, body string) func(http.ResponseWriter, *http.Request, func()) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ func()) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// remembered wraps the provider so that the test sees what Terraform keeps of what it
// has opened.
func remembered(factories acctest.Factories) (acctest.Factories, *kept) {
	all := new(kept)
	made := factories["iam"]
	return acctest.Factories{"iam": func() (tfprotov6.ProviderServer, error) {
		server, err := made()
		return &opener{ProviderServer: server, kept: all}, err
	}}, all
}

// kept is the private data of what was opened.
type kept struct {
	mu   sync.Mutex
	seen []string
}

func (k *kept) all() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.seen)
}

type opener struct {
	tfprotov6.ProviderServer
	kept *kept
}

func (o *opener) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := o.ProviderServer.OpenEphemeralResource(ctx, req)
	if err == nil {
		o.kept.mu.Lock()
		defer o.kept.mu.Unlock()
		o.kept.seen = append(o.kept.seen, string(resp.Private))
	}
	return resp, err
}

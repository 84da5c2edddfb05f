// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Diagnostics keeps what a provider told Terraform. The test framework shows a
// test no warnings, and errors only as the CLI wraps them. It is safe for
// concurrent use.
type Diagnostics struct {
	mu   sync.Mutex
	said []*tfprotov6.Diagnostic
}

// Listen wraps the provider of factories so that the result keeps its
// diagnostics.
func Listen(factories Factories) (Factories, *Diagnostics) {
	diagnostics, wrapped := new(Diagnostics), make(Factories, len(factories))
	for name, factory := range factories {
		wrapped[name] = func() (tfprotov6.ProviderServer, error) {
			made, err := factory()
			if err != nil {
				return nil, err
			}
			return &listener{ProviderServer: made, to: diagnostics}, nil
		}
	}
	return wrapped, diagnostics
}

// Forget drops what was said so far, for example in an earlier step.
func (d *Diagnostics) Forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said = nil
}

// Warnings returns the different warnings said so far, each as its summary, a
// colon and its detail.
func (d *Diagnostics) Warnings() []string {
	return d.of(tfprotov6.DiagnosticSeverityWarning)
}

// Errors returns the different errors said so far, like Warnings.
func (d *Diagnostics) Errors() []string {
	return d.of(tfprotov6.DiagnosticSeverityError)
}

func (d *Diagnostics) of(severity tfprotov6.DiagnosticSeverity) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var texts []string
	for _, said := range d.said {
		if text := said.Summary + ": " + said.Detail; said.Severity == severity && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// ExpectWarnings fails the test unless each pattern matches one warning and no
// warning is left over.
func (d *Diagnostics) ExpectWarnings(t *testing.T, patterns ...string) {
	t.Helper()
	expectEach(t, "warning", d.Warnings(), patterns)
}

// ExpectErrors fails the test unless each pattern matches one error and no
// error is left over.
func (d *Diagnostics) ExpectErrors(t *testing.T, patterns ...string) {
	t.Helper()
	expectEach(t, "error", d.Errors(), patterns)
}

func expectEach(t *testing.T, kind string, texts, patterns []string) {
	t.Helper()
	for _, pattern := range patterns {
		wanted := regexp.MustCompile(pattern)
		at := slices.IndexFunc(texts, wanted.MatchString)
		if at < 0 {
			t.Errorf("no %s matches %q among:\n%s", kind, pattern, strings.Join(texts, "\n\n"))
			continue
		}
		texts = slices.Delete(texts, at, at+1)
	}
	for _, text := range texts {
		t.Errorf("unexpected %s: %s", kind, text)
	}
}

func (d *Diagnostics) add(said []*tfprotov6.Diagnostic) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said = append(d.said, said...)
}

// listener is a provider whose diagnostics are kept.
type listener struct {
	tfprotov6.ProviderServer
	to *Diagnostics
}

// heard passes an answer on and keeps its diagnostics.
func heard[Response any](l *listener, response *Response, err error, said func(*Response) []*tfprotov6.Diagnostic) (*Response, error) {
	if response != nil {
		l.to.add(said(response))
	}
	return response, err
}

// ValidateProviderConfig validates the provider block and keeps what is said.
func (l *listener) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := l.ProviderServer.ValidateProviderConfig(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ValidateProviderConfigResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ConfigureProvider configures the provider and keeps what is said.
func (l *listener) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := l.ProviderServer.ConfigureProvider(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ConfigureProviderResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ValidateResourceConfig validates a resource and keeps what is said.
func (l *listener) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := l.ProviderServer.ValidateResourceConfig(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ValidateResourceConfigResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// PlanResourceChange plans a change and keeps what is said.
func (l *listener) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	resp, err := l.ProviderServer.PlanResourceChange(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.PlanResourceChangeResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ApplyResourceChange makes a change and keeps what is said.
func (l *listener) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := l.ProviderServer.ApplyResourceChange(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ApplyResourceChangeResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ReadResource reads a resource and keeps what is said.
func (l *listener) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := l.ProviderServer.ReadResource(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ReadResourceResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ImportResourceState imports a resource and keeps what is said.
func (l *listener) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	resp, err := l.ProviderServer.ImportResourceState(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ImportResourceStateResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ValidateDataResourceConfig validates a data source and keeps what is said.
func (l *listener) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := l.ProviderServer.ValidateDataResourceConfig(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ValidateDataResourceConfigResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ReadDataSource reads a data source and keeps what is said.
func (l *listener) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	resp, err := l.ProviderServer.ReadDataSource(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ReadDataSourceResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// ValidateEphemeralResourceConfig validates an ephemeral resource and keeps what is said.
func (l *listener) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := l.ProviderServer.ValidateEphemeralResourceConfig(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.ValidateEphemeralResourceConfigResponse) []*tfprotov6.Diagnostic {
		return r.Diagnostics
	})
}

// OpenEphemeralResource opens an ephemeral resource and keeps what is said.
func (l *listener) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	resp, err := l.ProviderServer.OpenEphemeralResource(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.OpenEphemeralResourceResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

// CloseEphemeralResource closes an ephemeral resource and keeps what is said.
func (l *listener) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	resp, err := l.ProviderServer.CloseEphemeralResource(ctx, req)
	return heard(l, resp, err, func(r *tfprotov6.CloseEphemeralResourceResponse) []*tfprotov6.Diagnostic { return r.Diagnostics })
}

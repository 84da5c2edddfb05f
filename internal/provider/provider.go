// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform provider: its own schema, the connections
// that it prepares, and the lists of what it offers.
package provider

import (
	"context"
	"os"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dataiam/terraform-provider-iam/internal/provider/cdf"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/provider/lakefs"
)

// New returns a function that makes the provider. The version goes into the
// User-Agent of every request.
func New(version string) func() provider.Provider {
	return NewWithEnvironment(version, os.Getenv)
}

// NewWithEnvironment is New with a given environment instead of the process's.
func NewWithEnvironment(version string, getenv func(string) string) func() provider.Provider {
	return func() provider.Provider {
		return &iam{version: version, getenv: getenv, operators: new(lakefs.ConditionOperators)}
	}
}

// iam is the provider.
type iam struct {
	version   string
	getenv    func(string) string
	operators *lakefs.ConditionOperators

	mu         sync.Mutex
	configured []*entity.Connections
}

// closeLeftOpen closes the ephemeral objects that Terraform has left open.
func (p *iam) closeLeftOpen(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, connections := range p.configured {
		connections.CloseLeftOpen(ctx)
	}
}

var (
	_ provider.ProviderWithValidateConfig     = (*iam)(nil)
	_ provider.ProviderWithEphemeralResources = (*iam)(nil)
	_ provider.ProviderWithActions            = (*iam)(nil)
	_ provider.ProviderWithFunctions          = (*iam)(nil)
	_ provider.ProviderWithListResources      = (*iam)(nil)
)

func (p *iam) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "iam"
	resp.Version = p.version
}

func (p *iam) Resources(context.Context) []func() resource.Resource {
	return slices.Concat(lakefs.Resources(p.operators), cdf.Resources())
}

func (p *iam) ListResources(context.Context) []func() list.ListResource {
	return slices.Concat(lakefs.ListResources(p.operators), cdf.ListResources())
}

func (p *iam) DataSources(context.Context) []func() datasource.DataSource {
	return slices.Concat(lakefs.DataSources(), cdf.DataSources())
}

func (p *iam) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return slices.Concat(lakefs.EphemeralResources(), cdf.EphemeralResources())
}

func (p *iam) Actions(context.Context) []func() action.Action {
	return slices.Concat(lakefs.Actions(), cdf.Actions())
}

func (p *iam) Functions(context.Context) []func() function.Function {
	return slices.Concat(lakefs.Functions(), cdf.Functions())
}

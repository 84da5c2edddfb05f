// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// configuration is the provider block.
type configuration struct {
	// LakeFS is an object, not a struct: it may be null or unknown as a whole.
	LakeFS            types.Object  `tfsdk:"lakefs"`
	MaxRetries        types.Int64   `tfsdk:"max_retries"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
}

func (p *iam) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages who may do what on data platforms. Each platform is configured in a block of its own, or by environment variables alone.",
		Attributes: map[string]schema.Attribute{
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: "How often a request is sent again after 429, 502, 503, 504 or a lost connection. A write that may have been carried out is never repeated blindly. Default: `8`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(0, 100)},
			},
			"request_timeout": schema.StringAttribute{
				MarkdownDescription: "How long one attempt of a request may take, for example `90s` or `2m`. Default: `60s`.",
				Optional:            true,
			},
			"requests_per_second": schema.Float64Attribute{
				MarkdownDescription: "How many requests are sent per second at most, for example `20`. Default: `0`, no limit of the provider's own.",
				Optional:            true,
				Validators:          []validator.Float64{float64validator.AtLeast(0)},
			},
		},
		Blocks: map[string]schema.Block{"lakefs": lakefsBlock()},
	}
}

func (p *iam) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var config configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if _, err := config.timeout(); err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("request_timeout"), "Not a duration", err.Error())
	}
	resp.Diagnostics.Append(validateLakeFS(config.LakeFS)...)
	p.admitOperators(config.LakeFS)
}

func (p *iam) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	p.admitOperators(config.LakeFS)
	connections := &entity.Connections{LakeFS: p.connectLakeFS(config)}
	resp.ResourceData, resp.DataSourceData = connections, connections
}

// timeout reads request_timeout; zero stands for the default.
func (c configuration) timeout() (time.Duration, error) {
	text := c.RequestTimeout.ValueString()
	if text == "" {
		return 0, nil
	}
	timeout, err := time.ParseDuration(text)
	if err != nil || timeout <= 0 {
		return 0, fmt.Errorf("request_timeout is %q. Write a positive duration such as \"60s\" or \"2m\"", text)
	}
	return timeout, nil
}

// unknownArgument names the first argument of the provider, outside the
// platforms' blocks, whose value is known only after apply.
func (c configuration) unknownArgument() string {
	for _, argument := range []struct {
		name  string
		value attr.Value
	}{
		{"max_retries", c.MaxRetries},
		{"request_timeout", c.RequestTimeout},
		{"requests_per_second", c.RequestsPerSecond},
	} {
		if argument.value.IsUnknown() {
			return argument.name
		}
	}
	return ""
}

// httpOptions is how requests are sent to any platform.
func (p *iam) httpOptions(c configuration) (httpapi.Options, error) {
	timeout, err := c.timeout()
	if err != nil {
		return httpapi.Options{}, err
	}
	retries := -1 // the client's default
	if !c.MaxRetries.IsNull() {
		retries = int(c.MaxRetries.ValueInt64())
	}
	return httpapi.Options{
		UserAgent:         fmt.Sprintf("terraform-provider-iam/%s (+https://registry.terraform.io/providers/dataiam/iam)", p.version),
		MaxRetries:        retries,
		RequestTimeout:    timeout,
		RequestsPerSecond: c.RequestsPerSecond.ValueFloat64(),
		Log: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Debug(ctx, message, fields)
		},
	}, nil
}

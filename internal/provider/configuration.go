// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	// LakeFS and CDF are objects, not structs: they may be null or unknown as a whole.
	LakeFS            types.Object  `tfsdk:"lakefs"`
	CDF               types.Object  `tfsdk:"cdf"`
	MaxRetries        types.Number  `tfsdk:"max_retries"`
	RequestTimeout    types.String  `tfsdk:"request_timeout"`
	RequestsPerSecond types.Float64 `tfsdk:"requests_per_second"`
	Preflight         types.String  `tfsdk:"preflight"`
	LockoutGuard      types.String  `tfsdk:"lockout_guard"`
}

func (p *iam) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages who may do what on data platforms. Each platform is configured in a block of its own, or by environment variables alone.",
		Attributes: map[string]schema.Attribute{
			// A number that is refused here: for a fraction in an integer the framework's error
			// blames the provider.
			"max_retries": schema.NumberAttribute{
				MarkdownDescription: "How often a request is sent again after 429, 502, 503, 504 or a lost connection. A write that may have been carried out is never repeated blindly. At most 100. Default: `8`.",
				Optional:            true,
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
			"preflight": schema.StringAttribute{
				MarkdownDescription: "What a plan does when the caller lacks a permission that the apply will need: `warn`, `enforce` (an error) or `off`. " +
					"`enforce` suits pipelines that apply; a pull request that is planned with read-only credentials needs `warn` or `off`. " +
					"`terraform destroy` makes an ordinary plan first, which `enforce` may stop, too. Default: `warn`. Environment: `" + envPreflight + "`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(entity.Modes()...)},
			},
			"lockout_guard": schema.StringAttribute{
				MarkdownDescription: "What a plan does when a change, applied alone, takes the right to undo it from the caller: `warn`, `enforce` (an error) or `off`. " +
					"Default: `warn`. Environment: `" + envLockoutGuard + "`.",
				Optional:   true,
				Validators: []validator.String{stringvalidator.OneOf(entity.Modes()...)},
			},
		},
		Blocks: map[string]schema.Block{"lakefs": lakefsBlock(), "cdf": cdfBlock()},
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
	if _, err := config.retries(); err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("max_retries"), "Not a number of retries", err.Error())
	}
	resp.Diagnostics.Append(validateLakeFS(config.LakeFS)...)
	resp.Diagnostics.Append(validateCDF(config.CDF)...)
	p.admitOperators(config.LakeFS)
}

func (p *iam) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	p.admitOperators(config.LakeFS)
	connections := &entity.Connections{LakeFS: p.connectLakeFS(config), CDF: p.connectCDF(config)}
	connections.Preflight = p.mode(config.Preflight, "preflight", envPreflight, &resp.Diagnostics)
	connections.LockoutGuard = p.mode(config.LockoutGuard, "lockout_guard", envLockoutGuard, &resp.Diagnostics)
	resp.ResourceData, resp.DataSourceData, resp.EphemeralResourceData = connections, connections, connections
	resp.ListResourceData, resp.ActionData = connections, connections
	p.mu.Lock()
	defer p.mu.Unlock()
	p.configured = append(p.configured, connections)
}

// Environment variables of the checks at plan.
const (
	envPreflight    = "IAM_PREFLIGHT"
	envLockoutGuard = "IAM_LOCKOUT_GUARD"
)

// mode is what a check does: as its argument says, else as the environment does. While
// the argument is unknown it warns.
func (p *iam) mode(argument types.String, name, variable string, diags *diag.Diagnostics) entity.Mode {
	value := cmp.Or(argument.ValueString(), p.getenv(variable), string(entity.ModeWarn))
	if !slices.Contains(entity.Modes(), value) {
		diags.AddError("Invalid "+variable, fmt.Sprintf("The environment variable %s is %q. Set it to one of %s, or set %s in the provider block.",
			variable, value, strings.Join(entity.Modes(), ", "), name))
	}
	if argument.IsUnknown() {
		return entity.ModeWarn
	}
	return entity.Mode(value)
}

// maxRetries is the largest max_retries.
const maxRetries = 100

// retries reads max_retries; -1 stands for the default.
func (c configuration) retries() (int, error) {
	if !entity.Known(c.MaxRetries) {
		return -1, nil
	}
	number, accuracy := c.MaxRetries.ValueBigFloat().Int64()
	if accuracy != big.Exact || number < 0 || number > maxRetries {
		return 0, fmt.Errorf("max_retries is %s. Write a whole number from 0 to %d", c.MaxRetries.ValueBigFloat().Text('g', -1), maxRetries)
	}
	return int(number), nil
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

// missingSettings is the error of a platform that lacks settings, nil when there is
// none.
func missingSettings(missing []string) error {
	switch len(missing) {
	case 0:
		return nil
	case 1:
		return errors.New(missing[0])
	}
	return fmt.Errorf("several settings are missing:\n  - %s", strings.Join(missing, "\n  - "))
}

// connect prepares the connection to a platform; it is opened on first use. While
// one of the platform's arguments is unknown it cannot be.
func connect[API any](c configuration, platform string, block types.Object, arguments []string, open func() (API, error)) *entity.Connection[API] {
	if block.IsUnknown() {
		return entity.UnknownConnection[API](platform)
	}
	for _, name := range arguments {
		if value, ok := block.Attributes()[name]; ok && hasUnknown(value) {
			return entity.UnknownConnection[API](platform + "." + name)
		}
	}
	if name := c.unknownArgument(); name != "" {
		return entity.UnknownConnection[API](name)
	}
	return entity.NewConnection(open)
}

// hasUnknown tells whether a value, or an element of a list, is unknown.
func hasUnknown(value attr.Value) bool {
	list, isList := value.(types.List)
	return value.IsUnknown() || isList && slices.ContainsFunc(list.Elements(), attr.Value.IsUnknown)
}

// text is a string argument of a block; empty when it is null or unknown.
func text(block types.Object, name string) string {
	value, ok := block.Attributes()[name].(types.String)
	if !ok {
		return ""
	}
	return value.ValueString()
}

// flag is a boolean argument of a block; false when it is null or unknown.
func flag(block types.Object, name string) bool {
	value, ok := block.Attributes()[name].(types.Bool)
	return ok && value.ValueBool()
}

func caFileAttribute() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "A PEM file with certificates to trust besides those of the system, for example `/etc/ssl/company.pem`.",
		Optional:            true,
	}
}

func allowPlaintextAttribute() schema.Attribute {
	return schema.BoolAttribute{
		MarkdownDescription: "Whether `http://` is allowed for a host other than this machine. It sends the credentials in clear text. Default: `false`.",
		Optional:            true,
	}
}

// validateURL refuses an argument of a block that is set and no URL.
func validateURL(block types.Object, at path.Path, name, detail string) (diags diag.Diagnostics) {
	value := text(block, name)
	if value == "" {
		return nil
	}
	if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		// The value is not shown: it may hold a password by mistake.
		diags.AddAttributeError(at.AtName(name), "Not a URL", detail)
	}
	return diags
}

// httpOptions is how requests are sent to the platform of a block.
func (p *iam) httpOptions(c configuration, block types.Object) (httpapi.Options, error) {
	timeout, err := c.timeout()
	if err != nil {
		return httpapi.Options{}, err
	}
	retries, err := c.retries()
	if err != nil {
		return httpapi.Options{}, err
	}
	return httpapi.Options{
		UserAgent:         fmt.Sprintf("terraform-provider-iam/%s (+https://registry.terraform.io/providers/dataiam/iam)", p.version),
		MaxRetries:        retries,
		RequestTimeout:    timeout,
		RequestsPerSecond: c.RequestsPerSecond.ValueFloat64(),

		CAFile:             text(block, "ca_file"),
		AllowPlaintextHTTP: flag(block, "allow_plaintext_http"),
		Log: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Debug(ctx, message, fields)
		},
	}, nil
}

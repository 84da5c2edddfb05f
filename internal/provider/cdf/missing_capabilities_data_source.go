// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type missingCapabilities struct {
	Capability            types.List   `tfsdk:"capability"`
	DesiredJSON           types.String `tfsdk:"desired_json"`
	ExistingJSON          types.String `tfsdk:"existing_json"`
	Project               types.String `tfsdk:"project"`
	IgnoreAllScopeMeaning types.Bool   `tfsdk:"ignore_allscope_meaning"`
	FailOnMissing         types.Bool   `tfsdk:"fail_on_missing"`
	Missing               types.List   `tfsdk:"missing"`
	MissingJSON           types.String `tfsdk:"missing_json"`
	Satisfied             types.Bool   `tfsdk:"satisfied"`
}

func missingCapabilitiesDataSource() entity.DataSource[api, missingCapabilities] {
	return entity.DataSource[api, missingCapabilities]{
		Name:     "cdf_missing_capabilities",
		Title:    "CDF missing capabilities",
		Platform: platform(),
		Schema:   missingCapabilitiesSchema(),
		Validate: validateMissingCapabilities,
		Read:     readMissingCapabilities,
		Calls:    []entity.Call{{Operation: "inspectToken", Only: "unless `existing_json` is set"}},
		Offline:  isOffline,
	}
}

func missingCapabilitiesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Finds which of the desired capabilities of Cognite Data Fusion are missing from those that the caller's token holds " +
			"([inspect](https://docs.cognite.com/20230101/token/inspect)), or from a given list. With `fail_on_missing` it is an assertion: the plan fails, and lists what is missing, unless everything is there. " +
			"The rules are those of `verify_capabilities` of the Cognite Python SDK: the scope `all` covers every scope of the same ACL and action, a whole RAW database covers its tables, " +
			"`WRITE` of `dataModelInstancesAcl` covers `WRITE_PROPERTIES`, and nothing else covers anything but itself. " +
			"Names that the provider does not know are compared as they are, with a warning.",
		Attributes: map[string]schema.Attribute{
			"capability": schema.ListAttribute{
				MarkdownDescription: "Blocks that say which capabilities are desired. " + describeCapability() + " Exactly one of `capability` and `desired_json` is set.",
				Optional:            true, ElementType: capabilityType,
			},
			"desired_json": schema.StringAttribute{
				MarkdownDescription: "The desired capabilities as a JSON list in the shape of the API, for example `jsonencode([{ assetsAcl = { actions = [\"READ\"], scope = { all = {} } } }])`.",
				Optional:            true,
			},
			"existing_json": schema.StringAttribute{
				MarkdownDescription: "The capabilities to look in, as a JSON list in the shape of the API, for example those of a group. Default: what the caller's token holds.",
				Optional:            true,
			},
			"project": schema.StringAttribute{
				MarkdownDescription: "The URL name of the project in which the capabilities are needed, for example `acme`: a token may hold different ones in several projects. Default: the provider's project.",
				Optional:            true,
			},
			"ignore_allscope_meaning": schema.BoolAttribute{
				MarkdownDescription: "Whether permissions are compared one by one, so that nothing covers anything but itself: `READ` in a data set is then missing although `READ` is held in the scope `all`. Default: `false`.",
				Optional:            true,
			},
			"fail_on_missing": schema.BoolAttribute{
				MarkdownDescription: "Whether missing capabilities are an error. It stops the plan, lists them, and shows what to add to a group. Default: `false`.",
				Optional:            true,
			},
			"missing": schema.ListAttribute{
				MarkdownDescription: "The missing capabilities, as `capability` blocks hold them: one action, one scope and one id each, in canonical order.",
				Computed:            true, ElementType: capabilityType,
			},
			"missing_json": schema.StringAttribute{
				MarkdownDescription: "The same as a JSON list in the shape of the API.",
				Computed:            true,
			},
			"satisfied": schema.BoolAttribute{
				MarkdownDescription: "Whether nothing is missing.",
				Computed:            true,
			},
		},
	}
}

func validateMissingCapabilities(_ context.Context, m missingCapabilities) diag.Diagnostics {
	check := &capabilityCheck{object: "data.iam_cdf_missing_capabilities", argument: "capability", parse: cdfcapability.ParseList}
	blocks, inJSON := !m.Capability.IsNull(), !m.DesiredJSON.IsNull()
	place := check.object + ": "
	switch {
	case !blocks && !inJSON:
		check.fail(path.Root("capability"), place, "Nothing desired", "Write the desired capabilities as capability blocks or as desired_json. Without, nothing could be missing.")
	case entity.Known(m.DesiredJSON) && m.DesiredJSON.ValueString() == "":
		check.fail(path.Root("desired_json"), place, "Nothing desired", "desired_json is empty. Write the desired capabilities as a JSON list; [] desires none.")
	case entity.Known(m.Capability) && entity.Known(m.DesiredJSON): // what is unknown may turn out to be null
		check.fail(path.Root("desired_json"), place, "Desired capabilities in two forms", "Keep one of capability and desired_json.")
	}
	check.list(m.Capability)
	check.json(path.Root("desired_json"), m.DesiredJSON)
	if entity.Known(m.ExistingJSON) {
		if _, err := cdfcapability.ParseList([]byte(m.ExistingJSON.ValueString())); err != nil {
			check.fail(path.Root("existing_json"), place, "Not a list of capabilities", entity.Sentence(err.Error()))
		}
	}
	return check.diags
}

// isOffline tells whether the comparison needs nothing of the platform.
func isOffline(m missingCapabilities) bool {
	return !m.ExistingJSON.IsNull() && (!m.Project.IsNull() || !strings.Contains(m.ExistingJSON.ValueString(), "projectScope"))
}

func readMissingCapabilities(ctx context.Context, s *entity.Session[api], m *missingCapabilities) error {
	desired, err := m.desired()
	if err != nil {
		return err
	}
	options := cdfcapability.Options{Project: m.Project.ValueString(), IgnoreAllScopeMeaning: m.IgnoreAllScopeMeaning.ValueBool()}
	if m.Project.IsNull() && !isOffline(*m) {
		options.Project = s.API.Project()
	}
	comparison := &comparison{desired: desired, options: options}
	who := "What existing_json grants"
	if m.ExistingJSON.IsNull() {
		who, err = comparison.withToken(ctx, s)
	} else {
		err = comparison.with([]byte(m.ExistingJSON.ValueString()), cdfcapability.ParseList)
	}
	if err != nil {
		return err
	}
	for _, finding := range comparison.findings {
		if strings.HasPrefix(finding.Path, "desired") {
			continue // the validation, which ran before, has said it
		}
		s.Warn(finding.Summary, fmt.Sprintf("data.iam_cdf_missing_capabilities: %s: %s", finding.Path, finding.Detail))
	}
	missing := comparison.missing
	m.Missing = typedList(missing)
	m.Satisfied = types.BoolValue(len(missing) == 0)
	if m.MissingJSON, err = encodeCapabilities(missing); err != nil {
		return err
	}
	comparison.report(s, who, m.FailOnMissing.ValueBool())
	return nil
}

// report tells what is missing where that is an error, and in any case that a token is not
// valid in the project: then everything is missing, whatever the token holds elsewhere.
func (c *comparison) report(s *entity.Session[api], who string, fail bool) {
	switch {
	case len(c.missing) == 0:
	case fail && c.invalid != nil:
		s.Fail("Token not valid in the project", entity.Sentence(c.invalid.Error())+" So everything is missing there.\n\n"+c.describe(who))
	case fail:
		s.Fail("Missing capabilities", c.describe(who))
	case c.invalid != nil:
		s.Warn("Token not valid in the project", fmt.Sprintf("data.iam_cdf_missing_capabilities: %s So everything that is desired is missing.", entity.Sentence(c.invalid.Error())))
	}
}

// desired are the desired capabilities, in either form.
func (m *missingCapabilities) desired() ([]cdfcapability.Capability, error) {
	if !m.DesiredJSON.IsNull() {
		return cdfcapability.ParseList([]byte(m.DesiredJSON.ValueString()))
	}
	capabilities, ok := capabilitiesIn(m.Capability)
	if !ok {
		return nil, fmt.Errorf("the capability blocks cannot be read")
	}
	return capabilities, nil
}

// comparison finds what of the desired capabilities is missing.
type comparison struct {
	desired  []cdfcapability.Capability
	options  cdfcapability.Options
	missing  []cdfcapability.Capability
	findings []cdfcapability.Finding
	// invalid says that the token is not valid in the project.
	invalid error
}

func (c *comparison) with(existing []byte, parse func([]byte) ([]cdfcapability.Capability, error)) error {
	capabilities, err := parse(existing)
	if err != nil {
		return err
	}
	c.missing, c.findings, err = cdfcapability.Missing(capabilities, c.desired, c.options)
	return err
}

// withToken compares with what the caller's token holds, and returns who that is.
// Right after a group was made by the same apply, CDF may not know of it yet.
func (c *comparison) withToken(ctx context.Context, s *entity.Session[api]) (string, error) {
	var unreadable []cdfcapability.Finding
	var failed error
	inspection, err := s.API.InspectTokenUntil(ctx, func(inspection cdfapi.TokenInspection) bool {
		failed = c.with(inspection.Capabilities, func(text []byte) (list []cdfcapability.Capability, err error) {
			if list, unreadable, err = cdfcapability.ParseServerList(text); err != nil {
				return nil, err
			}
			return cdfcapability.ForProject(list, c.options.Project)
		})
		return failed != nil || len(c.missing) == 0
	})
	if err != nil {
		return "", err
	}
	c.findings = append(unreadable, c.findings...)
	_, c.invalid = chooseProjects(inspection.Projects, types.StringValue(c.options.Project))
	return fmt.Sprintf("The caller %q", inspection.Subject), failed
}

// maxListed is how many missing capabilities an error lists.
const maxListed = 50

// describe lists what is missing and says what would grant it.
func (c *comparison) describe(who string) string {
	var text strings.Builder
	place := ""
	if c.options.Project != "" {
		place = fmt.Sprintf(" in the project %q", c.options.Project)
	}
	fmt.Fprintf(&text, "%s lacks %d of the desired capabilities%s:\n\n", who, len(c.missing), place)
	permissions := cdfcapability.Flatten(c.missing)
	for i, permission := range permissions {
		if i == maxListed {
			fmt.Fprintf(&text, "  … and %d more\n", len(permissions)-maxListed)
			break
		}
		fmt.Fprintf(&text, "  - %s\n", permission)
	}
	addition := cdfcapability.Addition(c.missing, c.options)
	fmt.Fprintf(&text, "\nAdd this to a group of iam_cdf_group that the caller belongs to:\n\n%s\n", indent(cdfcapability.HCL(addition)))
	if encoded, err := cdfcapability.EncodeList(addition); err == nil {
		fmt.Fprintf(&text, "\nThe same in the shape of the API:\n\n  %s", encoded)
	}
	return text.String()
}

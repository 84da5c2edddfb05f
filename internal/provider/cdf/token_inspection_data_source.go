// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/cdfcapability"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type tokenInspectionLookup struct {
	Project          types.String       `tfsdk:"project"`
	Subject          types.String       `tfsdk:"subject"`
	Projects         []tokenProjectItem `tfsdk:"projects"`
	CapabilitiesJSON types.String       `tfsdk:"capabilities_json"`
}

// tokenProjectItem is what a token means in one project.
type tokenProjectItem struct {
	Project          types.String `tfsdk:"project"`
	Groups           []int64      `tfsdk:"groups"`
	Capability       types.List   `tfsdk:"capability"`
	CapabilitiesJSON types.String `tfsdk:"capabilities_json"`
	Permissions      types.Map    `tfsdk:"permissions"`
}

func tokenInspectionDataSource() entity.DataSource[api, tokenInspectionLookup] {
	return entity.DataSource[api, tokenInspectionLookup]{
		Name:     "cdf_token_inspection",
		Title:    "CDF token inspection",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Reads what the provider's own token means to Cognite Data Fusion ([inspect](https://docs.cognite.com/20230101/token/inspect)): " +
				"whose it is, for which projects it is valid, and which groups and capabilities it has there. What CDF grants to everybody without a group does not appear.",
			Attributes: map[string]schema.Attribute{
				"project": schema.StringAttribute{
					MarkdownDescription: "Only the project of this URL name, for example `acme`; it is an error unless the token is valid for it. Default: all projects that the token is valid for.",
					Optional:            true,
				},
				"subject": shown("Whose token it is: the claim `sub`."),
				"projects": listOf("What the token means in each project, in the order of their names.", map[string]schema.Attribute{
					"project": shown("The project's URL name."),
					"groups": schema.ListAttribute{
						MarkdownDescription: "The ids of the groups of the project that the token belongs to, in ascending order.",
						Computed:            true, ElementType: types.Int64Type,
					},
					"capability":        capabilityAttribute(),
					"capabilities_json": shown("The capabilities that the token has in the project, all of them, as a JSON list in the shape of the API, without saying in which projects each holds."),
					"permissions":       permissionsAttribute("What the token may do in the project"),
				}),
				"capabilities_json": shown("The capabilities of the token in all its projects as a JSON list, as the API answered them: the member `projectScope` says in which projects each holds."),
			},
		},
		Read:  lookUpToken,
		Calls: []entity.Call{{Operation: "inspectToken"}},
	}
}

// capabilityAttribute is the list of capabilities in an item of a data source.
func capabilityAttribute() schema.Attribute {
	return schema.ListAttribute{
		MarkdownDescription: "The capabilities as `capability` blocks hold them. " + describeCapability() + " What these cannot express is only in `capabilities_json`.",
		Computed:            true, ElementType: capabilityType,
	}
}

// permissionsAttribute is the flattened form of the capabilities in an item.
func permissionsAttribute(description string) schema.Attribute {
	return schema.MapAttribute{
		MarkdownDescription: description + ": one exact permission for each key, such as `assetsAcl:READ in data set 123`. What another one covers is left out. " +
			"The value is always `allow`. Beyond 2,000 permissions they are summarised.",
		Computed: true, ElementType: types.StringType,
	}
}

func lookUpToken(ctx context.Context, s *entity.Session[api], m *tokenInspectionLookup) error {
	inspection, err := s.API.InspectToken(ctx)
	if err != nil {
		return err
	}
	capabilities, findings, err := cdfcapability.ParseServerList(inspection.Capabilities)
	if err != nil {
		return err
	}
	warnOfUnreadable(s, fmt.Sprintf("The token of %q", inspection.Subject), findings)
	projects, err := chooseProjects(inspection.Projects, m.Project)
	if err != nil {
		return err
	}
	m.Projects = make([]tokenProjectItem, len(projects))
	for i, project := range projects {
		if m.Projects[i], err = newTokenProjectItem(project, capabilities); err != nil {
			return err
		}
	}
	m.Subject, m.CapabilitiesJSON = types.StringValue(inspection.Subject), types.StringValue(compact(inspection.Capabilities))
	return nil
}

// warnOfUnreadable names the capabilities of a server's answer that have no meaning.
func warnOfUnreadable(s *entity.Session[api], whose string, findings []cdfcapability.Finding) {
	for _, finding := range findings {
		s.Warn(finding.Summary, fmt.Sprintf("%s: %s: %s", whose, finding.Path, finding.Detail))
	}
}

// chooseProjects picks the wanted project, or all of them by their names.
func chooseProjects(valid []cdfapi.ProjectGroups, wanted types.String) ([]cdfapi.ProjectGroups, error) {
	projects := slices.SortedFunc(slices.Values(valid), func(a, b cdfapi.ProjectGroups) int {
		return cmp.Compare(a.ProjectURLName, b.ProjectURLName)
	})
	if wanted.IsNull() {
		return projects, nil
	}
	chosen := slices.DeleteFunc(slices.Clone(projects), func(p cdfapi.ProjectGroups) bool { return p.ProjectURLName != wanted.ValueString() })
	if len(chosen) > 0 {
		return chosen, nil
	}
	known := "none"
	if len(projects) > 0 {
		known = strings.Join(each(projects, func(p cdfapi.ProjectGroups) string { return strconv.Quote(p.ProjectURLName) }), ", ")
	}
	return nil, fmt.Errorf("the token is not valid for the project %q; the projects that it is valid for: %s", wanted.ValueString(), known)
}

func newTokenProjectItem(project cdfapi.ProjectGroups, capabilities []cdfcapability.Capability) (tokenProjectItem, error) {
	held, err := cdfcapability.ForProject(capabilities, project.ProjectURLName)
	if err != nil {
		return tokenProjectItem{}, err
	}
	item := tokenProjectItem{
		Project:     types.StringValue(project.ProjectURLName),
		Groups:      slices.Sorted(slices.Values(project.Groups)),
		Capability:  typedList(held),
		Permissions: permissionsValue(held),
	}
	if item.Groups == nil {
		item.Groups = []int64{}
	}
	item.CapabilitiesJSON, err = encodeCapabilities(held)
	return item, err
}

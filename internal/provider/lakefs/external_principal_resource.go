// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type externalPrincipalModel struct {
	UserID      types.String `tfsdk:"user_id"`
	PrincipalID types.String `tfsdk:"principal_id"`
	Settings    types.Map    `tfsdk:"settings"`
}

func externalPrincipalResource() entity.Definition[api, externalPrincipalModel] {
	replace := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	noSettings := types.MapValueMust(types.StringType, map[string]attr.Value{})
	return entity.Definition[api, externalPrincipalModel]{
		Name:     "lakefs_external_principal",
		Title:    "lakeFS external principal",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lets an identity of another system, such as a role of AWS, log in as a user of lakeFS ([createUserExternalPrincipal](https://docs.lakefs.io/reference/api/#/auth/createUserExternalPrincipal)). " +
				"**Experimental:** lakeFS marks these operations as experimental, and no public auth server implements them: this resource was tried on the provider's own `local-server --external-principals` alone. Other servers answer that they do not have them. " +
				"A principal logs in as one user only. lakeFS removes it when its user is deleted. Where the user is replaced under the same id (a tainted one, or with `-replace`), Terraform sees no change of the id: add `replace_triggered_by` to the `lifecycle` block to have the principal made anew in the same apply, otherwise the next one does it.",
			Attributes: map[string]schema.Attribute{
				"user_id": schema.StringAttribute{
					MarkdownDescription: "The id of the user that the principal logs in as, for example `iam_lakefs_user.etl.id`. Changing it replaces the principal.",
					Required:            true, PlanModifiers: replace,
				},
				"principal_id": schema.StringAttribute{
					MarkdownDescription: "The identity as the other system knows it, for example `arn:aws:sts::123456789012:assumed-role/etl/session`. Changing it replaces the principal.",
					Required:            true, PlanModifiers: replace,
				},
				"settings": schema.MapAttribute{
					MarkdownDescription: "Settings for the server that authenticates the principal, for example `{ region = \"eu-west-1\" }`: which ones there are, its documentation says. They are no place for secrets. " +
						"lakeFS need not tell them: then they are held in the state only, and a principal that is to be imported is best written without. Changing them replaces the principal. Default: empty.",
					Optional: true, Computed: true, ElementType: types.StringType,
					Default:       mapdefault.StaticValue(noSettings),
					PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplace()},
				},
			},
		},
		Imports:  []entity.ImportForm{{Pattern: "{user_id}/{principal_id...}", Example: "etl/arn:aws:sts::123456789012:assumed-role/etl/session"}},
		Identity: []string{"user_id", "principal_id"},
		Validate: validateExternalPrincipal,
		Create: func(ctx context.Context, s *entity.Session[api], m *externalPrincipalModel) error {
			return s.API.CreateExternalPrincipal(ctx, m.principal())
		},
		Read: readExternalPrincipal,
		Delete: func(ctx context.Context, s *entity.Session[api], m externalPrincipalModel) error {
			return s.API.DeleteExternalPrincipal(ctx, m.UserID.ValueString(), m.PrincipalID.ValueString())
		},
		Adopt: func(_ context.Context, _ *entity.Session[api], m *externalPrincipalModel) error {
			m.Settings = noSettings
			return nil
		},
		Reads: []entity.Call{{Operation: "getExternalPrincipal"}},
		Calls: func(change entity.Change[externalPrincipalModel]) []entity.Call {
			if change.Planned == nil {
				return []entity.Call{{Operation: "deleteUserExternalPrincipal", Object: on("userId", change.Prior.UserID)}}
			}
			return []entity.Call{
				{Operation: "getExternalPrincipal", Object: on("principalId", change.Planned.PrincipalID), BestEffort: true},
				{Operation: "createUserExternalPrincipal", Object: on("userId", change.Planned.UserID)},
			}
		},
	}
}

// principal is the principal as the API has it.
func (m externalPrincipalModel) principal() lakefsapi.ExternalPrincipal {
	settings := make(map[string]any, len(m.Settings.Elements()))
	for name, value := range m.Settings.Elements() {
		if text, ok := value.(types.String); ok {
			settings[name] = text.ValueString()
		}
	}
	return lakefsapi.ExternalPrincipal{ID: m.PrincipalID.ValueString(), UserID: m.UserID.ValueString(), Settings: settings}
}

func validateExternalPrincipal(_ context.Context, m externalPrincipalModel) diag.Diagnostics {
	diags := validateID(path.Root("user_id"), "user", m.UserID)
	if entity.Known(m.PrincipalID) && m.PrincipalID.ValueString() == "" {
		diags.AddAttributeError(path.Root("principal_id"), "An id is empty", "principal_id is empty. Write the identity as the other system knows it, for example its ARN.")
	}
	settings := m.Settings.Elements()
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if settings[name].IsNull() {
			diags.AddAttributeError(path.Root("settings").AtMapKey(name), "A setting is null", fmt.Sprintf("The setting %q is null. Leave it out.", name))
		}
	}
	return diags
}

// readExternalPrincipal leaves the settings as they are where the server tells none.
func readExternalPrincipal(ctx context.Context, s *entity.Session[api], m *externalPrincipalModel) (bool, error) {
	principal, found, err := s.API.GetExternalPrincipal(ctx, m.UserID.ValueString(), m.PrincipalID.ValueString())
	if err != nil || !found || len(principal.Settings) == 0 {
		return found, err
	}
	texts := make(map[string]string, len(principal.Settings))
	for name, value := range principal.Settings {
		text, isText := value.(string)
		if !isText {
			encoded, err := json.Marshal(value)
			if err != nil {
				return false, fmt.Errorf("the setting %q: %w", name, err)
			}
			text = string(encoded)
		}
		texts[name] = text
	}
	m.Settings = entity.TextMap(texts)
	return true, nil
}

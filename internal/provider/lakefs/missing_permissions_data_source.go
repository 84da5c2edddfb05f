// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type missingPermissions struct {
	Permission    types.List   `tfsdk:"permission"`
	DesiredJSON   types.String `tfsdk:"desired_json"`
	ExistingJSON  types.String `tfsdk:"existing_json"`
	UserID        types.String `tfsdk:"user_id"`
	FailOnMissing types.Bool   `tfsdk:"fail_on_missing"`
	Missing       types.List   `tfsdk:"missing"`
	MissingJSON   types.String `tfsdk:"missing_json"`
	Satisfied     types.Bool   `tfsdk:"satisfied"`
}

// desiredType is the Terraform type of a `permission` block.
var desiredType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"actions":   types.SetType{ElemType: types.StringType},
	"resources": types.SetType{ElemType: types.StringType},
}}

func missingPermissionsDataSource() entity.DataSource[api, missingPermissions] {
	return entity.DataSource[api, missingPermissions]{
		Name:     "lakefs_missing_permissions",
		Title:    "lakeFS missing permissions",
		Platform: platform(),
		Schema:   missingPermissionsSchema(),
		Validate: validateMissingPermissions,
		Read:     readMissingPermissions,
		Calls: []entity.Call{
			{Operation: "getCurrentUser", Only: "unless `user_id` or `existing_json` is set"},
			{Operation: "listUserPolicies", Only: "unless `existing_json` is set"},
		},
		Offline: func(m missingPermissions) bool { return !m.ExistingJSON.IsNull() },
	}
}

func missingPermissionsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Finds which of the desired permissions of lakeFS are missing from what the caller, or another user, is allowed by all of its policies " +
			"([listUserPolicies](https://docs.lakefs.io/reference/api/#/auth/listUserPolicies)), or from given statements. With `fail_on_missing` it is an assertion: the plan fails, and lists what is missing, unless everything is there. " +
			"The answer is exact: several allows count together, denies are taken off, wildcards are compared with wildcards. What only a condition allows is missing. " +
			"A desired action with wildcards stands for the known actions that it matches, of which there must be one; a name that is not known here is compared as it is, with a warning.",
		Attributes: map[string]schema.Attribute{
			"permission": schema.ListAttribute{
				MarkdownDescription: "Blocks that say which permissions are desired, each with `actions` (for example `fs:ReadObject`) and `resources` " +
					"(for example `arn:lakefs:fs:::repository/main/object/*`): every action on every resource. Exactly one of `permission` and `desired_json` is set.",
				Optional: true, ElementType: desiredType,
			},
			"desired_json": schema.StringAttribute{
				MarkdownDescription: "The desired permissions as JSON: statements in the shape of the API that would allow them, for example `jsonencode([{ effect = \"allow\", action = [\"fs:ReadObject\"], resource = \"*\" }])`, or a policy document. They deny nothing and have no condition.",
				Optional:            true,
			},
			"existing_json": schema.StringAttribute{
				MarkdownDescription: "The statements to look in, as a JSON list in the shape of the API, or a policy document, for example `data.iam_lakefs_policy.p.document`. " + describeCompared + " Default: those of all policies of the user.",
				Optional:            true,
			},
			"user_id": schema.StringAttribute{
				MarkdownDescription: "The id of the user, for example `etl`; `${user}` stands for it. Default: the caller; with `existing_json` any user.",
				Optional:            true,
			},
			"fail_on_missing": schema.BoolAttribute{
				MarkdownDescription: "Whether missing permissions are an error. It stops the plan, lists them, and shows what to add to a policy, or that a statement which denies must change first. Default: `false`.",
				Optional:            true,
			},
			"missing": schema.ListAttribute{
				MarkdownDescription: "The missing permissions, each with one `action` and one `resource` pattern, sorted.",
				Computed:            true, ElementType: permissionType,
			},
			"missing_json": schema.StringAttribute{
				MarkdownDescription: "The same as JSON: a list of statements in the shape of the API, which would allow them.",
				Computed:            true,
			},
			"satisfied": schema.BoolAttribute{MarkdownDescription: "Whether nothing is missing.", Computed: true},
		},
	}
}

const missingPermissionsPlace = "data.iam_lakefs_missing_permissions: "

func validateMissingPermissions(_ context.Context, m missingPermissions) (diags diag.Diagnostics) {
	switch {
	case m.DesiredJSON.IsNull() && !m.Permission.IsUnknown() && len(m.Permission.Elements()) == 0:
		diags.AddAttributeError(path.Root("permission"), "Nothing desired",
			missingPermissionsPlace+"Write the desired permissions as permission blocks or as desired_json. Without, nothing could be missing.")
	case entity.Known(m.Permission) && entity.Known(m.DesiredJSON): // what is unknown may turn out to be null
		diags.AddAttributeError(path.Root("desired_json"), "Desired permissions in two forms", missingPermissionsPlace+"Keep one of permission and desired_json.")
	}
	diags.Append(validateID(path.Root("user_id"), "user", m.UserID)...)
	diags.Append(validateDesired(m.Permission)...)
	diags.Append(validateDesiredJSON(m.DesiredJSON)...)
	diags.Append(validateExistingJSON(m.ExistingJSON)...)
	return diags
}

func validateDesiredJSON(value types.String) (diags diag.Diagnostics) {
	if !entity.Known(value) {
		return nil
	}
	at, place := path.Root("desired_json"), missingPermissionsPlace+"desired_json: "
	statements, err := lakefspolicy.ParseStatements([]byte(value.ValueString()), lakefspolicy.NullRefused)
	if err == nil && len(statements) == 0 {
		err = errors.New("it desires nothing, so nothing could be missing")
	}
	if err != nil {
		diags.AddAttributeError(at, "Not a list of statements", place+entity.Sentence(err.Error()))
	}
	for _, finding := range lakefspolicy.ValidateDesired(statements) {
		diags.Append(diagnose(at, place+placeInAPI(finding.Path, statements)+": ", []lakefspolicy.Finding{finding})...)
	}
	return diags
}

func validateExistingJSON(value types.String) (diags diag.Diagnostics) {
	if !entity.Known(value) {
		return nil
	}
	at, place := path.Root("existing_json"), missingPermissionsPlace+"existing_json: "
	statements, err := existingInJSON(value)
	if err != nil {
		diags.AddAttributeError(at, "Not a list of statements", place+entity.Sentence(err.Error()))
		return diags
	}
	for _, finding := range lakefspolicy.Validate(statements, lakefspolicy.Options{}) {
		if finding.Foreign {
			diags.AddAttributeWarning(at, finding.Summary, place+placeInAPI(finding.Path, statements)+": "+finding.Detail)
		}
	}
	return diags
}

// validateDesired checks the blocks; what is unknown is passed over.
func validateDesired(list types.List) diag.Diagnostics {
	check := &statementCheck{named: func(i int) string { return fmt.Sprintf("%spermission %d: ", missingPermissionsPlace, i+1) }}
	for i, element := range list.Elements() {
		object, ok := element.(types.Object)
		if !ok || !entity.Known(object) {
			continue
		}
		at := path.Root("permission").AtListIndex(i)
		check.set(at.AtName("actions"), i, "actions", object.Attributes()["actions"], lakefspolicy.ValidateDesiredAction)
		check.set(at.AtName("resources"), i, "resources", object.Attributes()["resources"], lakefspolicy.ValidateResource)
	}
	return check.diags
}

// existingInJSON reads a list of statements, or a policy document.
func existingInJSON(value types.String) ([]lakefspolicy.Statement, error) {
	return compared(lakefspolicy.ParseStatements([]byte(value.ValueString()), lakefspolicy.NullRefused))
}

// desired are the desired permissions, in either form.
func (m *missingPermissions) desired() ([]lakefspolicy.Statement, error) {
	if !m.DesiredJSON.IsNull() {
		return lakefspolicy.ParseStatements([]byte(m.DesiredJSON.ValueString()), lakefspolicy.NullRefused)
	}
	if len(m.Permission.Elements()) == 0 {
		return nil, fmt.Errorf("the permission blocks desire nothing, so nothing could be missing")
	}
	var statements []lakefspolicy.Statement
	for _, element := range m.Permission.Elements() {
		object, _ := element.(types.Object)
		actions, known := stringsIn(object.Attributes()["actions"])
		resources, alsoKnown := stringsIn(object.Attributes()["resources"])
		if !known || !alsoKnown {
			return nil, fmt.Errorf("the permission blocks cannot be read")
		}
		statements = append(statements, lakefspolicy.Statement{Effect: lakefspolicy.EffectAllow, Actions: actions, Resources: resources})
	}
	return statements, nil
}

func readMissingPermissions(ctx context.Context, s *entity.Session[api], m *missingPermissions) error {
	desired, err := m.desired()
	if err != nil {
		return err
	}
	var existing []lakefspolicy.Statement
	who, user := "What existing_json allows", m.UserID.ValueString()
	if m.ExistingJSON.IsNull() {
		who, user, existing, err = statementsOfUser(ctx, s, user, desired)
	} else {
		existing, err = existingInJSON(m.ExistingJSON)
	}
	if err != nil {
		return err
	}
	missing := lakefspolicy.MissingKnown(existing, desired, user)
	values, permissions := make([]attr.Value, len(missing)), make([]lakefspolicy.Permission, len(missing))
	for i, m := range missing {
		values[i], permissions[i] = permissionValue(m.Permission), m.Permission
	}
	encoded, err := json.Marshal(toWire(allowing(permissions...)))
	if err != nil {
		return err
	}
	m.Missing = types.ListValueMust(permissionType, values)
	m.MissingJSON = types.StringValue(string(encoded))
	m.Satisfied = types.BoolValue(len(missing) == 0)
	if m.FailOnMissing.ValueBool() && len(missing) > 0 {
		s.Fail("Missing permissions", describeGap(who, lakefspolicy.FindGap(existing, desired, user)))
	}
	return nil
}

// statementsOfUser are those of all policies of a user; the empty id is the caller's. Right
// after a grant by the same apply, lakeFS may not know of it yet.
func statementsOfUser(ctx context.Context, s *entity.Session[api], id string, desired []lakefspolicy.Statement) (who, userID string, statements []lakefspolicy.Statement, err error) {
	who, userID = fmt.Sprintf("The user %q", id), id
	if id == "" {
		user, err := s.API.GetCurrentUser(ctx)
		if err != nil {
			return "", "", nil, err
		}
		userID, who = user.ID, fmt.Sprintf("The caller %q", user.ID)
	}
	policies, err := s.API.EffectivePoliciesUntil(ctx, userID, func(policies []lakefsapi.Policy) bool {
		return len(lakefspolicy.MissingKnown(decidedBy(policies), desired, userID)) == 0
	})
	return who, userID, decidedBy(policies), err
}

// maxListed is how many missing permissions an error lists.
const maxListed = 50

// describeGap lists what is missing and says what would grant it.
func describeGap(who string, gap lakefspolicy.Gap) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s lacks %d of the desired permissions:\n\n", who, len(gap.Missing))
	for i, permission := range gap.Missing {
		if i == maxListed {
			fmt.Fprintf(&text, "  … and %d more\n", len(gap.Missing)-maxListed)
			break
		}
		fmt.Fprintf(&text, "  - %s", permission)
		if permission.Reason != "" {
			fmt.Fprintf(&text, ": %s", strings.TrimSuffix(permission.Reason, "."))
		}
		text.WriteByte('\n')
	}
	if len(gap.Addition) > 0 {
		fmt.Fprintf(&text, "\nAdd this to a policy of the user:\n\n%s\n", statementBlocks(gap.Addition))
		if encoded, err := json.Marshal(toWire(gap.Addition)); err == nil {
			fmt.Fprintf(&text, "\nThe same in the shape of the API:\n\n  %s\n", encoded)
		}
	}
	if gap.Blocked > 0 {
		fmt.Fprintf(&text, "\nNo statement that allows is enough for %d of them: first change what denies them, or may deny them, as the list says.\n", gap.Blocked)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

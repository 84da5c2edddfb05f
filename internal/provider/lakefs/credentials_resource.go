// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"

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

type credentialsModel struct {
	UserID                   types.String `tfsdk:"user_id"`
	RotateTriggers           types.Map    `tfsdk:"rotate_triggers"`
	PGPKey                   types.String `tfsdk:"pgp_key"`
	AccessKeyID              types.String `tfsdk:"access_key_id"`
	SecretAccessKey          types.String `tfsdk:"secret_access_key"`
	EncryptedSecretAccessKey types.String `tfsdk:"encrypted_secret_access_key"`
	KeyFingerprint           types.String `tfsdk:"key_fingerprint"`
	CreationDate             types.String `tfsdk:"creation_date"`
}

func credentialsResource() entity.Definition[api, credentialsModel] {
	return entity.Definition[api, credentialsModel]{
		Name:     "lakefs_credentials",
		Title:    "lakeFS credentials",
		Platform: platform(),
		Schema:   credentialsSchema(),
		Imports: []entity.ImportForm{
			{Pattern: "{user_id}/{access_key_id}", Example: "etl/AKIAJEXAMPLEEXAMPLEQ"}, //nolint:gosec // no real key
		},
		Identity: []string{"user_id", "access_key_id"},
		Validate: func(_ context.Context, m credentialsModel) diag.Diagnostics {
			return append(validateID(path.Root("user_id"), "user", m.UserID), validatePGPKey(m)...)
		},
		Plan:   planCredentials,
		Create: createCredentials,
		Read:   readCredentials,
		Update: func(context.Context, *entity.Session[api], credentialsModel, *credentialsModel) error {
			return nil // only an imported key gets its first triggers and pgp_key, which lakeFS does not know
		},
		Adopt: func(_ context.Context, _ *entity.Session[api], m *credentialsModel) error {
			m.RotateTriggers = noTriggers()
			return nil
		},
		Delete: func(ctx context.Context, s *entity.Session[api], m credentialsModel) error {
			return s.API.DeleteCredentials(ctx, m.UserID.ValueString(), m.AccessKeyID.ValueString())
		},
		Lockout: lockoutOfCredentials,
		Moves:   movesToCredentials(),
		Reads: []entity.Call{
			{Operation: "listUserCredentials", Only: "preferred"},
			{Operation: "listUsers", Only: "preferred"},
			{Operation: "getCredentials", Only: "where one of these is not permitted"},
		},
		Calls: func(change entity.Change[credentialsModel]) []entity.Call {
			switch {
			case change.Prior == nil:
				user := on("userId", change.Planned.UserID)
				return []entity.Call{{Operation: "listUserCredentials", Object: user, BestEffort: true}, {Operation: "createCredentials", Object: user}}
			case change.Planned == nil:
				return []entity.Call{{Operation: "deleteCredentials", Object: on("userId", change.Prior.UserID)}}
			default:
				return nil
			}
		},
	}
}

func credentialsSchema() schema.Schema {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return schema.Schema{
		MarkdownDescription: "Manages an access key of a lakeFS user ([createCredentials](https://docs.lakefs.io/reference/api/#/auth/createCredentials)). " +
			"The server chooses key and secret, and shows the secret only once: it is kept in the state, marked sensitive, so protect the state, or let `pgp_key` encrypt it. " +
			"A user may have several keys; rotate one with `rotate_triggers` and `create_before_destroy`, so that the old key works until everything that uses it has changed. " +
			"That rule also holds for everything the key depends on, and lakeFS cannot have two users of one id: take it out before you replace the user itself.",
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				MarkdownDescription: "The id of the user the key belongs to, for example `iam_lakefs_user.etl.id`. Changing it replaces the key.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"rotate_triggers": schema.MapAttribute{
				MarkdownDescription: "Any values, for example `{ month = \"2026-11\" }`. Changing them replaces the key, but for the first values that an imported key is given. Default: empty.",
				Optional:            true, Computed: true, ElementType: types.StringType,
				Default:       mapdefault.StaticValue(noTriggers()),
				PlanModifiers: []planmodifier.Map{mapplanmodifier.RequiresReplaceIf(rotates, "", "")},
			},
			"pgp_key": schema.StringAttribute{
				MarkdownDescription: "A public PGP key for whose holder the secret is encrypted, armored as `gpg --armor --export` writes it, for example `file(\"operations.asc\")`, or in base64. " +
					"The state then holds `encrypted_secret_access_key` instead of `secret_access_key`. " +
					"Changing it to another PGP key, or setting or removing it, replaces the access key, but for the first `pgp_key` that an imported key is given. Default: none.",
				Optional:      true,
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIf(rekeys, "", "")},
			},
			"access_key_id": schema.StringAttribute{
				MarkdownDescription: "The access key's id, for example `AKIAJEXAMPLEEXAMPLEQ`.",
				Computed:            true, PlanModifiers: keep,
			},
			"secret_access_key": schema.StringAttribute{
				MarkdownDescription: "The secret of the access key. Null after an import, since the server never shows it again, and with `pgp_key`.",
				Computed:            true, Sensitive: true, PlanModifiers: keep,
			},
			"encrypted_secret_access_key": schema.StringAttribute{
				MarkdownDescription: "The secret of the access key as a PGP message in base64, which `base64 -d | gpg -d` decrypts. Null without `pgp_key`, and after an import.",
				Computed:            true, PlanModifiers: keep,
			},
			"key_fingerprint": schema.StringAttribute{
				MarkdownDescription: "The fingerprint of the PGP key that the secret is encrypted for, in lower case, for example `0a1b2c3d4e5f60718293a4b5c6d7e8f901234567`. Null without `encrypted_secret_access_key`.",
				Computed:            true, PlanModifiers: keep,
			},
			"creation_date": schema.StringAttribute{
				MarkdownDescription: "When the key was created, as an RFC 3339 time such as `2026-11-22T08:00:00Z`.",
				Computed:            true, PlanModifiers: keep,
			},
		},
	}
}

func noTriggers() types.Map {
	return types.MapValueMust(types.StringType, map[string]attr.Value{})
}

// rotates tells whether changed triggers replace the key. The first triggers of an
// imported key do not: they would revoke a key that was just taken over. Such a key
// is known by its secret, which only the one who made it has.
func rotates(ctx context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
	if !req.PlanValue.IsUnknown() && len(req.PlanValue.Elements()) == 0 && len(req.StateValue.Elements()) == 0 {
		return // null and empty mean the same
	}
	resp.RequiresReplace = !isImported(ctx, req.State, &resp.Diagnostics) || len(req.StateValue.Elements()) > 0
}

func createCredentials(ctx context.Context, s *entity.Session[api], m *credentialsModel) error {
	sealed, err := beginMessage(*m)
	if err != nil {
		return fmt.Errorf("no access key was made, since its secret could not be encrypted for pgp_key: %w", err)
	}
	created, err := makeKey(ctx, s, m.UserID.ValueString())
	if err != nil {
		return err
	}
	return keepNewSecret(ctx, s, m, created, sealed)
}

// makeKey makes a key of a user, and names in a warning those that it had to leave
// behind.
func makeKey(ctx context.Context, s *entity.Session[api], userID string) (lakefsapi.CredentialsWithSecret, error) {
	created, orphans, err := s.API.CreateCredentials(ctx, userID)
	if len(orphans) > 0 {
		s.Warn("lakeFS made access keys whose secret was lost",
			fmt.Sprintf("Answers of the server were lost, or could not be read, while a key of the user %q was created. These keys appeared meanwhile; nobody knows their secrets unless somebody else made them just then: %s. "+
				"They were left alone. Revoke them.", userID, entity.Names(orphans)))
	}
	return created, err
}

func readCredentials(ctx context.Context, s *entity.Session[api], m *credentialsModel) (bool, error) {
	credentials, found, err := s.API.GetCredentials(ctx, m.UserID.ValueString(), m.AccessKeyID.ValueString())
	if err != nil || !found {
		return false, err
	}
	m.CreationDate = rfc3339(credentials.CreationDate)
	return true, nil
}

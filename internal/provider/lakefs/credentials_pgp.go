// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/pgp"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const unusablePGPKey = "Unusable PGP key"

// validatePGPKey refuses what can never encrypt. Whether a key has expired is asked
// only where a secret is to be encrypted: a plan that changes nothing needs no valid key.
func validatePGPKey(m credentialsModel) (diags diag.Diagnostics) {
	if !entity.Known(m.PGPKey) {
		return nil
	}
	_, err := pgp.Parse(m.PGPKey.ValueString())
	detail := describePGPKey(m, err)
	switch {
	case errors.Is(err, pgp.ErrPrivate):
		// Without the attribute: Terraform would show the line in which the key may stand.
		diags.AddError(unusablePGPKey, detail)
	case err != nil:
		diags.AddAttributeError(path.Root("pgp_key"), unusablePGPKey, detail)
	}
	return diags
}

// describePGPKey says whose pgp_key an error is about.
func describePGPKey(m credentialsModel, err error) string {
	if err == nil {
		return ""
	}
	whose := ""
	if entity.Known(m.UserID) {
		whose = fmt.Sprintf(" for the access key of the user %q", m.UserID.ValueString())
	}
	return fmt.Sprintf("iam_lakefs_credentials: pgp_key%s: %s.", whose, err)
}

// sameRecipient tells whether two values of pgp_key are the same key, whatever its
// spelling.
func sameRecipient(one, other types.String) bool {
	if !entity.Known(one) || !entity.Known(other) {
		return false
	}
	first, err := pgp.Parse(one.ValueString())
	if err != nil {
		return false
	}
	second, err := pgp.Parse(other.ValueString())
	return err == nil && first.SameRecipient(second)
}

// rekeys tells whether another pgp_key replaces the key: its secret cannot be had again
// to encrypt it anew. The first pgp_key of an imported key does not, see rotates.
func rekeys(ctx context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !sameRecipient(req.StateValue, req.PlanValue) &&
		(!req.StateValue.IsNull() || !isImported(ctx, req.State, &resp.Diagnostics))
}

// isImported tells whether a key in state was made elsewhere: then its secret is in
// neither of the two places.
func isImported(ctx context.Context, state tfsdk.State, diags *diag.Diagnostics) bool {
	var secret, encrypted types.String
	diags.Append(state.GetAttribute(ctx, path.Root("secret_access_key"), &secret)...)
	diags.Append(state.GetAttribute(ctx, path.Root("encrypted_secret_access_key"), &encrypted)...)
	return secret.IsNull() && encrypted.IsNull()
}

// planCredentials says where the secret will be. Of a key that is there, it stays where
// it is, also nowhere: that of an imported key.
func planCredentials(_ context.Context, s *entity.Planning[api], change *entity.Change[credentialsModel]) {
	switch {
	case change.Planned == nil:
	case change.Prior == nil:
		planSecret(s, change.Planned)
	default:
		keepSecret(s, *change.Prior, change.Planned)
	}
}

func planSecret(s *entity.Planning[api], planned *credentialsModel) {
	switch {
	case planned.PGPKey.IsUnknown():
	case planned.PGPKey.IsNull():
		planned.EncryptedSecretAccessKey, planned.KeyFingerprint = types.StringNull(), types.StringNull()
	default:
		key, err := usablePGPKey(*planned)
		if err != nil {
			s.Fail(unusablePGPKey, describePGPKey(*planned, err))
			return
		}
		planned.SecretAccessKey, planned.KeyFingerprint = types.StringNull(), types.StringValue(key.Fingerprint())
	}
}

func keepSecret(s *entity.Planning[api], prior credentialsModel, planned *credentialsModel) {
	planned.SecretAccessKey, planned.EncryptedSecretAccessKey, planned.KeyFingerprint = prior.SecretAccessKey, prior.EncryptedSecretAccessKey, prior.KeyFingerprint
	if sameRecipient(prior.PGPKey, planned.PGPKey) {
		planned.PGPKey = prior.PGPKey
	}
	isImported := prior.SecretAccessKey.IsNull() && prior.EncryptedSecretAccessKey.IsNull()
	if isImported && prior.PGPKey.IsNull() && !planned.PGPKey.IsNull() && prior.UserID.Equal(planned.UserID) {
		s.Warn("The secret of an imported access key cannot be encrypted", fmt.Sprintf("The access key %s of the user %q was imported, and lakeFS shows a secret only once. "+
			"encrypted_secret_access_key stays null until the key is replaced, for example by other rotate_triggers in a later apply.", prior.AccessKeyID.ValueString(), prior.UserID.ValueString()))
	}
}

// usablePGPKey is the key that a secret is to be encrypted for now.
func usablePGPKey(m credentialsModel) (*pgp.Key, error) {
	key, err := pgp.Parse(m.PGPKey.ValueString())
	if err != nil {
		return nil, err
	}
	return key, key.Check(time.Now())
}

// message is what a secret is put into, see [pgp.Message].
type message interface {
	Seal(secret string) (string, error)
	Fingerprint() string
}

// beginMessage begins the message that will hold the secret, before the access key is
// made: what is wrong with the PGP key has to be known by then. Without a pgp_key there
// is none.
func beginMessage(m credentialsModel) (message, error) {
	if m.PGPKey.IsNull() {
		return nil, nil
	}
	key, err := pgp.Parse(m.PGPKey.ValueString())
	if err != nil {
		return nil, err
	}
	return key.Begin(time.Now())
}

// keepNewSecret puts the secret of a new key where it belongs. When it cannot be
// encrypted, the key is of use to nobody: it is revoked, and if that fails too, kept in
// state without its secret, for a destroy to revoke it.
func keepNewSecret(ctx context.Context, s *entity.Session[api], m *credentialsModel, created lakefsapi.CredentialsWithSecret, sealed message) error {
	m.AccessKeyID, m.CreationDate = types.StringValue(created.AccessKeyID), rfc3339(created.CreationDate)
	m.SecretAccessKey, m.EncryptedSecretAccessKey, m.KeyFingerprint = types.StringNull(), types.StringNull(), types.StringNull()
	if sealed == nil {
		s.Exists()
		m.SecretAccessKey = types.StringValue(created.SecretAccessKey)
		return nil
	}
	encrypted, err := sealed.Seal(created.SecretAccessKey)
	if err != nil {
		userID := m.UserID.ValueString()
		if revokeErr := s.API.DeleteCredentials(ctx, userID, created.AccessKeyID); revokeErr != nil {
			s.Exists()
			return fmt.Errorf("the secret of the new access key %s of the user %q could not be encrypted (%s) and is lost. The key could not be revoked, so it is kept in the state, to be replaced: %w",
				created.AccessKeyID, userID, err.Error(), revokeErr)
		}
		return fmt.Errorf("the secret of the new access key %s of the user %q could not be encrypted, so the key was revoked: %w", created.AccessKeyID, userID, err)
	}
	s.Exists()
	m.EncryptedSecretAccessKey, m.KeyFingerprint = types.StringValue(encrypted), types.StringValue(sealed.Fingerprint())
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type loginModel struct {
	AccessKeyID     types.String `tfsdk:"access_key_id"`
	SecretAccessKey types.String `tfsdk:"secret_access_key"`
	Token           types.String `tfsdk:"token"`
	TokenExpiration types.String `tfsdk:"token_expiration"`
}

// loginEphemeral has no Close: lakeFS keeps nothing of a token that could be taken
// back.
func loginEphemeral() entity.Ephemeral[api, loginModel] {
	notEmpty := []validator.String{stringvalidator.LengthAtLeast(1)}
	return entity.Ephemeral[api, loginModel]{
		Name:     "lakefs_login",
		Title:    "lakeFS login",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Logs in to lakeFS with an access key ([login](https://docs.lakefs.io/reference/api/#/auth/login)) and gives the token, for what takes a token and no key. " +
				"Terraform keeps nothing of it in plan or state.\n\n" +
				"Terraform opens ephemeral resources in every plan, and again in every apply: **each time another token is made**. " +
				"lakeFS keeps no list of tokens and revokes none: one works until it expires, which on an ordinary server is after seven days, whatever becomes of the access key.",
			Attributes: map[string]schema.Attribute{
				"access_key_id": schema.StringAttribute{ //nolint:gosec // no real key
					MarkdownDescription: "The id of the access key to log in with, for example `AKIAJEXAMPLEEXAMPLEQ`, with `secret_access_key`. Default: the provider's own key; a provider that has a token instead needs both arguments.",
					Optional:            true, Computed: true, Validators: notEmpty,
				},
				"secret_access_key": schema.StringAttribute{
					MarkdownDescription: "The secret of the access key `access_key_id`.",
					Optional:            true, Sensitive: true, Validators: notEmpty,
				},
				"token": schema.StringAttribute{
					MarkdownDescription: "The token, which is sent as `Authorization: Bearer …`. It gives all rights of the user whose key it is.",
					Computed:            true, Sensitive: true,
				},
				"token_expiration": schema.StringAttribute{
					MarkdownDescription: "When the token expires, as an RFC 3339 time such as `2026-11-29T08:00:00Z`. Null when the server does not say.",
					Computed:            true,
				},
			},
		},
		Validate:  validateLogin,
		Open:      openLogin,
		OpenCalls: []entity.Call{{Operation: "login"}},
	}
}

func validateLogin(_ context.Context, m loginModel) (diags diag.Diagnostics) {
	const summary, object = "Half of an access key", "ephemeral.iam_lakefs_login"
	switch {
	case entity.Known(m.AccessKeyID) && m.SecretAccessKey.IsNull():
		diags.AddAttributeError(path.Root("access_key_id"), summary, object+": access_key_id is set without secret_access_key. Set both, or neither.")
	case m.AccessKeyID.IsNull() && entity.Known(m.SecretAccessKey):
		diags.AddAttributeError(path.Root("secret_access_key"), summary, object+": secret_access_key is set without access_key_id. Set both, or neither.")
	}
	return diags
}

func openLogin(ctx context.Context, s *entity.Session[api], m *loginModel) error {
	given := !m.AccessKeyID.IsNull()
	key := lakefsapi.LoginInformation{AccessKeyID: m.AccessKeyID.ValueString(), SecretAccessKey: m.SecretAccessKey.ValueString()}
	if !given {
		own, ok := s.API.OwnLogin()
		if !ok {
			return errors.New("the provider has a token, and a token cannot log in. Set access_key_id and secret_access_key of this resource, " +
				"or give the provider an access key instead of the token")
		}
		key = own
	}
	answer, err := s.API.Login(ctx, key)
	if given && lakefsapi.IsCredentialsRejected(err) {
		// Not wrapped: the advice would be about the provider's own key.
		return fmt.Errorf("lakeFS rejected the access key %q. Check access_key_id and secret_access_key of this resource, and that the key belongs to this server and was not revoked. Server answer: %s",
			key.AccessKeyID, entity.Sentence(err.Error()))
	}
	if err != nil {
		return err
	}
	m.AccessKeyID = types.StringValue(key.AccessKeyID)
	m.Token, m.TokenExpiration = types.StringValue(answer.Token), rfc3339(answer.Expiration)
	return nil
}

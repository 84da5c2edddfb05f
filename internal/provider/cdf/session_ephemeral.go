// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type sessionModel struct {
	ClientID             types.String `tfsdk:"client_id"`
	ClientSecret         types.String `tfsdk:"client_secret"`
	TokenExchange        types.Bool   `tfsdk:"token_exchange"`
	OneShotTokenExchange types.Bool   `tfsdk:"oneshot_token_exchange"`
	RevokeOnClose        types.Bool   `tfsdk:"revoke_on_close"`
	ID                   types.Int64  `tfsdk:"id"`
	Type                 types.String `tfsdk:"type"`
	Status               types.String `tfsdk:"status"`
	Nonce                types.String `tfsdk:"nonce"`
}

func sessionEphemeral() entity.Ephemeral[api, sessionModel] {
	return entity.Ephemeral[api, sessionModel]{
		Name:       "cdf_session",
		Title:      "CDF session",
		Platform:   platform(),
		Schema:     sessionSchema(),
		Validate:   validateSession,
		Open:       openSession,
		Close:      closeSession,
		OpenCalls:  []entity.Call{{Operation: "createSession"}},
		CloseCalls: []entity.Call{{Operation: "revokeSessions", Only: "with `revoke_on_close`"}},
	}
}

func sessionSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Makes a session of Cognite Data Fusion ([create sessions](https://docs.cognite.com/20230101/sessions/create-sessions)), " +
			"by which a service such as transformations or functions acts for a principal. The service takes the session over by its `nonce`, which it must get within about a minute. " +
			"Terraform keeps nothing of it in plan or state.\n\n" +
			"Terraform opens ephemeral resources in every plan, and again in every apply: **each time a new session is made**, so that planning, too, needs the right to. " +
			"A session that no service takes over expires by itself. What a one-shot token exchange uses up is used up by the plan. " +
			"To make a session in the apply only, let an argument depend on a value that is known only after apply. " +
			"A session is never asked for twice: when it is unknown whether one was made, that is an error.",
		Attributes: map[string]schema.Attribute{
			"client_id": schema.StringAttribute{
				MarkdownDescription: "The id of the client that the session acts for, with `client_secret`. " +
					"Default, when neither kind of token exchange is set: the provider's own client if it logs in with client credentials, otherwise its token is exchanged (`token_exchange`).",
				Optional: true, Computed: true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"client_secret": schema.StringAttribute{
				MarkdownDescription: "The secret of the client `client_id`.",
				Optional:            true, Sensitive: true,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"token_exchange": schema.BoolAttribute{
				MarkdownDescription: "`true`: the session acts for the caller, whose token is exchanged and renewed; the identity provider must support that. Default: `false`.",
				Optional:            true,
			},
			"oneshot_token_exchange": schema.BoolAttribute{
				MarkdownDescription: "`true`: the session acts for the caller by a token that is exchanged once and not renewed, so it is short-lived. Default: `false`.",
				Optional:            true,
			},
			"revoke_on_close": schema.BoolAttribute{
				MarkdownDescription: "Whether the session is revoked when Terraform no longer needs it, at the end of the plan or apply ([revoke sessions](https://docs.cognite.com/20230101/sessions/revoke-sessions)): " +
					"a service that has taken it over loses its access then, which may take up to an hour. When Terraform is killed, nothing is revoked. Default: `false`.",
				Optional: true,
			},
			"id": schema.Int64Attribute{
				MarkdownDescription: "The session's id.",
				Computed:            true,
			},
			"type": schema.StringAttribute{
				MarkdownDescription: "`CLIENT_CREDENTIALS`, `TOKEN_EXCHANGE` or `ONESHOT_TOKEN_EXCHANGE`.",
				Computed:            true,
			},
			"status": schema.StringAttribute{
				MarkdownDescription: "`READY`: the session can be taken over.",
				Computed:            true,
			},
			"nonce": schema.StringAttribute{
				MarkdownDescription: "The secret by which a service takes the session over, once and within about a minute.",
				Computed:            true, Sensitive: true,
			},
		},
	}
}

// sessionKinds are the ways to make a session that the configuration asks for.
func (m *sessionModel) kinds() []string {
	var kinds []string
	for _, kind := range []struct {
		name  string
		asked bool
	}{
		{"client_id with client_secret", entity.Known(m.ClientID) || entity.Known(m.ClientSecret)},
		{"token_exchange", m.TokenExchange.ValueBool()},
		{"oneshot_token_exchange", m.OneShotTokenExchange.ValueBool()},
	} {
		if kind.asked {
			kinds = append(kinds, kind.name)
		}
	}
	return kinds
}

func validateSession(_ context.Context, m sessionModel) (diags diag.Diagnostics) {
	const object = "ephemeral.iam_cdf_session"
	if kinds := m.kinds(); len(kinds) > 1 {
		diags.AddError("Several kinds of CDF session", object+": keep one of "+strings.Join(kinds, " and ")+".")
	}
	const half = "Half of a pair of client credentials"
	switch {
	case entity.Known(m.ClientID) && m.ClientSecret.IsNull():
		diags.AddAttributeError(path.Root("client_id"), half, object+": client_id is set without client_secret. Set both, or neither.")
	case m.ClientID.IsNull() && entity.Known(m.ClientSecret):
		diags.AddAttributeError(path.Root("client_secret"), half, object+": client_secret is set without client_id. Set both, or neither.")
	}
	return diags
}

// credentials say for whom the session is made.
func (m *sessionModel) credentials(cdf api) cdfapi.SessionCredentials {
	switch {
	case isSet(m.ClientID):
		return cdfapi.SessionCredentials{ClientID: m.ClientID.ValueString(), ClientSecret: m.ClientSecret.ValueString()}
	case m.OneShotTokenExchange.ValueBool():
		return cdfapi.SessionCredentials{OneShotTokenExchange: true}
	case !m.TokenExchange.ValueBool():
		if own, ok := cdf.OwnSessionCredentials(); ok {
			return own
		}
	}
	return cdfapi.SessionCredentials{TokenExchange: true}
}

// revocableKey is where an opened session remembers its id when it is to be revoked
// on close, as a JSON number.
const revocableKey = "revocable"

func openSession(ctx context.Context, s *entity.Session[api], m *sessionModel) error {
	credentials := m.credentials(s.API)
	session, err := s.API.CreateSession(ctx, credentials)
	if httpapi.OutcomeUnknown(err) {
		return fmt.Errorf("it is unknown whether the session was made: %w. It was not asked for again, so that there are not two. "+
			"If it was made, nobody knows its nonce, so it can only expire, within about a minute; until then iam_cdf_sessions lists it as READY", err)
	}
	if err != nil {
		return err
	}
	if m.RevokeOnClose.ValueBool() {
		id, err := json.Marshal(session.ID)
		if err != nil {
			return err
		}
		s.Remember(ctx, revocableKey, id)
	}
	m.ID = types.Int64Value(session.ID)
	m.Type = types.StringValue(cmp.Or(session.Type, typeOf(credentials)))
	m.Status, m.Nonce = textOrNull(session.Status), types.StringValue(session.Nonce)
	if !isSet(m.ClientID) {
		m.ClientID = textOrNull(cmp.Or(session.ClientID, credentials.ClientID))
	}
	return nil
}

// typeOf is the type of the sessions that are made so: not every answer tells it.
func typeOf(credentials cdfapi.SessionCredentials) string {
	switch {
	case credentials.TokenExchange:
		return "TOKEN_EXCHANGE"
	case credentials.OneShotTokenExchange:
		return "ONESHOT_TOKEN_EXCHANGE"
	}
	return "CLIENT_CREDENTIALS"
}

// closeSession revokes the session if that was asked for. One that is gone is no
// error.
func closeSession(ctx context.Context, s *entity.Session[api]) error {
	kept := s.Recall(ctx, revocableKey)
	if len(kept) == 0 {
		return nil
	}
	var id int64
	if err := json.Unmarshal(kept, &id); err != nil {
		return fmt.Errorf("the id of the session to revoke cannot be read from its private state: %w", err)
	}
	if _, err := s.API.RevokeSessions(ctx, id); err != nil && !cdfapi.IsNotFound(err) {
		return fmt.Errorf("the session %d was not revoked, so it lasts until it expires: %w", id, err)
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// sessionStatuses are the states of a session. The API refuses any other.
var sessionStatuses = []string{"READY", "ACTIVE", "CANCELLED", "EXPIRED", "REVOKED", "ACCESS_LOST"}

type sessionsLookup struct {
	Status   types.String  `tfsdk:"status"`
	Sessions []sessionItem `tfsdk:"sessions"`
}

// sessionItem is a session in a data source's list.
type sessionItem struct {
	ID             types.Int64  `tfsdk:"id"`
	Type           types.String `tfsdk:"type"`
	Status         types.String `tfsdk:"status"`
	ClientID       types.String `tfsdk:"client_id"`
	CreationTime   types.String `tfsdk:"creation_time"`
	ExpirationTime types.String `tfsdk:"expiration_time"`
}

func newSessionItem(session cdfapi.Session) sessionItem {
	return sessionItem{
		ID:             types.Int64Value(session.ID),
		Type:           textOrNull(session.Type),
		Status:         types.StringValue(session.Status),
		ClientID:       textOrNull(session.ClientID),
		CreationTime:   rfc3339(session.CreationTime),
		ExpirationTime: rfc3339(session.ExpirationTime),
	}
}

func sessionsDataSource() entity.DataSource[api, sessionsLookup] {
	return entity.DataSource[api, sessionsLookup]{
		Name:     "cdf_sessions",
		Title:    "CDF sessions",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Lists the sessions of a project of Cognite Data Fusion ([list sessions](https://docs.cognite.com/20230101/sessions/list-sessions)): " +
				"each lets a service, such as transformations or functions, act for a principal for a while. Sessions come and go, so the next plan may show others.",
			Attributes: map[string]schema.Attribute{
				"status": schema.StringAttribute{
					MarkdownDescription: "Only the sessions in this state: `" + strings.Join(sessionStatuses, "`, `") + "`. Default: all.",
					Optional:            true,
					Validators:          []validator.String{stringvalidator.OneOf(sessionStatuses...)},
				},
				"sessions": listOf("The sessions, in the server's order.", map[string]schema.Attribute{
					"id":              schema.Int64Attribute{MarkdownDescription: "The session's id.", Computed: true},
					"type":            shown("How the session was made: `CLIENT_CREDENTIALS`, `TOKEN_EXCHANGE` or `ONESHOT_TOKEN_EXCHANGE`."),
					"status":          shown("The state: `READY` until a service takes the session over, then `ACTIVE`, and at its end one of the others."),
					"client_id":       shown("The client that the session acts for; null when the answer does not tell."),
					"creation_time":   shown("When the session was made, as an RFC 3339 time such as `2026-11-22T08:00:00Z`."),
					"expiration_time": shown("When the session expires, or has expired, as an RFC 3339 time."),
				}),
			},
		},
		Read: func(ctx context.Context, s *entity.Session[api], m *sessionsLookup) (err error) {
			m.Sessions, err = collect(s.API.ListSessions(ctx, m.Status.ValueString(), all), newSessionItem)
			return err
		},
		Calls: []entity.Call{{Operation: "listSessions"}},
	}
}

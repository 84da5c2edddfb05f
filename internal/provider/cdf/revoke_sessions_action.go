// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/cdfapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

type sessionRevocation struct {
	IDs types.List `tfsdk:"ids"`
}

func revokeSessionsAction() entity.Action[api, sessionRevocation] {
	return entity.Action[api, sessionRevocation]{
		Name:     "cdf_revoke_sessions",
		Title:    "revoke CDF sessions",
		Platform: platform(),
		Schema: schema.Schema{
			MarkdownDescription: "Revokes sessions of Cognite Data Fusion ([revoke sessions](https://docs.cognite.com/20230101/sessions/revoke-sessions)): " +
				"the services that act by them, such as transformations or functions, lose that access, which may take up to an hour. A revoked session cannot be brought back. " +
				"A session that has ended already stays as it is, and one that does not exist is named in a warning, so that invoking the action again does no harm.\n\n" +
				"More than 100 sessions are revoked 100 at a time. When one such part fails, the error names the sessions that were not revoked, and those of which that is unknown.",
			Attributes: map[string]schema.Attribute{
				"ids": schema.ListAttribute{
					MarkdownDescription: "The ids of the sessions, for example `[4715822362013]`, or those that the data source `iam_cdf_sessions` lists. With none, nothing is done.",
					ElementType:         types.Int64Type,
					Required:            true,
				},
			},
		},
		Object:   func(m sessionRevocation) string { return sessionsInWords(m.known()) },
		Validate: validateSessionRevocation,
		Invoke:   revokeSessions,
		Calls: func(m sessionRevocation) []entity.Call {
			return []entity.Call{{Operation: "revokeSessions", Skip: entity.Known(m.IDs) && len(m.IDs.Elements()) == 0}}
		},
	}
}

// known are the ids that are known, each once, in their order.
func (m sessionRevocation) known() []int64 {
	var ids []int64
	for _, element := range m.IDs.Elements() {
		if id, ok := element.(types.Int64); ok && entity.Known(id) && !slices.Contains(ids, id.ValueInt64()) {
			ids = append(ids, id.ValueInt64())
		}
	}
	return ids
}

func validateSessionRevocation(_ context.Context, m sessionRevocation) (diags diag.Diagnostics) {
	for i, element := range m.IDs.Elements() {
		id, ok := element.(types.Int64)
		if !ok || id.IsUnknown() || id.ValueInt64() > 0 {
			continue
		}
		written := "null"
		if !id.IsNull() {
			written = strconv.FormatInt(id.ValueInt64(), 10)
		}
		diags.AddAttributeError(path.Root("ids").AtListIndex(i), "Not the id of a session",
			fmt.Sprintf("action.iam_cdf_revoke_sessions: ids[%d] is %s. The id of a session is a whole number above zero; the data source iam_cdf_sessions lists them.", i, written))
	}
	return diags
}

// revokeSessions revokes the sessions and says of each what became of it.
func revokeSessions(ctx context.Context, s *entity.Session[api], m sessionRevocation, progress func(string)) error {
	ids := m.known()
	if len(ids) == 0 {
		progress("There are no sessions to revoke.")
		return nil
	}
	var missing []int64
	err := s.API.EndSessions(ctx, ids, func(answered []cdfapi.Session, gone []int64) {
		missing = append(missing, gone...)
		sayRevoked(answered, progress)
		if len(gone) > 0 { // Terraform may fold the warning into one of another action
			progress("Does not exist: " + sessionsInWords(gone))
		}
	})
	if len(missing) > 0 {
		s.Warn("Sessions that do not exist", fmt.Sprintf("action.iam_cdf_revoke_sessions: the project %q has no %s, so there is nothing to revoke. Check the ids if that is not what you expect.",
			s.API.Project(), sessionsInWords(missing)))
	}
	return err
}

// sayRevoked tells which sessions were revoked, and which had ended before. To a caller who may
// not list sessions the server does not say that.
func sayRevoked(answered []cdfapi.Session, progress func(string)) {
	var revoked []int64
	for _, session := range answered {
		if session.Status == "" || session.Status == "REVOKED" {
			revoked = append(revoked, session.ID)
			continue
		}
		progress(fmt.Sprintf("Had ended before: session %d (%s)", session.ID, session.Status))
	}
	if len(revoked) > 0 {
		progress("Revoked: " + sessionsInWords(revoked))
	}
}

// sessionsInWords names sessions by their ids; empty for none.
func sessionsInWords(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	switch len(ids) {
	case 0:
		return ""
	case 1:
		return "session " + texts[0]
	}
	return "sessions " + entity.Names(texts)
}

// explainUnrevoked says which sessions are not revoked, and why.
func explainUnrevoked(failed *snapshot.UnrevokedError) string {
	text := fmt.Sprintf("of %d sessions, %d are settled.", failed.All, failed.Done)
	if len(failed.Left) > 0 {
		text += " Not revoked: " + sessionsInWords(failed.Left) + "."
	}
	if len(failed.Unclear) > 0 {
		text += " Revoked or not, which is unknown: " + sessionsInWords(failed.Unclear) + "."
	}
	return text + " Invoke the action again when the cause is gone: a session that is revoked stays so. Why: " + explain(failed.Err)
}

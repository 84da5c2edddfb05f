// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Lockout is what a change takes from the caller that it would need to undo it.
type Lockout struct {
	// Caller names who is locked out, as users know it; it may be empty.
	Caller string
	// Lost are the rights, for example "auth:UpdatePolicy on arn:lakefs:auth:::policy/Admins".
	Lost []string
	// Through is the path by which the caller has them, for example
	// `the policy "Admins" of its group "admins"`.
	Through string
	// DeniedBy is what denies them from then on. It is empty where nothing does, and
	// Through where nothing is taken away.
	DeniedBy string
}

// why says by what the caller loses its rights, and what to do.
func (l *Lockout) why() string {
	var sentences []string
	if l.Through != "" {
		sentences = append(sentences, "It has that through "+l.Through+", and through nothing that remains. Let another path grant it first, or apply with other credentials.")
	}
	if l.DeniedBy != "" {
		sentences = append(sentences, "It is denied by "+l.DeniedBy+", and a deny wins over every allow. Leave that out, or apply with other credentials.")
	}
	return strings.Join(sentences, " ")
}

// guard reports a change that, applied alone, takes from the caller the right to undo
// it. What cannot be told is no lock-out.
func (r *managed[API, Model]) guard(ctx context.Context, p *Planning[API], change *Change[Model], replaced bool, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	mode := r.connections.LockoutGuard
	if r.Lockout == nil || mode == ModeOff {
		return
	}
	object := attributes(req.State)
	if change.Prior == nil {
		object = req.Plan
	}
	alone := *change
	if replaced {
		alone.Planned = nil // what comes after the delete needs rights, too
	}
	lockout, err := r.Lockout(ctx, p.API, alone)
	switch {
	case err != nil:
		r.cannotTell("lockout_guard", "Whether this plan locks out its caller cannot be told",
			r.describe(ctx, object)+": this change may concern what the caller may do, but how it has its rights on "+r.Platform.Title+" cannot be read. "+r.Platform.Explain(err), diags)
	case lockout != nil && r.connections.told.first("lockout\x00"+r.describe(ctx, object)):
		caller := "the caller"
		if lockout.Caller != "" {
			caller = fmt.Sprintf("the caller %q", lockout.Caller)
		}
		mode.report("This change locks its caller out", fmt.Sprintf("%s: applied alone, this change takes from %s what it needs to undo it:\n\n  - %s\n\n%s",
			r.describe(ctx, object), caller, strings.Join(lockout.Lost, "\n  - "), lockout.why()), diags)
	}
}

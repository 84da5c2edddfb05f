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
	// DeniedBy is what denies them from then on, where nothing is taken away.
	DeniedBy string
}

// why says by what the caller loses its rights, and what to do.
func (l *Lockout) why() string {
	if l.DeniedBy != "" {
		return "They are denied by " + l.DeniedBy + ", and a deny wins over every allow. Apply with other credentials."
	}
	return "It has that through " + l.Through + ", and through nothing that remains. Let another path grant it first, or apply with other credentials."
}

// guard reports a change that, applied alone, takes from the caller the right to undo
// it. What cannot be told is no lock-out.
func (r *managed[API, Model]) guard(ctx context.Context, p *Planning[API], change *Change[Model], replaced bool, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	mode := r.connections.LockoutGuard
	if r.Lockout == nil || !r.checksAccess(mode, p) {
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
		r.cannotTell(err, diags)
	case lockout != nil:
		caller := "the caller"
		if lockout.Caller != "" {
			caller = fmt.Sprintf("the caller %q", lockout.Caller)
		}
		mode.report("This change locks its caller out", fmt.Sprintf("%s: applied alone, this change takes from %s what it needs to undo it:\n\n  - %s\n\n%s",
			r.describe(ctx, object), caller, strings.Join(lockout.Lost, "\n  - "), lockout.why()), diags)
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	// Deleted is what the caller is or comes by, for example `the user that it is`, where the
	// change deletes that. Then Lost is what undoing it would need, held or not.
	Deleted string
}

// describe says what is lost, by what, and what to do.
func (l *Lockout) describe() string {
	caller := "the caller"
	if l.Caller != "" {
		caller = fmt.Sprintf("the caller %q", l.Caller)
	}
	lost := "\n\n  - " + strings.Join(l.Lost, "\n  - ") + "\n\n"
	if l.Deleted != "" {
		return fmt.Sprintf("applied alone, this change takes everything from %s: it deletes %s. Undoing it needs:%sApply with other credentials.", caller, l.Deleted, lost)
	}
	var why []string
	if l.Through != "" {
		why = append(why, "It has that through "+l.Through+", and through nothing that remains. Let another path grant it first, or apply with other credentials.")
	}
	if l.DeniedBy != "" {
		why = append(why, "It is denied by "+l.DeniedBy+", and a deny wins over every allow. Leave that out, or apply with other credentials.")
	}
	return fmt.Sprintf("applied alone, this change takes from %s what it needs to undo it:%s%s", caller, lost, strings.Join(why, " "))
}

// guard reports a change that, applied alone, takes from the caller the right to undo
// it. Of a replacement each half is looked at alone: the second needs what the first takes
// away. What cannot be told is no lock-out.
func (r *managed[API, Model]) guard(ctx context.Context, check *accessCheck[API, Model], diags *diag.Diagnostics) {
	mode := r.connections.LockoutGuard
	if r.Lockout == nil || mode == ModeOff {
		return
	}
	object, halves := attributes(check.req.State), []Change[Model]{check.change}
	switch {
	case check.change.Prior == nil:
		object = check.req.Plan
	case check.replaced:
		halves = []Change[Model]{{Prior: check.change.Prior}, {Config: check.change.Config, Planned: check.change.Planned}}
	}
	for _, half := range halves {
		lockout, err := r.Lockout(ctx, check.API, half)
		switch {
		case err != nil:
			cannotTell(check.tells, r.Platform.Title, "lockout_guard", "Whether this plan locks out its caller cannot be told",
				r.describe(ctx, object)+": this change may concern what the caller may do, but how it has its rights on "+r.Platform.Title+" cannot be read. "+r.Platform.Explain(err), diags)
		case lockout != nil && check.tells("lockout\x00"+r.describe(ctx, object)):
			mode.report("This change locks its caller out", r.describe(ctx, object)+": "+lockout.describe(), diags)
		}
	}
}

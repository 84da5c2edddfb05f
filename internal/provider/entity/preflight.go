// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Mode is what becomes of something that a check at plan finds.
type Mode string

// The modes of a check.
const (
	ModeWarn    Mode = "warn"
	ModeEnforce Mode = "enforce"
	ModeOff     Mode = "off"
)

// Modes lists the modes.
func Modes() []string { return []string{string(ModeWarn), string(ModeEnforce), string(ModeOff)} }

// report adds what a check has found.
func (m Mode) report(summary, detail string, diags *diag.Diagnostics) {
	if m == ModeEnforce {
		diags.AddError(summary, visible(detail))
		return
	}
	diags.AddWarning(summary, visible(detail))
}

// Lack is a right that a planned call needs and the caller does not have.
type Lack struct {
	// Action names what is lacking without its object, for example "auth:CreateUser".
	Action string
	// Permission is the whole right, for example "auth:CreateUser on arn:lakefs:auth:::user/etl".
	Permission string
	// Remedy is what would grant it, as HCL to paste.
	Remedy string
}

// once remembers what this process has said already: Terraform plans many objects, and
// what they lack is the same as a rule.
type once struct {
	mu   sync.Mutex
	said map[string]bool
}

// first reports whether something is said for the first time.
func (o *once) first(what string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.said == nil {
		o.said = map[string]bool{}
	}
	before := o.said[what]
	o.said[what] = true
	return !before
}

// has reports whether something has been said.
func (o *once) has(what string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said[what]
}

// checkAccess is the two checks of a planned change: whether the caller may make it, and
// whether it locks the caller out. Both are silent once the process has written anything:
// rights change with every write then. Before, an apply plans every object again; that both
// checks may speak a second time there is the lesser evil, for no CLI says for certain which
// of the two is under way (see Planning.Applying).
func (r *managed[API, Model]) checkAccess(ctx context.Context, p *Planning[API], change *Change[Model], req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if r.connections.applied.Load() {
		return
	}
	check := &accessCheck[API, Model]{Planning: p, change: *change, req: req, once: &r.connections.told}
	if change.Prior != nil {
		check.replaced = r.replaces(ctx, req)
	} else if id, replaces, again := r.replacedBy(ctx, &p.Session, req.Plan); replaces {
		check.replaced, check.unheard = r.revealReplaced(ctx, id, &check.req, &check.change), again
	}
	r.preflight(ctx, check, diags)
	r.guard(ctx, check, diags)
}

// accessCheck is one planned change in the eyes of the checks.
type accessCheck[API, Model any] struct {
	*Planning[API]
	*once
	change   Change[Model]
	replaced bool
	req      resource.ModifyPlanRequest
	// unheard means that Terraform drops the warnings of this plan: it is the second of a
	// replacement, of which Terraform shows errors only.
	unheard bool
}

// tells reports whether something is still to be said. What nobody hears does not count.
func (c *accessCheck[API, Model]) tells(what string) bool {
	if c.unheard {
		return !c.has(what)
	}
	return c.first(what)
}

// preflight compares the calls of a planned change with the rights of the caller.
func (r *managed[API, Model]) preflight(ctx context.Context, check *accessCheck[API, Model], diags *diag.Diagnostics) {
	rights := rightsCheck[API]{Platform: r.Platform, api: check.API, mode: r.connections.Preflight, tells: check.tells}
	for _, step := range r.steps(&check.change, check.replaced) {
		object := attributes(check.req.Plan)
		if step.Name == occasionDestroy {
			object = check.req.State
		}
		if !rights.report(ctx, func() string { return r.describe(ctx, object) }, step, diags) {
			return
		}
	}
}

// rightsCheck compares planned calls with the rights of the caller.
type rightsCheck[API any] struct {
	Platform[API]
	api  API
	mode Mode
	// tells reports whether something is still to be said.
	tells func(string) bool
}

// report says what the caller lacks for what is done to an object. What cannot be told is no
// lack; it answers false when the rights of the caller cannot be read.
func (c rightsCheck[API]) report(ctx context.Context, object func() string, step Occasion, diags *diag.Diagnostics) bool {
	if c.Lacks == nil || c.mode == ModeOff {
		return true
	}
	for _, call := range step.Calls {
		if call.Skip || call.BestEffort {
			continue
		}
		lacks, err := c.Lacks(ctx, c.api, call)
		if err != nil {
			cannotTell(c.tells, c.Title, "preflight", "The caller's rights on "+c.Title+" cannot be read", "Whether the caller may apply this plan is not checked. "+c.Explain(err), diags)
			return false
		}
		for _, lack := range lacks {
			if c.tells("lack\x00" + c.Title + "\x00" + lack.Action) {
				c.mode.report("Missing permission "+lack.Action, fmt.Sprintf("%s: to %s it, the caller needs %s, which it does not have. Grant it to the caller:\n\n%s\n\n"+
					"Other objects of this plan may need %s as well. If this plan itself grants it first, the apply succeeds all the same.",
					object(), step.Name, lack.Permission, lack.Remedy, lack.Action), diags)
			}
		}
	}
	return true
}

// cannotTell says once that a check of a platform, which an argument of the provider turns
// off, could not be made.
func cannotTell(tells func(string) bool, platform, argument, summary, detail string, diags *diag.Diagnostics) {
	if tells(argument + "\x00" + platform) {
		diags.AddWarning(summary, fmt.Sprintf("%s\n\nTo plan without this check, set %s = \"off\" in the provider block.", visible(detail), argument))
	}
}

// steps are the operations of a planned change: a replacement is a create and a delete,
// of which Terraform shows the provider the first only.
func (r *managed[API, Model]) steps(change *Change[Model], replaced bool) []Occasion {
	create := func() Occasion {
		return Occasion{Name: occasionCreate, Calls: r.Calls(Change[Model]{Config: change.Config, Planned: change.Planned})}
	}
	destroy := func() Occasion {
		return Occasion{Name: occasionDestroy, Calls: r.Calls(Change[Model]{Prior: change.Prior})}
	}
	switch {
	case change.Prior == nil:
		return []Occasion{create()}
	case change.Planned == nil:
		return []Occasion{destroy()}
	case replaced:
		return []Occasion{destroy(), create()}
	}
	return []Occasion{{Name: occasionUpdate, Calls: r.Calls(*change)}}
}

// replaces reports whether a plan replaces the object: whether an attribute that forces
// it changes. The framework does not tell a resource.
func (r *managed[API, Model]) replaces(ctx context.Context, req resource.ModifyPlanRequest) bool {
	if req.State.Raw.IsNull() || req.Plan.Raw.IsNull() {
		return false
	}
	for name, attribute := range r.Definition.Schema.Attributes {
		if forcesReplacement(ctx, name, attribute, req) {
			return true
		}
	}
	return false
}

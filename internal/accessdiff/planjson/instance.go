// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// instance is one object that Terraform manages, or will.
type instance struct {
	address, module, kind, name string
	index                       any
	// server is the provider configuration that it belongs to.
	server string
	// before and after are nil where there is no object.
	before, after *values
	// action is what the plan does to it, empty: nothing.
	action string
	// destroyed is set where the object before is deleted, also if another one takes its place.
	destroyed bool
}

// values are the attributes of an object, and what of them is known only after apply.
type values struct {
	known   map[string]any
	unknown map[string]any
}

// collect takes the instances of this provider out of the plan.
func (p *Plan) collect(plan *tfjson.Plan, state *tfjson.State) {
	seen := map[string]bool{}
	for _, change := range plan.ResourceChanges {
		if change == nil || change.Change == nil || change.Mode != tfjson.ManagedResourceMode || !ours(change.ProviderName, change.Type) {
			continue
		}
		seen[change.Address+"\n"+change.DeposedKey] = true
		if change.PreviousAddress != "" {
			seen[change.PreviousAddress+"\n"] = true
		}
		p.addChange(change)
	}
	for _, deferred := range plan.DeferredChanges {
		if deferred != nil && deferred.ResourceChange != nil && ours(deferred.ResourceChange.ProviderName, deferred.ResourceChange.Type) {
			p.note("%s is deferred to a later plan: what it changes is not looked at.", deferred.ResourceChange.Address)
		}
	}
	if plan.Complete != nil && !*plan.Complete {
		p.note("The plan is not complete, as with -target: another one may change more.")
	}
	p.noteDrift(plan)
	if state != nil && state.Values != nil {
		p.addState(resourcesIn(state.Values.RootModule), seen)
	}
	slices.SortStableFunc(p.instances, func(a, b instance) int { return cmp.Compare(a.address, b.address) })
}

func (p *Plan) note(format string, arguments ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, arguments...))
}

// noteDrift tells what the refresh has found: it has happened, so it is no change of the plan.
func (p *Plan) noteDrift(plan *tfjson.Plan) {
	count := 0
	for _, drift := range plan.ResourceDrift {
		if drift != nil && drift.Change != nil && ours(drift.ProviderName, drift.Type) && drift.Mode == tfjson.ManagedResourceMode && !drift.Change.Actions.NoOp() {
			count++
		}
	}
	if count > 0 {
		p.note("Since the last apply, %d of the objects have changed outside of Terraform. What that gave and took has happened already and is not in this report; what the plan does about it is.", count)
	}
}

// addChange adds the object of a change.
func (p *Plan) addChange(change *tfjson.ResourceChange) {
	i := instance{
		address: change.Address, module: change.ModuleAddress, kind: change.Type, name: change.Name, index: change.Index,
		server: p.config.server(change.ModuleAddress, change.Type, change.Name),
	}
	if change.DeposedKey != "" {
		i.address += " (deposed " + change.DeposedKey + ")"
	}
	before, after := objectIn(change.Change.Before, nil), objectIn(change.Change.After, change.Change.AfterUnknown)
	creates, deletes := slices.Contains(change.Change.Actions, tfjson.ActionCreate), slices.Contains(change.Change.Actions, tfjson.ActionDelete)
	switch {
	case slices.Contains(change.Change.Actions, tfjson.ActionForget):
		// What is only forgotten stays as it is; another object may take its place in the state.
		left := i
		left.before, left.after = before, before
		p.instances = append(p.instances, left)
		p.note("%s is removed from the state only: the object stays as it is, and Terraform manages it no longer.", i.address)
		if !creates {
			return
		}
		i.after, i.action = after, accessdiff.ActionCreated
	case creates && deletes:
		i.before, i.after, i.action, i.destroyed = before, after, accessdiff.ActionReplaced, true
	case creates:
		i.after, i.action = after, accessdiff.ActionCreated
	case deletes:
		i.before, i.action, i.destroyed = before, accessdiff.ActionDeleted, true
	case slices.Contains(change.Change.Actions, tfjson.ActionUpdate):
		i.before, i.after, i.action = before, after, accessdiff.ActionUpdated
	default:
		i.before, i.after = before, after
		if after == nil {
			i.after = before
		}
	}
	p.instances = append(p.instances, i)
}

// objectIn reads the attributes of an object; nil for none.
func objectIn(known, unknown any) *values {
	object, _ := known.(map[string]any)
	open, _ := unknown.(map[string]any)
	if object == nil && open == nil {
		return nil
	}
	return &values{known: object, unknown: open}
}

// addState adds the objects that the state has and the plan does not mention, as with -target, and
// notes who the caller is.
func (p *Plan) addState(resources []*tfjson.StateResource, seen map[string]bool) {
	for _, r := range resources {
		switch {
		case !ours(r.ProviderName, r.Type):
		case r.Mode == tfjson.DataResourceMode && r.Type == "iam_lakefs_current_user":
			p.addCaller(r)
		case r.Mode == tfjson.ManagedResourceMode && !seen[r.Address+"\n"+r.DeposedKey]:
			module := moduleOf(r.Address, r.Type, r.Name)
			object := &values{known: r.AttributeValues}
			p.instances = append(p.instances, instance{
				address: r.Address, module: module, kind: r.Type, name: r.Name, index: r.Index,
				server: p.config.server(module, r.Type, r.Name), before: object, after: object,
			})
		}
	}
}

// addCaller notes who made the plan.
func (p *Plan) addCaller(r *tfjson.StateResource) {
	module := moduleOf(strings.Replace(r.Address, "data.", "", 1), r.Type, r.Name)
	if block := p.config.resource(module, tfjson.DataResourceMode, r.Type, r.Name); block != nil {
		if id, ok := r.AttributeValues["id"].(string); ok {
			p.callers[block.ProviderConfigKey] = id
		}
	}
}

// resourcesIn lists the resources of a module and those below.
func resourcesIn(m *tfjson.StateModule) (list []*tfjson.StateResource) {
	if m == nil {
		return nil
	}
	for _, r := range m.Resources {
		if r != nil {
			list = append(list, r)
		}
	}
	for _, child := range m.ChildModules {
		list = append(list, resourcesIn(child)...)
	}
	return list
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package planjson

import (
	"fmt"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/dataiam/terraform-provider-iam/internal/accessdiff"
)

// maxDepth bounds how many variables, outputs and for_each expressions a value is followed through.
const maxDepth = 32

// ends are the objects that the end of an edge may be.
type ends struct {
	keys []string
	// certain is set where it is exactly the one key, lost where it may be something else.
	certain, lost bool
}

// resolver finds out which object is meant where its id is known only after apply: the
// configuration tells what an expression refers to, though not what it does with it.
type resolver struct {
	plan *Plan
	// pending are the objects whose ids are known only after apply, by kind and server.
	pending map[[2]string][]*instance
}

func newResolver(p *Plan) *resolver {
	r := &resolver{plan: p, pending: map[[2]string][]*instance{}}
	for n := range p.instances {
		i := &p.instances[n]
		if i.after != nil && i.after.isUnknown("id") {
			key := [2]string{i.kind, i.server}
			r.pending[key] = append(r.pending[key], i)
		}
	}
	return r
}

// end finds the objects of a kind that an attribute of an instance refers to.
func (r *resolver) end(i *instance, v *values, attribute, kind string) ends {
	if !v.isUnknown(attribute) {
		if text := v.text(attribute); text != "" {
			return ends{keys: []string{text}, certain: true}
		}
		return ends{certain: true}
	}
	return r.unknown(i, attribute, kind)
}

// unknown finds the objects of a kind that an attribute, or one element of it, may refer to.
func (r *resolver) unknown(i *instance, attribute, kind string) ends {
	t := trace{resolver: r, instance: i, kind: kind, found: map[*instance]bool{}}
	block := r.plan.config.resource(i.module, tfjson.ManagedResourceMode, i.kind, i.name)
	if block == nil || block.Expressions[attribute] == nil {
		t.lost = true
	} else {
		t.follow(i.module, block.Expressions[attribute], block.ForEachExpression, 0)
	}
	if len(t.found) == 0 {
		t.lost = true
	}
	var e ends
	for _, candidate := range r.pending[[2]string{kind, i.server}] {
		if t.found[candidate] || t.lost {
			e.keys = append(e.keys, accessdiff.PendingKey(candidate.address))
		}
	}
	e.certain, e.lost = !t.lost && len(e.keys) == 1, t.lost
	return e
}

// trace follows one value through the configuration.
type trace struct {
	*resolver
	instance *instance
	kind     string
	found    map[*instance]bool
	// lost is set where the value may come from something that the plan does not show.
	lost bool
}

// follow looks at all that an expression in a module refers to.
func (t *trace) follow(module string, expression, forEach *tfjson.Expression, depth int) {
	if expression == nil || expression.ExpressionData == nil || depth > maxDepth {
		t.lost = true
		return
	}
	references := longest(expression.References)
	for _, reference := range references {
		t.reference(module, reference, len(references) > 1, forEach, depth)
	}
}

// longest leaves out references that are the beginning of another one: of `a.b.id` Terraform lists `a.b`, too.
func longest(references []string) (list []string) {
	for i, reference := range references {
		begins := slices.ContainsFunc(references, func(other string) bool {
			rest, ok := strings.CutPrefix(other, reference)
			return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
		})
		if !begins && !slices.Contains(references[:i], reference) {
			list = append(list, reference)
		}
	}
	return list
}

func (t *trace) reference(module, reference string, beside bool, forEach *tfjson.Expression, depth int) {
	parts := split(reference)
	first, _ := cutIndex(parts[0])
	switch {
	case first == t.kind && len(parts) > 1:
		t.objects(module, parts)
	case first == "each" && forEach != nil && !beside:
		t.each(module, forEach, depth)
	case first == "each" || first == "count" || first == "path" || first == "terraform":
		// It chooses among the other references. Where there are none, nothing is found.
	case first == "var" && len(parts) > 1:
		t.variable(module, parts[1], depth)
	case first == "module" && len(parts) > 1:
		t.output(module, parts, depth)
	default:
		t.lost = true
	}
}

// objects notes the pending objects of a resource, or one of them where the reference has an index.
func (t *trace) objects(module string, parts []string) {
	name, index := cutIndex(parts[1])
	for _, candidate := range t.pending[[2]string{t.kind, t.instance.server}] {
		if candidate.module == module && candidate.name == name && (index == "" || index == indexText(candidate.index)) {
			t.found[candidate] = true
		}
	}
}

// indexText writes an index as references have it.
func indexText(index any) string {
	switch index := index.(type) {
	case nil:
		return ""
	case string:
		return fmt.Sprintf("[%q]", index)
	default:
		return fmt.Sprintf("[%v]", index)
	}
}

// each follows each.value.id where for_each is a resource itself: then both have the same indices.
func (t *trace) each(module string, forEach *tfjson.Expression, depth int) {
	if forEach.ExpressionData == nil {
		t.lost = true
		return
	}
	references := longest(forEach.References)
	if len(references) == 1 {
		if parts := split(references[0]); len(parts) == 2 && parts[0] == t.kind {
			t.objects(module, []string{parts[0], parts[1] + indexText(t.instance.index)})
			return
		}
	}
	t.follow(module, forEach, nil, depth+1)
}

// variable follows a variable of a module to the call. Those of the root are known at plan.
func (t *trace) variable(module, name string, depth int) {
	if module == "" {
		return
	}
	parent, call := parentModule(module)
	plain, _ := cutIndex(call)
	name, _ = cutIndex(name)
	caller := t.plan.config.modules[plainModule(parent)]
	if caller == nil || caller.ModuleCalls[plain] == nil {
		t.lost = true
		return
	}
	if expression := caller.ModuleCalls[plain].Expressions[name]; expression != nil {
		t.follow(parent, expression, nil, depth+1)
	}
}

// output follows an output of a module that is called.
func (t *trace) output(module string, parts []string, depth int) {
	call, index := cutIndex(parts[1])
	caller := t.plan.config.modules[plainModule(module)]
	if caller == nil || caller.ModuleCalls[call] == nil || caller.ModuleCalls[call].Module == nil || len(parts) < 3 {
		t.lost = true
		return
	}
	name, _ := cutIndex(parts[2])
	output := caller.ModuleCalls[call].Module.Outputs[name]
	if output == nil {
		t.lost = true
		return
	}
	for _, child := range t.childModules(join(module, "module", call), index) {
		t.follow(child, output.Expression, nil, depth+1)
	}
}

// childModules lists the instances of a module call.
func (t *trace) childModules(call, index string) (list []string) {
	if index != "" {
		return []string{call + index}
	}
	for _, i := range t.plan.instances {
		for module := i.module; module != ""; module, _ = parentModule(module) {
			if (module == call || strings.HasPrefix(module, call+"[")) && len(split(module)) == len(split(call)) && !slices.Contains(list, module) {
				list = append(list, module)
			}
		}
	}
	return list
}

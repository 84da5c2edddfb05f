// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

const shoutType = "action.iam_shelf_shout"

// shout is the definition of an action that reads a note aloud.
func shout(connection *entity.Connection[*shelf]) entity.Action[*shelf, noteModel] {
	return entity.Action[*shelf, noteModel]{
		Name: "shelf_shout", Title: "shout a note",
		Platform: note(connection).Platform,
		Schema: schema.Schema{Attributes: map[string]schema.Attribute{
			"board": schema.StringAttribute{Required: true},
			"name":  schema.StringAttribute{Optional: true},
			"text":  schema.StringAttribute{Optional: true},
			"stamp": schema.StringAttribute{Optional: true},
		}},
		Object: func(m noteModel) string {
			if !entity.Known(m.Name) {
				return ""
			}
			return fmt.Sprintf("the note %q", m.key())
		},
		Validate: validateNote,
		Invoke: func(_ context.Context, s *entity.Session[*shelf], m noteModel, progress func(string)) error {
			progress("taking a breath\x1b")
			if m.Text.ValueString() == "loud" {
				s.Warn("Loud note", fmt.Sprintf("The note %q is loud.", m.key()))
			}
			return s.API.do("shout "+m.key(), func() { progress("shouted") })
		},
		Calls: func(m noteModel) []entity.Call {
			return []entity.Call{{Operation: "readNote", Skip: m.Text.ValueString() == "by heart"}, {Operation: "shoutNote"}}
		},
	}
}

// startShout starts a provider with the action; its caller lacks the right to the given operations.
func startShout(t *testing.T, connection *entity.Connection[*shelf], data *entity.Connections, unreadable error, lacking ...string) *terraform {
	t.Helper()
	definition := shout(connection)
	definition.Platform.Lacks = func(_ context.Context, _ *shelf, call entity.Call) ([]entity.Lack, error) {
		if unreadable != nil || !slices.Contains(lacking, call.Operation) {
			return nil, unreadable
		}
		return []entity.Lack{{Action: call.Operation, Permission: call.Operation + " on shelf", Remedy: "  may " + call.Operation}}, nil
	}
	return start(t, &hosting{
		actions:   []func() action.Action{entity.NewAction(definition)},
		resources: []func() resource.Resource{entity.New(note(connection))},
		data:      data,
	}, shoutType, true)
}

// actions are what a provider does with actions.
func (tf *terraform) actions() tfprotov6.ActionServer {
	tf.t.Helper()
	served, ok := tf.server.(tfprotov6.ActionServer)
	if !ok {
		tf.t.Fatal("the provider serves no actions")
	}
	return served
}

func (tf *terraform) validateAction(config values) diagnostics {
	tf.t.Helper()
	answer, err := tf.actions().ValidateActionConfig(tf.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: tf.typeName, Config: tf.encode(config)})
	tf.must(err, nil)
	return read(answer.Diagnostics)
}

func (tf *terraform) planAction(config values) diagnostics {
	tf.t.Helper()
	answer, err := tf.actions().PlanAction(tf.t.Context(), &tfprotov6.PlanActionRequest{ActionType: tf.typeName, Config: tf.encode(config)})
	tf.must(err, nil)
	if answer.Deferred != nil {
		tf.t.Error("the action is deferred")
	}
	return read(answer.Diagnostics)
}

func (tf *terraform) invoke(config values) (progress []string, said diagnostics) {
	tf.t.Helper()
	answer, err := tf.actions().InvokeAction(tf.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: tf.typeName, Config: tf.encode(config)})
	tf.must(err, nil)
	completed := 0
	for event := range answer.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			completed++
			said = read(event.Diagnostics)
		}
	}
	if completed != 1 {
		tf.t.Errorf("the action was completed %d times", completed)
	}
	return progress, said
}

func TestAction(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startShout(t, connected(board), new(entity.Connections), nil)
	loud := milk.with("text", "loud")
	if said := append(tf.validateAction(loud), tf.planAction(loud)...); len(said) > 0 {
		t.Errorf("validate and plan said %v", said)
	}
	progress, said := tf.invoke(loud)
	if diff := cmp.Diff([]string{"taking a breath\ufffd", "shouted"}, progress); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(diagnostics{`warning: Loud note: The note "kitchen/milk" is loud.`}, said); diff != "" {
		t.Errorf("diagnostics (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"shout kitchen/milk"}, board.made()); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// What was told before an error stays told.
func TestActionFails(t *testing.T) {
	t.Parallel()
	board := newShelf()
	board.before["shout kitchen/milk"] = errBroken
	board.before["shout kitchen/"] = errors.New("the shelf is \x1b mute")
	tf := startShout(t, connected(board), new(entity.Connections), nil)
	for want, config := range map[string]values{
		`error: Could not shout a note: action.iam_shelf_shout for the note "kitchen/milk": the shelf says: The shelf is broken.`: milk,
		"error: Could not shout a note: action.iam_shelf_shout: the shelf says: The shelf is \ufffd mute.":                        milk.with("name", nil),
	} {
		progress, said := tf.invoke(config)
		if diff := cmp.Diff(diagnostics{want}, said); diff != "" {
			t.Errorf("diagnostics (-want +got):\n%s", diff)
		}
		if len(progress) != 1 {
			t.Errorf("progress is %q, want what came before the error", progress)
		}
	}
}

// A platform that cannot be reached yet is no error in a plan, one that is not configured is.
func TestActionWithoutPlatform(t *testing.T) {
	t.Parallel()
	const object = `action.iam_shelf_shout for the note "kitchen/milk": `
	const unset = "No address is set: set address in the provider's shelf block or the environment variable SHELF_ADDRESS."
	for name, test := range map[string]struct {
		connection *entity.Connection[*shelf]
		plan       diagnostics
		why        string
	}{
		"not yet known": {notYetKnown(), nil, "The value of the provider argument shelf.address is known only after apply. " +
			"Apply what it depends on first, for example with -target, or set it to a value that is known at plan."},
		"not configured": {notConfigured(), diagnostics{"error: The shelf is not configured: " + object + unset}, unset},
	} {
		tf := startShout(t, test.connection, &entity.Connections{Preflight: entity.ModeEnforce}, nil, "shoutNote")
		if diff := cmp.Diff(test.plan, tf.planAction(milk)); diff != "" {
			t.Errorf("%s: plan (-want +got):\n%s", name, diff)
		}
		progress, said := tf.invoke(milk)
		if diff := cmp.Diff(diagnostics{"error: Could not shout a note: " + object + "the shelf says: " + test.why}, said); diff != "" || len(progress) > 0 {
			t.Errorf("%s: invoke told %q and (-want +got):\n%s", name, progress, diff)
		}
	}
	unconfigured := start(t, &hosting{actions: []func() action.Action{entity.NewAction(shout(connected(newShelf())))}}, shoutType, false)
	_, said := unconfigured.invoke(milk)
	if diff := cmp.Diff(diagnostics{"error: Could not shout a note: " + object + "the shelf says: The provider has not been configured."}, said); diff != "" {
		t.Errorf("provider not configured (-want +got):\n%s", diff)
	}
}

// A configuration is checked at validate, and again with what was unknown then. Warnings are
// given once.
func TestActionValidation(t *testing.T) {
	t.Parallel()
	board := newShelf()
	tf := startShout(t, connected(board), new(entity.Connections), nil)
	secret, want := milk.with("text", "secret"), diagnostics{`error: Not for the shelf: Everybody reads the note "milk".`}
	_, invoked := tf.invoke(secret)
	for step, said := range map[string]diagnostics{"validate": tf.validateAction(secret), "plan": tf.planAction(secret), "invoke": invoked} {
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	if calls := board.made(); len(calls) > 0 {
		t.Errorf("calls were made: %v", calls)
	}
	later := milk.with("text", unknown).with("name", unknown)
	if said := append(tf.validateAction(later), tf.planAction(later)...); len(said) > 0 {
		t.Errorf("validate and plan of unknown values: %v", said)
	}
	todo := milk.with("text", "TODO")
	_, invoked = tf.invoke(todo)
	if warned, again := tf.validateAction(todo), append(tf.planAction(todo), invoked...); len(warned) != 1 || len(again) > 0 {
		t.Errorf("validate warned of %v, and afterwards %v was said", warned, again)
	}
	definition := shout(connected(board))
	definition.Validate = nil
	unchecked := start(t, &hosting{actions: []func() action.Action{entity.NewAction(definition)}, data: new(entity.Connections)}, shoutType, true)
	if said := append(unchecked.validateAction(secret), unchecked.planAction(secret)...); len(said) > 0 {
		t.Errorf("without a Validate: %v", said)
	}
	if missing := tf.validateAction(milk.with("board", nil)); len(missing) != 1 {
		t.Errorf("without a required argument: %v", missing)
	}
}

func TestActionPreflight(t *testing.T) {
	t.Parallel()
	lacks := func(object, operation string) string {
		return "Missing permission " + operation + ": action.iam_shelf_shout" + object + ": to invoke it, the caller needs " + operation + " on shelf, which it does not have. Grant it to the caller:" +
			"\n\n  may " + operation + "\n\nOther objects of this plan may need " + operation + " as well. If this plan itself grants it first, the apply succeeds all the same."
	}
	const ofMilk = ` for the note "kitchen/milk"`
	for name, test := range map[string]struct {
		mode       entity.Mode
		unreadable error
		lacking    []string
		config     values
		want       diagnostics
	}{
		"warn":                  {"warn", nil, []string{"shoutNote"}, milk, diagnostics{"warning: " + lacks(ofMilk, "shoutNote")}},
		"enforce":               {"enforce", nil, []string{"shoutNote"}, milk, diagnostics{"error: " + lacks(ofMilk, "shoutNote")}},
		"off":                   {"off", nil, []string{"shoutNote"}, milk, nil},
		"nothing lacks":         {"enforce", nil, nil, milk, nil},
		"a call left out":       {"enforce", nil, []string{"readNote"}, milk.with("text", "by heart"), nil},
		"a call that may be":    {"enforce", nil, []string{"readNote"}, milk.with("text", unknown), diagnostics{"error: " + lacks(ofMilk, "readNote")}},
		"an object known later": {"warn", nil, []string{"shoutNote"}, milk.with("name", unknown), diagnostics{"warning: " + lacks("", "shoutNote")}},
		"rights that are dark":  {"enforce", errBroken, nil, milk, diagnostics{"warning: " + cannotBeRead}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tf := startShout(t, connected(newShelf()), &entity.Connections{Preflight: test.mode}, test.unreadable, test.lacking...)
			if diff := cmp.Diff(test.want, tf.planAction(test.config)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if said := tf.planAction(test.config); len(said) > 0 {
				t.Errorf("said once more: %v", said)
			}
		})
	}
}

// What one object lacks is not said of the next, and after a write nothing is: Terraform plans
// every action once more in the apply.
func TestActionPreflightSpeaksOnce(t *testing.T) {
	t.Parallel()
	data := &entity.Connections{Preflight: entity.ModeWarn}
	tf := startShout(t, connected(newShelf()), data, nil, "shoutNote")
	if first, second := tf.planAction(milk), tf.planAction(milk.with("name", "tea")); len(first) != 1 || len(second) > 0 {
		t.Errorf("said %v, then %v", first, second)
	}
	for _, written := range []bool{true, false} {
		tf := startShout(t, connected(newShelf()), &entity.Connections{Preflight: entity.ModeEnforce}, nil, "shoutNote")
		if written {
			if _, said := tf.invoke(milk); len(said) > 0 {
				t.Fatal(said)
			}
		}
		if said := tf.planAction(milk); len(said) > 0 == written {
			t.Errorf("written %t: %v", written, said)
		}
	}
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (d *Direct) actions() tfprotov6.ActionServer {
	d.t.Helper()
	actions, ok := d.server.(tfprotov6.ActionServer)
	if !ok {
		d.t.Fatal("the provider serves no actions")
	}
	return actions
}

// ValidateAction validates the configuration of an action. It returns false after an error.
func (d *Direct) ValidateAction(typeName string, arguments Arguments) bool {
	d.t.Helper()
	answer, err := d.actions().ValidateActionConfig(d.t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: typeName, Config: d.encode(d.schemas[typeName].ValueType(), d.config(typeName, arguments)),
	})
	fatal(d.t, err)
	return d.hear(answer.Diagnostics)
}

// PlanAction plans to invoke an action. It returns false after an error.
func (d *Direct) PlanAction(typeName string, arguments Arguments) bool {
	d.t.Helper()
	answer, err := d.actions().PlanAction(d.t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: typeName, Config: d.encode(d.schemas[typeName].ValueType(), d.config(typeName, arguments)),
	})
	fatal(d.t, err)
	return d.hear(answer.Diagnostics)
}

// InvokeAction invokes an action. It returns what that told while it was under way, and false
// after an error.
func (d *Direct) InvokeAction(typeName string, arguments Arguments) (progress []string, ok bool) {
	d.t.Helper()
	answer, err := d.actions().InvokeAction(d.t.Context(), &tfprotov6.InvokeActionRequest{
		ActionType: typeName, Config: d.encode(d.schemas[typeName].ValueType(), d.config(typeName, arguments)),
	})
	fatal(d.t, err)
	for event := range answer.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			ok = d.hear(event.Diagnostics)
		}
	}
	return progress, ok
}

// SaidText is Said as text: each diagnostic as its severity, summary and detail.
func (d *Direct) SaidText() []string {
	var texts []string
	for _, said := range d.Said() {
		severity := "warning: "
		if said.Severity == tfprotov6.DiagnosticSeverityError {
			severity = "error: "
		}
		texts = append(texts, severity+said.Summary+": "+said.Detail)
	}
	return texts
}

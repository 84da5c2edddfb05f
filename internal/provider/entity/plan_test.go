// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// planned records what a definition's Plan was called with.
type planned struct {
	prior, config, planned bool
	connected, applying    bool
}

// plans are the occasions on which Plan is called or not.
var plans = []struct {
	name          string
	connection    func(*shelf) *entity.Connection[*shelf]
	prior, config values
	// refresh and apply are what Terraform does before, with the same object and
	// with another; deferral is what it offers.
	refresh, apply, deferral bool
	calls                    []planned
	want                     values
	said                     diagnostics
}{
	{
		name: "create", connection: connected, config: milk,
		calls: []planned{{config: true, planned: true, connected: true}},
		want:  milk.with("stamp", "planned"),
	},
	{
		name: "update", connection: connected, prior: milkMade, config: milk.with("text", "three"), refresh: true,
		calls: []planned{{prior: true, config: true, planned: true, connected: true}},
		want:  milk.with("text", "three").with("stamp", "planned"),
	},
	{
		name: "update in an apply", connection: connected, prior: milkMade, config: milk.with("text", "three"), deferral: true,
		calls: []planned{{prior: true, config: true, planned: true, connected: true, applying: true}},
		want:  milk.with("text", "three").with("stamp", "planned"),
	},
	{
		name: "update in an experimental build", connection: connected, prior: milkMade, config: milk.with("text", "three"), refresh: true, deferral: true,
		calls: []planned{{prior: true, config: true, planned: true, connected: true}},
		want:  milk.with("text", "three").with("stamp", "planned"),
	},
	{
		name: "update in an apply that made something, without an offer", connection: connected, prior: milkMade, config: milk.with("text", "three"), apply: true,
		calls: []planned{{prior: true, config: true, planned: true, connected: true, applying: true}},
		want:  milk.with("text", "three").with("stamp", "planned"),
	},
	{
		name: "delete", connection: connected, prior: milkMade,
		calls: []planned{{prior: true, connected: true}},
	},
	{name: "no change", connection: connected, prior: milkMade, config: milk, want: milkMade},
	{
		name: "not yet reachable", config: milk,
		connection: func(*shelf) *entity.Connection[*shelf] { return notYetKnown() },
		calls:      []planned{{config: true, planned: true}},
		want:       milk.with("stamp", "planned"),
	},
	{
		name: "warning", connection: connected, config: milk.with("text", "odd"),
		calls: []planned{{config: true, planned: true, connected: true}},
		want:  milk.with("text", "odd").with("stamp", "planned"),
		said:  diagnostics{"warning: Odd: An odd note."},
	},
	{
		name: "error", connection: connected, config: milk.with("text", "bad"),
		calls: []planned{{config: true, planned: true, connected: true}},
		want:  milk.with("text", "bad").with("stamp", unknown),
		said:  diagnostics{"error: Bad: A bad note."},
	},
}

func TestPlan(t *testing.T) {
	t.Parallel()
	for _, test := range plans {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			board := newShelf()
			board.notes["kitchen/milk"] = "two"
			var calls []planned
			tf := startNote(t, resourceType, test.connection(board), func(d *entity.Definition[*shelf, noteModel]) {
				d.Plan = func(_ context.Context, p *entity.Planning[*shelf], change *entity.Change[noteModel]) {
					calls = append(calls, planned{change.Prior != nil, change.Config != nil, change.Planned != nil, p.Connected, p.Applying})
					if (p.API == board) != p.Connected {
						t.Errorf("the API is %p while Connected is %t", p.API, p.Connected)
					}
					if change.Planned == nil {
						return
					}
					switch change.Planned.Text.ValueString() {
					case "odd":
						p.Warn("Odd", "An odd note.")
					case "bad":
						p.Fail("Bad", "A bad note.")
					}
					change.Planned.Stamp = types.StringValue("planned")
				}
			})
			tf.deferral = test.deferral
			if test.refresh {
				if _, said := tf.refresh(test.prior); len(said) > 0 {
					t.Fatalf("refresh: %v", said)
				}
			}
			if test.apply {
				tea := values{"board": "kitchen", "name": "tea", "text": "one"}
				if _, said := tf.apply(nil, tea.with("stamp", unknown), tea); len(said) > 0 {
					t.Fatalf("apply: %v", said)
				}
			}
			board.made()
			got, _, said := tf.plan(test.prior, test.config)
			if diff := cmp.Diff(test.calls, calls, cmp.AllowUnexported(planned{})); diff != "" {
				t.Errorf("calls of Plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.said, said); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if asked := board.made(); len(asked) > 0 {
				t.Errorf("the plan made the calls %v", asked)
			}
		})
	}
}

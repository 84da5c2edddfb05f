// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// baggage is what hangs on the context of a request.
type baggage struct{ _ [1 << 10]byte }

type baggageKey struct{}

// Nothing of a request is kept once it has been answered: the framework would keep all of it
// until the process ends.
func TestNothingOfARequestIsKept(t *testing.T) {
	t.Parallel()
	server := NewServer(New("test")())
	carried := new(baggage)
	gone := weak.Make(carried)
	ctx := context.WithValue(t.Context(), baggageKey{}, carried)
	for name, ask := range asked(server) {
		if err := ask(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	carried, ctx = nil, nil //nolint:ineffassign,wastedassign // so that only what is kept holds them
	runtime.GC()
	if gone.Value() != nil {
		t.Error("what hung on the context of a request is still there after its answer")
	}
	runtime.KeepAlive(server)
}

// asked is each request that Terraform makes per object, with a type that does not exist: the
// framework keeps its context all the same.
func asked(server tfprotov6.ProviderServer) map[string]func(context.Context) error {
	const none = "iam_none"
	return map[string]func(context.Context) error{
		"validate": func(ctx context.Context) error {
			_, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: none})
			return err
		},
		"upgrade state": func(ctx context.Context) error {
			_, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: none})
			return err
		},
		"upgrade identity": func(ctx context.Context) error {
			_, err := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: none})
			return err
		},
		"read": func(ctx context.Context) error {
			_, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: none})
			return err
		},
		"plan": func(ctx context.Context) error {
			_, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: none})
			return err
		},
		"apply": func(ctx context.Context) error {
			_, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: none})
			return err
		},
		"import": func(ctx context.Context) error {
			_, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: none})
			return err
		},
		"move": func(ctx context.Context) error {
			_, err := server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{TargetTypeName: none})
			return err
		},
	}
}

// Until its answer, a request has the values, the deadline and the cancellation that Terraform
// gave it.
func TestContextOfARequest(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(context.WithValue(t.Context(), baggageKey{}, "a value"), deadline)
	defer cancel()
	var kept context.Context
	_, err := answer(ctx, 1, func(ctx context.Context, _ int) (int, error) {
		kept = ctx
		if got := ctx.Value(baggageKey{}); got != "a value" {
			t.Errorf("the value is %v", got)
		}
		if got, ok := ctx.Deadline(); !ok || !got.Equal(deadline) {
			t.Errorf("the deadline is %v, %t", got, ok)
		}
		child, stop := context.WithCancel(ctx)
		defer stop()
		if ctx.Err() != nil || child.Err() != nil {
			t.Errorf("it is over before it is cancelled: %v, %v", ctx.Err(), child.Err())
		}
		cancel()
		<-child.Done()
		if !errors.Is(ctx.Err(), context.Canceled) || !errors.Is(child.Err(), context.Canceled) {
			t.Errorf("cancelled, it says %v, and a child %v", ctx.Err(), child.Err())
		}
		return 0, errors.New("an answer")
	})
	if err == nil || err.Error() != "an answer" {
		t.Errorf("the answer was %v", err)
	}
	<-kept.Done()
	if _, ok := kept.Deadline(); ok || kept.Err() == nil || kept.Value(baggageKey{}) != nil {
		t.Error("after the answer, the context still carries something")
	}
}

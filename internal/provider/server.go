// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves a provider to the Terraform that has started this process, until Terraform ends
// it. With debug it waits for a Terraform to be pointed to it, and prints how. Before it returns,
// it closes the ephemeral objects that Terraform has left open.
func Serve(address string, served func() provider.Provider, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	var made []provider.Provider
	err := tf6server.Serve(address, func() tfprotov6.ProviderServer {
		made = append(made, served())
		return NewServer(made[len(made)-1])
	}, options...)
	ctx, cancel := context.WithTimeout(context.Background(), closingTime)
	defer cancel()
	for _, p := range made {
		if p, ok := p.(*iam); ok {
			p.closeLeftOpen(ctx)
		}
	}
	return err
}

// closingTime is what closing has at the end: two seconds after Terraform has said that the
// process shall end, it kills it.
const closingTime = 1700 * time.Millisecond

// NewServer makes the protocol server of a provider: that of the framework, but for two things.
//
// The framework (1.19) keeps the context of every request until the process ends, so that it
// can cancel all of them when Terraform is interrupted: about 15 kB a request with the loggers
// that hang on it, 250 MB for a refresh of 3,000 objects. What is asked once per object is
// therefore given a context that lets go of everything when the request has been answered.
//
// And the framework offers write-only arguments in the schemas of actions, but refuses each that
// is set: it takes every Terraform that validates an action for one that is too old for them.
// Those that have actions all have write-only arguments, and without them a secret would stand in
// every plan file.
//
// Either can go when the framework does better; tests tell.
func NewServer(served provider.Provider) tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(served)()
	lists, _ := framework.(tfprotov6.ListResourceServer)
	actions, _ := framework.(tfprotov6.ActionServer)
	return &server{ProviderServer: framework, ListResourceServer: lists, ActionServer: actions}
}

// server is the framework's, but for the context of what is asked once per object and for
// write-only arguments of actions.
type server struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// Lists and actions are not yet part of the interface of servers; without these, Terraform is
// told that there are none.
var (
	_ tfprotov6.ListResourceServer = (*server)(nil)
	_ tfprotov6.ActionServer       = (*server)(nil)
)

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return answer(ctx, req, s.ProviderServer.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return answer(ctx, req, s.ProviderServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return answer(ctx, req, s.ProviderServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return answer(ctx, req, s.ProviderServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return answer(ctx, req, s.ProviderServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return answer(ctx, req, s.ProviderServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return answer(ctx, req, s.ProviderServer.ImportResourceState)
}

func (s *server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return answer(ctx, req, s.ProviderServer.MoveResourceState)
}

// writeOnlyRefused is the summary of the framework's error.
const writeOnlyRefused = "WriteOnly Attribute Not Allowed"

// ValidateActionConfig drops the errors of write-only arguments.
func (s *server) ValidateActionConfig(ctx context.Context, req *tfprotov6.ValidateActionConfigRequest) (*tfprotov6.ValidateActionConfigResponse, error) {
	answer, err := s.ActionServer.ValidateActionConfig(ctx, req)
	if answer != nil {
		answer.Diagnostics = slices.DeleteFunc(answer.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Summary == writeOnlyRefused })
	}
	return answer, err
}

// answer answers a request within a context that then lets go of what it carries.
func answer[Request, Response any](ctx context.Context, req Request, ask func(context.Context, Request) (Response, error)) (Response, error) {
	ctx, release := passing(ctx)
	defer release()
	return ask(ctx, req)
}

// passing returns a context with all that the given one carries, until it is released.
func passing(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	c := &passingContext{done: ctx.Done()}
	c.carried.Store(&ctx)
	return c, func() {
		cancel()
		c.carried.Store(nil)
	}
}

// passingContext is a context that can be released. Whoever still has it then has a cancelled
// context without values.
type passingContext struct {
	carried atomic.Pointer[context.Context]
	done    <-chan struct{}
}

// Deadline is that of the request.
func (c *passingContext) Deadline() (deadline time.Time, ok bool) {
	if carried := c.carried.Load(); carried != nil {
		return (*carried).Deadline()
	}
	return time.Time{}, false
}

// Done is closed when the request is cancelled, and once it has been answered.
func (c *passingContext) Done() <-chan struct{} { return c.done }

// Err says why Done is closed.
func (c *passingContext) Err() error {
	if carried := c.carried.Load(); carried != nil {
		return (*carried).Err()
	}
	return context.Canceled
}

// Value is that of the request.
func (c *passingContext) Value(key any) any {
	if carried := c.carried.Load(); carried != nil {
		return (*carried).Value(key)
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Listing is what a list resource says of itself: how the objects of a resource are found that
// exist, whether anybody manages them or not. `terraform query` asks for it.
type Listing[API, Model, Config any] struct {
	// Of is the resource whose objects are listed.
	Of     Definition[API, Model]
	Schema schema.Schema
	// Validate checks a configuration without any server. It may be nil.
	Validate func(context.Context, Config) diag.Diagnostics
	// Find yields the objects. It asks the server for no more than is consumed: nothing is
	// after the limit, where 0 is none. An error ends the listing, but for a [LeftOutError].
	Find func(ctx context.Context, api API, config Config, limit int) iter.Seq2[Found, error]
	// Calls lists the API operations that Find makes, in order.
	Calls []Call
}

// Found is an object that a listing shows.
type Found struct {
	// Identity has the values of the attributes that Definition.Identity names, strings and
	// int64, but for those that the object does not have.
	Identity map[string]any
	// Name is what users know the object by, where that is not its import id.
	Name string
}

// LeftOutError says that a part of a listing cannot be listed, while the rest can.
type LeftOutError struct {
	// Err says which part, and why.
	Err error
}

// Error is that of the part.
func (e *LeftOutError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the part.
func (e *LeftOutError) Unwrap() error { return e.Err }

// NewList returns a function that makes the framework list resource of a definition, as
// provider.ListResources wants it.
func NewList[API, Model, Config any](definition Listing[API, Model, Config]) func() list.ListResource {
	return func() list.ListResource {
		return &listed[API, Model, Config]{Listing: definition, managed: &managed[API, Model]{Definition: definition.Of}}
	}
}

// listed is the framework list resource of a definition.
type listed[API, Model, Config any] struct {
	Listing[API, Model, Config]
	managed *managed[API, Model]
}

var (
	_ list.ListResourceWithConfigure      = (*listed[any, any, any])(nil)
	_ list.ListResourceWithValidateConfig = (*listed[any, any, any])(nil)
	_ Operator                            = (*listed[any, any, any])(nil)
)

func (l *listed[API, Model, Config]) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	l.managed.Metadata(ctx, req, resp)
}

func (l *listed[API, Model, Config]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = l.Schema
}

func (l *listed[API, Model, Config]) Configure(ctx context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.managed.Configure(ctx, req, resp)
}

func (l *listed[API, Model, Config]) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	var config Config
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if l.Validate != nil && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(l.Validate(ctx, config)...)
	}
}

func (l *listed[API, Model, Config]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config Config
	diags := req.Config.Get(ctx, &config)
	if l.Validate != nil && !diags.HasError() {
		diags.Append(l.Validate(ctx, config).Errors()...)
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	api, err := l.managed.Platform.connect(l.managed.connections)
	if err != nil {
		stream.Results = list.ListResultsStreamDiagnostics(l.failed("", err))
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		left := req.Limit
		for object, err := range l.Find(ctx, api, config, int(req.Limit)) {
			if leftOut, ok := errors.AsType[*LeftOutError](err); ok {
				if !push(list.ListResult{Diagnostics: l.leftOut(leftOut)}) {
					return
				}
				continue
			}
			if err != nil {
				push(list.ListResult{Diagnostics: l.failed("", err)})
				return
			}
			result, found := l.result(ctx, req, api, object)
			if !found {
				continue // it was deleted meanwhile
			}
			if !push(result) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// result shows one object that was found. It answers false when the object turns out to be gone.
func (l *listed[API, Model, Config]) result(ctx context.Context, req list.ListRequest, api API, object Found) (list.ListResult, bool) {
	result := req.NewListResult(ctx)
	for name, value := range object.Identity {
		result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
	}
	result.Diagnostics.Append(l.managed.identify(ctx, result.Resource, result.Identity)...)
	id, _ := l.managed.importID(ctx, result.Resource)
	result.DisplayName = visible(cmp.Or(object.Name, id))
	if !req.IncludeResource || result.Diagnostics.HasError() {
		result.Resource = nil
		return result, true
	}
	var model Model
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	session := &Session[API]{API: api, listing: true}
	found, err := l.complete(ctx, session, &model)
	result.Diagnostics.Append(session.diagnostics...)
	switch {
	case err != nil:
		result.Diagnostics.Append(l.failed(fmt.Sprintf(" %q", id), err)...)
	case found:
		result.Diagnostics.Append(result.Resource.Set(ctx, &model)...)
	}
	return result, err != nil || found
}

// complete reads what a listing does not tell of an object, as an import does.
func (l *listed[API, Model, Config]) complete(ctx context.Context, s *Session[API], model *Model) (found bool, err error) {
	if l.Of.Adopt != nil {
		if err := l.Of.Adopt(ctx, s, model); err != nil {
			return false, err
		}
	}
	return l.Of.Read(ctx, s, model)
}

func (l *listed[API, Model, Config]) failed(object string, err error) diag.Diagnostics {
	return diag.Diagnostics{diag.NewErrorDiagnostic("Could not list "+l.Of.Title, fmt.Sprintf("list.%s%s: %s", l.managed.typeName(), object, visible(l.Of.Platform.Explain(err))))}
}

func (l *listed[API, Model, Config]) leftOut(err error) diag.Diagnostics {
	return diag.Diagnostics{diag.NewWarningDiagnostic("Not all is listed", fmt.Sprintf("list.%s leaves out a part: %s", l.managed.typeName(), visible(l.Of.Platform.Explain(err))))}
}

// Operations lists what the list resource does to find the objects.
func (l *listed[API, Model, Config]) Operations() []Occasion {
	return []Occasion{{Name: "list", Calls: l.Calls}}
}

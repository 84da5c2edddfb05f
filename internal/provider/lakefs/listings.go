// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"errors"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
	"github.com/dataiam/terraform-provider-iam/internal/snapshot"
)

// What list resources have in common: each yields what the listings of lakeFS show, page by
// page as Terraform asks for it.

// prefixFilter is the configuration of a list resource whose objects have ids of their own.
type prefixFilter struct {
	Prefix types.String `tfsdk:"prefix"`
}

func (f prefixFilter) options(limit int) lakefsapi.ListOptions {
	return lakefsapi.ListOptions{Prefix: f.Prefix.ValueString(), Limit: limit}
}

func prefixSchema(description, objects string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"prefix": schema.StringAttribute{MarkdownDescription: "Only the " + objects + " whose id begins with this, for example `team-`. Default: all.", Optional: true},
		},
	}
}

// userFilter is the configuration of a list resource whose objects belong to a user.
type userFilter struct {
	UserID types.String `tfsdk:"user_id"`
}

func userFilterSchema(description, objects string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{MarkdownDescription: "Only the " + objects + " of this user, for example `etl`. Default: of every user, with one request per user.", Optional: true},
		},
	}
}

func validateUserFilter(_ context.Context, f userFilter) diag.Diagnostics {
	return validateID(path.Root("user_id"), "user", f.UserID)
}

func (f userFilter) named() bool { return !f.UserID.IsNull() }

// users are those that the filter leaves.
func (f userFilter) users(ctx context.Context, lakefs api) iter.Seq2[lakefsapi.User, error] {
	if f.named() {
		return one(lakefsapi.User{ID: f.UserID.ValueString()})
	}
	return lakefs.ListUsers(ctx, all)
}

// principalFilter is the configuration of a list resource whose objects belong to a principal.
type principalFilter struct {
	UserID  types.String `tfsdk:"user_id"`
	GroupID types.String `tfsdk:"group_id"`
}

func principalSchema(description, objects string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"user_id":  schema.StringAttribute{MarkdownDescription: "Only the " + objects + " of this user, for example `etl`. Default: of every user and group.", Optional: true},
			"group_id": schema.StringAttribute{MarkdownDescription: "Only the " + objects + " of this group, for example `analysts`. Default: of every user and group.", Optional: true},
		},
	}
}

func validatePrincipalFilter(_ context.Context, f principalFilter) diag.Diagnostics {
	diags := validateID(path.Root("user_id"), "user", f.UserID)
	diags.Append(validateID(path.Root("group_id"), "group", f.GroupID)...)
	if entity.Known(f.UserID) && entity.Known(f.GroupID) {
		diags.AddAttributeError(path.Root("group_id"), "A principal is a user or a group", "Both user_id and group_id are set. Set at most one.")
	}
	return diags
}

func (f principalFilter) named() bool { return !f.UserID.IsNull() || !f.GroupID.IsNull() }

// principals are those that the filter leaves.
func (f principalFilter) principals(ctx context.Context, lakefs api) iter.Seq2[snapshot.Principal, error] {
	if f.named() {
		return one(snapshot.Principal{UserID: f.UserID.ValueString(), GroupID: f.GroupID.ValueString()})
	}
	return func(yield func(snapshot.Principal, error) bool) {
		for group, err := range lakefs.ListGroups(ctx, all) {
			if !yield(snapshot.Principal{GroupID: group.ID}, err) || err != nil {
				return
			}
		}
		for user, err := range lakefs.ListUsers(ctx, all) {
			if !yield(snapshot.Principal{UserID: user.ID}, err) || err != nil {
				return
			}
		}
	}
}

// ofPrincipal is the part of an identity that says whose it is.
func ofPrincipal(principal snapshot.Principal) map[string]any {
	if principal.UserID != "" {
		return map[string]any{"user_id": principal.UserID}
	}
	return map[string]any{"group_id": principal.GroupID}
}

// cannotBeHad tells whether an object is gone, or cannot be addressed.
func cannotBeHad(err error) bool {
	_, unaddressable := errors.AsType[*snapshot.StillListedError](err)
	return unaddressable || lakefsapi.IsNotFound(err)
}

// one is a listing of one item, which need not be asked for.
func one[T any](item T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { yield(item, nil) }
}

// foundIn shows each item of a listing as an object.
func foundIn[T any](items iter.Seq2[T, error], show func(T) entity.Found) iter.Seq2[entity.Found, error] {
	return func(yield func(entity.Found, error) bool) {
		for item, err := range items {
			if err != nil {
				yield(entity.Found{}, err)
				return
			}
			if !yield(show(item), nil) {
				return
			}
		}
	}
}

// foundInEach shows the objects that belong to each item of a listing. A parent is left out that
// is gone by then, or that lakeFS cannot address, unless the configuration names it.
func foundInEach[T any](parents iter.Seq2[T, error], named bool, objects func(T) iter.Seq2[entity.Found, error]) iter.Seq2[entity.Found, error] {
	return func(yield func(entity.Found, error) bool) {
		for parent, err := range parents {
			if err != nil {
				yield(entity.Found{}, err)
				return
			}
			for object, err := range objects(parent) {
				if err != nil && !named && cannotBeHad(err) {
					err = &entity.LeftOutError{Err: err}
				}
				_, leftOut := errors.AsType[*entity.LeftOutError](err)
				if !yield(object, err) || err != nil && !leftOut {
					return
				}
			}
		}
	}
}

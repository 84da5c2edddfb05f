// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// forcesReplacement asks the plan modifiers of an attribute whether its change replaces
// the object. Those of strings and of maps are the ones that resources here have.
func forcesReplacement(ctx context.Context, name string, attribute schema.Attribute, req resource.ModifyPlanRequest) bool {
	at := path.Root(name)
	switch attribute := attribute.(type) {
	case schema.StringAttribute:
		var config, plan, state types.String
		if !valuesAt(ctx, at, req, &config, &plan, &state) {
			return false
		}
		for _, modifier := range attribute.PlanModifiers {
			resp := planmodifier.StringResponse{PlanValue: plan}
			modifier.PlanModifyString(ctx, planmodifier.StringRequest{
				Path: at, Config: req.Config, ConfigValue: config, Plan: req.Plan, PlanValue: plan, State: req.State, StateValue: state, Private: req.Private,
			}, &resp)
			if resp.RequiresReplace {
				return true
			}
		}
	case schema.MapAttribute:
		var config, plan, state types.Map
		if !valuesAt(ctx, at, req, &config, &plan, &state) {
			return false
		}
		for _, modifier := range attribute.PlanModifiers {
			resp := planmodifier.MapResponse{PlanValue: plan}
			modifier.PlanModifyMap(ctx, planmodifier.MapRequest{
				Path: at, Config: req.Config, ConfigValue: config, Plan: req.Plan, PlanValue: plan, State: req.State, StateValue: state, Private: req.Private,
			}, &resp)
			if resp.RequiresReplace {
				return true
			}
		}
	}
	return false
}

// valuesAt reads an attribute from the three objects of a plan request.
func valuesAt(ctx context.Context, at path.Path, req resource.ModifyPlanRequest, config, plan, state any) bool {
	return !req.Config.GetAttribute(ctx, at, config).HasError() && !req.Plan.GetAttribute(ctx, at, plan).HasError() &&
		!req.State.GetAttribute(ctx, at, state).HasError()
}

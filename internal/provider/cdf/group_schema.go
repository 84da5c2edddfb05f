// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package cdf

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func groupSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a group of Cognite Data Fusion ([create groups](https://docs.cognite.com/20230101/groups/create-groups)): who belongs to it, and the capabilities that it grants them. " +
			"CDF cannot change a group. A change therefore makes a new group, with a new `id`, and then deletes the old one, never another of the same name. " +
			"Two ways to write the same access are no change: the order of capabilities, actions, ids and members, split or merged capabilities, blocks or JSON, both forms of RAW tables, ids as numbers or texts.",
		Attributes: map[string]schema.Attribute{
			"id": schema.Int64Attribute{
				MarkdownDescription: "The group's id, chosen by the server. It changes whenever the group does.",
				Computed:            true,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "The group's name, for example `readers`. Names are not unique in CDF.",
				Required:            true,
			},
			"source_id": schema.StringAttribute{
				MarkdownDescription: "The id of the group in the identity provider whose members belong to this group, for example `b7c9a5a4-99c2-4785-bed3-5e6ad9a78603`. " +
					"At most one of `source_id`, `members` and `all_user_accounts` is set. Default: empty.",
				Optional: true, Computed: true,
				Default: stringdefault.StaticString(""),
			},
			"members": schema.ListAttribute{
				MarkdownDescription: "The ids of the principals that belong to the group, at most 100, for example `[\"wfeLPTnQ3cUXb0a2aDHyPw\"]`; the order does not matter. Default: none.",
				Optional:            true, Computed: true, ElementType: types.StringType,
				Default: listdefault.StaticValue(noTexts()),
			},
			"all_user_accounts": schema.BoolAttribute{
				MarkdownDescription: "Whether every user account of the project belongs to the group. Default: `false`.",
				Optional:            true, Computed: true,
				Default: booldefault.StaticBool(false),
			},
			// An attribute whose elements are objects is written as blocks, and a
			// misspelt argument of a block is an error. A real block could not do:
			// Terraform refuses a plan whose number of blocks is not the
			// configuration's, so split or merged capabilities would be a change.
			"capability": schema.ListAttribute{
				MarkdownDescription: "Blocks that say what the group grants. " + describeCapability() +
					" The number of capabilities has to be known at plan: where the `for_each` of a `dynamic` block is not, use `capabilities_json`. Empty when `capabilities_json` is used.",
				Optional: true, Computed: true, ElementType: capabilityType,
			},
			"capabilities_json": schema.StringAttribute{
				MarkdownDescription: "The capabilities as a JSON list in the shape of the API, instead of `capability` blocks, for example those of a Cognite Toolkit project: " +
					"`jsonencode(yamldecode(file(\"group.yaml\")).capabilities)`. Where that names data sets and other objects by their external ids, resolve them with the function `cdf_capabilities`. A whole RAW database is `[]`; null and empty names are an error. Empty when `capability` is used.",
				Optional: true, Computed: true,
			},
			"metadata": schema.MapAttribute{
				MarkdownDescription: "Texts of your own, for example `{ team = \"wells\" }`: at most 16 pairs, keys of at most 32 bytes, values of at most 512 bytes, 4096 bytes in all. Default: none.",
				Optional:            true, Computed: true, ElementType: types.StringType,
				Default: mapdefault.StaticValue(noMetadata()),
			},
			"attributes_json": schema.StringAttribute{
				MarkdownDescription: "Further attributes of the group as a JSON object in the shape of the API, for example `jsonencode({ token = { appIds = [\"my-app\"] } })`. " +
					"Unless it is set, the group keeps those that it has; `\"{}\"` clears them.",
				Optional: true, Computed: true,
			},
			"permissions": schema.MapAttribute{
				MarkdownDescription: "What the group grants, one exact permission for each key, such as `assetsAcl:READ in data set 123`, so that the plan of a change lists what is granted and what is revoked. " +
					"What another permission covers is left out. The value is always `allow`. Beyond 2,000 permissions they are summarised. " +
					"Values of sensitive variables stand in it in clear.",
				Computed: true, ElementType: types.StringType,
			},
			"superseded_ids": schema.SetAttribute{
				MarkdownDescription: "The ids of groups that this one has replaced but that could not be deleted. They still grant what they did; the next apply deletes them. As a rule empty.",
				Computed:            true, ElementType: types.Int64Type,
			},
		},
	}
}

func noTexts() types.List { return types.ListValueMust(types.StringType, []attr.Value{}) }

func noMetadata() types.Map {
	return types.MapValueMust(types.StringType, map[string]attr.Value{})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// Pairs of policies that say the same.
var sameMeaning = map[string]struct{ before, after string }{
	"statements in another order": {
		allow("fs:ReadObject", "*") + allow("fs:WriteObject", "arn:lakefs:fs:::repository/a"),
		allow("fs:WriteObject", "arn:lakefs:fs:::repository/a") + allow("fs:ReadObject", "*"),
	},
	"actions, resources and values in another order": {
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject", "fs:List*"]
		   resources = ["arn:lakefs:fs:::repository/a", "arn:lakefs:fs:::repository/b"]
		   condition = { IpAddress = { SourceIp = ["10.0.0.1", "10.0.0.2"] } }
		 }`,
		`statement {
		   effect    = "allow"
		   actions   = ["fs:List*", "fs:ReadObject"]
		   resources = ["arn:lakefs:fs:::repository/b", "arn:lakefs:fs:::repository/a"]
		   condition = { IpAddress = { SourceIp = ["10.0.0.2", "10.0.0.1"] } }
		 }`,
	},
	"duplicates": {
		allow("fs:ReadObject", "*"),
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject", "fs:ReadObject"]
		   resources = ["*", "*"]
		 }` + "\n" + allow("fs:ReadObject", "*"),
	},
	"a statement split by its actions": {
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject", "fs:WriteObject"]
		   resources = ["*"]
		 }`,
		allow("fs:ReadObject", "*") + allow("fs:WriteObject", "*"),
	},
	"statements merged by their resource": {
		allow("fs:ReadObject", "arn:lakefs:fs:::repository/a") + allow("fs:ReadObject", "arn:lakefs:fs:::repository/b"),
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject"]
		   resources = ["arn:lakefs:fs:::repository/a", "arn:lakefs:fs:::repository/b"]
		 }`,
	},
	"an empty condition": {
		allow("fs:ReadObject", "*"),
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject"]
		   resources = ["*"]
		   condition = {}
		 }`,
	},
	"no condition any more where it was empty": {
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject"]
		   resources = ["*"]
		   condition = {}
		 }`,
		allow("fs:ReadObject", "*"),
	},
	"blocks, then a document": {twoBlocks, twoDocument},
	"a document, then blocks": {twoDocument, twoBlocks},
	"blocks, then dynamic blocks": {
		allow("fs:ReadObject", "*") + allow("fs:WriteObject", "*"),
		`dynamic "statement" {
		   for_each = ["fs:WriteObject", "fs:ReadObject"]
		   content {
		     effect    = "allow"
		     actions   = [statement.value]
		     resources = ["*"]
		   }
		 }`,
	},
	"a document indented otherwise, with members that say nothing": {
		`document = jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })`,
		`document = <<-EOT
		   {"creation_date": 1795320183,
		    "statement": [ {"resource": "*", "condition": {}, "action": ["fs:*"], "effect": "allow"} ]}
		 EOT`,
	},
	"a list of one resource in a document": {
		`document = jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })`,
		`document = jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = jsonencode(["*"]) }] })`,
	},
}

// Pairs of policies that give other access.
var otherMeaning = map[string]struct{ before, after string }{
	"another effect":   {allow("fs:ReadObject", "*"), strings.Replace(allow("fs:ReadObject", "*"), "allow", "deny", 1)},
	"another action":   {allow("fs:ReadObject", "*"), allow("fs:WriteObject", "*")},
	"another resource": {allow("fs:ReadObject", "*"), allow("fs:ReadObject", "arn:lakefs:fs:::repository/a")},
	"a condition": {
		allow("fs:ReadObject", "*"),
		`statement {
		   effect    = "allow"
		   actions   = ["fs:ReadObject"]
		   resources = ["*"]
		   condition = { IpAddress = { SourceIp = ["10.0.0.0/8"] } }
		 }`,
	},
	"one statement less": {allow("fs:ReadObject", "*") + allow("fs:WriteObject", "*"), allow("fs:ReadObject", "*")},
	"actions and resources crossed": {
		allow("fs:ReadObject", "arn:lakefs:fs:::repository/a") + allow("fs:WriteObject", "arn:lakefs:fs:::repository/b"),
		allow("fs:ReadObject", "arn:lakefs:fs:::repository/b") + allow("fs:WriteObject", "arn:lakefs:fs:::repository/a"),
	},
	"another document": {
		`document = jsonencode({ statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })`,
		`document = jsonencode({ statement = [{ effect = "deny", action = ["fs:*"], resource = "*" }] })`,
	},
}

// policies configures one policy for each body; a body's place in the order of
// the names is its policy's place in the list of addresses.
func policies(lakefs *acctest.LakeFS, bodies map[string]string) (config string, addresses []string) {
	var text strings.Builder
	for i, name := range slices.Sorted(maps.Keys(bodies)) {
		fmt.Fprintf(&text, "# %s\nresource \"iam_lakefs_policy\" \"p%d\" {\n  id = %q\n%s\n}\n", name, i, lakefs.Name(fmt.Sprintf("Policy%02d", i)), bodies[name])
		addresses = append(addresses, fmt.Sprintf("iam_lakefs_policy.p%d", i))
	}
	return text.String(), addresses
}

// split makes two configurations of a table of pairs.
func split(lakefs *acctest.LakeFS, pairs map[string]struct{ before, after string }) (before, after string, addresses []string) {
	first, second := map[string]string{}, map[string]string{}
	for name, pair := range pairs {
		first[name], second[name] = pair.before, pair.after
	}
	before, addresses = policies(lakefs, first)
	after, _ = policies(lakefs, second)
	return before, after, addresses
}

func TestAccLakefsPolicy_reorder(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	before, after, _ := split(lakefs, sameMeaning)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: before, ConfigPlanChecks: emptyPlanAfterApply()},
			{Config: after, ConfigPlanChecks: nothingPlanned()},
			{Config: before, ConfigPlanChecks: nothingPlanned()},
		},
	})
}

func TestAccLakefsPolicy_updateOfMeaning(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	before, after, addresses := split(lakefs, otherMeaning)
	updates := make([]plancheck.PlanCheck, len(addresses))
	for i, address := range addresses {
		updates[i] = plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: before},
			{Config: after, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: updates, PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}},
		},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
)

// expectAtPlan plans the bodies of policies, all in one configuration, and wants
// the provider to say one thing of each: its pattern, and the policy's id.
func expectAtPlan(t *testing.T, bodies map[string]struct{ body, pattern string }, severity string) {
	t.Helper()
	lakefs := acctest.StartLakeFS(t)
	providers, said := acctest.Listen(lakefs.Providers())
	var (
		config   strings.Builder
		patterns []string
	)
	for i, name := range slices.Sorted(maps.Keys(bodies)) {
		id := lakefs.Name(fmt.Sprintf("Policy-%02d", i))
		body, pattern := bodies[name].body, bodies[name].pattern
		if !strings.HasPrefix(strings.TrimSpace(body), "id") {
			body, pattern = fmt.Sprintf("  id = %q\n%s", id, body), `(?s)`+id+`.*`+pattern
		}
		fmt.Fprintf(&config, "# %s\nresource \"iam_lakefs_policy\" \"p%d\" {\n%s\n}\n", name, i, body)
		patterns = append(patterns, pattern)
	}
	step := resource.TestStep{Config: config.String(), PlanOnly: true, ExpectNonEmptyPlan: true}
	if severity == "error" {
		step.ExpectError = regexp.MustCompile("Error: ")
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: providers, Steps: []resource.TestStep{step}})
	if severity == "error" {
		said.ExpectErrors(t, patterns...)
	} else {
		said.ExpectErrors(t)
		said.ExpectWarnings(t, patterns...)
	}
}

// document is a document of one statement, given in JSON.
func document(statement string) string {
	return "document = <<-EOT\n{\"statement\": [" + statement + "]}\nEOT"
}

func TestAccLakefsPolicy_refusedAtPlan(t *testing.T) {
	t.Parallel()
	expectAtPlan(t, map[string]struct{ body, pattern string }{
		"no form":    {"", `says nothing. Write at least one statement block, or set document`},
		"both forms": {allow("fs:*", "*") + twoDocument, `both statement blocks and a document`},

		"no effect":      {"statement {\n actions = [\"fs:*\"]\n resources = [\"*\"]\n}", `statement 1: effect is required`},
		"no actions":     {with("actions", "null"), `statement 1: actions needs at least one element`},
		"empty actions":  {with("actions", "[]"), `actions needs at least one element`},
		"no resources":   {with("resources", "null"), `resources needs at least one element`},
		"effect":         {allow("fs:*", "*") + with("effect", `"Allow"`), `statement 2: The effect "Allow" is neither.*Did you mean "allow"`},
		"action":         {with("actions", `["ReadObject"]`), `exactly one colon.*Did you mean "fs:ReadObject"`},
		"service":        {with("actions", `["s3:GetObject"]`), `"s3:GetObject" is not of a known service`},
		"null action":    {with("actions", `["fs:*", null]`), `a value in actions is null`},
		"null resource":  {with("resources", `["*", null]`), `a value in resources is null`},
		"ARN account":    {with("resources", `["arn:lakefs:fs::123:repository/a"]`), `its account is "123"`},
		"ARN partition":  {with("resources", `["arn:aws:s3:::a"]`), `its partition is "aws"`},
		"ARN parts":      {with("resources", `["arn:lakefs:fs:repository"]`), `with five colons`},
		"null operator":  {with("condition", `{ IpAddress = null }`), `operator IpAddress is null, so it would be dropped`},
		"null field":     {with("condition", `{ IpAddress = { SourceIp = null } }`), `condition IpAddress SourceIp needs at least one element`},
		"null value":     {with("condition", `{ IpAddress = { SourceIp = [null] } }`), `a value in condition IpAddress SourceIp is null`},
		"empty operator": {with("condition", `{ IpAddress = {} }`), `has no fields, so it would limit nothing`},
		"operator":       {with("condition", `{ IPAddress = { SourceIp = ["10.0.0.1"] } }`), `"IPAddress" is none of.*denies every request.*Did you mean "IpAddress"`},
		"address":        {with("condition", `{ IpAddress = { SourceIp = ["10.0.0.0/33"] } }`), `"10.0.0.0/33" of the condition operator IpAddress is neither`},

		"id with a slash":   {"id = \"a/b\"\n" + allow("fs:*", "*"), `The policy id "a/b" contains "/" or "%"`},
		"id with a percent": {"id = \"100%\"\n" + allow("fs:*", "*"), `The policy id "100%" contains "/" or "%"`},
		"id of two dots":    {"id = \"..\"\n" + allow("fs:*", "*"), `The policy id ".." is "." or ".."`},
		"empty id":          {"id = \"\"\n" + allow("fs:*", "*"), `The policy id "" is empty`},
	}, "error")
}

// A document is read strictly: what Terraform or lakeFS would pass over in
// silence may be the very part that limits access.
func TestAccLakefsPolicy_refusedDocument(t *testing.T) {
	t.Parallel()
	expectAtPlan(t, map[string]struct{ body, pattern string }{
		"no JSON":             {`document = "nonsense"`, `The document is not valid JSON: line 1`},
		"no statement":        {`document = "{}"`, `the member "statement" is missing`},
		"empty":               {`document = "{\"statement\": []}"`, `statement: must not be an empty list`},
		"unknown member":      {`document = "{\"Version\": \"1\", \"statement\": []}"`, `Version: unknown member`},
		"misspelt condition":  {document(`{"effect":"allow","action":["fs:*"],"resource":"*","conditions":{}}`), `statement\[0\].conditions: unknown member, did you mean "condition"`},
		"misspelt resource":   {document(`{"effect":"allow","action":["fs:*"],"resources":["*"]}`), `statement\[0\].resources: unknown member, did you mean "resource"`},
		"another case":        {document(`{"Effect":"allow","action":["fs:*"],"resource":"*"}`), `statement\[0\].Effect: .*"effect"`},
		"null condition":      {document(`{"effect":"allow","action":["fs:*"],"resource":"*","condition":null}`), `statement\[0\].condition: must be an object, not null`},
		"null operator":       {document(`{"effect":"allow","action":["fs:*"],"resource":"*","condition":{"IpAddress":null}}`), `statement\[0\].condition.IpAddress: must be an object, not null`},
		"null action":         {document(`{"effect":"allow","action":[null],"resource":"*"}`), `statement\[0\].action\[0\]: must be a string, not null`},
		"repeated member":     {document(`{"effect":"allow","effect":"deny","action":["fs:*"],"resource":"*"}`), `statement\[0\].effect: the member is there more than once`},
		"a list of resources": {document(`{"effect":"allow","action":["fs:*"],"resource":["*"]}`), `statement\[0\].resource: must be a string, not a list`},
		"another id": {
			"id = \"Mine\"\ndocument = jsonencode({ id = \"Other\", statement = [{ effect = \"allow\", action = [\"fs:*\"], resource = \"*\" }] })",
			`The document says that it is the policy "Other", but id is "Mine"`,
		},
		"meaning": {document(`{"effect":"allow","action":["fs:*"],"resource":"arn:aws:s3:::a"}`), `statement\[0\].resources\[0\].*its partition is "aws"`},
	}, "error")
}

// A misspelt argument of a block is an error of Terraform itself: that is why
// statements are blocks.
func TestAccLakefsPolicy_misspeltArgument(t *testing.T) {
	t.Parallel()
	for argument, misspelt := range map[string]string{
		"effect": "efect", "actions": "action", "resources": "resource", "condition": "conditions",
	} {
		t.Run(argument, func(t *testing.T) {
			t.Parallel()
			lakefs := acctest.StartLakeFS(t)
			block := strings.Replace(with("condition", "{}"), argument+" = ", misspelt+" = ", 1)
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: lakefs.Providers(),
				Steps: []resource.TestStep{{
					Config: policyConfig(lakefs.Name("Misspelt"), block), PlanOnly: true,
					ExpectError: says("Unsupported argument", fmt.Sprintf("An argument named %q is not expected here.", misspelt)),
				}},
			})
		})
	}
}

// Written as a list of objects, a statement needs all of its members, so a
// misspelt one is missed.
func TestAccLakefsPolicy_misspeltMember(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{{
			Config: policyConfig(lakefs.Name("Misspelt"), `statement = [{
  effect     = "allow"
  actions    = ["fs:*"]
  resources  = ["*"]
  conditions = { IpAddress = { SourceIp = ["10.0.0.1"] } }
}]`),
			PlanOnly:    true,
			ExpectError: says(`attribute "condition" is required`),
		}},
	})
}

// Names unknown to the provider may be new to it: they are warned of and passed
// on.
func TestAccLakefsPolicy_warnedOf(t *testing.T) {
	t.Parallel()
	expectAtPlan(t, map[string]struct{ body, pattern string }{
		"action":             {with("actions", `["fs:ReadObjects"]`), `The action "fs:ReadObjects" matches no action of lakeFS known here.*Did you mean "fs:ReadObject"`},
		"action in document": {document(`{"effect":"allow","action":["auth:LsitUsers"],"resource":"*"}`), `statement\[0\].actions\[0\].*Did you mean "auth:ListUsers"`},
		"field":              {with("condition", `{ StringLike = { sourceip = ["10.*"] } }`), `"sourceip".*Did you mean "SourceIp"`},
		"service of an ARN":  {with("resources", `["arn:lakefs:fss:::repository/a"]`), `the service "fss".*Did you mean "fs"`},
		"region of an ARN":   {with("resources", `["arn:lakefs:fs:eu:::repository/a"]`), `the region "eu"`},
	}, "warning")
}

// The provider block admits condition operators that this version does not know.
func TestAccLakefsPolicy_extraConditionOperators(t *testing.T) {
	t.Parallel()
	lakefs := acctest.StartLakeFS(t)
	policy := policyConfig(lakefs.Name("Operator"), with("condition", `{ DateLessThan = { Now = ["2030-01-01"] } }`))
	admitting := func(expression string) string {
		return fmt.Sprintf("provider \"iam\" {\n  lakefs {\n    extra_condition_operators = %s\n  }\n}\n", expression)
	}
	const variable = "variable \"operators\" {\n  type = set(string)\n}\n"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: lakefs.Providers(),
		Steps: []resource.TestStep{
			{Config: policy, PlanOnly: true, ExpectError: says("Unknown condition operator", `"DateLessThan"`)},
			{
				Config: admitting(`["DateLesThan"]`) + policy, PlanOnly: true,
				ExpectError: says("Unknown condition operator", `Did you mean "DateLesThan"?`),
			},
			{
				// The value of a variable is unknown when Terraform validates.
				Config:          admitting("var.operators") + variable + policy,
				ConfigVariables: config.Variables{"operators": config.SetVariable(config.StringVariable("DateLessThan"))},
				PlanOnly:        true, ExpectNonEmptyPlan: true,
			},
			{Config: admitting(`["DateLessThan"]`) + policy, ConfigPlanChecks: emptyPlanAfterApply()},
		},
	})
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dataiam/terraform-provider-iam/internal/acctest"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
)

// compactDocument is an expression for a document without its white space.
func compactDocument(call string) string { return "jsondecode(" + call + ")" }

func TestAccLakefsPolicyDocumentFunction(t *testing.T) {
	t.Parallel()
	const document, merge = "provider::iam::lakefs_policy_document", "provider::iam::lakefs_policy_merge"
	const read = `{ effect = "allow", action = ["fs:ReadObject", "fs:List*"], resource = "arn:lakefs:fs:::repository/main/*" }`
	const readJSON = `{"statement":[{"action":["fs:List*","fs:ReadObject"],"effect":"allow","resource":"arn:lakefs:fs:::repository/main/*"}]}`
	acctest.TestFunctions(t,
		acctest.ExpectOutput(compactDocument(document+`([`+read+`])`), readJSON),
		acctest.ExpectOutput(compactDocument(document+`({ id = "p", statement = [`+read+`, `+read+`] })`), readJSON),
		// Objects that were made alike have a condition that is null where there is none.
		acctest.ExpectOutput(compactDocument(document+`([
  { effect = "allow", action = ["fs:ReadObject"], resource = "*", condition = null },
  { effect = "deny", action = ["fs:ReadObject"], resource = jsonencode(["arn:lakefs:fs:::repository/b", "arn:lakefs:fs:::repository/a"]), condition = tomap({ IpAddress = tomap({ SourceIp = ["10.0.0.0/8"] }) }) },
])`),
			`{"statement":[{"action":["fs:ReadObject"],"effect":"allow","resource":"*"},{"action":["fs:ReadObject"],"condition":{"IpAddress":{"SourceIp":["10.0.0.0/8"]}},"effect":"deny",`+
				`"resource":"[\"arn:lakefs:fs:::repository/a\",\"arn:lakefs:fs:::repository/b\"]"}]}`),
		acctest.ExpectFailure(document+`([{ effect = "allow", actions = ["fs:ReadObject"], resource = "*" }])`, `(?s)"value" parameter:\s+statement\[0\].*actions`),
		acctest.ExpectFailure(document+`([{ effect = "allow", action = ["fs:ReadObject"], resource = "arn:lakefs:fs::1:a" }])`, `(?s)"value" parameter:\s+statement\[0\]\.resource:.*account`),
		acctest.ExpectFailure(document+`([{ effect = "allow", action = ["fs:ReadObject"], resource = "*", condition = { Sometimes = { SourceIp = ["1.2.3.4"] } } }])`, `(?s)"value" parameter:\s+statement\[0\].*Sometimes`),
		acctest.ExpectFailure(document+`("a")`, `(?s)"value" parameter`),
		acctest.ExpectOutput(compactDocument(merge+`([{ statement = [`+read+`] }, jsonencode({ id = "q", statement = [{ effect = "deny", action = ["fs:*"], resource = "*" }] }), [`+read+`]])`),
			`{"statement":[{"action":["fs:List*","fs:ReadObject"],"effect":"allow","resource":"arn:lakefs:fs:::repository/main/*"},{"action":["fs:*"],"effect":"deny","resource":"*"}]}`),
		acctest.ExpectFailure(merge+`([])`, `(?s)"documents" parameter:\s+write\s+a\s+list\s+of\s+at\s+least\s+one\s+policy`),
		acctest.ExpectFailure(merge+`([[`+read+`], "{}"])`, `(?s)"documents" parameter:\s+\[1\]:.*statement`),
	)
}

func TestAccLakefsMissingPermissionsFunction(t *testing.T) {
	t.Parallel()
	const call = "provider::iam::lakefs_missing_permissions"
	const existing = `[{ effect = "allow", action = ["fs:Read*"], resource = "arn:lakefs:fs:::repository/a*" }, { effect = "allow", action = ["auth:ReadUser"], resource = "arn:lakefs:auth:::user/$${user}" }]`
	acctest.TestFunctions(t,
		acctest.ExpectOutput(call+`(`+existing+`, [{ action = "fs:ReadObject", resource = "arn:lakefs:fs:::repository/ab/object/*" }], "")`, `[]`),
		acctest.ExpectOutput(call+`(`+existing+`, [{ action = "auth:ReadUser", resource = "arn:lakefs:auth:::user/ann" }], "ann")`, `[]`),
		acctest.ExpectOutput(call+`(`+existing+`, [{ action = "fs:*Object", resource = "arn:lakefs:fs:::repository/a" }], "")`,
			`[{"action":"fs:DeleteObject","resource":"arn:lakefs:fs:::repository/a","witness":{"action":"fs:DeleteObject","resource":"arn:lakefs:fs:::repository/a"}},`+
				`{"action":"fs:WriteObject","resource":"arn:lakefs:fs:::repository/a","witness":{"action":"fs:WriteObject","resource":"arn:lakefs:fs:::repository/a"}}]`),
		acctest.ExpectOutput(call+`([], [{ action = "fs:New", resource = "*" }], "")`, `[{"action":"fs:New","resource":"*","witness":{"action":"fs:New","resource":"*"}}]`),
		acctest.ExpectOutput(call+`(`+existing+`, [], "")`, `[]`),
		// A name that is not known here may be known to the server, and the ARN of an account is about nothing.
		acctest.ExpectOutput(call+`([{ effect = "allow", action = ["fs:New"], resource = "*" }, { effect = "deny", action = ["fs:*"], resource = "arn:lakefs:fs::1:*" }], [{ action = "fs:New", resource = "*" }], "")`, `[]`),
		acctest.ExpectFailure(call+`([{ effect = "Deny", action = ["fs:*"], resource = "*" }], [], "")`, `(?s)"existing" parameter:\s+statement\[0\]\.effect:.*Deny`),
		acctest.ExpectFailure(call+`({}, [], "")`, `(?s)"existing" parameter:\s+write\s+a\s+list`),
		acctest.ExpectFailure(call+`([{ effect = "allow", action = [], resource = "*" }], [], "")`, `(?s)"existing" parameter:\s+statement\[0\]\.action`),
		acctest.ExpectFailure(call+`([], [{ action = "fs:ReadObject" }], "")`, `(?s)"desired" parameter:\s+\[0\]:\s+the\s+member\s+"resource"\s+is\s+missing`),
		acctest.ExpectFailure(call+`([], [{ action = "fs:ReadObject", resource = "*", user = "a" }], "")`, `(?s)"desired" parameter:\s+\[0\]\.user:\s+unknown\s+member`),
		acctest.ExpectFailure(call+`([{ effect = "allow", action = ["fs:*"], resource = "*" }], [{ action = "fs:ReadTag", resource = "*" }, { action = "fs:Raed*", resource = "*" }], "")`,
			`(?s)"desired" parameter:\s+\[1\]\.action:\s+the\s+desired\s+action\s+"fs:Raed\*"\s+matches\s+none.*The\s+nearest\s+is\s+"fs:Read\w+"\.`),
		acctest.ExpectFailure(call+`([], [{ action = "ReadObject", resource = "*" }], "")`, `(?s)"desired" parameter:\s+\[0\]\.action:.*fs:ReadObject`),
		acctest.ExpectFailure(call+`([], ["fs:ReadObject"], "")`, `(?s)"desired" parameter:\s+\[0\]:\s+must\s+be\s+an\s+object`),
	)
}

func TestAccLakefsPermissionDiffFunction(t *testing.T) {
	t.Parallel()
	const call = "provider::iam::lakefs_permission_diff"
	statement := func(effect, action, resource string) string {
		return fmt.Sprintf(`{ effect = %q, action = [%q], resource = "arn:lakefs:fs:::repository/%s" }`, effect, action, resource)
	}
	acctest.TestFunctions(t,
		acctest.ExpectOutput(call+`([`+statement("allow", "fs:ReadObject", "a*")+`], [`+statement("allow", "fs:ReadObject", "a/*")+`], "")`,
			`{"granted":[],"revoked":[{"action":"fs:ReadObject","condition":"","except":["arn:lakefs:fs:::repository/a/*"],"resource":"arn:lakefs:fs:::repository/a*"}]}`),
		acctest.ExpectOutput(call+`([`+statement("allow", "fs:ReadObject", "?*")+`], [`+statement("allow", "fs:ReadObject", "*?")+`], "")`, `{"granted":[],"revoked":[]}`),
		acctest.ExpectOutput(call+`([], [`+statement("allow", "fs:*Tags", "a")+`], "")`,
			`{"granted":[{"action":"fs:*Tags (any other action)","condition":"","except":[],"resource":"arn:lakefs:fs:::repository/a"},`+
				`{"action":"fs:ListTags","condition":"","except":[],"resource":"arn:lakefs:fs:::repository/a"}],"revoked":[]}`),
		acctest.ExpectFailure(call+`("a", [], "")`, `(?s)"before" parameter:\s+write\s+a\s+list`),
		acctest.ExpectFailure(call+`([], [1], "")`, `(?s)"after" parameter:\s+statement\[0\]`),
	)
}

func TestAccLakefsDecisionFunction(t *testing.T) {
	t.Parallel()
	const call = "provider::iam::lakefs_decision"
	const policies = `[{ id = "p", statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }, { effect = "deny", action = ["fs:Delete*"], resource = "*", condition = { IpAddress = { SourceIp = ["10.0.0.0/8"] } } }] }]`
	request := func(action, more string) string {
		return fmt.Sprintf(`{ user = "u", action = %q, resource = "arn:lakefs:fs:::repository/a"%s }`, action, more)
	}
	acctest.TestFunctions(t,
		acctest.ExpectOutput(call+`(`+policies+`, `+request("fs:DeleteObject", `, source_ip = "10.1.2.3"`)+`)`, `"deny"`),
		acctest.ExpectOutput(call+`(`+policies+`, `+request("fs:DeleteObject", `, source_ip = null`)+`)`, `"allow"`),
		acctest.ExpectOutput(call+`(`+policies+`, `+request("auth:ReadUser", "")+`)`, `"neutral"`),
		acctest.ExpectOutput(call+`([], `+request("auth:ReadUser", "")+`)`, `"neutral"`),
		// Objects that were made alike have members that are null, and other values are taken as the server stores them.
		acctest.ExpectOutput(call+`([for text in [jsonencode({ id = "p", creation_date = 1, statement = [{ effect = "allow", action = ["fs:*"], resource = "*" }] })] : merge({ id = null, creation_date = null }, jsondecode(text))], `+request("fs:ReadTag", "")+`)`, `"allow"`),
		acctest.ExpectOutput(call+`([{ statement = [{ effect = "allow", action = ["fs:*"], resource = "*", condition = null }, { effect = "Deny", action = [], resource = "[no list]", condition = { IpAddress = {} } }] }], `+request("fs:ReadTag", "")+`)`, `"deny"`),
		acctest.ExpectFailure(call+`({}, `+request("a", "")+`)`, `(?s)"policies" parameter:\s+write\s+a\s+list`),
		acctest.ExpectFailure(call+`([{ statements = [] }], `+request("a", "")+`)`, `(?s)"policies" parameter:\s+\[0\]\.statements:\s+unknown\s+member`),
		acctest.ExpectFailure(call+`([], { user = "u", action = "a" })`, `(?s)"request" parameter:\s+request:\s+the\s+member\s+"resource"\s+is\s+missing`),
		acctest.ExpectFailure(call+`([], "a")`, `(?s)"request" parameter:\s+write\s+\{ user`),
	)
}

// refusal is a call that must fail at one of its arguments.
type refusal struct {
	argument  int64
	arguments []string // JSON
	want      string
}

// expectRefusals calls a function with arguments that it must refuse.
func expectRefusals(t *testing.T, name string, refusals []refusal) {
	t.Helper()
	server, err := acctest.ProvidersWith(func(string) string { return "" })["iam"]()
	must(t, err)
	for _, r := range refusals {
		arguments := make([]*tfprotov6.DynamicValue, len(r.arguments))
		for i, argument := range r.arguments {
			if arguments[i] = textArgument(t, argument); i < 2 {
				var value any
				decoder := json.NewDecoder(strings.NewReader(argument))
				decoder.UseNumber()
				must(t, decoder.Decode(&value))
				arguments[i] = acctest.Literal(t, value)
			}
		}
		answer, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: arguments})
		must(t, err)
		if answer.Error == nil || answer.Error.FunctionArgument == nil || *answer.Error.FunctionArgument != r.argument || !strings.HasPrefix(answer.Error.Text, r.want) {
			t.Errorf("%s%q: %v, want an error of argument %d: %s", name, r.arguments, answer.Error, r.argument, r.want)
		}
	}
}

// A typing mistake in what is compared would give a wrong answer in silence.
func TestComparingFunctionsRefuse(t *testing.T) {
	t.Parallel()
	statement := func(action, resource, more string) string {
		return fmt.Sprintf(`[{"effect":"allow","action":["fs:ReadObject"],"resource":"*"},{"effect":"allow","action":["fs:*",%q],"resource":%q%s}]`, action, resource, more)
	}
	const someList = `["arn:lakefs:fs:::a","arn:aws:fs:eu::a"]`
	for given, want := range map[string]string{
		statement("ReadObject", "*", ""):                                           `statement[1].action[1]: the action "ReadObject" is not of the form SERVICE:NAME`,
		statement("fs:", "*", ""):                                                  `statement[1].action[1]: the action "fs:" names no action`,
		statement("fs:New", "repository/a", ""):                                    `statement[1].resource: the resource "repository/a" is neither`,
		statement("fs:New", "arn:aws:fs:::a", ""):                                  `statement[1].resource: the resource "arn:aws:fs:::a" never matches`,
		statement("fs:New", someList, ""):                                          `statement[1].resource[1]: the resource "arn:aws:fs:eu::a" never matches`,
		statement("fs:New", "*", `,"condition":{"IpAddress":{}}`):                  `statement[1].condition.IpAddress: the condition operator "IpAddress" has no fields, so it limits nothing: the statement applies to every request. Add a field such as SourceIp, or remove the operator`,
		statement("fs:New", "*", `,"condition":{"IpAdress":{"SourceIp":["::1"]}}`): `statement[1].condition.IpAdress: the condition operator "IpAdress" is none of`,
		statement("fs:New", "*", `,"condition":{"IpAddress":{"SourceIp":[]}}`):     `statement[1].condition.IpAddress.SourceIp: the field "SourceIp"`,
		`[{"effect":"Deny","action":["fs:*"],"resource":"*"}]`:                     `statement[0].effect: the effect "Deny" is neither "allow" nor "deny", spelt exactly so: lakeFS refuses it. The nearest is "deny"`,
		`{"statement":[]}`:                                                         `write a list of statements`,
	} {
		expectRefusals(t, "lakefs_missing_permissions", []refusal{{0, []string{given, `[]`, "u"}, want}})
		expectRefusals(t, "lakefs_permission_diff", []refusal{{0, []string{given, `[]`, "u"}, want}, {1, []string{`[]`, given, "u"}, want}})
	}
}

// A member that is dropped changes who has access, so whatever the API has not is an error with its place.
func TestDecisionFunctionRefuses(t *testing.T) {
	t.Parallel()
	const request = `{"user":"u","action":"a","resource":"*"}`
	policy := func(statements string) []string { return []string{`[{"statement":[` + statements + `]}]`, request} }
	const allow = `{"effect":"allow","action":["a"],"resource":"*"}`
	expectRefusals(t, "lakefs_decision", []refusal{
		{0, []string{`[` + allow + `]`, request}, `[0].action: unknown member; the members here are creation_date, id, statement`},
		{0, []string{`[null]`, request}, `[0]: must be an object, not null`},
		{0, []string{`[{"statement":null}]`, request}, `[0].statement: must be a list, not null`},
		{0, []string{`[{"id":1,"statement":[]}]`, request}, `[0].id: must be a string, not a number`},
		{0, policy(allow + `,{"Effect":"allow","action":["a"],"resource":"*"}`), `[0].statement[1].Effect: unknown member, did you mean "effect"?`},
		{0, policy(`{"effect":"allow","action":["a","b",null],"resource":"*"}`), `[0].statement[0].action[2]: must be a string, not null`},
		{0, policy(`{"effect":"allow","action":"a","resource":"*"}`), `[0].statement[0].action: must be a list, not a string`},
		{0, policy(`{"effect":"allow","action":["a"],"resource":["*"]}`), `[0].statement[0].resource: must be a string, not a list`},
		{0, policy(`{"effect":"allow","action":["a"],"resource":"*","condition":{"IpAddress":null}}`), `[0].statement[0].condition.IpAddress: must be an object, not null`},
		{0, policy(`{"effect":"allow","action":["a"],"resource":"*","condition":{"IpAddress":{"SourceIp":"::1"}}}`), `[0].statement[0].condition.IpAddress.SourceIp: must be a list, not a string`},
		{1, []string{`[]`, `{"user":null,"action":"a","resource":"*"}`}, `request.user: must be a string, not null`},
		{1, []string{`[]`, `{"user":"u","Action":"a","action":"a","resource":"*"}`}, `request.Action: unknown member, did you mean "action"?`},
		{1, []string{`[]`, `{"user":"u","action":"a","resource":"*","source_ip":1}`}, `request.source_ip: must be a string, not a number`},
	})
}

// An unknown value makes the result unknown, and the apply completes it.
func TestAccLakefsFunctions_unknownInputs(t *testing.T) {
	t.Parallel()
	acctest.TestFunctions(t, resource.TestStep{
		Config: `
resource "terraform_data" "action" { input = "fs:ReadObject" }
output "result" {
  value = provider::iam::lakefs_decision(
    [jsondecode(provider::iam::lakefs_policy_document({ statement = [{ effect = "allow", action = [terraform_data.action.output], resource = "*" }] }))],
    { user = "u", action = "fs:ReadObject", resource = "*" })
}`,
		ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectUnknownOutputValue("result")}},
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("result", knownvalue.StringExact("allow"))},
	})
}

// eachRecorded calls check with every row of recorded data.
func eachRecorded[Row any](t *testing.T, file string, check func(*testing.T, Row)) {
	t.Helper()
	content, err := os.Open(filepath.Join("..", "..", "lakefspolicy", "testdata", file))
	must(t, err)
	lines := bufio.NewScanner(content)
	lines.Buffer(nil, 1<<20)
	count := 0
	for ; lines.Scan(); count++ {
		var row Row
		must(t, json.Unmarshal(lines.Bytes(), &row))
		check(t, row)
	}
	must(t, errors.Join(lines.Err(), content.Close()))
	if count < 300 {
		t.Errorf("only %d rows", count)
	}
}

// call calls a function as Terraform does, over the plugin protocol.
func call(t *testing.T, server tfprotov6.ProviderServer, name string, kind tftypes.Type, arguments ...*tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	answer, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: arguments})
	must(t, err)
	if answer.Error != nil {
		t.Fatal(answer.Error.Text)
	}
	result, err := answer.Result.Unmarshal(kind)
	must(t, err)
	return result
}

func textArgument(t *testing.T, text string) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, text))
	must(t, err)
	return &encoded
}

// The function decides as the authorizer of lakeFS does.
func TestDecisionFunctionGivesRecordedDecisions(t *testing.T) {
	t.Parallel()
	server, err := acctest.ProvidersWith(func(string) string { return "" })["iam"]()
	must(t, err)
	eachRecorded(t, "authz.jsonl", func(t *testing.T, row struct {
		Name, User, Action, Resource, Decision string
		Policies                               any
		SourceIP                               *string `json:"source_ip"`
	}) {
		t.Helper()
		request := map[string]any{"user": row.User, "action": row.Action, "resource": row.Resource}
		if row.SourceIP != nil {
			request["source_ip"] = *row.SourceIP
		}
		var decision string
		must(t, call(t, server, "lakefs_decision", tftypes.String, acctest.Literal(t, row.Policies), acctest.Literal(t, request)).As(&decision))
		if decision != row.Decision {
			t.Errorf("%s: %s, want %s", row.Name, decision, row.Decision)
		}
	})
}

// The function finds nothing missing exactly where everything is covered, and what it
// names shows that.
func TestMissingPermissionsFunctionGivesRecordedCovers(t *testing.T) {
	t.Parallel()
	server, err := acctest.ProvidersWith(func(string) string { return "" })["iam"]()
	must(t, err)
	permission := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"action": tftypes.String, "resource": tftypes.String}}
	kind := tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"action": tftypes.String, "resource": tftypes.String, "witness": permission}}}
	eachRecorded(t, "cover.jsonl", func(t *testing.T, row struct {
		User, Kind string
		Existing   any
		Desired    map[string]any
		Covered    bool
	}) {
		t.Helper()
		result := call(t, server, "lakefs_missing_permissions", kind, acctest.Literal(t, row.Existing), acctest.Literal(t, []any{any(row.Desired)}), textArgument(t, row.User))
		var missing []tftypes.Value
		must(t, result.As(&missing))
		if (len(missing) == 0) != row.Covered {
			t.Errorf("%s: %d missing, covered %t: %v", row.Kind, len(missing), row.Covered, row)
		}
		var policy lakefspolicy.Policy
		statements, err := json.Marshal(row.Existing)
		must(t, err)
		document, err := lakefspolicy.ParseDocument([]byte(`{"statement":` + string(statements) + `}`))
		must(t, err)
		for _, statement := range document.Statements {
			policy.Statements = append(policy.Statements, statement.Stored())
		}
		for _, value := range missing {
			var members, witness map[string]tftypes.Value
			var action, resource string
			must(t, value.As(&members))
			must(t, members["witness"].As(&witness))
			must(t, errors.Join(witness["action"].As(&action), witness["resource"].As(&resource)))
			if lakefspolicy.Decide([]lakefspolicy.Policy{policy}, lakefspolicy.Request{User: row.User, Action: action, Resource: resource}) == lakefspolicy.DecisionAllow {
				t.Errorf("%s: the witness %s on %s is allowed", row.Kind, action, strings.ToValidUTF8(resource, "?"))
			}
		}
	})
}

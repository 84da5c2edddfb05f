// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/httpapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefsapi"
	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

type policyModel struct {
	ID           types.String `tfsdk:"id"`
	Statement    types.List   `tfsdk:"statement"`
	Document     types.String `tfsdk:"document"`
	CreationDate types.String `tfsdk:"creation_date"`
	Permissions  types.Map    `tfsdk:"permissions"`
}

func policyResource(operators *ConditionOperators) entity.Definition[api, policyModel] {
	return entity.Definition[api, policyModel]{
		Name:     "lakefs_policy",
		Title:    "lakeFS policy",
		Platform: platform(),
		Schema:   policySchema(),
		Imports:  []entity.ImportForm{{Pattern: "{id}", Example: "ReadMain"}},
		Identity: []string{"id"},
		Moves:    movesToPolicy(),
		Validate: func(_ context.Context, m policyModel) diag.Diagnostics { return validatePolicy(m, operators) },
		Plan:     planPolicy,
		Create:   createPolicy,
		Read:     readPolicy,
		Update:   updatePolicy,
		Delete: func(ctx context.Context, s *entity.Session[api], m policyModel) error {
			return s.API.DeletePolicy(ctx, m.ID.ValueString())
		},
		Reads:   []entity.Call{{Operation: "getPolicy"}, {Operation: "listPolicies", Only: "to read many at once; optional"}},
		Calls:   callsOfPolicy,
		Lockout: lockoutOfPolicy.lockout,
	}
}

func policySchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Manages a policy of lakeFS ([createPolicy](https://docs.lakefs.io/reference/api/#/auth/createPolicy), " +
			"[updatePolicy](https://docs.lakefs.io/reference/api/#/auth/updatePolicy)). " +
			"Write it as `statement` blocks or as a `document`. Two ways to write the same access are no change: the order of statements, actions and resources, " +
			"duplicates, split or merged statements, blocks or document.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "The policy's id, for example `ReadMain`. lakeFS cannot address ids with `/` or `%`. Changing it replaces the policy.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			// An attribute whose elements are objects is written as blocks, and a
			// misspelt argument of a block is an error. A real block could not do:
			// Terraform refuses a plan whose number of blocks is not the
			// configuration's, so split or merged statements would be a change.
			"statement": schema.ListAttribute{
				MarkdownDescription: "One or more blocks, each with `effect` (`allow` or `deny`; a deny wins over every allow), " +
					"`actions` (for example `fs:ReadObject`; `*` and `?` are wildcards in the name), " +
					"`resources` (ARNs such as `arn:lakefs:fs:::repository/main/*`, or `*`; `${user}` stands for the caller's id) " +
					"and optionally `condition`, a map from operator to field to values, such as `{ IpAddress = { SourceIp = [\"10.0.0.0/8\"] } }`. " +
					"The number of statements has to be known at plan: where the `for_each` of a `dynamic` block is not, use `document`. " +
					"Exactly one of `statement` and `document` is set. Empty when `document` is used.",
				Optional: true, Computed: true, ElementType: statementType,
			},
			"document": schema.StringAttribute{
				MarkdownDescription: "The policy as JSON, as lakeFS's documentation and user interface show it, for example `file(\"policy.json\")`. Unknown members are refused. " +
					"Exactly one of `statement` and `document` is set. Empty when `statement` is used.",
				Optional: true, Computed: true,
			},
			"creation_date": schema.StringAttribute{
				MarkdownDescription: "When the policy was created or last updated, as an RFC 3339 time such as `2026-11-22T08:00:00Z`: lakeFS sets it anew on every update.",
				Computed:            true,
			},
			"permissions": permissionsAttribute("What the policy says, so that the plan of a change lists what is granted and what is revoked"),
		},
	}
}

// hasStatements tells whether the blocks are used; unknown ones may be.
func (m policyModel) hasStatements() bool {
	return m.Statement.IsUnknown() || len(m.Statement.Elements()) > 0
}

// hasDocument tells whether the document is used; an unknown one may be.
func (m policyModel) hasDocument() bool {
	return m.Document.IsUnknown() || m.Document.ValueString() != ""
}

// statements is what the policy says, in either form. It answers false while
// that is unknown.
func (m policyModel) statements() ([]lakefspolicy.Statement, bool) {
	if m.Document.IsUnknown() {
		return nil, false
	}
	if m.hasDocument() {
		document, err := lakefspolicy.ParseDocument([]byte(m.Document.ValueString()))
		return document.Statements, err == nil
	}
	return statementsIn(m.Statement)
}

func validatePolicy(m policyModel, operators *ConditionOperators) diag.Diagnostics {
	diags := validateID(path.Root("id"), "policy", m.ID)
	switch {
	case !m.hasStatements() && !m.hasDocument():
		diags.AddError("Policy without statements", fmt.Sprintf("The policy %q says nothing. Write at least one statement block, or set document.", m.ID.ValueString()))
	case m.hasStatements() && m.hasDocument() && !m.Document.IsUnknown() && !m.Statement.IsUnknown():
		diags.AddAttributeError(path.Root("document"), "Policy in two forms", fmt.Sprintf("The policy %q has both statement blocks and a document. Keep one of the two.", m.ID.ValueString()))
	}
	check := &statementCheck{named: inPolicy(m.ID.ValueString()), operators: operators}
	check.list(m.Statement)
	diags.Append(check.diags...)
	if !m.Document.IsUnknown() && m.hasDocument() {
		diags.Append(validateDocument(m, operators)...)
	}
	return diags
}

func validateDocument(m policyModel, operators *ConditionOperators) (diags diag.Diagnostics) {
	at := path.Root("document")
	document, err := lakefspolicy.ParseDocument([]byte(m.Document.ValueString()))
	if err != nil {
		diags.AddAttributeError(at, "Not a policy document", fmt.Sprintf("Policy %q: %s", m.ID.ValueString(), entity.Sentence(err.Error())))
		return diags
	}
	if entity.Known(m.ID) && document.ID != "" && document.ID != m.ID.ValueString() {
		diags.AddAttributeError(at, "Two ids for one policy", fmt.Sprintf("The document says that it is the policy %q, but id is %q. Remove the id from the document, or make them equal.", document.ID, m.ID.ValueString()))
	}
	for _, finding := range lakefspolicy.Validate(document.Statements, operators.options(document.Statements)) {
		place := fmt.Sprintf("Policy %q, %s: ", m.ID.ValueString(), finding.Path)
		diags.Append(diagnose(at, place, []lakefspolicy.Finding{finding})...)
	}
	return diags
}

func createPolicy(ctx context.Context, s *entity.Session[api], m *policyModel) error {
	statements, _ := m.statements() // everything is known at apply
	id := m.ID.ValueString()
	policy, err := s.API.CreatePolicy(ctx, lakefsapi.Policy{ID: id, Statement: toWire(statements)})
	if err != nil {
		return explainLists(err, statements)
	}
	m.CreationDate = rfc3339(policy.CreationDate)
	m.completePermissions(statements)
	undone, err := confirm(ctx, s.API, id, statements, undo{
		do:     func() error { return s.API.DeletePolicy(ctx, id) },
		done:   "it was deleted again",
		failed: "deleting it failed",
	})
	if !undone {
		s.Exists()
	}
	return err
}

// undo takes a write back that the server did not keep as it was sent.
type undo struct {
	do func() error
	// done and failed end the sentence that reports it.
	done, failed string
}

// confirm undoes a write of which the server dropped something: the policy
// would give other access than was asked for.
func confirm(ctx context.Context, lakefs api, id string, sent []lakefspolicy.Statement, undo undo) (undone bool, err error) {
	dropped, err := droppedFeature(ctx, lakefs, id, sent)
	if err != nil || dropped == "" {
		return false, err
	}
	if err := undo.do(); err != nil {
		return false, fmt.Errorf("%s. The policy gives other access than was asked for, and %s: %w", dropped, undo.failed, err)
	}
	return true, fmt.Errorf("%s. The policy would have given other access than was asked for; %s", dropped, undo.done)
}

// droppedFeature reads a policy back that has what some servers ignore, and says
// what this one dropped. It answers "" when the server kept everything.
func droppedFeature(ctx context.Context, lakefs api, id string, sent []lakefspolicy.Statement) (string, error) {
	conditions, lists := features(sent)
	if !conditions && !lists {
		return "", nil
	}
	policy, found, err := lakefs.ReadPolicy(ctx, id)
	if err != nil || !found {
		return "", fmt.Errorf("reading the policy back, to see whether the server kept its conditions and lists of resources: %w", orGone(err))
	}
	kept := fromWire(policy.Statement)
	if lakefspolicy.Equal(sent, kept) {
		return "", nil
	}
	keptConditions, _ := features(kept)
	if conditions && !keptConditions {
		return "this lakeFS ignores the condition of a statement (its auth server does not store it)", nil
	}
	return "this lakeFS stores something else than the statements it was given", nil
}

func orGone(err error) error {
	if err == nil {
		return fmt.Errorf("it is not there")
	}
	return err
}

// features tells what the statements use that not every server has.
func features(statements []lakefspolicy.Statement) (conditions, lists bool) {
	for _, statement := range statements {
		conditions = conditions || len(statement.Condition) > 0
		lists = lists || len(statement.Resources) > 1
	}
	return conditions, lists
}

// explainLists adds a likely cause to a refusal of statements that have several
// resources.
func explainLists(err error, statements []lakefspolicy.Statement) error {
	if _, lists := features(statements); lists && httpapi.StatusOf(err) == http.StatusBadRequest {
		return fmt.Errorf("%w. Not every lakeFS takes several resources in one statement; write one statement for each resource", err)
	}
	return err
}

func readPolicy(ctx context.Context, s *entity.Session[api], m *policyModel) (bool, error) {
	policy, found, err := s.API.GetPolicy(ctx, m.ID.ValueString())
	if err != nil || !found {
		return false, err
	}
	m.CreationDate = rfc3339(policy.CreationDate)
	actual := fromWire(policy.Statement)
	m.Permissions = permissionsValue(actual, "")
	spelled, ok := m.statements()
	switch {
	case ok && len(spelled) > 0 && lakefspolicy.Equal(spelled, actual):
		// The server's spelling differs at most in ways that mean nothing.
	case m.hasDocument():
		m.Document, m.Statement = types.StringValue(lakefspolicy.RenderDocument(actual)), noStatements()
	default:
		m.Document, m.Statement = types.StringValue(""), statementList(actual)
	}
	return true, nil
}

// updatePolicy leaves the state as it was when the write is not confirmed: then
// the next apply writes and reads back once more.
func updatePolicy(ctx context.Context, s *entity.Session[api], _ policyModel, m *policyModel) error {
	statements, _ := m.statements() // everything is known at apply
	id := m.ID.ValueString()
	var (
		before lakefsapi.Policy // what to put back if the server drops something
		found  bool
	)
	if conditions, lists := features(statements); conditions || lists {
		var err error
		if before, found, err = s.API.ReadPolicy(ctx, id); err != nil {
			return err
		}
	}
	policy, err := s.API.UpdatePolicy(ctx, id, lakefsapi.Policy{ID: id, Statement: toWire(statements)})
	if err != nil {
		return explainLists(err, statements)
	}
	m.CreationDate = rfc3339(policy.CreationDate)
	m.completePermissions(statements)
	_, err = confirm(ctx, s.API, id, statements, undo{
		do: func() error {
			if !found {
				return orGone(nil)
			}
			_, err := s.API.UpdatePolicy(ctx, id, before)
			return err
		},
		done:   "the previous statements were put back",
		failed: "putting the previous statements back failed",
	})
	return err
}

// readsBack tells whether a policy is read after it was written: some servers drop what
// it has. What is unknown is not told.
func readsBack(m *policyModel) bool {
	statements, known := m.statements()
	conditions, lists := features(statements)
	return known && (conditions || lists)
}

func callsOfPolicy(change entity.Change[policyModel]) []entity.Call {
	switch {
	case change.Prior == nil:
		policy := on("policyId", change.Planned.ID)
		return []entity.Call{
			{Operation: "listPolicies", Only: "preferred", BestEffort: true},
			{Operation: "getPolicy", Only: "where listPolicies is not permitted, and with a condition or several resources", Object: policy, BestEffort: !readsBack(change.Planned)},
			{Operation: "createPolicy", Object: policy},
			{Operation: "deletePolicy", Only: "to undo what the server did not keep whole", BestEffort: true},
		}
	case change.Planned == nil:
		return []entity.Call{{Operation: "deletePolicy", Object: on("policyId", change.Prior.ID)}}
	default:
		policy := on("policyId", change.Planned.ID)
		return []entity.Call{
			{Operation: "getPolicy", Only: "with a condition or several resources", Object: policy, Skip: !readsBack(change.Planned)},
			{Operation: "updatePolicy", Object: policy},
		}
	}
}

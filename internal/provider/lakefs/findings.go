// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefs

import (
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dataiam/terraform-provider-iam/internal/lakefspolicy"
	"github.com/dataiam/terraform-provider-iam/internal/provider/entity"
)

// validateID refuses ids that lakeFS refuses or cannot address, and warns of
// those that are likely to surprise.
func validateID(at path.Path, kind string, id types.String) diag.Diagnostics {
	if !entity.Known(id) {
		return nil
	}
	return diagnose(at, "", lakefspolicy.IDFindings(kind, id.ValueString()))
}

// diagnose turns findings about one value into diagnostics. The object is put in
// front of the detail, since Terraform drops diagnostics that read the same.
func diagnose(at path.Path, object string, findings []lakefspolicy.Finding) (diags diag.Diagnostics) {
	for _, finding := range findings {
		detail := object + finding.Detail
		if finding.Severity == lakefspolicy.SeverityError {
			diags.AddAttributeError(at, finding.Summary, detail)
		} else {
			diags.AddAttributeWarning(at, finding.Summary, detail)
		}
	}
	return diags
}

// ConditionOperators are the condition operators that the provider's
// configuration admits besides lakeFS's own. It is safe for concurrent use.
type ConditionOperators struct {
	mu    sync.Mutex
	names []string
	all   bool
}

// Admit adds an operator.
func (o *ConditionOperators) Admit(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !slices.Contains(o.names, name) {
		o.names = append(o.names, name)
	}
}

// AdmitAll admits every operator: the configuration's are not known yet.
func (o *ConditionOperators) AdmitAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = true
}

// findings judges an operator.
func (o *ConditionOperators) findings(operator string) []lakefspolicy.Finding {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.all {
		return nil
	}
	findings := lakefspolicy.ValidateConditionOperator(operator, lakefspolicy.Options{ExtraConditionOperators: o.names})
	for i := range findings {
		findings[i].Detail += " If the server is new enough to have this one, name it in extra_condition_operators in the provider's lakefs block."
	}
	return findings
}

// options are those under which the operators of the statements pass if the
// configuration may admit them.
func (o *ConditionOperators) options(statements []lakefspolicy.Statement) lakefspolicy.Options {
	o.mu.Lock()
	defer o.mu.Unlock()
	options := lakefspolicy.Options{ExtraConditionOperators: slices.Clone(o.names)}
	if o.all {
		for _, statement := range statements {
			for operator := range statement.Condition {
				options.ExtraConditionOperators = append(options.ExtraConditionOperators, operator)
			}
		}
	}
	return options
}

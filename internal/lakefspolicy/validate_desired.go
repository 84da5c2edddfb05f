// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import "slices"

// ValidateDesired returns what is wrong or doubtful about statements that say what somebody is to be
// allowed, in their order. What they deny, or ask for under a condition, could not be told of what is
// missing: one action on one resource.
func ValidateDesired(statements []Statement) []Finding {
	var findings []Finding
	for i, statement := range statements {
		effect := ValidateEffect(statement.Effect)
		if statement.Effect == EffectDeny {
			effect = []Finding{errorf("Desired denial",
				"The effect is \"deny\", but what is desired is to be allowed. Leave the statement out, and desire what is beside it.")}
		}
		findings = append(findings, at(Path{Statement: i, Member: MemberEffect, Index: Whole}, effect)...)
		findings = append(findings, validateList(Path{Statement: i, Member: MemberActions}, statement.Actions, ValidateDesiredAction)...)
		findings = append(findings, validateList(Path{Statement: i, Member: MemberResources}, statement.Resources, ValidateResource)...)
		if len(statement.Condition) > 0 {
			findings = append(findings, at(Path{Statement: i, Member: MemberCondition, Index: Whole}, []Finding{errorf("Desired under a condition",
				"What is desired is to be allowed whatever the circumstances, for which a condition has no meaning. Leave it out.")})...)
		}
	}
	return findings
}

// ValidateDesiredAction is ValidateAction for an action pattern that is desired. A pattern stands for
// the actions that lakeFS 1.84 checks: of one that matches none of them nothing would ever be missing.
func ValidateDesiredAction(action string) []Finding {
	findings := ValidateAction(action)
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError }) {
		return findings
	}
	near, ok := NearestAction(action)
	switch {
	case isPattern(action) && !slices.ContainsFunc(knownActions, func(name string) bool { return matchGlob(action, name) }):
		return []Finding{errorf("Unknown action",
			"The desired action %q matches none of the actions that lakeFS 1.84 checks, so it would never be missing.%s", action, suggestion(near, ok))}
	case len(findings) > 0:
		return []Finding{warningf("Unknown action",
			"The desired action %q is not known here. It is compared as it is, since the server may be newer.%s", action, suggestion(near, ok))}
	}
	return nil
}

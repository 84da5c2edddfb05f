// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"maps"
	"slices"
	"strings"
)

// Options adapts the rules to a server newer than this package.
type Options struct {
	// ExtraConditionOperators are condition operators to accept besides the known ones.
	ExtraConditionOperators []string
}

// Validate returns what is wrong or doubtful about the statements of a policy, in
// the order of the statements. An error is what lakeFS refuses, or accepts and then
// punishes: it never matches, or it makes the server deny every request.
func Validate(statements []Statement, options Options) []Finding {
	if len(statements) == 0 {
		return at(Path{Statement: Whole, Index: Whole}, []Finding{errorf("Policy without statements",
			"A policy needs at least one statement: lakeFS refuses a policy without any. Add a statement.")})
	}
	var findings []Finding
	for i, statement := range statements {
		findings = append(findings, at(Path{Statement: i, Member: MemberEffect, Index: Whole}, ValidateEffect(statement.Effect))...)
		findings = append(findings, validateList(Path{Statement: i, Member: MemberActions}, statement.Actions, ValidateAction)...)
		findings = append(findings, validateList(Path{Statement: i, Member: MemberResources}, statement.Resources, ValidateResource)...)
		findings = append(findings, validateCondition(i, statement.Condition, options)...)
	}
	return findings
}

// at sets the place of findings.
func at(path Path, findings []Finding) []Finding {
	for i := range findings {
		findings[i].Path = path
	}
	return findings
}

// validateList applies the rule of one element to each, and wants at least one.
func validateList(path Path, list []string, rule func(string) []Finding) []Finding {
	if len(list) == 0 {
		path.Index = Whole
		return at(path, []Finding{errorf("Empty list of "+path.Member,
			"The list of %s is empty: lakeFS refuses the statement, or it never applies. "+
				"Add an element, or remove the statement.", path.Member)})
	}
	var findings []Finding
	for i, element := range list {
		path.Index = i
		findings = append(findings, at(path, rule(element))...)
	}
	return findings
}

// validateCondition visits operators and fields in sorted order, so that findings
// come in the same order each time.
func validateCondition(statement int, condition Condition, options Options) []Finding {
	var findings []Finding
	for _, operator := range slices.Sorted(maps.Keys(condition)) {
		path := Path{Statement: statement, Member: MemberCondition, Operator: operator, Index: Whole}
		fields := condition[operator]
		findings = append(findings, at(path, ValidateConditionOperator(operator, options))...)
		if len(fields) == 0 {
			findings = append(findings, at(path, []Finding{errorf("Condition operator without fields",
				"The condition operator %q has no fields, so it limits nothing: the statement applies to every request. "+
					"Add a field such as SourceIp, or remove the operator.", operator)})...)
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			path.Field = field
			findings = append(findings, at(path, ValidateConditionField(field))...)
			findings = append(findings, validateValues(path, fields[field])...)
		}
	}
	return findings
}

func validateValues(path Path, values []string) []Finding {
	if len(values) == 0 {
		return at(path, []Finding{errorf("Condition field without values",
			"The field %q of the condition operator %q has no values, so no request is ever compared with anything "+
				"and the statement does not mean what it says. Add a value, or remove the field.", path.Field, path.Operator)})
	}
	var findings []Finding
	for i, value := range values {
		path.Index = i
		findings = append(findings, at(path, ValidateConditionValue(path.Operator, value))...)
	}
	return findings
}

// ValidateEffect returns what is wrong with the effect of a statement.
func ValidateEffect(effect string) []Finding {
	effects := []string{EffectAllow, EffectDeny}
	if slices.Contains(effects, effect) {
		return nil
	}
	near, ok := nearest(strings.TrimSpace(effect), effects)
	return []Finding{errorf("Invalid effect",
		"The effect %q is neither \"allow\" nor \"deny\", spelt exactly so: lakeFS refuses it.%s", effect, suggestion(near, ok))}
}

// ValidateAction returns what is wrong or doubtful about an action pattern. lakeFS
// demands a known service and one colon, and never looks at the name behind it.
func ValidateAction(action string) []Finding {
	if strings.TrimSpace(action) != action {
		return []Finding{errorf("Invalid action",
			"The action %q has white space around it: lakeFS refuses it, or stores it and then never finds it equal to the action of a request. "+
				"Write %q.", action, strings.TrimSpace(action))}
	}
	service, name, _ := strings.Cut(action, ":")
	switch {
	case strings.Count(action, ":") != 1:
		near, ok := NearestAction(action)
		return []Finding{errorf("Invalid action",
			"The action %q is not of the form SERVICE:NAME with exactly one colon: lakeFS refuses it. "+
				"An action for everything is one per service, such as \"fs:*\".%s", action, suggestion(near, ok))}
	case !slices.Contains(actionServices, service):
		near, ok := nearest(service, actionServices)
		return []Finding{errorf("Invalid action",
			"The action %q is not of a known service: lakeFS refuses it. The services are %s; a wildcard cannot stand for them.%s",
			action, strings.Join(actionServices, ", "), suggestion(near+":"+name, ok))}
	case name == "":
		return []Finding{errorf("Invalid action",
			"The action %q names no action: lakeFS stores it, but it never matches. Write \"%s:*\" for every action of the service.",
			action, service)}
	case !MatchesKnownAction(action):
		near, ok := NearestAction(action)
		return []Finding{warningf("Unknown action",
			"The action %q matches no action of lakeFS known here, and lakeFS does not check the name: if it is misspelt, the statement never applies to what was meant. "+
				"It is passed on as it is, since the server may be newer.%s", action, suggestion(near, ok))}
	}
	return nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"net"
	"slices"
	"strings"
)

// conditionOperators are the operators that lakeFS knows: those on addresses since
// 1.71.0, those on strings since 1.80.0.
var conditionOperators = []string{"IpAddress", "NotIpAddress", "StringLike", "StringNotLike"}

// addressOperators are the operators whose values are addresses.
var addressOperators = []string{"IpAddress", "NotIpAddress"}

// conditionFields are the fields that a request to the API carries.
var conditionFields = []string{"SourceIp"}

// SummaryUnknownOperator is the summary of the finding that an operator is not known.
const SummaryUnknownOperator = "Unknown condition operator"

// ValidateConditionOperator returns what is wrong with the name of an operator.
func ValidateConditionOperator(operator string, options Options) []Finding {
	known := slices.Concat(conditionOperators, options.ExtraConditionOperators)
	if slices.Contains(known, operator) {
		return nil
	}
	near, ok := nearest(operator, known)
	return []Finding{errorf(SummaryUnknownOperator,
		"The condition operator %q is none of %s. lakeFS stores it, but then denies every request of the users who have the policy, "+
			"whatever the request is about. Use a known operator.%s",
		operator, strings.Join(known, ", "), suggestion(near, ok))}
}

// ValidateConditionField returns what is doubtful about the name of a field.
func ValidateConditionField(field string) []Finding {
	if slices.Contains(conditionFields, field) {
		return nil
	}
	near, ok := nearest(field, conditionFields)
	return []Finding{warningf("Unknown condition field",
		"The condition field %q is never present in requests to the API, as far as is known here, so the statement would never apply: "+
			"an allow grants nothing and a deny forbids nothing. The known field is %s, spelt exactly so.%s",
		field, strings.Join(conditionFields, ", "), suggestion(near, ok))}
}

// ValidateConditionValue returns what is wrong with a value under an operator.
// Values of operators not known here are taken as they are.
func ValidateConditionValue(operator, value string) []Finding {
	if !slices.Contains(addressOperators, operator) || isAddress(value) {
		return nil
	}
	return []Finding{errorf("Invalid IP address in condition",
		"The value %q of the condition operator %s is neither an IP address nor a range such as 10.0.0.0/8. lakeFS stores it, but denies "+
			"every request of the users who have the policy as soon as it looks at the value. Correct the value.", value, operator)}
}

// isAddress reads values as lakeFS does, with package net: net/netip would admit
// zones, which lakeFS cannot read.
func isAddress(value string) bool {
	if strings.Contains(value, "/") {
		_, _, err := net.ParseCIDR(value)
		return err == nil
	}
	return net.ParseIP(value) != nil
}

// Copyright (c) The terraform-provider-iam authors
// SPDX-License-Identifier: MPL-2.0

package lakefspolicy

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
)

// holds evaluates a condition: each operator and each field must hold, which are visited in sorted
// order. A field that is not in the context makes the condition false, whatever the operator.
func (c Condition) holds(context map[string]string) (bool, error) {
	for _, operator := range slices.Sorted(maps.Keys(c)) {
		if !slices.Contains(conditionOperators, operator) {
			return false, fmt.Errorf("unknown condition operator %q", operator)
		}
		for _, field := range slices.Sorted(maps.Keys(c[operator])) {
			value, present := context[field]
			if !present {
				return false, nil
			}
			if holds, err := holdsFor(operator, value, c[operator][field]); err != nil || !holds {
				return false, err
			}
		}
	}
	return true, nil
}

// holdsFor evaluates an operator for the value of one field.
func holdsFor(operator, value string, patterns []string) (bool, error) {
	negated := strings.Contains(operator, "Not")
	if !slices.Contains(addressOperators, operator) {
		matches := slices.ContainsFunc(patterns, func(pattern string) bool { return matchGlob(pattern, value) })
		return matches != negated, nil
	}
	if value == "" {
		return false, nil
	}
	address := net.ParseIP(value)
	if address == nil {
		return false, fmt.Errorf("the address of the caller is %q", value)
	}
	for _, pattern := range patterns {
		network, err := parseNetwork(pattern)
		if err != nil {
			return false, err
		}
		if network.Contains(address) {
			return !negated, nil
		}
	}
	return negated, nil
}

// parseNetwork reads a range such as 10.0.0.0/8 or a single address. White space around it is skipped.
func parseNetwork(text string) (*net.IPNet, error) {
	text = strings.TrimSpace(text)
	if _, network, err := net.ParseCIDR(text); err == nil {
		return network, nil
	}
	address := net.ParseIP(text)
	if address == nil {
		return nil, fmt.Errorf("%q is no IP address", text)
	}
	if short := address.To4(); short != nil {
		address = short
	}
	whole := net.CIDRMask(len(address)*8, len(address)*8)
	return &net.IPNet{IP: address, Mask: whole}, nil
}
